/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scheduling.c - who runs first, who is heard first, who can be stopped.
 */
#include "kt.h"

#define ENDPOINT KT_SLOT
#define THREADS 4
#define URGENT 60

static volatile uint64_t order[THREADS], arrived;

static void
note_turn(uint64_t i)
{
	order[arrived++] = i;
	kt_finish();
}

static void
queue_up(uint64_t i)
{
	struct ipc_msg msg = {.info = MSG_INFO(0, 1), .words = {i}};

	(void)ipc_call(ENDPOINT, &msg);
	kt_finish();
}

static const uint64_t priorities[THREADS] = {10, 30, 20, 30};

static void
threads_make(objname_t threads[THREADS], void (*entry)(uint64_t))
{
	arrived = 0;
	for (unsigned int i = 0; i < THREADS; i++) {
		threads[i] = kt_thread(kt_info->space, entry, i, i);
		kt_configure(threads[i], THREAD_PRIORITY, priorities[i]);
		kt_start(threads[i]);
	}
}

static void
threads_end(const objname_t threads[THREADS])
{
	for (unsigned int i = 0; i < THREADS; i++)
		kt_destroy(threads[i]);
}

static bool
by_priority(const volatile uint64_t *seen)
{
	return seen[0] == 1 && seen[1] == 3 && seen[2] == 2 && seen[3] == 0;
}

/*
 * The tick of the timer moves the running thread behind its equals, which is
 * right but not what these tests are about: what fails is tried again if
 * there was a tick meanwhile.
 */
static bool
without_tick(bool (*run)(void))
{
	uint64_t ticks;

	do {
		ticks = kt_stat(STAT_TICKS);
		if (run())
			return true;
	} while (kt_stat(STAT_TICKS) != ticks);
	return false;
}

static bool
ready_run_in_order(void)
{
	objname_t threads[THREADS];

	threads_make(threads, note_turn);
	for (unsigned int i = 0; i < THREADS; i++)
		(void)kt_wait();
	threads_end(threads);
	return arrived == THREADS && by_priority(order);
}

static bool
senders_are_heard_in_order(void)
{
	objname_t threads[THREADS];
	uint64_t seen[THREADS];
	struct ipc_msg msg;

	threads_make(threads, queue_up);
	kt_let_others_run();
	for (unsigned int i = 0; i < THREADS; i++) {
		ipc_recv(ENDPOINT, RECV_WAIT, &msg);
		seen[i] = msg.words[0];
	}
	threads_end(threads);
	return by_priority(seen);
}

/* A change of priority moves a thread in the queue that it is on. */
static bool
sender_moves_up(void)
{
	objname_t threads[THREADS];
	struct ipc_msg msg;

	threads_make(threads, queue_up);
	kt_let_others_run();
	kt_configure(threads[0], THREAD_PRIORITY, 35);
	ipc_recv(ENDPOINT, RECV_WAIT, &msg);
	threads_end(threads);
	return msg.words[0] == 0;
}

static bool
ready_moves_up(void)
{
	objname_t threads[THREADS];

	threads_make(threads, note_turn);
	kt_configure(threads[0], THREAD_PRIORITY, 35);
	(void)kt_wait();
	threads_end(threads);
	return order[0] == 0;
}

static void
test_urgent(void)
{
	objname_t thread = kt_thread(kt_info->space, note_turn, 7, 0);

	arrived = 0;
	kt_configure(thread, THREAD_PRIORITY, URGENT);
	kt_start(thread);
	kt_equal(arrived, 1, "a more urgent thread runs at once");
	(void)kt_wait();
	kt_destroy(thread);
}

/* yield lets others of the same priority run, and only those. */
static volatile uint64_t turns[3];

static void
take_turns(uint64_t i)
{
	for (unsigned int n = 0; n < 100; n++) {
		uint64_t other = turns[1 - i];

		turns[i]++;
		(void)sys_yield();
		if (turns[1 - i] == other && other < 100)
			turns[2]++;
	}
	kt_finish();
}

static bool
yielding_takes_turns(void)
{
	objname_t one = kt_thread(kt_info->space, take_turns, 0, 0);
	objname_t two = kt_thread(kt_info->space, take_turns, 1, 1);
	bool early;

	turns[0] = turns[1] = turns[2] = 0;
	kt_start(one);
	kt_start(two);
	(void)sys_yield();
	early = turns[0] + turns[1] != 0;
	(void)kt_wait();
	(void)kt_wait();
	kt_destroy(one);
	kt_destroy(two);
	return !early && turns[0] == 100 && turns[1] == 100 && turns[2] == 0;
}

static void
wait_for_message(uint64_t unused)
{
	struct ipc_msg msg;

	(void)unused;
	ipc_recv(ENDPOINT, RECV_WAIT, &msg);
	kt_finish();
}

/* A thread stops in whatever state it is, and leaves queues whole. */
static void
test_stop(void)
{
	objname_t threads[THREADS];
	objname_t receiver = kt_thread(kt_info->space, wait_for_message, 0, 5);
	struct ipc_msg msg = {.info = MSG_INFO(0, 0)};

	threads_make(threads, queue_up);
	kt_must(sys_thread_stop(ROOT_MEMORY, threads[0]), "thread_stop");
	kt_must(sys_thread_stop(ROOT_MEMORY, threads[0]), "thread_stop");
	kt_ok(true, "a ready thread stops, and stopping twice is no error");
	kt_let_others_run();
	ipc_recv(ENDPOINT, RECV_WAIT, &msg);
	kt_equal(msg.words[0], 1, "others go on");
	kt_must(sys_thread_stop(ROOT_MEMORY, threads[3]), "thread_stop");
	ipc_recv(ENDPOINT, RECV_WAIT, &msg);
	kt_equal(msg.words[0], 2, "a stopped sender is not heard");
	ipc_recv(ENDPOINT, RECV_POLL, &msg);
	kt_equal(msg.sender, TINE_EAGAIN, "and nobody else is there");
	threads_end(threads);
	kt_start(receiver);
	kt_let_others_run();
	kt_must(sys_thread_stop(ROOT_MEMORY, receiver), "thread_stop");
	kt_equal(ipc_send(ENDPOINT, &msg), TINE_EAGAIN,
	    "a stopped receiver receives nothing");
	kt_destroy(receiver);
}

void
test_scheduling(void)
{
	objname_t endpoint = kt_endpoint(ENDPOINT, ENDPOINT_THREAD);

	kt_ok(without_tick(ready_run_in_order),
	    "ready threads run by priority, then by age");
	kt_ok(without_tick(senders_are_heard_in_order),
	    "senders are heard by priority, then by age");
	kt_ok(without_tick(sender_moves_up), "a queued sender can be moved up");
	kt_ok(without_tick(ready_moves_up), "and a ready thread");
	test_urgent();
	kt_ok(without_tick(yielding_takes_turns),
	    "threads that yield take turns, with their equals only");
	test_stop();
	kt_destroy(endpoint);
	kt_must(sys_cap_delete(ROOT_CSPACE, ENDPOINT), "cap_delete");
}

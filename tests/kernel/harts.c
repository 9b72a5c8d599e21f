/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * harts.c - threads on several harts at once, where there are several.
 *
 * The root task goes on running while others do; so what they do meanwhile
 * they do on other harts.
 */
#include "kt.h"

#define ENDPOINT KT_SLOT
#define SPINNERS 3
#define PAGE (KT_AREA + 16 * PAGE_SIZE)
#define RW (MAP_PAGE_READ | MAP_PAGE_WRITE)
/* Turns of a busy loop within which another hart must have done something. */
#define PATIENCE 400000000ul
#define ROUNDS 200

static volatile uint64_t counters[SPINNERS];
static volatile uint64_t *const shared = (uint64_t *)PAGE;

static void
count_up(uint64_t which)
{
	for (;;)
		counters[which]++;
}

static void
write_page(uint64_t unused)
{
	(void)unused;
	for (;;) {
		counters[0]++;
		*shared = counters[0];
	}
}

/* Wait, running, until a counter has moved on. */
static bool
moves(unsigned int which)
{
	uint64_t before = counters[which];

	for (uint64_t i = 0; i < PATIENCE; i++)
		if (counters[which] != before)
			return true;
	return false;
}

static bool
stands(unsigned int which)
{
	uint64_t before = counters[which];

	for (volatile uint64_t i = 0; i < 100000; i++)
		continue;
	return counters[which] == before;
}

static void
test_parallel(void)
{
	unsigned int n = kt_info->harts > SPINNERS
			     ? SPINNERS
			     : (unsigned int)kt_info->harts - 1;
	objname_t threads[SPINNERS];
	bool all = true;

	for (unsigned int i = 0; i < n; i++) {
		threads[i] = kt_thread(kt_info->space, count_up, i, i);
		kt_start(threads[i]);
	}
	for (unsigned int i = 0; i < n; i++)
		all = moves(i) && all;
	kt_ok(all, "each hart runs a thread while this one runs");
	for (unsigned int i = 0; i < n; i++) {
		kt_must(
		    sys_thread_stop(ROOT_MEMORY, threads[i]), "thread_stop");
		all = stands(i) && all;
	}
	kt_ok(all, "one that runs elsewhere stops at once");
	kt_start(threads[0]);
	kt_ok(moves(0), "and goes on when it is started");
	for (unsigned int i = 0; i < n; i++)
		kt_destroy(threads[i]);
	kt_ok(stands(0), "one that runs elsewhere can be destroyed");
}

/* No store gets through after protect or unmap has returned. */
static void
test_shootdown(void)
{
	objname_t thread = kt_thread(kt_info->space, write_page, 0, 0);
	uint64_t leaks = 0, stuck = 0;
	struct ipc_msg msg;

	kt_map(kt_info->space, PAGE, RW);
	kt_configure(thread, THREAD_FAULT_ENDPOINT, ENDPOINT);
	kt_start(thread);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		uint64_t last;

		stuck += !moves(0);
		kt_must(sys_space_protect(ROOT_MEMORY, kt_info->space, PAGE, 1,
			    MAP_PAGE_READ),
		    "space_protect");
		last = *shared;
		ipc_recv(ENDPOINT, RECV_WAIT, &msg);
		leaks += *shared != last;
		kt_must(sys_space_unmap(ROOT_MEMORY, kt_info->space, PAGE, 1),
		    "space_unmap");
		kt_map(kt_info->space, PAGE, RW);
		(void)ipc_reply(msg.token, 0, msg.words);
	}
	kt_equal(stuck, 0, "the writer always goes on");
	kt_equal(leaks, 0, "it never writes what was protected before");
	kt_destroy(thread);
	kt_must(sys_space_unmap(ROOT_MEMORY, kt_info->space, PAGE, 1),
	    "space_unmap");
}

/* A page that is unmapped under a writer is nobody's to write to. */
static void
test_reuse(void)
{
	objname_t thread = kt_thread(kt_info->space, write_page, 0, 0);
	uint64_t leaks = 0;
	struct ipc_msg msg;

	kt_map(kt_info->space, PAGE, RW);
	kt_configure(thread, THREAD_FAULT_ENDPOINT, ENDPOINT);
	kt_start(thread);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		uint64_t frame;

		(void)moves(0);
		kt_must(sys_space_unmap(ROOT_MEMORY, kt_info->space, PAGE, 1),
		    "space_unmap");
		/* The frame that was given back last is the next. */
		frame = sys_frame_alloc(ROOT_MEMORY).value;
		kt_must(sys_space_map(ROOT_MEMORY, kt_info->space,
			    PAGE + PAGE_SIZE, frame, MAP_PAGE_READ, 0),
		    "space_map");
		ipc_recv(ENDPOINT, RECV_WAIT, &msg);
		leaks += shared[PAGE_SIZE / 8] != 0;
		kt_must(sys_space_unmap(
			    ROOT_MEMORY, kt_info->space, PAGE + PAGE_SIZE, 1),
		    "space_unmap");
		kt_must(sys_frame_free(ROOT_MEMORY, frame), "frame_free");
		kt_map(kt_info->space, PAGE, RW);
		(void)ipc_reply(msg.token, 0, msg.words);
	}
	kt_equal(leaks, 0, "a frame that is used anew is not written to");
	kt_destroy(thread);
	kt_must(sys_space_unmap(ROOT_MEMORY, kt_info->space, PAGE, 1),
	    "space_unmap");
}

static void
call_often(uint64_t which)
{
	for (unsigned int i = 0; i < 2000; i++) {
		struct ipc_msg msg = {
		    .info = MSG_INFO(1, 2), .words = {which, i}};

		if (ipc_call(ENDPOINT, &msg) != 0 ||
		    msg.words[0] != which * 100000 + i)
			counters[which] = 1;
	}
	kt_finish();
}

/* Callers on all harts, one server, and nothing is mixed up. */
static void
test_callers(void)
{
	objname_t threads[SPINNERS];
	struct ipc_msg msg;

	for (unsigned int i = 0; i < SPINNERS; i++) {
		counters[i] = 0;
		threads[i] = kt_thread(kt_info->space, call_often, i, i);
		kt_start(threads[i]);
	}
	ipc_recv(ENDPOINT, RECV_WAIT, &msg);
	for (unsigned int i = 1; i < SPINNERS * 2000; i++) {
		msg.words[0] = msg.words[0] * 100000 + msg.words[1];
		msg.info = MSG_INFO(0, 1);
		ipc_reply_recv(ENDPOINT, &msg);
	}
	msg.words[0] = msg.words[0] * 100000 + msg.words[1];
	(void)ipc_reply(msg.token, MSG_INFO(0, 1), msg.words);
	for (unsigned int i = 0; i < SPINNERS; i++)
		(void)kt_wait();
	kt_equal(counters[0] + counters[1] + counters[2], 0,
	    "callers on all harts get their own answers");
	for (unsigned int i = 0; i < SPINNERS; i++)
		kt_destroy(threads[i]);
}

void
test_harts(void)
{
	objname_t endpoint = kt_endpoint(ENDPOINT, ENDPOINT_THREAD);

	test_callers();
	if (kt_info->harts > 1) {
		test_parallel();
		test_shootdown();
		test_reuse();
		/* With the tables that were made for it. */
		kt_must(sys_space_unmap(
			    ROOT_MEMORY, kt_info->space, KT_AREA, 1ul << 18),
		    "space_unmap");
	}
	kt_destroy(endpoint);
	kt_must(sys_cap_delete(ROOT_CSPACE, ENDPOINT), "cap_delete");
}

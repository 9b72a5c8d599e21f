/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * notifications.c - bits that wait for their receiver, and timers.
 */
#include "kt.h"

#define ENDPOINT KT_SLOT
#define NOTE (KT_SLOT + 1)
#define OTHER (KT_SLOT + 2)
#define NEVER (~0ul)

/* The bits that are pending, or 0. */
static uint64_t
poll_bits(void)
{
	return kt_bits(ENDPOINT, RECV_POLL);
}

static uint64_t
wait_bits(void)
{
	return kt_bits(ENDPOINT, RECV_WAIT);
}

static void
call_endpoint(uint64_t unused)
{
	struct ipc_msg msg = {.info = MSG_INFO(1, 0)};

	(void)unused;
	(void)ipc_call(ENDPOINT, &msg);
	kt_finish();
}

static void
set_bits(uint64_t bits)
{
	(void)sys_notify(NOTE, bits);
	kt_finish();
}

static void
test_bits(void)
{
	objname_t thread;
	struct ipc_msg msg;

	kt_must(sys_notify(NOTE, 1), "notify");
	kt_must(sys_notify(NOTE, 1ul << 63 | 1), "notify");
	ipc_recv(ENDPOINT, RECV_WAIT, &msg);
	kt_ok(msg.kind == SENDER_NOTIFICATION && msg.sender == 0 &&
		  msg.token == 0 && msg.info == MSG_INFO(0, 1),
	    "a notification needs no reply");
	kt_equal(msg.words[0], 1ul << 63 | 1, "its bits gather until then");
	kt_equal(poll_bits(), 0, "and are delivered once");
	kt_must(sys_notify(NOTE, 0), "notify");
	kt_equal(poll_bits(), 0, "no bits are no notification");
	thread = kt_thread(kt_info->space, set_bits, 12, 0);
	kt_start(thread);
	kt_equal(wait_bits(), 12, "bits wake a receiver");
	(void)kt_wait();
	kt_destroy(thread);
}

static void
test_before_senders(void)
{
	objname_t thread = kt_thread(kt_info->space, call_endpoint, 0, 0);
	struct ipc_msg msg;

	kt_start(thread);
	kt_let_others_run();
	kt_must(sys_notify(NOTE, 2), "notify");
	ipc_recv(ENDPOINT, RECV_WAIT, &msg);
	kt_equal(msg.kind, SENDER_NOTIFICATION, "bits come before senders");
	ipc_recv(ENDPOINT, RECV_WAIT, &msg);
	kt_equal(msg.kind, SENDER_THREAD, "who come next");
	kt_must(sys_notify(NOTE, 2), "notify");
	msg.info = MSG_INFO(0, 0);
	ipc_reply_recv(ENDPOINT, &msg);
	kt_equal(msg.kind, SENDER_NOTIFICATION, "reply_recv takes them too");
	(void)kt_wait();
	kt_destroy(thread);
}

static void
test_timer(void)
{
	uint64_t step = kt_info->timebase / 100;
	uint64_t start = kt_now();

	kt_must(sys_timer_set(NOTE, start + step, 4), "timer_set");
	kt_equal(poll_bits(), 0, "a timer does not fire early");
	kt_equal(wait_bits(), 4, "it sets its bits");
	kt_ok(kt_now() >= start + step, "when it is time");
	kt_must(sys_timer_set(NOTE, kt_now() + step, 4), "timer_set");
	kt_must(sys_timer_set(NOTE, kt_now() + 2 * step, 8), "timer_set");
	kt_equal(wait_bits(), 8, "a second setting takes the first's place");
	kt_must(sys_timer_set(NOTE, 0, 16), "timer_set");
	kt_equal(wait_bits(), 16, "what is over already fires at once");
	kt_must(sys_timer_set(NOTE, kt_now() + step, 4), "timer_set");
	kt_must(sys_timer_set(NOTE, NEVER, 0), "timer_set");
	for (start = kt_now(); kt_now() < start + 2 * step;)
		continue;
	kt_equal(poll_bits(), 0, "a timer can be taken back");
}

/* Timers of several notifications fire each in its turn. */
static void
test_timers(void)
{
	uint64_t step = kt_info->timebase / 100;
	objname_t other = kt_notification(OTHER);

	kt_must(sys_timer_set(NOTE, kt_now() + 2 * step, 1), "timer_set");
	kt_must(sys_timer_set(OTHER, kt_now() + step, 1), "timer_set");
	kt_destroy(other);
	kt_equal(wait_bits(), 1,
	    "a notification that goes with its timer armed harms no other");
	kt_equal(sys_timer_set(OTHER, 0, 1).error, TINE_ESTALE,
	    "and has no timer any more");
	kt_must(sys_cap_delete(ROOT_CSPACE, OTHER), "cap_delete");
}

static void
test_binding(void)
{
	objname_t thread = kt_thread(kt_info->space, call_endpoint, 0, 0);
	objname_t other = kt_notification(OTHER);

	kt_equal(
	    sys_thread_configure(ROOT_MEMORY, thread, THREAD_NOTIFICATION, NOTE)
		.error,
	    TINE_EBUSY, "a notification has one waiter");
	kt_equal(sys_thread_configure(
		     ROOT_MEMORY, kt_info->thread, THREAD_NOTIFICATION, OTHER)
		     .error,
	    TINE_EBUSY, "and a thread one notification");
	kt_configure(thread, THREAD_NOTIFICATION, OTHER);
	kt_destroy(thread);
	thread = kt_thread(kt_info->space, call_endpoint, 0, 0);
	kt_configure(thread, THREAD_NOTIFICATION, OTHER);
	kt_ok(true, "a waiter that is gone leaves it free for another");
	kt_destroy(other);
	kt_destroy(thread);
	kt_must(sys_cap_delete(ROOT_CSPACE, OTHER), "cap_delete");
}

void
test_notifications(void)
{
	objname_t endpoint = kt_endpoint(ENDPOINT, ENDPOINT_THREAD);
	objname_t note = kt_notification(NOTE);

	kt_configure(kt_info->thread, THREAD_NOTIFICATION, NOTE);
	test_bits();
	test_before_senders();
	test_timer();
	test_timers();
	test_binding();
	kt_destroy(note);
	kt_destroy(endpoint);
	kt_must(sys_cap_delete(ROOT_CSPACE, ENDPOINT), "cap_delete");
	kt_must(sys_cap_delete(ROOT_CSPACE, NOTE), "cap_delete");
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_notify.c - notifications, their bound threads, and timers.
 */
#include "world.h"
#include "fake_arch.h"

#define SERVER 20
#define CLIENT 10

static struct thread *server; /* bound to W_NOTIFICATION */

static int
start(void **state)
{
	(void)world_start(state);
	server = world_thread(1, SERVER);
	ASSERT_CALL(thread_configure, W_MEMORY, server->name,
	    THREAD_NOTIFICATION, W_NOTIFICATION);
	return 0;
}

static void
receive(void)
{
	(void)IPC_BY(server, recv, .slot = W_ENDPOINT);
}

static void
assert_got(uint64_t bits)
{
	struct message got = world_message(server);

	assert_int_equal(got.t2, SENDER_NOTIFICATION);
	assert_int_equal(got.slot, 0);
	assert_int_equal(got.info, MSG_INFO(0, 1));
	assert_int_equal(got.words[0], bits);
	for (unsigned int i = 1; i < MSG_WORDS; i++)
		assert_int_equal(got.words[i], 0);
	assert_int_equal(got.t1, 0);
	assert_int_equal(world.notification->pending, 0);
}

static void
bits_wake_the_bound_thread(void **state)
{
	(void)state;
	receive();
	ASSERT_CALL(notify, W_NOTIFICATION, 0x21);
	world_check();
	assert_int_equal(server->state, THREAD_READY);
	assert_got(0x21);
}

static void
bits_gather_until_they_are_taken(void **state)
{
	(void)state;
	ASSERT_CALL(notify, W_NOTIFICATION, 1);
	ASSERT_CALL(notify, W_NOTIFICATION, 1ul << 63);
	ASSERT_CALL(notify, W_NOTIFICATION, 1);
	receive();
	assert_int_not_equal(server->state, THREAD_RECEIVING);
	assert_got(1 | 1ul << 63);
	receive();
	assert_int_equal(server->state, THREAD_RECEIVING);
}

static void
no_bits_wake_nobody(void **state)
{
	(void)state;
	receive();
	ASSERT_CALL(notify, W_NOTIFICATION, 0);
	assert_int_equal(server->state, THREAD_RECEIVING);
}

static void
bits_come_before_queued_senders(void **state)
{
	struct thread *client = world_thread(2, SERVER + 5);

	(void)state;
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	ASSERT_CALL(notify, W_NOTIFICATION, 4);
	receive();
	assert_got(4);
	assert_int_equal(client->state, THREAD_SENDING);
	receive();
	assert_int_equal(world_message(server).slot, 2);
}

static void
a_poll_and_a_reply_recv_take_bits_too(void **state)
{
	struct thread *client = world_thread(2, CLIENT);

	(void)state;
	ASSERT_CALL(notify, W_NOTIFICATION, 4);
	(void)IPC_BY(server, recv, .slot = W_ENDPOINT, .info = RECV_POLL);
	assert_got(4);
	receive();
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	ASSERT_CALL(notify, W_NOTIFICATION, 8);
	(void)IPC_BY(
	    server, reply_recv, .slot = W_ENDPOINT, .t1 = client->token);
	assert_got(8);
	assert_int_equal(client->state, THREAD_READY);
}

static void
a_thread_that_awaits_a_reply_is_not_woken(void **state)
{
	struct thread *client = world_thread(2, CLIENT);

	(void)state;
	(void)IPC_BY(client, recv, .slot = W_ENDPOINT2);
	(void)IPC_BY(server, call, .slot = W_ENDPOINT2);
	ASSERT_CALL(notify, W_NOTIFICATION, 4);
	assert_int_equal(server->state, THREAD_AWAITING);
	(void)IPC_BY(client, reply, .t1 = server->token);
	assert_int_equal(world_message(server).t2, 0);
	receive();
	assert_got(4);
}

/* Binding. */

static void
one_thread_has_one_notification(void **state)
{
	struct thread *second = world_thread(2, CLIENT);
	objname_t name = world_new(KIND_NOTIFICATION, 0, 0);

	(void)state;
	world_name(W_FREE, name, RIGHT_WAIT, 0);
	assert_int_equal(CALL(thread_configure, W_MEMORY, second->name,
			     THREAD_NOTIFICATION, W_NOTIFICATION),
	    TINE_EBUSY);
	assert_int_equal(CALL(thread_configure, W_MEMORY, server->name,
			     THREAD_NOTIFICATION, W_FREE),
	    TINE_EBUSY);
	world_check();
	ASSERT_CALL(thread_configure, W_MEMORY, second->name,
	    THREAD_NOTIFICATION, W_FREE);
}

static void
a_receiver_gets_bits_that_were_there_when_it_is_bound(void **state)
{
	struct thread *second = world_thread(2, CLIENT);
	objname_t name = world_new(KIND_NOTIFICATION, 0, 0);

	(void)state;
	world_name(W_FREE, name, RIGHT_NOTIFY | RIGHT_WAIT, 0);
	(void)IPC_BY(second, recv, .slot = W_ENDPOINT2);
	ASSERT_CALL(notify, W_FREE, 32);
	ASSERT_CALL(thread_configure, W_MEMORY, second->name,
	    THREAD_NOTIFICATION, W_FREE);
	world_check();
	assert_int_equal(second->state, THREAD_READY);
	assert_int_equal(world_message(second).words[0], 32);
	assert_int_equal(world_message(second).t2, SENDER_NOTIFICATION);
}

static void
a_destroyed_notification_frees_its_thread_for_another(void **state)
{
	objname_t name = frame_name(frame_of(dmap_address(world.notification)));

	(void)state;
	receive();
	ASSERT_CALL(destroy, W_MEMORY, name);
	world_check();
	assert_int_equal(server->state, THREAD_RECEIVING);
	assert_int_equal(CALL(notify, W_NOTIFICATION, 1), TINE_ESTALE);
	name = world_new(KIND_NOTIFICATION, 0, 0);
	world_name(W_NOTIFICATION, name, RIGHT_NOTIFY | RIGHT_WAIT, 0);
	ASSERT_CALL(thread_configure, W_MEMORY, server->name,
	    THREAD_NOTIFICATION, W_NOTIFICATION);
	ASSERT_CALL(notify, W_NOTIFICATION, 2);
	assert_int_equal(server->state, THREAD_READY);
}

static void
a_destroyed_thread_frees_its_notification(void **state)
{
	struct thread *second = world_thread(2, CLIENT);

	(void)state;
	receive();
	ASSERT_CALL(destroy, W_MEMORY, server->name);
	world_check();
	ASSERT_CALL(notify, W_NOTIFICATION, 2);
	ASSERT_CALL(thread_configure, W_MEMORY, second->name,
	    THREAD_NOTIFICATION, W_NOTIFICATION);
	(void)IPC_BY(second, recv, .slot = W_ENDPOINT2);
	assert_int_equal(world_message(second).words[0], 2);
}

/* Timers. */

static void
tick_at(uint64_t now)
{
	fake_arch.now = now;
	sched_tick();
	(void)sched_leave(NULL);
	world_check();
}

static void
a_timer_sets_its_bits_when_it_is_due_and_once(void **state)
{
	(void)state;
	receive();
	ASSERT_CALL(timer_set, W_NOTIFICATION, 500, 0x10);
	assert_int_equal(fake_arch.timer, 500);
	tick_at(499);
	assert_int_equal(server->state, THREAD_RECEIVING);
	tick_at(500);
	assert_got(0x10);
	receive();
	tick_at(501);
	tick_at(100000);
	assert_int_equal(server->state, THREAD_RECEIVING);
}

static void
a_deadline_in_the_past_is_due_at_once(void **state)
{
	(void)state;
	receive();
	fake_arch.now = 1000;
	ASSERT_CALL(timer_set, W_NOTIFICATION, 3, 1);
	assert_int_equal(fake_arch.timer, 3);
	tick_at(1000);
	assert_got(1);
}

static void
setting_a_timer_again_replaces_it(void **state)
{
	(void)state;
	receive();
	ASSERT_CALL(timer_set, W_NOTIFICATION, 500, 1);
	ASSERT_CALL(timer_set, W_NOTIFICATION, 700, 2);
	world_check();
	tick_at(600);
	assert_int_equal(server->state, THREAD_RECEIVING);
	tick_at(700);
	assert_got(2);
}

static void
a_timer_can_be_disarmed(void **state)
{
	(void)state;
	receive();
	ASSERT_CALL(timer_set, W_NOTIFICATION, 500, 1);
	ASSERT_CALL(timer_set, W_NOTIFICATION, TIMER_NEVER, 1);
	world_check();
	tick_at(9000);
	assert_int_equal(server->state, THREAD_RECEIVING);
	ASSERT_CALL(timer_set, W_NOTIFICATION, TIMER_NEVER, 1);
	world_check();
}

static void
the_last_tick_but_one_can_be_waited_for(void **state)
{
	(void)state;
	receive();
	ASSERT_CALL(timer_set, W_NOTIFICATION, TIMER_NEVER - 1, 1);
	world_check();
	tick_at(TIMER_NEVER - 2);
	assert_int_equal(server->state, THREAD_RECEIVING);
}

static void
timers_fire_in_the_order_of_their_deadlines(void **state)
{
	static const uint64_t deadlines[] = {700, 300, 900, 500, 300, 100};
	struct notification *notifications[6];
	uint64_t now = 0;

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		objname_t name = world_new(KIND_NOTIFICATION, 0, 0);

		notifications[i] = object_in(name & NAME_FRAME_MASK);
		world_name(W_FREE + i, name, RIGHT_NOTIFY | RIGHT_WAIT, 0);
		ASSERT_CALL(timer_set, W_FREE + i, deadlines[i], 1ul << i);
		world_check();
	}
	assert_int_equal(fake_arch.timer, 100);
	for (now = 50; now <= 950; now += 100) {
		tick_at(now);
		for (size_t i = 0; i < 6; i++)
			assert_int_equal(notifications[i]->pending,
			    deadlines[i] <= now ? 1ul << i : 0);
	}
}

static void
a_destroyed_notification_never_fires(void **state)
{
	objname_t name = frame_name(frame_of(dmap_address(world.notification)));

	(void)state;
	receive();
	ASSERT_CALL(timer_set, W_NOTIFICATION, 500, 1);
	ASSERT_CALL(destroy, W_MEMORY, name);
	world_check();
	tick_at(600);
	assert_int_equal(server->state, THREAD_RECEIVING);
}

static void
an_idle_hart_waits_for_its_timers(void **state)
{
	(void)state;
	ASSERT_CALL(timer_set, W_NOTIFICATION, 5000, 1);
	prioq_remove(
	    &world.idle->hart->ready, &world.idle->link, world.idle->priority);
	world.idle->state = THREAD_STOPPED;
	receive();
	(void)IPC_BY(world.root, recv, .slot = W_ENDPOINT2);
	assert_int_equal(server->state, THREAD_RUNNING);
	assert_got(1);
	assert_true(fake_arch.waits > 0);
	assert_true(fake_arch.now >= 5000);
}

#undef TEST
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, start, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(bits_wake_the_bound_thread),
	    TEST(bits_gather_until_they_are_taken),
	    TEST(no_bits_wake_nobody),
	    TEST(bits_come_before_queued_senders),
	    TEST(a_poll_and_a_reply_recv_take_bits_too),
	    TEST(a_thread_that_awaits_a_reply_is_not_woken),
	    TEST(one_thread_has_one_notification),
	    TEST(a_receiver_gets_bits_that_were_there_when_it_is_bound),
	    TEST(a_destroyed_notification_frees_its_thread_for_another),
	    TEST(a_destroyed_thread_frees_its_notification),
	    TEST(a_timer_sets_its_bits_when_it_is_due_and_once),
	    TEST(a_deadline_in_the_past_is_due_at_once),
	    TEST(setting_a_timer_again_replaces_it),
	    TEST(a_timer_can_be_disarmed),
	    TEST(the_last_tick_but_one_can_be_waited_for),
	    TEST(timers_fire_in_the_order_of_their_deadlines),
	    TEST(a_destroyed_notification_never_fires),
	    TEST(an_idle_hart_waits_for_its_timers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

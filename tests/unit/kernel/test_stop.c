/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_stop.c - threads and endpoints that end in the middle of a message.
 */
#include "pair.h"
#include "fake_arch.h"

static void
a_sender_that_is_stopped_leaves_the_queue(void **state)
{
	(void)state;
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	ASSERT_CALL(thread_stop, W_STEWARD, client->name);
	world_check();
	assert_int_equal(client->state, THREAD_STOPPED);
	pair_receive(server);
	assert_int_equal(server->state, THREAD_RECEIVING);
}

static void
a_receiver_that_is_stopped_leaves_the_queue(void **state)
{
	(void)state;
	pair_receive(server);
	ASSERT_CALL(thread_stop, W_STEWARD, server->name);
	world_check();
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	assert_int_equal(client->state, THREAD_SENDING);
}

static void
a_forwarded_caller_that_is_stopped_leaves_the_queue(void **state)
{
	(void)state;
	pair_receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	(void)IPC_BY(server, forward, .slot = W_ENDPOINT2, .t1 = client->token);
	ASSERT_CALL(destroy, W_MEMORY, client->name);
	world_check();
	assert_int_equal(world.endpoint2->senders.ready, 0);
}

static void
a_thread_can_be_destroyed_in_any_state(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 5; i++) {
		struct thread *thread = world_thread(9, PAIR_CLIENT);

		if (i == THREAD_SENDING || i == THREAD_AWAITING)
			(void)IPC_BY(thread, call, .slot = W_ENDPOINT);
		if (i == THREAD_RECEIVING)
			(void)IPC_BY(thread, recv, .slot = W_ENDPOINT2);
		world_run(world.root);
		if (i == THREAD_STOPPED)
			ASSERT_CALL(thread_stop, W_STEWARD, thread->name);
		ASSERT_CALL(destroy, W_MEMORY, thread->name);
		world_check();
	}
	assert_int_equal(world.endpoint->senders.ready, 0);
	assert_true(list_empty(&world.endpoint2->receivers));
}

static void
an_awaiting_caller_can_be_destroyed(void **state)
{
	token_t token;

	(void)state;
	pair_receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	token = client->token;
	ASSERT_CALL(destroy, W_MEMORY, client->name);
	(void)IPC_BY(server, reply, .t1 = token);
	assert_int_equal(world_message(server).slot, TINE_ESTALE);
}

static void
destroying_an_endpoint_sends_away_all_who_wait(void **state)
{
	objname_t name = world_new(KIND_ENDPOINT, 0, 0);
	struct thread *threads[6];

	(void)state;
	world_name(W_FREE, name, RIGHT_SEND | RIGHT_RECEIVE, 0);
	for (uint64_t i = 0; i < 6; i++) {
		threads[i] = world_thread(10 + i, 5 + i % 3);
		(void)IPC_BY(threads[i], call, .slot = W_FREE,
		    .info = MSG_INFO(1, 6), .words = PAIR_WORDS);
		assert_int_equal(threads[i]->state, THREAD_SENDING);
	}
	ASSERT_CALL(destroy, W_MEMORY, name);
	world_check();
	for (uint64_t i = 0; i < 6; i++) {
		struct message got = world_message(threads[i]);

		assert_int_equal(threads[i]->state, THREAD_READY);
		assert_int_equal(got.slot, TINE_ESTALE);
		assert_words(&got, 0);
	}
}

static void
destroying_an_endpoint_sends_away_receivers(void **state)
{
	objname_t name = world_new(KIND_ENDPOINT, 0, 0);

	(void)state;
	world_name(W_FREE, name, RIGHT_SEND | RIGHT_RECEIVE, 0);
	(void)IPC_BY(server, recv, .slot = W_FREE);
	(void)IPC_BY(client, recv, .slot = W_FREE);
	ASSERT_CALL(destroy, W_MEMORY, name);
	world_check();
	assert_int_equal(world_message(server).slot, TINE_ESTALE);
	assert_int_equal(world_message(server).t2, SENDER_NONE);
	assert_int_equal(server->state, THREAD_READY);
	assert_int_equal(client->state, THREAD_READY);
}

static void
an_interrupt_only_delays_the_end_of_an_endpoint(void **state)
{
	objname_t name = world_new(KIND_ENDPOINT, 0, 0);
	struct thread *threads[4];

	(void)state;
	world_name(W_FREE, name, RIGHT_SEND | RIGHT_RECEIVE, 0);
	for (uint64_t i = 0; i < 4; i++) {
		threads[i] = world_thread(10 + i, 5);
		(void)IPC_BY(threads[i], call, .slot = W_FREE);
	}
	fake_arch.interrupts = true;
	for (uint64_t i = 0; i < 4; i++) {
		assert_int_equal(CALL(destroy, W_MEMORY, name), TINE_EAGAIN);
		world_check();
	}
	fake_arch.interrupts = false;
	ASSERT_CALL(destroy, W_MEMORY, name);
	for (uint64_t i = 0; i < 4; i++)
		assert_int_equal(world_message(threads[i]).slot, TINE_ESTALE);
}

static void
a_call_that_was_received_outlives_the_endpoint(void **state)
{
	objname_t name = world_new(KIND_ENDPOINT, 0, 0);

	(void)state;
	world_name(W_FREE, name, RIGHT_SEND | RIGHT_RECEIVE, 0);
	(void)IPC_BY(server, recv, .slot = W_FREE);
	(void)IPC_BY(client, call, .slot = W_FREE);
	ASSERT_CALL(destroy, W_MEMORY, name);
	(void)IPC_BY(
	    server, reply, .info = MSG_INFO(6, 0), .t1 = client->token);
	assert_int_equal(world_message(client).info, MSG_INFO(6, 0));
	assert_int_equal(world_message(client).slot, 0);
}

#undef TEST
#define TEST(claim) \
	cmocka_unit_test_setup_teardown(claim, pair_start, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_sender_that_is_stopped_leaves_the_queue),
	    TEST(a_receiver_that_is_stopped_leaves_the_queue),
	    TEST(a_forwarded_caller_that_is_stopped_leaves_the_queue),
	    TEST(a_thread_can_be_destroyed_in_any_state),
	    TEST(an_awaiting_caller_can_be_destroyed),
	    TEST(destroying_an_endpoint_sends_away_all_who_wait),
	    TEST(destroying_an_endpoint_sends_away_receivers),
	    TEST(an_interrupt_only_delays_the_end_of_an_endpoint),
	    TEST(a_call_that_was_received_outlives_the_endpoint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

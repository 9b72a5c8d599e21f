/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_forward.c - calls that are handed on to another server.
 */
#include "pair.h"

static void
a_forward_carries_caller_forwarder_and_a_new_message(void **state)
{
	struct thread *second = world_thread(3, PAIR_SERVER);
	struct message got;

	(void)state;
	(void)IPC_BY(second, recv, .slot = W_ENDPOINT2);
	pair_receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT,
	    .info = MSG_INFO(1, 6) | MSG_WINDOW_READ, .words = PAIR_WORDS,
	    .t1 = 0x4000, .t2 = 99);
	world_name(W_FREE, frame_name(frame_of(dmap_address(world.endpoint2))),
	    RIGHT_SEND, 0x12345678);
	(void)IPC_BY(server, forward, .slot = W_FREE,
	    .info = MSG_INFO(8, 2) | MSG_WINDOW_WRITE,
	    .words = {1001, 1002, 7, 7, 7, 7}, .t1 = client->token);
	assert_int_equal(world_message(server).slot, 0);
	got = world_message(second);
	/* The window is the caller's own. */
	assert_int_equal(got.info, MSG_INFO(8, 2) | MSG_WINDOW_READ);
	assert_words(&got, 2);
	assert_int_equal(got.slot, client->space->tag.value);
	assert_int_equal(SENDER_KIND(got.t2), SENDER_SPACE);
	assert_int_equal(SENDER_FORWARDER(got.t2), 0x12345678);
	assert_int_equal(got.t2 & SENDER_FORWARDED, SENDER_FORWARDED);
	(void)IPC_BY(second, reply, .info = MSG_INFO(5, 1), .words = PAIR_WORDS,
	    .t1 = got.t1);
	got = world_message(client);
	assert_int_equal(got.info, MSG_INFO(5, 1));
	assert_words(&got, 1);
}

static void
a_forward_can_wait_for_a_receiver(void **state)
{
	struct thread *second = world_thread(3, PAIR_SERVER);
	struct message got;

	(void)state;
	pair_receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT, .info = MSG_INFO(1, 6),
	    .words = PAIR_WORDS);
	(void)IPC_BY(server, forward, .slot = W_ENDPOINT2,
	    .info = MSG_INFO(8, 3), .words = PAIR_WORDS, .t1 = client->token);
	assert_int_equal(client->state, THREAD_SENDING);
	(void)IPC_BY(second, recv, .slot = W_ENDPOINT2);
	got = world_message(second);
	assert_int_equal(got.info, MSG_INFO(8, 3));
	assert_words(&got, 3);
	assert_int_equal(got.t2, SENDER_SPACE | SENDER_FORWARDED);
	/* The caller's next call is an ordinary one again. */
	(void)IPC_BY(second, reply, .t1 = got.t1);
	pair_receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT, .info = MSG_INFO(2, 1),
	    .words = PAIR_WORDS);
	got = world_message(server);
	assert_int_equal(got.info, MSG_INFO(2, 1));
	assert_int_equal(got.t2, SENDER_THREAD);
}

static void
a_forward_back_to_where_it_came_from_is_received_again(void **state)
{
	struct message got;

	(void)state;
	pair_receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT, .info = MSG_INFO(1, 6),
	    .words = PAIR_WORDS);
	(void)IPC_BY(server, forward, .slot = W_ENDPOINT,
	    .info = MSG_INFO(2, 0), .t1 = client->token);
	pair_receive(server);
	got = world_message(server);
	assert_int_equal(got.info, MSG_INFO(2, 0));
	assert_int_equal(got.t2, SENDER_THREAD | SENDER_FORWARDED);
	(void)IPC_BY(server, forward, .slot = W_ENDPOINT,
	    .info = MSG_INFO(3, 0), .t1 = got.t1);
	pair_receive(server);
	assert_int_equal(world_message(server).info, MSG_INFO(3, 0));
}

static void
a_bad_forward_leaves_the_caller_waiting(void **state)
{
	token_t token;

	(void)state;
	pair_receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	token = client->token;
	(void)IPC_BY(server, forward, .slot = W_FREE, .t1 = token);
	assert_int_equal(world_message(server).slot, TINE_EBADF);
	(void)IPC_BY(server, forward, .slot = W_ENDPOINT2, .t1 = token + 1);
	assert_int_equal(world_message(server).slot, TINE_ESTALE);
	(void)IPC_BY(server, reply, .t1 = token);
	assert_int_equal(world_message(server).slot, 0);
}

#undef TEST
#define TEST(claim) \
	cmocka_unit_test_setup_teardown(claim, pair_start, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_forward_carries_caller_forwarder_and_a_new_message),
	    TEST(a_forward_can_wait_for_a_receiver),
	    TEST(a_forward_back_to_where_it_came_from_is_received_again),
	    TEST(a_bad_forward_leaves_the_caller_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

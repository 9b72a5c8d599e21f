/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_endpoint.c - calls, replies and sends, in all orders.
 */
#include "pair.h"

/* The temporaries that bear nothing arrive cleared. */
static void
assert_cleared(const struct thread *thread)
{
	for (unsigned int i = REG_T3; i <= REG_T6; i++)
		assert_int_equal(thread->regs[i], 0);
}

static void
fill_registers(struct thread *thread)
{
	for (unsigned int i = 0; i < 32; i++)
		thread->regs[i] = 0x5eed0000 + i;
}

/* ra, sp, gp, tp and s0 to s11 are the thread's own. */
static void
assert_preserved(const struct thread *thread)
{
	static const unsigned int saved[] = {
	    0, 1, 2, 3, 4, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27};

	for (size_t i = 0; i < sizeof(saved) / sizeof(saved[0]); i++)
		assert_int_equal(thread->regs[saved[i]], 0x5eed0000 + saved[i]);
}

static void
a_call_reaches_a_waiting_receiver(void **state)
{
	struct message got;

	(void)state;
	pair_receive(server);
	assert_int_equal(server->state, THREAD_RECEIVING);
	assert_ptr_equal(
	    IPC_BY(client, call, .slot = W_ENDPOINT, .info = MSG_INFO(7, 6),
		.words = PAIR_WORDS, .t1 = 0x4000, .t2 = 8),
	    server);
	got = world_message(server);
	assert_int_equal(got.slot, 2);
	assert_int_equal(got.info, MSG_INFO(7, 6));
	assert_words(&got, 6);
	assert_int_equal(got.t1, client->token);
	assert_int_equal(got.t2, SENDER_THREAD);
	assert_int_equal(client->state, THREAD_AWAITING);
}

static void
a_call_waits_for_a_receiver(void **state)
{
	struct message got;

	(void)state;
	(void)IPC_BY(client, call, .slot = W_ENDPOINT, .info = MSG_INFO(7, 3),
	    .words = PAIR_WORDS);
	assert_int_equal(client->state, THREAD_SENDING);
	pair_receive(server);
	assert_int_equal(server->state, THREAD_RUNNING);
	got = world_message(server);
	assert_int_equal(got.slot, 2);
	assert_int_equal(got.info, MSG_INFO(7, 3));
	assert_words(&got, 3);
	assert_int_equal(got.t1, client->token);
	assert_int_equal(got.t2, SENDER_THREAD);
	assert_int_equal(client->state, THREAD_AWAITING);
}

static void
words_beyond_the_count_arrive_as_zeros(void **state)
{
	(void)state;
	for (uint64_t n = 0; n <= MSG_WORDS; n++) {
		struct message got;

		pair_receive(server);
		fill_registers(client);
		(void)IPC_BY(client, call, .slot = W_ENDPOINT,
		    .info = MSG_INFO(1, n), .words = PAIR_WORDS);
		got = world_message(server);
		assert_words(&got, n);
		assert_int_equal(got.info, MSG_INFO(1, n));
		assert_cleared(server);
		fill_registers(server);
		(void)IPC_BY(server, reply, .info = MSG_INFO(0, n),
		    .words = PAIR_WORDS, .t1 = client->token);
		got = world_message(client);
		assert_words(&got, n);
		assert_int_equal(got.slot, 0);
		assert_int_equal(got.info, MSG_INFO(0, n));
		assert_int_equal(got.t1, 0);
		assert_int_equal(got.t2, 0);
		assert_cleared(client);
		assert_preserved(client);
		assert_cleared(server);
		assert_preserved(server);
	}
}

static void
a_count_of_seven_brings_no_more_than_six_words(void **state)
{
	struct message got;

	(void)state;
	pair_receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT, .info = MSG_INFO(1, 7),
	    .words = PAIR_WORDS);
	got = world_message(server);
	assert_words(&got, 6);
	(void)IPC_BY(server, reply, .info = MSG_INFO(1, 7), .words = PAIR_WORDS,
	    .t1 = got.t1);
	got = world_message(client);
	assert_words(&got, 6);
}

static void
only_bits_that_are_defined_pass(void **state)
{
	struct message got;

	(void)state;
	pair_receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT, .info = ~0ul,
	    .words = PAIR_WORDS);
	got = world_message(server);
	assert_int_equal(got.info & ~MSG_INFO_MASK, 0);
	assert_int_equal(got.info & MSG_WINDOW_MASK, MSG_WINDOW_MASK);
	(void)IPC_BY(
	    server, reply, .info = ~0ul, .words = PAIR_WORDS, .t1 = got.t1);
	got = world_message(client);
	assert_int_equal(got.info & ~(MSG_LABEL_MASK | MSG_COUNT_MASK), 0);
}

static void
the_endpoint_decides_how_a_sender_is_named(void **state)
{
	struct message got;

	(void)state;
	pair_receive(server);
	(void)IPC_BY(
	    client, call, .slot = W_ENDPOINT, .t2 = SENDER_KERNEL_SPACE);
	got = world_message(server);
	assert_int_equal(got.t2, SENDER_THREAD);
	assert_int_equal(got.slot, 2);
	(void)IPC_BY(server, reply, .t1 = got.t1);
	(void)IPC_BY(server, recv, .slot = W_ENDPOINT2);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT2);
	got = world_message(server);
	assert_int_equal(got.t2, SENDER_SPACE);
	assert_int_equal(got.slot, client->space->tag.value);
}

static void
a_badge_stands_for_its_sender(void **state)
{
	struct message got;

	(void)state;
	pair_receive(server);
	(void)IPC_BY(client, call, .slot = W_BADGED);
	got = world_message(server);
	assert_int_equal(got.t2, SENDER_BADGE);
	assert_int_equal(got.slot, W_BADGE);
	(void)IPC_BY(server, reply, .t1 = got.t1);
	/* Queued first, it is the same. */
	(void)IPC_BY(client, call, .slot = W_BADGED);
	pair_receive(server);
	got = world_message(server);
	assert_int_equal(got.t2, SENDER_BADGE);
	assert_int_equal(got.slot, W_BADGE);
}

static void
reply_recv_answers_and_waits_in_one(void **state)
{
	struct message got;

	(void)state;
	pair_receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	assert_ptr_equal(IPC_BY(server, reply_recv, .slot = W_ENDPOINT,
			     .info = MSG_INFO(3, 2), .words = PAIR_WORDS,
			     .t1 = client->token),
	    client);
	got = world_message(client);
	assert_int_equal(got.slot, 0);
	assert_int_equal(got.info, MSG_INFO(3, 2));
	assert_words(&got, 2);
	assert_int_equal(server->state, THREAD_RECEIVING);
}

static void
reply_recv_takes_the_next_sender(void **state)
{
	struct thread *second = world_thread(3, PAIR_CLIENT);

	(void)state;
	pair_receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	(void)IPC_BY(second, call, .slot = W_ENDPOINT, .info = MSG_INFO(9, 0));
	assert_ptr_equal(
	    IPC_BY(server, reply_recv, .slot = W_ENDPOINT, .t1 = client->token),
	    server);
	assert_int_equal(world_message(server).slot, 3);
	assert_int_equal(client->state, THREAD_READY);
	assert_int_equal(second->state, THREAD_AWAITING);
}

static void
reply_recv_receives_though_the_token_is_stale(void **state)
{
	(void)state;
	(void)IPC_BY(
	    server, reply_recv, .slot = W_ENDPOINT, .t1 = client->token);
	assert_int_equal(server->state, THREAD_RECEIVING);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	assert_int_equal(world_message(server).slot, 2);
}

static void
reply_recv_answers_though_it_may_not_receive(void **state)
{
	(void)state;
	pair_receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	(void)IPC_BY(server, reply_recv, .slot = W_BADGED, .t1 = client->token);
	assert_int_equal(client->state, THREAD_READY);
	assert_int_equal(world_message(server).slot, TINE_EBADF);
	assert_int_equal(world_message(server).t2, SENDER_NONE);
	assert_int_not_equal(server->state, THREAD_RECEIVING);
}

static void
a_poll_does_not_wait(void **state)
{
	(void)state;
	(void)IPC_BY(server, recv, .slot = W_ENDPOINT, .info = RECV_POLL);
	assert_int_equal(server->state, THREAD_RUNNING);
	assert_int_equal(world_message(server).slot, TINE_EAGAIN);
	assert_int_equal(world_message(server).t2, SENDER_NONE);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	(void)IPC_BY(server, recv, .slot = W_ENDPOINT, .info = RECV_POLL);
	assert_int_equal(world_message(server).slot, 2);
	assert_int_equal(world_message(server).t2, SENDER_THREAD);
}

static void
an_unknown_way_to_receive_is_refused_with_or_without_senders(void **state)
{
	(void)state;
	(void)IPC_BY(server, recv, .slot = W_ENDPOINT, .info = 2);
	assert_int_equal(world_message(server).slot, TINE_EINVAL);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	(void)IPC_BY(server, recv, .slot = W_ENDPOINT, .info = ~0ul);
	assert_int_equal(world_message(server).slot, TINE_EINVAL);
	assert_int_equal(world_message(server).t2, SENDER_NONE);
	assert_int_equal(client->state, THREAD_SENDING);
}

static void
the_most_urgent_sender_is_first_and_the_oldest_among_equals(void **state)
{
	static const uint64_t priorities[] = {5, 9, 5, 30, 9, 5};
	static const uint64_t order[] = {13, 11, 14, 10, 12, 15};

	(void)state;
	for (uint64_t i = 0; i < 6; i++) {
		struct thread *thread = world_thread(10 + i, priorities[i]);

		(void)IPC_BY(thread, call, .slot = W_ENDPOINT);
	}
	for (size_t i = 0; i < 6; i++) {
		pair_receive(server);
		assert_int_equal(world_message(server).slot, order[i]);
	}
}

static void
a_changed_priority_moves_a_queued_sender(void **state)
{
	struct thread *second = world_thread(3, PAIR_CLIENT);

	(void)state;
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	(void)IPC_BY(second, call, .slot = W_ENDPOINT);
	ASSERT_CALL(thread_configure, W_MEMORY, second->name, THREAD_PRIORITY,
	    PAIR_CLIENT + 1);
	world_check();
	pair_receive(server);
	assert_int_equal(world_message(server).slot, 3);
}

static void
receivers_are_served_in_the_order_they_came(void **state)
{
	struct thread *second = world_thread(3, PAIR_SERVER + 1);

	(void)state;
	pair_receive(server);
	pair_receive(second);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	assert_int_equal(server->state, THREAD_RUNNING);
	assert_int_equal(second->state, THREAD_RECEIVING);
}

static void
a_call_goes_straight_to_a_receiver_unless_one_is_more_urgent(void **state)
{
	struct thread *urgent = world_thread(3, PAIR_SERVER + 1);
	struct thread *low = world_thread(4, PAIR_CLIENT - 1);

	(void)state;
	/* A receiver of lower priority runs, as the caller can't. */
	(void)IPC_BY(urgent, call, .slot = W_ENDPOINT2);
	pair_receive(low);
	world_run(client);
	prioq_remove(&server->hart->ready, &server->link, server->priority);
	server->state = THREAD_STOPPED;
	assert_ptr_equal(IPC_BY(client, call, .slot = W_ENDPOINT), low);
	(void)IPC_BY(low, reply, .t1 = client->token);
	pair_receive(low);
	(void)IPC_BY(world.root, recv, .slot = W_ENDPOINT2);
	(void)IPC_BY(world.root, reply, .t1 = urgent->token);
	world_run(client);
	assert_ptr_equal(IPC_BY(client, call, .slot = W_ENDPOINT), urgent);
	assert_int_equal(low->state, THREAD_READY);
}

static void
a_send_awaits_no_reply(void **state)
{
	struct message got;

	(void)state;
	pair_receive(server);
	assert_ptr_equal(
	    IPC_BY(client, send, .slot = W_ENDPOINT,
		.info = MSG_INFO(4, 2) | MSG_WINDOW_MASK, .words = PAIR_WORDS),
	    server);
	got = world_message(server);
	assert_int_equal(got.info, MSG_INFO(4, 2));
	assert_words(&got, 2);
	assert_int_equal(got.slot, 2);
	assert_int_equal(got.t1, 0);
	assert_int_equal(got.t2, SENDER_THREAD);
	assert_int_equal(client->state, THREAD_READY);
	assert_int_equal(world_message(client).slot, 0);
}

static void
a_send_never_blocks(void **state)
{
	(void)state;
	(void)IPC_BY(client, send, .slot = W_ENDPOINT, .info = MSG_INFO(4, 2),
	    .words = PAIR_WORDS);
	assert_int_equal(world_message(client).slot, TINE_EAGAIN);
	assert_true(list_empty(&world.endpoint->receivers));
	assert_int_equal(world.endpoint->senders.ready, 0);
}

static void
message_calls_need_their_right(void **state)
{
	static const struct {
		uint64_t number;
		uint64_t slot;
		int error;
	} cases[] = {
	    {SYS_call, CSPACE_SLOTS, TINE_EBADF},
	    {SYS_call, ~0ul, TINE_EBADF},
	    {SYS_call, W_FREE, TINE_EBADF},
	    {SYS_call, W_NOTIFICATION, TINE_EBADF},
	    {SYS_call, W_MEMORY, TINE_EBADF},
	    {SYS_call, W_FREE + 1, TINE_EBADF}, /* receive only */
	    {SYS_call, W_FREE + 2, TINE_ESTALE},
	    {SYS_send, W_FREE, TINE_EBADF},
	    {SYS_send, W_FREE + 1, TINE_EBADF},
	    {SYS_send, W_FREE + 2, TINE_ESTALE},
	    {SYS_recv, W_FREE, TINE_EBADF},
	    {SYS_recv, W_BADGED, TINE_EBADF},
	    {SYS_recv, W_FREE + 2, TINE_ESTALE},
	    {SYS_reply_recv, W_FREE, TINE_EBADF},
	    {SYS_reply_recv, W_BADGED, TINE_EBADF},
	    {SYS_reply_recv, W_FREE + 2, TINE_ESTALE},
	    {SYS_forward, W_FREE, TINE_EBADF},
	    {SYS_forward, W_FREE + 1, TINE_EBADF},
	    {SYS_forward, W_FREE + 2, TINE_ESTALE},
	    {0, W_ENDPOINT, TINE_ENOSYS},
	};
	objname_t name;

	(void)state;
	ASSERT_CALL(
	    cap_copy, W_CSPACE, W_FREE + 1, W_ENDPOINT, RIGHT_RECEIVE, 0);
	name = world_new(KIND_ENDPOINT, 0, 0);
	world_name(W_FREE + 2, name, RIGHT_SEND | RIGHT_RECEIVE, 0);
	ASSERT_CALL(destroy, W_MEMORY, name);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)world_ipc(client, cases[i].number,
		    &(struct message){.slot = cases[i].slot});
		assert_int_equal(world_message(client).slot, cases[i].error);
		assert_true(client->state == THREAD_READY ||
			    client->state == THREAD_RUNNING);
	}
}

static void
a_thread_without_capabilities_cannot_call(void **state)
{
	(void)state;
	thread_set_cspace(client, NULL);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	assert_int_equal(world_message(client).slot, TINE_EBADF);
}

static void
messages_are_counted(void **state)
{
	struct hart *hart = hart_self();

	(void)state;
	pair_receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	(void)IPC_BY(
	    server, reply_recv, .slot = W_ENDPOINT, .t1 = client->token);
	(void)IPC_BY(client, send, .slot = W_ENDPOINT);
	assert_int_equal(hart->counters[STAT_CALLS], 1);
	assert_int_equal(hart->counters[STAT_REPLIES], 1);
	assert_int_equal(hart->counters[STAT_SENDS], 1);
	assert_int_equal(hart->counters[STAT_FAULT_CALLS], 0);
}

#undef TEST
#define TEST(claim) \
	cmocka_unit_test_setup_teardown(claim, pair_start, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_call_reaches_a_waiting_receiver),
	    TEST(a_call_waits_for_a_receiver),
	    TEST(words_beyond_the_count_arrive_as_zeros),
	    TEST(a_count_of_seven_brings_no_more_than_six_words),
	    TEST(only_bits_that_are_defined_pass),
	    TEST(the_endpoint_decides_how_a_sender_is_named),
	    TEST(a_badge_stands_for_its_sender),
	    TEST(reply_recv_answers_and_waits_in_one),
	    TEST(reply_recv_takes_the_next_sender),
	    TEST(reply_recv_receives_though_the_token_is_stale),
	    TEST(reply_recv_answers_though_it_may_not_receive),
	    TEST(a_poll_does_not_wait),
	    TEST(an_unknown_way_to_receive_is_refused_with_or_without_senders),
	    TEST(the_most_urgent_sender_is_first_and_the_oldest_among_equals),
	    TEST(a_changed_priority_moves_a_queued_sender),
	    TEST(receivers_are_served_in_the_order_they_came),
	    TEST(a_call_goes_straight_to_a_receiver_unless_one_is_more_urgent),
	    TEST(a_send_awaits_no_reply),
	    TEST(a_send_never_blocks),
	    TEST(message_calls_need_their_right),
	    TEST(a_thread_without_capabilities_cannot_call),
	    TEST(messages_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

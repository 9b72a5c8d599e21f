/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_endpoint.c - calls, replies, sends and forwards, in all orders.
 */
#include "world.h"
#include "fake_arch.h"

#define SERVER 20
#define CLIENT 10
#define INFO(label, count) MSG_INFO(label, count)
#define WORDS \
	{ \
		1001, 1002, 1003, 1004, 1005, 1006 \
	}

static struct thread *server;
static struct thread *client;

static int
start(void **state)
{
	(void)world_start(state);
	server = world_thread(1, SERVER);
	client = world_thread(2, CLIENT);
	return 0;
}

static void
receive(struct thread *thread)
{
	(void)IPC_BY(thread, recv, .slot = W_ENDPOINT);
}

static void
assert_words(const struct message *message, uint64_t count)
{
	static const uint64_t sent[MSG_WORDS] = WORDS;

	for (uint64_t i = 0; i < MSG_WORDS; i++)
		assert_int_equal(message->words[i], i < count ? sent[i] : 0);
}

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

/* Messages. */

static void
a_call_reaches_a_waiting_receiver(void **state)
{
	struct message got;

	(void)state;
	receive(server);
	assert_int_equal(server->state, THREAD_RECEIVING);
	assert_ptr_equal(
	    IPC_BY(client, call, .slot = W_ENDPOINT, .info = INFO(7, 6),
		.words = WORDS, .t1 = 0x4000, .t2 = 8),
	    server);
	got = world_message(server);
	assert_int_equal(got.slot, 2);
	assert_int_equal(got.info, INFO(7, 6));
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
	(void)IPC_BY(client, call, .slot = W_ENDPOINT, .info = INFO(7, 3),
	    .words = WORDS);
	assert_int_equal(client->state, THREAD_SENDING);
	receive(server);
	assert_int_equal(server->state, THREAD_RUNNING);
	got = world_message(server);
	assert_int_equal(got.slot, 2);
	assert_int_equal(got.info, INFO(7, 3));
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

		receive(server);
		fill_registers(client);
		(void)IPC_BY(client, call, .slot = W_ENDPOINT,
		    .info = INFO(1, n), .words = WORDS);
		got = world_message(server);
		assert_words(&got, n);
		assert_int_equal(got.info, INFO(1, n));
		assert_cleared(server);
		fill_registers(server);
		(void)IPC_BY(server, reply, .info = INFO(0, n), .words = WORDS,
		    .t1 = client->token);
		got = world_message(client);
		assert_words(&got, n);
		assert_int_equal(got.slot, 0);
		assert_int_equal(got.info, INFO(0, n));
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
	receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT, .info = INFO(1, 7),
	    .words = WORDS);
	got = world_message(server);
	assert_words(&got, 6);
	(void)IPC_BY(
	    server, reply, .info = INFO(1, 7), .words = WORDS, .t1 = got.t1);
	got = world_message(client);
	assert_words(&got, 6);
}

static void
only_bits_that_are_defined_pass(void **state)
{
	struct message got;

	(void)state;
	receive(server);
	(void)IPC_BY(
	    client, call, .slot = W_ENDPOINT, .info = ~0ul, .words = WORDS);
	got = world_message(server);
	assert_int_equal(got.info & ~MSG_INFO_MASK, 0);
	assert_int_equal(got.info & MSG_WINDOW_MASK, MSG_WINDOW_MASK);
	(void)IPC_BY(server, reply, .info = ~0ul, .words = WORDS, .t1 = got.t1);
	got = world_message(client);
	assert_int_equal(got.info & ~(MSG_LABEL_MASK | MSG_COUNT_MASK), 0);
}

/* Who sent it. */

static void
the_endpoint_decides_how_a_sender_is_named(void **state)
{
	struct message got;

	(void)state;
	receive(server);
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
	receive(server);
	(void)IPC_BY(client, call, .slot = W_BADGED);
	got = world_message(server);
	assert_int_equal(got.t2, SENDER_BADGE);
	assert_int_equal(got.slot, W_BADGE);
	(void)IPC_BY(server, reply, .t1 = got.t1);
	/* Queued first, it is the same. */
	(void)IPC_BY(client, call, .slot = W_BADGED);
	receive(server);
	got = world_message(server);
	assert_int_equal(got.t2, SENDER_BADGE);
	assert_int_equal(got.slot, W_BADGE);
}

/* Replies. */

static void
reply_recv_answers_and_waits_in_one(void **state)
{
	struct message got;

	(void)state;
	receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	assert_ptr_equal(
	    IPC_BY(server, reply_recv, .slot = W_ENDPOINT, .info = INFO(3, 2),
		.words = WORDS, .t1 = client->token),
	    client);
	got = world_message(client);
	assert_int_equal(got.slot, 0);
	assert_int_equal(got.info, INFO(3, 2));
	assert_words(&got, 2);
	assert_int_equal(server->state, THREAD_RECEIVING);
}

static void
reply_recv_takes_the_next_sender(void **state)
{
	struct thread *second = world_thread(3, CLIENT);

	(void)state;
	receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	(void)IPC_BY(second, call, .slot = W_ENDPOINT, .info = INFO(9, 0));
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
	receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	(void)IPC_BY(server, reply_recv, .slot = W_BADGED, .t1 = client->token);
	assert_int_equal(client->state, THREAD_READY);
	assert_int_equal(world_message(server).slot, TINE_EBADF);
	assert_int_equal(world_message(server).t2, SENDER_NONE);
	assert_int_not_equal(server->state, THREAD_RECEIVING);
}

/* Polling. */

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

/* Order. */

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
		receive(server);
		assert_int_equal(world_message(server).slot, order[i]);
	}
}

static void
a_changed_priority_moves_a_queued_sender(void **state)
{
	struct thread *second = world_thread(3, CLIENT);

	(void)state;
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	(void)IPC_BY(second, call, .slot = W_ENDPOINT);
	ASSERT_CALL(thread_configure, W_MEMORY, second->name, THREAD_PRIORITY,
	    CLIENT + 1);
	world_check();
	receive(server);
	assert_int_equal(world_message(server).slot, 3);
}

static void
receivers_are_served_in_the_order_they_came(void **state)
{
	struct thread *second = world_thread(3, SERVER + 1);

	(void)state;
	receive(server);
	receive(second);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	assert_int_equal(server->state, THREAD_RUNNING);
	assert_int_equal(second->state, THREAD_RECEIVING);
}

static void
a_call_goes_straight_to_a_receiver_unless_one_is_more_urgent(void **state)
{
	struct thread *urgent = world_thread(3, SERVER + 1);
	struct thread *low = world_thread(4, CLIENT - 1);

	(void)state;
	/* A receiver of lower priority runs, as the caller can't. */
	(void)IPC_BY(urgent, call, .slot = W_ENDPOINT2);
	receive(low);
	world_run(client);
	sched_remove(server);
	server->state = THREAD_STOPPED;
	assert_ptr_equal(IPC_BY(client, call, .slot = W_ENDPOINT), low);
	(void)IPC_BY(low, reply, .t1 = client->token);
	receive(low);
	(void)IPC_BY(world.root, recv, .slot = W_ENDPOINT2);
	(void)IPC_BY(world.root, reply, .t1 = urgent->token);
	world_run(client);
	assert_ptr_equal(IPC_BY(client, call, .slot = W_ENDPOINT), urgent);
	assert_int_equal(low->state, THREAD_READY);
}

/* Send. */

static void
a_send_awaits_no_reply(void **state)
{
	struct message got;

	(void)state;
	receive(server);
	assert_ptr_equal(
	    IPC_BY(client, send, .slot = W_ENDPOINT,
		.info = INFO(4, 2) | MSG_WINDOW_MASK, .words = WORDS),
	    server);
	got = world_message(server);
	assert_int_equal(got.info, INFO(4, 2));
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
	(void)IPC_BY(client, send, .slot = W_ENDPOINT, .info = INFO(4, 2),
	    .words = WORDS);
	assert_int_equal(world_message(client).slot, TINE_EAGAIN);
	assert_true(list_empty(&world.endpoint->receivers));
	assert_int_equal(world.endpoint->senders.ready, 0);
}

/* Forward. */

static void
a_forward_carries_caller_forwarder_and_a_new_message(void **state)
{
	struct thread *second = world_thread(3, SERVER);
	struct message got;

	(void)state;
	(void)IPC_BY(second, recv, .slot = W_ENDPOINT2);
	receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT,
	    .info = INFO(1, 6) | MSG_WINDOW_READ, .words = WORDS, .t1 = 0x4000,
	    .t2 = 99);
	world_name(W_FREE, frame_name(frame_of(dmap_address(world.endpoint2))),
	    RIGHT_SEND, 0x12345678);
	(void)IPC_BY(server, forward, .slot = W_FREE,
	    .info = INFO(8, 2) | MSG_WINDOW_WRITE,
	    .words = {1001, 1002, 7, 7, 7, 7}, .t1 = client->token);
	assert_int_equal(world_message(server).slot, 0);
	got = world_message(second);
	/* The window is the caller's own. */
	assert_int_equal(got.info, INFO(8, 2) | MSG_WINDOW_READ);
	assert_words(&got, 2);
	assert_int_equal(got.slot, client->space->tag.value);
	assert_int_equal(SENDER_KIND(got.t2), SENDER_SPACE);
	assert_int_equal(SENDER_FORWARDER(got.t2), 0x12345678);
	assert_int_equal(got.t2 & SENDER_FORWARDED, SENDER_FORWARDED);
	(void)IPC_BY(
	    second, reply, .info = INFO(5, 1), .words = WORDS, .t1 = got.t1);
	got = world_message(client);
	assert_int_equal(got.info, INFO(5, 1));
	assert_words(&got, 1);
}

static void
a_forward_can_wait_for_a_receiver(void **state)
{
	struct thread *second = world_thread(3, SERVER);
	struct message got;

	(void)state;
	receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT, .info = INFO(1, 6),
	    .words = WORDS);
	(void)IPC_BY(server, forward, .slot = W_ENDPOINT2, .info = INFO(8, 3),
	    .words = WORDS, .t1 = client->token);
	assert_int_equal(client->state, THREAD_SENDING);
	(void)IPC_BY(second, recv, .slot = W_ENDPOINT2);
	got = world_message(second);
	assert_int_equal(got.info, INFO(8, 3));
	assert_words(&got, 3);
	assert_int_equal(got.t2, SENDER_SPACE | SENDER_FORWARDED);
	/* The caller's next call is an ordinary one again. */
	(void)IPC_BY(second, reply, .t1 = got.t1);
	receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT, .info = INFO(2, 1),
	    .words = WORDS);
	got = world_message(server);
	assert_int_equal(got.info, INFO(2, 1));
	assert_int_equal(got.t2, SENDER_THREAD);
}

static void
a_forward_back_to_where_it_came_from_is_received_again(void **state)
{
	struct message got;

	(void)state;
	receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT, .info = INFO(1, 6),
	    .words = WORDS);
	(void)IPC_BY(server, forward, .slot = W_ENDPOINT, .info = INFO(2, 0),
	    .t1 = client->token);
	receive(server);
	got = world_message(server);
	assert_int_equal(got.info, INFO(2, 0));
	assert_int_equal(got.t2, SENDER_THREAD | SENDER_FORWARDED);
	(void)IPC_BY(server, forward, .slot = W_ENDPOINT, .info = INFO(3, 0),
	    .t1 = got.t1);
	receive(server);
	assert_int_equal(world_message(server).info, INFO(3, 0));
}

static void
a_bad_forward_leaves_the_caller_waiting(void **state)
{
	token_t token;

	(void)state;
	receive(server);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	token = client->token;
	(void)IPC_BY(server, forward, .slot = W_FREE, .t1 = token);
	assert_int_equal(world_message(server).slot, TINE_EBADF);
	(void)IPC_BY(server, forward, .slot = W_ENDPOINT2, .t1 = token + 1);
	assert_int_equal(world_message(server).slot, TINE_ESTALE);
	(void)IPC_BY(server, reply, .t1 = token);
	assert_int_equal(world_message(server).slot, 0);
}

/* Errors. */

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

/* Stops and ends. */

static void
a_sender_that_is_stopped_leaves_the_queue(void **state)
{
	(void)state;
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	ASSERT_CALL(thread_stop, W_STEWARD, client->name);
	world_check();
	assert_int_equal(client->state, THREAD_STOPPED);
	receive(server);
	assert_int_equal(server->state, THREAD_RECEIVING);
}

static void
a_receiver_that_is_stopped_leaves_the_queue(void **state)
{
	(void)state;
	receive(server);
	ASSERT_CALL(thread_stop, W_STEWARD, server->name);
	world_check();
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	assert_int_equal(client->state, THREAD_SENDING);
}

static void
a_forwarded_caller_that_is_stopped_leaves_the_queue(void **state)
{
	(void)state;
	receive(server);
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
		struct thread *thread = world_thread(9, CLIENT);

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
	receive(server);
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
		    .info = INFO(1, 6), .words = WORDS);
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
a_call_that_was_received_outlives_the_endpoint(void **state)
{
	objname_t name = world_new(KIND_ENDPOINT, 0, 0);

	(void)state;
	world_name(W_FREE, name, RIGHT_SEND | RIGHT_RECEIVE, 0);
	(void)IPC_BY(server, recv, .slot = W_FREE);
	(void)IPC_BY(client, call, .slot = W_FREE);
	ASSERT_CALL(destroy, W_MEMORY, name);
	(void)IPC_BY(server, reply, .info = INFO(6, 0), .t1 = client->token);
	assert_int_equal(world_message(client).info, INFO(6, 0));
	assert_int_equal(world_message(client).slot, 0);
}

static void
messages_are_counted(void **state)
{
	struct hart *hart = hart_self();

	(void)state;
	receive(server);
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
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, start, world_end)

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
	    TEST(a_forward_carries_caller_forwarder_and_a_new_message),
	    TEST(a_forward_can_wait_for_a_receiver),
	    TEST(a_forward_back_to_where_it_came_from_is_received_again),
	    TEST(a_bad_forward_leaves_the_caller_waiting),
	    TEST(message_calls_need_their_right),
	    TEST(a_thread_without_capabilities_cannot_call),
	    TEST(a_sender_that_is_stopped_leaves_the_queue),
	    TEST(a_receiver_that_is_stopped_leaves_the_queue),
	    TEST(a_forwarded_caller_that_is_stopped_leaves_the_queue),
	    TEST(a_thread_can_be_destroyed_in_any_state),
	    TEST(an_awaiting_caller_can_be_destroyed),
	    TEST(destroying_an_endpoint_sends_away_all_who_wait),
	    TEST(destroying_an_endpoint_sends_away_receivers),
	    TEST(a_call_that_was_received_outlives_the_endpoint),
	    TEST(messages_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

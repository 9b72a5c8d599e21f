/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_token.c - reply tokens: good once, for one receiver, never again.
 */
#include "world.h"
#include "fake_arch.h"

#define SERVER 20
#define CLIENT 10

struct pair {
	struct thread *server;
	struct thread *client;
};

/* A server that waits at W_ENDPOINT and a client. */
static struct pair
pair_start(void)
{
	struct pair pair;

	pair.server = world_thread(1, SERVER);
	pair.client = world_thread(2, CLIENT);
	(void)IPC_BY(pair.server, recv, .slot = W_ENDPOINT);
	return pair;
}

/* The client's call, received: its token. */
static token_t
call(const struct pair *pair)
{
	(void)IPC_BY(pair->client, call, .slot = W_ENDPOINT);
	assert_int_equal(pair->client->state, THREAD_AWAITING);
	return world_message(pair->server).t1;
}

static int
reply(struct thread *by, token_t token)
{
	(void)IPC_BY(by, reply, .t1 = token);
	return (int)by->regs[REG_A0];
}

/* The server waits again. */
static void
receive(struct thread *server)
{
	(void)IPC_BY(server, recv, .slot = W_ENDPOINT);
}

static void
a_token_is_good_once(void **state)
{
	struct pair pair = pair_start();
	token_t token = call(&pair);

	(void)state;
	assert_int_equal(reply(pair.server, token), 0);
	assert_int_equal(pair.client->state, THREAD_READY);
	assert_int_equal(reply(pair.server, token), TINE_ESTALE);
	/* Nor is it good for the client's next call. */
	receive(pair.server);
	assert_int_not_equal(call(&pair), token);
	assert_int_equal(reply(pair.server, token), TINE_ESTALE);
	assert_int_equal(pair.client->state, THREAD_AWAITING);
}

static void
a_token_is_good_only_for_its_receiver(void **state)
{
	struct pair pair = pair_start();
	struct thread *other = world_thread(3, CLIENT);
	token_t token = call(&pair);

	(void)state;
	assert_int_equal(reply(other, token), TINE_ESTALE);
	(void)IPC_BY(other, forward, .slot = W_ENDPOINT2, .t1 = token);
	assert_int_equal(other->regs[REG_A0], TINE_ESTALE);
	world_run(other);
	assert_int_equal(CALL_BY(other, copy, token, 0, 0, 0, 1), TINE_ESTALE);
	assert_int_equal(pair.client->state, THREAD_AWAITING);
	assert_int_equal(reply(pair.server, token), 0);
}

static void
a_forged_token_is_stale(void **state)
{
	struct pair pair = pair_start();
	token_t token = call(&pair);
	const token_t forged[] = {0, token + NAME_GENERATION_ONE,
	    token - NAME_GENERATION_ONE, token + 1, token ^ 1ul << 63,
	    pair.client->name, pair.server->name, pair.server->token,
	    world.space_name, FAKE_FRAMES, NAME_FRAME_MASK,
	    token | NAME_FRAME_MASK, ~0ul};

	(void)state;
	for (size_t i = 0; i < sizeof(forged) / sizeof(forged[0]); i++)
		assert_int_equal(reply(pair.server, forged[i]), TINE_ESTALE);
	assert_int_equal(reply(pair.server, token), 0);
}

static void
a_stopped_caller_makes_its_token_stale(void **state)
{
	struct pair pair = pair_start();
	token_t token = call(&pair);

	(void)state;
	ASSERT_CALL(thread_stop, W_STEWARD, pair.client->name);
	assert_int_equal(reply(pair.server, token), TINE_ESTALE);
	ASSERT_CALL(thread_start, W_STEWARD, pair.client->name);
	assert_int_equal(reply(pair.server, token), TINE_ESTALE);
	receive(pair.server);
	assert_true(call(&pair) > token);
	assert_int_equal(reply(pair.server, token), TINE_ESTALE);
}

static void
no_token_repeats_when_the_frame_is_used_again(void **state)
{
	struct pair pair = pair_start();
	token_t last = 0, tokens[40];
	uint64_t frame = thread_frame(pair.client);
	objname_t space;
	uint64_t lives = 0;

	(void)state;
	space = frame_name(frame_of(dmap_address(pair.client->space)));
	for (size_t i = 0; i < 40; i++) {
		tokens[i] = call(&pair);
		assert_true(tokens[i] > last);
		assert_int_equal(tokens[i] & NAME_FRAME_MASK, frame);
		last = tokens[i];
		if (i % 3 == 2) {
			ASSERT_CALL(destroy, W_MEMORY, pair.client->name);
			assert_int_equal(reply(pair.server, last), TINE_ESTALE);
			pair.client =
			    world_thread_at(world_new(KIND_THREAD, space, 2));
			assert_int_equal(thread_frame(pair.client), frame);
			assert_true(pair.client->name > last);
			thread_set_cspace(pair.client, world.slots);
			sched_ready(pair.client);
			lives++;
		}
		for (size_t j = 0; j < i; j++)
			assert_int_equal(
			    reply(pair.server, tokens[j]), TINE_ESTALE);
		(void)reply(pair.server, last);
		receive(pair.server);
	}
	assert_int_equal(lives, 13);
}

static void
a_forward_makes_a_new_token(void **state)
{
	struct pair pair = pair_start();
	struct thread *second = world_thread(3, SERVER);
	token_t token, forwarded;

	(void)state;
	(void)IPC_BY(second, recv, .slot = W_ENDPOINT2);
	token = call(&pair);
	(void)IPC_BY(pair.server, forward, .slot = W_ENDPOINT2, .t1 = token);
	forwarded = world_message(second).t1;
	assert_true(forwarded > token);
	assert_int_equal(reply(pair.server, token), TINE_ESTALE);
	assert_int_equal(reply(pair.server, forwarded), TINE_ESTALE);
	assert_int_equal(reply(second, token), TINE_ESTALE);
	assert_int_equal(reply(second, forwarded), 0);
}

static void
tokens_can_be_held_and_answered_in_any_order(void **state)
{
	struct pair pair = pair_start();
	struct thread *clients[5];
	token_t tokens[5];
	static const size_t order[] = {3, 0, 4, 2, 1};

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		clients[i] = world_thread(10 + i, CLIENT);
		(void)IPC_BY(clients[i], call, .slot = W_ENDPOINT);
		tokens[i] = world_message(pair.server).t1;
		receive(pair.server);
	}
	(void)IPC_BY(pair.client, send, .slot = W_ENDPOINT);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(reply(pair.server, tokens[order[i]]), 0);
		assert_int_equal(clients[order[i]]->state, THREAD_READY);
	}
}

/* Exhaustion. */

static void
a_thread_that_used_up_its_tokens_cannot_call(void **state)
{
	struct pair pair = pair_start();
	token_t token;

	(void)state;
	pair.client->token = (FRAME_GENERATION_MAX - 1) << NAME_FRAME_BITS |
			     thread_frame(pair.client);
	assert_false(thread_exhausted(pair.client));
	token = call(&pair);
	assert_int_equal(token >> NAME_FRAME_BITS, FRAME_GENERATION_MAX);
	assert_int_equal(reply(pair.server, token), 0);
	receive(pair.server);
	assert_true(thread_exhausted(pair.client));
	(void)IPC_BY(pair.client, call, .slot = W_ENDPOINT);
	assert_int_equal(pair.client->regs[REG_A0], TINE_EOVERFLOW);
	assert_int_equal(pair.client->state, THREAD_RUNNING);
	/* It can go on sending: that takes no token. */
	(void)IPC_BY(pair.client, send, .slot = W_ENDPOINT);
	assert_int_equal(pair.client->regs[REG_A0], 0);
}

static void
a_call_of_an_exhausted_thread_is_not_forwarded(void **state)
{
	struct pair pair = pair_start();
	token_t token;

	(void)state;
	pair.client->token = (FRAME_GENERATION_MAX - 1) << NAME_FRAME_BITS |
			     thread_frame(pair.client);
	token = call(&pair);
	(void)IPC_BY(pair.server, forward, .slot = W_ENDPOINT2, .t1 = token);
	assert_int_equal(pair.server->regs[REG_A0], TINE_EOVERFLOW);
	assert_int_equal(reply(pair.server, token), 0);
}

static void
an_exhausted_thread_that_faults_is_stopped(void **state)
{
	struct thread *client = world_thread(2, CLIENT);

	(void)state;
	client->token = ~NAME_FRAME_MASK | thread_frame(client);
	(void)world_fault(client, 0x5000, ACCESS_READ);
	assert_int_equal(client->state, THREAD_STOPPED);
	assert_int_not_equal(fake_log[0], '\0');
}

static void
the_frame_of_an_exhausted_thread_is_retired(void **state)
{
	struct thread *client = world_thread(2, CLIENT);
	uint64_t frame = thread_frame(client), free = world_free();

	(void)state;
	client->token = ~NAME_FRAME_MASK | frame;
	ASSERT_CALL(destroy, W_MEMORY, client->name);
	assert_int_equal(frame_kind(frame), FRAME_RESERVED);
	assert_int_equal(world_free(), free);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_token_is_good_once),
	    TEST(a_token_is_good_only_for_its_receiver),
	    TEST(a_forged_token_is_stale),
	    TEST(a_stopped_caller_makes_its_token_stale),
	    TEST(no_token_repeats_when_the_frame_is_used_again),
	    TEST(a_forward_makes_a_new_token),
	    TEST(tokens_can_be_held_and_answered_in_any_order),
	    TEST(a_thread_that_used_up_its_tokens_cannot_call),
	    TEST(a_call_of_an_exhausted_thread_is_not_forwarded),
	    TEST(an_exhausted_thread_that_faults_is_stopped),
	    TEST(the_frame_of_an_exhausted_thread_is_retired),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

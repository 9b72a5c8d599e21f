/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pair.c - a server and a client; see pair.h.
 */
#include "pair.h"

struct thread *server;
struct thread *client;

int
pair_start(void **state)
{
	(void)world_start(state);
	server = world_thread(1, PAIR_SERVER);
	client = world_thread(2, PAIR_CLIENT);
	return 0;
}

void
pair_receive(struct thread *thread)
{
	(void)IPC_BY(thread, recv, .slot = W_ENDPOINT);
}

void
assert_words(const struct message *message, uint64_t count)
{
	static const uint64_t sent[MSG_WORDS] = PAIR_WORDS;

	for (uint64_t i = 0; i < MSG_WORDS; i++)
		assert_int_equal(message->words[i], i < count ? sent[i] : 0);
}

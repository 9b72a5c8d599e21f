/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pair.h - a server and a client, for tests of messages.
 */
#ifndef TINE_TEST_PAIR_H
#define TINE_TEST_PAIR_H

#include "world.h"

#define PAIR_SERVER 20 /* their priorities */
#define PAIR_CLIENT 10
/* Words that can be told apart. */
#define PAIR_WORDS \
	{ \
		1001, 1002, 1003, 1004, 1005, 1006 \
	}

extern struct thread *server;
extern struct thread *client;

/* world_start(), and the two threads, with identities 1 and 2. */
int pair_start(void **state);

/* A thread waits at W_ENDPOINT. */
void pair_receive(struct thread *thread);

/* Assert that so many of PAIR_WORDS arrived, and zeros. */
void assert_words(const struct message *message, uint64_t count);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_fake_books.h - the fake's threads and spaces, for its own files.
 */
#ifndef TINE_FAKE_PROC_FAKE_BOOKS_H
#define TINE_FAKE_PROC_FAKE_BOOKS_H

#include "proc_fake.h"

#include <ipc/message.h>

/* Names of spaces and threads: a place, and how often it was used. */
#define OBJECTS 2048u
#define NAME(index, generation) ((uint64_t)(generation) << 32 | ((index) + 1))

struct fake_thread {
	bool live;
	bool started;
	bool interrupted;
	uint32_t generation;
	uint64_t identity;
	uint64_t space;
	uint64_t priority; /* 0: a thread that nobody gave one */
	token_t token; /* that it waits on */
	uint64_t holder; /* of the token; 0: procsrv */
	struct regs regs;
};

struct fake_call {
	enum fake_token_state state;
	uint64_t thread; /* 0: none that the fake made */
	uint64_t info;
	uint64_t words[MSG_WORDS];
	struct regs *regs;
	struct signal_delivery *signal;
};

/* A token that may be answered now; it is used up.  NULL: stale. */
struct fake_call *fake_token_use(token_t token);
struct fake_call *fake_call_of(token_t token);
/* It is stale from now on if it is the one to be lost. */
void fake_lose(token_t token);

/* Count a step; the error with which it is to fail, or 0. */
int fake_step(enum fake_step which);

/* NULL: it is not there. */
struct fake_thread *fake_thread_find(uint64_t name);
struct fake_thread *fake_thread_by_identity(uint64_t identity);

/* A new thread, stopped; its name. */
uint64_t fake_thread_new(uint64_t identity, uint64_t space);
void fake_thread_end(uint64_t name);

/* Threads that live in a space. */
uint32_t fake_space_threads(uint64_t space);

/* vmsrv's requests about threads. */
void fake_call_thread_new(struct ipc_msg *msg);
void fake_call_thread_free(struct ipc_msg *msg);
void fake_call_thread_priority(struct ipc_msg *msg);
/* And about pages. */
void fake_call_bring(struct ipc_msg *msg);
void fake_call_shared_key(struct ipc_msg *msg);

/* Any of ttysrv's. */
void fake_tty_call(struct ipc_msg *msg);

#endif

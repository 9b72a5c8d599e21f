/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_fake_books.h - the fake's threads and spaces, for its own files.
 */
#ifndef TINE_FAKE_PROC_FAKE_BOOKS_H
#define TINE_FAKE_PROC_FAKE_BOOKS_H

#include "proc_fake.h"

#include <ipc/message.h>

struct fake_thread {
	bool live;
	bool started;
	bool interrupted;
	uint32_t generation;
	uint64_t identity;
	uint64_t space;
	token_t token; /* that it waits on */
	struct regs regs;
};

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

#endif

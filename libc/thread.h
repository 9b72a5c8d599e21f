/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * thread.h - what the files of pthread.h share.
 *
 * A thread is an LWP with a stack, a block of thread-local variables and,
 * above it, this structure.  The first thread's is static, and its stack and
 * block are those that the program began with.
 */
#ifndef TINE_LIBC_THREAD_H
#define TINE_LIBC_THREAD_H

#include "lock.h"
#include "point.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define THREAD_STACK_DEFAULT (128ul << 10)
#define THREAD_GUARD_DEFAULT 4096ul

/*
 * Field guards:  l the list's lock   ! constant while it is in the list
 * o only the thread itself
 */
struct __pthread {
	struct __pthread *next; /* l */
	struct __pthread *previous; /* l */
	void *(*start)(void *); /* ! */
	void *argument; /* ! */
	void *result; /* o, then whoever joins it */
	void *memory; /* !: to be unmapped; NULL: not ours */
	size_t bytes; /* ! */
	struct __pthread_cleanup *cleanups; /* o */
	struct cancel *cancel; /* !: in its thread-local variables */
	int32_t lid; /* l: 0 until the LWP exists, and when it is gone */
	bool detached; /* l */
	bool joined; /* l: somebody is about to */
	bool exited; /* l */
};

/*
 * Memory for a thread with these attributes.  The stack ends where the block
 * of thread-local variables begins.  EAGAIN: there is none; EINVAL: the stack
 * that the attributes name is too small.
 */
int __tine_stack_alloc(
    const pthread_attr_t *attributes, struct __pthread **thread, char **tls);
void __tine_stack_free(void *memory, size_t bytes);

/* Destroy the calling thread's values.  A program may lack this. */
void __tine_thread_values(void);

/* The id of a thread's LWP, or 0: there is no such thread. */
int32_t __tine_thread_lid(pthread_t thread);

/*
 * Note that a thread has been cancelled, and see whether it is open to that
 * right now.  Returns 0 or ESRCH: there is no such thread.
 */
int __tine_thread_ask(
    pthread_t thread, bool *open, bool (*is_open)(const struct cancel *));

#endif

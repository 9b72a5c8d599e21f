/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * waiter.h - calls that cannot be answered yet, oldest first.
 */
#ifndef TINE_TTYSRV_WAITER_H
#define TINE_TTYSRV_WAITER_H

#include <ipc/msg.h>

#define WAITERS_MAX 256u

struct waiter {
	token_t token;
	uint64_t identity; /* of the LWP */
	uint64_t length; /* bytes wanted, or to be written; not 0 */
	uint64_t done; /* bytes written */
};

struct waiters {
	size_t count;
	struct waiter at[WAITERS_MAX];
};

/*
 * Add a call at the end.  False: too many wait, even after those that died
 * waiting were forgotten.
 */
bool waiters_add(struct waiters *waiters, const struct waiter *waiter);

void waiters_remove(struct waiters *waiters, size_t index);

/* The first call of an LWP, or waiters->count. */
size_t waiters_find(const struct waiters *waiters, uint64_t identity);

/*
 * Answer with a number of bytes, or an error if it is not 0.  Returns 0, or
 * ESTALE: the caller is gone.
 */
int waiter_answer(const struct waiter *waiter, int error, uint64_t bytes);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * waiter.c - calls that cannot be answered yet.
 */
#include "waiter.h"

#include <string.h>

#include <ipc/sys.h>
#include <ipc/tty.h>

/* One form of answer for both kinds of call. */
_Static_assert(sizeof(struct tty_read_rep) == sizeof(uint64_t) &&
		   sizeof(struct tty_write_rep) == sizeof(uint64_t),
    "the number of bytes is all of an answer");

/* Forget those that died waiting: the kernel knows their tokens no more. */
static void
waiters_purge(struct waiters *waiters)
{
	for (size_t i = waiters->count; i > 0; i--)
		if (sys_copy(waiters->at[i - 1].token, 0, 0, 0, 0).error ==
		    TINE_ESTALE)
			waiters_remove(waiters, i - 1);
}

bool
waiters_add(struct waiters *waiters, const struct waiter *waiter)
{
	if (waiters->count == WAITERS_MAX)
		waiters_purge(waiters);
	if (waiters->count == WAITERS_MAX)
		return false;
	waiters->at[waiters->count++] = *waiter;
	return true;
}

void
waiters_remove(struct waiters *waiters, size_t index)
{
	waiters->count--;
	memmove(&waiters->at[index], &waiters->at[index + 1],
	    (waiters->count - index) * sizeof(waiters->at[0]));
}

size_t
waiters_find(const struct waiters *waiters, uint64_t identity)
{
	size_t i = 0;

	while (i < waiters->count && waiters->at[i].identity != identity)
		i++;
	return i;
}

int
waiter_answer(const struct waiter *waiter, int error, uint64_t bytes)
{
	uint64_t words[MSG_WORDS] = {bytes};

	if (error)
		return ipc_reply(waiter->token, MSG_INFO(error, 0), words);
	return ipc_reply(
	    waiter->token, MSG_INFO(0, IPC_COUNT(sizeof(bytes))), words);
}

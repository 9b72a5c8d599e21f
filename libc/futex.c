/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * futex.c - waiting for a word of memory to change, through procsrv.
 *
 * procsrv looks at the word and queues the caller in one turn, and handles
 * nobody's wake in between.  Whoever changes the word first and then wakes is
 * therefore never missed.
 */
#include "futex.h"
#include "internal.h"

#include <errno.h>

#include <ipc/sys.h>

static int
wait_once(const uint32_t *word, uint32_t value, uint64_t deadline, bool shared)
{
	struct proc_futex_wait_req req = {
	    .address = (uintptr_t)word,
	    .deadline = deadline,
	    .value = value,
	    .shared = shared,
	};
	struct proc_futex_wait_rep rep;

	return TINE_RESTARTED(
	    proc_futex_wait(SLOT_PROC, &req, &rep, word, sizeof(*word)));
}

int
__tine_futex_wait_in(
    const uint32_t *word, uint32_t value, uint64_t deadline, bool shared)
{
	int error = wait_once(word, value, deadline, shared);

	/* Who can reach private memory is in this space. */
	if (error == EFAULT && shared)
		error = wait_once(word, value, deadline, false);
	if (error != 0 && error != EAGAIN && error != EINTR &&
	    error != ETIMEDOUT)
		(void)sys_yield();
	return error;
}

uint32_t
__tine_futex_wake_in(const uint32_t *word, uint32_t count, bool shared)
{
	struct proc_futex_wake_req req = {
	    .address = (uintptr_t)word,
	    .count = count,
	    .shared = shared,
	};
	struct proc_futex_wake_rep rep;
	int error = proc_futex_wake(SLOT_PROC, &req, &rep);

	if (error == EFAULT && shared) {
		req.shared = false;
		error = proc_futex_wake(SLOT_PROC, &req, &rep);
	}
	return error != 0 ? 0 : (uint32_t)rep.woken;
}

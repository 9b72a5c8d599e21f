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

int
__tine_futex_wait(const uint32_t *word, uint32_t value, uint64_t deadline)
{
	struct proc_futex_wait_req req = {
	    .address = (uintptr_t)word,
	    .deadline = deadline,
	    .value = value,
	};
	struct proc_futex_wait_rep rep;
	int error;

	error = TINE_RESTARTED(
	    proc_futex_wait(SLOT_PROC, &req, &rep, word, sizeof(*word)));
	if (error != 0 && error != EAGAIN && error != EINTR &&
	    error != ETIMEDOUT)
		(void)sys_yield();
	return error;
}

uint32_t
__tine_futex_wake(const uint32_t *word, uint32_t count)
{
	struct proc_futex_wake_req req = {
	    .address = (uintptr_t)word,
	    .count = count,
	};
	struct proc_futex_wake_rep rep;

	if (proc_futex_wake(SLOT_PROC, &req, &rep) != 0)
		return 0;
	return (uint32_t)rep.woken;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * owner.c - who the calling thread is among those of all processes.
 *
 * The process's id is asked for once, as an owner who asked each time would
 * hold its lock for most of the time that it runs.  A child of fork() asks
 * again.
 */
#include "owner.h"
#include "forkhook.h"

#include <unistd.h>

NEEDS_FORK_HOOK;

/* 0: not asked for yet; threads that ask at once get the same answer. */
static uint32_t process;

uint64_t
__tine_owner_shared(void)
{
	uint32_t known = __atomic_load_n(&process, __ATOMIC_RELAXED);

	if (known == 0) {
		known = (uint32_t)getpid();
		__atomic_store_n(&process, known, __ATOMIC_RELAXED);
	}
	return (uint64_t)known << 32 | lock_self();
}

void
__tine_fork_owner(enum fork_phase phase)
{
	if (phase == FORK_CHILD)
		process = 0;
}

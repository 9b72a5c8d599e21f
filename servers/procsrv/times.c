/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * times.c - the time that processes ran; see times.h.
 *
 * All of it is user time: what the kernel does in a thread's name is charged
 * to the thread, and what servers do is theirs.
 */
#include "times.h"

#include <ipc/slots.h>
#include <ipc/sys.h>

#include "proc.h"

#define MILLISECONDS 1000u
/* Ticks of a cycle have so many binary places. */
#define FRACTION_BITS 32
#define FRACTION_MASK ((1ul << FRACTION_BITS) - 1)

static uint64_t second; /* in ticks */
static uint64_t cycle; /* in ticks, with FRACTION_BITS places */

void
times_init(uint64_t ticks_in_a_second)
{
	uint64_t ticks, cycles;

	second = ticks_in_a_second;
	clock_measure(times_milliseconds(1), &ticks, &cycles);
	/* No hart's cycles are slower than its clock: these do not count. */
	if (cycles < ticks)
		cycles = ticks;
	cycle = (ticks << FRACTION_BITS) / cycles;
}

uint64_t
times_milliseconds(uint64_t milliseconds)
{
	uint64_t ticks = milliseconds * second / MILLISECONDS;

	return ticks > 0 ? ticks : 1;
}

uint64_t
times_clip(uint64_t ticks)
{
	uint64_t least = times_milliseconds(1);

	if (ticks == 0)
		return 0;
	if (ticks < least)
		return least;
	return ticks < TICKS_MAX ? ticks : TICKS_MAX;
}

/* Cycles in ticks; in two halves, so that no product is too large. */
static uint64_t
cycles_in_ticks(uint64_t cycles)
{
	return (cycles >> FRACTION_BITS) * cycle +
	       ((cycles & FRACTION_MASK) * cycle >> FRACTION_BITS);
}

uint64_t
times_lwp(const struct lwp *lwp)
{
	struct sysret ret;

	if (lwp->state == LWP_DEAD)
		return 0;
	ret = sys_thread_times(SLOT_STEWARD, lwp->thread);
	return ret.error == 0 ? cycles_in_ticks(ret.value) : 0;
}

uint64_t
times_proc(const struct proc *proc)
{
	uint64_t ticks = proc->times_gone;

	LIST_FOREACH(link, &proc->lwps)
	{
		ticks += times_lwp(LIST_ENTRY(link, struct lwp, link));
	}
	return ticks;
}

void
times_lwp_gone(struct lwp *lwp)
{
	lwp->proc->times_gone += times_lwp(lwp);
}

void
times_reap(const struct proc *proc)
{
	proc->parent->times_children += proc->times_gone + proc->times_children;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * harts.c - what harts ask of each other; see hart.h.
 */
#include "hart.h"
#include "sched.h"
#include "space.h"
#include "thread.h"

/*
 * No hart is waited for this long, unless it is not there all the time: under
 * an emulator with fewer processors than harts, or beside other machines.
 */
#define SPINS_MAX 256

/*
 * Wait a little for another hart.  After a while sleep by turns, 50 us each,
 * so that the one that is waited for gets a processor.
 */
static void
hart_relax(uint64_t *spins)
{
	if (++*spins > SPINS_MAX)
		arch_nap(slice_ticks / 200, hart_self()->deadline);
}

void
hart_serve(void)
{
	struct hart *hart = hart_self();
	uint64_t request = __atomic_load_n(&hart->request, __ATOMIC_ACQUIRE);

	if (request == 0)
		return;
	if (request & REQUEST_EVICT)
		sched_vacate(hart);
	if (request & REQUEST_FLUSH) {
		arch_flush_all();
		arch_sync_icache();
		hart->counters[STAT_FLUSHES]++;
	}
	/* Release: whoever waits sees what was done. */
	__atomic_store_n(&hart->request, 0, __ATOMIC_RELEASE);
}

void
lock_wait(struct lock *lock) UNCHECKED
{
	uint64_t spins = 0;

	do {
		hart_relax(&spins);
		hart_serve();
	} while (__atomic_load_n(&lock->held, __ATOMIC_RELAXED) != 0 ||
		 lock_try(lock) != 0);
}

void
hart_wake(struct hart *hart)
{
	count(STAT_IPIS);
	arch_send_ipi(hart->id);
}

static void
hart_ask(struct hart *hart, uint64_t request) LOCKED
{
	__atomic_store_n(&hart->request, request, __ATOMIC_RELEASE);
	hart_wake(hart);
}

static void
hart_await(const struct hart *hart) LOCKED
{
	uint64_t spins = 0;

	while (__atomic_load_n(&hart->request, __ATOMIC_ACQUIRE) != 0)
		hart_relax(&spins);
}

void
hart_evict(struct hart *hart)
{
	hart_ask(hart, REQUEST_EVICT);
	hart_await(hart);
}

void
harts_flush(const struct space *space, uint64_t set)
{
	struct hart *self = hart_self();
	uint64_t asked = 0;

	for (uint64_t i = 0; i < nharts; i++) {
		struct hart *hart = &harts[i];

		if (hart == self)
			continue;
		if (hart->satp == space_satp(space)) {
			hart_ask(hart, REQUEST_FLUSH);
			asked |= 1ul << i;
		} else if (set >> i & 1) {
			hart->ready.ready |= READY_STALE;
		}
	}
	if (asked != 0)
		count(STAT_SHOOTDOWNS);
	for (uint64_t i = 0; i < nharts; i++)
		if (asked >> i & 1)
			hart_await(&harts[i]);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pthread_spin.c - locks that are waited for by trying again.
 *
 * The owner may not be running, least of all on a machine with one hart; so
 * after some tries others get to run.
 */
#include <errno.h>
#include <pthread.h>

#include <ipc/sys.h>

#define TRIES 64

int
pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
	(void)shared;
	*lock = 0;
	return 0;
}

/* Returns 0, or EBUSY: it is locked. */
int
pthread_spin_destroy(pthread_spinlock_t *lock)
{
	return __atomic_load_n(lock, __ATOMIC_RELAXED) ? EBUSY : 0;
}

/* Returns 0 or EBUSY. */
int
pthread_spin_trylock(pthread_spinlock_t *lock)
{
	return __atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) ? EBUSY : 0;
}

int
pthread_spin_lock(pthread_spinlock_t *lock)
{
	for (;;) {
		if (pthread_spin_trylock(lock) == 0)
			return 0;
		/* Read only: an exchange would take the line from its owner. */
		for (int i = 0; i < TRIES; i++) {
			if (__atomic_load_n(lock, __ATOMIC_RELAXED) == 0)
				break;
		}
		if (__atomic_load_n(lock, __ATOMIC_RELAXED) != 0)
			(void)sys_yield();
	}
}

int
pthread_spin_unlock(pthread_spinlock_t *lock)
{
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
	return 0;
}

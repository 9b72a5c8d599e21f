/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pthread_mutex.c - mutexes: the locks of lock.h, with types.
 *
 * A mutex between processes stays locked if its owner is killed; if that
 * happens as it gives the mutex back, those who wait may not hear of it.
 */
#include "mutex.h"
#include "owner.h"

#include <errno.h>
#include <pthread.h>

int
pthread_mutex_init(pthread_mutex_t *restrict mutex,
    const pthread_mutexattr_t *restrict attributes)
{
	*mutex = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	if (attributes != NULL) {
		mutex->__type = attributes->__type;
		mutex->__shared = attributes->__shared;
	}
	return 0;
}

/* Returns 0, or EBUSY: it is locked. */
int
pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	return __atomic_load_n(&mutex->__word, __ATOMIC_RELAXED) ? EBUSY : 0;
}

/* Nobody asks for the owner of another: private ones tell it in their word. */
static bool
tells_owner(const pthread_mutex_t *mutex)
{
	return mutex->__shared && mutex->__type != PTHREAD_MUTEX_NORMAL;
}

bool
__tine_mutex_is_mine(const pthread_mutex_t *mutex)
{
	return mutex->__shared ? owner_is_self(&mutex->__owner, true)
			       : lock_is_mine(&mutex->__word);
}

static bool
try(pthread_mutex_t *mutex)
{
	if (!lock_try(&mutex->__word))
		return false;
	if (tells_owner(mutex))
		owner_set(&mutex->__owner, true);
	return true;
}

int
__tine_mutex_take(pthread_mutex_t *mutex, uint64_t deadline)
{
	int error;

	if (try(mutex))
		return 0;
	error = __tine_lock_wait(&mutex->__word, deadline, mutex->__shared);
	if (error == 0 && tells_owner(mutex))
		owner_set(&mutex->__owner, true);
	return error;
}

void
__tine_mutex_drop(pthread_mutex_t *mutex)
{
	if (tells_owner(mutex))
		owner_clear(&mutex->__owner);
	lock_drop(&mutex->__word, mutex->__shared);
}

/* What trying to take a mutex again gives; EBUSY: it is to wait. */
static int
lock_again(pthread_mutex_t *mutex)
{
	if (mutex->__type == PTHREAD_MUTEX_NORMAL ||
	    !__tine_mutex_is_mine(mutex))
		return EBUSY;
	if (mutex->__type == PTHREAD_MUTEX_ERRORCHECK)
		return EDEADLK;
	if (mutex->__depth == UINT32_MAX)
		return EAGAIN;
	mutex->__depth++;
	return 0;
}

/*
 * Returns 0, EDEADLK (PTHREAD_MUTEX_ERRORCHECK: the caller has it) or EAGAIN
 * (PTHREAD_MUTEX_RECURSIVE: it has it too often).
 */
int
pthread_mutex_lock(pthread_mutex_t *mutex)
{
	int error;

	if (try(mutex))
		return 0;
	error = lock_again(mutex);
	if (error != EBUSY)
		return error;
	return __tine_mutex_take(mutex, PROC_FOREVER);
}

/* As pthread_mutex_lock(); ETIMEDOUT, EINVAL no such time. */
int
pthread_mutex_timedlock(
    pthread_mutex_t *restrict mutex, const struct timespec *restrict time)
{
	uint64_t deadline;
	int error;

	if (try(mutex))
		return 0;
	error = lock_again(mutex);
	if (error != EBUSY)
		return error;
	error = __tine_deadline(CLOCK_REALTIME, time, &deadline);
	return error ? error : __tine_mutex_take(mutex, deadline);
}

/* As pthread_mutex_lock(), but EBUSY when somebody has it. */
int
pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	int error;

	if (try(mutex))
		return 0;
	error = lock_again(mutex);
	return error == EDEADLK ? EBUSY : error;
}

/*
 * Returns 0, or EPERM: the caller does not have it, which is not noticed with
 * PTHREAD_MUTEX_NORMAL.
 */
int
pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	if (mutex->__type != PTHREAD_MUTEX_NORMAL) {
		if (!__tine_mutex_is_mine(mutex))
			return EPERM;
		if (mutex->__depth > 0) {
			mutex->__depth--;
			return 0;
		}
	}
	__tine_mutex_drop(mutex);
	return 0;
}

int
pthread_mutexattr_init(pthread_mutexattr_t *attributes)
{
	*attributes = (pthread_mutexattr_t){.__type = PTHREAD_MUTEX_DEFAULT};
	return 0;
}

int
pthread_mutexattr_destroy(pthread_mutexattr_t *attributes)
{
	(void)attributes;
	return 0;
}

/* Returns 0, or EINVAL: no such type. */
int
pthread_mutexattr_settype(pthread_mutexattr_t *attributes, int type)
{
	if (type < PTHREAD_MUTEX_NORMAL || type > PTHREAD_MUTEX_RECURSIVE)
		return EINVAL;
	attributes->__type = type;
	return 0;
}

int
pthread_mutexattr_gettype(
    const pthread_mutexattr_t *restrict attributes, int *restrict type)
{
	*type = attributes->__type;
	return 0;
}

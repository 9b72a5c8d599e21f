/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pthread_key.c - values that each thread has of its own.
 *
 * A key has a number that is odd while the key is in use, and grows each time
 * that it is created or deleted.  A value counts only with the number of its
 * key: what threads left in a key that was deleted is not found in the next
 * one of that index.
 */
#include "thread.h"

#include <errno.h>
#include <pthread.h>
#include <sys/lock.h>

/* Guarded by the library's lock; number is read without it, too. */
static struct key {
	uint32_t number;
	void (*destructor)(void *);
} keys[PTHREAD_KEYS_MAX];

static _Thread_local struct value {
	uint32_t number;
	void *value;
} values[PTHREAD_KEYS_MAX];

static bool
is_used(uint32_t number)
{
	return number % 2 != 0;
}

static uint32_t
key_number(pthread_key_t index)
{
	return __atomic_load_n(&keys[index].number, __ATOMIC_RELAXED);
}

/* Returns 0, or EAGAIN: there are PTHREAD_KEYS_MAX already. */
int
pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	pthread_key_t i;

	__LIBC_LOCK();
	for (i = 0; i < PTHREAD_KEYS_MAX; i++) {
		if (!is_used(keys[i].number))
			break;
	}
	if (i < PTHREAD_KEYS_MAX) {
		keys[i].destructor = destructor;
		__atomic_store_n(
		    &keys[i].number, keys[i].number + 1, __ATOMIC_RELAXED);
		*key = i;
	}
	__LIBC_UNLOCK();
	return i < PTHREAD_KEYS_MAX ? 0 : EAGAIN;
}

/* Returns 0, or EINVAL: no such key.  No destructor is called. */
int
pthread_key_delete(pthread_key_t key)
{
	int error = EINVAL;

	__LIBC_LOCK();
	if (key < PTHREAD_KEYS_MAX && is_used(keys[key].number)) {
		__atomic_store_n(
		    &keys[key].number, keys[key].number + 1, __ATOMIC_RELAXED);
		error = 0;
	}
	__LIBC_UNLOCK();
	return error;
}

void *
pthread_getspecific(pthread_key_t key)
{
	if (key >= PTHREAD_KEYS_MAX || values[key].number != key_number(key))
		return NULL;
	return values[key].value;
}

/* Returns 0, or EINVAL: no such key. */
int
pthread_setspecific(pthread_key_t key, const void *value)
{
	uint32_t number = key < PTHREAD_KEYS_MAX ? key_number(key) : 0;

	if (!is_used(number))
		return EINVAL;
	values[key].number = number;
	values[key].value = (void *)(uintptr_t)value;
	return 0;
}

/* The destructor of a key that has this number. */
static void (*destructor_of(pthread_key_t key, uint32_t number))(void *)
{
	void (*destructor)(void *) = NULL;

	__LIBC_LOCK();
	if (is_used(number) && keys[key].number == number)
		destructor = keys[key].destructor;
	__LIBC_UNLOCK();
	return destructor;
}

/* Destroy each value; whether there were any. */
static bool
destroy_values(void)
{
	bool found = false;

	for (pthread_key_t i = 0; i < PTHREAD_KEYS_MAX; i++) {
		void *value = values[i].value;
		void (*destructor)(void *);

		if (value == NULL)
			continue;
		values[i].value = NULL;
		destructor = destructor_of(i, values[i].number);
		if (destructor == NULL)
			continue;
		destructor(value);
		found = true;
	}
	return found;
}

void
__tine_thread_values(void)
{
	/* Destructors may set values. */
	for (int i = 0; i < PTHREAD_DESTRUCTOR_ITERATIONS; i++) {
		if (!destroy_values())
			break;
	}
}

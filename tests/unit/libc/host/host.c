/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host.c - threads of the host, and a futex of theirs for libc's locks.
 *
 * The futex does what procsrv's does: it looks at the word and queues the
 * caller in one step, and wakes the oldest first.  A tick is a nanosecond of
 * CLOCK_REALTIME.
 */
#include "host.h"

#include <errno.h>
#include <futex.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define NSEC_PER_SEC 1000000000ul
#define THREADS_MAX 16
#define PATIENCE 20000 /* milliseconds */

struct sleeper {
	struct sleeper *next;
	const uint32_t *word;
	bool shared; /* only such wakes end its sleep */
	bool woken;
	pthread_cond_t cond;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct sleeper *oldest;
static unsigned int wakes, interrupts;

static void
enqueue(struct sleeper *sleeper)
{
	struct sleeper **link = &oldest;

	while (*link != NULL)
		link = &(*link)->next;
	*link = sleeper;
}

static void
dequeue(struct sleeper *sleeper)
{
	struct sleeper **link = &oldest;

	while (*link != sleeper)
		link = &(*link)->next;
	*link = sleeper->next;
}

static int
sleep_until(struct sleeper *sleeper, uint64_t deadline)
{
	const struct timespec time = {
	    .tv_sec = (time_t)(deadline / NSEC_PER_SEC),
	    .tv_nsec = (long)(deadline % NSEC_PER_SEC),
	};

	while (!sleeper->woken) {
		if (deadline == PROC_FOREVER)
			pthread_cond_wait(&sleeper->cond, &lock);
		else if (pthread_cond_timedwait(&sleeper->cond, &lock, &time) ==
			     ETIMEDOUT &&
			 !sleeper->woken) {
			dequeue(sleeper);
			return ETIMEDOUT;
		}
	}
	return 0;
}

int
__tine_futex_wait_in(
    const uint32_t *word, uint32_t value, uint64_t deadline, bool shared)
{
	struct sleeper sleeper = {
	    .word = word,
	    .shared = shared,
	    .cond = PTHREAD_COND_INITIALIZER,
	};
	int error;

	pthread_mutex_lock(&lock);
	if (interrupts > 0) {
		interrupts--;
		error = EINTR;
	} else if (__atomic_load_n(word, __ATOMIC_RELAXED) != value) {
		error = EAGAIN;
	} else {
		enqueue(&sleeper);
		error = sleep_until(&sleeper, deadline);
	}
	pthread_mutex_unlock(&lock);
	pthread_cond_destroy(&sleeper.cond);
	/* Whoever wakes took it out of the queue: NOLINTNEXTLINE */
	return error;
}

uint32_t
__tine_futex_wake_in(const uint32_t *word, uint32_t count, bool shared)
{
	struct sleeper **link = &oldest;
	uint32_t woken = 0;

	pthread_mutex_lock(&lock);
	wakes++;
	while (*link != NULL && woken < count) {
		struct sleeper *sleeper = *link;

		if (sleeper->word != word || sleeper->shared != shared) {
			link = &sleeper->next;
			continue;
		}
		*link = sleeper->next;
		sleeper->woken = true;
		pthread_cond_signal(&sleeper->cond);
		woken++;
	}
	pthread_mutex_unlock(&lock);
	return woken;
}

static uint64_t
nanoseconds(const struct timespec *time)
{
	return (uint64_t)time->tv_sec * NSEC_PER_SEC + (uint64_t)time->tv_nsec;
}

int
__tine_deadline(
    clockid_t clock, const struct timespec *time, uint64_t *deadline)
{
	struct timespec now, real;

	if (time->tv_nsec < 0 || time->tv_nsec >= (long)NSEC_PER_SEC)
		return EINVAL;
	clock_gettime(clock, &now);
	clock_gettime(CLOCK_REALTIME, &real);
	*deadline = nanoseconds(&real) + nanoseconds(time) - nanoseconds(&now);
	return 0;
}

struct start {
	void (*body)(unsigned int);
	unsigned int index;
};

static void *
start(void *argument)
{
	const struct start *of = argument;

	of->body(of->index);
	return NULL;
}

void
host_run(unsigned int count, void (*body)(unsigned int index))
{
	pthread_t threads[THREADS_MAX];
	struct start starts[THREADS_MAX];

	if (count > THREADS_MAX)
		abort();
	for (unsigned int i = 0; i < count; i++) {
		starts[i] = (struct start){.body = body, .index = i};
		if (pthread_create(&threads[i], NULL, start, &starts[i]) != 0)
			abort();
	}
	for (unsigned int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
}

void
host_sleep(unsigned int milliseconds)
{
	const struct timespec time = {
	    .tv_sec = milliseconds / 1000,
	    .tv_nsec = milliseconds % 1000 * 1000000l,
	};

	nanosleep(&time, NULL);
}

static unsigned int
sleepers(const uint32_t *word)
{
	unsigned int count = 0;

	pthread_mutex_lock(&lock);
	for (struct sleeper *one = oldest; one != NULL; one = one->next)
		count += one->word == word;
	pthread_mutex_unlock(&lock);
	return count;
}

void
host_wait_sleepers(const uint32_t *word, unsigned int count)
{
	for (int i = 0; sleepers(word) != count; i++) {
		if (i == PATIENCE) {
			fprintf(stderr, "nobody comes to sleep\n");
			abort();
		}
		host_sleep(1);
	}
}

unsigned int
host_wakes(void)
{
	unsigned int count;

	pthread_mutex_lock(&lock);
	count = wakes;
	wakes = 0;
	pthread_mutex_unlock(&lock);
	return count;
}

void
host_interrupt(unsigned int count)
{
	pthread_mutex_lock(&lock);
	interrupts = count;
	pthread_mutex_unlock(&lock);
}

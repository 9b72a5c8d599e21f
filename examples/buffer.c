/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * buffer.c - producers and consumers with a buffer between them.
 *
 *	buffer [PRODUCERS [CONSUMERS [ITEMS]]]
 *
 * All are processes that share one page of memory.  In it are a few slots and
 * three semaphores: how many slots are full, how many are empty, and whose
 * turn it is.  Each producer puts ITEMS numbers into the slots, whoever
 * consumes takes one after another, and the sum is checked.
 */
#include <err.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PRODUCERS 4
#define CONSUMERS 2
#define PROCESSES_MAX 32 /* of each kind */
#define ITEMS 1000
#define ITEMS_MAX 1000000
#define SLOTS 8
#define END 0 /* an item after which a consumer takes no more */

struct shared {
	sem_t full, empty; /* slots */
	sem_t turn; /* to touch what follows */
	unsigned int put, taken;
	unsigned long slots[SLOTS];
	unsigned long count, sum; /* of the items consumed */
};

static void
take_turn(sem_t *sem)
{
	if (sem_wait(sem) < 0)
		err(1, "sem_wait");
}

static void
put(struct shared *shared, unsigned long item)
{
	take_turn(&shared->empty);
	take_turn(&shared->turn);
	shared->slots[shared->put++ % SLOTS] = item;
	sem_post(&shared->turn);
	sem_post(&shared->full);
}

static void
produce(struct shared *shared, unsigned long items)
{
	for (unsigned long item = 1; item <= items; item++)
		put(shared, item);
}

static void
consume(struct shared *shared)
{
	unsigned long item;

	do {
		take_turn(&shared->full);
		take_turn(&shared->turn);
		item = shared->slots[shared->taken++ % SLOTS];
		shared->count += item != END;
		shared->sum += item;
		sem_post(&shared->turn);
		sem_post(&shared->empty);
	} while (item != END);
}

/* A child; it returns there, too. */
static pid_t
start(void)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	return pid;
}

static void
wait_for(unsigned long children)
{
	for (unsigned long i = 0; i < children; i++) {
		int status;

		if (wait(&status) < 0)
			err(1, "wait");
		if (status != 0)
			errx(1, "a child ended with status %#x",
			    (unsigned int)status);
	}
}

static unsigned long
argument(
    int argc, char **argv, int i, unsigned long otherwise, unsigned long most)
{
	unsigned long value = argc > i ? strtoul(argv[i], NULL, 10) : otherwise;

	if (value == 0 || value > most)
		errx(1,
		    "usage: buffer [PRODUCERS [CONSUMERS [ITEMS]]], "
		    "up to %d, %d and %d",
		    PROCESSES_MAX, PROCESSES_MAX, ITEMS_MAX);
	return value;
}

static struct shared *
shared_new(void)
{
	struct shared *shared = mmap(NULL, sizeof(*shared),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANON, -1, 0);

	if (shared == MAP_FAILED)
		err(1, "mmap");
	if (sem_init(&shared->full, 1, 0) < 0 ||
	    sem_init(&shared->empty, 1, SLOTS) < 0 ||
	    sem_init(&shared->turn, 1, 1) < 0)
		err(1, "sem_init");
	return shared;
}

int
main(int argc, char **argv)
{
	unsigned long producers =
	    argument(argc, argv, 1, PRODUCERS, PROCESSES_MAX);
	unsigned long consumers =
	    argument(argc, argv, 2, CONSUMERS, PROCESSES_MAX);
	unsigned long items = argument(argc, argv, 3, ITEMS, ITEMS_MAX);
	struct shared *shared = shared_new();

	for (unsigned long i = 0; i < consumers; i++) {
		if (start() == 0) {
			consume(shared);
			_exit(0);
		}
	}
	for (unsigned long i = 0; i < producers; i++) {
		if (start() == 0) {
			produce(shared, items);
			_exit(0);
		}
	}
	/* Whoever ends first is a producer: consumers have had no END yet. */
	wait_for(producers);
	for (unsigned long i = 0; i < consumers; i++)
		put(shared, END);
	wait_for(consumers);
	printf("%lu items, their sum is %lu\n", shared->count, shared->sum);
	if (shared->count != producers * items ||
	    shared->sum != producers * (items * (items + 1) / 2))
		errx(1, "wrong: there were %lu", producers * items);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * smpcow.c - copy on write while other LWPs write, on other harts.
 *
 *	smpcow [SECONDS]
 *
 * Each writer owns pages and stores the number of its round in the first and
 * then in the last word of each, having seen that its last number is still
 * there: no write of its is lost, and none of a child's leaks to it.  The
 * first LWP forks all the while.  Its children find in each page what a
 * moment of the fork left there, see that it stays, and write over it.
 */
#include "tap.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "watch.h"

#define WRITERS 3
#define PAGES 200 /* of each writer; together more than a table has */
#define WORDS (PAGE_SIZE / sizeof(long))
#define SECONDS 3
#define LOOKS 3
#define CHILDREN 2 /* at a time */
#define SPOILT (-7l)

struct writer {
	volatile long round; /* that it has begun */
	volatile long done; /* that it has ended */
	volatile long
	    lost; /* the first page in which a write was lost, or -1 */
	long found;
	volatile long (*pages)[WORDS];
};

/* What the forking LWP knew before and after a fork. */
struct bounds {
	long least[WRITERS];
	long most[WRITERS];
};

static struct writer writers[WRITERS];
static volatile long stopping;
/* Of each child: whether it may look, when the parent has set bounds. */
struct slot {
	long go;
	struct bounds bounds;
};
static volatile struct slot *slots;

static void *
write_on(void *argument)
{
	struct writer *self = argument;

	for (long round = 1; stopping == 0; round++) {
		self->round = round;
		for (long i = 0; i < PAGES; i++) {
			volatile long *page = self->pages[i];

			if (page[0] != round - 1 ||
			    page[WORDS - 1] != round - 1) {
				self->found = page[0];
				self->lost = i;
				return NULL;
			}
			page[0] = round;
			page[WORDS - 1] = round;
		}
		self->done = round;
	}
	return NULL;
}

/* Whether a page is as some moment between the bounds had it. */
static bool
possible(const volatile long *page, long least, long most)
{
	long first = page[0], last = page[WORDS - 1];

	return first >= least && first <= most &&
	       (last == first || last == first - 1);
}

/* In the child: look at all pages, look again, spoil them. */
static int
inspect(const volatile struct slot *slot)
{
	static long seen[WRITERS][PAGES][2];

	for (int look = 0; look < LOOKS; look++) {
		for (int w = 0; w < WRITERS; w++) {
			for (int i = 0; i < PAGES; i++) {
				volatile long *page = writers[w].pages[i];

				if (look == 0) {
					seen[w][i][0] = page[0];
					seen[w][i][1] = page[WORDS - 1];
				}
				if (seen[w][i][0] != page[0] ||
				    seen[w][i][1] != page[WORDS - 1])
					return 2;
			}
		}
	}
	if (!watch(&slot->go, 1))
		return 3;
	for (int w = 0; w < WRITERS; w++) {
		for (int i = 0; i < PAGES; i++) {
			volatile long *page = writers[w].pages[i];

			if (seen[w][i][0] != page[0] ||
			    seen[w][i][1] != page[WORDS - 1])
				return 4;
			if (!possible(page, slot->bounds.least[w],
				slot->bounds.most[w]))
				return 5;
			page[0] = page[WORDS - 1] = SPOILT;
		}
	}
	return 0;
}

static pid_t
fork_one(volatile struct slot *slot)
{
	pid_t pid;

	slot->go = 0;
	for (int w = 0; w < WRITERS; w++)
		slot->bounds.least[w] = writers[w].done;
	pid = fork();
	if (pid == 0)
		_exit(inspect(slot));
	for (int w = 0; w < WRITERS; w++)
		slot->bounds.most[w] = writers[w].round;
	slot->go = 1;
	return pid;
}

/* Fork and reap until the time is up; how many children were well, or -1. */
static long
forks(int seconds)
{
	time_t end = time(NULL) + seconds;
	pid_t pids[CHILDREN] = {};
	long good = 0;

	while (good >= 0 && time(NULL) <= end) {
		for (int i = 0; i < CHILDREN; i++)
			pids[i] = fork_one(&slots[i]);
		for (int i = 0; i < CHILDREN; i++) {
			int status = status_soon(pids[i], 0);

			if (status != 0)
				printf("# status %#x\n", (unsigned int)status);
			good = status == 0 && good >= 0 ? good + 1 : -1;
		}
	}
	return good;
}

static bool
writers_end(const pthread_t *threads)
{
	bool good = true;

	stopping = 1;
	for (int w = 0; w < WRITERS; w++) {
		(void)pthread_join(threads[w], NULL);
		printf("# writer %d: %ld rounds\n", w, writers[w].round);
		if (writers[w].lost >= 0)
			printf("# lost in page %ld: %ld\n", writers[w].lost,
			    writers[w].found);
		good = good && writers[w].lost < 0 && writers[w].done > 1;
	}
	return good;
}

static void *
map(size_t bytes, int flags)
{
	void *area =
	    mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_ANON | flags, -1, 0);

	if (area == MAP_FAILED)
		abort();
	return area;
}

int
main(int argc, char **argv)
{
	int seconds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : SECONDS;
	pthread_t threads[WRITERS];
	long before, children;

	slots = map(PAGE_SIZE, MAP_SHARED);
	for (int w = 0; w < WRITERS; w++) {
		writers[w].lost = -1;
		writers[w].pages = map(PAGES * PAGE_SIZE, MAP_PRIVATE);
		memset(
		    (void *)(uintptr_t)writers[w].pages, 0, PAGES * PAGE_SIZE);
		if (pthread_create(&threads[w], NULL, write_on, &writers[w]))
			abort();
	}
	children = forks(0);
	ok(children > 0, "F30 children of a process with several LWPs");
	nap(A_MOMENT);
	before = free_frames();
	children = forks(seconds);
	printf("# %ld children\n", children);
	ok(children > 0,
	    "F30 a child has each page as it was at the fork, and keeps it so");
	is(frames_settled(before), before, "F30 no frame is left behind");
	ok(writers_end(threads),
	    "F30 no write of the other LWPs is lost, none of a child leaks");
	return tap_end();
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * watch.h - waiting for what other processes do, but not for ever.
 *
 * Whoever waits here sleeps, so that the host's few processors are free for
 * the harts of those that are waited for.
 */
#ifndef TINE_TESTS_WATCH_H
#define TINE_TESTS_WATCH_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#define WATCH_SECONDS 20
#define TABLES_MAX 200 /* children */
/* Long enough for a process to get where it is going, or to run if it can. */
#define A_MOMENT 40
#define STOPPED(signal) ((signal) << 8 | 0177)
#define CONTINUED 0xffff
#define NOT_YET (-2)

/* Since power-on. */
long milliseconds(void);
/* The time of CLOCK_REALTIME in so many milliseconds. */
struct timespec after(long length);
/* Sleep for so many milliseconds, whatever signals come. */
void nap(unsigned int length);
/* Until *word is at least so much; false: it is not, after a long time. */
bool watch(const volatile long *word, long least);
/* waitpid() that gives up: the status, -1, or after a long time NOT_YET. */
int status_soon(pid_t pid, int options);
/* What waitpid() finds at once: the status, -1 or NOT_YET. */
int status_now(pid_t pid, int options);
/*
 * Have so many children at once, and none again: tables of the servers grow
 * to what is needed at most, and stay; before frames are counted.
 */
void tables_grow(int children);
/* Free frames, once there are as many as before, or after a long time. */
long frames_settled(long before);
/* Processes likewise: init takes its time to wait for orphans. */
long processes_settled(long before);

/* What there is of each thing, and whether that is so again; says if not. */
struct books {
	long frames, threads, spaces, nprocs;
};
struct books books_read(void);
bool books_balanced(const struct books *before);

#endif

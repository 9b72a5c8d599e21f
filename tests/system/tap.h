/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tap.h - what the tests on the target have in common.
 *
 * A program calls ok() for each test, in the parent only, and returns
 * tap_end() from main().  A claim begins with the ids of the rows of fork1's
 * acceptance table that it tests, if any.
 */
#ifndef TINE_TESTS_TAP_H
#define TINE_TESTS_TAP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include <ipc/sys.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define EXITED(code) ((code) << 8)

/* Report a test; the second also says what was found. */
void ok(bool good, const char *claim);
void is(long found, long expected, const char *claim);
/* Print the plan; main()'s result. */
int tap_end(void);

/* Fork a child that exits with run()'s result; its pid. */
pid_t child_start(int (*run)(void));
/* The same, and wait for it: its status, or -1. */
int child_status(int (*run)(void));
int status_of(pid_t pid);

/* A page of zeros that children share. */
volatile long *shared_page(void);
/* Let others run until *flag is set; gives up after some seconds. */
bool wait_flag(const volatile long *flag);
/* Run for so long. */
void spin(unsigned int milliseconds);

long sysctl_number(const char *name);
/* 0, or -1 with errno. */
int sysctl_set(const char *name, int value);
/* Set the soft RLIMIT_NPROC: 0, or -1 with errno. */
int limit_processes(rlim_t soft);
uint64_t stat_now(enum stat stat);
/* Until vmsrv has torn down, on whatever hart, what was ended before. */
void teardowns_end(void);
/* Free frames, after that. */
long free_frames(void);

#endif

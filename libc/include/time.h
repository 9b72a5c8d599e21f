/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * time.h - picolibc's, with the clocks that it hides.
 */
#ifndef _TINE_TIME_H
#define _TINE_TIME_H

#ifndef _POSIX_TIMERS
#define _POSIX_TIMERS 200809L
#endif
#ifndef _POSIX_MONOTONIC_CLOCK
#define _POSIX_MONOTONIC_CLOCK 200809L
#endif
#ifndef _POSIX_CPUTIME
#define _POSIX_CPUTIME 200809L
#endif
#ifndef _POSIX_THREAD_CPUTIME
#define _POSIX_THREAD_CPUTIME 200809L
#endif
#ifndef _POSIX_CLOCK_SELECTION
#define _POSIX_CLOCK_SELECTION 200809L
#endif
/* picolibc 1.8.10 uses pid_t there without having it. */
#include <sys/types.h>
#include_next <time.h>

#endif

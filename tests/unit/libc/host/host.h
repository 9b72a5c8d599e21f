/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host.h - threads of the host, and a futex of theirs for libc's locks.
 */
#ifndef TINE_TESTS_HOST_H
#define TINE_TESTS_HOST_H

#include <stdint.h>

/* Run body(0) to body(count - 1), each in a thread, until all have ended. */
void host_run(unsigned int count, void (*body)(unsigned int index));

/* Let others run for so long. */
void host_sleep(unsigned int milliseconds);

/* How many threads wait for a word; returns once there are so many. */
void host_wait_sleepers(const uint32_t *word, unsigned int count);

/* Wakes asked for, since the last time that this was called. */
unsigned int host_wakes(void);

/* Have the next so many waits end with EINTR at once. */
void host_interrupt(unsigned int count);

#endif

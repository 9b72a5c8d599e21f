/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * futex.h - waiting for a word of memory to change.
 *
 * Host tests link fakes of these.
 */
#ifndef TINE_LIBC_FUTEX_H
#define TINE_LIBC_FUTEX_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include <ipc/proc.h>

#define FUTEX_ALL (~0u)

/*
 * Wait until *word is woken, if it has this value still; deadline in ticks of
 * rdtime, or PROC_FOREVER.  Shared: until woken by whoever shares the memory;
 * in memory that nobody shares it is as if not.  Returns 0; EAGAIN: it had
 * another value; EINTR: a signal handler ran; ETIMEDOUT.  Any other error has
 * let others run: whoever waits in a loop may go on doing so.
 */
int __tine_futex_wait_in(
    const uint32_t *word, uint32_t value, uint64_t deadline, bool shared);

static inline int
__tine_futex_wait(const uint32_t *word, uint32_t value, uint64_t deadline)
{
	return __tine_futex_wait_in(word, value, deadline, false);
}

/*
 * Wake up to count LWPs that wait for this word, the oldest first, with the
 * same `shared`.  The word is not read: it may be gone already.  Returns how
 * many there were.
 */
uint32_t __tine_futex_wake_in(
    const uint32_t *word, uint32_t count, bool shared);

static inline uint32_t
__tine_futex_wake(const uint32_t *word, uint32_t count)
{
	return __tine_futex_wake_in(word, count, false);
}

/*
 * The deadline at which a clock will show a time, never too early.  Returns 0
 * or EINVAL: no such clock, or no such time.  errno stays.
 */
int __tine_deadline(
    clockid_t clock, const struct timespec *time, uint64_t *deadline);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * futex.h - waiting for a word of memory to change.
 *
 * Host tests link fakes of these.
 */
#ifndef TINE_LIBC_FUTEX_H
#define TINE_LIBC_FUTEX_H

#include <stdint.h>
#include <time.h>

#include <ipc/proc.h>

#define FUTEX_ALL (~0u)

/*
 * Wait until *word is woken, if it has this value still; deadline in ticks of
 * rdtime, or PROC_FOREVER.  Returns 0; EAGAIN: it had another value; EINTR: a
 * signal handler ran; ETIMEDOUT.  Any other error has let others run: whoever
 * waits in a loop may go on doing so.
 */
int __tine_futex_wait(const uint32_t *word, uint32_t value, uint64_t deadline);

/*
 * Wake up to count LWPs that wait for this word, the oldest first.  The word
 * is not read: it may be gone already.  Returns how many there were.
 */
uint32_t __tine_futex_wake(const uint32_t *word, uint32_t count);

/*
 * The deadline at which a clock will show a time, never too early.  Returns 0
 * or EINVAL: no such clock, or no such time.  errno stays.
 */
int __tine_deadline(
    clockid_t clock, const struct timespec *time, uint64_t *deadline);

#endif

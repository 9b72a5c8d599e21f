/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * futex.h - waiting for a word of memory.
 *
 * The word's address space and address are the key, and no more than that:
 * what is read is the caller's window.  Who wakes has written before; since
 * its request is served after ours, no wakeup falls between a look and the
 * wait.
 */
#ifndef TINE_PROCSRV_FUTEX_H
#define TINE_PROCSRV_FUTEX_H

#include <abi/types.h>

struct lwp;

/*
 * Wait until the word at address, which is the window, is woken, if it has
 * this value.  Returns SERVE_LATER; EINVAL an address that is not aligned;
 * EAGAIN the word has another value; ETIMEDOUT at the deadline, in ticks;
 * EFAULT, ENOMEM, ESTALE the word can't be read.
 */
int futex_wait(struct lwp *lwp, token_t token, uint64_t address,
    uint64_t deadline, uint32_t value);

/*
 * Wake at most count of those that wait for this word of the caller's space,
 * those first that have waited longest.  *wokenp: how many.  EINVAL.
 */
int futex_wake(
    const struct lwp *lwp, uint64_t address, uint32_t count, uint64_t *wokenp);

#endif

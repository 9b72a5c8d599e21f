/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * futex.h - waiting for a word of memory.
 *
 * The word's address space and address are the key, or what vmsrv calls it if
 * it is in memory that processes share, and no more than that: what is read
 * is the caller's window.  Who wakes has written before; since its request is
 * served after ours, no wakeup falls between a look and the wait.
 */
#ifndef TINE_PROCSRV_FUTEX_H
#define TINE_PROCSRV_FUTEX_H

#include <abi/types.h>

struct lwp;
struct proc_futex_wait_req;
struct proc_futex_wake_req;

/*
 * Wait until the word at an address, which is the window, is woken, if it has
 * the value.  Returns SERVE_LATER; EINVAL an address that is not aligned;
 * EAGAIN the word has another value; ETIMEDOUT at the deadline, in ticks;
 * EFAULT, ENOMEM, ESTALE the word can't be read, or is not shared.
 */
int futex_wait(
    struct lwp *lwp, token_t token, const struct proc_futex_wait_req *req);

/*
 * Wake at most so many of those that wait for this word, of the caller's
 * space or shared, those first that have waited longest.  *wokenp: how many.
 * EINVAL; EFAULT it is not shared.
 */
int futex_wake(const struct lwp *lwp, const struct proc_futex_wake_req *req,
    uint64_t *wokenp);

/*
 * An LWP with LWPF_WOKEN ends, or becomes another program: it may not have
 * come to what it was woken for.  Others that wait for the shared words are
 * woken in its stead: the last one, and the one before, as who is woken for a
 * condition waits for its lock next.  One too many does no harm: whoever is
 * woken looks.
 */
void futex_pass_on(struct lwp *lwp);

#endif

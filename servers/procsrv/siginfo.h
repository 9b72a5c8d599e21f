/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * siginfo.h - what is pending, with what is known of it.
 *
 * A pending set is a word with a bit for each signal and a list of records.
 * A signal may be pending without a record: its siginfo then says only which
 * it is.
 *
 * Invariant: a record's signal is in the set.
 */
#ifndef TINE_PROCSRV_SIGINFO_H
#define TINE_PROCSRV_SIGINFO_H

#include <ipc/proc.h>

#include "list.h"

/* Records of one pending set, NetBSD's SIGQUEUE_MAX. */
#define SIGQUEUE_MAX 32u

/*
 * Make a signal pending.  One that is pending already is queued behind if it
 * is SIGRTMIN or above, else its record is replaced.  When there is no record
 * to be had, one of sigqueue() is refused (EAGAIN), any other is pending
 * without.
 */
int siginfo_put(
    uint64_t *pending, struct list *infos, const struct proc_siginfo *info);

/* Take the oldest of a pending signal. */
void siginfo_take(uint64_t *pending, struct list *infos, int32_t signal,
    struct proc_siginfo *info);

/* Forget all signals of a set. */
void siginfo_drop(uint64_t *pending, struct list *infos, uint64_t set);

/* Whether a signal of proc_timer_create()'s timer with this serial waits. */
bool siginfo_has_timer(const struct list *infos, uint64_t serial);

/* Records in use; for tests. */
uint32_t siginfo_count(void);

#endif

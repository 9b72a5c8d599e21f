/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ipc.h - the calls that move messages.
 */
#pragma once

#include "thread.h"

/*
 * Do the message call in self's registers (a7: one of the IPC numbers; any
 * other gets ENOSYS).  Returns the thread that should run next if self
 * can't go on (READY, on no queue), or NULL.
 */
struct thread *ipc_slow(struct thread *self) LOCKED MUST_CHECK;

/*
 * Answer the caller behind a token: with self's a2-a6 and t0 as words, as in
 * msg.h, or, for a call of the kernel's, let it go on with all registers as
 * they were.  *wokenp is who is READY but on no queue then, or NULL.  False:
 * the token is stale.
 */
bool ipc_answer(struct thread *self, token_t token, uint64_t info,
    struct thread **wokenp) LOCKED;

/*
 * Receive from the endpoint in a slot for self, or refuse, after a call that
 * answered woken.  *nextp is who should run if self can't, or NULL.
 */
void ipc_recv_next(struct thread *self, uint64_t slot, struct thread *woken,
    struct thread **nextp) LOCKED;

/* Make who is READY but on no queue, if that is not NULL, ready. */
void ipc_woken(struct thread *woken) LOCKED;

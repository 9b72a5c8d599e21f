/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger.h - how many frames are promised, and to how many it can be said yes.
 *
 * Every frame that may ever be taken off the kernel's free list is charged
 * here first: pages when they are promised, not when they are touched, table
 * frames when a range is mapped, objects, and vmsrv's own tables.  So what was
 * promised can be had, and a refusal is an error number at the time of the
 * request, never a kill later.
 *
 * Invariant: available <= the length of the kernel's free list.
 */
#ifndef TINE_VMSRV_LEDGER_H
#define TINE_VMSRV_LEDGER_H

#include <abi/types.h>

/* Start with so many free frames. */
void ledger_init(uint64_t frames);

/* Promise frames.  ENOMEM: not so many are left. */
int ledger_charge(uint64_t frames) __attribute__((warn_unused_result));

/* Take back a promise whose frames are on the free list again. */
void ledger_release(uint64_t frames);

uint64_t ledger_available(void);

/* Every promise is backed by a free frame. */
void ledger_check(void);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault.h - what belongs at an address: vmsrv as pager.
 */
#ifndef TINE_VMSRV_FAULT_H
#define TINE_VMSRV_FAULT_H

#include <abi/types.h>
#include <ipc/msg.h>

#include "space.h"

/* Arguments of the call that maps the page. */
struct page_plan {
	uint64_t source;
	uint64_t flags; /* 0: nothing to map, the entry will do */
};

/*
 * Decide what is to be mapped for an access to va, where entry was found.
 * Grows the stack if that is what it takes.  EFAULT nothing is there; EACCES
 * not for this access; ENOMEM the stack cannot be charged, or a promised
 * frame cannot be had.
 */
int fault_plan(struct space *space, uint64_t va, uint64_t access,
    uint64_t entry, struct page_plan *plan) __attribute__((warn_unused_result));

/* Bring in a page outside of a fault.  Errors as fault_plan(). */
int fault_bring(struct space *space, uint64_t va, uint64_t access)
    __attribute__((warn_unused_result));

/*
 * Serve a page fault; msg is the kernel's message.  True: msg is the next
 * message.  False: msg is used up, and if its token is not 0 it is a reply.
 * retried: it has waited for memory once.
 */
bool fault_serve(struct ipc_msg *msg, bool retried);

/* Flags with which a fresh page of a region is mapped. */
uint64_t fault_flags(const struct region *region);

/* Flags to protect pages that are there: private ones become COW. */
uint64_t fault_protection(const struct region *region);

#endif

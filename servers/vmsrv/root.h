/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * root.h - what vmsrv was given at boot, and the slots of its capabilities.
 */
#ifndef TINE_VMSRV_ROOT_H
#define TINE_VMSRV_ROOT_H

#include <abi/boot.h>
#include <abi/page.h>
#include <abi/types.h>

/* vmsrv's own capability space, beside the slots of abi/boot.h. */
enum own_slot {
	OWN_ENDPOINT = ROOT_FREE, /* RECEIVE, SEND */
	OWN_PROC, /* procsrv's endpoint, with vmsrv's badge: forwards */
	OWN_PROC_EXCEPTION, /* the same without: processes' exceptions */
	OWN_PROC_NOTIFICATION, /* WAIT */
	OWN_TTY_NOTIFICATION, /* WAIT */
	OWN_PROC_CSPACE, /* EDIT */
	OWN_TTY_CSPACE, /* EDIT */
	OWN_USER_CSPACE, /* EDIT: the one that all processes share */
};

extern const struct boot_info *root;

/* The frame that a page table entry names; see abi/page.h. */
static inline uint64_t
entry_frame(uint64_t entry)
{
	return (entry >> PTE_PPN_SHIFT) - (root->ram_base >> PAGE_SHIFT);
}

#endif

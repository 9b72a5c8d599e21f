/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page.h - page table entries and the flags of the mapping calls.
 *
 * The pager is told the entry that was found, so it knows Sv39's bits
 * (Priv. ISA 4.4.1) and the two that the specification leaves to software.
 */
#pragma once

#include "types.h"

#define PTE_V 0x001ul
#define PTE_R 0x002ul
#define PTE_W 0x004ul
#define PTE_X 0x008ul
#define PTE_U 0x010ul
#define PTE_G 0x020ul
#define PTE_A 0x040ul
#define PTE_D 0x080ul
#define PTE_COW 0x100ul /* private and writable, write-protected now */
#define PTE_SHARED 0x200ul /* never copied on write */
#define PTE_PPN_SHIFT 10
#define PTE_FLAGS 0x3fful

/* Flags of space_map and fault_map. */
#define MAP_PAGE_READ 0x01u
#define MAP_PAGE_WRITE 0x02u
#define MAP_PAGE_EXEC 0x04u
#define MAP_PAGE_PROT 0x07u
#define MAP_PAGE_COW 0x08u /* with WRITE: write-protect, copy on write */
#define MAP_PAGE_SHARED 0x10u /* clone never makes it copy-on-write */
#define MAP_PAGE_ZERO 0x20u /* a fresh frame of zeros; no source */
/* A fresh frame; the first BYTES come from the source frame, then zeros. */
#define MAP_PAGE_COPY 0x40u
#define MAP_PAGE_BYTES_SHIFT 16
#define MAP_PAGE_BYTES(n) ((uint64_t)(n) << MAP_PAGE_BYTES_SHIFT)
/*
 * The source is a physical page number, which the memory capability in this
 * slot covers with the right MAP.
 */
#define MAP_PAGE_DEVICE 0x80u
#define MAP_PAGE_DEVICE_SLOT(slot) ((uint64_t)(slot) << MAP_PAGE_BYTES_SHIFT)
#define MAP_PAGE_UNUSED 0xff00u /* bits that mean nothing, and have to be 0 */

/* Fields of thread_configure. */
enum thread_field {
	THREAD_PRIORITY = 1, /* less than PRIORITIES */
	THREAD_CSPACE = 2, /* value: slot of a capability space with EDIT */
	THREAD_FAULT_ENDPOINT = 3, /* value: slot of an endpoint, SEND */
	THREAD_EXCEPTION_ENDPOINT = 4, /* value: slot of an endpoint, SEND */
	THREAD_IDENTITY = 5, /* OWNER only */
	THREAD_SPACE = 6, /* value: name of a space; OWNER only */
	THREAD_FPU = 7, /* 1: may use floating point, 0: may not */
	THREAD_NOTIFICATION = 8, /* value: slot of a notification, WAIT */
};

/* What system_power does. */
enum power_how {
	POWER_OFF = 0, /* with an exit status for the one who asked */
	POWER_RESET = 1,
};

/* Counters of system_stat, summed over the harts. */
enum stat {
	STAT_FREE_FRAMES = 0,
	STAT_FRAMES = 1, /* all that the owner was given */
	STAT_TRAPS = 2, /* entries from user mode, of any kind */
	STAT_CALLS = 3, /* messages that await a reply, faults not counted */
	STAT_REPLIES = 4,
	STAT_SENDS = 5,
	STAT_SWITCHES = 6, /* changes of the running thread */
	STAT_FAULTS = 7, /* page faults, wherever they ended */
	STAT_FAULT_CALLS = 8, /* page faults that went to a pager */
	STAT_UPGRADES = 9, /* copy-on-write pages made writable in place */
	STAT_COPIES = 10, /* pages copied by map and resolve */
	STAT_FLUSHES = 11, /* sfence.vma instructions */
	STAT_SBI_CALLS = 12,
	STAT_TICKS = 13, /* timer interrupts */
	STAT_THREADS = 14, /* thread objects alive */
	STAT_SPACES = 15, /* address spaces alive */
	STAT_CLONES = 16, /* of spaces, when whole, and of threads */
	STAT_IPIS = 17, /* interrupts sent to other harts */
	STAT_SHOOTDOWNS = 18, /* flushes that other harts were waited for */
	STAT_STEALS = 19, /* threads taken over from another hart */
	STAT_INTERRUPTS = 20, /* of devices */
	STAT_COUNT
};

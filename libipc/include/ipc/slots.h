/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * slots.h - which capability is in which slot, and who bears which badge.
 */
#ifndef TINE_IPC_SLOTS_H
#define TINE_IPC_SLOTS_H

/* The capability space that all POSIX processes share; send-only. */
enum user_slot {
	SLOT_PROC = 1, /* procsrv's endpoint */
	SLOT_VM = 2, /* vmsrv's endpoint */
	SLOT_TTY = 3, /* ttysrv's endpoint */
	SLOT_SYSTEM = 4, /* STAT */
};

/* A server's own; SLOT_VM, SLOT_PROC and SLOT_TTY bear its badge. */
enum server_slot {
	SLOT_OWN = 8, /* its endpoint, RECEIVE */
	SLOT_STEWARD = 9, /* procsrv: all RAM, STEWARD */
	SLOT_NOTIFICATION = 10, /* bound to it; NOTIFY, WAIT */
	SLOT_CSPACE = 11, /* vmsrv alone */
	SLOT_IRQ = 12, /* ttysrv: the console's interrupt, if there is one */
	SLOT_PROC_EVENT = 13, /* ttysrv: procsrv's notification; NOTIFY */
};

/* Badges of the servers in each other's endpoints. */
enum badge {
	BADGE_VM = 1,
	BADGE_PROC = 2,
	BADGE_TTY = 3,
	BADGE_FS = 4,
};

/* Bits of procsrv's notification. */
#define EVENT_TIMER 1u /* procsrv's own */
#define EVENT_TTY 2u /* ttysrv has events: tty_event() */

/* Nice values: NetBSD's PRIO_MIN and PRIO_MAX. */
#define NICE_MIN (-20)
#define NICE_MAX 20

/*
 * Priorities (design: drivers above servers above programs).  A program has
 * PRIORITY_USER less its nice value.
 */
enum priority {
	PRIORITY_USER_LEAST = 4,
	PRIORITY_USER = 24,
	PRIORITY_USER_MOST = 44,
	PRIORITY_PROC = 48,
	PRIORITY_TTY = 50,
	PRIORITY_VM = 56,
};
_Static_assert(PRIORITY_USER - NICE_MAX == PRIORITY_USER_LEAST, "the band");
_Static_assert(PRIORITY_USER - NICE_MIN == PRIORITY_USER_MOST, "the band");

#endif

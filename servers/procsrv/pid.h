/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pid.h - who bears which number: processes, groups, sessions.
 *
 * NetBSD's scheme: a table whose size is a power of two, at first 32.  A pid's
 * slot is its low bits.  Free slots wait in a queue; a slot's next pid is its
 * last one plus the size of the table, so that a number comes back only after
 * all others of its slot; past the largest pid it is the number of the slot.
 * When few slots are free the table doubles.  All that is O(1), doubling (in
 * place) apart.
 *
 * A number is taken as long as a process, a group or a session bears it.
 */
#ifndef TINE_PROCSRV_PID_H
#define TINE_PROCSRV_PID_H

#include <abi/types.h>

struct proc;
struct pgrp;
struct session;

#define PID_TABLE_FIRST 32u

/* An empty table in which pid 0 is free to be claimed.  ENOMEM. */
int pid_init(void);

/* Claim pid 0 for the process that is there from the start. */
void pid_claim_zero(struct proc *proc);

/*
 * Make sure that the next pid_take() finds what it needs.  Changes nothing
 * that can be seen, so it needs no undoing.  Returns 0 or ENOMEM.
 */
int pid_reserve(void);

/* A new pid for proc.  A pid_reserve() must have succeeded right before. */
int32_t pid_take(struct proc *proc);

/* The process, group or session with this number; NULL: none. */
struct proc *pid_proc(int32_t pid);
struct pgrp *pid_pgrp(int32_t pid);
struct session *pid_session(int32_t pid);

/* The process with the smallest pid >= from; NULL: none.  Slow: it looks at
 * the whole table. */
struct proc *pid_proc_from(int32_t from);

/* The process in slot i of pid_table_size(); NULL: none. */
struct proc *pid_slot_proc(uint32_t i);

/* Let a group or session bear a number that is taken already. */
void pid_bear_pgrp(int32_t pid, struct pgrp *pgrp);
void pid_bear_session(int32_t pid, struct session *session);

/* Stop bearing a number; the last one lets it go. */
void pid_leave_proc(int32_t pid);
void pid_leave_pgrp(int32_t pid);
void pid_leave_session(int32_t pid);

/* Slots in the table now. */
uint32_t pid_table_size(void);

#endif

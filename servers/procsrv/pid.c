/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pid.c - the table of pids.
 *
 * Invariants:
 *   - a slot is in the free queue iff proc, pgrp and session are all NULL;
 *   - a taken slot's pid has the slot's number as its low bits;
 *   - `taken` counts the taken slots, slot 0 left out;
 *   - the free queue is never empty: its last slot is not handed out.
 */
#include "pid.h"

#include <abi/errors.h>
#include <ipc/proc.h>

#include "check.h"
#include "pool.h"

struct pid_slot {
	struct proc *proc;
	struct pgrp *pgrp;
	struct session *session;
	int32_t pid; /* now, or the last one it had */
	uint32_t next; /* in the free queue; NO_SLOT: the last */
};

_Static_assert(sizeof(struct pid_slot) == 32, "indexed by a shift");

#define NO_SLOT (~0u)

static struct pid_slot *table;
static uint64_t table_bytes; /* that have memory */
static uint32_t size;
static uint32_t taken;
static uint32_t taken_max; /* the table doubles rather than exceed it */
static uint32_t free_first;
static uint32_t free_last;

/* The largest pid: PID_MAX, or more once there are more slots than that. */
static int32_t
pid_largest(void)
{
	if (size <= PROC_PID_MAX)
		return PROC_PID_MAX;
	return (int32_t)(2 * size - 1);
}

static void
slot_clear(uint32_t number, int32_t last_pid)
{
	table[number] = (struct pid_slot){.pid = last_pid, .next = NO_SLOT};
}

int
pid_init(void)
{
	int32_t beyond;
	int error;

	table = area_start(AREA_PIDS);
	error = area_grow(
	    AREA_PIDS, &table_bytes, PID_TABLE_FIRST * sizeof(struct pid_slot));
	if (error)
		return error;
	size = PID_TABLE_FIRST;
	taken = 0;
	taken_max = size - 2;
	/* As if each slot's numbers were used up: it starts at its own. */
	beyond = (PROC_PID_MAX + (int32_t)size) & ~(int32_t)(size - 1);
	for (uint32_t i = 0; i < size; i++) {
		slot_clear(i, beyond + (int32_t)i);
		table[i].next = i + 1;
	}
	table[size - 1].next = NO_SLOT;
	free_first = 1;
	free_last = size - 1;
	return 0;
}

void
pid_claim_zero(struct proc *proc)
{
	table[0].pid = 0;
	table[0].next = NO_SLOT;
	table[0].proc = proc;
}

static bool
table_full(void)
{
	return taken >= taken_max || table[free_first].next == NO_SLOT;
}

int
pid_reserve(void)
{
	if (!table_full())
		return 0;
	return area_grow(AREA_PIDS, &table_bytes,
	    2 * (uint64_t)size * sizeof(struct pid_slot));
}

/*
 * Split slot i into i and i + size.  What is taken goes where its pid says,
 * what is free stays below; the other half is free and goes to the head of
 * the queue, with a last pid near the one that was there.
 */
static void
slot_split(uint32_t i)
{
	struct pid_slot *slot = &table[i];
	bool bears =
	    slot->proc != NULL || slot->pgrp != NULL || slot->session != NULL;
	uint32_t other = i + size;
	int32_t bit = (int32_t)size;

	if (bears && (slot->pid & bit) != 0) {
		table[other] = *slot;
		other = i;
		slot_clear(other, table[i + size].pid - bit);
	} else {
		if (!bears)
			slot->pid = (slot->pid + bit) & ~bit;
		slot_clear(other, slot->pid + bit);
	}
	table[other].next = free_first;
	free_first = other;
}

static void
table_double(void)
{
	PROC_ASSERT(table_bytes >= 2 * (uint64_t)size * sizeof(*table));
	/* Downwards, so that the queue begins with the smallest numbers. */
	for (uint32_t i = size; i-- > 0;)
		slot_split(i);
	size *= 2;
	taken_max *= 2;
}

int32_t
pid_take(struct proc *proc)
{
	struct pid_slot *slot;
	uint32_t number;
	int32_t pid;

	if (table_full())
		table_double();
	number = free_first;
	slot = &table[number];
	free_first = slot->next;
	pid = slot->pid + (int32_t)size;
	if (pid > pid_largest())
		pid = (int32_t)number;
	slot->pid = pid;
	slot->proc = proc;
	slot->next = NO_SLOT;
	taken++;
	return pid;
}

/* The slot of a number that somebody bears; NULL: nobody does. */
static struct pid_slot *
slot_find(int32_t pid)
{
	struct pid_slot *slot;

	if (pid < 0)
		return NULL;
	slot = &table[(uint32_t)pid & (size - 1)];
	/* A free slot has a pid, its last, but no bearer: the caller sees. */
	return slot->pid == pid ? slot : NULL;
}

struct proc *
pid_proc(int32_t pid)
{
	struct pid_slot *slot = slot_find(pid);

	return slot != NULL ? slot->proc : NULL;
}

struct pgrp *
pid_pgrp(int32_t pid)
{
	struct pid_slot *slot = slot_find(pid);

	return slot != NULL ? slot->pgrp : NULL;
}

struct session *
pid_session(int32_t pid)
{
	struct pid_slot *slot = slot_find(pid);

	return slot != NULL ? slot->session : NULL;
}

struct proc *
pid_proc_from(int32_t from)
{
	const struct pid_slot *best = NULL;

	for (uint32_t i = 0; i < size; i++) {
		const struct pid_slot *slot = &table[i];

		if (slot->proc == NULL || slot->pid < from)
			continue;
		if (best == NULL || slot->pid < best->pid)
			best = slot;
	}
	return best != NULL ? best->proc : NULL;
}

struct proc *
pid_slot_proc(uint32_t i)
{
	return table[i].proc;
}

void
pid_bear_pgrp(int32_t pid, struct pgrp *pgrp)
{
	struct pid_slot *slot = slot_find(pid);

	PROC_ASSERT(slot != NULL && slot->pgrp == NULL);
	slot->pgrp = pgrp;
}

void
pid_bear_session(int32_t pid, struct session *session)
{
	struct pid_slot *slot = slot_find(pid);

	PROC_ASSERT(slot != NULL && slot->session == NULL);
	slot->session = session;
}

/* Queue the slot if nobody bears its number any more. */
static void
slot_leave(struct pid_slot *slot)
{
	uint32_t number = (uint32_t)slot->pid & (size - 1);

	if (slot->proc != NULL || slot->pgrp != NULL || slot->session != NULL)
		return;
	slot->next = NO_SLOT;
	table[free_last].next = number;
	free_last = number;
	taken--;
}

void
pid_leave_proc(int32_t pid)
{
	struct pid_slot *slot = slot_find(pid);

	PROC_ASSERT(slot != NULL && slot->proc != NULL);
	slot->proc = NULL;
	slot_leave(slot);
}

void
pid_leave_pgrp(int32_t pid)
{
	struct pid_slot *slot = slot_find(pid);

	PROC_ASSERT(slot != NULL && slot->pgrp != NULL);
	slot->pgrp = NULL;
	slot_leave(slot);
}

void
pid_leave_session(int32_t pid)
{
	struct pid_slot *slot = slot_find(pid);

	PROC_ASSERT(slot != NULL && slot->session != NULL);
	slot->session = NULL;
	slot_leave(slot);
}

uint32_t
pid_table_size(void)
{
	return size;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * both_sim.h - procsrv and vmsrv, both real, and models of both.
 *
 *	proc_sim*.c	procsrv, as in procsrv_sim
 *	both_sim.c	calls of LWPs to vmsrv, between all else
 *	both_memory.c	the model of memory: what is in a few pages
 *	both_vm.c	what procsrv asks of vmsrv, while others go on
 *
 * procsrv waits for vmsrv's answer and serves nobody meanwhile; but LWPs run,
 * fault and call vmsrv, whose answers come in any order.  A space serves one
 * call at a time, so what a call does it does to the model when it is
 * answered.
 */
#ifndef TINE_TESTS_BOTH_SIM_H
#define TINE_TESTS_BOTH_SIM_H

#include "proc_sim.h"
#include "vm_side.h"

/*
 * The pages that are looked at: some that are mapped and unmapped, which two
 * tables have; then of a program's data, its bss and its stack.
 */
#define MARKS 11u
#define WINDOW 8u
#define MARK_DATA 8u
#define MARK_BSS 9u
#define MARK_STACK 10u

struct mark {
	bool there, shared;
	uint8_t protection, inheritance;
	int cell;
};

/* A space, by its tag. */
struct memory {
	uint64_t tag; /* 0: free */
	uint64_t top; /* of its stack */
	uint32_t users;
	bool building;
	struct mark marks[MARKS];
};

enum flight_what {
	FLIGHT_FREE,
	FLIGHT_TOUCH,
	FLIGHT_MAP,
	FLIGHT_UNMAP,
	FLIGHT_PROTECT,
	FLIGHT_INHERIT,
};

/* A call of an LWP to vmsrv. */
struct flight {
	enum flight_what what;
	uint64_t identity, tag;
	objname_t thread; /* as vmsrv knows it */
	token_t call; /* the LWP's, as procsrv's kernel knows it */
	token_t token; /* the same, as vmsrv's does */
	uint32_t from, to;
	uint32_t value; /* protection, inheritance, ACCESS_* */
	uint8_t byte; /* to be written */
	bool shared;
	bool lacked; /* memory was refused while it was under way */
	bool dead; /* its thread is gone */
	int signal, code; /* vmsrv has handed it on; procsrv not heard of it */
};

/* both_memory.c */
extern uint8_t cells[];
struct memory *memory_find(uint64_t tag); /* NULL */
struct memory *memory_new(uint64_t tag);
void memory_drop(struct memory *memory);
void memory_fork(const struct memory *from, struct memory *to);
uint64_t memory_va(const struct memory *memory, uint32_t mark);
/* A call was answered without a signal: compare, and do it. */
void memory_answered(const struct flight *flight, int error);
bool memory_permits(
    const struct memory *memory, uint32_t mark, uint32_t access);
void memory_check_empty(void); /* no space is left */

/* both_vm.c */
void both_start(void);
uint64_t both_random(void); /* depends on the operation alone */
void both_seed(uint64_t seed);
objname_t both_vm_name(uint64_t identity); /* vmsrv's for a thread */
bool both_asking(void); /* procsrv waits for vmsrv */
uint64_t both_forking(void); /* the space that is being forked, or 0 */
bool both_failing(void);

/* both_sim.c */
void flights_begin(void); /* some LWP may do something */
void flights_turn(void);
/* vmsrv destroyed a thread: what it asked for will not be answered. */
void flights_forget(objname_t thread);
void flights_refused(void); /* memory is */
bool flights_of_init(void); /* whether it has called vmsrv */
/* What vmsrv answered to procsrv, in the order of all answers. */
void both_answered(const struct vm_side_answer *answer);

#endif

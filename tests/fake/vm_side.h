/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_side.h - vmsrv and its kernel, for who is linked with procsrv too.
 *
 * The servers have functions of the same names.  So vmsrv, with the half of
 * the kernel that knows frames, spaces and page tables, is a shared object
 * that shows these functions alone; the other half, threads that wait, is
 * proc_fake.h's.
 */
#ifndef TINE_FAKE_VM_SIDE_H
#define TINE_FAKE_VM_SIDE_H

#include <abi/msg.h>
#include <abi/types.h>

void vm_side_start(uint64_t free);

/*
 * A message for vmsrv; the token of the call.  procsrv's has no space.  The
 * thread's name, or 0, is that of the frame which the token bears.
 */
struct vm_side_call {
	uint64_t space;
	objname_t thread;
	uint32_t label;
	const void *req;
	size_t bytes;
	void *window;
	size_t window_bytes;
};
token_t vm_side_call(const struct vm_side_call *call);
token_t vm_side_fault(
    uint64_t space, objname_t thread, uint64_t va, uint64_t access);

/* A turn of vmsrv's loop; then all that it answered is taken, in order. */
void vm_side_turn(void);
void vm_side_settle(void); /* turns until there is nothing to do */
struct vm_side_answer {
	token_t token;
	int error;
	int signal, code; /* of a fault that was handed on; or 0 */
	uint64_t info;
	uint64_t words[MSG_WORDS];
};
bool vm_side_take(struct vm_side_answer *answer);

/* The kernel ends a call; and: it will never be answered. */
void vm_side_kill(token_t token);
void vm_side_forget(token_t token);

/* From the nth on the kernel's calls that need memory fail; 0: none. */
void vm_side_fail(uint64_t nth);
/* Pages that a long call of the kernel does at a time. */
void vm_side_batch(uint64_t pages);

/* The byte that a thread of the space may access so now; NULL: it faults. */
uint8_t *vm_side_byte(uint64_t space, uint64_t va, uint64_t access);

/* The identity and the space, by its tag, of a thread. */
uint64_t vm_side_identity(objname_t thread);
bool vm_side_lives_in(objname_t thread, uint64_t space);

/* Promises and frames agree; no call of the kernel was nonsense. */
void vm_side_check(void);
/* No process is left: all is back. */
void vm_side_check_empty(void);
uint64_t vm_side_spaces(void); /* vmsrv's own is one */
uint64_t vm_side_threads(void);

#endif

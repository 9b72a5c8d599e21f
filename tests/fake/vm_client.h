/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_client.h - whoever talks to vmsrv, as its tests need them.
 *
 * It defines ipc_*() and sys_copy().  Requests and page faults go through the
 * event loop's own functions, as often as it takes until they are answered.
 */
#ifndef TINE_FAKE_VM_CLIENT_H
#define TINE_FAKE_VM_CLIENT_H

#include <setjmp.h>

#include <abi/types.h>
#include <ipc/proc.h>
#include <ipc/vm.h>

#include "vm_kernel.h"

/* A program in the archive that the tests load: see fake_start(). */
#define PROG_TEXT 0x1010000ul
#define PROG_TEXT_BYTES 0x2345ul /* read and execute; from offset 0 */
#define PROG_DATA 0x1013000ul
#define PROG_DATA_BYTES 0x1234ul /* of the file, from offset 0x3000 */
#define PROG_DATA_OFFSET 0x3000ul
#define PROG_DATA_MEMORY 0x3000ul
#define PROG_HEAP 0x1016000ul
#define PROG_FILE "bin/prog"
#define PROG_FILE_BYTES 0x4800ul

/* The byte of the program's file at an offset; never 0. */
uint8_t prog_byte(uint64_t offset);

/*
 * Start a kernel with an archive and so many free frames, and vmsrv's tables
 * over it.  cmocka's setup and teardown are made of these.
 */
void fake_start(uint64_t free);

/* Serve all that is pending. */
void fake_settle(void);

/* Everything holds: regions, promises, the kernel's opinion of us. */
void fake_check(void);

/* A process. */
struct process {
	uint64_t space;
	uint64_t thread;
};

/* Load the program and make its first thread; the error. */
int process_load(struct process *process);
struct process process_new(void); /* it must work */
int process_fork(
    const struct process *parent, uint32_t flags, struct process *child);
int process_exit(const struct process *process);
/* A thread more in a space; one less. */
int process_thread_new(uint64_t space, objname_t *thread);
int process_thread_free(uint64_t space, objname_t thread);

/*
 * What a thread of the space would see: 0, or the signal it got.  The fault
 * goes to vmsrv as the kernel would send it.
 */
int process_read(uint64_t space, uint64_t va, uint8_t *byte);
int process_write(uint64_t space, uint64_t va, uint8_t byte);
int process_fetch(uint64_t space, uint64_t va);
uint8_t process_byte(uint64_t space, uint64_t va); /* it must work */

/* The same for an ACCESS_. */
int fake_access(uint64_t space, uint64_t va, uint64_t access);

/* A fault that found this entry, which may not be what is there by now. */
int fake_fault(uint64_t space, uint64_t va, uint64_t access, uint64_t entry);

/* An exception of a thread of the space; what it is answered, if it is. */
int fake_exception(uint64_t space, uint64_t scause);

/* The code of the last signal, and the faults that went to vmsrv. */
extern int32_t fake_code;
extern uint64_t fake_faults;

/* Requests of a process about itself; the error. */
int process_map(uint64_t space, uint64_t address, uint64_t length,
    uint32_t protection, uint32_t flags, uint64_t *at);
int process_unmap(uint64_t space, uint64_t address, uint64_t length);
int process_protect(
    uint64_t space, uint64_t address, uint64_t length, uint32_t protection);
int process_inherit(
    uint64_t space, uint64_t address, uint64_t length, uint32_t inheritance);
int process_brk(uint64_t space, uint64_t address, uint64_t *at);

/*
 * Any request.  The window is the test's own memory.  once: it is served one
 * time only, and -1 returned if it was put aside.
 */
struct request {
	uint32_t kind; /* enum sender_kind */
	uint64_t sender;
	objname_t thread; /* whose it is; 0: nobody's that could be killed */
	uint32_t label;
	const void *req;
	size_t req_bytes;
	void *rep;
	size_t rep_bytes;
	void *window;
	size_t window_bytes;
	bool once;
};
int fake_request(const struct request *request);

/* The same by procsrv; req and rep are structures of vm.h. */
#define PROC_REQUEST(name, in, out) \
	fake_request(&(struct request){ \
	    .kind = SENDER_BADGE, \
	    .sender = BADGE_PROC, \
	    .label = vm_##name##_call, \
	    .req = in, \
	    .req_bytes = sizeof(struct vm_##name##_req), \
	    .rep = out, \
	    .rep_bytes = sizeof(struct vm_##name##_rep), \
	})

/*
 * Several calls at once: vmsrv gets them one by one as turns of its event loop
 * pass, and answers them in any order.
 */
token_t fake_request_begin(const struct request *request);
token_t fake_fault_begin(
    uint64_t space, objname_t thread, uint64_t va, uint64_t access);
void fake_turn(void);

struct fake_answer {
	token_t token;
	int error;
	int signal; /* a fault's, or 0 */
	int code; /* of the signal */
	uint64_t info;
	uint64_t words[MSG_WORDS];
};
/* Take the oldest answer that nobody took; false: there is none. */
bool fake_answer_take(struct fake_answer *answer);

/*
 * Whoever made a call is gone: the kernel does not deliver it any more, and
 * refuses to answer it.  The answer can be taken all the same, since it says
 * that what was asked for is done; forget what never will be.
 */
void fake_call_kill(token_t token);
void fake_call_forget(token_t token);

/* Turns of the event loop in which something was pending. */
extern uint64_t fake_turns;

/* vmsrv ends here when it powers off, and that is expected. */
extern jmp_buf fake_power_off;
extern bool fake_power_off_expected;

/* And here when it waits for a message that never comes. */
extern jmp_buf fake_idle;
extern bool fake_idle_expected;

#endif

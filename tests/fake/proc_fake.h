/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_fake.h - the kernel and vmsrv as procsrv's tests need them.
 *
 * They keep real books: spaces with users, threads, tokens that are good once
 * and die with their thread.  A use of what is not there fails the test.  Any
 * operation can be made to fail.
 */
#ifndef TINE_FAKE_PROC_FAKE_H
#define TINE_FAKE_PROC_FAKE_H

#include <abi/types.h>

enum fake_step {
	FAKE_VM_INFO,
	FAKE_VM_FORK,
	FAKE_VM_RELEASE,
	FAKE_THREAD_NEW,
	FAKE_THREAD_FREE,
	FAKE_THREAD_PRIORITY,
	FAKE_EXEC_BEGIN,
	FAKE_EXEC_MAP,
	FAKE_EXEC_TOP,
	FAKE_EXEC_STACK,
	FAKE_EXEC_COMMIT,
	FAKE_EXEC_ABORT,
	FAKE_OBJECT_OPEN,
	FAKE_OBJECT_READ,
	FAKE_VM_LIMIT,
	FAKE_VM_GROW,
	FAKE_VM_BOOTARGS,
	FAKE_THREAD_CLONE,
	FAKE_THREAD_READ,
	FAKE_THREAD_WRITE,
	FAKE_THREAD_START,
	FAKE_THREAD_STOP,
	FAKE_THREAD_INTERRUPT,
	FAKE_REPLY,
	FAKE_REPLY_REGS,
	FAKE_REPLY_SIGNAL,
	FAKE_VM_BRING,
	FAKE_SHARED_KEY,
	FAKE_TTY_CANCEL,
	FAKE_COPY_IN,
	FAKE_COPY_OUT,
	FAKE_POWER,
	FAKE_STEPS
};

/* What is alive; equal before and after whatever must leave nothing. */
struct fake_live {
	uint32_t spaces;
	uint32_t space_users;
	uint32_t threads;
	uint32_t programs; /* spaces begun and not yet committed */
};
extern struct fake_live fake_live;

/* How often each operation was asked for, failures included. */
extern uint32_t fake_calls[FAKE_STEPS];
/* When each was asked for last, counted in steps. */
extern uint32_t fake_last[FAKE_STEPS];

struct ipc_msg;
/* Serve a message to the end, its answer too, as the loop of procsrv does. */
void fake_serve(struct ipc_msg *msg);

/* Start anew: reserve the areas, forget everything. */
void fake_start(void);

/* The next but `skip` of a step fails with this error, once. */
void fake_fail_after(enum fake_step step, uint32_t skip, int error);
void fake_fail(enum fake_step step, int error);
/* From now on each fails; error 0: no more. */
void fake_fail_always(enum fake_step step, int error);
/* No failure any more; whether the one that was to come has not. */
bool fake_fail_cancel(enum fake_step step);

enum fake_token_state {
	FAKE_PENDING = 1,
	FAKE_ANSWERED,
	FAKE_ANSWERED_REGS, /* by sys_reply_regs() */
	FAKE_ANSWERED_SIGNAL, /* by sys_reply_signal() */
	FAKE_STALE, /* its thread is gone */
};

/* A token as if this thread made a call; 0 thread: the exception. */
token_t fake_token(uint64_t identity);
enum fake_token_state fake_token_state(token_t token);
/* The answer: its error, its words. */
int fake_answer_error(token_t token);
const uint64_t *fake_answer(token_t token);
const struct regs *fake_answer_regs(token_t token);
const struct signal_delivery *fake_answer_signal(token_t token);
/* The token on which the thread with this identity waits; 0: none. */
token_t fake_token_of(uint64_t identity);

/*
 * The answer to this call will be refused, since its caller is gone by then.
 * So it waits no more; 0: none.
 */
extern token_t fake_lost;

/* The token of the thread that was cloned last. */
extern token_t fake_cloned;

/* The caller is gone: its token answers ESTALE, the thread's record stays. */
void fake_token_kill(token_t token);

/* Strings that ipc_copy_in() finds in the window of any token. */
void fake_window(const void *bytes, size_t length);

/* Where ipc_copy_out() writes to, in the window of any token; NULL: nowhere. */
void fake_window_out(void *bytes, size_t length);

/* A file that object_open finds; NULL contents: none. */
void fake_file(
    const char *path, uint32_t mode, const void *contents, size_t size);

/* What exec_stack was given, and where it ends. */
#define FAKE_STACK_TOP 0x3f00000000ul
const uint8_t *fake_stack(size_t *length);
/* The segments that exec_map saw since exec_begin. */
uint32_t fake_segments(void);
/* The limits that vm_limit set last, by enum vm_limit_name. */
uint64_t fake_vm_limit(uint32_t name);

/* The page at this address of a space is one that others share, too. */
void fake_share(uint64_t space, uint64_t page, uint64_t serial);
void fake_share_none(void);

/* Users of a space; 0: it is not there. */
uint32_t fake_space_users(uint64_t space);

/* Registers of the thread with this identity. */
struct regs *fake_regs(uint64_t identity);
bool fake_started(uint64_t identity);
/* The identity of a thread by its name; 0: there is none. */
uint64_t fake_thread_identity(uint64_t name);
/* What it runs by. */
uint64_t fake_priority(uint64_t identity);
/* Whether it is to make an AST call before it runs on. */
bool fake_interrupted(uint64_t identity);
/*
 * The most threads that ran on in a space while another thread of it was
 * destroyed; tests set it to 0.
 */
extern uint32_t fake_ran_meanwhile;
/* The space that it lives in. */
uint64_t fake_space_of(uint64_t identity);

/* All that went to the console since the last fake_console_clear(). */
const char *fake_console(void);
void fake_console_clear(void);

/* Whether the power went off, and with which status. */
bool fake_power(uint64_t *how, uint64_t *status);
void fake_power_clear(void);

extern const char *fake_bootargs;
extern uint64_t fake_now; /* ticks */
#define FAKE_TIMEBASE 1000ul
/* When procsrv's timer is due; ~0: never. */
extern uint64_t fake_timer;

#endif

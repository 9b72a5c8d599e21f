/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzzcall.c - one random kernel call or request; see fuzz.h.
 *
 * Both come from the definitions, so that a new one is tried at once.
 */
#include "fuzz.h"

#include <string.h>

#include <abi/syscalls.h>
#include <ipc/proc.h>
#include <ipc/tty.h>
#include <ipc/vm.h>
#include "trap.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define ARGUMENTS_MAX 7
#define FIELDS_MAX (MSG_BYTES / 4 + 1)
#define STACK 16384
#define SPREAD 0x100000001b3ul /* odd, with few bits */

/* A kernel call; an IPC call has arguments NULL. */
struct kernel_call {
	uint64_t number;
	uint64_t right;
	const char *arguments; /* "(auth, thread)" */
	enum fuzz_kind kinds[ARGUMENTS_MAX];
};

static struct kernel_call kernel_calls[] = {
#define IPC(number, name) {number, RIGHT_SEND, NULL, {0}},
#define SYSCALL(number, name, right, kind, arguments) \
	{number, right, #arguments, {0}},
#define GONE(number, name)
#include <abi/syscalls.def>
#undef IPC
#undef SYSCALL
#undef GONE
};

struct field {
	size_t bytes;
	const char *name; /* NULL: the end */
	enum fuzz_kind kind;
};

struct request {
	cap_t server;
	uint32_t label;
	uint64_t access;
	struct field fields[FIELDS_MAX];
};

#define FIELD(type, name) {sizeof(type), #name, FUZZ_ANY},
#define CALL(number, name, senders, request, reply) \
	{SERVER, number, 0, {request}},
#define CALL_WINDOW(number, name, senders, access, request, reply) \
	{SERVER, number, access, {request}},
static struct request requests[] = {
#define SERVER SLOT_PROC
#include <ipc/proc.def>
#undef SERVER
#define SERVER SLOT_VM
#include <ipc/vm.def>
#undef SERVER
#define SERVER SLOT_TTY
#include <ipc/tty.def>
#undef SERVER
};
#undef FIELD
#undef CALL
#undef CALL_WINDOW

void
fuzz_calls_set_up(void)
{
	for (size_t i = 0; i < LENGTH(kernel_calls); i++) {
		struct kernel_call *call = &kernel_calls[i];
		const char *at = call->arguments;

		for (int j = 0; at != NULL && j < ARGUMENTS_MAX; j++) {
			unsigned int length;

			at += strspn(at, "(, ");
			length = (unsigned int)strcspn(at, ",)");
			call->kinds[j] = fuzz_kind_of(at, length);
			at += length;
		}
	}
	for (size_t i = 0; i < LENGTH(requests); i++) {
		for (struct field *field = requests[i].fields;
		     field->name != NULL; field++)
			field->kind = fuzz_kind_of(
			    field->name, (unsigned int)strlen(field->name));
	}
}

/* Tell the monitor that something is begun, and what. */
static void
begin(struct fuzz_stream *stream, uint32_t what)
{
	fuzz_control->workers[stream->worker].last = what;
	__atomic_add_fetch(
	    &fuzz_control->workers[stream->worker].calls, 1, __ATOMIC_RELAXED);
}

/* Count what came back. */
static void
finish(uint64_t *counter, uint32_t what, uint64_t result)
{
	uint64_t n = __atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
	struct fuzz_stream mix = {.state = n + result * SPREAD};

	mix.state ^= what * (SPREAD << 1 | 1);
	__atomic_xor_fetch(
	    &fuzz_control->hash, fuzz_random(&mix), __ATOMIC_RELAXED);
}

/* The info of a message: a label, words, windows. */
static uint64_t
random_info(struct fuzz_stream *stream)
{
	uint64_t info = MSG_INFO(fuzz_below(stream, 64), fuzz_below(stream, 8));

	return info | (fuzz_random(stream) & MSG_WINDOW_MASK);
}

static void
kernel_call(struct fuzz_stream *stream)
{
	const struct kernel_call *call =
	    &kernel_calls[fuzz_below(stream, LENGTH(kernel_calls))];
	uint32_t what = (uint32_t)call->number;
	struct trap registers;

	for (int i = 0; i < ARGUMENTS_MAX; i++)
		registers.a[i] = fuzz_value(stream, call->kinds[i]);
	registers.a[7] = call->number;
	registers.t[0] = fuzz_value(stream, FUZZ_ANY);
	registers.t[1] = fuzz_value(stream, FUZZ_TOKEN);
	registers.t[2] = fuzz_value(stream, FUZZ_LENGTH);
	if (call->arguments == NULL) {
		registers.a[0] = fuzz_value(stream, FUZZ_SLOT);
		registers.a[1] = random_info(stream);
	}
	/* What a label says is tried by requests, and here may not print. */
	if (call->number == SYS_call && registers.a[0] == SLOT_TTY)
		registers.a[1] &= ~MSG_WINDOW_READ;
	if (call->number == SYS_call || call->number == SYS_send)
		registers.t[1] = fuzz_value(stream, FUZZ_ADDRESS);
	/* The slot that the right is for. */
	if (call->right == RIGHT_STAT && fuzz_below(stream, 2))
		registers.a[0] = SLOT_SYSTEM;
	if (fuzz_below(stream, 64) == 0)
		registers.a[7] = fuzz_value(stream, FUZZ_ANY);
	begin(stream, what);
	finish(&fuzz_control->kernel_calls, what, trap(&registers));
}

/* Requests that end an LWP or a process, or a good part of what it can do. */
static bool
ends(const struct request *request)
{
	static const uint32_t labels[] = {proc_exit_call, proc_exec_call,
	    proc_kill_call, proc_lwp_exit_call, proc_lwp_kill_call,
	    proc_lwp_suspend_call, proc_sigqueue_call, proc_sigreturn_call,
	    proc_sigsuspend_call, proc_wait_call, proc_lwp_wait_call,
	    proc_setrlimit_call};

	if (request->server == SLOT_TTY)
		return request->label == tty_read_call;
	if (request->server == SLOT_VM)
		return request->label == vm_unmap_call ||
		       request->label == vm_protect_call;
	for (size_t i = 0; i < LENGTH(labels); i++) {
		if (labels[i] == request->label)
			return true;
	}
	return false;
}

static const struct request *
request_choose(struct fuzz_stream *stream)
{
	const struct request *request;

	do {
		request = &requests[fuzz_below(stream, LENGTH(requests))];
	} while (ends(request) && fuzz_below(stream, 8) != 0);
	return request;
}

/* The fields, one behind the other. */
static void
fill(struct fuzz_stream *stream, const struct request *request,
    struct ipc_msg *msg)
{
	const struct field *field = request->fields;
	size_t at = 0;

	memset(msg, 0, sizeof(*msg));
	for (; field->name != NULL; field++) {
		uint64_t value = fuzz_value(stream, field->kind);

		memcpy((char *)msg->words + at, &value, field->bytes);
		at += field->bytes;
	}
	msg->info = MSG_INFO(request->label, IPC_COUNT(at)) | request->access;
	msg->window = fuzz_value(stream, FUZZ_ADDRESS);
	msg->window_size = fuzz_value(stream, FUZZ_LENGTH);
	if (fuzz_below(stream, 32) == 0)
		msg->info ^= 1ul << fuzz_below(stream, 26);
}

/* Registers with which an LWP begins to work, at the end of some stack. */
static void
regs_fill(struct fuzz_stream *stream, struct regs *regs)
{
	static char stacks[FUZZ_LWPS + 2][STACK] __attribute__((aligned(16)));
	uint64_t gp, tp;

	__asm__("mv %0, gp\n\tmv %1, tp" : "=r"(gp), "=r"(tp));
	memset(regs, 0, sizeof(*regs));
	regs->x[0] = (uintptr_t)fuzz_work;
	regs->x[2] = (uintptr_t)stacks[1 + fuzz_below(stream, FUZZ_LWPS + 1)];
	regs->x[3] = gp;
	regs->x[4] = tp;
	regs->x[10] = fuzz_random(stream);
	regs->x[11] = stream->worker;
	regs->f[fuzz_below(stream, 32)] = fuzz_random(stream);
	regs->fcsr = fuzz_random(stream);
}

void
fuzz_lwps_start(struct fuzz_stream *stream)
{
	struct proc_lwp_create_req req = {0};
	struct proc_lwp_create_rep rep;
	struct regs regs;

	for (int i = 1; i < FUZZ_LWPS; i++) {
		regs_fill(stream, &regs);
		(void)proc_lwp_create(
		    SLOT_PROC, &req, &rep, &regs, sizeof(regs));
	}
}

/* Registers that are good, but for one now and then. */
static void
offer_regs(struct fuzz_stream *stream, struct ipc_msg *msg)
{
	static struct regs regs;

	regs_fill(stream, &regs);
	if (fuzz_below(stream, 4) == 0)
		regs.x[fuzz_below(stream, 32)] =
		    fuzz_value(stream, FUZZ_ADDRESS);
	msg->window = (uintptr_t)&regs;
	msg->window_size = sizeof(regs);
}

/* A program to become, as its window has it, or what looks like that. */
static void
offer_strings(struct fuzz_stream *stream, struct ipc_msg *msg)
{
	static const char *const paths[] = {"/bin/true\0true",
	    "/bin/true\0true", "/none\0\0\0\0\0\0\0\0\0", "bin/../../true",
	    "/bin\0/dir\0x\0y\0z"};
	struct proc_exec_req exec = {1, 0, 15};

	if (fuzz_below(stream, 4) == 0)
		exec.envc = (uint32_t)fuzz_value(stream, FUZZ_SMALL);
	if (fuzz_below(stream, 4) == 0)
		exec.argc = (uint32_t)fuzz_value(stream, FUZZ_ANY);
	if (fuzz_below(stream, 4) == 0)
		exec.bytes = fuzz_value(stream, FUZZ_LENGTH);
	memcpy(msg->words, &exec, sizeof(exec));
	msg->window = (uintptr_t)paths[fuzz_below(stream, LENGTH(paths))];
	msg->window_size = exec.bytes;
}

/* What of a request belongs together, mostly. */
static void
polish(struct fuzz_stream *stream, const struct request *request,
    struct ipc_msg *msg)
{
	uint32_t label = request->label;

	/* Only the page of lines is fit to print. */
	if (request->server == SLOT_TTY && label == tty_write_call) {
		msg->window = (uintptr_t)fuzz_lines +
			      fuzz_below(stream, 8) * (PAGE_SIZE / 8);
		msg->window_size = fuzz_below(stream, 64);
		msg->words[0] = fuzz_below(stream, 4)
				    ? msg->window_size
				    : fuzz_value(stream, FUZZ_LENGTH);
		if (fuzz_below(stream, 8) == 0)
			msg->window += PAGE_SIZE;
	}
	if (request->server != SLOT_PROC || fuzz_below(stream, 8) == 0)
		return;
	if (label == proc_futex_wait_call) {
		msg->window = msg->words[0];
		msg->window_size = sizeof(uint32_t);
		/* Shared or not. */
		msg->words[2] = (uint32_t)msg->words[2] |
				(uint64_t)fuzz_below(stream, 2) << 32;
	} else if (label == proc_futex_wake_call) {
		msg->words[1] = (uint32_t)msg->words[1] |
				(uint64_t)fuzz_below(stream, 2) << 32;
	} else if (label == proc_lwp_create_call ||
		   label == proc_sigreturn_call) {
		offer_regs(stream, msg);
	} else if (label == proc_exec_call) {
		offer_strings(stream, msg);
	} else if (label == proc_fork_call && fuzz_below(stream, 4)) {
		/* Its own stack, and nothing that says how it ends. */
		msg->words[1] = 0;
	}
}

static bool
request(struct fuzz_stream *stream)
{
	const struct request *request = request_choose(stream);
	uint32_t what = request->server << 16 | request->label;
	struct proc_fork_rep fork;
	struct ipc_msg msg;
	uint64_t result;
	int error;

	fill(stream, request, &msg);
	polish(stream, request, &msg);
	begin(stream, what);
	error = ipc_call(request->server, &msg);
	result = error ? (uint64_t)error : MSG_LABEL(msg.info);
	finish(&fuzz_control->requests, what, result);
	memcpy(&fork, msg.words, sizeof(fork));
	return what == (SLOT_PROC << 16 | proc_fork_call) && result == 0 &&
	       fork.second == 1;
}

bool
fuzz_call(struct fuzz_stream *stream)
{
	if (fuzz_below(stream, FUZZ_REQUESTS_IN) == 0)
		return request(stream);
	kernel_call(stream);
	return false;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * both_vm.c - what procsrv asks of vmsrv, for both_sim.
 *
 * It takes the place of proc_fake_vm.c.  A request goes to the real vmsrv,
 * and until that answers, LWPs go on with theirs.  A step that is to fail is
 * one of the kernel's calls that vmsrv makes for it.
 */
#include "both_sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include <ipc/message.h>
#include <ipc/slots.h>
#include <ipc/tty.h>
#include <ipc/vm.h>
#include <procsrv/pool.h>

#include "proc_fake_books.h"
#include "proc_fake_time.h"

#define NAMES 512u
/* Others do so many things at most while one request is served. */
#define MEANWHILE 8

/* Threads: as procsrv's half of the kernel calls them, and as vmsrv's does. */
static struct {
	uint64_t proc, vm; /* 0: free */
} names[NAMES];

static uint64_t random_state;

/* The request that is being served. */
static struct {
	struct ipc_msg *msg; /* NULL: none */
	uint32_t number;
	token_t token;
	bool answered;
	bool fails; /* calls of the kernel that need memory fail in it */
	struct ipc_msg request; /* as procsrv made it */
} now;
static bool missed; /* what was to fail did not */

uint64_t
both_random(void)
{
	random_state =
	    random_state * 6364136223846793005ul + 1442695040888963407ul;
	return random_state >> 33;
}

void
both_seed(uint64_t seed)
{
	random_state = seed;
}

bool
both_asking(void)
{
	return now.msg != NULL;
}

bool
both_failing(void)
{
	return now.msg != NULL && now.fails;
}

uint64_t
both_forking(void)
{
	if (now.msg == NULL || now.number != vm_fork_call || now.answered)
		return 0;
	return now.request.words[0];
}

bool
sim_memory_missed(void)
{
	bool was = missed;

	missed = false;
	return was;
}

/* Names. */

static uint64_t
name_vm(uint64_t proc)
{
	for (uint32_t i = 0; i < NAMES; i++) {
		if (proc != 0 && names[i].proc == proc)
			return names[i].vm;
	}
	return 0;
}

objname_t
both_vm_name(uint64_t identity)
{
	for (uint32_t i = 0; i < NAMES; i++) {
		if (names[i].proc != 0 &&
		    fake_thread_identity(names[i].proc) == identity)
			return names[i].vm;
	}
	return 0;
}

/* vmsrv has made a thread; its name for procsrv. */
static uint64_t
thread_made(objname_t vm, uint64_t identity, uint64_t space)
{
	uint32_t i = 0;

	SIM_EQUAL(vm_side_identity(vm), identity, "identity of a new thread");
	while (names[i].proc != 0)
		assert_true(++i < NAMES);
	names[i].proc = fake_thread_new(identity, space);
	names[i].vm = vm;
	return names[i].proc;
}

static void
thread_gone(uint64_t proc)
{
	flights_forget(name_vm(proc));
	for (uint32_t i = 0; i < NAMES; i++) {
		if (names[i].proc == proc)
			names[i].proc = 0;
	}
	fake_thread_end(proc);
}

/* Spaces. */

uint32_t
fake_space_users(uint64_t space)
{
	const struct memory *memory = memory_find(space);

	return memory != NULL ? memory->users : 0;
}

static void
space_made(void)
{
	fake_live.spaces++;
	fake_live.space_users++;
}

static void
space_leave(uint64_t tag)
{
	struct memory *memory = memory_find(tag);

	assert_non_null(memory);
	fake_live.space_users--;
	if (--memory->users > 0)
		return;
	fake_live.spaces--;
	if (memory->building)
		fake_live.programs--;
	memory_drop(memory);
}

/* What the answers of vmsrv mean; words of the request are procsrv's. */

static void
forked(uint64_t *words)
{
	struct vm_fork_req req;
	struct vm_fork_rep rep;

	memcpy(&req, now.request.words, sizeof(req));
	memcpy(&rep, words, sizeof(rep));
	if (req.flags & VM_FORK_SHARE) {
		SIM_EQUAL(rep.space, req.space, "shared space");
		memory_find(req.space)->users++;
		fake_live.space_users++;
	} else {
		memory_fork(memory_find(req.space), memory_new(rep.space));
		space_made();
	}
	rep.thread = thread_made(rep.thread, req.identity, rep.space);
	memcpy(words, &rep, sizeof(rep));
}

static void
committed(uint64_t *words)
{
	struct vm_exec_commit_req req;
	struct vm_exec_commit_rep rep;

	memcpy(&req, now.request.words, sizeof(req));
	memcpy(&rep, words, sizeof(rep));
	memory_find(req.space)->building = false;
	fake_live.programs--;
	if (req.thread == 0) {
		rep.thread = thread_made(rep.thread, req.identity, req.space);
		fake_thread_find(rep.thread)->priority = PRIORITY_USER;
	} else {
		SIM_EQUAL(rep.thread, name_vm(req.thread), "thread of exec");
		rep.thread = req.thread;
		fake_thread_find(req.thread)->space = req.space;
	}
	if (req.old != 0 && !(req.flags & VM_EXEC_OTHERS))
		space_leave(req.old);
	memcpy(words, &rep, sizeof(rep));
}

static void
answer_act(uint64_t *words)
{
	const uint64_t *asked = now.request.words;

	switch (now.number) {
	case vm_info_call:
		/* The clock is of procsrv's half. */
		words[offsetof(struct vm_info_rep, timebase) /
		      sizeof(words[0])] = FAKE_TIMEBASE;
		break;
	case vm_fork_call:
		forked(words);
		break;
	case vm_release_call:
		thread_gone(asked[1]);
		space_leave(asked[0]);
		break;
	case vm_thread_new_call:
		words[0] = thread_made(words[0], asked[1], asked[0]);
		break;
	case vm_thread_free_call:
		thread_gone(asked[1]);
		break;
	case vm_thread_priority_call:
		fake_thread_find(asked[1])->priority = asked[2];
		break;
	case vm_exec_begin_call:
		memory_new(words[0])->building = true;
		fake_live.programs++;
		space_made();
		break;
	case vm_exec_top_call:
		memory_find(asked[0])->top = words[0];
		break;
	case vm_exec_commit_call:
		committed(words);
		break;
	case vm_exec_abort_call:
		space_leave(asked[0]);
		break;
	default:
		break;
	}
}

void
both_answered(const struct vm_side_answer *answer)
{
	if (now.msg == NULL || answer->token != now.token)
		sim_fail(__FILE__, __LINE__, "an answer that nobody awaits");
	now.answered = true;
	now.msg->info = answer->info;
	memcpy(now.msg->words, answer->words, sizeof(now.msg->words));
	if (answer->error == 0)
		answer_act(now.msg->words);
	sim_tell("\tvmsrv answers request %u of space %#lx: %d", now.number,
	    now.request.words[0], answer->error);
	if (answer->error != 0 && !now.fails && now.number != vm_bring_call &&
	    now.number != vm_shared_key_call)
		sim_fail(__FILE__, __LINE__, "vmsrv refuses request %u: %d",
		    now.number, answer->error);
}

/* Which step of the fake each request is. */
static enum fake_step
step_of(uint32_t number)
{
	static const enum fake_step steps[] = {
	    [vm_info_call] = FAKE_VM_INFO,
	    [vm_fork_call] = FAKE_VM_FORK,
	    [vm_release_call] = FAKE_VM_RELEASE,
	    [vm_thread_new_call] = FAKE_THREAD_NEW,
	    [vm_thread_free_call] = FAKE_THREAD_FREE,
	    [vm_exec_begin_call] = FAKE_EXEC_BEGIN,
	    [vm_exec_map_call] = FAKE_EXEC_MAP,
	    [vm_exec_top_call] = FAKE_EXEC_TOP,
	    [vm_exec_stack_call] = FAKE_EXEC_STACK,
	    [vm_exec_commit_call] = FAKE_EXEC_COMMIT,
	    [vm_exec_abort_call] = FAKE_EXEC_ABORT,
	    [vm_object_open_call] = FAKE_OBJECT_OPEN,
	    [vm_object_read_call] = FAKE_OBJECT_READ,
	    [vm_limit_call] = FAKE_VM_LIMIT,
	    [vm_bring_call] = FAKE_VM_BRING,
	    [vm_bootargs_call] = FAKE_VM_BOOTARGS,
	    [vm_thread_priority_call] = FAKE_THREAD_PRIORITY,
	    [vm_shared_key_call] = FAKE_SHARED_KEY,
	};

	assert_true(number < sizeof(steps) / sizeof(steps[0]));
	return steps[number];
}

/* The message as vmsrv gets it: with its own names of threads. */
static token_t
request_send(const struct ipc_msg *msg)
{
	uint64_t words[MSG_WORDS];
	struct vm_side_call call = {
	    .label = now.number,
	    .req = words,
	    .bytes = MSG_COUNT(msg->info) * sizeof(words[0]),
	};

	memcpy(words, msg->words, sizeof(words));
	if (now.number == vm_release_call ||
	    now.number == vm_thread_free_call ||
	    now.number == vm_thread_priority_call ||
	    (now.number == vm_exec_commit_call && words[1] != 0))
		words[1] = name_vm(words[1]);
	if (msg->info & (MSG_WINDOW_READ | MSG_WINDOW_WRITE)) {
		call.window = (void *)msg->window;
		call.window_bytes = msg->window_size;
	}
	return vm_side_call(&call);
}

static void
request_serve(struct ipc_msg *msg)
{
	bool fails;

	now.msg = msg;
	now.number = MSG_LABEL(msg->info);
	now.answered = false;
	now.request = *msg;
	fails = fake_step(step_of(now.number)) != 0;
	/* Init would die of a page that can't be had. */
	now.fails = fails && !flights_of_init();
	if (now.fails) {
		vm_side_fail(1 + both_random() % 8);
		flights_refused();
	}
	now.token = request_send(msg);
	for (uint32_t left = MEANWHILE; !now.answered;) {
		if (left > 0 && both_random() % 2) {
			left--;
			flights_begin();
		}
		flights_turn();
	}
	vm_side_fail(0);
	if (fails)
		missed = MSG_LABEL(msg->info) == 0;
	now.msg = NULL;
}

/* procsrv's own memory is the test's. */
static void
own_grow(struct ipc_msg *msg)
{
	int error = fake_step(FAKE_VM_GROW);
	struct vm_grow_req req;

	memcpy(&req, msg->words, sizeof(req));
	if (error == 0)
		assert_int_equal(mprotect((void *)req.address, req.length,
				     PROT_READ | PROT_WRITE),
		    0);
	ipc_pack(msg, (uint64_t)error, "", 0);
}

int
ipc_call(cap_t endpoint, struct ipc_msg *msg)
{
	uint32_t number = MSG_LABEL(msg->info);

	if (endpoint == SLOT_TTY) {
		fake_tty_call(msg);
	} else if (number == vm_grow_call) {
		own_grow(msg);
	} else {
		request_serve(msg);
	}
	return 0;
}

/* Files are in vmsrv's archive. */
void
fake_file(const char *path, uint32_t mode, const void *contents, size_t size)
{
	(void)path;
	(void)mode;
	(void)contents;
	(void)size;
}

/* A frame of a handler lies on pages that the thread must have. */
static uint64_t
page_missing(uint64_t space, uint64_t address, uint64_t length)
{
	uint64_t last = (address + length - 1) & ~PAGE_MASK;

	for (uint64_t page = address & ~PAGE_MASK; page <= last;
	     page += PAGE_SIZE) {
		if (vm_side_byte(space, page, ACCESS_WRITE) == NULL)
			return page | ACCESS_WRITE;
	}
	return 0;
}

void
both_start(void)
{
	fake_page_missing = page_missing;
}

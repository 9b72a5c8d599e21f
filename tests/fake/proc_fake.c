/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_fake.c - the kernel and vmsrv as procsrv's tests need them.
 */
#include "proc_fake_books.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <ipc/copy.h>
#include <ipc/message.h>
#include <ipc/slots.h>
#include <ipc/sys.h>
#include <ipc/tty.h>
#include <ipc/vm.h>
#include <procsrv/console.h>
#include <procsrv/pool.h>

#include "proc_fake_time.h"

#define OBJECTS 2048u
#define NAME(index, generation) ((uint64_t)(generation) << 32 | ((index) + 1))
#define FILES 8u
#define CONSOLE_MAX 4096u

struct fake_space {
	uint32_t users;
	uint32_t generation;
	bool building;
};

struct fake_file_entry {
	const char *path;
	uint32_t mode;
	const uint8_t *contents;
	size_t size;
};

struct fake_live fake_live;
uint32_t fake_calls[FAKE_STEPS];
uint32_t fake_last[FAKE_STEPS];
uint32_t fake_ran_meanwhile;
const char *fake_bootargs = "";
uint64_t fake_now = 1000000;

static struct fake_space spaces[OBJECTS];
static struct fake_thread threads[OBJECTS];
static uint32_t space_hint, thread_hint;
static struct fake_call *calls;
static size_t calls_count, calls_room;
static struct fake_file_entry files[FILES];

static struct {
	int error;
	uint32_t skip;
	bool always;
} failures[FAKE_STEPS];

static const uint8_t *window;
static size_t window_length;
static uint8_t stack[1 << 17];
static size_t stack_length;
static uint32_t segments;
static uint64_t vm_limits[4];
static char console[CONSOLE_MAX];
static size_t console_used;
static bool powered;
static uint64_t power_how, power_status;

int
fake_step(enum fake_step which)
{
	int error = failures[which].error;
	static uint32_t steps;

	fake_calls[which]++;
	fake_last[which] = ++steps;
	if (error == 0 || failures[which].always)
		return error;
	if (failures[which].skip > 0) {
		failures[which].skip--;
		return 0;
	}
	failures[which].error = 0;
	return error;
}

void
fake_fail_after(enum fake_step which, uint32_t skip, int error)
{
	failures[which].error = error;
	failures[which].skip = skip;
	failures[which].always = false;
}

void
fake_fail(enum fake_step which, int error)
{
	fake_fail_after(which, 0, error);
}

void
fake_fail_always(enum fake_step which, int error)
{
	fake_fail_after(which, 0, error);
	failures[which].always = error != 0;
}

void
fake_start(void)
{
	void *areas = mmap(NULL, AREA_COUNT * AREA_BYTES, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	assert_true(areas != MAP_FAILED);
	area_base = (uintptr_t)areas;
	memset(&fake_live, 0, sizeof(fake_live));
	memset(failures, 0, sizeof(failures));
}

/* Spaces. */

static struct fake_space *
space_find(uint64_t name)
{
	uint64_t index = (name & 0xffffffff) - 1;

	if (index >= OBJECTS || spaces[index].users == 0 ||
	    NAME(index, spaces[index].generation) != name)
		return NULL;
	return &spaces[index];
}

static uint64_t
space_new(bool building)
{
	while (spaces[space_hint % OBJECTS].users != 0)
		space_hint++;
	uint32_t index = space_hint++ % OBJECTS;
	spaces[index].users = 1;
	spaces[index].building = building;
	spaces[index].generation++;
	fake_live.spaces++;
	fake_live.space_users++;
	if (building)
		fake_live.programs++;
	return NAME(index, spaces[index].generation);
}

static void
space_leave(uint64_t name)
{
	struct fake_space *space = space_find(name);

	assert_non_null(space);
	fake_live.space_users--;
	if (space->users > 1) {
		space->users--;
		return;
	}
	/* The kernel does not destroy one that a thread is in. */
	assert_int_equal(fake_space_threads(name), 0);
	space->users = 0;
	fake_live.spaces--;
	if (space->building)
		fake_live.programs--;
}

uint32_t
fake_space_users(uint64_t name)
{
	struct fake_space *space = space_find(name);

	return space != NULL ? space->users : 0;
}

/* Threads. */

struct fake_thread *
fake_thread_find(uint64_t name)
{
	uint64_t index = (name & 0xffffffff) - 1;

	if (index >= OBJECTS || !threads[index].live ||
	    NAME(index, threads[index].generation) != name)
		return NULL;
	return &threads[index];
}

struct fake_thread *
fake_thread_by_identity(uint64_t identity)
{
	for (uint32_t i = 0; i < OBJECTS; i++) {
		if (threads[i].live && threads[i].identity == identity)
			return &threads[i];
	}
	return NULL;
}

uint64_t
fake_thread_new(uint64_t identity, uint64_t space)
{
	while (threads[thread_hint % OBJECTS].live)
		thread_hint++;
	uint32_t index = thread_hint++ % OBJECTS;
	struct fake_thread *thread = &threads[index];
	uint32_t generation = thread->generation + 1;

	memset(thread, 0, sizeof(*thread));
	thread->live = true;
	thread->generation = generation;
	thread->identity = identity;
	thread->space = space;
	fake_live.threads++;
	return NAME(index, generation);
}

void
fake_thread_end(uint64_t name)
{
	struct fake_thread *thread = fake_thread_find(name);

	uint32_t running = 0;

	assert_non_null(thread);
	if (thread->token != 0)
		calls[thread->token].state = FAKE_STALE;
	thread->live = false;
	for (uint32_t i = 0; i < OBJECTS; i++)
		running += threads[i].live && threads[i].started &&
			   threads[i].token == 0 &&
			   threads[i].space == thread->space;
	if (running > fake_ran_meanwhile)
		fake_ran_meanwhile = running;
	fake_live.threads--;
}

uint32_t
fake_space_threads(uint64_t space)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < OBJECTS; i++)
		count += threads[i].live && threads[i].space == space;
	return count;
}

struct regs *
fake_regs(uint64_t identity)
{
	struct fake_thread *thread = fake_thread_by_identity(identity);

	assert_non_null(thread);
	return &thread->regs;
}

uint64_t
fake_thread_identity(uint64_t name)
{
	struct fake_thread *thread = fake_thread_find(name);

	return thread != NULL ? thread->identity : 0;
}

bool
fake_started(uint64_t identity)
{
	struct fake_thread *thread = fake_thread_by_identity(identity);

	return thread != NULL && thread->started;
}

/* Tokens. */

static token_t
token_new(struct fake_thread *thread, uint64_t name)
{
	if (calls_count + 1 >= calls_room) {
		calls_room = calls_room ? 2 * calls_room : 1024;
		calls = realloc(calls, calls_room * sizeof(*calls));
		assert_non_null(calls);
		if (calls_count == 0)
			calls_count = 1;
	}
	memset(&calls[calls_count], 0, sizeof(*calls));
	calls[calls_count].state = FAKE_PENDING;
	calls[calls_count].thread = name;
	if (thread != NULL) {
		assert_int_equal(thread->token, 0);
		thread->token = calls_count;
	}
	return calls_count++;
}

token_t
fake_token(uint64_t identity)
{
	struct fake_thread *thread = fake_thread_by_identity(identity);

	if (thread == NULL)
		return token_new(NULL, 0);
	return token_new(
	    thread, NAME((uint32_t)(thread - threads), thread->generation));
}

enum fake_token_state
fake_token_state(token_t token)
{
	return token < calls_count ? calls[token].state : 0;
}

int
fake_answer_error(token_t token)
{
	assert_int_equal(calls[token].state, FAKE_ANSWERED);
	return (int)MSG_LABEL(calls[token].info);
}

const uint64_t *
fake_answer(token_t token)
{
	assert_int_equal(calls[token].state, FAKE_ANSWERED);
	return calls[token].words;
}

const struct regs *
fake_answer_regs(token_t token)
{
	assert_int_equal(calls[token].state, FAKE_ANSWERED_REGS);
	return calls[token].regs;
}

token_t
fake_token_of(uint64_t identity)
{
	struct fake_thread *thread = fake_thread_by_identity(identity);

	return thread != NULL ? thread->token : 0;
}

void
fake_token_kill(token_t token)
{
	struct fake_thread *thread = fake_thread_find(calls[token].thread);

	calls[token].state = FAKE_STALE;
	if (thread != NULL)
		thread->token = 0;
}

struct fake_call *
fake_call_of(token_t token)
{
	assert_true(token > 0 && token < calls_count);
	return &calls[token];
}

struct fake_call *
fake_token_use(token_t token)
{
	struct fake_thread *thread;

	assert_true(token > 0 && token < calls_count);
	if (calls[token].state == FAKE_STALE)
		return NULL;
	/* Nobody answers twice. */
	assert_int_equal(calls[token].state, FAKE_PENDING);
	thread = fake_thread_find(calls[token].thread);
	if (thread != NULL) {
		thread->token = 0;
		thread->holder = 0;
	}
	return &calls[token];
}

int
ipc_reply(token_t token, uint64_t info, const uint64_t words[MSG_WORDS])
{
	struct fake_call *call;
	int error = fake_step(FAKE_REPLY);

	if (error)
		return error;
	call = fake_token_use(token);
	if (call == NULL)
		return TINE_ESTALE;
	call->state = FAKE_ANSWERED;
	call->info = info;
	memcpy(call->words, words, sizeof(call->words));
	return 0;
}

struct sysret
sys_reply_regs(token_t token, const struct regs *regs)
{
	struct fake_call *call;
	int error = fake_step(FAKE_REPLY_REGS);

	if (error)
		return (struct sysret){.error = (uint64_t)error};
	call = fake_token_use(token);
	if (call == NULL)
		return (struct sysret){.error = TINE_ESTALE};
	call->state = FAKE_ANSWERED_REGS;
	if (fake_thread_find(call->thread) != NULL)
		fake_thread_find(call->thread)->regs = *regs;
	call->regs = malloc(sizeof(*regs));
	assert_non_null(call->regs);
	*call->regs = *regs;
	return (struct sysret){0};
}

/* The kernel's calls. */

struct sysret
sys_thread_clone(uint64_t auth, token_t token, objname_t name)
{
	struct fake_thread *thread = fake_thread_find(name);
	struct fake_thread *caller;
	int error = fake_step(FAKE_THREAD_CLONE);

	assert_int_equal(auth, SLOT_STEWARD);
	if (error)
		return (struct sysret){.error = (uint64_t)error};
	assert_non_null(thread);
	assert_false(thread->started);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	caller = fake_thread_find(calls[token].thread);
	assert_non_null(caller);
	thread->regs = caller->regs;
	thread->started = true;
	return (struct sysret){.value = token_new(thread, name)};
}

struct sysret
sys_thread_read(uint64_t auth, objname_t name, struct regs *regs)
{
	int error = fake_step(FAKE_THREAD_READ);

	assert_int_equal(auth, SLOT_STEWARD);
	if (error)
		return (struct sysret){.error = (uint64_t)error};
	assert_non_null(fake_thread_find(name));
	*regs = fake_thread_find(name)->regs;
	return (struct sysret){0};
}

struct sysret
sys_thread_write(uint64_t auth, objname_t name, const struct regs *regs)
{
	int error = fake_step(FAKE_THREAD_WRITE);

	assert_int_equal(auth, SLOT_STEWARD);
	if (error)
		return (struct sysret){.error = (uint64_t)error};
	assert_non_null(fake_thread_find(name));
	fake_thread_find(name)->regs = *regs;
	return (struct sysret){0};
}

struct sysret
sys_thread_start(uint64_t auth, objname_t name)
{
	int error = fake_step(FAKE_THREAD_START);

	assert_int_equal(auth, SLOT_STEWARD);
	if (error)
		return (struct sysret){.error = (uint64_t)error};
	assert_non_null(fake_thread_find(name));
	fake_thread_find(name)->started = true;
	return (struct sysret){0};
}

struct sysret
sys_thread_stop(uint64_t auth, objname_t name)
{
	struct fake_thread *thread = fake_thread_find(name);

	assert_int_equal(auth, SLOT_STEWARD);
	fake_step(FAKE_THREAD_STOP);
	assert_non_null(thread);
	if (thread->token != 0)
		calls[thread->token].state = FAKE_STALE;
	thread->token = 0;
	thread->started = false;
	return (struct sysret){0};
}

struct sysret
sys_system_putc(uint64_t system, uint64_t character)
{
	assert_int_equal(system, SLOT_SYSTEM);
	assert_true(console_used < CONSOLE_MAX - 1);
	console[console_used++] = (char)character;
	console[console_used] = '\0';
	return (struct sysret){0};
}

struct sysret
sys_system_power(uint64_t system, uint64_t how, uint64_t status)
{
	int error = fake_step(FAKE_POWER);

	assert_int_equal(system, SLOT_SYSTEM);
	if (error)
		return (struct sysret){.error = (uint64_t)error};
	powered = true;
	power_how = how;
	power_status = status;
	return (struct sysret){0};
}

bool
fake_power(uint64_t *how, uint64_t *status)
{
	*how = power_how;
	*status = power_status;
	return powered;
}

void
fake_power_clear(void)
{
	powered = false;
}

const char *
fake_console(void)
{
	return console;
}

void
fake_console_clear(void)
{
	console_used = 0;
	console[0] = '\0';
}

uint64_t
now_ticks(void)
{
	return fake_now;
}

/* Windows. */

void
fake_window(const void *bytes, size_t length)
{
	window = bytes;
	window_length = length;
}

int
ipc_copy_in(token_t token, uint64_t offset, void *own, size_t length)
{
	int error = fake_step(FAKE_COPY_IN);

	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	if (error)
		return error;
	if (offset > window_length || length > window_length - offset)
		return TINE_EFAULT;
	memcpy(own, window + offset, length);
	return 0;
}

/* vmsrv. */

void
fake_file(const char *path, uint32_t mode, const void *contents, size_t size)
{
	uint32_t i = 0;

	while (files[i].path != NULL && strcmp(files[i].path, path) != 0) {
		i++;
		assert_true(i < FILES);
	}
	files[i].path = path;
	files[i].mode = mode;
	files[i].contents = contents;
	files[i].size = size;
}

const uint8_t *
fake_stack(size_t *length)
{
	*length = stack_length;
	return stack;
}

uint32_t
fake_segments(void)
{
	return segments;
}

uint64_t
fake_vm_limit(uint32_t name)
{
	return vm_limits[name];
}

static int
do_info(const struct vm_info_req *req, struct vm_info_rep *rep)
{
	(void)req;
	rep->timebase = FAKE_TIMEBASE;
	return fake_step(FAKE_VM_INFO);
}

static int
do_fork(const struct vm_fork_req *req, struct vm_fork_rep *rep)
{
	int error = fake_step(FAKE_VM_FORK);

	if (error)
		return error;
	assert_true(fake_space_users(req->space) > 0);
	assert_null(fake_thread_by_identity(req->identity));
	if (req->flags & VM_FORK_SHARE) {
		space_find(req->space)->users++;
		fake_live.space_users++;
		rep->space = req->space;
	} else {
		rep->space = space_new(false);
	}
	rep->thread = fake_thread_new(req->identity, rep->space);
	return 0;
}

static int
do_release(const struct vm_release_req *req, struct vm_release_rep *rep)
{
	int error = fake_step(FAKE_VM_RELEASE);

	(void)rep;
	if (error)
		return error;
	assert_non_null(fake_thread_find(req->thread));
	assert_true(fake_thread_find(req->thread)->space == req->space);
	fake_thread_end(req->thread);
	space_leave(req->space);
	return 0;
}

static int
do_exec_begin(
    const struct vm_exec_begin_req *req, struct vm_exec_begin_rep *rep)
{
	int error = fake_step(FAKE_EXEC_BEGIN);

	if (error)
		return error;
	assert_true(req->from == 0 || fake_space_users(req->from) > 0);
	segments = 0;
	rep->space = space_new(true);
	return 0;
}

static int
do_exec_map(const struct vm_exec_map_req *req, struct vm_exec_map_rep *rep)
{
	int error = fake_step(FAKE_EXEC_MAP);

	(void)rep;
	if (error)
		return error;
	assert_true(space_find(req->space)->building);
	segments++;
	return 0;
}

static int
do_exec_top(const struct vm_exec_top_req *req, struct vm_exec_top_rep *rep)
{
	int error = fake_step(FAKE_EXEC_TOP);

	if (error)
		return error;
	assert_true(space_find(req->space)->building);
	rep->top = FAKE_STACK_TOP;
	return 0;
}

static int
do_exec_stack(const struct vm_exec_stack_req *req,
    struct vm_exec_stack_rep *rep, const struct ipc_msg *msg)
{
	int error = fake_step(FAKE_EXEC_STACK);

	if (error)
		return error;
	assert_true(space_find(req->space)->building);
	assert_true(msg->info & MSG_WINDOW_READ);
	assert_int_equal(req->bytes, msg->window_size);
	assert_true(req->bytes <= sizeof(stack));
	stack_length = req->bytes;
	memcpy(stack, (const void *)msg->window, stack_length);
	rep->top = FAKE_STACK_TOP;
	return 0;
}

static int
do_exec_commit(
    const struct vm_exec_commit_req *req, struct vm_exec_commit_rep *rep)
{
	struct fake_thread *thread = fake_thread_find(req->thread);
	int error = fake_step(FAKE_EXEC_COMMIT);

	if (error)
		return error;
	assert_true(space_find(req->space)->building);
	space_find(req->space)->building = false;
	fake_live.programs--;
	if (req->thread == 0) {
		rep->thread = fake_thread_new(req->identity, req->space);
	} else {
		assert_non_null(thread);
		assert_true(thread->identity == req->identity);
		assert_true(thread->space == req->old);
		thread->space = req->space;
		rep->thread = req->thread;
	}
	if (req->flags & VM_EXEC_OTHERS)
		assert_true(fake_space_threads(req->old) > 0);
	else if (req->old != 0)
		space_leave(req->old);
	return 0;
}

static int
do_exec_abort(
    const struct vm_exec_abort_req *req, struct vm_exec_abort_rep *rep)
{
	(void)rep;
	fake_step(FAKE_EXEC_ABORT);
	assert_true(space_find(req->space)->building);
	space_leave(req->space);
	return 0;
}

static int
do_object_open(const struct vm_object_open_req *req,
    struct vm_object_open_rep *rep, const struct ipc_msg *msg)
{
	const char *path = (const char *)msg->window;
	int error = fake_step(FAKE_OBJECT_OPEN);

	if (error)
		return error;
	assert_int_equal(req->bytes, msg->window_size);
	for (uint32_t i = 0; i < FILES; i++) {
		if (files[i].contents == NULL ||
		    strlen(files[i].path) != req->bytes ||
		    memcmp(files[i].path, path, req->bytes) != 0)
			continue;
		rep->size = files[i].size;
		rep->object = i;
		rep->mode = files[i].mode;
		return 0;
	}
	return TINE_ENOENT;
}

static int
do_object_read(const struct vm_object_read_req *req,
    struct vm_object_read_rep *rep, const struct ipc_msg *msg)
{
	int error = fake_step(FAKE_OBJECT_READ);
	size_t length = req->size;

	if (error)
		return error;
	assert_true(req->object < FILES);
	assert_true(msg->info & MSG_WINDOW_WRITE);
	assert_int_equal(req->size, msg->window_size);
	if (length > files[req->object].size)
		length = files[req->object].size;
	memcpy((void *)msg->window, files[req->object].contents, length);
	rep->bytes = length;
	return 0;
}

static int
do_limit(const struct vm_limit_req *req, struct vm_limit_rep *rep)
{
	int error = fake_step(FAKE_VM_LIMIT);

	(void)rep;
	if (error)
		return error;
	assert_true(fake_space_users(req->space) > 0);
	assert_in_range(req->limit, VM_LIMIT_DATA, VM_LIMIT_AS);
	vm_limits[req->limit] = req->bytes;
	return 0;
}

static int
do_grow(const struct vm_grow_req *req, struct vm_grow_rep *rep)
{
	int error = fake_step(FAKE_VM_GROW);

	(void)rep;
	if (error)
		return error;
	assert_int_equal(req->address % PAGE_SIZE, 0);
	assert_int_equal(req->length % PAGE_SIZE, 0);
	assert_true(req->address >= area_base);
	assert_true(
	    req->address + req->length <= area_base + AREA_COUNT * AREA_BYTES);
	assert_int_equal(
	    mprotect((void *)req->address, req->length, PROT_READ | PROT_WRITE),
	    0);
	return 0;
}

static int
do_bootargs(const struct vm_bootargs_req *req, struct vm_bootargs_rep *rep,
    const struct ipc_msg *msg)
{
	int error = fake_step(FAKE_VM_BOOTARGS);
	char *to = (char *)msg->window;

	if (error)
		return error;
	assert_int_equal(req->size, msg->window_size);
	strncpy(to, fake_bootargs, req->size);
	rep->bytes = strlen(fake_bootargs) + 1;
	return 0;
}

/* For each request: unpack it, act, and pack the reply. */
#define REQUEST(name, ...) \
	static void call_##name(struct ipc_msg *msg) \
	{ \
		struct vm_##name##_req req; \
		struct vm_##name##_rep rep = {}; \
		int error; \
\
		assert_int_equal( \
		    MSG_COUNT(msg->info), IPC_COUNT(sizeof(req))); \
		memcpy(&req, msg->words, sizeof(req)); \
		error = do_##name(&req, &rep, ##__VA_ARGS__); \
		ipc_pack(msg, (uint64_t)error, &rep, sizeof(rep)); \
	}
REQUEST(info)
REQUEST(fork)
REQUEST(release)
REQUEST(exec_begin)
REQUEST(exec_map)
REQUEST(exec_top)
REQUEST(exec_stack, msg)
REQUEST(exec_commit)
REQUEST(exec_abort)
REQUEST(object_open, msg)
REQUEST(object_read, msg)
REQUEST(limit)
REQUEST(grow)
REQUEST(bootargs, msg)

static void (*const requests[])(struct ipc_msg *) = {
    [vm_info_call] = call_info,
    [vm_fork_call] = call_fork,
    [vm_release_call] = call_release,
    [vm_thread_new_call] = fake_call_thread_new,
    [vm_thread_free_call] = fake_call_thread_free,
    [vm_exec_begin_call] = call_exec_begin,
    [vm_exec_map_call] = call_exec_map,
    [vm_exec_top_call] = call_exec_top,
    [vm_exec_stack_call] = call_exec_stack,
    [vm_exec_commit_call] = call_exec_commit,
    [vm_exec_abort_call] = call_exec_abort,
    [vm_object_open_call] = call_object_open,
    [vm_object_read_call] = call_object_read,
    [vm_limit_call] = call_limit,
    [vm_grow_call] = call_grow,
    [vm_bring_call] = fake_call_bring,
    [vm_bootargs_call] = call_bootargs,
    [vm_server_restart_call] = fake_server_restart,
};

int
ipc_call(cap_t endpoint, struct ipc_msg *msg)
{
	uint32_t number = MSG_LABEL(msg->info);

	if (endpoint == SLOT_TTY) {
		if (number == tty_event_call)
			fake_tty_event(msg);
		else
			fake_tty_call(msg);
		return 0;
	}
	assert_int_equal(endpoint, SLOT_VM);
	assert_true(number < sizeof(requests) / sizeof(requests[0]));
	assert_non_null(requests[number]);
	requests[number](msg);
	return 0;
}

uint64_t fake_timer = ~0ul;

struct sysret
sys_timer_set(uint64_t notification, uint64_t deadline, uint64_t bits)
{
	assert_int_equal(notification, SLOT_NOTIFICATION);
	assert_int_equal(bits, EVENT_TIMER);
	fake_timer = deadline;
	return (struct sysret){0};
}

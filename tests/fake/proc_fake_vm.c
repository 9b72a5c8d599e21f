/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_fake_vm.c - vmsrv as procsrv's tests need it, and who is called.
 */
#include "proc_fake_books.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <ipc/message.h>
#include <ipc/slots.h>
#include <ipc/sys.h>
#include <ipc/tty.h>
#include <ipc/vm.h>
#include <procsrv/pool.h>

#include "proc_fake_time.h"

#define FILES 8u

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

static struct fake_space spaces[OBJECTS];
static uint32_t space_hint;
static struct fake_file_entry files[FILES];
static uint8_t stack[1 << 17];
static size_t stack_length;
static uint32_t segments;
static uint64_t vm_limits[4];

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

/* Files and programs. */

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
		fake_thread_find(rep->thread)->priority = PRIORITY_USER;
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
    [vm_thread_priority_call] = fake_call_thread_priority,
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
    [vm_shared_key_call] = fake_call_shared_key,
    [vm_bootargs_call] = call_bootargs,
    [vm_server_restart_call] = fake_server_restart,
};

int
ipc_call(cap_t endpoint, struct ipc_msg *msg)
{
	uint32_t number = MSG_LABEL(msg->info);

	if (endpoint == SLOT_TTY) {
		fake_tty_call(msg);
		return 0;
	}
	assert_int_equal(endpoint, SLOT_VM);
	assert_true(number < sizeof(requests) / sizeof(requests[0]));
	assert_non_null(requests[number]);
	requests[number](msg);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exec.c - a new program's space, from begin to commit.
 *
 * The new space is LOADING until commit; the old one is not touched before,
 * so an exec that fails leaves the caller as it was.
 */
#include <ipc/sys.h>

#include "copy.h"
#include "fault.h"
#include "handlers.h"
#include "park.h"
#include "report.h"
#include "root.h"
#include "segment.h"
#include "space.h"
#include "thread.h"

/* The space that exec_begin made. */
static int
loading_claim(uint64_t tag, const struct ipc_msg *msg, struct space **spacep)
{
	int error = space_claim(tag, msg, spacep);

	if (error)
		return error;
	if ((*spacep)->state != SPACE_LOADING || (*spacep)->server != NULL)
		return TINE_ESRCH;
	return 0;
}

int
serve_vm_exec_begin(const struct ipc_msg *msg,
    const struct vm_exec_begin_req *req, struct vm_exec_begin_rep *rep)
{
	struct space *from = NULL;
	struct space *space;
	int error;

	if (req->from != 0) {
		error = space_claim(req->from, msg, &from);
		if (error)
			return error;
	}
	error = space_create(0, 0, &space);
	if (error)
		return error;
	for (uint32_t i = 0; from != NULL && i < LIMITS; i++)
		space->limits[i] = from->limits[i];
	rep->space = space->tag;
	return 0;
}

int
serve_vm_exec_map(const struct ipc_msg *msg, const struct vm_exec_map_req *req,
    struct vm_exec_map_rep *rep)
{
	struct elf_segment segment = {
	    .va = req->address,
	    .memory_size = req->memory_size,
	    .file_size = req->file_size,
	    .offset = req->offset,
	    .protection = req->protection,
	};
	struct space *space;
	int error;

	(void)rep;
	error = loading_claim(req->space, msg, &space);
	if (error)
		return error;
	/* Where the stack ends was decided by what was mapped. */
	if (space->stack_top != 0)
		return TINE_EINVAL;
	return segment_map(space, req->object, &segment);
}

int
serve_vm_exec_top(const struct ipc_msg *msg, const struct vm_exec_top_req *req,
    struct vm_exec_top_rep *rep)
{
	struct space *space;
	int error;

	error = loading_claim(req->space, msg, &space);
	if (error)
		return error;
	if (space->stack_top == 0) {
		error = segment_top(space);
		if (error)
			return error;
	}
	rep->top = space->stack_top;
	return 0;
}

/*
 * Copy own memory to a space that nobody runs in, bringing in what is missing
 * there.  The kernel ends each copy at the end of a page, on either side.
 */
static int
space_write(struct space *space, uint64_t va, uint8_t *own, size_t length)
{
	while (length > 0) {
		struct sysret moved;
		int error = fault_bring(space, va, ACCESS_WRITE);

		if (error)
			return error;
		moved = sys_space_copy(
		    ROOT_MEMORY, space->name, va, own, length, 1);
		if (moved.error != 0 || moved.value == 0)
			return TINE_EFAULT;
		va += moved.value;
		own += moved.value;
		length -= moved.value;
	}
	return 0;
}

/* Copy from the caller's window to the topmost bytes of the stack. */
static int
stack_copy(struct space *space, token_t token, uint64_t bytes)
{
	static _Alignas(PAGE_SIZE) uint8_t buffer[PAGE_SIZE];
	uint64_t va = space->stack_top - bytes;

	for (uint64_t offset = 0; offset < bytes;) {
		uint64_t part = bytes - offset;
		int error;

		if (part > sizeof(buffer))
			part = sizeof(buffer);
		error = copy_in(token, offset, buffer, part);
		if (error == 0)
			error = space_write(space, va + offset, buffer, part);
		if (error)
			return error;
		offset += part;
	}
	return 0;
}

int
serve_vm_exec_stack(const struct ipc_msg *msg,
    const struct vm_exec_stack_req *req, struct vm_exec_stack_rep *rep)
{
	struct space *space;
	int error;

	error = loading_claim(req->space, msg, &space);
	if (error)
		return error;
	/* After exec_top, and once. */
	if (space->stack_top == 0 || space->stack_low != space->stack_top)
		return TINE_EINVAL;
	error = segment_stack(space, req->bytes);
	if (error)
		return error;
	error = stack_copy(space, msg->token, req->bytes);
	if (error) {
		segment_unstack(space);
		return error;
	}
	CHECK(space_check(space));
	rep->top = space->stack_top;
	return 0;
}

/* Make the first thread of a process without one. */
static int
first_thread(struct space *space, uint64_t identity, objname_t *thread)
{
	static const struct {
		enum thread_field field;
		uint64_t value;
	} fields[] = {
	    {THREAD_CSPACE, OWN_USER_CSPACE},
	    {THREAD_FAULT_ENDPOINT, OWN_ENDPOINT},
	    {THREAD_EXCEPTION_ENDPOINT, OWN_PROC_EXCEPTION},
	    {THREAD_PRIORITY, PRIORITY_USER},
	    {THREAD_FPU, 1},
	};
	int error = thread_add(space, identity, thread);

	if (error)
		return error;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (sys_thread_configure(
			ROOT_MEMORY, *thread, fields[i].field, fields[i].value)
			.error == 0)
			continue;
		error = thread_destroy(space, *thread);
		ASSERT(error == 0);
		return TINE_EINVAL;
	}
	return 0;
}

/*
 * Take a thread out of the space of a process.  With others of that the use
 * of the space stays; a process of which none stays gives it up.
 */
static int
exec_leave(
    struct space *old, struct space *space, objname_t thread, bool others)
{
	if (others ? old->nthreads <= old->users
		   : old->users == 1 && old->nthreads > 1)
		return TINE_EBUSY;
	return thread_move(old, space, thread);
}

int
serve_vm_exec_commit(const struct ipc_msg *msg,
    const struct vm_exec_commit_req *req, struct vm_exec_commit_rep *rep)
{
	bool others = (req->flags & VM_EXEC_OTHERS) != 0;
	objname_t thread = req->thread;
	struct space *old = NULL;
	struct space *space;
	int error;

	error = loading_claim(req->space, msg, &space);
	if (error == 0 && req->old != 0)
		error = space_claim_process(req->old, msg, &old);
	if (error)
		return error;
	/* A thread has a space, and a process without one has no thread. */
	if (space->stack_low == space->stack_top ||
	    (thread == 0) != (old == NULL) || (others && old == NULL) ||
	    (req->flags & ~VM_EXEC_OTHERS) != 0)
		return TINE_EINVAL;
	if (old == NULL)
		error = first_thread(space, req->identity, &thread);
	else
		error = exec_leave(old, space, thread, others);
	if (error)
		return error;

	/* Committed: nothing below can fail. */
	space_use(space);
	if (old != NULL && !others)
		space_unuse(old);
	rep->thread = thread;
	return 0;
}

int
serve_vm_exec_abort(const struct ipc_msg *msg,
    const struct vm_exec_abort_req *req, struct vm_exec_abort_rep *rep)
{
	struct space *space;
	int error;

	(void)rep;
	error = loading_claim(req->space, msg, &space);
	if (error == 0)
		space_retire(space);
	return error;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys_thread.c - calls on threads by their owner or steward.
 */
#include "endpoint.h"
#include "notify.h"
#include "object.h"
#include "sched.h"
#include "syscall.h"
#include "ucopy.h"

#include <abi/errors.h>

/* The thread args[1] names, with the authority of slot args[0]. */
static int
thread_arg(struct thread *self, const uint64_t *args, uint64_t rights,
    struct thread **threadp) REQUIRES(kernel_lock)
{
	void *thread;
	int error;

	error = cap_named(
	    self->cspace, args[0], rights, args[1], KIND_THREAD, &thread);
	if (error)
		return error;
	*threadp = thread;
	return 0;
}

static int
configure_priority(struct thread *thread, uint64_t priority)
    REQUIRES(kernel_lock)
{
	uint32_t state = thread->state;

	if (priority >= PRIORITIES)
		return TINE_EINVAL;
	if (state == THREAD_READY)
		sched_remove(thread);
	else if (state == THREAD_SENDING)
		prioq_remove(&thread->endpoint->senders, &thread->link,
		    thread->priority);
	thread->priority = priority;
	if (state == THREAD_READY)
		sched_ready(thread);
	else if (state == THREAD_SENDING)
		prioq_insert(&thread->endpoint->senders, &thread->link,
		    priority, false);
	return 0;
}

/* Point a reference at the endpoint in one of self's slots; 0: none. */
static int
configure_endpoint(struct thread *self, uint64_t slot,
    struct endpoint_ref *ref) REQUIRES(kernel_lock)
{
	struct cap *cap;
	int error;

	if (slot == 0) {
		*ref = (struct endpoint_ref){0};
		return 0;
	}
	error = cap_lookup(self->cspace, slot, RIGHT_SEND, &cap);
	if (error)
		return error;
	*ref = (struct endpoint_ref){cap->frame, cap->tag, 0};
	return 0;
}

static int
configure_cspace(struct thread *self, struct thread *thread, uint64_t slot)
    REQUIRES(kernel_lock)
{
	void *cspace;
	int error;

	error = cap_object(self->cspace, slot, RIGHT_EDIT, &cspace);
	if (error)
		return error;
	thread_set_cspace(thread, cspace);
	return 0;
}

static int
configure_space(struct thread *self, struct thread *thread,
    const uint64_t *args) REQUIRES(kernel_lock)
{
	void *space;
	int error;

	error = cap_named(self->cspace, args[0], RIGHT_OWNER, args[3],
	    KIND_SPACE, &space);
	if (error)
		return error;
	if (thread->state == THREAD_RUNNING)
		return TINE_EBUSY;
	thread_set_space(thread, space);
	return 0;
}

static int
configure_notification(struct thread *self, struct thread *thread,
    uint64_t slot) REQUIRES(kernel_lock)
{
	void *notification;
	int error;

	error = cap_object(self->cspace, slot, RIGHT_WAIT, &notification);
	if (error)
		return error;
	return thread_bind(thread, notification);
}

static int
configure_fpu(struct thread *thread, uint64_t value)
{
	if (value > 1 || thread->state == THREAD_RUNNING)
		return TINE_EINVAL;
	if (value)
		thread->flags |= THREAD_USES_FPU;
	else
		thread->flags &= ~THREAD_USES_FPU;
	thread->sstatus = arch_status(value != 0);
	return 0;
}

int
sys_thread_configure(struct thread *self, const uint64_t *args)
{
	struct thread *thread;
	int error;

	error = thread_arg(self, args, RIGHT_OWNER, &thread);
	if (error)
		return error;
	switch (args[2]) {
	case THREAD_PRIORITY:
		return configure_priority(thread, args[3]);
	case THREAD_CSPACE:
		return configure_cspace(self, thread, args[3]);
	case THREAD_FAULT_ENDPOINT:
		return configure_endpoint(
		    self, args[3], &thread->fault_endpoint);
	case THREAD_EXCEPTION_ENDPOINT:
		return configure_endpoint(
		    self, args[3], &thread->exception_endpoint);
	case THREAD_IDENTITY:
		thread->sender[ENDPOINT_THREAD] = args[3];
		return 0;
	case THREAD_SPACE:
		return configure_space(self, thread, args);
	case THREAD_FPU:
		return configure_fpu(thread, args[3]);
	case THREAD_NOTIFICATION:
		return configure_notification(self, thread, args[3]);
	default:
		return TINE_EINVAL;
	}
}

int
sys_thread_clone(struct thread *self, const uint64_t *args)
{
	struct thread *caller;
	void *thread;
	int error;

	error = cap_named(self->cspace, args[0], RIGHT_STEWARD | RIGHT_OWNER,
	    args[2], KIND_THREAD, &thread);
	if (error)
		return error;
	caller = token_lookup(args[1], self);
	if (caller == NULL)
		return TINE_ESTALE;
	if (caller->flags & THREAD_KERNEL_CALL || !thread_is_new(thread))
		return TINE_EINVAL;
	error = cap_authority(self->cspace, args[0],
	    RIGHT_STEWARD | RIGHT_OWNER, thread_frame(caller));
	if (error)
		return error;
	syscall_result(self, 1, thread_copy(thread, caller));
	count(STAT_CLONES);
	return 0;
}

/* A thread whose registers are all in memory, and stay so. */
static int
thread_arg_still(struct thread *self, const uint64_t *args,
    struct thread **threadp) REQUIRES(kernel_lock)
{
	int error;

	error = thread_arg(
	    self, args, RIGHT_STEWARD | RIGHT_OWNER, threadp);
	if (error)
		return error;
	if ((*threadp)->state != THREAD_STOPPED &&
	    (*threadp)->state != THREAD_AWAITING)
		return TINE_EBUSY;
	return 0;
}

int
sys_thread_read(struct thread *self, const uint64_t *args)
{
	struct thread *thread;
	struct regs regs;
	int error;

	error = thread_arg_still(self, args, &thread);
	if (error)
		return error;
	thread_get_regs(thread, &regs);
	return ucopy_out(self->space, args[2], &regs, sizeof(regs));
}

int
sys_thread_write(struct thread *self, const uint64_t *args)
{
	struct thread *thread;
	struct regs regs;
	int error;

	error = thread_arg_still(self, args, &thread);
	if (error)
		return error;
	error = ucopy_in(self->space, args[2], &regs, sizeof(regs));
	if (error)
		return error;
	thread_set_regs(thread, &regs);
	return 0;
}

int
sys_thread_start(struct thread *self, const uint64_t *args)
{
	struct thread *thread;
	int error;

	error = thread_arg(self, args, RIGHT_STEWARD | RIGHT_OWNER, &thread);
	if (error)
		return error;
	if (thread->state != THREAD_STOPPED)
		return TINE_EBUSY;
	sched_ready(thread);
	return 0;
}

int
sys_thread_stop(struct thread *self, const uint64_t *args)
{
	struct thread *thread;
	int error;

	error = thread_arg(self, args, RIGHT_STEWARD | RIGHT_OWNER, &thread);
	if (error)
		return error;
	thread_stop(thread);
	return 0;
}

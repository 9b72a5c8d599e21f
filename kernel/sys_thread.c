/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys_thread.c - calls on threads by their owner or steward.
 */
#include "endpoint.h"
#include "ipc.h"
#include "notify.h"
#include "sched.h"
#include "syscall.h"
#include "ucopy.h"

#include <abi/errors.h>

static int
configure_priority(struct thread *thread, uint64_t priority) LOCKED
{
	struct prioq *queue = thread_queue(thread);

	if (priority >= PRIORITIES)
		return TINE_EINVAL;
	if (queue != NULL) {
		prioq_remove(queue, &thread->link, thread->priority);
		prioq_insert(queue, &thread->link, priority, false);
	}
	thread->priority = priority;
	return 0;
}

static int
configure_space(struct thread *self, struct thread *thread, uint64_t auth,
    objname_t name) LOCKED
{
	void *space;
	int error;

	error = cap_named(
	    self->cspace, auth, RIGHT_OWNER, name, KIND_SPACE, &space);
	if (error == 0 && thread->state == THREAD_RUNNING)
		error = TINE_EBUSY;
	if (error == 0)
		thread_set_space(thread, space);
	return error;
}

static int
configure_fpu(struct thread *thread, uint64_t value) LOCKED
{
	if (value > 1 || thread->state == THREAD_RUNNING)
		return TINE_EINVAL;
	thread->flags &= ~THREAD_USES_FPU;
	if (value)
		thread->flags |= THREAD_USES_FPU;
	thread->sstatus = arch_status(value != 0);
	return 0;
}

int
sys_thread_configure(struct thread *self, void *object, const uint64_t *args)
{
	/* The rights that a slot must have; endpoints may be left out: 0. */
	static const uint64_t rights[] = {
	    [THREAD_CSPACE] = RIGHT_EDIT,
	    [THREAD_FAULT_ENDPOINT] = RIGHT_SEND,
	    [THREAD_EXCEPTION_ENDPOINT] = RIGHT_SEND,
	    [THREAD_NOTIFICATION] = RIGHT_WAIT,
	};
	struct thread *thread = object;
	uint64_t field = args[2];
	uint64_t value = args[3];
	struct cap none = {.rights = 0};
	struct cap *cap = &none;
	struct endpoint_ref endpoint;
	int error = 0;

	if (field > THREAD_NOTIFICATION)
		return TINE_EINVAL;
	if (rights[field] != 0 && (value != 0 || rights[field] != RIGHT_SEND))
		error = cap_lookup(self->cspace, value, rights[field], &cap);
	if (error)
		return error;
	endpoint = (struct endpoint_ref){cap->frame, cap->tag};
	switch (field) {
	case THREAD_PRIORITY:
		return configure_priority(thread, value);
	case THREAD_CSPACE:
		thread_set_cspace(thread, object_of(cap->frame));
		return 0;
	case THREAD_FAULT_ENDPOINT:
		thread->fault_endpoint = endpoint;
		return 0;
	case THREAD_EXCEPTION_ENDPOINT:
		thread->exception_endpoint = endpoint;
		return 0;
	case THREAD_IDENTITY:
		thread->sender[ENDPOINT_THREAD] = value;
		return 0;
	case THREAD_SPACE:
		return configure_space(self, thread, args[0], value);
	case THREAD_FPU:
		return configure_fpu(thread, value);
	case THREAD_NOTIFICATION:
		return thread_bind(thread, object_of(cap->frame));
	default:
		return TINE_EINVAL;
	}
}

int
sys_thread_clone(struct thread *self, void *object, const uint64_t *args)
{
	struct thread *caller = token_lookup(args[2], self);
	const struct thread *copy = object;
	int error;

	if (caller == NULL)
		return TINE_ESTALE;
	/* The copy must never have run: then it has no capabilities yet. */
	if (caller->flags & THREAD_KERNEL_CALL ||
	    copy->state != THREAD_STOPPED || copy->cspace != NULL)
		return TINE_EINVAL;
	error = cap_authority(self->cspace, args[0],
	    RIGHT_STEWARD | RIGHT_OWNER, thread_frame(caller));
	if (error)
		return error;
	syscall_result(self, 1, thread_copy(object, caller));
	count(STAT_CLONES);
	return 0;
}

/* Whether a thread's registers are all in memory, and stay so. */
static bool
thread_is_still(const struct thread *thread)
{
	return thread->state == THREAD_STOPPED ||
	       thread->state == THREAD_AWAITING;
}

int
sys_thread_read(struct thread *self, void *object, const uint64_t *args)
{
	struct ucopy_span span;
	struct ucopy_miss miss;
	int error;

	if (!thread_is_still(object))
		return TINE_EBUSY;
	error = ucopy_span(self->space, args[2], sizeof(struct regs),
	    ACCESS_WRITE, &span, &miss);
	if (error == 0)
		thread_put_regs(object, &span);
	return error;
}

int
sys_thread_write(struct thread *self, void *object, const uint64_t *args)
{
	struct ucopy_span span;
	struct ucopy_miss miss;
	int error;

	if (!thread_is_still(object))
		return TINE_EBUSY;
	error = ucopy_span(self->space, args[2], sizeof(struct regs),
	    ACCESS_READ, &span, &miss);
	if (error == 0)
		thread_get_regs(object, &span);
	return error;
}

int
sys_thread_start(struct thread *self, void *object, const uint64_t *args)
{
	struct thread *thread = object;

	if (thread->state != THREAD_STOPPED)
		return TINE_EBUSY;
	ipc_woken(thread_resume(thread));
	return 0;
}

int
sys_thread_stop(struct thread *self, void *object, const uint64_t *args)
{
	thread_stop(object);
	return 0;
}

/*
 * Whether a sender's message can be taken back: it has not been received yet
 * by one who forwarded it, and is not the AST itself.
 */
static bool
message_is_fresh(const struct thread *thread)
{
	return thread->state == THREAD_SENDING && thread->send_forwarder == 0 &&
	       ((thread->flags & THREAD_KERNEL_CALL) == 0 ||
		   thread->kmsg_label != MSG_AST);
}

int
sys_thread_interrupt(struct thread *self, void *object, const uint64_t *args)
{
	struct thread *thread = object;
	bool fresh = message_is_fresh(thread);
	uint64_t holder = thread->reply_name & NAME_FRAME_MASK;

	if (thread == self)
		return TINE_EINVAL;
	if (fresh || thread->state == THREAD_READY ||
	    thread->state == THREAD_RUNNING) {
		thread_unlink(thread);
		/* It makes its call anew: back on its ecall. */
		if (fresh && (thread->flags & THREAD_KERNEL_CALL) == 0)
			thread->regs[REG_PC] -= 4;
		thread->flags |= THREAD_AST;
		ipc_woken(thread_resume(thread));
	} else if (thread->state != THREAD_SENDING ||
		   thread->send_forwarder != 0) {
		thread->flags |= THREAD_AST;
		/* It may be gone, and its frame somebody's page. */
		if (frames.table[holder].tag ==
		    thread->reply_name - holder + KIND_THREAD)
			syscall_result(self, 1,
			    ((const struct thread *)object_in(holder))
				->sender[ENDPOINT_THREAD]);
	}
	return 0;
}

int
sys_thread_times(struct thread *self, void *object, const uint64_t *args)
{
	const struct thread *thread = object;

	syscall_result(self, 1, thread->cycles);
	return 0;
}

#define ORPHANS_AT_ONCE 1024

int
sys_thread_orphans(struct thread *self, void *object, const uint64_t *args)
{
	uint64_t frame = args[3];
	uint64_t end = frame + ORPHANS_AT_ONCE;
	struct thread *thread;

	if (args[2] == 0 || args[2] > MSG_LABEL_MASK || frame > frames.count)
		return TINE_EINVAL;
	for (; frame < frames.count && frame < end; frame++) {
		thread = object_in(frame);
		if (frame_kind(frame) != KIND_THREAD || args[1] == 0 ||
		    thread->reply_name != args[1] ||
		    cap_authority(self->cspace, args[0], RIGHT_OWNER, frame))
			continue;
		if ((thread->flags & THREAD_KERNEL_CALL) == 0)
			endpoint_refuse(thread, (int)args[2]);
		ipc_woken(thread_resume(thread));
	}
	syscall_result(self, 1, frame);
	return 0;
}

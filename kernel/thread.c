/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * thread.c - LWPs; see thread.h.
 */
#include "thread.h"
#include "endpoint.h"
#include "fault.h"
#include "kassert.h"
#include "notify.h"
#include "sched.h"
#include "space.h"
#include "ucopy.h"

#include <string.h>

#include <abi/errors.h>

void
thread_init(struct thread *thread, uint64_t frame, struct space *space,
    uint64_t identity)
{
	thread->hart = hart_self();
	thread->name = frame_name(frame);
	thread->token = thread->name;
	thread->sender[ENDPOINT_THREAD] = identity;
	thread->fp_key = FP_ZERO;
	thread->sstatus = arch_status(false);
	list_init(&thread->link);
	thread_set_space(thread, space);
	count(STAT_THREADS);
}

struct prioq *
thread_queue(const struct thread *thread)
{
	if (thread->state == THREAD_READY)
		return &thread->hart->ready;
	if (thread->state == THREAD_SENDING)
		return &thread->endpoint->senders;
	return NULL;
}

void
thread_unlink(struct thread *thread)
{
	struct prioq *queue = thread_queue(thread);

	if (thread->state == THREAD_RUNNING && thread->hart != hart_self())
		hart_evict(thread->hart);
	else if (queue != NULL)
		prioq_remove(queue, &thread->link, thread->priority);
	else if (thread->state == THREAD_RECEIVING)
		list_remove(&thread->link);
}

void
thread_stop(struct thread *thread)
{
	thread_unlink(thread);
	thread->state = THREAD_STOPPED;
	thread->reply_name = 0;
	thread->flags &= ~THREAD_SPECIAL;
}

struct thread *
thread_resume(struct thread *thread)
{
	thread->state = THREAD_READY;
	thread->reply_name = 0;
	thread->flags &= ~THREAD_KERNEL_CALL;
	return thread->flags & THREAD_AST ? fault_ast(thread) : thread;
}

/* No hart holds the FP registers of this thread any more. */
static void
thread_forget_fp(const struct thread *thread) LOCKED
{
	for (uint64_t i = 0; i < nharts; i++) {
		if (harts[i].fp_holder == (uintptr_t)thread)
			harts[i].fp_holder = FP_NOBODY;
	}
}

void
thread_destroy(struct thread *thread)
{
	uint64_t frame = thread_frame(thread);

	thread_stop(thread);
	if (thread->notification != NULL)
		thread->notification->bound = NULL;
	thread_set_cspace(thread, NULL);
	thread_set_space(thread, NULL);
	thread_forget_fp(thread);
	hart_self()->counters[STAT_THREADS]--;
	frame_free(frame, thread->token);
}

void
thread_set_space(struct thread *thread, struct space *space)
{
	if (thread->space != NULL)
		object_frame(thread->space)->count--;
	thread->space = space;
	if (space == NULL)
		return;
	object_frame(space)->count++;
	space_enter(space, thread->hart);
	thread->satp = space_satp(space);
	thread->sender[ENDPOINT_SPACE] = space->tag.value;
}

token_t
thread_copy(struct thread *to, const struct thread *from)
{
	memcpy(to->regs, from->regs, sizeof(to->regs));
	to->flags = from->flags & ~THREAD_AST;
	to->sstatus = from->sstatus;
	to->fp_key = FP_ZERO;
	if (from->flags & THREAD_FP_SAVED) {
		memcpy(to->f, from->f, sizeof(to->f));
		to->fcsr = from->fcsr;
		to->fp_key = (uintptr_t)to;
	}
	to->priority = from->priority;
	to->fault_endpoint = from->fault_endpoint;
	to->exception_endpoint = from->exception_endpoint;
	thread_set_cspace(to, from->cspace);
	to->token += NAME_GENERATION_ONE;
	to->reply_name = from->reply_name;
	to->state = THREAD_AWAITING;
	return to->token;
}

#define X_WORDS (sizeof(((struct thread *)0)->regs) / 8)
#define REGS_WORDS (sizeof(struct regs) / 8)

void
thread_put_regs(const struct thread *thread, struct ucopy_span *span)
{
	ucopy_put(span, thread->regs, REGS_WORDS);
}

void
thread_get_regs(struct thread *thread, struct ucopy_span *span)
{
	bool fpu = (thread->flags & THREAD_USES_FPU) != 0;

	ucopy_get(span, thread->regs, fpu ? REGS_WORDS : X_WORDS);
	thread->regs[REG_PC] &= ~1ul;
	if (!fpu)
		return;
	thread->fcsr &= 0xff;
	thread->flags |= THREAD_FP_SAVED;
	thread->fp_key = (uintptr_t)thread;
	thread_forget_fp(thread);
}

void
thread_set_cspace(struct thread *thread, struct cap *cspace)
{
	if (thread->cspace != NULL)
		object_frame(thread->cspace)->count--;
	thread->cspace = cspace;
	if (cspace != NULL)
		object_frame(cspace)->count++;
}

int
thread_bind(struct thread *thread, struct notification *notification)
{
	if (notification->bound != NULL || thread->notification != NULL)
		return TINE_EBUSY;
	notification->bound = thread;
	thread->notification = notification;
	/* It may be receiving, and bits may be pending. */
	notification_set(notification, 0);
	return 0;
}

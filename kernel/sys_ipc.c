/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys_ipc.c - calls around messages: notify, timers, windows, whole replies.
 */
#include "endpoint.h"
#include "ipc.h"
#include "notify.h"
#include "sched.h"
#include "syscall.h"
#include "ucopy.h"

#include <abi/errors.h>

int
sys_notify(struct thread *self, void *object, const uint64_t *args)
{
	notification_set(object, args[1]);
	return 0;
}

int
sys_timer_set(struct thread *self, void *object, const uint64_t *args)
{
	notification_arm(object, args[1], args[2]);
	sched_rearm();
	return 0;
}

int
sys_yield(struct thread *self, void *object, const uint64_t *args)
{
	sched_yield();
	return 0;
}

/* One side of a copy: own memory, or the window behind a token. */
static int
copy_side(struct thread *self, const uint64_t *side, uint64_t length,
    uint64_t right, struct space **spacep, vaddr_t *vap) LOCKED
{
	struct thread *caller;
	token_t token = side[0];
	uint64_t at = side[1];
	uint64_t size;

	*spacep = self->space;
	*vap = at;
	if (token == 0)
		return 0;
	caller = token_lookup(token, self);
	if (caller == NULL)
		return TINE_ESTALE;
	if (caller->flags & THREAD_KERNEL_CALL ||
	    (caller->regs[REG_A1] & right) == 0)
		return TINE_EFAULT;
	size = caller->regs[REG_T2];
	if (at > size || length > size - at)
		return TINE_EFAULT;
	*spacep = caller->space;
	*vap = caller->regs[REG_T1] + at;
	return *vap < at ? TINE_EFAULT : 0;
}

int
sys_copy(struct thread *self, void *object, const uint64_t *args)
{
	struct space *dst, *src;
	struct ucopy_miss miss;
	vaddr_t dva, sva;
	uint64_t done;
	int error;

	error =
	    copy_side(self, &args[0], args[4], MSG_WINDOW_WRITE, &dst, &dva);
	if (error == 0)
		error = copy_side(
		    self, &args[2], args[4], MSG_WINDOW_READ, &src, &sva);
	if (error) {
		syscall_result(self, 3, USER_TOP);
		return error;
	}
	error = ucopy(dst, dva, src, sva, args[4], &done, &miss);
	syscall_result(self, 1, done);
	if (error) {
		syscall_result(self, 2, miss.tag);
		syscall_result(self, 3, miss.page | miss.access);
	}
	return error;
}

/* A caller, answered with all its registers, goes on; then perhaps receive. */
static int
reply_done(struct thread *self, struct thread *caller, uint64_t endpoint) LOCKED
{
	struct thread *woken = thread_resume(caller);

	if (endpoint != 0) {
		ipc_recv_next(self, endpoint, woken, &syscall_next);
		return SYSCALL_DONE;
	}
	ipc_woken(woken);
	return 0;
}

int
sys_reply_regs(struct thread *self, void *object, const uint64_t *args)
{
	const uint64_t side[] = {args[2] != 0 ? args[0] : 0, args[1]};
	struct thread *caller = token_lookup(args[0], self);
	struct ucopy_miss miss = {.page = USER_TOP};
	struct ucopy_span span;
	struct space *space;
	vaddr_t va;
	int error;

	error = copy_side(
	    self, side, sizeof(struct regs), MSG_WINDOW_READ, &space, &va);
	if (error == 0)
		error = ucopy_span(
		    space, va, sizeof(struct regs), ACCESS_READ, &span, &miss);
	if (error) {
		syscall_result(self, 2, miss.tag);
		syscall_result(self, 3, miss.page | miss.access);
		return error;
	}
	if (caller == NULL)
		return TINE_ESTALE;
	/* pc comes first. */
	if (args[2] != 0 && (*span.at >= USER_TOP || *span.at % 2 != 0))
		return TINE_EINVAL;
	thread_get_regs(caller, &span);
	return reply_done(self, caller, args[3]);
}

/*
 * Enter the handler, with the frame whose place was found at base.  Other
 * threads of the server may write to the delivery meanwhile: no word of it is
 * read twice.
 */
static void
signal_enter(struct thread *caller, const struct signal_delivery *d,
    uint64_t head_bytes, vaddr_t base, struct ucopy_span *span) LOCKED
{
	ucopy_put(span, (const void *)d->head, head_bytes / 8);
	thread_put_regs(caller, span);
	caller->regs[REG_PC] = d->pc & ~1ul;
	caller->regs[REG_RA] = d->ra;
	caller->regs[REG_SP] = base;
	caller->regs[REG_A0] = d->a0;
	caller->regs[REG_A1] = base + d->a1_offset;
	caller->regs[REG_A2] = base + d->a2_offset;
}

int
sys_reply_signal(struct thread *self, void *object, const uint64_t *args)
{
	struct thread *caller = token_lookup(args[0], self);
	uint64_t head = args[2] - SIGNAL_HEADER_BYTES;
	const struct signal_delivery *d;
	struct ucopy_span span;
	struct ucopy_miss miss;
	vaddr_t base;
	int error;

	if (caller == NULL)
		return TINE_ESTALE;
	if (head > SIGNAL_HEAD_MAX || head % 16 != 0)
		return TINE_EINVAL;
	error = ucopy_span(
	    self->space, args[1], args[2], ACCESS_READ, &span, &miss);
	if (error)
		return error;
	if (args[1] % _Alignof(struct signal_delivery) != 0)
		return TINE_EINVAL;
	d = (const void *)span.at;
	base = d->sp;
	if (base == 0)
		base = caller->regs[REG_SP];
	base = (base - head - sizeof(struct regs)) & ~15ul;
	error = ucopy_span(caller->space, base, head + sizeof(struct regs),
	    ACCESS_WRITE, &span, &miss);
	if (error) {
		syscall_result(self, 2, miss.tag);
		syscall_result(self, 3, miss.page | miss.access);
		return error;
	}
	if ((caller->flags & THREAD_KERNEL_CALL) == 0) {
		count(STAT_REPLIES);
		endpoint_refuse(caller, 0);
		caller->regs[REG_A1] = d->label & MSG_LABEL_MASK;
	}
	signal_enter(caller, d, head, base, &span);
	return reply_done(self, caller, args[3]);
}

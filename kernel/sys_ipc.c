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

int
sys_reply_regs(struct thread *self, void *object, const uint64_t *args)
{
	struct regs regs;
	struct thread *caller;
	int error;

	error = ucopy_in(self->space, args[1], &regs, sizeof(regs));
	if (error)
		return error;
	caller = token_lookup(args[0], self);
	if (caller == NULL)
		return TINE_ESTALE;
	thread_set_regs(caller, &regs);
	ipc_woken(thread_resume(caller));
	return 0;
}

_Static_assert(offsetof(struct thread, fcsr) - offsetof(struct thread, f) ==
		   offsetof(struct regs, fcsr) - offsetof(struct regs, f),
    "signal_frame copies them at once");

/*
 * Put a frame on a caller's stack, from base on: the head, and the registers
 * to be gone on with.  Of a struct thread's, f and fcsr lie as in struct regs.
 */
static int
signal_frame(struct thread *caller, vaddr_t base,
    struct signal_delivery *d, struct ucopy_miss *miss) LOCKED
{
	vaddr_t regs = base + d->head_bytes;
	int error;

	error = ucopy_out(caller->space, base, d->head, d->head_bytes, miss);
	if (error == 0)
		error = ucopy_out(caller->space, regs, caller->regs,
		    offsetof(struct regs, f), miss);
	if (error == 0)
		error = ucopy_out(caller->space, regs + offsetof(struct regs, f),
		    caller->f, sizeof(struct regs) - offsetof(struct regs, f),
		    miss);
	return error;
}

int
sys_reply_signal(struct thread *self, void *object, const uint64_t *args)
{
	struct thread *caller = token_lookup(args[0], self);
	struct ucopy_miss miss = {.page = USER_TOP};
	struct signal_delivery d;
	vaddr_t base;
	int error;

	if (caller == NULL)
		return TINE_ESTALE;
	error = ucopy_in(self->space, args[1], &d, SIGNAL_HEADER_BYTES);
	if (error == 0 && (d.head_bytes > SIGNAL_HEAD_MAX || d.head_bytes % 16))
		error = TINE_EINVAL;
	if (error == 0)
		error = ucopy_in(self->space, args[1] + SIGNAL_HEADER_BYTES,
		    d.head, d.head_bytes);
	if (error)
		return error;
	if ((caller->flags & THREAD_KERNEL_CALL) == 0) {
		count(STAT_REPLIES);
		endpoint_refuse(caller, 0);
		caller->regs[REG_A1] = d.label & MSG_LABEL_MASK;
	}
	base = d.sp != 0 ? d.sp : caller->regs[REG_SP];
	base = (base - d.head_bytes - sizeof(struct regs)) & ~15ul;
	error = signal_frame(caller, base, &d, &miss);
	if (error) {
		syscall_result(self, 2, miss.tag);
		syscall_result(self, 3, miss.page | miss.access);
		return error;
	}
	caller->regs[REG_PC] = d.pc & ~1ul;
	caller->regs[REG_RA] = d.ra;
	caller->regs[REG_SP] = base;
	caller->regs[REG_A0] = d.a0;
	caller->regs[REG_A1] = base + d.a1_offset;
	caller->regs[REG_A2] = base + d.a2_offset;
	ipc_woken(thread_resume(caller));
	return 0;
}

int
sys_code_sync(struct thread *self, void *object, const uint64_t *args)
{
	space_sync_code(self->space);
	return 0;
}

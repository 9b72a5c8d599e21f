/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys_ipc.c - calls around messages: notify, timers, windows, whole replies.
 */
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
	caller = ipc_answer(self, args[0], 0);
	if (caller == NULL)
		return TINE_ESTALE;
	thread_set_regs(caller, &regs);
	sched_ready(caller);
	return 0;
}

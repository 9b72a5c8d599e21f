/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwp.c - NetBSD's LWPs.
 *
 * Programs that make LWPs get the fork() that looks after locks.
 */
#include "forkhook.h"
#include "futex.h"
#include "internal.h"

#include <errno.h>
#include <lwp.h>
#include <string.h>

#include <abi/types.h>

NEEDS_FORK_HOOK;

_Static_assert(LWP_DETACHED == PROC_LWP_DETACHED, "lwp.h");
_Static_assert(LWP_SUSPENDED == PROC_LWP_SUSPENDED, "lwp.h");
_Static_assert(sizeof(mcontext_t) == sizeof(struct regs), "ucontext.h");
_Static_assert(
    offsetof(ucontext_t, uc_mcontext) == sizeof(struct proc_ucontext),
    "ucontext.h");

/* The calling LWP's id; -1 if procsrv does not answer. */
lwpid_t
_lwp_self(void)
{
	struct proc_ids_req req = {};
	struct proc_ids_rep rep;
	int error;

	error = proc_ids(SLOT_PROC, &req, &rep);
	return error ? __tine_fail(error) : rep.lid;
}

/*
 * Make an LWP with the registers of a context.  Its signal mask is that of
 * the caller.  Returns 0, or -1 with errno
 *	EAGAIN	as many as there may be
 *	EFAULT	the context can't be read
 *	EINVAL	unknown flags
 *	ENOMEM	not enough memory
 */
int
_lwp_create(const ucontext_t *context, unsigned long flags, lwpid_t *lid)
{
	struct proc_lwp_create_req req = {.flags = (uint32_t)flags};
	struct proc_lwp_create_rep rep;
	int error;

	if (flags > UINT32_MAX)
		return __tine_fail(EINVAL);
	error = proc_lwp_create(SLOT_PROC, &req, &rep, &context->uc_mcontext,
	    sizeof(context->uc_mcontext));
	if (error == 0)
		*lid = rep.lid;
	return tine_result(error);
}

/* End the calling LWP; the last one's end is exit(0), without handlers. */
int
_lwp_exit(void)
{
	struct proc_lwp_exit_req req = {};
	struct proc_lwp_exit_rep rep;

	return __tine_fail(proc_lwp_exit(SLOT_PROC, &req, &rep));
}

/*
 * Make a context for start(argument) on a stack.  Without a private pointer,
 * a block of thread-local variables is made on top of the stack.  When start
 * returns, the LWP ends.
 */
void
_lwp_makecontext(ucontext_t *context, void (*start)(void *), void *argument,
    void *private, void *stack, size_t size)
{
	struct regs *regs = (struct regs *)&context->uc_mcontext;
	uintptr_t sp = (uintptr_t)stack + size;

	memset(context, 0, sizeof(*context));
	context->uc_stack.ss_sp = stack;
	context->uc_stack.ss_size = size;
	if (private == NULL) {
		sp = (sp - __tine_tls_bytes()) & ~(TLS_ALIGN - 1);
		private = (void *)sp;
		__tine_tls_init(private);
	}
	regs->x[0] = (uintptr_t)start;
	regs->x[1] = (uintptr_t)_lwp_exit;
	regs->x[2] = sp & ~15ul;
	__asm__ volatile("mv %0, gp" : "=r"(regs->x[3]));
	regs->x[4] = (uintptr_t) private;
	regs->x[10] = (uintptr_t)argument;
	__asm__ volatile("frcsr %0" : "=r"(regs->fcsr));
}

/*
 * Wait for an LWP (0: any that is not detached) to end.  Returns 0, or -1
 * with errno
 *	ESRCH	there is no such LWP
 *	EINVAL	it is detached
 *	EDEADLK	itself, or all others wait, too
 *	EINTR	a signal handler ran
 */
int
_lwp_wait(lwpid_t lid, lwpid_t *departed)
{
	struct proc_lwp_wait_req req = {.lid = lid};
	struct proc_lwp_wait_rep rep = {0};
	int error;

	error = TINE_RESTARTED(proc_lwp_wait(SLOT_PROC, &req, &rep));
	if (error == 0 && departed != NULL)
		*departed = rep.lid;
	return tine_result(error);
}

/* Have nobody wait for it.  ESRCH; EINVAL: it is detached already. */
int
_lwp_detach(lwpid_t lid)
{
	struct proc_lwp_detach_req req = {.lid = lid};
	struct proc_lwp_detach_rep rep;

	return tine_result(proc_lwp_detach(SLOT_PROC, &req, &rep));
}

/* ESRCH; EDEADLK: no other LWP would run. */
int
_lwp_suspend(lwpid_t lid)
{
	struct proc_lwp_suspend_req req = {.lid = lid};
	struct proc_lwp_suspend_rep rep;

	return tine_result(proc_lwp_suspend(SLOT_PROC, &req, &rep));
}

/* ESRCH. */
int
_lwp_continue(lwpid_t lid)
{
	struct proc_lwp_suspend_req req = {.lid = lid, .resume = 1};
	struct proc_lwp_suspend_rep rep;

	return tine_result(proc_lwp_suspend(SLOT_PROC, &req, &rep));
}

/* Send a signal (0: none).  ESRCH, EINVAL. */
int
_lwp_kill(lwpid_t lid, int signal)
{
	struct proc_lwp_kill_req req = {.lid = lid, .signal = signal};
	struct proc_lwp_kill_rep rep;

	return tine_result(proc_lwp_kill(SLOT_PROC, &req, &rep));
}

void *
_lwp_getprivate(void)
{
	return __builtin_thread_pointer();
}

void
_lwp_setprivate(void *private)
{
	__asm__ volatile("mv tp, %0" : : "r"(private) : "memory");
}

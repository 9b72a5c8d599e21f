/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * point.h - cancellation points.
 *
 * A call that may wait says so for as long as it does:
 *
 *	bool outer = point_enter();
 *	... wait ...
 *	point_leave(outer);
 *
 * Inside, a thread that is cancelled ends in the handler of a signal that
 * pthread_cancel() sends it.  No lock may be held there, and what has to be
 * undone is pushed with pthread_cleanup_push().  While a thread has a lock of
 * picolibc's, of a stream or of malloc(), it is not cancelled: nobody would
 * ever get the lock again.
 *
 * Memory order: the thread says that it is inside, then looks whether it has
 * been cancelled; who cancels it says so, then looks whether it is inside.
 * All four are sequentially consistent, so one of the two sees it.
 */
#ifndef TINE_LIBC_POINT_H
#define TINE_LIBC_POINT_H

#include <signal.h>
#include <stdbool.h>

/* The signal: none that programs know of. */
#define SIGCANCEL (SIGRTMAX + 1)

/* All but `asked` are the thread's own, to be looked at by others. */
struct cancel {
	bool asked; /* somebody has cancelled it */
	bool inside; /* a point */
	bool disabled; /* PTHREAD_CANCEL_DISABLE */
	bool asynchronous; /* PTHREAD_CANCEL_ASYNCHRONOUS */
	unsigned int held; /* how many of picolibc's locks it has */
};

extern _Thread_local struct cancel __tine_cancel;

/* End the calling thread.  Only programs that cancel threads have this. */
void __tine_cancel_act(void);
#pragma weak __tine_cancel_act
/* The same, if it may be ended anywhere. */
void __tine_cancel_anywhere(void);
#pragma weak __tine_cancel_anywhere

/* Whether the caller was inside one already. */
static inline bool
point_enter(void)
{
	bool outer = __tine_cancel.inside;

	if (__tine_cancel.disabled || __tine_cancel.held > 0)
		return outer;
	__atomic_store_n(&__tine_cancel.inside, true, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&__tine_cancel.asked, __ATOMIC_SEQ_CST))
		__tine_cancel_act();
	return outer;
}

static inline void
point_leave(bool outer)
{
	__atomic_store_n(&__tine_cancel.inside, outer, __ATOMIC_RELAXED);
}

/* A point where there is nothing to wait for. */
static inline void
point_pass(void)
{
	point_leave(point_enter());
}

/* The caller gets one of picolibc's locks, or has given it back. */

static inline void
point_hold(void)
{
	__tine_cancel.held++;
}

static inline void
point_let_go(void)
{
	if (--__tine_cancel.held == 0 &&
	    __atomic_load_n(&__tine_cancel.asked, __ATOMIC_RELAXED))
		__tine_cancel_anywhere();
}

/* What an expression that waits gives. */
#define POINT(expression) \
	__extension__({ \
		bool point_outer = point_enter(); \
		__auto_type point_result = (expression); \
\
		point_leave(point_outer); \
		point_result; \
	})

#endif

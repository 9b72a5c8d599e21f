/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pthread_cancel.c - ending another thread.
 *
 * Whoever cancels a thread that is inside a cancellation point, or may be
 * ended anywhere, sends it SIGCANCEL, whose handler ends it.  A thread that
 * is neither finds out at its next point.  No set of signals can hold
 * SIGCANCEL: sigaddset() refuses it and sigfillset() leaves it out.
 */
#include "internal.h"
#include "lock.h"
#include "point.h"
#include "thread.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>

void
__tine_cancel_act(void)
{
	pthread_exit(PTHREAD_CANCELED);
}

static bool
is_to_end(void)
{
	return !__tine_cancel.disabled && __tine_cancel.held == 0 &&
	       __atomic_load_n(&__tine_cancel.asked, __ATOMIC_SEQ_CST);
}

void
__tine_cancel_anywhere(void)
{
	if (__tine_cancel.asynchronous && is_to_end())
		__tine_cancel_act();
}

static void
handle(int signal)
{
	(void)signal;
	if (is_to_end() && (__tine_cancel.inside || __tine_cancel.asynchronous))
		__tine_cancel_act();
}

/*
 * Other handlers may run meanwhile, and it is not noticed where nothing comes
 * of it.
 */
static int
handler_set(void)
{
	const struct sigaction action = {
	    .sa_handler = handle,
	    .sa_flags = SA_NODEFER | SA_RESTART,
	};

	return sigaction(SIGCANCEL, &action, NULL) == 0 ? 0 : EAGAIN;
}

static bool
is_open(const struct cancel *cancel)
{
	return !__atomic_load_n(&cancel->disabled, __ATOMIC_SEQ_CST) &&
	       (__atomic_load_n(&cancel->inside, __ATOMIC_SEQ_CST) ||
		   __atomic_load_n(&cancel->asynchronous, __ATOMIC_SEQ_CST));
}

/*
 * Have a thread end, at its next cancellation point or at once.  Returns 0,
 * ESRCH: there is no such thread (any more); or EAGAIN.
 */
int
pthread_cancel(pthread_t thread)
{
	bool wake = false;
	int error;

	error = handler_set();
	if (error)
		return error;
	error = __tine_thread_ask(thread, &wake, is_open);
	if (error || !wake)
		return error;
	/* It may have ended meanwhile, which is as well. */
	(void)pthread_kill(thread, SIGCANCEL);
	return 0;
}

/* Returns 0, or EINVAL: no such state. */
int
pthread_setcancelstate(int state, int *old)
{
	if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
		return EINVAL;
	if (old != NULL)
		*old = __tine_cancel.disabled ? PTHREAD_CANCEL_DISABLE
					      : PTHREAD_CANCEL_ENABLE;
	__atomic_store_n(&__tine_cancel.disabled,
	    state == PTHREAD_CANCEL_DISABLE, __ATOMIC_SEQ_CST);
	__tine_cancel_anywhere();
	return 0;
}

/* Returns 0, or EINVAL: no such type. */
int
pthread_setcanceltype(int type, int *old)
{
	if (type != PTHREAD_CANCEL_DEFERRED &&
	    type != PTHREAD_CANCEL_ASYNCHRONOUS)
		return EINVAL;
	if (old != NULL)
		*old = __tine_cancel.asynchronous ? PTHREAD_CANCEL_ASYNCHRONOUS
						  : PTHREAD_CANCEL_DEFERRED;
	__atomic_store_n(&__tine_cancel.asynchronous,
	    type == PTHREAD_CANCEL_ASYNCHRONOUS, __ATOMIC_SEQ_CST);
	__tine_cancel_anywhere();
	return 0;
}

/* A cancellation point that does nothing else. */
void
pthread_testcancel(void)
{
	if (is_to_end())
		__tine_cancel_act();
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * select.c - waiting for descriptors, of which there are none to wait for.
 *
 * What is left is to wait for a time or a signal, for which these calls are
 * used, too.
 */
#include "internal.h"
#include "ticks.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#define MSEC_PER_SEC 1000
#define NSEC_PER_MSEC 1000000l
#define NSEC_PER_USEC 1000l

/*
 * Wait for so long; with NULL until a handler has run.  Returns 0, or -1 with
 * errno
 *	EINTR	a handler ran
 *	EINVAL	not a time, or a count below 0
 *	ENOSYS	descriptors
 */
static int
wait_for_none(int count, const struct timespec *timeout)
{
	if (count != 0)
		return __tine_fail(count < 0 ? EINVAL : ENOSYS);
	return timeout == NULL ? pause() : nanosleep(timeout, NULL);
}

int
select(int count, fd_set *read, fd_set *write, fd_set *except,
    struct timeval *timeout)
{
	struct timespec precise;

	(void)read;
	(void)write;
	(void)except;
	if (timeout == NULL)
		return wait_for_none(count, NULL);
	if (!timeval_valid(timeout))
		return __tine_fail(EINVAL);
	precise.tv_sec = timeout->tv_sec;
	precise.tv_nsec = timeout->tv_usec * NSEC_PER_USEC;
	return wait_for_none(count, &precise);
}

/* The same with a mask meanwhile.  ENOSYS too: both a mask and a timeout. */
int
pselect(int count, fd_set *read, fd_set *write, fd_set *except,
    const struct timespec *timeout, const sigset_t *mask)
{
	(void)read;
	(void)write;
	(void)except;
	if (mask == NULL)
		return wait_for_none(count, timeout);
	if (count != 0 || timeout != NULL)
		return __tine_fail(count < 0 ? EINVAL : ENOSYS);
	return sigsuspend(mask);
}

/* The same; milliseconds below 0: until a handler has run. */
int
poll(struct pollfd *descriptors, nfds_t count, int milliseconds)
{
	const struct timespec timeout = {
	    .tv_sec = milliseconds / MSEC_PER_SEC,
	    .tv_nsec = milliseconds % MSEC_PER_SEC * NSEC_PER_MSEC,
	};

	(void)descriptors;
	return wait_for_none(count != 0, milliseconds < 0 ? NULL : &timeout);
}

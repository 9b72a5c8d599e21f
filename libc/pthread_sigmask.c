/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pthread_sigmask.c - the calling thread's signal mask.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>

/* As sigprocmask(), but returns the error and leaves errno alone. */
int
pthread_sigmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	int saved = errno;
	int error = 0;

	if (sigprocmask(how, set, old) != 0)
		error = errno;
	errno = saved;
	return error;
}

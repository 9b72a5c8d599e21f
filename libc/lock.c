/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lock.c - the locks that picolibc asks for.
 *
 * All are recursive.  Where picolibc does not need that, a signal handler
 * may: a handler that prints while its thread prints gets characters in
 * between, rather than a thread that waits for itself.
 *
 * A stream that a program makes without a lock (FDEV_SETUP_BUFIO) has NULL.
 */
#include "lock.h"
#include "point.h"

#include <sys/lock.h>

struct __lock __lock___libc_recursive_mutex;

void
__retarget_lock_acquire(_LOCK_T lock)
{
	point_hold();
	if (lock != NULL)
		lock_acquire(lock);
}

void
__retarget_lock_acquire_recursive(_LOCK_T lock)
{
	point_hold();
	lock_acquire(lock);
}

void
__retarget_lock_release(_LOCK_T lock)
{
	if (lock != NULL)
		lock_release(lock);
	point_let_go();
}

void
__retarget_lock_release_recursive(_LOCK_T lock)
{
	lock_release(lock);
	point_let_go();
}

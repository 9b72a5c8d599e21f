/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lock.c - the locks that picolibc asks for.
 *
 * A process has one thread, so nobody else can hold them.  The streams of
 * stdio.c have no lock at all (NULL).
 */
#include <sys/lock.h>

struct __lock {
	char unused;
};

struct __lock __lock___libc_recursive_mutex;

void
__retarget_lock_init(_LOCK_T *lock)
{
	*lock = &__lock___libc_recursive_mutex;
}

void
__retarget_lock_init_recursive(_LOCK_T *lock)
{
	*lock = &__lock___libc_recursive_mutex;
}

void
__retarget_lock_close(_LOCK_T lock)
{
	(void)lock;
}

void
__retarget_lock_close_recursive(_LOCK_T lock)
{
	(void)lock;
}

void
__retarget_lock_acquire(_LOCK_T lock)
{
	(void)lock;
}

void
__retarget_lock_acquire_recursive(_LOCK_T lock)
{
	(void)lock;
}

void
__retarget_lock_release(_LOCK_T lock)
{
	(void)lock;
}

void
__retarget_lock_release_recursive(_LOCK_T lock)
{
	(void)lock;
}

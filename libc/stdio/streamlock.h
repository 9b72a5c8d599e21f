/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * streamlock.h - having a stream for the length of a call.
 *
 * picolibc takes a stream's lock for each character.  POSIX wants all that a
 * call reads or writes to stay together: so the functions of more than one
 * character are wrapped.  NAME here calls picolibc's, which mklibc has renamed
 * to __picolibc_NAME.  Each is in a file of its own: a program gets those that
 * it uses.
 */
#ifndef TINE_LIBC_STREAMLOCK_H
#define TINE_LIBC_STREAMLOCK_H

#include "../lock.h"
#include "../point.h"

#include <stdio-bufio.h>
#include <stdio.h>
#include <sys/lock.h>

/* Strings that are written to as streams have no lock. */
static inline _LOCK_T
stream_lock(FILE *stream)
{
	if ((stream->flags & __SBUF) == 0)
		return NULL;
	return ((struct __file_bufio *)stream)->lock;
}

static inline void
stream_enter(FILE *stream)
{
	__retarget_lock_acquire(stream_lock(stream));
}

static inline bool
stream_try(FILE *stream)
{
	struct __lock *lock = stream_lock(stream);

	point_hold();
	if (lock == NULL || lock_try_again(lock))
		return true;
	point_let_go();
	return false;
}

static inline void
stream_leave(FILE *stream)
{
	__retarget_lock_release(stream_lock(stream));
}

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uio.c - reading and writing several pieces at once.
 *
 * The console has no other way than one after the other, so what others
 * write may come between two pieces.
 */
#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <sys/uio.h>
#include <unistd.h>

/* Whether there are so many, and their lengths add up.  0 or EINVAL. */
static int
check(const struct iovec *pieces, int count)
{
	size_t sum = 0;

	if (count <= 0 || count > IOV_MAX)
		return EINVAL;
	for (int i = 0; i < count; i++)
		if (__builtin_add_overflow(sum, pieces[i].iov_len, &sum) ||
		    sum > SSIZE_MAX)
			return EINVAL;
	return 0;
}

/* As write() with all of them.  EINVAL: no pieces, too many, too long. */
ssize_t
writev(int fd, const struct iovec *pieces, int count)
{
	ssize_t done = 0, part;

	if (check(pieces, count) != 0)
		return __tine_fail(EINVAL);
	for (int i = 0; i < count; i++) {
		part = write(fd, pieces[i].iov_base, pieces[i].iov_len);
		if (part < 0)
			return done > 0 ? done : part;
		done += part;
		if ((size_t)part < pieces[i].iov_len)
			break;
	}
	return done;
}

/* As read() into the first that has room; a line is not waited for twice. */
ssize_t
readv(int fd, const struct iovec *pieces, int count)
{
	ssize_t done = 0, part;
	size_t length;

	if (check(pieces, count) != 0)
		return __tine_fail(EINVAL);
	for (int i = 0; i < count; i++) {
		length = pieces[i].iov_len;
		if (length == 0)
			continue;
		part = read(fd, pieces[i].iov_base, length);
		if (part < 0)
			return done > 0 ? done : part;
		done += part;
		/* A full piece may have been the whole line. */
		if ((size_t)part < length ||
		    ((const char *)pieces[i].iov_base)[part - 1] == '\n')
			break;
	}
	return done;
}

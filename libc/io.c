/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * io.c - reading and writing the console.
 *
 * Before there are files, a process has descriptors 0 to 2, which are the
 * console.
 */
#include "internal.h"
#include "point.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include <ipc/tty.h>

static int
is_console(int fd)
{
	return fd >= STDIN_FILENO && fd <= STDERR_FILENO;
}

/*
 * Write all of buffer.  Returns how much was written, which is less after an
 * error in between, or -1 with errno EBADF, EFAULT, EINTR or the console's.
 */
ssize_t
write(int fd, const void *buffer, size_t size)
{
	const char *bytes = buffer;
	size_t done = 0;

	point_pass();
	if (!is_console(fd))
		return __tine_fail(EBADF);
	if (size > SSIZE_MAX)
		return __tine_fail(EINVAL);
	while (done < size) {
		struct tty_write_req req = {.length = size - done};
		struct tty_write_rep rep = {0};
		int error;

		error = POINT(TINE_RESTARTED(tty_write(
		    SLOT_TTY, &req, &rep, bytes + done, size - done)));
		if (error == 0 && rep.bytes == 0)
			error = EIO;
		if (error && done == 0)
			return __tine_fail(error);
		if (error)
			break;
		done += rep.bytes;
	}
	return (ssize_t)done;
}

/*
 * Read a line, or as much of it as fits.  Returns its length, 0 at the end
 * of input, or -1 with errno EBADF, EFAULT, EINTR or the console's.
 */
ssize_t
read(int fd, void *buffer, size_t size)
{
	struct tty_read_req req = {.length = size};
	struct tty_read_rep rep;
	int error;

	point_pass();
	if (!is_console(fd))
		return __tine_fail(EBADF);
	if (size > SSIZE_MAX)
		return __tine_fail(EINVAL);
	if (size == 0)
		return 0;
	error =
	    POINT(TINE_RESTARTED(tty_read(SLOT_TTY, &req, &rep, buffer, size)));
	if (error)
		return __tine_fail(error);
	return (ssize_t)rep.bytes;
}

int
isatty(int fd)
{
	if (is_console(fd))
		return 1;
	errno = EBADF;
	return 0;
}

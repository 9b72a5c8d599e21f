/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * enosys.c - the calls that Tine does not have yet.
 *
 * Each fails with ENOSYS, as docs/status.md lists, so that programs which can
 * do without them link and run.  A call leaves this list when it is written.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <semaphore.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* clang-format off */

#define FAILS(type, name, ...) \
	type name(__VA_ARGS__) \
	{ \
		return __tine_fail(ENOSYS); \
	}

/* The parameters are not looked at. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

/* Files and directories. */
FAILS(int, open, const char *path, int flags, ...)
FAILS(int, creat, const char *path, mode_t mode)
FAILS(int, close, int fd)
FAILS(off_t, lseek, int fd, off_t offset, int whence)
FAILS(ssize_t, pread, int fd, void *buffer, size_t size, off_t offset)
FAILS(ssize_t, pwrite, int fd, const void *buffer, size_t size, off_t offset)
FAILS(int, stat, const char *restrict path, struct stat *restrict status)
FAILS(int, lstat, const char *restrict path, struct stat *restrict status)
FAILS(int, fstat, int fd, struct stat *status)
FAILS(int, access, const char *path, int mode)
FAILS(int, chmod, const char *path, mode_t mode)
FAILS(int, fchmod, int fd, mode_t mode)
FAILS(int, chown, const char *path, uid_t uid, gid_t gid)
FAILS(mode_t, umask, mode_t mask)
FAILS(int, link, const char *path, const char *other)
FAILS(int, symlink, const char *path, const char *other)
FAILS(ssize_t, readlink, const char *restrict path, char *restrict buffer,
    size_t size)
FAILS(int, unlink, const char *path)
FAILS(int, rmdir, const char *path)
FAILS(int, mkdir, const char *path, mode_t mode)
FAILS(int, chdir, const char *path)
FAILS(int, fchdir, int fd)
FAILS(int, truncate, const char *path, off_t length)
FAILS(int, ftruncate, int fd, off_t length)
FAILS(int, fsync, int fd)

/* Descriptors. */
FAILS(int, dup, int fd)
FAILS(int, dup2, int fd, int other)
FAILS(int, pipe, int fds[2])
FAILS(int, fcntl, int fd, int command, ...)

/* Terminals and other devices. */
FAILS(int, tcgetattr, int fd, struct termios *terminal)
FAILS(int, tcsetattr, int fd, int when, const struct termios *terminal)
FAILS(int, tcdrain, int fd)
FAILS(int, tcflow, int fd, int action)
FAILS(int, tcflush, int fd, int queue)
FAILS(int, tcsendbreak, int fd, int duration)
FAILS(pid_t, tcgetsid, int fd)
FAILS(int, ioctl, int fd, unsigned long request, ...)

/* Clocks that can be set. */
FAILS(int, clock_settime, clockid_t clock, const struct timespec *time)

/* Semaphores of several processes. */
FAILS(int, sem_close, sem_t *sem)
FAILS(int, sem_unlink, const char *name)
sem_t *
sem_open(const char *name, int flags, ...)
{
	(void)__tine_fail(ENOSYS);
	return SEM_FAILED;
}

/* What memory is used for. */
FAILS(int, madvise, void *address, size_t length, int advice)
FAILS(int, mlock, const void *address, size_t length)
FAILS(int, munlock, const void *address, size_t length)
FAILS(int, msync, void *address, size_t length, int flags)

/* Turns. */
FAILS(int, sched_rr_get_interval, pid_t pid, struct timespec *interval)

/* Tracing, groups of users, random numbers. */
FAILS(int, ptrace, int request, pid_t pid, void *address, int data)
FAILS(int, getgroups, int size, gid_t list[])
FAILS(int, getentropy, void *buffer, size_t size)

/* clang-format on */

/* What does not return -1 when it fails. */

char *
getcwd(char *buffer, size_t size)
{
	(void)__tine_fail(ENOSYS);
	return NULL;
}

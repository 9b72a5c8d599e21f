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
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/times.h>
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

/* Signals that are caught, held or waited for. */
FAILS(int, sigaction, int signal, const struct sigaction *restrict action,
    struct sigaction *restrict old)
FAILS(int, sigprocmask, int how, const sigset_t *restrict set,
    sigset_t *restrict old)
FAILS(int, sigpending, sigset_t *set)
FAILS(int, sigsuspend, const sigset_t *mask)
FAILS(int, sigtimedwait, const sigset_t *restrict set,
    siginfo_t *restrict info, const struct timespec *restrict timeout)
FAILS(int, sigwaitinfo, const sigset_t *restrict set,
    siginfo_t *restrict info)
FAILS(int, sigqueue, pid_t pid, int signal, const union sigval value)
FAILS(int, sigaltstack, const stack_t *restrict stack, stack_t *restrict old)
FAILS(int, pause, void)

/* Sleeping, timers, times. */
FAILS(int, nanosleep, const struct timespec *time, struct timespec *left)
FAILS(int, usleep, useconds_t time)
FAILS(int, setitimer, int which, const struct itimerval *restrict value,
    struct itimerval *restrict old)
FAILS(int, getitimer, int which, struct itimerval *value)
FAILS(int, clock_settime, clockid_t clock, const struct timespec *time)
FAILS(clock_t, times, struct tms *times)
FAILS(int, getrusage, int who, struct rusage *usage)

/* What memory is used for. */
FAILS(int, madvise, void *address, size_t length, int advice)
FAILS(int, mlock, const void *address, size_t length)
FAILS(int, munlock, const void *address, size_t length)
FAILS(int, msync, void *address, size_t length, int flags)

/* Groups of processes, priorities, random numbers. */
FAILS(int, setpgid, pid_t pid, pid_t pgid)
FAILS(pid_t, setsid, void)
FAILS(pid_t, tcgetpgrp, int fd)
FAILS(int, tcsetpgrp, int fd, pid_t pgid)
FAILS(int, nice, int increment)
FAILS(int, getgroups, int size, gid_t list[])
FAILS(int, getentropy, void *buffer, size_t size)

/* clang-format on */

/* Those that do not return -1 when they fail. */

_sig_func_ptr
signal(int number, _sig_func_ptr handler)
{
	(void)__tine_fail(ENOSYS);
	return SIG_ERR;
}

int
sigwait(const sigset_t *restrict set, int *restrict number)
{
	return ENOSYS;
}

unsigned int
sleep(unsigned int seconds)
{
	(void)__tine_fail(ENOSYS);
	return seconds;
}

char *
getcwd(char *buffer, size_t size)
{
	(void)__tine_fail(ENOSYS);
	return NULL;
}

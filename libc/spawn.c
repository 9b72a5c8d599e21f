/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spawn.c - a new process that runs a program: vfork() and exec.
 *
 * The child has its parent's memory until it executes the program, so what
 * goes wrong there it tells the parent through a variable.  The signals of
 * the parent are held meanwhile: a handler in the child would work on the
 * parent's memory.  Nor is it cancelled, or nobody would let them go again.
 */
#define _GNU_SOURCE 1 /* execvpe */
#include "internal.h"
#include "point.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

#define FLAGS_ALL \
	(POSIX_SPAWN_RESETIDS | POSIX_SPAWN_SETPGROUP | \
	    POSIX_SPAWN_SETSCHEDPARAM | POSIX_SPAWN_SETSCHEDULER | \
	    POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)
#define STATUS_NOT_RUN 127

/* What to run, how, and what came of it. */
struct spawn {
	int (*exec)(const char *, char *const[], char *const[]);
	const char *file;
	const posix_spawnattr_t *attributes; /* NULL: as the parent */
	char *const *argv;
	char *const *envp;
	sigset_t mask; /* the parent's */
	int error;
};

/* Handlers are gone after exec; what the set names is to be, too. */
static int
signals_reset(const posix_spawnattr_t *attributes)
{
	const struct sigaction action = {.sa_handler = SIG_DFL};
	struct sigaction old = {0};

	for (int signal = 1; signal < NSIG; signal++) {
		if (sigaction(signal, NULL, &old) != 0 ||
		    old.sa_handler == SIG_DFL)
			continue;
		/* Who is ignored stays so, unless the caller minds. */
		if (old.sa_handler == SIG_IGN &&
		    ((attributes->__flags & POSIX_SPAWN_SETSIGDEF) == 0 ||
			sigismember(&attributes->__default, signal) <= 0))
			continue;
		if (sigaction(signal, &action, NULL) != 0)
			return errno;
	}
	return 0;
}

/* EPERM and others of the calls, EINVAL. */
static int
attributes_apply(const posix_spawnattr_t *attributes)
{
	short flags = attributes->__flags;
	const struct sched_param *parameters = &attributes->__parameters;

	if ((flags & POSIX_SPAWN_SETPGROUP) != 0 &&
	    setpgid(0, attributes->__pgroup) != 0)
		return errno;
	if ((flags & POSIX_SPAWN_SETSCHEDULER) != 0) {
		if (sched_setscheduler(0, attributes->__policy, parameters) < 0)
			return errno;
	} else if ((flags & POSIX_SPAWN_SETSCHEDPARAM) != 0 &&
		   sched_setparam(0, parameters) != 0) {
		return errno;
	}
	if ((flags & POSIX_SPAWN_RESETIDS) != 0 &&
	    (setegid(getgid()) != 0 || seteuid(getuid()) != 0))
		return errno;
	return 0;
}

/* In the child.  All handlers go before any signal is let through. */
static void
child_run(struct spawn *spawn)
{
	static const posix_spawnattr_t plain;
	const posix_spawnattr_t *attributes = &plain;
	const sigset_t *mask = &spawn->mask;

	if (spawn->attributes != NULL)
		attributes = spawn->attributes;
	if ((attributes->__flags & POSIX_SPAWN_SETSIGMASK) != 0)
		mask = &attributes->__mask;
	spawn->error = signals_reset(attributes);
	if (spawn->error == 0)
		spawn->error = attributes_apply(attributes);
	if (spawn->error == 0) {
		(void)sigprocmask(SIG_SETMASK, mask, NULL);
		(void)spawn->exec(spawn->file, spawn->argv, spawn->envp);
		spawn->error = errno;
	}
	_exit(STATUS_NOT_RUN);
}

/* Apart, as what vfork() returns to must not have been changed. */
static __attribute__((noinline)) pid_t
child_start(struct spawn *spawn)
{
	pid_t pid = vfork();

	if (pid == 0)
		/* Its calls are harmless here: NOLINTNEXTLINE */
		child_run(spawn);
	return pid;
}

/* actions has none, as none can be added. */
static int
spawn_run(
    struct spawn *spawn, const posix_spawn_file_actions_t *actions, pid_t *pid)
{
	bool disabled = __tine_cancel.disabled;
	int saved = errno;
	sigset_t all;
	pid_t child;

	(void)actions;
	__tine_cancel.disabled = true;
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, &spawn->mask);
	child = child_start(spawn);
	if (child < 0)
		spawn->error = errno;
	else if (spawn->error != 0)
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			continue;
	(void)sigprocmask(SIG_SETMASK, &spawn->mask, NULL);
	__tine_cancel.disabled = disabled;
	errno = saved;
	if (spawn->error == 0 && pid != NULL)
		*pid = child;
	return spawn->error;
}

/*
 * Run a program in a new process.  Returns 0, or an error of fork(), exec, or
 * of what the attributes ask for: no process is left then.
 */
int
posix_spawn(pid_t *restrict pid, const char *restrict path,
    const posix_spawn_file_actions_t *actions,
    const posix_spawnattr_t *restrict attributes, char *const argv[],
    char *const envp[])
{
	struct spawn spawn = {.exec = execve,
	    .file = path,
	    .attributes = attributes,
	    .argv = argv,
	    .envp = envp};

	return spawn_run(&spawn, actions, pid);
}

/* The same, with a file without a slash looked for in PATH. */
int
posix_spawnp(pid_t *restrict pid, const char *restrict file,
    const posix_spawn_file_actions_t *actions,
    const posix_spawnattr_t *restrict attributes, char *const argv[],
    char *const envp[])
{
	struct spawn spawn = {.exec = execvpe,
	    .file = file,
	    .attributes = attributes,
	    .argv = argv,
	    .envp = envp};

	return spawn_run(&spawn, actions, pid);
}

int
posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions)
{
	actions->__reserved = 0;
	return 0;
}

int
posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *actions)
{
	(void)actions;
	return 0;
}

int
posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *restrict actions,
    int fd, const char *restrict path, int flags, mode_t mode)
{
	(void)actions;
	(void)path;
	(void)flags;
	(void)mode;
	return fd < 0 ? EBADF : ENOSYS;
}

int
posix_spawn_file_actions_adddup2(
    posix_spawn_file_actions_t *actions, int fd, int other)
{
	(void)actions;
	return fd < 0 || other < 0 ? EBADF : ENOSYS;
}

int
posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *actions, int fd)
{
	(void)actions;
	return fd < 0 ? EBADF : ENOSYS;
}

int
posix_spawnattr_init(posix_spawnattr_t *attributes)
{
	*attributes = (posix_spawnattr_t){.__policy = SCHED_OTHER};
	return 0;
}

int
posix_spawnattr_destroy(posix_spawnattr_t *attributes)
{
	(void)attributes;
	return 0;
}

/* Returns 0, or EINVAL: flags that there are not. */
int
posix_spawnattr_setflags(posix_spawnattr_t *attributes, short flags)
{
	if ((flags & ~FLAGS_ALL) != 0)
		return EINVAL;
	attributes->__flags = flags;
	return 0;
}

int
posix_spawnattr_getflags(
    const posix_spawnattr_t *restrict attributes, short *restrict flags)
{
	*flags = attributes->__flags;
	return 0;
}

int
posix_spawnattr_setpgroup(posix_spawnattr_t *attributes, pid_t pgroup)
{
	attributes->__pgroup = pgroup;
	return 0;
}

int
posix_spawnattr_getpgroup(
    const posix_spawnattr_t *restrict attributes, pid_t *restrict pgroup)
{
	*pgroup = attributes->__pgroup;
	return 0;
}

int
posix_spawnattr_setschedparam(posix_spawnattr_t *restrict attributes,
    const struct sched_param *restrict parameters)
{
	attributes->__parameters = *parameters;
	return 0;
}

int
posix_spawnattr_getschedparam(const posix_spawnattr_t *restrict attributes,
    struct sched_param *restrict parameters)
{
	*parameters = attributes->__parameters;
	return 0;
}

int
posix_spawnattr_setschedpolicy(posix_spawnattr_t *attributes, int policy)
{
	attributes->__policy = policy;
	return 0;
}

int
posix_spawnattr_getschedpolicy(
    const posix_spawnattr_t *restrict attributes, int *restrict policy)
{
	*policy = attributes->__policy;
	return 0;
}

int
posix_spawnattr_setsigdefault(
    posix_spawnattr_t *restrict attributes, const sigset_t *restrict set)
{
	attributes->__default = *set;
	return 0;
}

int
posix_spawnattr_getsigdefault(
    const posix_spawnattr_t *restrict attributes, sigset_t *restrict set)
{
	*set = attributes->__default;
	return 0;
}

int
posix_spawnattr_setsigmask(
    posix_spawnattr_t *restrict attributes, const sigset_t *restrict mask)
{
	attributes->__mask = *mask;
	return 0;
}

int
posix_spawnattr_getsigmask(
    const posix_spawnattr_t *restrict attributes, sigset_t *restrict mask)
{
	*mask = attributes->__mask;
	return 0;
}

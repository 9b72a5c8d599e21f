/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * posix.c - the smaller parts of POSIX: attributes of threads and locks,
 * policies of scheduling, System V's signal functions, names, pieces.
 */
#include "tap.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <termios.h>
#include <unistd.h>

#define NOBODY 29999

/* That a call returned -1, and why. */
static void
fails(long result, int error, const char *claim)
{
	ok(result == -1 && errno == error, claim);
	errno = 0;
}

static void *
nothing(void *argument)
{
	return argument;
}

static int
create(const pthread_attr_t *attributes)
{
	pthread_t thread;
	int error = pthread_create(&thread, attributes, nothing, NULL);

	return error ? error : pthread_join(thread, NULL);
}

static void
test_thread_attributes(void)
{
	struct sched_param parameters = {.sched_priority = 1};
	pthread_attr_t attributes;
	int inherit, policy, scope;

	(void)pthread_attr_init(&attributes);
	(void)pthread_attr_getinheritsched(&attributes, &inherit);
	(void)pthread_attr_getscope(&attributes, &scope);
	ok(inherit == PTHREAD_INHERIT_SCHED && scope == PTHREAD_SCOPE_SYSTEM,
	    "a thread is scheduled as its creator, among all");
	is(pthread_attr_setscope(&attributes, PTHREAD_SCOPE_PROCESS), ENOTSUP,
	    "not among those of its process");
	(void)pthread_attr_setschedpolicy(&attributes, SCHED_RR);
	(void)pthread_attr_setschedparam(&attributes, &parameters);
	(void)pthread_attr_getschedpolicy(&attributes, &policy);
	parameters.sched_priority = 0;
	(void)pthread_attr_getschedparam(&attributes, &parameters);
	ok(policy == SCHED_RR && parameters.sched_priority == 1,
	    "attributes keep a policy and a priority");
	is(create(&attributes), 0, "which do not matter");
	(void)pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
	is(create(&attributes), EPERM, "unless they are to");
	(void)pthread_attr_setschedpolicy(&attributes, SCHED_OTHER);
	is(create(&attributes), EINVAL, "nor has SCHED_OTHER priorities");
	parameters.sched_priority = 0;
	(void)pthread_attr_setschedparam(&attributes, &parameters);
	is(create(&attributes), 0, "but 0");
	ok(pthread_attr_setschedpolicy(&attributes, 99) == EINVAL &&
		pthread_attr_setscope(&attributes, 99) == EINVAL &&
		pthread_attr_setinheritsched(&attributes, 99) == EINVAL,
	    "what is no attribute is refused");
}

static void
test_lock_attributes(void)
{
	pthread_mutexattr_t mutex;
	pthread_condattr_t cond;
	pthread_rwlockattr_t rwlock;
	pthread_barrierattr_t barrier;
	int shared[4] = {9, 9, 9, 9}, protocol = 9;

	(void)pthread_mutexattr_init(&mutex);
	(void)pthread_condattr_init(&cond);
	(void)pthread_rwlockattr_init(&rwlock);
	(void)pthread_barrierattr_init(&barrier);
	(void)pthread_mutexattr_getpshared(&mutex, &shared[0]);
	(void)pthread_condattr_getpshared(&cond, &shared[1]);
	(void)pthread_rwlockattr_getpshared(&rwlock, &shared[2]);
	(void)pthread_barrierattr_getpshared(&barrier, &shared[3]);
	ok(shared[0] == PTHREAD_PROCESS_PRIVATE &&
		memcmp(&shared[0], &shared[1], sizeof(int)) == 0 &&
		memcmp(&shared[0], &shared[2], 2 * sizeof(int)) == 0,
	    "locks are a process's own");
	ok(pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED) +
			pthread_mutexattr_getpshared(&mutex, &shared[0]) ==
		    0 &&
		shared[0] == PTHREAD_PROCESS_SHARED,
	    "unless they are to be shared");
	ok(pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_PRIVATE) +
			pthread_mutexattr_getpshared(&mutex, &shared[0]) ==
		    0 &&
		shared[0] == PTHREAD_PROCESS_PRIVATE,
	    "or not to be, after all");
	is(pthread_barrierattr_setpshared(&barrier, 99), EINVAL,
	    "what is neither is refused");
	(void)pthread_mutexattr_getprotocol(&mutex, &protocol);
	ok(protocol == PTHREAD_PRIO_NONE &&
		pthread_mutexattr_setprotocol(&mutex, PTHREAD_PRIO_INHERIT) ==
		    ENOTSUP,
	    "no priority is inherited");
}

static void
test_scheduling(void)
{
	struct sched_param parameters = {.sched_priority = 9};
	struct timespec turn = {-1, -1};
	int policy = 9;

	is(sched_getscheduler(0), SCHED_OTHER, "the policy is SCHED_OTHER");
	ok(sched_getparam(getppid(), &parameters) == 0 &&
		parameters.sched_priority == 0,
	    "the priority 0");
	is(sched_setscheduler(getpid(), SCHED_OTHER, &parameters), SCHED_OTHER,
	    "and so it may be set");
	is(pthread_getschedparam(pthread_self(), &policy, &parameters) + policy,
	    SCHED_OTHER, "of threads too");
	fails(sched_getscheduler(NOBODY), ESRCH, "nobody has no policy");
	fails(sched_getscheduler(-2), EINVAL, "nor has a group");
	parameters.sched_priority = sched_get_priority_max(SCHED_FIFO);
	fails(sched_setscheduler(0, SCHED_FIFO, &parameters), EPERM,
	    "no other can be had");
	fails(sched_setparam(0, &parameters), EINVAL, "nor another priority");
	ok(sched_get_priority_max(SCHED_RR) -
		    sched_get_priority_min(SCHED_RR) >=
		31,
	    "although there are as many as POSIX asks for");
	fails(sched_get_priority_min(99), EINVAL, "of policies that there are");
	is(sched_rr_get_interval(getpid(), &turn), 0, "all take turns");
	ok(turn.tv_sec == 0 && turn.tv_nsec == 10000000, "of 10 ms");
	fails(sched_rr_get_interval(NOBODY, &turn), ESRCH, "nobody has none");
}

static bool
is_held(int signal)
{
	sigset_t mask;

	(void)sigprocmask(SIG_BLOCK, NULL, &mask);
	return sigismember(&mask, signal) > 0;
}

static void
handler(int signal)
{
	(void)signal;
}

static void
test_system_v(void)
{
	ok(sighold(SIGUSR1) == 0 && is_held(SIGUSR1), "sighold() holds");
	ok(sigrelse(SIGUSR1) == 0 && !is_held(SIGUSR1), "sigrelse() lets go");
	ok(sigset(SIGUSR1, handler) == SIG_DFL, "sigset() sets a handler");
	ok(sigset(SIGUSR1, SIG_HOLD) == handler && is_held(SIGUSR1),
	    "or holds and tells which there is");
	(void)raise(SIGUSR1);
	fails(sigpause(SIGUSR1), EINTR, "sigpause() lets one through");
	ok(is_held(SIGUSR1), "which is held again");
	ok(sigset(SIGUSR1, SIG_DFL) == SIG_HOLD && !is_held(SIGUSR1),
	    "a handler lets go of what is held");
	ok(sigignore(SIGUSR1) == 0 && raise(SIGUSR1) == 0,
	    "sigignore() ignores");
	fails(sighold(0), EINVAL, "not what is no signal");
	fails(sigignore(SIGKILL), EINVAL, "nor SIGKILL");
}

static void
test_names(void)
{
	struct utsname names;
	char name[8];

	ok(uname(&names) == 0 && strcmp(names.sysname, "Tine") == 0 &&
		strcmp(names.machine, "riscv64") == 0,
	    "uname() names the system");
	ok(gethostname(name, sizeof(name)) == 0 &&
		strcmp(name, names.nodename) == 0,
	    "gethostname() the machine, as uname() does");
	fails(gethostname(name, 2), ENAMETOOLONG, "if there is room");
	is(getpagesize(), sysconf(_SC_PAGESIZE), "the size of a page");
}

static void
test_sysconf(void)
{
	static const struct {
		int name;
		long value;
	} rows[] = {
	    {_SC_TIMER_MAX, TIMER_MAX},
	    {_SC_DELAYTIMER_MAX, DELAYTIMER_MAX},
	    {_SC_SEM_VALUE_MAX, SEM_VALUE_MAX},
	    {_SC_THREAD_STACK_MIN, PTHREAD_STACK_MIN},
	    {_SC_THREAD_KEYS_MAX, PTHREAD_KEYS_MAX},
	    {_SC_VERSION, 200809},
	    {_SC_VERSION, _POSIX_VERSION},
	    {_SC_THREADS, 200809},
	    {_SC_THREADS, _POSIX_THREADS},
	    {_SC_TIMERS, _POSIX_TIMERS},
	    {_SC_THREAD_CPUTIME, _POSIX_THREAD_CPUTIME},
	    {_SC_THREAD_PROCESS_SHARED, _POSIX_THREAD_PROCESS_SHARED},
	    {_SC_SEMAPHORES, _POSIX_SEMAPHORES},
	    {_SC_JOB_CONTROL, _POSIX_JOB_CONTROL},
	    {_SC_SAVED_IDS, _POSIX_SAVED_IDS},
	    {_SC_PRIORITY_SCHEDULING, -1},
	};
	sigset_t set;
	int queued = 0;
	bool all = true;

	errno = 0;
	for (size_t i = 0; i < LENGTH(rows); i++)
		all = sysconf(rows[i].name) == rows[i].value && all;
	ok(all && errno == 0, "sysconf() tells limits and options");
	fails((int)sysconf(-7), EINVAL, "not by names that there are not");
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGRTMIN);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	while (sigqueue(getpid(), SIGRTMIN, (union sigval){}) == 0)
		queued++;
	is(queued, sysconf(_SC_SIGQUEUE_MAX), "so many signals are queued");
	while (queued-- > 0)
		(void)sigwaitinfo(&set, NULL);
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
	fails(sem_open("/name", 0) == SEM_FAILED ? -1 : 0, ENOSYS,
	    "there are no semaphores with names");
}

static void
test_devices(void)
{
	char text[] = "# in three pieces\n";
	struct iovec pieces[] = {{text, 4}, {text + 4, 0}, {text + 4, 14}};
	struct termios terminal = {0};

	is(writev(1, pieces, LENGTH(pieces)), 18, "writev() writes pieces");
	fails(writev(1, pieces, 0), EINVAL, "not no pieces");
	fails(writev(7, pieces, 1), EBADF, "not to nowhere");
	pieces[2].iov_len = SIZE_MAX;
	fails(readv(0, pieces, LENGTH(pieces)), EINVAL, "nor more than all");
	(void)cfsetospeed(&terminal, B9600);
	is(cfgetospeed(&terminal), B9600, "a speed is kept");
	fails(
	    mmap(NULL, 1, PROT_READ, MAP_PRIVATE, 7, 0) == MAP_FAILED ? -1 : 0,
	    EBADF, "no descriptor can't be mapped");
	fails(
	    mmap(NULL, 1, PROT_READ, MAP_PRIVATE, 1, 0) == MAP_FAILED ? -1 : 0,
	    ENODEV, "nor can the console");
}

int
main(void)
{
	test_thread_attributes();
	test_lock_attributes();
	test_scheduling();
	test_system_v();
	test_names();
	test_sysconf();
	test_devices();
	return tap_end();
}

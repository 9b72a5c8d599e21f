/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libc.c - the C library on the target: start, memory, fork, exec, errors.
 *
 * Prints TAP.  It executes itself; run it by its full path.
 */
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sysctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BLOCKS 100

static int tests;
static const char *self;
/* In the page that is never mapped; volatile to keep the compiler ignorant. */
static int *volatile nowhere = (int *)16;
static bool constructed;
static _Thread_local int initialised = 42;
static _Thread_local char zeroed[100] __attribute__((aligned(64)));

static void
ok(bool good, const char *name)
{
	printf("%sok %d - %s\n", good ? "" : "not ", ++tests, name);
}

__attribute__((constructor)) static void
construct(void)
{
	constructed = true;
}

/* The wait status of a child that exits with run(). */
static int
status_of(int (*run)(void))
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(run());
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

static bool
says_yes(int (*run)(void))
{
	return status_of(run) == W_EXITCODE(1, 0);
}

static void
test_start(int argc)
{
	bool zero = true;

	for (size_t i = 0; i < sizeof(zeroed); i++)
		zero = zero && zeroed[i] == 0;
	ok(argc == 1, "argc_counts_the_arguments");
	ok(constructed, "constructors_ran_before_main");
	ok(initialised == 42 && zero, "thread_local_variables_are_set_up");
	ok((uintptr_t)zeroed % 64 == 0, "and_aligned");
	ok(getenv("PATH") != NULL, "the_environment_is_there");
}

static int
errno_is_e2big(void)
{
	return errno == E2BIG;
}

static int
thread_local_is_43(void)
{
	return initialised == 43;
}

static int
exit_flushes_nothing_twice(void)
{
	return 1;
}

static char *blocks[BLOCKS];

static size_t
block_size(size_t i)
{
	return (i + 1) * 37;
}

static bool
blocks_hold(char value)
{
	for (size_t i = 0; i < BLOCKS; i++) {
		for (size_t j = 0; j < block_size(i); j++) {
			if (blocks[i][j] != (char)(value + (char)i))
				return false;
		}
	}
	return true;
}

static void
blocks_fill(char value)
{
	for (size_t i = 0; i < BLOCKS; i++)
		memset(blocks[i], value + (char)i, block_size(i));
}

static int
heap_is_ours(void)
{
	if (!blocks_hold(1))
		return 0;
	blocks_fill(2);
	for (size_t i = 0; i < BLOCKS; i += 2)
		free(blocks[i]);
	for (size_t i = 0; i < BLOCKS; i += 2)
		blocks[i] = malloc(block_size(i));
	blocks_fill(3);
	return blocks_hold(3);
}

static void
test_fork(void)
{
	errno = E2BIG;
	ok(says_yes(errno_is_e2big), "fork_keeps_errno");
	initialised = 43;
	ok(says_yes(thread_local_is_43), "fork_keeps_thread_local_variables");
	for (size_t i = 0; i < BLOCKS; i++)
		blocks[i] = malloc(block_size(i));
	blocks_fill(1);
	ok(says_yes(heap_is_ours), "a_child_has_the_heap_of_its_parent");
	ok(blocks_hold(1), "and_its_writes_stay_its_own");
	/* A second copy of what is buffered here would spoil the output. */
	printf("# buffered once, ");
	(void)status_of(exit_flushes_nothing_twice);
	printf("written once\n");
}

static void
test_vfork(void)
{
	static volatile int shared;
	volatile int local = 1;
	int status;
	pid_t pid;

	shared = 1;
	pid = vfork();
	if (pid == 0) {
		/* What POSIX forbids is what is tested: NOLINTNEXTLINE */
		shared = 2;
		local = 2;
		_exit(7);
	}
	ok(pid > 0 && shared == 2 && local == 2,
	    "the_parent_sees_what_a_vfork_child_wrote");
	ok(waitpid(pid, &status, 0) == pid && status == W_EXITCODE(7, 0),
	    "and_reaps_it");
	pid = __vfork44();
	if (pid == 0) {
		shared = 3;
		_exit(0);
	}
	ok(pid > 0 && shared == 2, "but_not_with_the_4_4bsd_kind");
	(void)waitpid(pid, NULL, 0);
}

static int
run_self(void)
{
	execl(self, self, "child", "", "two words", (char *)NULL);
	return 0;
}

static int
exec_fails_as_it_should(void)
{
	static char big[256 * 1024];
	char *const argv[] = {big, NULL};

	if (execv("/bin/nosuch", argv) != -1 || errno != ENOENT)
		return 2;
	memset(big, 'x', sizeof(big) - 1);
	if (execv(self, argv) != -1 || errno != E2BIG)
		return 3;
	return 1;
}

/* What main() does when run_self() started it. */
static int
be_child(int argc, char **argv)
{
	return argc == 4 && strcmp(argv[2], "") == 0 &&
	       strcmp(argv[3], "two words") == 0 && argv[4] == NULL;
}

static void
test_exec(void)
{
	ok(says_yes(run_self), "exec_passes_arguments_on");
	ok(says_yes(exec_fails_as_it_should), "exec_says_why_it_failed");
}

static int
terminate(void)
{
	raise(SIGTERM);
	return 0;
}

static int
fail_assertion(void)
{
	abort();
}

static int
ignore(void)
{
	return raise(SIGCHLD) == 0 && raise(0) == 0;
}

static int
write_nowhere(void)
{
	*nowhere = 1;
	return 0;
}

static void
test_signals(void)
{
	sigset_t set;

	ok(status_of(terminate) == W_EXITCODE(0, SIGTERM),
	    "raise_ends_the_process");
	ok(status_of(fail_assertion) == W_EXITCODE(0, SIGABRT) ||
		status_of(fail_assertion) ==
		    W_EXITCODE(0, SIGABRT | _WCOREFLAG),
	    "abort_too");
	ok(WTERMSIG(status_of(write_nowhere)) == SIGSEGV,
	    "a_bad_pointer_is_a_sigsegv");
	ok(says_yes(ignore), "signals_ignored_by_default_do_nothing");
	ok(kill(getpid(), NSIG) == -1 && errno == EINVAL,
	    "there_is_no_signal_64");
	sigemptyset(&set);
	ok(sigaddset(&set, SIGRTMAX) == 0 && sigismember(&set, SIGRTMAX) &&
		!sigismember(&set, SIGRTMAX - 32) &&
		sigaddset(&set, NSIG) == -1,
	    "signal_sets_have_room_for_all");
	ok(chdir("/") == -1 && errno == ENOSYS, "what_is_missing_says_so");
	errno = 0;
	ok(clone(NULL, NULL, CLONE_VM | SIGCHLD, NULL) == -1 && errno == EINVAL,
	    "F04 clone wants a function and a stack");
}

static void
test_memory(void)
{
	char *start = sbrk(0);
	char *more = sbrk(100000);
	bool zero = more == start;
	void *huge;

	for (int i = 0; zero && i < 100000; i++)
		zero = more[i] == 0;
	ok(zero, "sbrk_gives_zeros");
	ok(sbrk(-100000) == start + 100000 && sbrk(0) == start,
	    "and_takes_them_back");
	errno = 0;
	huge = malloc((size_t)1 << 40);
	ok(huge == NULL && errno == ENOMEM, "malloc_fails_when_it_has_to");
	free(huge);
	ok(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 0, 0) == MAP_FAILED &&
		errno == ENODEV,
	    "the_console_cannot_be_mapped");
	ok(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANON, -1, 0) ==
		    MAP_FAILED &&
		errno == EINVAL,
	    "nothing_cannot_be_mapped");
}

static void
test_limits(void)
{
	struct rlimit limit;
	size_t size = sizeof(int);
	int64_t forks, more;
	int maxproc = 0;

	ok(sysctlbyname("kern.maxproc", &maxproc, &size, NULL, 0) == 0 &&
		maxproc > 0 && size == sizeof(int),
	    "kern_maxproc_can_be_read");
	ok(sysctlbyname("kern.nosuch", NULL, NULL, NULL, 0) == -1 &&
		errno == ENOENT,
	    "unknown_names_are_refused");
	size = 1;
	ok(sysctlbyname("kern.maxproc", &maxproc, &size, NULL, 0) == -1 &&
		errno == ENOMEM,
	    "a_small_buffer_too");
	size = sizeof(forks);
	(void)sysctlbyname("kern.forks", &forks, &size, NULL, 0);
	(void)status_of(ignore);
	(void)sysctlbyname("kern.forks", &more, &size, NULL, 0);
	ok(more == forks + 1, "kern_forks_counts");
	ok(getrlimit(RLIMIT_NPROC, &limit) == 0 && limit.rlim_cur > 0 &&
		sysconf(_SC_CHILD_MAX) == (long)limit.rlim_cur,
	    "the_limit_of_processes_is_known");
	limit.rlim_cur = limit.rlim_max + 1;
	ok(setrlimit(RLIMIT_NPROC, &limit) == -1 && errno == EINVAL,
	    "soft_above_hard_is_refused");
	ok(sysconf(_SC_PHYS_PAGES) > sysconf(_SC_AVPHYS_PAGES) &&
		sysconf(_SC_AVPHYS_PAGES) > 0,
	    "some_memory_is_free");
}

static void
test_rest(void)
{
	struct timespec before, after;
	sigjmp_buf buffer;
	volatile int jumps = 0;
	char text[32];

	clock_gettime(CLOCK_MONOTONIC, &before);
	while (clock_gettime(CLOCK_MONOTONIC, &after) == 0 &&
	       after.tv_nsec == before.tv_nsec)
		continue;
	ok(after.tv_sec > before.tv_sec || after.tv_nsec > before.tv_nsec,
	    "time_goes_on");
	if (sigsetjmp(buffer, 1) == 0) {
		jumps++;
		siglongjmp(buffer, 1);
	}
	ok(jumps == 1, "siglongjmp_comes_back");
	snprintf(text, sizeof(text), "%.4f", sqrt(2.0));
	ok(strcmp(text, "1.4142") == 0, "floating_point_is_printed");
	ok(write(9, "x", 1) == -1 && errno == EBADF, "descriptor_9_is_bad");
	ok(write(STDOUT_FILENO, nowhere, 1) == -1 && errno == EFAULT,
	    "bad_buffers_are_refused");
	ok(isatty(STDIN_FILENO) && !isatty(9) && errno == EBADF,
	    "the_console_is_a_terminal");
	ok(wait(NULL) == -1 && errno == ECHILD, "there_is_no_child_left");
}

int
main(int argc, char **argv)
{
	if (argc > 1)
		return be_child(argc, argv);
	self = argv[0];
	test_start(argc);
	test_fork();
	test_vfork();
	test_exec();
	test_signals();
	test_memory();
	test_limits();
	test_rest();
	printf("1..%d\n", tests);
	return 0;
}

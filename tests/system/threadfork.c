/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * threadfork.c - processes with threads that fork, execute programs and exit.
 *
 * It executes itself; run it by its full path.
 */
#include "tap.h"
#include "tapthread.h"

#include <errno.h>
#include <lwp.h>
#include <signal.h>
#include <stdio-bufio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/lock.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS 3
#define FORKS 30
#define A_WHILE 30 /* milliseconds */

static const char *self;
static volatile long *shared;
static volatile long busy;
static pthread_t threads[THREADS];

/* A stream that goes nowhere. */
static ssize_t
swallow(int fd, const void *bytes, size_t size)
{
	(void)fd;
	(void)bytes;
	return (ssize_t)size;
}

static char buffer[BUFSIZ];
static struct __file_bufio stream = FDEV_SETUP_BUFIO(
    -1, buffer, sizeof(buffer), NULL, swallow, NULL, NULL, __SWR, __BLBF);

/* Hold the library's locks as much of the time as can be. */
static void *
hold_locks(void *argument)
{
	FILE *file = &stream.xfile.cfile.file;

	while (busy) {
		free(malloc(100));
		fprintf(file, "%p\n", argument);
		(void)setenv("NAME", "value", 1);
	}
	return NULL;
}

static void
threads_start(void)
{
	busy = 1;
	for (int i = 0; i < THREADS; i++)
		threads[i] = thread_start(hold_locks, NULL);
}

static void
threads_end(void)
{
	busy = 0;
	for (int i = 0; i < THREADS; i++)
		(void)pthread_join(threads[i], NULL);
}

static void *
echo(void *argument)
{
	return argument;
}

/* What a child of a process with threads finds; 0: all is well. */
static int
child_alone(void)
{
	void *block;

	if (_lwp_self() != 1)
		return 1;
	if (_lwp_wait(0, NULL) != -1 || errno != ESRCH)
		return 2;
	block = malloc(1000);
	if (block == NULL)
		return 3;
	free(block);
	fprintf(&stream.xfile.cfile.file, "a line\n");
	if (ftrylockfile(&stream.xfile.cfile.file) != 0)
		return 4;
	if (pthread_join(threads[0], NULL) != ESRCH)
		return 5;
	return thread_join(thread_start(echo, POINTER(9))) == 9 ? 0 : 6;
}

static void
test_fork(void)
{
	long good = 0;

	__lock_init(stream.lock);
	threads_start();
	for (int i = 0; i < FORKS; i++)
		good += child_status(child_alone) == EXITED(0);
	threads_end();
	is(good, FORKS,
	    "F25 a child of a process with threads is LWP 1, alone, and can "
	    "use malloc() and stdio");
	is(child_status(child_alone), EXITED(0),
	    "F25 and so when the threads have ended");
}

static void *
fork_here(void *argument)
{
	pthread_t me = pthread_self();
	pid_t pid = fork();

	(void)argument;
	if (pid == 0) {
		if (!pthread_equal(me, pthread_self()) || child_alone() != 0)
			_exit(1);
		/* The last thread: exit(0). */
		pthread_exit(NULL);
	}
	return (void *)(long)status_of(pid);
}

static void
test_fork_in_thread(void)
{
	void *status = (void *)-1;

	threads_start();
	(void)pthread_join(thread_start(fork_here, NULL), &status);
	threads_end();
	is((long)status, EXITED(0),
	    "F25 the thread that forks is the child's only one");
}

/* pthread_atfork(). */

static volatile long trace;

#define HANDLER(name, digit) \
	static void name(void) \
	{ \
		trace = trace * 10 + (digit); \
	}
HANDLER(before_1, 1)
HANDLER(before_2, 2)
HANDLER(parent_1, 3)
HANDLER(parent_2, 4)
HANDLER(child_1, 5)
HANDLER(child_2, 6)

static void
test_handlers(void)
{
	pid_t pid;

	(void)pthread_atfork(before_1, parent_1, child_1);
	(void)pthread_atfork(NULL, NULL, NULL);
	(void)pthread_atfork(before_2, parent_2, child_2);
	pid = fork();
	if (pid == 0)
		_exit(trace == 2156 ? 0 : 1);
	is(trace, 2134, "handlers run before fork(), the last one first");
	is(status_of(pid), EXITED(0), "and after, in the child, too");
}

/* A thread may be reading from the console. */

static void *
read_console(void *argument)
{
	shared[0] = 1;
	(void)getchar();
	return argument;
}

static int
try_input(void)
{
	return ftrylockfile(stdin);
}

static int
fork_while_reading(void)
{
	shared[0] = 0;
	(void)thread_start(read_console, NULL);
	(void)wait_flag(&shared[0]);
	spin(A_WHILE);
	return child_status(try_input) == EXITED(0) ? 0 : 1;
}

static void
test_reader(void)
{
	is(child_status(fork_while_reading), EXITED(0),
	    "the child of a process that reads has the input's lock");
}

/* exec and exit. */

static void *
execute(void *argument)
{
	execl(self, self, argument, (char *)NULL);
	_exit(1);
}

static int
execute_in_thread(void)
{
	threads_start();
	(void)pthread_join(thread_start(execute, POINTER("lid")), NULL);
	return 2;
}

static void *
exit_here(void *argument)
{
	exit((int)(long)argument);
}

static int
exit_in_thread(void)
{
	threads_start();
	(void)pthread_join(thread_start(exit_here, (void *)5), NULL);
	return 2;
}

static int
return_beside_threads(void)
{
	threads_start();
	return 6;
}

static void *
die(void *argument)
{
	(void)raise((int)(long)argument);
	return NULL;
}

static int
die_in_thread(void)
{
	threads_start();
	(void)pthread_join(thread_start(die, (void *)SIGKILL), NULL);
	return 2;
}

static void
note_exit(void)
{
	shared[1] = 1;
}

static void *
outlive(void *argument)
{
	/* The first thread. */
	(void)pthread_join(argument, NULL);
	shared[2] = 1;
	return NULL;
}

static int
exit_first(void)
{
	(void)atexit(note_exit);
	(void)thread_start(outlive, pthread_self());
	pthread_exit(NULL);
}

static void
test_ends(void)
{
	is(child_status(execute_in_thread), EXITED(1 + 10),
	    "F74 a thread's exec ends the others; the program is LWP 1");
	is(child_status(exit_in_thread), EXITED(5),
	    "F73 a thread's exit() ends those that run");
	is(child_status(return_beside_threads), EXITED(6),
	    "F73 so does the first one's");
	is(child_status(die_in_thread), SIGKILL, "F73 and a signal");
	shared[1] = shared[2] = 0;
	is(child_status(exit_first), EXITED(0),
	    "the last pthread_exit() is exit(0)");
	is(shared[2], 1, "other threads outlive the first, and join it");
	is(shared[1], 1, "exit's handlers run then");
}

/* vfork: the other threads go on. */

static void *
count_up(void *argument)
{
	(void)argument;
	while (shared[3] == 0)
		shared[4]++;
	return NULL;
}

static void
test_vfork(void)
{
	pthread_t counter;
	long seen;
	pid_t pid;

	shared[3] = shared[4] = shared[5] = 0;
	counter = thread_start(count_up, NULL);
	(void)wait_flag(&shared[4]);
	/* NOLINTBEGIN: what POSIX forbids after vfork() is harmless here. */
	pid = vfork();
	if (pid == 0) {
		seen = shared[4];
		for (int i = 0; i < A_WHILE && shared[4] == seen; i++)
			spin(1);
		shared[5] = shared[4] > seen;
		_exit(0);
	}
	/* NOLINTEND */
	is(shared[5], 1, "F50 other threads run while one waits in vfork()");
	(void)status_of(pid);
	shared[3] = 1;
	(void)pthread_join(counter, NULL);
}

int
main(int argc, char **argv)
{
	if (argc > 1)
		return _lwp_self() + 10;
	self = argv[0];
	shared = shared_page();
	test_fork();
	test_fork_in_thread();
	test_handlers();
	test_reader();
	test_ends();
	test_vfork();
	return tap_end();
}

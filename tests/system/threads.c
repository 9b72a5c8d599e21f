/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * threads.c - the life of threads.
 */
#include "tap.h"
#include "tapthread.h"
#include "watch.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#define SOME THREADS_MAX
#define MANY 100
#define ROUNDS 1000
#define STACK 65536
#define TRIES 5
#define SIZES 8

static void *
echo(void *argument)
{
	return argument;
}

/*
 * Free frames, once no thread is on its way out: one that begins frees the
 * stacks of those that were detached and have ended.
 */
static long
frames_quiet(void)
{
	long before, now = free_frames();

	do {
		before = now;
		nap(A_MOMENT);
		(void)thread_join(thread_start(echo, POINTER(0)));
		now = free_frames();
	} while (now != before);
	return now;
}

static void
test_join(void)
{
	long good = 0, before, after;

	for (int i = 0; i < SOME; i++)
		(void)thread_join(thread_start(echo, POINTER(i)));
	before = free_frames();
	for (long i = 0; i < MANY; i++)
		good += thread_join(thread_start(echo, POINTER(i))) == i;
	/* The first report may need a page of stack. */
	after = free_frames();
	is(good, MANY, "a thread's result is whoever joins it's");
	is(after, before, "a hundred threads leave no frame behind");
}

/* How threads end. */

static volatile long ended;
static pthread_barrier_t barrier;

static void *
end_later(void *argument)
{
	(void)argument;
	sched_yield();
	__atomic_add_fetch(&ended, 1, __ATOMIC_RELAXED);
	return NULL;
}

static bool
all_end(int count)
{
	for (int i = 0; i < ROUNDS && ended < count; i++)
		spin(1);
	return ended == count;
}

static void
start_detached(int count)
{
	pthread_attr_t attributes;
	pthread_t thread;

	(void)pthread_attr_init(&attributes);
	(void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	for (int i = 0; i < count; i++) {
		if (i % 2 == 0)
			(void)pthread_create(
			    &thread, &attributes, end_later, NULL);
		else
			(void)pthread_detach(
			    thread_start(end_later, POINTER(0)));
		/* Not too many stacks at a time. */
		if (i % SOME == 0)
			(void)all_end(i + 1);
	}
}

/* Whether many detached threads leave as many frames free as there were. */
static bool
leave_nothing(void)
{
	long before = frames_quiet();

	ended = 0;
	start_detached(MANY);
	(void)all_end(MANY);
	return frames_quiet() == before;
}

static void
test_detached(void)
{
	bool nothing = false;

	start_detached(MANY);
	ok(all_end(MANY), "detached threads run and end");
	/*
	 * The servers keep room for as many as there ever were at a time,
	 * which may have been more this time than ever.
	 */
	for (int i = 0; i < TRIES && !nothing; i++)
		nothing = leave_nothing();
	ok(nothing, "and leave no frame behind");
}

static void *
wait_on_barrier(void *argument)
{
	(void)pthread_barrier_wait(&barrier);
	return argument;
}

static void
test_join_errors(void)
{
	pthread_t thread;

	(void)pthread_barrier_init(&barrier, NULL, 2);
	is(pthread_join(pthread_self(), NULL), EDEADLK, "nobody joins itself");
	thread = thread_start(wait_on_barrier, POINTER(0));
	is(pthread_kill(thread, 0), 0, "a thread that is there");
	is(pthread_kill(thread, NSIG), EINVAL, "no such signal");
	is(pthread_detach(thread), 0, "a running thread can be detached");
	is(pthread_detach(thread), EINVAL, "not twice");
	is(pthread_join(thread, NULL), EINVAL, "and not be joined");
	(void)pthread_barrier_wait(&barrier);
	thread = thread_start(echo, POINTER(5));
	is(thread_join(thread), 5, "a thread is joined");
	is(pthread_join(thread, NULL), ESRCH, "not twice");
	is(pthread_detach(thread), ESRCH, "nor detached any more");
	is(pthread_kill(thread, 0), ESRCH, "nor sent a signal");
}

static volatile long cleanups;

static void
cleanup(void *argument)
{
	cleanups = cleanups * 10 + (long)argument;
}

static void __attribute__((noinline)) exit_inside(long result)
{
	pthread_cleanup_push(cleanup, (void *)2);
	pthread_exit((void *)result);
	pthread_cleanup_pop(0);
}

static void *
push_and_exit(void *argument)
{
	pthread_cleanup_push(cleanup, (void *)1);
	pthread_cleanup_push(cleanup, (void *)9);
	pthread_cleanup_pop(0);
	pthread_cleanup_push(cleanup, (void *)3);
	pthread_cleanup_pop(1);
	exit_inside((long)argument);
	pthread_cleanup_pop(0);
	return NULL;
}

static void
test_exit(void)
{
	is(thread_join(thread_start(push_and_exit, POINTER(7))), 7,
	    "pthread_exit() gives a result");
	is(cleanups, 321, "after what was pushed, the last first");
}

/* Stacks. */

static void *
where(void *argument)
{
	char local[STACK / 2];

	memset(local, 1, sizeof(local));
	__asm__ volatile("" : : "r"(local) : "memory");
	(void)argument;
	return __builtin_frame_address(0);
}

static void
test_own_stack(void)
{
	static char stack[STACK];
	pthread_attr_t attributes;
	pthread_t thread;
	long found;

	(void)pthread_attr_init(&attributes);
	is(pthread_attr_setstack(&attributes, stack, PTHREAD_STACK_MIN - 1),
	    EINVAL, "a stack must not be too small");
	is(pthread_attr_setstack(&attributes, stack, sizeof(stack)), 0,
	    "a thread can be given a stack");
	is(pthread_create(&thread, &attributes, where, NULL), 0, "run on it");
	found = thread_join(thread);
	ok(found > (long)stack && found < (long)(stack + sizeof(stack)),
	    "and does");
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static long __attribute__((noinline)) deeper(volatile long *above)
{
	volatile long here[128];

	here[0] = above[0] + 1;
	/* Not without end, for the compiler. */
	here[1] = here[0] > 0 ? deeper(here) : 0;
	return here[0] + here[1];
}

static void *
overflow(void *argument)
{
	volatile long start_here[2] = {0};

	(void)argument;
	return (void *)deeper(start_here);
}

static int
overflowing(void)
{
	(void)thread_join(thread_start(overflow, POINTER(0)));
	return 0;
}

static void
test_guard(void)
{
	int status = child_status(overflowing);

	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV,
	    "a thread that leaves its stack gets SIGSEGV");
}

/* What alignment may add to a stack's size. */
#define ALIGNMENT 256

/* Write as far below as the stack is to be large, and a bit. */
static void *
reach(void *argument)
{
	volatile char here = 0;
	volatile char *below = &here - (uintptr_t)argument - ALIGNMENT;

	*below = here;
	return NULL;
}

static size_t reached;

static int
reaching(void)
{
	pthread_attr_t attributes;
	pthread_t thread;

	(void)pthread_attr_init(&attributes);
	(void)pthread_attr_setstacksize(&attributes, reached);
	if (pthread_create(&thread, &attributes, reach, POINTER(reached)) != 0)
		return 1;
	(void)thread_join(thread);
	return 0;
}

/* Sizes that are no multiple of a page must not come out larger. */
static void
test_size(void)
{
	int ended_by_guard = 0;

	for (int i = 0; i < SIZES; i++) {
		int status;

		reached = PTHREAD_STACK_MIN + (size_t)i * PAGE_SIZE / SIZES;
		status = child_status(reaching);
		ended_by_guard +=
		    WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
	}
	is(ended_by_guard, SIZES, "the guard is where the stack's size ends");
}

int
main(void)
{
	test_join();
	test_detached();
	test_join_errors();
	test_exit();
	test_own_stack();
	test_guard();
	test_size();
	return tap_end();
}

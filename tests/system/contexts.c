/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * contexts.c - ucontext.h: contexts on stacks of their own.
 */
#include "catch.h"
#include "tap.h"

#include <signal.h>
#include <stdlib.h>
#include <ucontext.h>

#define TIMES 50

static ucontext_t outer, inner;
static char inner_stack[SIGSTKSZ] __attribute__((aligned(16)));
static volatile long steps, sum;

static void
inner_run(long a, long b, long c, long d, long e, long f, long g, long h,
    long i, long j)
{
	volatile double third = 1.0 / 3;

	sum = a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h +
	      9 * i + 10 * j;
	hold(SIGUSR2, 0);
	steps = 1;
	(void)swapcontext(&inner, &outer);
	steps += third * 3 == 1.0 && is_held(SIGUSR2) ? 2 : 100;
}

static void
test_again(void)
{
	volatile int times = 0;
	ucontext_t here;

	if (getcontext(&here) == 0 && ++times < TIMES)
		(void)setcontext(&here);
	is(times, TIMES,
	    "getcontext() returns 0, whenever its context is taken up");
}

static void
nothing(void)
{
}

static int
ends_with_its_context(void)
{
	(void)getcontext(&inner);
	inner.uc_stack.ss_sp = inner_stack;
	inner.uc_stack.ss_size = sizeof(inner_stack);
	inner.uc_link = NULL;
	makecontext(&inner, nothing, 0);
	(void)swapcontext(&outer, &inner);
	return 7;
}

static void
test_contexts(void)
{
	(void)getcontext(&inner);
	inner.uc_stack.ss_sp = inner_stack;
	inner.uc_stack.ss_size = sizeof(inner_stack);
	inner.uc_link = &outer;
	makecontext(&inner, (void (*)(void))inner_run, 10, 1, 2, 3, 4, 5, 6, 7,
	    8, 9, -10);
	(void)swapcontext(&outer, &inner);
	ok(steps == 1 && sum == 285 - 100,
	    "a context runs on its own stack, with its arguments");
	ok(!is_held(SIGUSR2), "its mask is its own");
	(void)swapcontext(&outer, &inner);
	is(steps, 3, "it goes on where it was, and then with uc_link");
}

int
main(void)
{
	test_contexts();
	test_again();
	is(child_status(ends_with_its_context), 0,
	    "the last one's end is exit");
	return tap_end();
}

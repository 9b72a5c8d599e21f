/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memory.c - address spaces of parent and child, and what mappings do.
 */
#include "tap.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGES 100
#define BYTES (PAGES * PAGE_SIZE)
#define DEEP (1 << 20)

static volatile long *shared;
static long data[PAGES * PAGE_SIZE / sizeof(long)];
static volatile char *area;

static volatile char *
map(int protection, int flags)
{
	void *start = mmap(NULL, BYTES, protection, flags | MAP_ANON, -1, 0);

	return start == MAP_FAILED ? NULL : start;
}

static void
fill(long value)
{
	for (size_t i = 0; i < LENGTH(data); i += PAGE_SIZE / sizeof(long))
		data[i] = value + (long)i;
}

static bool
filled(long value)
{
	for (size_t i = 0; i < LENGTH(data); i += PAGE_SIZE / sizeof(long)) {
		if (data[i] != value + (long)i)
			return false;
	}
	return true;
}

/* The parent writes first, then the child. */
static int
write_after_parent(void)
{
	bool good;

	shared[0] = 1;
	if (!wait_flag(&shared[1]))
		return 2;
	good = filled(1000);
	fill(3000);
	return good && filled(3000) ? 1 : 0;
}

static void
test_isolation(void)
{
	pid_t pid;

	fill(1000);
	pid = child_start(write_after_parent);
	(void)wait_flag(&shared[0]);
	fill(2000);
	shared[1] = 1;
	is(status_of(pid), EXITED(1),
	    "F30 what the parent writes after fork the child doesn't see");
	ok(filled(2000), "F30 nor the parent what the child writes");
}

/* Three generations, each with its own. */
static int
grandchild(void)
{
	bool good = filled(5000);

	fill(6000);
	return good && filled(6000) ? 1 : 0;
}

static int
child_and_grandchild(void)
{
	bool good = filled(4000);

	fill(5000);
	good = child_status(grandchild) == EXITED(1) && good;
	return good && filled(5000) ? 1 : 0;
}

static void
test_generations(void)
{
	fill(4000);
	is(child_status(child_and_grandchild), EXITED(1),
	    "F30 a grandchild has its parent's memory of that moment");
	ok(filled(4000), "F30 and leaves that of all others alone");
}

static int
write_area(void)
{
	for (size_t i = 0; i < BYTES; i += PAGE_SIZE)
		area[i]++;
	return 0;
}

static int
read_area(void)
{
	return area[0];
}

static int
sum_area(void)
{
	int sum = 0;

	for (size_t i = 0; i < BYTES; i += PAGE_SIZE)
		sum += area[i];
	return sum != 0;
}

static void
test_shared(void)
{
	area = map(PROT_READ | PROT_WRITE, MAP_SHARED);
	write_area();
	(void)child_status(write_area);
	ok(area[0] == 2 && area[BYTES - PAGE_SIZE] == 2,
	    "F30 a shared mapping is one in parent and child");
	(void)munmap((void *)(uintptr_t)area, BYTES);
	area = map(PROT_READ | PROT_WRITE, MAP_SHARED);
	(void)child_status(write_area);
	is(area[0], 1, "F30 also what nobody touched before the fork");
	(void)munmap((void *)(uintptr_t)area, BYTES);
}

static int
killed_by(int (*run)(void))
{
	int status = child_status(run);

	return WIFSIGNALED(status) ? WTERMSIG(status) : -status;
}

static void
inherit(int how)
{
	area = map(PROT_READ | PROT_WRITE, MAP_PRIVATE);
	write_area();
	if (minherit((void *)(uintptr_t)area, BYTES, how) != 0)
		ok(false, "F30 minherit works");
}

static void
disinherit(void)
{
	(void)munmap((void *)(uintptr_t)area, BYTES);
}

static void
test_inherit(void)
{
	inherit(MAP_INHERIT_SHARE);
	(void)child_status(write_area);
	ok(area[0] == 2 && area[BYTES - PAGE_SIZE] == 2,
	    "F30 what is inherited shared is one");
	disinherit();
	inherit(MAP_INHERIT_COPY);
	(void)child_status(write_area);
	is(area[0], 1, "F30 what is inherited by copy is two");
	is(child_status(read_area), EXITED(1), "F30 that begin alike");
	disinherit();
	inherit(MAP_INHERIT_NONE);
	is(killed_by(read_area), SIGSEGV,
	    "F30 what is not inherited isn't there");
	is(area[0], 1, "F30 but for the parent");
	disinherit();
	inherit(MAP_INHERIT_ZERO);
	is(child_status(sum_area), EXITED(0),
	    "F30 what is inherited as zeros is zeros");
	(void)child_status(write_area);
	is(area[0], 1, "F30 and the parent's stays");
	disinherit();
}

/* Inheritance of a part of a mapping, and of a child's child. */
static int
middle_is_zero(void)
{
	return area[PAGE_SIZE] == 0 && area[0] == 1 && area[2 * PAGE_SIZE] == 1;
}

static int
fork_again(void)
{
	return middle_is_zero() && child_status(middle_is_zero) == EXITED(1);
}

static void
test_inherit_part(void)
{
	inherit(MAP_INHERIT_COPY);
	is(minherit((void *)(uintptr_t)(area + PAGE_SIZE), PAGE_SIZE,
	       MAP_INHERIT_ZERO),
	    0, "F30 a page in the middle can be inherited otherwise");
	is(child_status(fork_again), EXITED(1), "F30 for generations");
	is(minherit((void *)(uintptr_t)area, BYTES, 3), -1,
	    "F30 unknown inheritance is refused");
	is(errno, EINVAL, "F30 with EINVAL");
	disinherit();
}

static int
protect_and_unmap(void)
{
	if (mprotect((void *)(uintptr_t)area, BYTES, PROT_READ) != 0)
		return 1;
	return munmap((void *)(uintptr_t)area, BYTES) == 0 ? 0 : 2;
}

static int
write_protected(void)
{
	(void)mprotect((void *)(uintptr_t)area, BYTES, PROT_READ);
	return write_area();
}

static int
read_unmapped(void)
{
	(void)munmap((void *)(uintptr_t)area, BYTES);
	return read_area();
}

static void
test_protection(void)
{
	inherit(MAP_INHERIT_COPY);
	is(child_status(protect_and_unmap), EXITED(0),
	    "a child changes its mappings");
	write_area();
	is(area[0], 2, "which are not its parent's");
	is(killed_by(write_protected), SIGSEGV, "read-only means that");
	is(killed_by(read_unmapped), SIGSEGV, "unmapped too");
	(void)mprotect((void *)(uintptr_t)area, BYTES, PROT_NONE);
	is(killed_by(read_area), SIGSEGV, "F30 no access is inherited");
	(void)mprotect((void *)(uintptr_t)area, BYTES, PROT_READ | PROT_WRITE);
	is(area[0], 2, "the memory was there all the time");
	write_area();
	is(area[0], 3, "and can be written to again");
	disinherit();
}

/* Split a mapping by unmapping its middle, and map over it. */
static void
test_pieces(void)
{
	char *middle;

	inherit(MAP_INHERIT_COPY);
	middle = (char *)(uintptr_t)area + 10 * PAGE_SIZE;
	is(munmap(middle, PAGE_SIZE), 0, "a page in the middle can go");
	is(munmap(middle, PAGE_SIZE), 0, "going twice is no error");
	is(mprotect((void *)(uintptr_t)area, BYTES, PROT_READ), -1,
	    "a hole can't be protected");
	is(errno, ENOMEM, "which is ENOMEM");
	ok(mmap(middle, PAGE_SIZE, PROT_READ | PROT_WRITE,
	       MAP_PRIVATE | MAP_ANON | MAP_FIXED, -1, 0) == middle,
	    "a page can be put there");
	is(*middle, 0, "of zeros");
	ok(mmap((void *)(uintptr_t)area, BYTES, PROT_READ | PROT_WRITE,
	       MAP_PRIVATE | MAP_ANON | MAP_FIXED, -1, 0) == area,
	    "or all of it replaced");
	is(sum_area(), 0, "by zeros");
	disinherit();
	ok(map(PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE) == NULL &&
		errno == EACCES,
	    "nothing is both writable and executable");
}

static int
grow_heap(void)
{
	char *start = sbrk(BYTES);

	memset(start, 1, BYTES);
	return start[0] == 1 ? 0 : 1;
}

static void
test_heap(void)
{
	char *end = sbrk(0);

	is(child_status(grow_heap), EXITED(0), "F30 a child's heap grows");
	ok(sbrk(0) == end, "F30 and not its parent's");
	is(brk((void *)USER_TOP), -1, "a heap has an end");
	is(errno, ENOMEM, "which is ENOMEM");
	ok(sbrk(0) == end, "and stays what it was then");
}

/* noinline and the sum after the call keep each frame in use. */
static __attribute__((noinline)) long
recurse(long depth)
{
	volatile char frame[1024];

	frame[0] = (char)depth;
	return depth == 0 ? 0 : recurse(depth - 1) + frame[0] - frame[0] + 1;
}

static int
deep_stack(void)
{
	return recurse(DEEP / 1024) == DEEP / 1024 ? 0 : 1;
}

static int
endless_stack(void)
{
	return recurse(1L << 40) != 0;
}

static int
small_stack(void)
{
	struct rlimit limit = {DEEP / 2, DEEP};

	if (setrlimit(RLIMIT_STACK, &limit) != 0)
		return 1;
	return deep_stack();
}

static void
test_stack(void)
{
	is(child_status(deep_stack), EXITED(0), "F30 a stack grows");
	is(killed_by(endless_stack), SIGSEGV, "up to its limit");
	is(killed_by(small_stack), SIGSEGV, "which can be lower");
}

/* What was touched and what wasn't, many times over. */
static void
test_no_loss(void)
{
	long before = 0;

	for (int i = 0; i < 60; i++) {
		if (i == 10)
			before = free_frames();
		area = map(PROT_READ | PROT_WRITE, MAP_SHARED);
		(void)child_status(write_area);
		disinherit();
		inherit(i % 2 == 0 ? MAP_INHERIT_ZERO : MAP_INHERIT_SHARE);
		(void)child_status(write_area);
		(void)child_status(protect_and_unmap);
		disinherit();
		(void)child_status(deep_stack);
	}
	is(free_frames(), before, "F30 all of that leaves no frame behind");
}

int
main(void)
{
	shared = shared_page();
	test_isolation();
	test_generations();
	test_shared();
	test_inherit();
	test_inherit_part();
	test_protection();
	test_pieces();
	test_heap();
	test_stack();
	test_no_loss();
	return tap_end();
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * faults.c - what a process must not do ends it, with the right signal.
 */
#include "tap.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Addresses; volatile to keep the compiler ignorant. */
static volatile uintptr_t null = 16;
static volatile uintptr_t kernel = 0xffffffc080200000ul;
static volatile uintptr_t top = USER_TOP - 8;
static volatile uintptr_t middle = 0x8000000000000000ul;
static long data = 1;

static int
load(uintptr_t address)
{
	return (int)*(volatile long *)address;
}

static int
store(uintptr_t address)
{
	*(volatile long *)address = 1;
	return 0;
}

static int
jump(uintptr_t address)
{
	((void (*)(void))address)();
	return 0;
}

static int
load_null(void)
{
	return load(null);
}

static int
store_null(void)
{
	return store(null);
}

static int
jump_null(void)
{
	return jump(null);
}

static int
load_kernel(void)
{
	return load(kernel);
}

static int
store_kernel(void)
{
	return store(kernel);
}

static int
jump_kernel(void)
{
	return jump(kernel);
}

static int
load_top(void)
{
	return load(top);
}

static int
load_middle(void)
{
	return load(middle);
}

static int
store_text(void)
{
	return store((uintptr_t)store_text & ~7ul);
}

static int
jump_data(void)
{
	return jump((uintptr_t)&data);
}

static int
illegal(void)
{
	__asm__ volatile("unimp");
	return 0;
}

static int
privileged(void)
{
	__asm__ volatile("csrr t0, sstatus" : : : "t0");
	return 0;
}

static int
supervisor_return(void)
{
	__asm__ volatile("sret");
	return 0;
}

static int
flush(void)
{
	__asm__ volatile("sfence.vma");
	return 0;
}

static int
breakpoint(void)
{
	__asm__ volatile("ebreak");
	return 0;
}

static int
semihosting(void)
{
	__asm__ volatile(".option push\n.option norvc\n"
			 "li a0, 0x18\nli a1, 0x20026\n"
			 "slli x0, x0, 0x1f\nebreak\nsrai x0, x0, 7\n"
			 ".option pop"
			 :
			 :
			 : "a0", "a1");
	return 0;
}

static int
bad_stack(void)
{
	__asm__ volatile("li sp, 64\nsd ra, 0(sp)");
	return 0;
}

static const struct fault {
	int (*run)(void);
	int signal;
	const char *claim;
} faults[] = {
    {load_null, SIGSEGV, "a load from nowhere"},
    {store_null, SIGSEGV, "a store to nowhere"},
    {jump_null, SIGSEGV, "a jump to nowhere"},
    {load_kernel, SIGSEGV, "a load from the kernel"},
    {store_kernel, SIGSEGV, "a store to the kernel"},
    {jump_kernel, SIGSEGV, "a jump into the kernel"},
    {load_top, SIGSEGV, "a load from the top of user memory"},
    {load_middle, SIGSEGV, "a load from no address at all"},
    {store_text, SIGSEGV, "a store to text"},
    {jump_data, SIGSEGV, "a jump into data"},
    {bad_stack, SIGSEGV, "a stack pointer to nowhere"},
    {illegal, SIGILL, "an illegal instruction"},
    {privileged, SIGILL, "a privileged register"},
    {supervisor_return, SIGILL, "a privileged return"},
    {flush, SIGILL, "a privileged fence"},
    {breakpoint, SIGTRAP, "a breakpoint"},
    {semihosting, SIGTRAP, "semihosting, which is the kernel's"},
};

/* Firmware may talk about such instructions, and leave the line unfinished. */
static void
line_begin(void)
{
	putchar('\n');
}

int
main(void)
{
	long before;

	for (size_t i = 0; i < LENGTH(faults); i++) {
		int status = child_status(faults[i].run);

		line_begin();
		is(WTERMSIG(status), faults[i].signal, faults[i].claim);
	}
	before = free_frames();
	for (size_t i = 0; i < 10 * LENGTH(faults); i++)
		(void)child_status(faults[i % LENGTH(faults)].run);
	line_begin();
	is(free_frames(), before, "none of that leaves a frame behind");
	return tap_end();
}

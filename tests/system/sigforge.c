/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigforge.c - signal frames that no kernel made.
 *
 * sigreturn takes what lies on the user's stack, so anybody can have it go on
 * with any registers, or with a frame that is not there.  That is the end of
 * that process, by SIGSEGV, and of nobody else.
 */
#include "tap.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ipc/proc.h>

#include "watch.h"

#define KERNEL_PC 0xffffffff80200000ul
#define HOLE_PC 0x0000008000000000ul /* not canonical in Sv39 */
#define STACK_BYTES (16 * PAGE_SIZE)

static struct regs forged;
static char *stack;

/* What getcontext() would give, well enough to go on with: it exits. */
static void __attribute__((noreturn)) gone_on(void)
{
	unsigned long fcsr;

	__asm__ volatile("frcsr %0" : "=r"(fcsr));
	_exit(fcsr <= 0xff ? 7 : 8);
}

static void
forge(void)
{
	memset(&forged, 0, sizeof(forged));
	__asm__ volatile("sd gp, %0\n\tsd tp, %1"
			 : "=m"(forged.x[3]), "=m"(forged.x[4]));
	forged.x[0] = (uintptr_t)gone_on;
	forged.x[2] = (uintptr_t)stack + STACK_BYTES;
}

/* sigreturn, which does not return. */
static int
go_on(const void *frame, size_t bytes)
{
	struct proc_sigreturn_req req = {.mask = 0};
	struct proc_sigreturn_rep rep;
	int error = proc_sigreturn(SLOT_PROC, &req, &rep, frame, bytes);

	return error == 0 ? 1 : 2;
}

static int
forged_well(void)
{
	forge();
	return go_on(&forged, sizeof(forged));
}

static int
forged_pc(uint64_t pc)
{
	forge();
	forged.x[0] = pc;
	return go_on(&forged, sizeof(forged));
}

static int
pc_misaligned(void)
{
	return forged_pc((uintptr_t)gone_on + 1);
}

static int
pc_of_kernel(void)
{
	return forged_pc(KERNEL_PC);
}

static int
pc_in_hole(void)
{
	return forged_pc(HOLE_PC);
}

static int
pc_of_nothing(void)
{
	return forged_pc(0);
}

static int
pc_at_top(void)
{
	return forged_pc(USER_TOP);
}

static int
pc_of_data(void)
{
	return forged_pc((uintptr_t)&forged);
}

static int
fcsr_of_ones(void)
{
	forge();
	forged.fcsr = ~0ul;
	return go_on(&forged, sizeof(forged));
}

/* Registers that the kernel's own code might trust. */
static int
registers_of_ones(void)
{
	forge();
	memset(&forged.x[1], 0xff, sizeof(forged) - sizeof(forged.x[0]));
	return go_on(&forged, sizeof(forged));
}

static int
frame_unmapped(void)
{
	(void)munmap(stack, STACK_BYTES);
	return go_on(stack, sizeof(forged));
}

static int
frame_half_mapped(void)
{
	(void)munmap(stack + PAGE_SIZE, STACK_BYTES - PAGE_SIZE);
	return go_on(stack + PAGE_SIZE - 16, sizeof(forged));
}

static int
frame_in_kernel(void)
{
	return go_on((const void *)KERNEL_PC, sizeof(forged));
}

static int
frame_too_short(void)
{
	forge();
	return go_on(&forged, sizeof(forged) - 8);
}

static int
frame_without_window(void)
{
	forge();
	return go_on(NULL, 0);
}

static void
handler(int signal)
{
	(void)signal;
	_exit(9);
}

/* A signal with a handler that has no place for its frame. */
static int
deliver_at(uintptr_t sp)
{
	struct sigaction action = {.sa_handler = handler};

	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGUSR1, &action, NULL);
	(void)sigaction(SIGSEGV, &action, NULL);
	forge();
	forged.x[0] = (uintptr_t)kill;
	forged.x[1] = (uintptr_t)gone_on;
	forged.x[10] = (uint64_t)getpid();
	forged.x[11] = SIGUSR1;
	/* kill() may spill to its stack, so it is one whose top alone is. */
	forged.x[2] = sp;
	return go_on(&forged, sizeof(forged));
}

static int
stack_unmapped(void)
{
	(void)munmap(stack, STACK_BYTES - PAGE_SIZE);
	return deliver_at((uintptr_t)stack + STACK_BYTES - PAGE_SIZE + 256);
}

static int
stack_read_only(void)
{
	(void)mprotect(stack, STACK_BYTES - PAGE_SIZE, PROT_READ);
	return deliver_at((uintptr_t)stack + STACK_BYTES - PAGE_SIZE + 256);
}

static int
alternate_stack_read_only(void)
{
	struct sigaction action = {
	    .sa_handler = handler, .sa_flags = SA_ONSTACK};
	stack_t alternate = {.ss_sp = stack, .ss_size = STACK_BYTES};

	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGUSR1, &action, NULL);
	(void)sigaction(SIGSEGV, &action, NULL);
	if (sigaltstack(&alternate, NULL) != 0)
		return 3;
	(void)mprotect(stack, STACK_BYTES, PROT_READ);
	(void)raise(SIGUSR1);
	return 4;
}

struct forgery {
	int (*run)(void);
	int status;
	const char *claim;
};

static const struct forgery forgeries[] = {
    {forged_well, EXITED(7), "F75 sigreturn goes on with any good registers"},
    {fcsr_of_ones, EXITED(7), "F75 of fcsr it takes the bits that there are"},
    {pc_misaligned, SIGSEGV, "F75 a misaligned pc is a SIGSEGV"},
    {pc_of_kernel, SIGSEGV, "F75 the kernel's pc too"},
    {pc_in_hole, SIGSEGV, "F75 and one that is no address"},
    {pc_of_nothing, SIGSEGV, "F75 a null pc"},
    {pc_at_top, SIGSEGV, "F75 the end of user space"},
    {pc_of_data, SIGSEGV, "F75 data"},
    {registers_of_ones, SIGSEGV, "F75 all registers full of ones"},
    {frame_unmapped, SIGSEGV, "F75 a frame on an unmapped stack"},
    {frame_half_mapped, SIGSEGV, "F75 one that ends in an unmapped page"},
    {frame_in_kernel, SIGSEGV, "F75 one in the kernel"},
    {frame_too_short, SIGSEGV, "F75 one that is too short"},
    {frame_without_window, SIGSEGV, "F75 none at all"},
    {stack_unmapped, SIGSEGV, "F75 a handler with no stack to run on"},
    {stack_read_only, SIGSEGV, "F75 one with a stack that is read-only"},
    {alternate_stack_read_only, SIGSEGV, "F75 an alternate one likewise"},
};

/* Whether servers and kernel still do what they did. */
static bool
unharmed(void)
{
	return child_status(forged_well) == EXITED(7) && getppid() > 0;
}

int
main(void)
{
	long before;

	stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANON, -1, 0);
	for (size_t i = 0; i < LENGTH(forgeries); i++) {
		pid_t pid = child_start(forgeries[i].run);

		is(status_soon(pid, 0), forgeries[i].status,
		    forgeries[i].claim);
		(void)kill(pid, SIGKILL);
	}
	before = free_frames();
	for (size_t i = 0; i < LENGTH(forgeries); i++)
		(void)status_soon(child_start(forgeries[i].run), 0);
	is(frames_settled(before), before, "F75 no frame is lost by them");
	ok(unharmed(), "F75 and the servers are well");
	return tap_end();
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * handlers.c - what a signal handler finds, changes and leaves alone.
 */
#include "catch.h"
#include "tap.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <abi/types.h>

/* Signals that come while sigregs_spin() goes round. */
#define ROUNDS 20
/* Round down, and all exceptions: nothing that C code would set. */
#define FCSR 0x5f
#define PATTERN(i) ((i)*0x0101010101010101ul ^ 0x8000000000000000ul)
#define KERNEL_ADDRESS 0xffffffff80200000ul
#define MANY_JUMPS 200

/* sigregs.S */
void sigregs_init(void);
void sigregs_spin(const struct regs *regs);
void sigregs_handler(int signal, siginfo_t *info, void *context);
void sigregs_check(int signal, siginfo_t *info, void *context);
void raise_on(void *sp, int signal);
void illegal(void);
long breakpoint(long);
extern const char sigregs_loop[], sigregs_out[];

/* In the page that is never mapped; volatile to keep the compiler ignorant. */
static void *volatile nowhere = (void *)16;
static volatile long *shared;
static char altstack[SIGSTKSZ] __attribute__((aligned(16)));
static struct regs pattern;
static unsigned int wrong; /* registers, in all contexts */
static sigjmp_buf around;
static volatile uintptr_t frame; /* a local variable of the handler */
static volatile int altstack_flags, altstack_errno;

static void
catch_with(int signal, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction action = {
	    .sa_sigaction = handler,
	    .sa_flags = SA_SIGINFO | flags,
	};

	(void)sigaction(signal, &action, NULL);
}

static void
altstack_set(int flags)
{
	const stack_t stack = {
	    .ss_sp = altstack,
	    .ss_size = sizeof(altstack),
	    .ss_flags = flags,
	};

	(void)sigaltstack(&stack, NULL);
}

static bool
on_altstack(uintptr_t address)
{
	return address - (uintptr_t)altstack < sizeof(altstack);
}

/*
 * Of sigregs_handler(), which has spoilt all registers before.  What comes
 * before the loop is reached, or after it was left, is no round.
 */
void
sigregs_check(int signal, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	const struct regs *regs = (const struct regs *)&uc->uc_mcontext;
	bool there = regs->x[0] == (uintptr_t)sigregs_loop;

	(void)signal;
	(void)info;
	if (shared[0] == ROUNDS || (shared[0] == 0 && !there))
		return;
	for (int i = 1; i < 32; i++)
		wrong += regs->x[i] != pattern.x[i];
	for (int i = 0; i < 32; i++)
		wrong += regs->f[i] != pattern.f[i];
	wrong += regs->fcsr != pattern.fcsr;
	wrong += !there;
	shared[0]++;
	if (shared[0] == ROUNDS)
		_UC_MACHINE_PC(uc) = (uintptr_t)sigregs_out;
}

/* Send the parent signals until it has taken enough of them. */
static int
send_rounds(void)
{
	while (shared[0] < ROUNDS) {
		spin(2);
		if (kill(getppid(), SIGUSR1) != 0)
			return 1;
	}
	return 0;
}

/* F75: all 31 x and 32 f registers and fcsr. */
static void
test_registers(void)
{
	pid_t pid;

	for (unsigned int i = 0; i < 32; i++) {
		pattern.x[i] = PATTERN(i + 1);
		pattern.f[i] = PATTERN(i + 64);
	}
	pattern.fcsr = FCSR;
	shared[0] = 0;
	altstack_set(0);
	sigregs_init();
	catch_with(SIGUSR1, sigregs_handler, SA_ONSTACK | SA_RESTART);
	pid = child_start(send_rounds);
	sigregs_spin(&pattern);
	is(status_of(pid), EXITED(0), "F75 signals come to who runs");
	is(shared[0], ROUNDS, "F75 all of them");
	is(wrong, 0,
	    "F75 all x and f registers and fcsr outlive asynchronous signals");
	altstack_set(SS_DISABLE);
}

static void
look_around(int signal, siginfo_t *info, void *context)
{
	stack_t stack;

	(void)signal;
	(void)info;
	(void)context;
	frame = (uintptr_t)&stack;
	(void)sigaltstack(NULL, &stack);
	altstack_flags = stack.ss_flags;
	stack.ss_flags = SS_DISABLE;
	errno = 0;
	(void)sigaltstack(&stack, NULL);
	altstack_errno = errno;
}

static void
nest_without_flag(int signal, siginfo_t *info, void *context)
{
	(void)raise(SIGUSR2);
	(void)signal;
	(void)info;
	(void)context;
}

static void
test_altstack(void)
{
	stack_t stack = {.ss_sp = altstack, .ss_size = MINSIGSTKSZ - 1}, old;

	errno = 0;
	ok(sigaltstack(&stack, NULL) == -1 && errno == ENOMEM,
	    "F75 an alternate stack has a least size");
	stack.ss_size = sizeof(altstack);
	stack.ss_flags = 0x40;
	errno = 0;
	ok(sigaltstack(&stack, &old) == -1 && errno == EINVAL,
	    "F75 and no unknown flags");
	altstack_set(0);
	ok(sigaltstack(NULL, &old) == 0 && old.ss_sp == altstack &&
		old.ss_size == sizeof(altstack) && old.ss_flags == 0,
	    "F75 sigaltstack() tells what was set");
	catch_with(SIGUSR1, look_around, 0);
	(void)raise(SIGUSR1);
	ok(!on_altstack(frame) && altstack_errno == 0,
	    "F75 handlers without SA_ONSTACK do not use it");
	altstack_set(0);
	catch_with(SIGUSR1, look_around, SA_ONSTACK);
	(void)raise(SIGUSR1);
	ok(on_altstack(frame) && altstack_flags == SS_ONSTACK,
	    "F75 those with it run there");
	is(altstack_errno, EPERM, "F75 it can't be changed meanwhile");
	catch_with(SIGUSR1, nest_without_flag, SA_ONSTACK);
	catch_with(SIGUSR2, look_around, 0);
	frame = 0;
	(void)raise(SIGUSR1);
	ok(on_altstack(frame), "F75 a handler that interrupts one stays there");
	(void)sigaltstack(NULL, &old);
	is(old.ss_flags, 0, "F75 and leaves it at its end");
	altstack_set(SS_DISABLE);
	(void)sigaltstack(NULL, &old);
	is(old.ss_flags, SS_DISABLE, "F75 it can be given up");
}

static void
jump(int signal, siginfo_t *info, void *context)
{
	(void)context;
	seen = *info;
	siglongjmp(around, signal);
}

/* Make a fault; is it this signal, with this code and address? */
static bool
faults(void (*make)(void *), void *address, int signal, int code)
{
	int found;

	memset(&seen, 0, sizeof(seen));
	catch_with(signal, jump, 0);
	found = sigsetjmp(around, 1);
	if (found == 0)
		make(address);
	return found == signal && seen.si_signo == signal &&
	       seen.si_code == code && seen.si_addr == address &&
	       !is_held(signal);
}

static void
load(void *address)
{
	(void)*(volatile char *)address;
}

static void
store(void *address)
{
	*(volatile char *)address = 1;
}

static void
call(void *address)
{
	((void (*)(void))address)();
}

static void
test_faults(void)
{
	void *page =
	    mmap(NULL, PAGE_SIZE, PROT_READ, MAP_PRIVATE | MAP_ANON, -1, 0);

	ok(faults(load, nowhere, SIGSEGV, SEGV_MAPERR) &&
		faults(store, nowhere, SIGSEGV, SEGV_MAPERR) &&
		faults(call, nowhere, SIGSEGV, SEGV_MAPERR),
	    "F75 a page that is not there: SIGSEGV, SEGV_MAPERR, address");
	ok(faults(store, (char *)page + 5, SIGSEGV, SEGV_ACCERR) &&
		faults(call, (char *)page + 8, SIGSEGV, SEGV_ACCERR),
	    "F75 a page that is not for that: SEGV_ACCERR");
	ok(faults(load, (void *)KERNEL_ADDRESS, SIGSEGV, SEGV_MAPERR),
	    "F75 the kernel's addresses are nobody's");
	(void)munmap(page, PAGE_SIZE);
	ok(faults(load, page, SIGSEGV, SEGV_MAPERR),
	    "F75 nor is what was unmapped");
	ok(faults(call, (void *)illegal, SIGILL, ILL_ILLOPC),
	    "F75 an illegal instruction: SIGILL, ILL_ILLOPC, its address");
	ok(faults(call, (void *)breakpoint, SIGTRAP, TRAP_BRKPT),
	    "F75 a breakpoint: SIGTRAP, TRAP_BRKPT, its address");
}

/* Skip the instruction, and hold SIGHUP. */
static void
step_over(int signal, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	(void)signal;
	(void)info;
	_UC_MACHINE_PC(uc) += 4;
	uc->uc_mcontext.__gregs[_REG_A0] = 77;
	(void)sigaddset(&uc->uc_sigmask, SIGHUP);
	(void)sigaddset(&uc->uc_sigmask, SIGKILL);
}

static void
test_changes(void)
{
	catch_with(SIGTRAP, step_over, 0);
	is(breakpoint(1), 77, "F75 registers that a handler changes hold");
	ok(is_held(SIGHUP) && !is_held(SIGKILL) && !is_held(SIGTRAP),
	    "F75 and the mask");
	unhold(SIGHUP, 0);
	(void)signal(SIGTRAP, SIG_DFL);
}

static int
recurse(int depth)
{
	volatile char space[1024] = {0};

	space[0] = (char)depth;
	return depth == 0 ? 0 : recurse(depth + space[0] + 1) + space[1];
}

static void
exit_6(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)info;
	(void)context;
	_exit(on_altstack((uintptr_t)&info) ? 6 : 7);
}

static int
overflows_with_altstack(void)
{
	altstack_set(0);
	catch_with(SIGSEGV, exit_6, SA_ONSTACK);
	return recurse(1);
}

static int
overflows_without(void)
{
	catch_with(SIGSEGV, exit_6, 0);
	return recurse(1);
}

static int
holds_its_fault(void)
{
	catch_with(SIGSEGV, exit_6, 0);
	hold(SIGSEGV, 0);
	store(nowhere);
	return 0;
}

static int
ignores_its_fault(void)
{
	(void)signal(SIGSEGV, SIG_IGN);
	store(nowhere);
	return 0;
}

static int
has_no_stack(void)
{
	catch_with(SIGSEGV, exit_6, 0);
	catch_with(SIGUSR1, exit_6, 0);
	raise_on(nowhere, SIGUSR1);
	return 0;
}

static int
has_a_readonly_stack(void)
{
	char *page =
	    mmap(NULL, PAGE_SIZE, PROT_READ, MAP_PRIVATE | MAP_ANON, -1, 0);

	catch_with(SIGUSR1, exit_6, 0);
	raise_on(page + PAGE_SIZE, SIGUSR1);
	return 0;
}

static int
needs_no_stack(void)
{
	altstack_set(0);
	catch_with(SIGUSR1, look_around, SA_ONSTACK);
	raise_on(nowhere, SIGUSR1);
	return on_altstack(frame) ? 8 : 9;
}

static void
test_stacks(void)
{
	is(child_status(overflows_with_altstack), EXITED(6),
	    "F75 a stack that overflows is SIGSEGV, on the alternate one");
	is(WTERMSIG(child_status(overflows_without)), SIGSEGV,
	    "F75 and without one the end");
	is(WTERMSIG(child_status(holds_its_fault)), SIGSEGV,
	    "F75 a fault whose signal is held ends the process");
	is(WTERMSIG(child_status(ignores_its_fault)), SIGSEGV,
	    "F75 or ignored");
	is(WTERMSIG(child_status(has_no_stack)), SIGSEGV,
	    "F75 a handler without a stack is SIGSEGV, past its handler");
	is(WTERMSIG(child_status(has_a_readonly_stack)), SIGSEGV,
	    "F75 one that can't be written too");
	is(child_status(needs_no_stack), EXITED(8),
	    "F75 not with an alternate stack");
}

static uintptr_t forged_pc;

static void
forge(int signal, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	(void)signal;
	(void)info;
	_UC_MACHINE_PC(uc) = forged_pc;
}

static int
forges_pc(void)
{
	catch_with(SIGUSR1, forge, 0);
	(void)raise(SIGUSR1);
	return 0;
}

static void
test_forged(void)
{
	const uintptr_t pcs[] = {
	    (uintptr_t)forge + 1, KERNEL_ADDRESS, USER_TOP, 1ul << 40};
	bool all = true;

	for (size_t i = 0; i < LENGTH(pcs); i++) {
		forged_pc = pcs[i];
		all = all && WTERMSIG(child_status(forges_pc)) == SIGSEGV;
	}
	ok(all, "F75 a forged pc, odd or not user space's, is SIGSEGV");
}

static _Thread_local int own = 5;

static void
spoil_errno(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)info;
	(void)context;
	own++;
	errno = ENOEXEC;
}

static void
test_jumps(void)
{
	volatile int jumps = 0;

	catch_with(SIGUSR1, spoil_errno, 0);
	(void)raise(SIGUSR1);
	ok(own == 6 && errno == ENOEXEC,
	    "F75 a handler has the thread's variables and its errno");
	catch_with(SIGUSR1, jump, 0);
	for (volatile int i = 0; i < MANY_JUMPS; i++) {
		if (sigsetjmp(around, 1) != 0)
			jumps++;
		else
			(void)raise(SIGUSR1);
	}
	ok(jumps == MANY_JUMPS && !is_held(SIGUSR1),
	    "F75 siglongjmp() leaves handlers, again and again");
	if (sigsetjmp(around, 0) == 0)
		(void)raise(SIGUSR1);
	ok(is_held(SIGUSR1), "F75 the mask stays if it was not saved");
	unhold(SIGUSR1, 0);
}

int
main(void)
{
	shared = shared_page();
	test_registers();
	test_altstack();
	test_faults();
	test_changes();
	test_stacks();
	test_forged();
	test_jumps();
	return tap_end();
}

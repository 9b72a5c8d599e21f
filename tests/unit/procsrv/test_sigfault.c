/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_sigfault.c - faults as signals, frames and stacks, and sigreturn().
 */
#include "sigfixture.h"

#define PC 0x10440ul
#define VALUE 0x5000ul

static token_t
exception(int32_t pid, uint64_t scause)
{
	return client_kernel(
	    client_identity(pid), MSG_EXCEPTION, scause, VALUE, PC);
}

/* A fault that vmsrv refuses. */
static token_t
fault(int32_t pid, int32_t signal, int32_t code)
{
	struct proc_fault_req req = {
	    .signal = signal, .code = code, .address = VALUE};
	struct ipc_msg msg = {0};
	token_t token;

	msg.sender = client_identity(pid);
	token = fake_token(msg.sender);
	msg.token = token;
	msg.kind =
	    SENDER_KERNEL_THREAD | SENDER_FORWARDED | (uint64_t)BADGE_VM << 32;
	ipc_pack(&msg, proc_fault_call, &req, sizeof(req));
	fake_serve(&msg);
	assert_int_equal(msg.token, 0);
	return token;
}

static const struct {
	uint64_t scause;
	int32_t signal;
	int32_t code;
	uint64_t address;
} exceptions[] = {
    {0, SIGBUS, 1, VALUE}, /* BUS_ADRALN */
    {1, SIGBUS, 2, VALUE}, /* BUS_ADRERR */
    {2, SIGILL, 1, PC}, /* ILL_ILLOPC */
    {3, SIGTRAP, 1, PC}, /* TRAP_BRKPT */
    {4, SIGBUS, 1, VALUE},
    {5, SIGBUS, 2, VALUE},
    {6, SIGBUS, 1, VALUE},
    {7, SIGBUS, 2, VALUE},
    {12, SIGSEGV, 1, VALUE}, /* SEGV_MAPERR */
    {13, SIGSEGV, 1, VALUE},
    {15, SIGSEGV, 1, VALUE},
};
#define EXCEPTIONS (sizeof(exceptions) / sizeof(exceptions[0]))

static void
exceptions_end_a_process_by_their_signal(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < EXCEPTIONS; i++) {
		int32_t pid = client_fork(1), status;
		token_t token = exception(pid, exceptions[i].scause);

		assert_int_equal(fake_token_state(token), FAKE_STALE);
		assert_int_equal(client_wait(1, pid, 0, &status), pid);
		assert_int_equal(status, exceptions[i].signal);
	}
}

static void
f75_a_handler_learns_what_and_where_a_fault_was(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < EXCEPTIONS; i++) {
		int32_t pid = client_fork(1);
		struct proc_siginfo info;
		token_t token;

		client_catch(pid, exceptions[i].signal, PROC_SA_SIGINFO);
		token = exception(pid, exceptions[i].scause);
		assert_int_equal(client_handled(token), exceptions[i].signal);
		info = client_info(token);
		assert_int_equal(info.code, exceptions[i].code);
		assert_true(info.address == exceptions[i].address);
		client_bury(1, pid);
	}
}

static void
f75_a_fault_that_vmsrv_hands_on_is_a_signal(void **state)
{
	int32_t pid = client_fork(1), status;
	struct proc_siginfo info;
	token_t token;

	(void)state;
	client_catch(pid, SIGSEGV, 0);
	token = fault(pid, SIGSEGV, 2);
	assert_int_equal(client_handled(token), SIGSEGV);
	info = client_info(token);
	assert_int_equal(info.code, 2);
	assert_true(info.address == VALUE);
	(void)client_return(pid, token);
	/* Out of memory: SIGKILL. */
	token = fault(pid, SIGKILL, 0);
	assert_int_equal(fake_token_state(token), FAKE_STALE);
	assert_int_equal(client_wait(1, pid, 0, &status), pid);
	assert_int_equal(status, SIGKILL);
}

static void
f75_a_fault_that_is_held_or_ignored_kills(void **state)
{
	int32_t a = client_fork(1), b = client_fork(1), status;
	token_t token;

	(void)state;
	client_catch(a, SIGSEGV, 0);
	token = fault(a, SIGSEGV, 1);
	assert_int_equal(client_handled(token), SIGSEGV);
	/* Again in the handler, where it is held. */
	token = fault(a, SIGSEGV, 1);
	assert_int_equal(fake_token_state(token), FAKE_STALE);
	assert_int_equal(client_wait(1, a, 0, &status), a);
	assert_int_equal(status, SIGSEGV);
	client_action(b, SIGSEGV, PROC_SIG_IGN);
	(void)fault(b, SIGSEGV, 1);
	assert_int_equal(client_wait(1, b, 0, &status), b);
	assert_int_equal(status, SIGSEGV);
}

static void
a_frames_missing_page_is_brought_in(void **state)
{
	int32_t pid = client_fork(1);
	token_t token;

	(void)state;
	client_catch(pid, SIGUSR1, 0);
	fake_missing = 0x3f000 | ACCESS_WRITE;
	fake_brought.helps = true;
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	token = client_run(pid);
	assert_int_equal(client_handled(token), SIGUSR1);
	assert_true(fake_brought.address == 0x3f000);
	assert_true(fake_brought.access == ACCESS_WRITE);
	client_bury(1, pid);
}

static void
a_stack_that_cant_be_written_kills_by_sigsegv(void **state)
{
	enum { REFUSED, FRUITLESS, KERNEL, OTHER, CASES };

	(void)state;
	for (uint32_t i = 0; i < CASES; i++) {
		int32_t pid = client_fork(1), status;

		/* Caught or not: there is no stack for that handler. */
		client_catch(pid, SIGUSR1, 0);
		client_catch(pid, SIGSEGV, 0);
		fake_brought.helps = false;
		fake_missing = 0x3f000 | ACCESS_WRITE;
		if (i == REFUSED)
			fake_fail(FAKE_VM_BRING, TINE_EFAULT);
		else if (i == KERNEL)
			fake_missing = USER_TOP | ACCESS_WRITE;
		else if (i == OTHER)
			fake_fail(FAKE_REPLY_SIGNAL, TINE_EINVAL);
		assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
		(void)client_run(pid);
		fake_missing = 0;
		assert_int_equal(client_wait(1, pid, 0, &status), pid);
		assert_int_equal(status, SIGSEGV);
	}
}

static void
sigreturn_goes_on_with_all_registers(void **state)
{
	int32_t pid = client_fork(1);
	struct regs regs;
	token_t token;

	(void)state;
	for (uint32_t i = 0; i < 32; i++) {
		regs.x[i] = 0x1000 + 2 * i;
		regs.f[i] = 0x2000 + i;
	}
	regs.fcsr = 5;
	token = client_sigreturn(pid, &regs, BIT(SIGUSR1) | BIT(SIGKILL));
	assert_memory_equal(fake_answer_regs(token), &regs, sizeof(regs));
	assert_int_equal(client_mask(pid, 0, 0), BIT(SIGUSR1));
	client_bury(1, pid);
}

/* A frame may lie on a page that was taken away meanwhile. */
static void
sigreturn_has_a_missing_page_brought_in(void **state)
{
	int32_t pid = client_fork(1), status;
	struct regs regs = {.x = {PC}};
	token_t token;

	(void)state;
	fake_missing = 0x3f000 | ACCESS_READ;
	fake_brought.helps = true;
	token = client_sigreturn(pid, &regs, 0);
	assert_int_equal(fake_missing, 0);
	assert_memory_equal(fake_answer_regs(token), &regs, sizeof(regs));
	/* If it can't be had, that is a SIGSEGV. */
	fake_missing = 0x3f000 | ACCESS_READ;
	fake_fail(FAKE_VM_BRING, TINE_ENOMEM);
	(void)client_sigreturn(pid, &regs, 0);
	fake_missing = 0;
	assert_int_equal(client_wait(1, pid, 0, &status), pid);
	assert_int_equal(status, SIGSEGV);
}

static void
sigreturn_takes_what_its_mask_lets_through(void **state)
{
	int32_t pid = client_fork(1);
	struct regs regs = {.x = {PC}};
	token_t token;

	(void)state;
	client_catch(pid, SIGUSR1, 0);
	(void)client_mask(pid, PROC_SIG_BLOCK, BIT(SIGUSR1));
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	token = client_sigreturn(pid, &regs, 0);
	assert_int_equal(fake_token_state(token), FAKE_ANSWERED_REGS);
	/* It was interrupted before that answer. */
	assert_true(
	    fake_last[FAKE_THREAD_INTERRUPT] < fake_last[FAKE_REPLY_REGS]);
	assert_int_equal(client_handled(client_run(pid)), SIGUSR1);
	client_bury(1, pid);
}

static void
sigreturn_with_what_cant_be_gone_on_with_is_a_sigsegv(void **state)
{
	static const uint64_t pcs[] = {
	    PC + 1, USER_TOP, ~0ul - 1, 0xffffffc000000000ul};
	struct regs regs = {.x = {0}};
	int32_t pid, status;

	(void)state;
	for (uint32_t i = 0; i < 4; i++) {
		pid = client_fork(1);
		client_catch(pid, SIGSEGV, 0);
		regs.x[0] = pcs[i];
		(void)client_sigreturn(pid, &regs, 0);
		assert_int_equal(client_wait(1, pid, 0, &status), pid);
		assert_int_equal(status, SIGSEGV);
	}
	/* A window that is short, or not there. */
	pid = client_fork(1);
	fake_window(&regs, sizeof(regs) - 1);
	(void)CLIENT_CALL(pid, sigreturn, .mask = 0);
	assert_int_equal(client_wait(1, pid, 0, &status), pid);
	assert_int_equal(status, SIGSEGV);
	pid = client_fork(1);
	fake_fail(FAKE_COPY_IN, TINE_EFAULT);
	(void)client_sigreturn(pid, &regs, 0);
	assert_int_equal(client_wait(1, pid, 0, &status), pid);
	assert_int_equal(status, SIGSEGV);
}

#define ALT 0x50000ul
#define ALT_SIZE 0x3000ul

static int
altstack(int32_t pid, uint64_t sp, uint64_t size, uint32_t flags)
{
	return CLIENT_ERROR(
	    pid, sigaltstack, .set = 1, .sp = sp, .size = size, .flags = flags);
}

static struct proc_sigaltstack_rep
altstack_told(int32_t pid)
{
	token_t token = CLIENT_CALL(pid, sigaltstack, .set = 0);
	struct proc_sigaltstack_rep rep;

	assert_int_equal(fake_answer_error(token), 0);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	return rep;
}

static void
f75_sigaltstack_tells_and_checks(void **state)
{
	int32_t pid = client_fork(1);
	struct proc_sigaltstack_rep rep = altstack_told(pid);

	(void)state;
	assert_int_equal(rep.flags, PROC_SS_DISABLE);
	assert_int_equal(
	    altstack(pid, ALT, PROC_MINSIGSTKSZ - 1, 0), TINE_ENOMEM);
	assert_int_equal(altstack(pid, ALT, ALT_SIZE, 2), TINE_EINVAL);
	assert_int_equal(
	    altstack(pid, USER_TOP - 0x1000, ALT_SIZE, 0), TINE_EINVAL);
	assert_int_equal(altstack(pid, ALT, ~0ul, 0), TINE_EINVAL);
	assert_int_equal(altstack(pid, ~0ul, ALT_SIZE, 0), TINE_EINVAL);
	assert_int_equal(altstack_told(pid).flags, PROC_SS_DISABLE);
	assert_int_equal(altstack(pid, ALT, ALT_SIZE, 0), 0);
	rep = altstack_told(pid);
	assert_int_equal(rep.flags, 0);
	assert_int_equal(rep.sp, ALT);
	assert_int_equal(rep.size, ALT_SIZE);
	assert_int_equal(altstack(pid, 0, 0, PROC_SS_DISABLE), 0);
	assert_int_equal(altstack_told(pid).flags, PROC_SS_DISABLE);
	client_bury(1, pid);
}

static void
f75_onstack_handlers_run_on_the_alternate_stack_once(void **state)
{
	int32_t pid = client_fork(1);
	const struct proc_sigframe *frame;
	token_t outer, inner;

	(void)state;
	fake_regs(client_identity(pid))->x[2] = CLIENT_STACK;
	assert_int_equal(altstack(pid, ALT, ALT_SIZE, 0), 0);
	client_catch(pid, SIGUSR1, PROC_SA_ONSTACK);
	client_catch(pid, SIGUSR2, PROC_SA_ONSTACK);
	client_catch(pid, SIGTERM, 0);
	/* Without the flag: the stack that is in use. */
	outer = CLIENT_CALL(pid, kill, .pid = pid, .signal = SIGTERM);
	assert_int_equal(fake_answer_signal(outer)->sp, 0);
	*fake_regs(client_identity(pid)) = *fake_saved_regs(outer);
	(void)client_return(pid, outer);
	outer = CLIENT_CALL(pid, kill, .pid = pid, .signal = SIGUSR1);
	assert_int_equal(fake_answer_signal(outer)->sp, ALT + ALT_SIZE);
	frame = (const void *)fake_answer_signal(outer)->head;
	assert_int_equal(frame->context.stack_sp, ALT);
	assert_int_equal(frame->context.stack_flags, 0);
	/* Now it is on it: told, kept, and used on. */
	assert_int_equal(altstack_told(pid).flags, PROC_SS_ONSTACK);
	assert_int_equal(altstack(pid, ALT, ALT_SIZE, 0), TINE_EPERM);
	assert_int_equal(altstack(pid, 0, 0, PROC_SS_DISABLE), TINE_EPERM);
	inner = CLIENT_CALL(pid, kill, .pid = pid, .signal = SIGUSR2);
	assert_int_equal(fake_answer_signal(inner)->sp, 0);
	frame = (const void *)fake_answer_signal(inner)->head;
	assert_int_equal(frame->context.stack_flags, PROC_SS_ONSTACK);
	client_bury(1, pid);
}

static void
f75_who_left_the_alternate_stack_by_longjmp_uses_it_anew(void **state)
{
	int32_t pid = client_fork(1);
	token_t token;

	(void)state;
	assert_int_equal(altstack(pid, ALT, ALT_SIZE, 0), 0);
	client_catch(pid, SIGSEGV, PROC_SA_ONSTACK | PROC_SA_NODEFER);
	for (uint32_t i = 0; i < 3; i++) {
		fake_regs(client_identity(pid))->x[2] = CLIENT_STACK;
		token = fault(pid, SIGSEGV, 1);
		assert_int_equal(fake_answer_signal(token)->sp, ALT + ALT_SIZE);
	}
	client_bury(1, pid);
}

static void
f25_a_child_has_its_parents_alternate_stack(void **state)
{
	int32_t pid = client_fork(1), child;

	(void)state;
	assert_int_equal(altstack(pid, ALT, ALT_SIZE, 0), 0);
	child = client_fork(pid);
	assert_int_equal(altstack_told(child).sp, ALT);
	assert_int_equal(altstack(child, 0, 0, PROC_SS_DISABLE), 0);
	assert_int_equal(altstack_told(pid).flags, 0);
	client_bury(pid, child);
	client_bury(1, pid);
}

/*
 * The end of one that can't be answered is news for its parent, which gets it
 * in the same turn of the loop: nobody may ever send another message.
 */
static void
the_parent_of_one_that_cannot_go_on_is_told_at_once(void **state)
{
	static const struct regs none;
	int32_t parent = client_fork(1), child = client_fork(parent);
	token_t token;

	(void)state;
	client_catch(parent, SIGCHLD, 0);
	token = CLIENT_CALL(parent, sigsuspend, .set = 0);
	fake_window(&none, 8);
	(void)CLIENT_CALL(child, sigreturn, .mask = 0);
	assert_false(lives(child));
	assert_int_equal(client_handled(token), SIGCHLD);
	assert_int_equal(client_wait(parent, child, 0, NULL), child);
	bury(1, parent);
}

static void
one_whose_handler_has_no_stack_ends_at_once(void **state)
{
	int32_t pid = client_fork(1);

	(void)state;
	/* Init's kill() is answered, too: the handler's answer goes first. */
	client_catch(pid, SIGUSR1, 0);
	(void)CLIENT_CALL(pid, sigsuspend, .set = 0);
	fake_missing = 0x30000;
	fake_fail(FAKE_VM_BRING, TINE_ENOMEM);
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	assert_false(lives(pid));
	fake_missing = 0;
	assert_int_equal(client_wait(1, pid, 0, NULL), pid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_parent_of_one_that_cannot_go_on_is_told_at_once),
	    TEST(one_whose_handler_has_no_stack_ends_at_once),
	    TEST(exceptions_end_a_process_by_their_signal),
	    TEST(f75_a_handler_learns_what_and_where_a_fault_was),
	    TEST(f75_a_fault_that_vmsrv_hands_on_is_a_signal),
	    TEST(f75_a_fault_that_is_held_or_ignored_kills),
	    TEST(a_frames_missing_page_is_brought_in),
	    TEST(a_stack_that_cant_be_written_kills_by_sigsegv),
	    TEST(sigreturn_goes_on_with_all_registers),
	    TEST(sigreturn_has_a_missing_page_brought_in),
	    TEST(sigreturn_takes_what_its_mask_lets_through),
	    TEST(sigreturn_with_what_cant_be_gone_on_with_is_a_sigsegv),
	    TEST(f75_sigaltstack_tells_and_checks),
	    TEST(f75_onstack_handlers_run_on_the_alternate_stack_once),
	    TEST(f75_who_left_the_alternate_stack_by_longjmp_uses_it_anew),
	    TEST(f25_a_child_has_its_parents_alternate_stack),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}

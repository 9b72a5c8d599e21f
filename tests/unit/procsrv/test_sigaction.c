/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_sigaction.c - what a process does about signals: sigaction() with its
 * flags, and what fork, clone and exec make of it.
 */
#include "sigfixture.h"

static void
f75_sigaction_tells_what_it_was_told(void **state)
{
	int32_t pid = client_fork(1);
	struct proc_sigaction_rep rep;
	uint32_t flags = 1;

	(void)state;
	assert_int_equal(client_handler(pid, SIGUSR1, &flags), PROC_SIG_DFL);
	assert_int_equal(flags, 0);
	assert_int_equal(CLIENT_ERROR(pid, sigaction, .signal = SIGUSR1,
			     .set = 1, .handler = CLIENT_HANDLER, .mask = ~0ul,
			     .flags = PROC_SA_RESTART | PROC_SA_SIGINFO),
	    0);
	memcpy(&rep,
	    fake_answer(CLIENT_CALL(pid, sigaction, .signal = SIGUSR1, .set = 1,
		.handler = PROC_SIG_IGN)),
	    sizeof(rep));
	assert_int_equal(rep.handler, CLIENT_HANDLER);
	assert_int_equal(rep.flags, PROC_SA_RESTART | PROC_SA_SIGINFO);
	/* What can't be held is not in a mask. */
	assert_int_equal(rep.mask, ~(BIT(SIGKILL) | BIT(SIGSTOP)));
	assert_int_equal(client_handler(pid, SIGUSR1, NULL), PROC_SIG_IGN);
	client_bury(1, pid);
}

static void
f75_what_is_no_signal_and_what_cant_be_caught_is_einval(void **state)
{
	static const uint32_t none[] = {0, PROC_NSIG, ~0u};
	static const uint32_t fixed[] = {SIGKILL, SIGSTOP};

	(void)state;
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(
		    CLIENT_ERROR(1, sigaction, .signal = none[i]), TINE_EINVAL);
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(CLIENT_ERROR(1, sigaction, .signal = fixed[i],
				     .set = 1, .handler = PROC_SIG_IGN),
		    TINE_EINVAL);
		assert_int_equal(
		    client_handler(1, (int32_t)fixed[i], NULL), PROC_SIG_DFL);
	}
	assert_int_equal(CLIENT_ERROR(1, sigaction, .signal = SIGUSR1, .set = 1,
			     .flags = PROC_SA_ALL + 1),
	    TINE_EINVAL);
}

static void
f75_a_handler_is_entered_and_returned_from(void **state)
{
	int32_t pid = client_fork(1);
	const struct signal_delivery *d;
	struct proc_siginfo info;
	token_t token;

	(void)state;
	client_catch(pid, SIGUSR1, PROC_SA_SIGINFO);
	fake_regs(client_identity(pid))->x[2] = CLIENT_STACK;
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	token = client_run(pid);
	assert_int_equal(client_handled(token), SIGUSR1);
	d = fake_answer_signal(token);
	assert_int_equal(d->pc, CLIENT_HANDLER);
	assert_int_equal(d->ra, CLIENT_TRAMPOLINE);
	assert_int_equal(d->sp, 0);
	assert_int_equal(d->head_bytes, sizeof(struct proc_sigframe));
	assert_int_equal(d->a1_offset, 0);
	assert_int_equal(d->a2_offset, sizeof(struct proc_siginfo));
	info = client_info(token);
	assert_int_equal(info.code, PROC_SI_USER);
	assert_int_equal(info.pid, 1);
	assert_int_equal(info.uid, 0);
	/* Held meanwhile, then not. */
	assert_int_equal(client_mask(pid, 0, 0), BIT(SIGUSR1));
	assert_int_equal(
	    fake_token_state(client_return(pid, token)), FAKE_ANSWERED_REGS);
	assert_int_equal(client_mask(pid, 0, 0), 0);
	assert_int_equal(client_run(pid), 0);
	client_bury(1, pid);
}

static void
f75_kill_to_oneself_returns_in_the_handler(void **state)
{
	int32_t pid = client_fork(1);
	uint32_t interrupts;
	token_t token;

	(void)state;
	client_catch(pid, SIGUSR1, 0);
	interrupts = fake_calls[FAKE_THREAD_INTERRUPT];
	token = CLIENT_CALL(pid, kill, .pid = pid, .signal = SIGUSR1);
	assert_int_equal(client_handled(token), SIGUSR1);
	assert_int_equal(fake_answer_signal(token)->label, 0);
	assert_int_equal(fake_calls[FAKE_THREAD_INTERRUPT], interrupts);
	/* To the whole group too, oneself among them. */
	(void)client_return(pid, token);
	token = CLIENT_CALL(pid, kill, .pid = 0, .signal = SIGUSR1);
	assert_int_equal(client_handled(token), SIGUSR1);
	client_bury(1, pid);
}

static void
f75_the_mask_of_an_action_is_held_and_nodefer_leaves_the_signal(void **state)
{
	int32_t pid = client_fork(1);
	token_t token;

	(void)state;
	assert_int_equal(CLIENT_ERROR(pid, sigaction, .signal = SIGUSR1,
			     .set = 1, .handler = CLIENT_HANDLER,
			     .mask = BIT(SIGTERM), .flags = PROC_SA_NODEFER),
	    0);
	token = CLIENT_CALL(pid, kill, .pid = pid, .signal = SIGUSR1);
	assert_int_equal(client_handled(token), SIGUSR1);
	assert_int_equal(client_mask(pid, 0, 0), BIT(SIGTERM));
	/* So it comes again inside. */
	token = CLIENT_CALL(pid, kill, .pid = pid, .signal = SIGUSR1);
	assert_int_equal(client_handled(token), SIGUSR1);
	assert_int_equal(client_saved_mask(token), BIT(SIGTERM));
	client_bury(1, pid);
}

static void
f75_resethand_is_for_once(void **state)
{
	int32_t pid = client_fork(1), status;
	token_t token;

	(void)state;
	client_catch(pid, SIGUSR1, PROC_SA_RESETHAND);
	token = CLIENT_CALL(pid, kill, .pid = pid, .signal = SIGUSR1);
	assert_int_equal(client_handled(token), SIGUSR1);
	assert_int_equal(client_handler(pid, SIGUSR1, NULL), PROC_SIG_DFL);
	(void)client_return(pid, token);
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	assert_int_equal(client_wait(1, pid, 0, &status), pid);
	assert_int_equal(status, SIGUSR1);
}

static void
f75_resethand_does_not_work_for_traps(void **state)
{
	static const int32_t signals[] = {SIGILL, SIGTRAP, SIGPWR};
	int32_t pid = client_fork(1);

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		token_t token;

		client_catch(pid, signals[i], PROC_SA_RESETHAND);
		token =
		    CLIENT_CALL(pid, kill, .pid = pid, .signal = signals[i]);
		assert_int_equal(client_handled(token), signals[i]);
		assert_int_equal(
		    client_handler(pid, signals[i], NULL), CLIENT_HANDLER);
		(void)client_return(pid, token);
	}
	client_bury(1, pid);
}

static void
f75_what_is_ignored_is_dropped_held_or_not(void **state)
{
	int32_t pid = client_fork(1);

	(void)state;
	client_action(pid, SIGTERM, PROC_SIG_IGN);
	assert_int_equal(client_kill(1, pid, SIGTERM), 0);
	(void)client_mask(pid, PROC_SIG_BLOCK, BIT(SIGTERM) | BIT(SIGUSR1));
	assert_int_equal(client_kill(1, pid, SIGTERM), 0);
	assert_int_equal(client_pending(pid), 0);
	/* What waits already is dropped when it comes to be ignored. */
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	assert_int_equal(client_pending(pid), BIT(SIGUSR1));
	client_action(pid, SIGUSR1, PROC_SIG_IGN);
	assert_int_equal(client_pending(pid), 0);
	client_catch(pid, SIGUSR1, 0);
	(void)client_mask(pid, PROC_SIG_SETMASK, 0);
	assert_int_equal(client_run(pid), 0);
	client_bury(1, pid);
}

static void
f75_several_at_once_nest_lowest_first(void **state)
{
	int32_t pid = client_fork(1);
	token_t outer, inner;

	(void)state;
	client_catch(pid, SIGUSR1, 0);
	client_catch(pid, SIGTERM, 0);
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	assert_int_equal(client_kill(1, pid, SIGTERM), 0);
	outer = client_run(pid);
	assert_int_equal(client_handled(outer), SIGTERM);
	/* It is interrupted before the handler's first instruction. */
	inner = client_run(pid);
	assert_int_equal(client_handled(inner), SIGUSR1);
	assert_int_equal(fake_saved_regs(inner)->x[0], CLIENT_HANDLER);
	assert_int_equal(client_saved_mask(inner), BIT(SIGTERM));
	assert_int_equal(client_run(pid), 0);
	client_bury(1, pid);
}

static void
f75_init_gets_only_what_it_catches(void **state)
{
	int32_t pid = client_fork(1);
	token_t token;

	(void)state;
	for (int32_t signal = 1; signal < PROC_NSIG; signal++)
		assert_int_equal(client_kill(pid, 1, signal), 0);
	assert_int_equal(initproc->state, PROC_ACTIVE);
	assert_int_equal(initproc->stop_signal, 0);
	assert_int_equal(client_run(1), 0);
	client_catch(1, SIGUSR1, 0);
	assert_int_equal(client_kill(pid, 1, SIGUSR1), 0);
	token = client_run(1);
	assert_int_equal(client_handled(token), SIGUSR1);
	(void)client_return(1, token);
	client_action(1, SIGUSR1, PROC_SIG_DFL);
	client_bury(1, pid);
}

static void
f33_a_child_has_a_copy_of_its_parents_actions(void **state)
{
	int32_t pid = client_fork(1), child;
	uint32_t flags;

	(void)state;
	client_catch(pid, SIGUSR1, PROC_SA_RESTART);
	client_action(pid, SIGTERM, PROC_SIG_IGN);
	child = client_fork(pid);
	assert_int_equal(
	    client_handler(child, SIGUSR1, &flags), CLIENT_HANDLER);
	assert_int_equal(flags, PROC_SA_RESTART);
	assert_int_equal(client_handler(child, SIGTERM, NULL), PROC_SIG_IGN);
	client_action(child, SIGUSR1, PROC_SIG_IGN);
	client_action(pid, SIGTERM, PROC_SIG_DFL);
	assert_int_equal(client_handler(pid, SIGUSR1, NULL), CLIENT_HANDLER);
	assert_int_equal(client_handler(child, SIGTERM, NULL), PROC_SIG_IGN);
	client_bury(pid, child);
	client_bury(1, pid);
}

static void
f33_a_vfork_child_changes_its_own_actions(void **state)
{
	int32_t pid = client_fork(1), child;
	token_t token;

	(void)state;
	client_catch(pid, SIGUSR1, 0);
	child = client_vfork(pid, VFORK, &token);
	client_action(child, SIGUSR1, PROC_SIG_IGN);
	client_bury(pid, child);
	assert_int_equal(client_handler(pid, SIGUSR1, NULL), CLIENT_HANDLER);
	client_bury(1, pid);
}

/* A child that shares memory and actions, as by clone(); its pid. */
static int32_t
sharer(int32_t pid)
{
	(void)CLIENT_CALL(pid, fork, .flags = FORK_SHAREVM | FORK_SHARESIGS,
	    .exitsig = SIGCHLD);
	return client_youngest(pid);
}

static void
f33_with_sharesigs_a_change_by_either_is_seen_by_both(void **state)
{
	int32_t pid = client_fork(1), child = sharer(pid), status;

	(void)state;
	client_catch(pid, SIGUSR1, 0);
	assert_int_equal(client_handler(child, SIGUSR1, NULL), CLIENT_HANDLER);
	client_action(child, SIGTERM, PROC_SIG_IGN);
	assert_int_equal(client_handler(pid, SIGTERM, NULL), PROC_SIG_IGN);
	/* Masks and pending signals are everybody's own. */
	(void)client_mask(child, PROC_SIG_BLOCK, BIT(SIGUSR1));
	assert_int_equal(client_mask(pid, 0, 0), 0);
	/* What is said of children holds for both too. */
	client_action(child, SIGCHLD, PROC_SIG_IGN);
	assert_true(signal_disowns(pid_proc(pid)));
	client_action(pid, SIGCHLD, PROC_SIG_DFL);
	assert_false(signal_disowns(pid_proc(child)));
	/* The set stays when one of them goes. */
	client_exit(child, 3);
	assert_int_equal(client_wait(pid, child, 0, &status), child);
	assert_int_equal(client_handler(pid, SIGUSR1, NULL), CLIENT_HANDLER);
	client_bury(1, pid);
}

static void
f26_f33_a_fork_inherits_what_is_ignored_but_nothing_pending(void **state)
{
	int32_t pid = client_fork(1), child;

	(void)state;
	client_action(pid, SIGTERM, PROC_SIG_IGN);
	(void)client_mask(pid, PROC_SIG_BLOCK, BIT(SIGUSR1));
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	assert_int_equal(
	    LWP_ERROR(pid, 1, lwp_kill, .lid = 1, .signal = SIGUSR1), 0);
	child = client_fork(pid);
	assert_int_equal(client_pending(pid), BIT(SIGUSR1));
	assert_int_equal(client_pending(child), 0);
	assert_int_equal(client_mask(child, 0, 0), BIT(SIGUSR1));
	assert_int_equal(client_kill(1, child, SIGTERM), 0);
	assert_true(lives(child));
	client_bury(pid, child);
	client_bury(1, pid);
}

static void
f14_without_memory_for_actions_nothing_is_left_of_a_fork(void **state)
{
	int32_t pids[64];
	int32_t error = 0;
	uint32_t count = 0;

	(void)state;
	fake_fail_always(FAKE_VM_GROW, TINE_ENOMEM);
	while (count < 64 && error == 0) {
		struct snapshot then = snapshot_take();

		pids[count] = client_fork(1);
		if (pids[count] > 0) {
			count++;
			continue;
		}
		error = -pids[count];
		snapshot_assert_equal(&then);
	}
	fake_fail_always(FAKE_VM_GROW, 0);
	assert_int_equal(error, TINE_ENOMEM);
	while (count > 0)
		client_bury(1, pids[--count]);
}

static void
f74_exec_keeps_what_is_ignored_and_forgets_handlers(void **state)
{
	int32_t pid = client_fork(1);
	uint32_t flags;

	(void)state;
	client_catch(pid, SIGUSR1, PROC_SA_RESTART);
	client_action(pid, SIGTERM, PROC_SIG_IGN);
	client_action(pid, SIGCHLD, PROC_SIG_IGN);
	(void)client_mask(pid, PROC_SIG_BLOCK, BIT(SIGUSR2) | BIT(SIGHUP));
	assert_int_equal(client_kill(1, pid, SIGUSR2), 0);
	assert_int_equal(
	    LWP_ERROR(pid, 1, lwp_kill, .lid = 1, .signal = SIGHUP), 0);
	assert_int_equal(CLIENT_ERROR(pid, sigaltstack, .set = 1, .sp = 0x50000,
			     .size = 0x2000),
	    0);
	assert_int_equal(fake_token_state(exec_small(pid)), FAKE_ANSWERED_REGS);
	assert_int_equal(client_handler(pid, SIGUSR1, &flags), PROC_SIG_DFL);
	assert_int_equal(flags, 0);
	assert_int_equal(client_handler(pid, SIGTERM, NULL), PROC_SIG_IGN);
	assert_int_equal(client_handler(pid, SIGCHLD, NULL), PROC_SIG_DFL);
	assert_false(signal_disowns(pid_proc(pid)));
	/* The mask stays, and nothing is pending. */
	assert_int_equal(
	    client_mask(pid, PROC_SIG_SETMASK, 0), BIT(SIGUSR2) | BIT(SIGHUP));
	assert_int_equal(client_pending(pid), 0);
	assert_int_equal(pid_proc(pid)->sigpending, 0);
	assert_int_equal(client_lwp(pid, 1)->altstack_size, 0);
	assert_int_equal(client_run(pid), 0);
	client_bury(1, pid);
}

static void
f74_nocldwait_ends_with_exec(void **state)
{
	int32_t pid = client_fork(1);

	(void)state;
	client_catch(pid, SIGCHLD, PROC_SA_NOCLDWAIT | PROC_SA_NOCLDSTOP);
	assert_true(signal_disowns(pid_proc(pid)));
	(void)exec_small(pid);
	assert_false(signal_disowns(pid_proc(pid)));
	client_bury(1, pid);
}

static void
f74_exec_leaves_the_actions_of_who_shared_them(void **state)
{
	int32_t pid = client_fork(1), child = sharer(pid);

	(void)state;
	client_catch(pid, SIGUSR1, 0);
	client_action(pid, SIGTERM, PROC_SIG_IGN);
	(void)exec_small(child);
	assert_int_equal(client_handler(pid, SIGUSR1, NULL), CLIENT_HANDLER);
	assert_int_equal(client_handler(child, SIGUSR1, NULL), PROC_SIG_DFL);
	assert_int_equal(client_handler(child, SIGTERM, NULL), PROC_SIG_IGN);
	/* And from now on each has its own. */
	client_action(child, SIGTERM, PROC_SIG_DFL);
	assert_int_equal(client_handler(pid, SIGTERM, NULL), PROC_SIG_IGN);
	client_bury(pid, child);
	client_bury(1, pid);
}

static void
f74_an_exec_that_fails_leaves_actions_shared(void **state)
{
	int32_t pid = client_fork(1), child = sharer(pid);

	(void)state;
	fake_fail(FAKE_EXEC_COMMIT, TINE_ENOMEM);
	assert_int_equal(fake_answer_error(exec_small(child)), TINE_ENOMEM);
	client_catch(pid, SIGUSR1, 0);
	assert_int_equal(client_handler(child, SIGUSR1, NULL), CLIENT_HANDLER);
	client_bury(pid, child);
	client_bury(1, pid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(f75_sigaction_tells_what_it_was_told),
	    TEST(f75_what_is_no_signal_and_what_cant_be_caught_is_einval),
	    TEST(f75_a_handler_is_entered_and_returned_from),
	    TEST(f75_kill_to_oneself_returns_in_the_handler),
	    TEST(
		f75_the_mask_of_an_action_is_held_and_nodefer_leaves_the_signal),
	    TEST(f75_resethand_is_for_once),
	    TEST(f75_resethand_does_not_work_for_traps),
	    TEST(f75_what_is_ignored_is_dropped_held_or_not),
	    TEST(f75_several_at_once_nest_lowest_first),
	    TEST(f75_init_gets_only_what_it_catches),
	    TEST(f33_a_child_has_a_copy_of_its_parents_actions),
	    TEST(f33_a_vfork_child_changes_its_own_actions),
	    TEST(f33_with_sharesigs_a_change_by_either_is_seen_by_both),
	    TEST(f26_f33_a_fork_inherits_what_is_ignored_but_nothing_pending),
	    TEST(f14_without_memory_for_actions_nothing_is_left_of_a_fork),
	    TEST(f74_exec_keeps_what_is_ignored_and_forgets_handlers),
	    TEST(f74_nocldwait_ends_with_exec),
	    TEST(f74_exec_leaves_the_actions_of_who_shared_them),
	    TEST(f74_an_exec_that_fails_leaves_actions_shared),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}

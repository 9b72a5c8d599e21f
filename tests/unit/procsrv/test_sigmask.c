/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_sigmask.c - signals that are held and pending, and waits for them.
 */
#include "sigfixture.h"

#include <procsrv/siginfo.h>
#include <procsrv/sigset.h>

static void
f75_the_lowest_signal_of_a_set_comes_first(void **state)
{
	(void)state;
	for (int32_t signal = 1; signal <= 64; signal++) {
		assert_int_equal(sigset_first(BIT(signal)), signal);
		assert_int_equal(sigset_first(~0ul << (signal - 1)), signal);
	}
}

static void
f75_sigprocmask_sets_adds_and_removes(void **state)
{
	int32_t pid = client_fork(1);

	(void)state;
	assert_int_equal(
	    client_mask(pid, PROC_SIG_SETMASK, BIT(SIGUSR1) | BIT(SIGTERM)), 0);
	assert_int_equal(client_mask(pid, PROC_SIG_BLOCK, BIT(SIGHUP)),
	    BIT(SIGUSR1) | BIT(SIGTERM));
	assert_int_equal(client_mask(pid, PROC_SIG_UNBLOCK, BIT(SIGTERM)),
	    BIT(SIGUSR1) | BIT(SIGTERM) | BIT(SIGHUP));
	assert_int_equal(client_mask(pid, 0, ~0ul), BIT(SIGUSR1) | BIT(SIGHUP));
	assert_int_equal(
	    CLIENT_ERROR(pid, sigmask, .how = 4, .set = ~0ul), TINE_EINVAL);
	/* SIGKILL and SIGSTOP are never held. */
	(void)client_mask(pid, PROC_SIG_SETMASK, ~0ul);
	assert_int_equal(
	    client_mask(pid, 0, 0), ~(BIT(SIGKILL) | BIT(SIGSTOP)));
	client_bury(1, pid);
}

static void
f75_what_is_held_waits_and_comes_before_unblocking_returns(void **state)
{
	int32_t pid = client_fork(1);
	token_t token;

	(void)state;
	client_catch(pid, SIGUSR1, 0);
	(void)client_mask(pid, PROC_SIG_BLOCK, BIT(SIGUSR1));
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	assert_int_equal(client_kill(pid, pid, SIGUSR1), 0);
	assert_int_equal(client_run(pid), 0);
	assert_int_equal(client_pending(pid), BIT(SIGUSR1));
	/* The answer tells the mask, then the LWP comes by. */
	assert_int_equal(
	    client_mask(pid, PROC_SIG_UNBLOCK, BIT(SIGUSR1)), BIT(SIGUSR1));
	token = client_run(pid);
	assert_int_equal(client_handled(token), SIGUSR1);
	/* Twice sent, once pending; who sent it last is known. */
	assert_int_equal(client_info(token).pid, pid);
	assert_int_equal(client_pending(pid), 0);
	client_bury(1, pid);
}

static void
f75_a_held_signal_that_ends_the_process_does_so_when_unblocked(void **state)
{
	int32_t pid = client_fork(1), status;
	token_t token;

	(void)state;
	(void)client_mask(pid, PROC_SIG_BLOCK, BIT(SIGTERM));
	assert_int_equal(client_kill(1, pid, SIGTERM), 0);
	assert_true(lives(pid));
	(void)client_mask(pid, PROC_SIG_UNBLOCK, BIT(SIGTERM));
	token = client_run(pid);
	assert_int_equal(fake_token_state(token), FAKE_STALE);
	assert_int_equal(client_wait(1, pid, 0, &status), pid);
	assert_int_equal(status, SIGTERM);
}

static void
f75_sigsuspend_ends_in_the_handler_with_the_mask_of_before(void **state)
{
	int32_t pid = client_fork(1);
	uint32_t interrupts;
	token_t token;

	(void)state;
	client_catch(pid, SIGUSR1, PROC_SA_RESTART);
	(void)client_mask(pid, PROC_SIG_SETMASK, BIT(SIGUSR1) | BIT(SIGHUP));
	token = CLIENT_CALL(pid, sigsuspend, .set = BIT(SIGTERM));
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	interrupts = fake_calls[FAKE_THREAD_INTERRUPT];
	/* What is held or ignored does not end it. */
	assert_int_equal(client_kill(1, pid, SIGTERM), 0);
	assert_int_equal(client_kill(1, pid, SIGCHLD), 0);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	assert_int_equal(client_handled(token), SIGUSR1);
	/* Never made again, whatever SA_RESTART says. */
	assert_int_equal(fake_answer_signal(token)->label, TINE_EINTR);
	assert_int_equal(client_saved_mask(token), BIT(SIGUSR1) | BIT(SIGHUP));
	assert_int_equal(fake_calls[FAKE_THREAD_INTERRUPT], interrupts);
	/* In the handler what sigsuspend() held is held still. */
	assert_int_equal(client_mask(pid, 0, 0), BIT(SIGTERM) | BIT(SIGUSR1));
	client_action(pid, SIGTERM, PROC_SIG_IGN);
	(void)client_return(pid, token);
	assert_int_equal(client_mask(pid, 0, 0), BIT(SIGUSR1) | BIT(SIGHUP));
	client_bury(1, pid);
}

static void
f75_sigsuspend_takes_what_is_pending_already(void **state)
{
	int32_t pid = client_fork(1);
	token_t token;

	(void)state;
	client_catch(pid, SIGUSR1, 0);
	(void)client_mask(pid, PROC_SIG_SETMASK, BIT(SIGUSR1));
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	token = CLIENT_CALL(pid, sigsuspend, .set = 0);
	assert_int_equal(client_handled(token), SIGUSR1);
	assert_int_equal(fake_answer_signal(token)->label, TINE_EINTR);
	assert_int_equal(client_saved_mask(token), BIT(SIGUSR1));
	client_bury(1, pid);
}

static void
f75_two_processes_signal_each_other_without_a_loss(void **state)
{
	int32_t a = client_fork(1), b = client_fork(1);
	token_t in_a, in_b;

	(void)state;
	client_catch(a, SIGUSR1, 0);
	client_catch(b, SIGUSR1, 0);
	(void)client_mask(a, PROC_SIG_BLOCK, BIT(SIGUSR1));
	(void)client_mask(b, PROC_SIG_BLOCK, BIT(SIGUSR1));
	in_b = CLIENT_CALL(b, sigsuspend, .set = 0);
	for (uint32_t i = 0; i < 100; i++) {
		assert_int_equal(client_kill(a, b, SIGUSR1), 0);
		in_a = CLIENT_CALL(a, sigsuspend, .set = 0);
		assert_int_equal(client_handled(in_b), SIGUSR1);
		(void)client_return(b, in_b);
		assert_int_equal(client_kill(b, a, SIGUSR1), 0);
		in_b = CLIENT_CALL(b, sigsuspend, .set = 0);
		assert_int_equal(client_handled(in_a), SIGUSR1);
		(void)client_return(a, in_a);
	}
	bury(1, b);
	client_bury(1, a);
}

/* sigtimedwait(): the signal it tells of. */
static struct proc_sigwait_rep
waited(token_t token)
{
	struct proc_sigwait_rep rep;

	assert_int_equal(fake_answer_error(token), 0);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	return rep;
}

static void
f75_sigtimedwait_takes_what_is_pending(void **state)
{
	int32_t pid = client_fork(1);
	struct proc_sigwait_rep rep;

	(void)state;
	(void)client_mask(pid, PROC_SIG_BLOCK, BIT(SIGUSR1) | BIT(SIGTERM));
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	assert_int_equal(client_kill(1, pid, SIGTERM), 0);
	rep = waited(
	    CLIENT_CALL(pid, sigwait, .set = BIT(SIGUSR1) | BIT(SIGTERM)));
	assert_int_equal(rep.signal, SIGTERM);
	rep = waited(CLIENT_CALL(pid, sigwait, .set = BIT(SIGUSR1)));
	assert_int_equal(rep.signal, SIGUSR1);
	assert_int_equal(rep.code, PROC_SI_USER);
	assert_int_equal(rep.pid, 1);
	/* Without a wait there is nothing more. */
	assert_int_equal(
	    CLIENT_ERROR(pid, sigwait, .set = BIT(SIGUSR1)), TINE_EAGAIN);
	client_bury(1, pid);
}

static void
f75_sigtimedwait_waits_for_its_set(void **state)
{
	int32_t pid = client_fork(1);
	token_t token;

	(void)state;
	(void)client_mask(pid, PROC_SIG_BLOCK, BIT(SIGUSR1) | BIT(SIGUSR2));
	token = CLIENT_CALL(
	    pid, sigwait, .set = BIT(SIGUSR1), .deadline = PROC_FOREVER);
	assert_int_equal(client_kill(1, pid, SIGUSR2), 0);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	assert_int_equal(CLIENT_ERROR(1, sigqueue, .pid = pid,
			     .signal = SIGUSR1, .value = 77),
	    0);
	assert_int_equal(waited(token).signal, SIGUSR1);
	assert_int_equal(waited(token).code, PROC_SI_QUEUE);
	assert_int_equal(waited(token).value, 77);
	assert_int_equal(client_pending(pid), BIT(SIGUSR2));
	client_bury(1, pid);
}

static void
f75_sigtimedwait_ends_at_its_time(void **state)
{
	int32_t pid = client_fork(1);
	token_t token = CLIENT_CALL(
	    pid, sigwait, .set = BIT(SIGUSR1), .deadline = fake_now + 500);

	(void)state;
	assert_int_equal(fake_timer, fake_now + 500);
	fake_now += 499;
	timer_event();
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	fake_now += 1;
	timer_event();
	assert_int_equal(fake_answer_error(token), TINE_EAGAIN);
	/* Another wait, ended by its signal: the time does nothing more. */
	(void)client_mask(pid, PROC_SIG_BLOCK, BIT(SIGUSR1));
	token = CLIENT_CALL(
	    pid, sigwait, .set = BIT(SIGUSR1), .deadline = fake_now + 500);
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	assert_int_equal(waited(token).signal, SIGUSR1);
	fake_now += 1000;
	timer_event();
	assert_true(lives(pid));
	client_bury(1, pid);
}

static void
f75_another_signals_handler_ends_sigtimedwait(void **state)
{
	int32_t pid = client_fork(1);
	token_t token;

	(void)state;
	client_catch(pid, SIGUSR2, PROC_SA_RESTART);
	token = CLIENT_CALL(
	    pid, sigwait, .set = BIT(SIGUSR1), .deadline = PROC_FOREVER);
	assert_int_equal(client_kill(1, pid, SIGUSR2), 0);
	assert_int_equal(client_handled(token), SIGUSR2);
	assert_int_equal(fake_answer_signal(token)->label, TINE_EINTR);
	/* One that is not held is waited for all the same. */
	token = CLIENT_CALL(
	    pid, sigwait, .set = BIT(SIGTERM), .deadline = PROC_FOREVER);
	assert_int_equal(client_kill(1, pid, SIGTERM), 0);
	assert_int_equal(waited(token).signal, SIGTERM);
	/* But SIGKILL never. */
	token =
	    CLIENT_CALL(pid, sigwait, .set = ~0ul, .deadline = PROC_FOREVER);
	bury(1, pid);
	assert_int_equal(fake_token_state(token), FAKE_STALE);
}

static int
queue(int32_t pid, int32_t signal, uint64_t value)
{
	return CLIENT_ERROR(
	    1, sigqueue, .pid = pid, .signal = signal, .value = value);
}

static void
f75_real_time_signals_queue_in_order_with_their_values(void **state)
{
	int32_t pid = client_fork(1);
	const uint64_t set = BIT(SIGRTMIN) | BIT(SIGRTMIN + 1);

	(void)state;
	(void)client_mask(pid, PROC_SIG_BLOCK, set);
	assert_int_equal(queue(pid, SIGRTMIN + 1, 4), 0);
	for (uint64_t i = 1; i <= 3; i++)
		assert_int_equal(queue(pid, SIGRTMIN, i), 0);
	/* The lower number first, and of one the oldest. */
	for (uint64_t i = 1; i <= 4; i++) {
		struct proc_sigwait_rep rep =
		    waited(CLIENT_CALL(pid, sigwait, .set = set));

		assert_int_equal(rep.signal, SIGRTMIN + (i == 4));
		assert_int_equal(rep.value, i);
	}
	assert_int_equal(client_pending(pid), 0);
	/* An ordinary one is not queued: the last is what counts. */
	(void)client_mask(pid, PROC_SIG_BLOCK, BIT(SIGUSR1));
	assert_int_equal(queue(pid, SIGUSR1, 1), 0);
	assert_int_equal(queue(pid, SIGUSR1, 2), 0);
	assert_int_equal(
	    waited(CLIENT_CALL(pid, sigwait, .set = BIT(SIGUSR1))).value, 2);
	assert_int_equal(client_pending(pid), 0);
	client_bury(1, pid);
}

static void
f75_a_full_queue_refuses_sigqueue_but_not_kill(void **state)
{
	int32_t pid = client_fork(1);
	const uint64_t both = BIT(SIGRTMIN) | BIT(SIGUSR1);

	(void)state;
	(void)client_mask(pid, PROC_SIG_BLOCK, both);
	for (uint32_t i = 0; i < SIGQUEUE_MAX; i++)
		assert_int_equal(queue(pid, SIGRTMIN, i), 0);
	assert_int_equal(queue(pid, SIGRTMIN, 99), TINE_EAGAIN);
	assert_int_equal(queue(pid, SIGUSR1, 99), TINE_EAGAIN);
	assert_int_equal(client_pending(pid), BIT(SIGRTMIN));
	/* It is pending, though nothing is known of who sent it. */
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	assert_int_equal(client_pending(pid), both);
	assert_int_equal(
	    waited(CLIENT_CALL(pid, sigwait, .set = BIT(SIGUSR1))).pid, 0);
	for (uint32_t i = 0; i < SIGQUEUE_MAX; i++)
		assert_int_equal(
		    waited(CLIENT_CALL(pid, sigwait, .set = both)).value, i);
	assert_int_equal(client_pending(pid), 0);
	/* What is left in a queue goes with the process. */
	assert_int_equal(queue(pid, SIGRTMIN, 1), 0);
	client_bury(1, pid);
}

static void
f75_sigqueue_has_kills_rules(void **state)
{
	int32_t a = client_fork(1), b = client_fork(1);

	(void)state;
	assert_int_equal(client_setuid(a, 100), 0);
	assert_int_equal(client_setuid(b, 200), 0);
	assert_int_equal(
	    CLIENT_ERROR(a, sigqueue, .pid = b, .signal = SIGTERM), TINE_EPERM);
	assert_int_equal(
	    CLIENT_ERROR(a, sigqueue, .pid = 29999, .signal = 0), TINE_ESRCH);
	assert_int_equal(
	    CLIENT_ERROR(a, sigqueue, .pid = b, .signal = PROC_NSIG),
	    TINE_EINVAL);
	client_bury(1, a);
	client_bury(1, b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(f75_the_lowest_signal_of_a_set_comes_first),
	    TEST(f75_sigprocmask_sets_adds_and_removes),
	    TEST(f75_what_is_held_waits_and_comes_before_unblocking_returns),
	    TEST(
		f75_a_held_signal_that_ends_the_process_does_so_when_unblocked),
	    TEST(f75_sigsuspend_ends_in_the_handler_with_the_mask_of_before),
	    TEST(f75_sigsuspend_takes_what_is_pending_already),
	    TEST(f75_two_processes_signal_each_other_without_a_loss),
	    TEST(f75_sigtimedwait_takes_what_is_pending),
	    TEST(f75_sigtimedwait_waits_for_its_set),
	    TEST(f75_sigtimedwait_ends_at_its_time),
	    TEST(f75_another_signals_handler_ends_sigtimedwait),
	    TEST(f75_real_time_signals_queue_in_order_with_their_values),
	    TEST(f75_a_full_queue_refuses_sigqueue_but_not_kill),
	    TEST(f75_sigqueue_has_kills_rules),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_serve.c - who may ask what, and messages that are not requests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <abi/page.h>
#include <procsrv/pgrp.h>
#include <procsrv/pid.h>
#include <procsrv/proc.h>
#include <procsrv/serve.h>

#include "proc_client.h"
#include "proc_fake_time.h"

/* Every request that there is. */
static const uint32_t calls[] = {
#define CALL(number, ...) number,
#define CALL_WINDOW(number, ...) number,
#include <ipc/proc.def>
#undef CALL
#undef CALL_WINDOW
};
#define CALLS (sizeof(calls) / sizeof(calls[0]))

/* Send a message as this kind of sender; the error that it is answered. */
static int
send_as(uint64_t kind, uint64_t sender, uint64_t label, uint32_t count)
{
	struct ipc_msg msg = {0};
	token_t token = fake_token(0);

	msg.sender = sender;
	msg.kind = kind;
	msg.token = token;
	msg.info = MSG_INFO(label, count);
	fake_serve(&msg);
	if (fake_token_state(token) == FAKE_PENDING)
		return SERVE_LATER;
	return fake_answer_error(token);
}

static void
no_server_and_no_space_may_ask_what_processes_ask(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < CALLS; i++) {
		uint32_t call = calls[i];

		for (uint64_t count = 0; count <= MSG_WORDS; count++) {
			uint32_t words = (uint32_t)count;

			assert_int_equal(
			    send_as(SENDER_SPACE, 1, call, words), TINE_EPERM);
			assert_int_equal(
			    send_as(SENDER_BADGE, BADGE_VM, call, words),
			    TINE_EPERM);
			assert_int_equal(
			    send_as(SENDER_BADGE, BADGE_TTY, call, words),
			    TINE_EPERM);
			assert_int_equal(
			    send_as(SENDER_KERNEL_SPACE, 1, call, words),
			    TINE_EPERM);
		}
	}
}

static void
only_vmsrv_hands_on_faults_and_nothing_else(void **state)
{
	uint64_t by_vm =
	    SENDER_THREAD | SENDER_FORWARDED | (uint64_t)BADGE_VM << 32;
	uint64_t by_tty =
	    SENDER_THREAD | SENDER_FORWARDED | (uint64_t)BADGE_TTY << 32;
	uint64_t identity = client_identity(1);

	(void)state;
	assert_int_equal(
	    send_as(SENDER_THREAD, identity, proc_fault_call, 2), TINE_EPERM);
	assert_int_equal(
	    send_as(by_tty, identity, proc_fault_call, 2), TINE_EPERM);
	for (uint32_t i = 0; i < CALLS; i++) {
		if (calls[i] != proc_fault_call)
			assert_int_equal(
			    send_as(by_vm, identity, calls[i], 1), TINE_EPERM);
	}
	/* Signal 0 in it is vmsrv's mistake. */
	assert_int_equal(
	    send_as(by_vm, identity, proc_fault_call, 2), TINE_EINVAL);
}

static void
unknown_numbers_and_wrong_sizes_are_refused(void **state)
{
	uint64_t identity = client_identity(1);

	(void)state;
	assert_int_equal(send_as(SENDER_THREAD, identity, 0, 0), TINE_ENOSYS);
	assert_int_equal(
	    send_as(SENDER_THREAD, identity, calls[CALLS - 1] + 1, 0),
	    TINE_ENOSYS);
	assert_int_equal(
	    send_as(SENDER_THREAD, identity, 0xffff, 0), TINE_ENOSYS);
	assert_int_equal(
	    send_as(SENDER_THREAD, identity, proc_fork_call, 1), TINE_EINVAL);
	assert_int_equal(
	    send_as(SENDER_THREAD, identity, proc_exit_call, 0), TINE_EINVAL);
	assert_int_equal(
	    send_as(SENDER_THREAD, identity, proc_ids_call, 1), TINE_EINVAL);
}

static void
identities_of_nobody_are_stale(void **state)
{
	static const uint64_t forged[] = {0, 5, ~0ul, 1ul << 32, 0xffffffff,
	    2ul << 32 | 1, 1ul << 32 | 0xfffffffe};

	(void)state;
	for (uint32_t i = 0; i < sizeof(forged) / sizeof(forged[0]); i++) {
		if (forged[i] == client_identity(1))
			continue;
		assert_int_equal(
		    send_as(SENDER_THREAD, forged[i], proc_fork_call, 2),
		    TINE_ESTALE);
		assert_int_equal(
		    send_as(SENDER_THREAD, forged[i], proc_exit_call, 1),
		    TINE_ESTALE);
	}
}

static void
what_was_only_sent_is_ignored(void **state)
{
	struct snapshot before = snapshot_take();
	struct ipc_msg msg = {0};

	(void)state;
	for (uint32_t call = 0; call <= calls[CALLS - 1]; call++) {
		for (uint32_t count = 0; count <= MSG_WORDS; count++) {
			msg.sender = client_identity(1);
			msg.kind = SENDER_THREAD;
			msg.info = MSG_INFO(call, count);
			msg.token = 0;
			fake_serve(&msg);
			assert_int_equal(msg.token, 0);
		}
	}
	msg.kind = SENDER_NONE;
	fake_serve(&msg);
	msg.kind = SENDER_NOTIFICATION;
	fake_serve(&msg);
	snapshot_assert_equal(&before);
}

static void
an_exception_of_a_thread_that_is_gone_is_ignored(void **state)
{
	struct snapshot before = snapshot_take();

	(void)state;
	assert_int_equal(
	    send_as(SENDER_KERNEL_THREAD, ~0ul, MSG_EXCEPTION, 3), SERVE_LATER);
	snapshot_assert_equal(&before);
}

static void
ids_and_groups_can_be_asked_for(void **state)
{
	int32_t pid = client_fork(1);
	struct proc_ids_rep ids;
	struct proc_group_rep group;
	token_t token;

	(void)state;
	token = client_call(pid, proc_ids_call, "", 0);
	memcpy(&ids, fake_answer(token), sizeof(ids));
	assert_int_equal(ids.pid, pid);
	assert_int_equal(ids.ppid, 1);
	assert_int_equal(ids.pgid, 1);
	assert_int_equal(ids.sid, 1);
	token = CLIENT_CALL(pid, group, .pid = 0);
	memcpy(&group, fake_answer(token), sizeof(group));
	assert_int_equal(group.pgid, 1);
	token = CLIENT_CALL(1, group, .pid = pid);
	memcpy(&group, fake_answer(token), sizeof(group));
	assert_int_equal(group.sid, 1);
	assert_int_equal(CLIENT_ERROR(1, group, .pid = 29999), TINE_ESRCH);
	assert_int_equal(CLIENT_ERROR(1, group, .pid = -1), TINE_ESRCH);
	client_exit(pid, 0);
	assert_int_equal(CLIENT_ERROR(1, group, .pid = pid), TINE_ESRCH);
	client_bury(1, pid);
}

static void
processes_can_be_listed_one_after_the_other(void **state)
{
	int32_t a = client_fork(1), b = client_fork(1), from = 0;
	struct proc_list_rep rep;
	uint32_t count = 0;
	token_t token;

	(void)state;
	client_exit(b, 0);
	for (;;) {
		token = CLIENT_CALL(1, list, .from = from);
		if (fake_answer_error(token) != 0)
			break;
		memcpy(&rep, fake_answer(token), sizeof(rep));
		assert_true(rep.pid >= from);
		if (rep.pid == b)
			assert_int_equal(rep.state, PROC_ZOMBIE);
		if (rep.pid == 0)
			assert_string_equal(rep.name, "system");
		from = rep.pid + 1;
		count++;
	}
	assert_int_equal(fake_answer_error(token), TINE_ESRCH);
	assert_int_equal(count, 4);
	client_bury(1, a);
	client_bury(1, b);
}

static void
only_root_turns_the_power_off(void **state)
{
	int32_t pid = client_fork(1);
	uint64_t how, status;

	(void)state;
	assert_int_equal(client_setuid(pid, 100), 0);
	assert_int_equal(
	    CLIENT_ERROR(pid, power, .how = POWER_OFF), TINE_EPERM);
	assert_int_equal(CLIENT_ERROR(1, power, .how = 2), TINE_EINVAL);
	assert_false(fake_power(&how, &status));
	fake_fail(FAKE_POWER, TINE_ENOTSUP);
	assert_int_equal(
	    CLIENT_ERROR(1, power, .how = POWER_RESET), TINE_ENOTSUP);
	assert_int_equal(
	    CLIENT_ERROR(1, power, .how = POWER_OFF, .status = 37), 0);
	assert_true(fake_power(&how, &status));
	assert_int_equal(how, POWER_OFF);
	assert_int_equal(status, 37);
	client_bury(1, pid);
}

/* Something that a process does to itself: its time, its group, its end. */
static void
random_own_step(struct proc *proc)
{
	switch (rand() % 6) {
	case 0:
		if (rand() % 4 == 0)
			(void)client_call(proc->pid, proc_setsid_call, "", 0);
		(void)CLIENT_CALL(
		    proc->pid, foreground, .set = 1, .pgid = proc->pgrp->pgid);
		break;
	case 1:
		if (proc != initproc)
			(void)CLIENT_CALL(proc->pid, sleep,
			    .deadline = fake_now + rand() % 100);
		break;
	case 2:
		/* What it is answered says nothing here. */
		(void)CLIENT_CALL(proc->pid, itimer, .set = 1,
		    .value = rand() % 2000, .interval = rand() % 300);
		fake_time_pass(fake_now + rand() % 20);
		break;
	default:
		if (proc != initproc)
			client_exit(proc->pid, rand());
		break;
	}
}

/* One of all. */
static void
random_step(struct proc *proc)
{
	token_t token;

	switch (rand() % 13) {
	case 0:
	case 1:
		(void)client_fork(proc->pid);
		break;
	case 2:
		/* Init has to be there at the end. */
		if (proc == initproc)
			break;
		(void)client_vfork(
		    proc->pid, FORK_PPWAIT | FORK_SHAREVM, &token);
		break;
	case 3:
		(void)client_waits(
		    proc->pid, -1, proc == initproc || rand() % 2 == 0);
		break;
	case 4:
		(void)CLIENT_CALL(proc->pid, kill, .pid = rand() % 400,
		    .signal = 1 + rand() % 15);
		break;
	case 5:
		(void)CLIENT_CALL(proc->pid, setpgid, .pid = rand() % 400,
		    .pgid = rand() % 400);
		break;
	case 6:
		(void)CLIENT_CALL(proc->pid, setpgid, .pid = 0);
		break;
	default:
		random_own_step(proc);
		break;
	}
}

/*
 * Whatever a crowd does, all books agree.  The steps are drawn from a fixed
 * seed, with failures in between.
 */
static void
thousands_of_random_steps_leave_the_books_right(void **state)
{
	static const enum fake_step steps[] = {
	    FAKE_VM_FORK, FAKE_THREAD_CLONE, FAKE_VM_GROW};
	struct snapshot before = snapshot_take();

	(void)state;
	srand(7);
	for (uint32_t step = 0; step < 20000; step++) {
		int32_t from = rand() % 400;
		struct proc *proc = pid_proc_from(from);

		if (proc == NULL || proc->state != PROC_ACTIVE ||
		    proc->pid <= 1 || rand() % 50 == 0)
			proc = initproc;
		if (proc_lwp(proc)->state != LWP_RUNNING)
			continue;
		if (rand() % 20 == 0)
			fake_fail(steps[rand() % 3], TINE_ENOMEM);
		random_step(proc);
		for (uint32_t i = 0; i < FAKE_STEPS; i++)
			fake_fail_always((enum fake_step)i, 0);
		if (step % 100 == 0)
			client_check();
	}
	/* The end of all, which init sees through. */
	while (client_kill(1, -1, 9) == 0) {
		while (client_wait(1, -1, PROC_WAIT_NOHANG, NULL) > 0)
			continue;
	}
	snapshot_assert_equal(&before);
}

static void
only_root_restarts_a_server_and_vmsrv_says_what_came_of_it(void **state)
{
	int32_t pid = client_fork(1);

	(void)state;
	fake_restarts = 0;
	assert_int_equal(client_setuid(pid, 100), 0);
	assert_int_equal(
	    CLIENT_ERROR(pid, restart, .badge = BADGE_TTY), TINE_EPERM);
	assert_int_equal(fake_restarts, 0);
	assert_int_equal(CLIENT_ERROR(1, restart, .badge = BADGE_TTY), 0);
	assert_int_equal(fake_restarts, 1);
	assert_int_equal(fake_restarted, BADGE_TTY);
	fake_restart_error = TINE_ESRCH;
	assert_int_equal(CLIENT_ERROR(1, restart, .badge = 77), TINE_ESRCH);
	fake_restart_error = 0;
	assert_int_equal(fake_restarted, 77);
	client_bury(1, pid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_server_and_no_space_may_ask_what_processes_ask),
	    cmocka_unit_test(only_vmsrv_hands_on_faults_and_nothing_else),
	    cmocka_unit_test(unknown_numbers_and_wrong_sizes_are_refused),
	    cmocka_unit_test(identities_of_nobody_are_stale),
	    cmocka_unit_test(what_was_only_sent_is_ignored),
	    cmocka_unit_test(an_exception_of_a_thread_that_is_gone_is_ignored),
	    cmocka_unit_test(ids_and_groups_can_be_asked_for),
	    cmocka_unit_test(processes_can_be_listed_one_after_the_other),
	    cmocka_unit_test(thousands_of_random_steps_leave_the_books_right),
	    cmocka_unit_test(only_root_turns_the_power_off),
	    cmocka_unit_test(
		only_root_restarts_a_server_and_vmsrv_says_what_came_of_it),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}

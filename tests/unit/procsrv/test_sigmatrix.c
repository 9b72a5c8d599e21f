/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_sigmatrix.c - each way to wait x each kind of signal x SA_RESTART.
 *
 * F75: what a wait ends with when a handler runs, after a stop, and that a
 * wait which no signal ends lets none through before it is over.
 */
#include "sigfixture.h"

enum where {
	RUNNING,
	TTY, /* in ttysrv */
	VM, /* in a call to vmsrv, or a page fault */
	WAIT,
	SUSPEND,
	SIGWAIT,
	PARK,
	FUTEX,
	JOIN,
	VFORKED,
	PLACES
};

/* Whether procsrv itself keeps the call, and whether it may be made again. */
static const struct {
	bool here;
	bool restarts;
	bool interruptible;
} places[PLACES] = {
    [RUNNING] = {false, false, true},
    [TTY] = {false, true, true},
    [VM] = {false, false, true},
    [WAIT] = {true, true, true},
    [SUSPEND] = {true, false, true},
    [SIGWAIT] = {true, false, true},
    [PARK] = {true, false, true},
    [FUTEX] = {true, true, true},
    [JOIN] = {true, true, true},
    [VFORKED] = {true, false, false},
};

struct cell {
	enum where where;
	int32_t pid;
	int32_t helper; /* a child, or an LWP, that the wait is for */
	uint64_t identity;
	token_t token; /* of the wait; 0: none */
};

static token_t
futex_wait(int32_t pid)
{
	static const uint32_t word = 7;

	fake_window(&word, sizeof(word));
	return CLIENT_CALL(pid, futex_wait, .address = 0x60000,
	    .deadline = PROC_FOREVER, .value = 7);
}

static void
cell_enter(struct cell *cell)
{
	int32_t pid = cell->pid;

	switch (cell->where) {
	case TTY:
		cell->token = fake_tty_read(cell->identity);
		break;
	case VM:
		cell->token = fake_vm_call(cell->identity);
		break;
	case WAIT:
		cell->helper = client_fork(pid);
		cell->token = client_waits(pid, -1, 0);
		break;
	case SUSPEND:
		cell->token = CLIENT_CALL(pid, sigsuspend, .set = 0);
		break;
	case SIGWAIT:
		cell->token = CLIENT_CALL(
		    pid, sigwait, .set = BIT(SIGHUP), .deadline = PROC_FOREVER);
		break;
	case PARK:
		cell->token =
		    CLIENT_CALL(pid, lwp_park, .deadline = PROC_FOREVER);
		break;
	case FUTEX:
		cell->token = futex_wait(pid);
		break;
	case JOIN:
		cell->helper = client_lwp_create(pid, 1, 0);
		cell->token = CLIENT_CALL(pid, lwp_wait, .lid = cell->helper);
		break;
	case VFORKED:
		cell->helper = client_vfork(pid, VFORK, &cell->token);
		break;
	default:
		break;
	}
	if (cell->token != 0)
		assert_int_equal(fake_token_state(cell->token), FAKE_PENDING);
}

static struct cell
cell_start(enum where where, int32_t signal, uint32_t flags)
{
	struct cell cell = {.where = where, .pid = client_fork(1)};

	cell.identity = client_identity(cell.pid);
	if (signal != 0)
		client_catch(cell.pid, signal, flags);
	/* Only the LWP that waits is to take it. */
	if (where == JOIN) {
		(void)client_mask(cell.pid, PROC_SIG_BLOCK, ~0ul);
		cell_enter(&cell);
		client_lwp(cell.pid, 1)->sigmask = 0;
	} else {
		cell_enter(&cell);
	}
	return cell;
}

/* End a wait that no signal ends, and what vmsrv holds. */
static void
cell_release(const struct cell *cell)
{
	if (cell->where == VFORKED)
		client_exit(cell->helper, 0);
	else if (cell->where == VM)
		fake_vm_answer(cell->identity);
}

static void
cell_end(struct cell *cell)
{
	bool child = cell->where == WAIT || cell->where == VFORKED;
	bool zombie = child && pid_proc(cell->helper) != NULL &&
		      pid_proc(cell->helper)->state == PROC_ZOMBIE;

	bury(1, cell->pid);
	if (child && (zombie || lives(cell->helper)))
		client_bury(1, cell->helper);
}

/* The call, or AST, by whose answer the handler is to be entered. */
static token_t
cell_handler(const struct cell *cell)
{
	cell_release(cell);
	return places[cell->where].here && places[cell->where].interruptible
		   ? cell->token
		   : client_ast(cell->identity);
}

/* What the wait itself was answered with when it was not by a handler. */
static int
cell_error(const struct cell *cell)
{
	return fake_answer_error(cell->token);
}

static void
f75_a_handler_ends_each_wait_with_eintr_or_restarts_it(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < PLACES * 2; i++) {
		bool restart = i >= PLACES;
		struct cell cell = cell_start(
		    i % PLACES, SIGUSR1, restart ? PROC_SA_RESTART : 0);
		int expected = restart && places[cell.where].restarts
				   ? TINE_ERESTART
				   : TINE_EINTR;
		token_t token;

		assert_int_equal(client_kill(1, cell.pid, SIGUSR1), 0);
		if (!places[cell.where].interruptible)
			assert_int_equal(
			    fake_token_state(cell.token), FAKE_PENDING);
		token = cell_handler(&cell);
		assert_int_equal(client_handled(token), SIGUSR1);
		if (token == cell.token)
			assert_int_equal(
			    fake_answer_signal(token)->label, expected);
		else if (cell.where == TTY)
			assert_int_equal(cell_error(&cell), expected);
		else if (cell.token != 0)
			assert_int_equal(cell_error(&cell), 0);
		cell_end(&cell);
	}
}

/* It was on its way already when the thread was interrupted. */
static void
f75_a_call_that_a_signal_is_pending_at_is_answered_likewise(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		int32_t pid = client_fork(1);
		token_t token;

		client_catch(pid, SIGUSR1, PROC_SA_RESTART);
		assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
		token =
		    i == 0
			? CLIENT_CALL(pid, sleep, .deadline = PROC_FOREVER)
			: CLIENT_CALL(pid, lwp_park, .deadline = PROC_FOREVER);
		assert_int_equal(client_handled(token), SIGUSR1);
		assert_int_equal(fake_answer_signal(token)->label, TINE_EINTR);
		client_bury(1, pid);
	}
}

static void
f75_what_is_ignored_ends_no_wait(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < PLACES; i++) {
		struct cell cell = cell_start(i, 0, 0);

		assert_int_equal(client_kill(1, cell.pid, SIGURG), 0);
		assert_int_equal(client_kill(1, cell.pid, SIGCONT), 0);
		if (cell.token != 0)
			assert_int_equal(
			    fake_token_state(cell.token), FAKE_PENDING);
		cell_release(&cell);
		assert_int_equal(client_ast(cell.identity), 0);
		cell_end(&cell);
	}
}

static void
f75_sigint_and_sigkill_end_whoever_waits(void **state)
{
	static const int32_t signals[] = {SIGINT, SIGKILL};

	(void)state;
	for (uint32_t i = 0; i < PLACES * 2; i++) {
		struct cell cell = cell_start(i % PLACES, 0, 0);
		int32_t signal = signals[i / PLACES], status;

		assert_int_equal(client_kill(1, cell.pid, signal), 0);
		/* F50: a vfork parent is there until its child leaves. */
		if (cell.where == VFORKED) {
			assert_int_equal(
			    client_wait(1, cell.pid, PROC_WAIT_NOHANG, &status),
			    0);
			client_exit(cell.helper, 0);
		}
		assert_int_equal(
		    client_wait(1, cell.pid, 0, &status), cell.pid);
		assert_int_equal(status, signal);
		if (cell.token != 0)
			assert_int_equal(
			    fake_token_state(cell.token), FAKE_STALE);
		if (cell.where == WAIT || cell.where == VFORKED)
			client_bury(1, cell.helper);
	}
}

/* Let all LWPs of a process come by that were interrupted. */
static token_t
stop_arrive(const struct cell *cell)
{
	token_t token;

	cell_release(cell);
	token = client_ast(cell->identity);
	if (cell->where == JOIN)
		(void)client_ast(client_lwp_identity(cell->pid, cell->helper));
	return token;
}

static void
f75_after_a_stop_each_wait_is_made_again(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < PLACES; i++) {
		struct cell cell = cell_start(i, 0, 0);
		token_t ast;

		assert_int_equal(client_kill(1, cell.pid, SIGSTOP), 0);
		ast = stop_arrive(&cell);
		assert_int_equal(pid_proc(cell.pid)->state, PROC_STOPPED);
		/* One that procsrv keeps has not ended yet. */
		if (places[i].here && places[i].interruptible)
			assert_int_equal(
			    fake_token_state(cell.token), FAKE_PENDING);
		assert_int_equal(client_kill(1, cell.pid, SIGCONT), 0);
		if (ast != 0)
			assert_int_equal(fake_answer_error(ast), 0);
		if (i == TTY || (places[i].here && places[i].interruptible))
			assert_int_equal(cell_error(&cell), TINE_ERESTART);
		else if (cell.token != 0)
			assert_int_equal(cell_error(&cell), 0);
		assert_int_equal(client_ast(cell.identity), 0);
		cell_end(&cell);
	}
}

static void
f75_a_handler_of_sigcont_ends_the_wait_before_the_stop(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < PLACES * 2; i++) {
		bool restart = i >= PLACES;
		struct cell cell = cell_start(
		    i % PLACES, SIGCONT, restart ? PROC_SA_RESTART : 0);
		bool again = restart && places[cell.where].restarts;
		token_t token;

		assert_int_equal(client_kill(1, cell.pid, SIGSTOP), 0);
		token = stop_arrive(&cell);
		if (token == 0)
			token = cell.token;
		assert_int_equal(client_kill(1, cell.pid, SIGCONT), 0);
		assert_int_equal(client_handled(token), SIGCONT);
		/* Where it goes on after the handler. */
		if (cell.where == TTY)
			assert_int_equal(
			    MSG_LABEL(fake_saved_regs(token)->x[11]),
			    again ? TINE_ERESTART : TINE_EINTR);
		else if (token == cell.token)
			assert_int_equal(fake_answer_signal(token)->label,
			    again ? TINE_ERESTART : TINE_EINTR);
		cell_end(&cell);
	}
}

static void
f75_a_terminal_read_that_was_answered_is_not_made_again(void **state)
{
	int32_t pid = client_fork(1);
	uint64_t identity = client_identity(pid);
	token_t ast;

	(void)state;
	client_catch(pid, SIGUSR1, 0);
	/* The line came as the signal did: nothing is left to cancel. */
	(void)fake_tty_read(identity);
	fake_tty_answers_first = true;
	assert_int_equal(client_kill(1, pid, SIGUSR1), 0);
	fake_tty_answers_first = false;
	ast = client_ast(identity);
	assert_int_equal(client_handled(ast), SIGUSR1);
	assert_int_equal(MSG_LABEL(fake_saved_regs(ast)->x[11]), 0);
	client_bury(1, pid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(f75_a_handler_ends_each_wait_with_eintr_or_restarts_it),
	    TEST(f75_a_call_that_a_signal_is_pending_at_is_answered_likewise),
	    TEST(f75_what_is_ignored_ends_no_wait),
	    TEST(f75_sigint_and_sigkill_end_whoever_waits),
	    TEST(f75_after_a_stop_each_wait_is_made_again),
	    TEST(f75_a_handler_of_sigcont_ends_the_wait_before_the_stop),
	    TEST(f75_a_terminal_read_that_was_answered_is_not_made_again),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}

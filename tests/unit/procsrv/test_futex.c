/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_futex.c - waiting for a word of memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/pid.h>
#include <procsrv/timer.h>

#include "proc_client_lwp.h"

#define LWPS 5
#define WORD 0x20000ul
#define VALUE 7u

static int
setup(void **state)
{
	(void)client_setup(state);
	for (int32_t lid = 2; lid <= LWPS; lid++)
		assert_int_equal(client_lwp_create(client, 1, 0), lid);
	return 0;
}

static int
teardown(void **state)
{
	(void)client_teardown(state);
	assert_int_equal(fake_timer, ~0ul);
	fake_share_none();
	return 0;
}

/* futex_wait() for a value, when the word is VALUE. */
static token_t
wait_for(int32_t of, int32_t lid, uint64_t address, uint32_t value,
    uint64_t deadline)
{
	static const uint32_t word = VALUE;

	fake_window(&word, sizeof(word));
	return LWP_CALL(of, lid, futex_wait, .address = address,
	    .deadline = deadline, .value = value);
}

static token_t
waiting(int32_t lid, uint64_t address)
{
	token_t token = wait_for(client, lid, address, VALUE, PROC_FOREVER);

	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	return token;
}

static uint64_t
wake(int32_t of, int32_t lid, uint64_t address, uint32_t count)
{
	token_t token =
	    LWP_CALL(of, lid, futex_wake, .address = address, .count = count);

	assert_int_equal(fake_answer_error(token), 0);
	return fake_answer(token)[0];
}

static void
only_the_value_that_is_expected_is_waited_for(void **state)
{
	(void)state;
	assert_int_equal(fake_answer_error(wait_for(
			     client, 1, WORD, VALUE + 1, PROC_FOREVER)),
	    TINE_EAGAIN);
	assert_int_equal(client_lwp(client, 1)->state, LWP_RUNNING);
	(void)waiting(1, WORD);
	assert_int_equal(client_lwp(client, 1)->state, LWP_FUTEX);
}

static void
what_is_no_word_is_refused(void **state)
{
	(void)state;
	for (uint64_t odd = 1; odd < 4; odd++) {
		assert_int_equal(fake_answer_error(wait_for(client, 1,
				     WORD + odd, VALUE, PROC_FOREVER)),
		    TINE_EINVAL);
		assert_int_equal(LWP_ERROR(client, 1, futex_wake,
				     .address = WORD + odd, .count = 1),
		    TINE_EINVAL);
	}
	/* A window that is too small, or is not there. */
	fake_window("abc", 3);
	assert_int_equal(LWP_ERROR(client, 1, futex_wait, .address = WORD,
			     .deadline = PROC_FOREVER),
	    TINE_EFAULT);
	fake_fail(FAKE_COPY_IN, TINE_ENOMEM);
	assert_int_equal(
	    fake_answer_error(wait_for(client, 1, WORD, VALUE, PROC_FOREVER)),
	    TINE_ENOMEM);
	assert_int_equal(wake(client, 2, WORD, ~0u), 0);
}

static void
the_longest_wait_ends_first_and_only_so_many(void **state)
{
	token_t tokens[5];

	(void)state;
	for (int32_t i = 0; i < 4; i++)
		tokens[i] = waiting(4 - i, WORD);
	assert_int_equal(wake(client, 5, WORD, 0), 0);
	assert_int_equal(fake_token_state(tokens[0]), FAKE_PENDING);
	assert_int_equal(wake(client, 5, WORD, 1), 1);
	assert_int_equal(fake_answer_error(tokens[0]), 0);
	assert_int_equal(fake_token_state(tokens[1]), FAKE_PENDING);
	/* One that comes back waits at the end. */
	tokens[4] = waiting(4, WORD);
	assert_int_equal(wake(client, 5, WORD, 2), 2);
	assert_int_equal(fake_answer_error(tokens[1]), 0);
	assert_int_equal(fake_answer_error(tokens[2]), 0);
	assert_int_equal(fake_token_state(tokens[3]), FAKE_PENDING);
	assert_int_equal(wake(client, 5, WORD, ~0u), 2);
	assert_int_equal(fake_answer_error(tokens[3]), 0);
	assert_int_equal(fake_answer_error(tokens[4]), 0);
	assert_int_equal(wake(client, 5, WORD, ~0u), 0);
}

static void
other_words_are_other_queues_even_with_the_same_hash(void **state)
{
	token_t token = waiting(1, WORD);
	uint64_t address = WORD;

	(void)state;
	/* Some of these must be in the same queue: there are 256. */
	for (uint32_t i = 0; i < 4096; i++) {
		address += 4;
		assert_int_equal(wake(client, 2, address, ~0u), 0);
		(void)waiting(3, address);
		assert_int_equal(wake(client, 2, WORD + 0x10000000, ~0u), 0);
		assert_int_equal(wake(client, 2, address, ~0u), 1);
	}
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	assert_int_equal(wake(client, 2, WORD, 1), 1);
}

static void
the_same_address_of_another_space_is_another_word(void **state)
{
	token_t token = waiting(1, WORD);
	int32_t other = LWP_ERROR(client, 2, fork, .exitsig = 20);

	(void)state;
	assert_int_equal(other, 0);
	other = client_youngest(client);
	assert_int_equal(wake(other, 1, WORD, ~0u), 0);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	/* The child of a fork has nobody that waits. */
	assert_int_equal(pid_proc(other)->nlwps, 1);
	client_exit(other, 0);
	assert_int_equal(wake(client, 2, WORD, ~0u), 1);
	client_bury(client, other);
}

/* A second process, that shares the word's page at another address. */
#define OTHERS_WORD (WORD + 4 * PAGE_SIZE)

static int32_t
sharing(void)
{
	int32_t other;

	assert_int_equal(LWP_ERROR(client, 5, fork, .exitsig = 20), 0);
	other = client_youngest(client);
	fake_share(pid_proc(client)->space, WORD, 77);
	fake_share(pid_proc(other)->space, OTHERS_WORD, 77);
	return other;
}

static token_t
wait_shared(int32_t of, int32_t lid, uint64_t address, uint32_t shared)
{
	static const uint32_t word = VALUE;

	fake_window(&word, sizeof(word));
	return LWP_CALL(of, lid, futex_wait, .address = address,
	    .deadline = PROC_FOREVER, .value = VALUE, .shared = shared);
}

static uint64_t
wake_shared(int32_t of, int32_t lid, uint64_t address)
{
	token_t token = LWP_CALL(
	    of, lid, futex_wake, .address = address, .count = 1, .shared = 1);

	assert_int_equal(fake_answer_error(token), 0);
	return fake_answer(token)[0];
}

static void
shared_memory_is_the_same_word_for_all_that_share_it(void **state)
{
	int32_t other = sharing();
	token_t mine, its;

	(void)state;
	mine = wait_shared(client, 1, WORD, 1);
	assert_int_equal(fake_token_state(mine), FAKE_PENDING);
	assert_int_equal(wake_shared(other, 1, OTHERS_WORD + 4), 0);
	its = wait_shared(other, 1, OTHERS_WORD, 1);
	assert_int_equal(wake_shared(client, 2, WORD), 1);
	assert_int_equal(fake_answer_error(mine), 0);
	assert_int_equal(fake_token_state(its), FAKE_PENDING);
	assert_int_equal(wake_shared(client, 2, WORD), 1);
	assert_int_equal(fake_answer_error(its), 0);
	mine = wait_shared(client, 1, WORD, 1);
	assert_int_equal(wake_shared(other, 1, OTHERS_WORD), 1);
	assert_int_equal(fake_answer_error(mine), 0);
	/* Who is killed waits no more. */
	(void)wait_shared(other, 1, OTHERS_WORD, 1);
	mine = wait_shared(client, 1, WORD, 1);
	assert_int_equal(client_kill(1, other, 9), 0);
	assert_int_equal(wake_shared(client, 2, WORD), 1);
	assert_int_equal(fake_answer_error(mine), 0);
	client_bury(client, other);
}

/* Who was woken may be killed before it has looked. */
static void
the_wake_of_a_killed_one_goes_to_another(void **state)
{
	int32_t other = sharing();
	token_t its, first, second;

	(void)state;
	its = wait_shared(other, 1, OTHERS_WORD, 1);
	first = wait_shared(client, 1, WORD, 1);
	second = wait_shared(client, 2, WORD, 1);
	assert_int_equal(wake_shared(client, 3, WORD), 1);
	assert_int_equal(fake_answer_error(its), 0);
	assert_int_equal(fake_token_state(first), FAKE_PENDING);
	assert_int_equal(client_kill(1, other, 9), 0);
	assert_int_equal(fake_answer_error(first), 0);
	assert_int_equal(fake_token_state(second), FAKE_PENDING);
	client_bury(client, other);
	assert_int_equal(wake_shared(client, 3, WORD), 1);
	assert_int_equal(fake_answer_error(second), 0);
}

static void
who_has_looked_passes_nothing_on(void **state)
{
	int32_t other = sharing();
	token_t first;

	(void)state;
	for (int i = 0; i < 2; i++) {
		(void)wait_shared(other, 1, OTHERS_WORD + 8 * (i & 1), 1);
		assert_int_equal(wake_shared(client, 3, WORD + 8 * (i & 1)), 1);
	}
	/* It waits again for the one, and in vain for the other. */
	first = wait_shared(client, 2, WORD, 1);
	assert_int_equal(
	    fake_answer_error(
		LWP_CALL(other, 1, futex_wait, .address = OTHERS_WORD + 8,
		    .deadline = PROC_FOREVER, .value = VALUE + 1, .shared = 1)),
	    TINE_EAGAIN);
	(void)wait_shared(other, 1, OTHERS_WORD, 1);
	assert_int_equal(client_kill(1, other, 9), 0);
	assert_int_equal(fake_token_state(first), FAKE_PENDING);
	client_bury(client, other);
	assert_int_equal(wake_shared(client, 3, WORD), 1);
	assert_int_equal(fake_answer_error(first), 0);
}

/* Woken for a condition, killed as it waits for the lock, or has it. */
static void
the_wake_before_the_last_goes_to_another_too(void **state)
{
	for (int killed_late = 0; killed_late < 2; killed_late++) {
		int32_t other = sharing();
		token_t cond, lock;

		(void)state;
		(void)wait_shared(other, 1, OTHERS_WORD, 1);
		cond = wait_shared(client, 1, WORD, 1);
		assert_int_equal(wake_shared(client, 3, WORD), 1);
		(void)wait_shared(other, 1, OTHERS_WORD + 4, 1);
		lock = wait_shared(client, 2, WORD + 4, 1);
		if (killed_late)
			assert_int_equal(wake_shared(client, 3, WORD + 4), 1);
		assert_int_equal(client_kill(1, other, 9), 0);
		assert_int_equal(fake_answer_error(cond), 0);
		if (!killed_late)
			assert_int_equal(wake_shared(client, 3, WORD + 4), 1);
		assert_int_equal(fake_answer_error(lock), 0);
		client_bury(client, other);
		fake_share_none();
	}
}

/* A handler may have come before it looked. */
static void
who_exits_passes_its_wake_on(void **state)
{
	static const char strings[] = "/bin/small";

	(void)state;
	for (int how = 0; how < 3; how++) {
		int32_t other = sharing();
		token_t first;

		(void)client_lwp_create(other, 1, 0);
		(void)wait_shared(other, 1, OTHERS_WORD, 1);
		first = wait_shared(client, 2, WORD, 1);
		assert_int_equal(wake_shared(client, 3, WORD), 1);
		assert_int_equal(fake_token_state(first), FAKE_PENDING);
		if (how == 0) {
			client_exit(other, 0);
		} else if (how == 1) {
			(void)LWP_CALL(other, 1, lwp_exit);
		} else {
			fake_window(strings, sizeof(strings));
			(void)LWP_CALL(
			    other, 1, exec, .bytes = sizeof(strings));
		}
		assert_int_equal(fake_answer_error(first), 0);
		if (how != 0)
			assert_int_equal(client_kill(1, other, 9), 0);
		client_bury(client, other);
		fake_share_none();
	}
}

static void
shared_and_private_waits_do_not_meet(void **state)
{
	uint64_t space = pid_proc(client)->space;
	int32_t other = sharing();
	token_t shared, private;

	(void)state;
	/* Its memory might have a number like a space. */
	fake_share(space, WORD + PAGE_SIZE, space);
	shared = wait_shared(client, 1, WORD, 1);
	private = wait_shared(client, 2, WORD, 0);
	assert_int_equal(wake(client, 3, WORD, 1), 1);
	assert_int_equal(fake_answer_error(private), 0);
	assert_int_equal(wake(client, 3, WORD, 1), 0);
	assert_int_equal(wake(other, 1, OTHERS_WORD, 1), 0);
	private = wait_shared(client, 2, 8, 0);
	assert_int_equal(wake_shared(client, 3, WORD + PAGE_SIZE + 8), 0);
	assert_int_equal(wake_shared(client, 3, WORD), 1);
	assert_int_equal(fake_answer_error(shared), 0);
	assert_int_equal(wake(client, 3, 8, 1), 1);
	assert_int_equal(fake_answer_error(private), 0);
	client_exit(other, 0);
	client_bury(client, other);
}

static void
private_memory_is_not_waited_for_as_shared(void **state)
{
	uint32_t asked = fake_calls[FAKE_SHARED_KEY];

	(void)state;
	/* Who does not share asks vmsrv nothing. */
	(void)waiting(1, WORD);
	assert_int_equal(wake(client, 2, WORD, 1), 1);
	assert_int_equal(fake_calls[FAKE_SHARED_KEY], asked);
	assert_int_equal(
	    fake_answer_error(wait_shared(client, 1, WORD, 1)), TINE_EFAULT);
	assert_int_equal(LWP_ERROR(client, 1, futex_wake, .address = WORD,
			     .count = 1, .shared = 1),
	    TINE_EFAULT);
	assert_int_equal(fake_calls[FAKE_SHARED_KEY], asked + 2);
	assert_int_equal(
	    fake_answer_error(wait_shared(client, 1, WORD, 2)), TINE_EINVAL);
	assert_int_equal(LWP_ERROR(client, 1, futex_wake, .address = WORD,
			     .count = 1, .shared = ~0u),
	    TINE_EINVAL);
	assert_int_equal(fake_answer_error(wait_shared(client, 1, WORD + 1, 1)),
	    TINE_EINVAL);
	assert_int_equal(fake_calls[FAKE_SHARED_KEY], asked + 2);
}

static void
f03_a_vfork_child_wakes_those_it_shares_the_space_with(void **state)
{
	token_t token = waiting(1, WORD), vfork, childs;
	int32_t child =
	    client_lwp_vfork(client, 2, FORK_PPWAIT | FORK_SHAREVM, &vfork);

	(void)state;
	childs = wait_for(child, 1, WORD, VALUE, PROC_FOREVER);
	assert_int_equal(wake(client, 3, WORD, 1), 1);
	assert_int_equal(fake_answer_error(token), 0);
	assert_int_equal(wake(client, 3, WORD, 1), 1);
	assert_int_equal(fake_answer_error(childs), 0);
	token = waiting(1, WORD);
	assert_int_equal(wake(child, 1, WORD, 1), 1);
	assert_int_equal(fake_answer_error(token), 0);
	client_exit(child, 0);
	assert_int_equal(client_forked(vfork), child);
	client_bury(client, child);
}

static void
a_wait_ends_at_its_deadline(void **state)
{
	token_t a = wait_for(client, 1, WORD, VALUE, fake_now + 20);
	token_t b = wait_for(client, 2, WORD, VALUE, fake_now + 10);

	(void)state;
	assert_int_equal(fake_timer, fake_now + 10);
	fake_now += 10;
	timer_event();
	assert_int_equal(fake_answer_error(b), TINE_ETIMEDOUT);
	assert_int_equal(fake_token_state(a), FAKE_PENDING);
	/* It is in the queue no more. */
	assert_int_equal(wake(client, 3, WORD, ~0u), 1);
	assert_int_equal(fake_answer_error(a), 0);
	fake_now += 10;
	timer_event();
	/* Over already: only if there is something to wait for. */
	assert_int_equal(
	    fake_answer_error(wait_for(client, 1, WORD, VALUE, fake_now)),
	    TINE_ETIMEDOUT);
	assert_int_equal(
	    fake_answer_error(wait_for(client, 1, WORD, VALUE + 1, fake_now)),
	    TINE_EAGAIN);
}

static void
f79_one_that_ends_is_in_no_queue(void **state)
{
	static const char strings[] = "/bin/small";

	(void)state;
	(void)wait_for(client, 2, WORD, VALUE, fake_now + 10);
	(void)waiting(3, WORD);
	fake_window(strings, sizeof(strings));
	(void)LWP_CALL(client, 1, exec, .bytes = sizeof(strings));
	assert_int_equal(pid_proc(client)->nlwps, 1);
	fake_now += 10;
	timer_event();
	assert_int_equal(wake(client, 1, WORD, ~0u), 0);
	assert_int_equal(client_lwp_create(client, 1, 0), 2);
	(void)wait_for(client, 2, WORD, VALUE, fake_now + 10);
	(void)waiting(1, WORD);
	assert_int_equal(client_kill(1, client, 9), 0);
	fake_now += 10;
	timer_event();
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(only_the_value_that_is_expected_is_waited_for),
	    TEST(what_is_no_word_is_refused),
	    TEST(the_longest_wait_ends_first_and_only_so_many),
	    TEST(other_words_are_other_queues_even_with_the_same_hash),
	    TEST(the_same_address_of_another_space_is_another_word),
	    TEST(shared_memory_is_the_same_word_for_all_that_share_it),
	    TEST(the_wake_of_a_killed_one_goes_to_another),
	    TEST(who_has_looked_passes_nothing_on),
	    TEST(the_wake_before_the_last_goes_to_another_too),
	    TEST(who_exits_passes_its_wake_on),
	    TEST(shared_and_private_waits_do_not_meet),
	    TEST(private_memory_is_not_waited_for_as_shared),
	    TEST(f03_a_vfork_child_wakes_those_it_shares_the_space_with),
	    TEST(a_wait_ends_at_its_deadline),
	    TEST(f79_one_that_ends_is_in_no_queue),
	};

	return cmocka_run_group_tests(tests, client_start, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_exec.c - running another program.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <procsrv/exec_image.h>
#include <procsrv/pid.h>
#include <procsrv/proc.h>

#include "proc_client.h"
#include "proc_elf.h"

/* A string literal's strings, the last NUL included. */
#define STRINGS(literal) (literal), sizeof(literal)

static struct elf_small broken;

static int
start(void **state)
{
	(void)state;
	client_boot();
	broken = elf_small;
	broken.header.machine = 62;
	fake_file("bin/small", 0100755, &elf_small, sizeof(elf_small));
	fake_file("bin/data", 0100644, &elf_small, sizeof(elf_small));
	fake_file("bin/broken", 0100755, &broken, sizeof(broken));
	return 0;
}

static token_t
exec(uint32_t argc, uint32_t envc, const char *strings, size_t bytes)
{
	fake_window(strings, bytes);
	return CLIENT_CALL(
	    client, exec, .argc = argc, .envc = envc, .bytes = bytes);
}

static int
exec_error(uint32_t argc, uint32_t envc, const char *strings, size_t bytes)
{
	return fake_answer_error(exec(argc, envc, strings, bytes));
}

/* The string that the new program finds at an address of its stack. */
static const char *
stack_string(uint64_t address)
{
	size_t length;
	const uint8_t *bytes = fake_stack(&length);

	assert_in_range(address, FAKE_STACK_TOP - length, FAKE_STACK_TOP - 1);
	return (const char *)bytes + length - (FAKE_STACK_TOP - address);
}

static uint64_t
stack_word(uint64_t sp, uint32_t index)
{
	uint64_t word;

	memcpy(&word, stack_string(sp + 8ul * index), sizeof(word));
	return word;
}

static void
the_program_finds_arguments_environment_and_auxiliary_vector(void **state)
{
	token_t token = exec(2, 1, STRINGS("/bin/small\0small\0-x y\0HOME=/"));
	const struct regs *regs = fake_answer_regs(token);
	uint64_t sp = regs->x[2];
	struct regs expected = {0};

	(void)state;
	expected.x[0] = ELF_SMALL_ENTRY;
	expected.x[2] = sp;
	assert_memory_equal(regs, &expected, sizeof(expected));
	assert_int_equal(sp % 16, 0);
	assert_int_equal(stack_word(sp, 0), 2);
	assert_string_equal(stack_string(stack_word(sp, 1)), "small");
	assert_string_equal(stack_string(stack_word(sp, 2)), "-x y");
	assert_int_equal(stack_word(sp, 3), 0);
	assert_string_equal(stack_string(stack_word(sp, 4)), "HOME=/");
	assert_int_equal(stack_word(sp, 5), 0);
	/* AT_PHDR, PHENT, PHNUM, PAGESZ, ENTRY, NULL */
	assert_int_equal(stack_word(sp, 6), 3);
	assert_int_equal(stack_word(sp, 7), 0x10040);
	assert_int_equal(stack_word(sp, 8), 4);
	assert_int_equal(stack_word(sp, 9), 56);
	assert_int_equal(stack_word(sp, 10), 5);
	assert_int_equal(stack_word(sp, 11), 3);
	assert_int_equal(stack_word(sp, 12), 6);
	assert_int_equal(stack_word(sp, 13), 4096);
	assert_int_equal(stack_word(sp, 14), 9);
	assert_int_equal(stack_word(sp, 15), ELF_SMALL_ENTRY);
	assert_int_equal(stack_word(sp, 16), 0);
	assert_int_equal(stack_word(sp, 17), 0);
	assert_int_equal(fake_segments(), 2);
}

static void
no_arguments_at_all_are_fine(void **state)
{
	token_t token = exec(0, 0, STRINGS("bin/small"));
	uint64_t sp = fake_answer_regs(token)->x[2];

	(void)state;
	assert_int_equal(stack_word(sp, 0), 0);
	assert_int_equal(stack_word(sp, 1), 0);
	assert_int_equal(stack_word(sp, 2), 0);
	assert_int_equal(stack_word(sp, 3), 3);
}

static void
nothing_of_an_earlier_exec_is_on_the_stack(void **state)
{
	static char big[4000] = "/bin/small";
	const uint8_t *bytes;
	size_t length;

	(void)state;
	memset(big + sizeof("/bin/small"), 'S', 3000);
	(void)exec(1, 0, big, sizeof("/bin/small") + 3001);
	for (uint32_t extra = 0; extra < 16; extra++) {
		char strings[64] = "/bin/small";

		memset(strings + sizeof("/bin/small"), 'a', extra);
		(void)exec(1, 0, strings, sizeof("/bin/small") + extra + 1);
		bytes = fake_stack(&length);
		assert_null(memchr(bytes, 'S', length));
	}
}

static void
f24_f74_the_process_is_itself_with_another_name(void **state)
{
	struct proc *proc = pid_proc(client);
	uint64_t identity = client_identity(client);
	uint64_t space = proc->space;

	(void)state;
	proc->flags |= PROC_NOCLDWAIT | PROC_CLDSIGIGN;
	(void)exec(0, 0, STRINGS("/bin/small"));
	assert_ptr_equal(pid_proc(client), proc);
	assert_true(client_identity(client) == identity);
	assert_string_equal(proc->name, "small");
	assert_int_equal(fake_space_users(space), 0);
	assert_int_equal(fake_space_users(proc->space), 1);
	assert_false(
	    proc->flags & (PROC_AFORK | PROC_NOCLDWAIT | PROC_CLDSIGIGN));
	assert_int_equal(proc_lwp(proc)->lid, 1);
}

static void
a_path_may_be_written_in_several_ways(void **state)
{
	static const char *const paths[] = {"bin/small", "/bin/small",
	    "//bin//small", "./bin/small", "/./bin/./small"};

	(void)state;
	for (uint32_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		token_t token = exec(0, 0, paths[i], strlen(paths[i]) + 1);

		assert_int_equal(fake_token_state(token), FAKE_ANSWERED_REGS);
		assert_string_equal(pid_proc(client)->name, "small");
	}
}

/* The process as it is; nothing may touch it. */
static struct proc
copy_of(int32_t of)
{
	return *pid_proc(of);
}

static const struct {
	const char *strings;
	size_t bytes;
	uint32_t argc, envc;
	int error;
} refused[] = {
    {STRINGS("/bin/none"), 0, 0, TINE_ENOENT},
    {STRINGS("/bin/small/"), 0, 0, TINE_ENOENT},
    {STRINGS("\0"), 0, 0, TINE_ENOENT},
    {STRINGS("/"), 0, 0, TINE_EACCES},
    {STRINGS("/bin/data"), 0, 0, TINE_EACCES},
    {STRINGS("/bin/broken"), 0, 0, TINE_ENOEXEC},
    /* Fewer or more strings than were said. */
    {STRINGS("/bin/small\0a"), 2, 0, TINE_EINVAL},
    {STRINGS("/bin/small\0a\0b"), 1, 0, TINE_EINVAL},
    {STRINGS("/bin/small\0a\0b"), 0, 1, TINE_EINVAL},
    {STRINGS("/bin/small\0a"), 1, 1, TINE_EINVAL},
    {STRINGS("/bin/small\0a"), 0, 0, TINE_EINVAL},
    /* The last string has no end; the path has none. */
    {"/bin/small\0ab", 13, 1, 0, TINE_EINVAL},
    {"/bin/small", 10, 0, 0, TINE_EINVAL},
    {"", 0, 0, 0, TINE_EINVAL},
    /* Numbers that are absurd. */
    {STRINGS("/bin/small"), ~0u, ~0u, TINE_E2BIG},
    {STRINGS("/bin/small"), 0, 100, TINE_EINVAL},
};

static void
what_cannot_be_run_is_refused_and_nothing_changes(void **state)
{
	struct snapshot then = snapshot_take();
	struct proc proc = copy_of(client), now;

	(void)state;
	for (uint32_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		int error = exec_error(refused[i].argc, refused[i].envc,
		    refused[i].strings, refused[i].bytes);

		if (error != refused[i].error)
			fail_msg("case %u: %d", i, error);
		snapshot_assert_equal(&then);
		now = copy_of(client);
		assert_memory_equal(&now, &proc, sizeof(proc));
	}
}

static const enum fake_step steps[] = {
    FAKE_COPY_IN,
    FAKE_OBJECT_OPEN,
    FAKE_OBJECT_READ,
    FAKE_EXEC_BEGIN,
    FAKE_EXEC_MAP,
    FAKE_EXEC_TOP,
    FAKE_EXEC_STACK,
    FAKE_EXEC_COMMIT,
};

static void
whichever_step_fails_the_process_stays_as_it_was(void **state)
{
	struct snapshot then = snapshot_take();
	struct proc proc = copy_of(client), now;

	(void)state;
	for (uint32_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		fake_fail(steps[i], TINE_ENOMEM);
		assert_int_equal(
		    exec_error(0, 0, STRINGS("/bin/small")), TINE_ENOMEM);
		snapshot_assert_equal(&then);
		now = copy_of(client);
		assert_memory_equal(&now, &proc, sizeof(proc));
	}
	/* The second segment. */
	fake_fail_after(FAKE_EXEC_MAP, 1, TINE_ENOMEM);
	assert_int_equal(exec_error(0, 0, STRINGS("/bin/small")), TINE_ENOMEM);
	snapshot_assert_equal(&then);
}

static int
set_ids(uint32_t which, uint32_t a, uint32_t b)
{
	return CLIENT_ERROR(client, setids, .which = which, .a = a, .b = b);
}

static void
f24_what_was_given_up_cannot_be_taken_back_after_exec(void **state)
{
	struct proc proc, now;
	struct snapshot then;

	(void)state;
	assert_int_equal(set_ids(PROC_SETREGID, 100, 0), 0);
	assert_int_equal(set_ids(PROC_SETEGID, 100, 0), 0);
	assert_int_equal(set_ids(PROC_SETREUID, 100, 0), 0);
	assert_int_equal(set_ids(PROC_SETEUID, 100, 0), 0);
	then = snapshot_take();
	proc = copy_of(client);
	fake_fail(FAKE_EXEC_COMMIT, TINE_ENOMEM);
	assert_int_equal(exec_error(0, 0, STRINGS("/bin/small")), TINE_ENOMEM);
	snapshot_assert_equal(&then);
	now = copy_of(client);
	assert_memory_equal(&now, &proc, sizeof(proc));

	assert_int_equal(fake_token_state(exec(0, 0, STRINGS("/bin/small"))),
	    FAKE_ANSWERED_REGS);
	snapshot_assert_equal(&then);
	assert_int_equal(set_ids(PROC_SETEUID, 0, 0), TINE_EPERM);
	assert_int_equal(set_ids(PROC_SETEGID, 0, 0), TINE_EPERM);
	assert_int_equal(set_ids(PROC_SETEUID, 100, 0), 0);
}

static void
a_window_that_is_shorter_than_it_claims_is_a_fault(void **state)
{
	(void)state;
	fake_window("/bin/small", 11);
	assert_int_equal(
	    CLIENT_ERROR(client, exec, .argc = 1, .bytes = 20), TINE_EFAULT);
	assert_int_equal(CLIENT_ERROR(client, exec, .bytes = ~0ul), TINE_E2BIG);
}

static void
a_long_path_and_a_long_list_have_their_errors(void **state)
{
	size_t size = PROC_ARG_MAX + 4096;
	char *big = calloc(1, size);

	(void)state;
	assert_non_null(big);
	memset(big, '/', 2000);
	assert_int_equal(exec_error(0, 0, big, 2001), TINE_ENAMETOOLONG);
	memset(big, 'x', size - 1);
	memcpy(big, "/bin/small", 11);
	/* As much as fits with the pointer... */
	assert_int_equal(
	    fake_token_state(exec(1, 0, big, 11 + PROC_ARG_MAX - 8)),
	    FAKE_ANSWERED);
	big[11 + PROC_ARG_MAX - 8 - 1] = '\0';
	assert_int_equal(
	    fake_token_state(exec(1, 0, big, 11 + PROC_ARG_MAX - 8)),
	    FAKE_ANSWERED_REGS);
	/* ...and more than ARG_MAX can be, whatever the path. */
	assert_int_equal(exec_error(1, 0, big, size), TINE_E2BIG);
	memset(big + 11, 0, PROC_ARG_MAX);
	assert_int_equal(
	    exec_error(PROC_ARG_MAX / 8, 0, big, 11 + PROC_ARG_MAX / 2),
	    TINE_E2BIG);
	free(big);
}

static void
f78_a_user_over_the_limit_cannot_exec_after_setuid(void **state)
{
	int32_t a = client_fork(1), b = client_fork(1);

	(void)state;
	assert_int_equal(
	    CLIENT_ERROR(client, setrlimit, .resource = PROC_LIMIT_NPROC,
		.soft = 2, .hard = 2),
	    0);
	assert_int_equal(client_setuid(a, 100), 0);
	assert_int_equal(client_setuid(b, 100), 0);
	assert_int_equal(client_setuid(client, 100), 0);
	assert_int_equal(exec_error(0, 0, STRINGS("/bin/small")), TINE_EAGAIN);
	client_bury(1, b);
	assert_int_equal(fake_token_state(exec(0, 0, STRINGS("/bin/small"))),
	    FAKE_ANSWERED_REGS);
	/* It has executed a program as that user: SUGID no more. */
	assert_false(pid_proc(client)->flags & PROC_SUGID);
	client_bury(1, a);
}

static void
f78_effective_root_may_exec_over_the_limit(void **state)
{
	(void)state;
	assert_int_equal(
	    CLIENT_ERROR(client, setrlimit, .resource = PROC_LIMIT_NPROC,
		.soft = 0, .hard = 0),
	    0);
	assert_int_equal(CLIENT_ERROR(client, setids, .which = PROC_SETREUID,
			     .a = 100, .b = 0),
	    0);
	assert_int_equal(fake_token_state(exec(0, 0, STRINGS("/bin/small"))),
	    FAKE_ANSWERED_REGS);
	/* The ids differ still. */
	assert_true(pid_proc(client)->flags & PROC_SUGID);
}

static void
a_long_name_is_cut(void **state)
{
	static const char path[] = "bin/a-name-that-is-longer-than-it-can-be";

	(void)state;
	fake_file(path, 0100755, &elf_small, sizeof(elf_small));
	(void)exec(0, 0, path, sizeof(path));
	assert_string_equal(pid_proc(client)->name, "a-name-that-is-longer-t");
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, client_setup, client_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(the_program_finds_arguments_environment_and_auxiliary_vector),
	    TEST(no_arguments_at_all_are_fine),
	    TEST(nothing_of_an_earlier_exec_is_on_the_stack),
	    TEST(f24_f74_the_process_is_itself_with_another_name),
	    TEST(a_path_may_be_written_in_several_ways),
	    TEST(what_cannot_be_run_is_refused_and_nothing_changes),
	    TEST(whichever_step_fails_the_process_stays_as_it_was),
	    TEST(f24_what_was_given_up_cannot_be_taken_back_after_exec),
	    TEST(a_window_that_is_shorter_than_it_claims_is_a_fault),
	    TEST(a_long_path_and_a_long_list_have_their_errors),
	    TEST(f78_a_user_over_the_limit_cannot_exec_after_setuid),
	    TEST(f78_effective_root_may_exec_over_the_limit),
	    TEST(a_long_name_is_cut),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_exec.c - what exec sends, with a procsrv that knows a few files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <internal.h>
#include <ipc/proc.h>

/* The last request, and all paths that were tried. */
static char window[2 * PROC_ARG_MAX];
static size_t window_size;
static struct proc_exec_req request;
static char tried[1024];

/* Paths, and how their execution fails; any other is not there. */
static const struct file {
	const char *path;
	int error;
} files[] = {
    {"/secret/tool", TINE_EACCES},
    {"/text/tool", TINE_ENOEXEC},
};

/* The host's errno.h has other numbers than the target's: libc/fail.c. */
int
__tine_fail(int error)
{
	errno = error;
	return -1;
}

int
ipc_call(cap_t endpoint, struct ipc_msg *msg)
{
	int error = TINE_ENOENT;

	assert_int_equal(endpoint, SLOT_PROC);
	assert_int_equal(MSG_LABEL(msg->info), proc_exec_call);
	assert_true(msg->info & MSG_WINDOW_READ);
	assert_true(msg->window_size <= sizeof(window));
	memcpy(&request, msg->words, sizeof(request));
	assert_int_equal(request.bytes, msg->window_size);
	memcpy(window, (const void *)msg->window, msg->window_size);
	window_size = msg->window_size;
	strcat(strcat(tried, window), " ");
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (strcmp(files[i].path, window) == 0)
			error = files[i].error;
	}
	msg->info = MSG_INFO(error, 0);
	return 0;
}

static int
fresh(void **state)
{
	(void)state;
	memset(window, 0, sizeof(window));
	memset(&request, 0, sizeof(request));
	window_size = 0;
	tried[0] = '\0';
	errno = 0;
	return 0;
}

static void
assert_window(const char *expected, size_t size)
{
	assert_int_equal(window_size, size);
	assert_memory_equal(window, expected, size);
}

static char *const arguments[] = {
    (char[]){"one"}, (char[]){""}, (char[]){"three"}, NULL};
static char *const nothing[] = {NULL};
static char *const variables[] = {(char[]){"A=1"}, NULL};

static void
the_window_is_path_arguments_environment(void **state)
{
	static const char expected[] = "/bin/x\0one\0\0three\0A=1";

	(void)state;
	assert_int_equal(execve("/bin/x", arguments, variables), -1);
	assert_int_equal(errno, TINE_ENOENT);
	assert_window(expected, sizeof(expected));
	assert_int_equal(request.argc, 3);
	assert_int_equal(request.envc, 1);
}

static void
empty_lists_leave_the_path(void **state)
{
	(void)state;
	assert_int_equal(execve("/x", nothing, nothing), -1);
	assert_window("/x", 3);
	assert_int_equal(request.argc, 0);
	assert_int_equal(request.envc, 0);
}

static void
too_much_is_refused_without_a_request(void **state)
{
	static char big[PROC_ARG_MAX + 1];
	static char path[PROC_PATH_MAX + 1];
	char *const argv[] = {big, NULL};

	(void)state;
	memset(big, 'a', PROC_ARG_MAX);
	assert_int_equal(execve("/x", argv, nothing), -1);
	assert_int_equal(errno, TINE_E2BIG);
	memset(path, 'a', PROC_PATH_MAX);
	assert_int_equal(execve(path, nothing, nothing), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	assert_int_equal(window_size, 0);
}

static void
just_enough_is_sent(void **state)
{
	static char big[PROC_ARG_MAX];
	char *const argv[] = {big, NULL};

	(void)state;
	memset(big, 'a', PROC_ARG_MAX - 1);
	assert_int_equal(execve("/x", argv, nothing), -1);
	assert_int_equal(errno, TINE_ENOENT);
	assert_int_equal(window_size, sizeof("/x") + PROC_ARG_MAX);
}

static void
a_slash_means_no_search(void **state)
{
	(void)state;
	setenv("PATH", "/a:/b", 1);
	assert_int_equal(execvp("c/d", arguments), -1);
	assert_string_equal(tried, "c/d ");
}

static void
every_directory_of_path_is_tried(void **state)
{
	(void)state;
	setenv("PATH", "/a::/b", 1);
	assert_int_equal(execvpe("tool", arguments, variables), -1);
	assert_string_equal(tried, "/a/tool tool /b/tool ");
	assert_int_equal(errno, TINE_ENOENT);
}

static void
without_path_there_is_a_default(void **state)
{
	(void)state;
	unsetenv("PATH");
	assert_int_equal(execvpe("tool", arguments, variables), -1);
	assert_string_equal(tried, "/bin/tool /sbin/tool ");
}

static void
a_file_that_may_not_be_run_is_remembered(void **state)
{
	(void)state;
	setenv("PATH", "/a:/secret:/b", 1);
	assert_int_equal(execvpe("tool", arguments, variables), -1);
	assert_string_equal(tried, "/a/tool /secret/tool /b/tool ");
	assert_int_equal(errno, TINE_EACCES);
}

static void
a_file_that_is_no_program_ends_the_search(void **state)
{
	(void)state;
	setenv("PATH", "/text:/b", 1);
	assert_int_equal(execvpe("tool", arguments, variables), -1);
	assert_string_equal(tried, "/text/tool ");
	assert_int_equal(errno, TINE_ENOEXEC);
}

static void
lists_become_vectors(void **state)
{
	static const char expected[] = "/p\0p\0q\0r\0A=1";

	(void)state;
	assert_int_equal(
	    execle("/p", "p", "q", "r", (char *)NULL, variables), -1);
	assert_window(expected, sizeof(expected));
	assert_int_equal(request.argc, 3);
	assert_int_equal(request.envc, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(
		the_window_is_path_arguments_environment, fresh),
	    cmocka_unit_test_setup(empty_lists_leave_the_path, fresh),
	    cmocka_unit_test_setup(
		too_much_is_refused_without_a_request, fresh),
	    cmocka_unit_test_setup(just_enough_is_sent, fresh),
	    cmocka_unit_test_setup(a_slash_means_no_search, fresh),
	    cmocka_unit_test_setup(every_directory_of_path_is_tried, fresh),
	    cmocka_unit_test_setup(without_path_there_is_a_default, fresh),
	    cmocka_unit_test_setup(
		a_file_that_may_not_be_run_is_remembered, fresh),
	    cmocka_unit_test_setup(
		a_file_that_is_no_program_ends_the_search, fresh),
	    cmocka_unit_test_setup(lists_become_vectors, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exec.c - replacing the program.
 *
 * Path, arguments and environment travel as one window: string after string.
 * They are gathered on the stack.  A vfork child may not use malloc() or
 * mmap(), whose traces the parent would find, but its stack below the frame
 * that called vfork() is its own.
 */
#define _GNU_SOURCE 1 /* execvpe */
#include "internal.h"

#include <alloca.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ipc/proc.h>

#define DEFAULT_PATH "/bin:/sbin"

/* How many strings, and how many bytes with their NULs are added to *bytes. */
static uint32_t
strings_count(char *const strings[], size_t *bytes)
{
	uint32_t count = 0;

	while (strings != NULL && strings[count] != NULL)
		*bytes += strlen(strings[count++]) + 1;
	return count;
}

static char *
strings_copy(char *to, char *const strings[], uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		to = stpcpy(to, strings[i]) + 1;
	return to;
}

/*
 * Run another program in this process.  Returns -1 with errno
 *	ENOENT		no such file
 *	EACCES		it is not executable
 *	ENOEXEC		it is not a program for this machine
 *	E2BIG		more than ARG_MAX bytes of arguments and environment
 *	ENAMETOOLONG	path longer than PATH_MAX
 *	ENOMEM		not enough memory
 *	EAGAIN		its user has too many processes
 */
int
execve(const char *path, char *const argv[], char *const envp[])
{
	struct proc_exec_req req = {0};
	struct proc_exec_rep rep;
	size_t path_bytes = strlen(path) + 1;
	size_t bytes = 0;
	char *window, *end;

	if (path_bytes > PROC_PATH_MAX)
		return __tine_fail(ENAMETOOLONG);
	req.argc = strings_count(argv, &bytes);
	req.envc = strings_count(envp, &bytes);
	if (bytes > PROC_ARG_MAX)
		return __tine_fail(E2BIG);
	window = alloca(path_bytes + bytes);
	end = stpcpy(window, path) + 1;
	end = strings_copy(end, argv, req.argc);
	end = strings_copy(end, envp, req.envc);
	req.bytes = (uint64_t)(end - window);
	return __tine_fail(proc_exec(SLOT_PROC, &req, &rep, window, req.bytes));
}

int
execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

/* Try file in the directory of length bytes; errno says why it failed. */
static void
exec_in(const char *directory, size_t length, const char *file,
    char *const argv[], char *const envp[])
{
	char path[PROC_PATH_MAX];

	if (length + strlen(file) + 2 > sizeof(path)) {
		errno = ENAMETOOLONG;
		return;
	}
	memcpy(path, directory, length);
	/* An empty directory in PATH is the current one. */
	if (length > 0)
		path[length++] = '/';
	strcpy(path + length, file);
	execve(path, argv, envp);
}

/*
 * As execve(), with a file without a slash looked for in the directories of
 * PATH.  EACCES if it was in one but is not executable anywhere.
 */
int
execvpe(const char *file, char *const argv[], char *const envp[])
{
	const char *path = getenv("PATH");
	int seen = ENOENT;

	if (strchr(file, '/') != NULL)
		return execve(file, argv, envp);
	if (*file == '\0')
		return __tine_fail(ENOENT);
	if (path == NULL)
		path = DEFAULT_PATH;
	for (;;) {
		size_t length = strcspn(path, ":");

		exec_in(path, length, file, argv, envp);
		if (errno == EACCES)
			seen = EACCES;
		else if (errno != ENOENT && errno != ENAMETOOLONG)
			return -1;
		if (path[length] == '\0')
			return __tine_fail(seen);
		path += length + 1;
	}
}

int
execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

/* How many arguments up to NULL; the list itself stays as it was. */
static size_t
list_length(const char *first, va_list list)
{
	size_t length = 1;
	va_list copy;

	if (first == NULL)
		return 0;
	va_copy(copy, list);
	while (va_arg(copy, char *) != NULL)
		length++;
	va_end(copy);
	return length;
}

/*
 * Make argv of first and list, which is left after the NULL.  A macro, as
 * what alloca() gives is gone when a function returns.
 */
#define LIST_TO_ARGV(argv, first, list) \
	do { \
		size_t length_ = list_length(first, list); \
\
		(argv) = alloca((length_ + 1) * sizeof(*(argv))); \
		list_copy(argv, first, length_, &(list)); \
	} while (0)

static void
list_copy(char **argv, const char *first, size_t length, va_list *list)
{
	argv[0] = (char *)(uintptr_t)first;
	for (size_t i = 1; i < length; i++)
		argv[i] = va_arg(*list, char *);
	if (length > 0)
		(void)va_arg(*list, char *);
	argv[length] = NULL;
}

int
execl(const char *path, const char *first, ...)
{
	va_list list;
	char **argv;

	va_start(list, first);
	LIST_TO_ARGV(argv, first, list);
	va_end(list);
	return execve(path, argv, environ);
}

int
execle(const char *path, const char *first, ...)
{
	char *const *envp;
	va_list list;
	char **argv;

	va_start(list, first);
	LIST_TO_ARGV(argv, first, list);
	envp = va_arg(list, char *const *);
	va_end(list);
	return execve(path, argv, envp);
}

int
execlp(const char *file, const char *first, ...)
{
	va_list list;
	char **argv;

	va_start(list, first);
	LIST_TO_ARGV(argv, first, list);
	va_end(list);
	return execvpe(file, argv, environ);
}

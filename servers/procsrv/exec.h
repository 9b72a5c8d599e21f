/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exec.h - running another program.
 */
#ifndef TINE_PROCSRV_EXEC_H
#define TINE_PROCSRV_EXEC_H

#include <abi/types.h>

struct lwp;

struct exec_args {
	uint32_t argc;
	uint32_t envc;
	uint64_t bytes; /* of strings: path, arguments, environment */
};

/*
 * Replace the program of a process by one of the boot archive.  The caller's
 * window, by token, holds the strings.  Returns SERVE_LATER: the caller runs
 * the new program; or, with the process as it was,
 *	EAGAIN		its user has too many processes (F78)
 *	E2BIG		the strings are more than ARG_MAX
 *	EINVAL		they are not as many as argc and envc say
 *	ENAMETOOLONG	the path is
 *	ENOENT		no such file
 *	EACCES		it may not be executed
 *	ENOEXEC		it is not a program for this machine
 *	ENOMEM		no memory for it
 *	EFAULT, ESTALE	the caller's window, or the caller, is not there
 */
int exec_call(struct lwp *lwp, token_t token, const struct exec_args *args);

/*
 * Start the program of a process that has none yet.  The strings are here
 * already, args->bytes of them.  Errors as above; the process has no space
 * then.
 */
int exec_first(
    struct lwp *lwp, const struct exec_args *args, const char *strings);

#endif

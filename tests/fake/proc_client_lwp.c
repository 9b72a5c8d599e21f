/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_client_lwp.c - clients with several LWPs.
 */
#include "proc_client_lwp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <procsrv/pid.h>

struct lwp *
client_lwp(int32_t pid, int32_t lid)
{
	struct lwp *lwp;

	assert_non_null(pid_proc(pid));
	lwp = lwp_find(pid_proc(pid), lid);
	assert_non_null(lwp);
	return lwp;
}

uint64_t
client_lwp_identity(int32_t pid, int32_t lid)
{
	return lwp_identity(client_lwp(pid, lid));
}

int32_t
client_lwp_create(int32_t pid, int32_t lid, uint32_t flags)
{
	const struct regs regs = {.x[0] = CLIENT_LWP_PC, .x[2] = CLIENT_LWP_SP};
	struct proc_lwp_create_rep rep;
	token_t token;
	int error;

	fake_window(&regs, sizeof(regs));
	token = LWP_CALL(pid, lid, lwp_create, .flags = flags);
	error = fake_answer_error(token);
	if (error)
		return -error;
	memcpy(&rep, fake_answer(token), sizeof(rep));
	return rep.lid;
}

void
client_lwp_exit(int32_t pid, int32_t lid)
{
	(void)client_call_as(
	    client_lwp_identity(pid, lid), proc_lwp_exit_call, "", 0);
}

int32_t
client_lwp_waited(token_t token)
{
	struct proc_lwp_wait_rep rep;
	int error;

	if (fake_token_state(token) == FAKE_PENDING)
		return CLIENT_BLOCKED;
	error = fake_answer_error(token);
	if (error)
		return -error;
	memcpy(&rep, fake_answer(token), sizeof(rep));
	return rep.lid;
}

int32_t
client_lwp_wait(int32_t pid, int32_t lid, int32_t which)
{
	return client_lwp_waited(LWP_CALL(pid, lid, lwp_wait, .lid = which));
}

int32_t
client_lwp_vfork(int32_t pid, int32_t lid, uint32_t flags, token_t *tokenp)
{
	*tokenp = LWP_CALL(pid, lid, fork, .flags = flags, .exitsig = 20);
	assert_int_equal(fake_token_state(*tokenp), FAKE_PENDING);
	return client_youngest(pid);
}

int32_t
client_forked(token_t token)
{
	struct proc_fork_rep rep;

	assert_int_equal(fake_answer_error(token), 0);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	assert_int_equal(rep.second, 0);
	return rep.pid;
}

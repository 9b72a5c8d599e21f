/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_client.c - processes that make requests of procsrv, for its tests.
 */
#include "proc_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <procsrv/boot.h>
#include <procsrv/cputime.h>
#include <procsrv/cred.h>
#include <procsrv/limit.h>
#include <procsrv/pgrp.h>
#include <procsrv/pid.h>
#include <procsrv/proc.h>
#include <procsrv/ptimer.h>
#include <procsrv/serve.h>
#include <procsrv/sigacts.h>
#include <procsrv/siginfo.h>

#include "proc_elf.h"

void
client_boot(void)
{
	fake_start();
	fake_file("sbin/init", 0100755, &elf_small, sizeof(elf_small));
	assert_int_equal(boot(), 0);
	assert_int_equal(initproc->pid, 1);
}

int
client_start(void **state)
{
	(void)state;
	client_boot();
	fake_file("bin/small", 0100755, &elf_small, sizeof(elf_small));
	return 0;
}

struct snapshot
snapshot_take(void)
{
	struct snapshot now;

	memset(&now, 0, sizeof(now));
	now.live = fake_live;
	now.nprocs = nprocs;
	now.procs = proc_count();
	now.lwps = lwp_count();
	now.creds = cred_count();
	now.users = user_count();
	now.limits = limits_count();
	now.pgrps = pgrp_count();
	now.sessions = session_count();
	now.root_procs = user_procs(0);
	now.sigacts = sigacts_count();
	now.siginfos = siginfo_count();
	now.ptimers = ptimer_count();
	now.cputimes = cputime_count();
	return now;
}

void
snapshot_assert_equal(const struct snapshot *before)
{
	struct snapshot now = snapshot_take();

	client_check();
	assert_memory_equal(&now, before, sizeof(now));
}

void
client_check(void)
{
	for (uint32_t i = 0; i < pid_table_size(); i++) {
		if (pid_slot_proc(i) != NULL)
			proc_check(pid_slot_proc(i));
	}
}

uint64_t
client_identity(int32_t pid)
{
	struct proc *proc = pid_proc(pid);

	assert_non_null(proc);
	assert_non_null(proc_lwp(proc));
	return lwp_identity(proc_lwp(proc));
}

token_t
client_call_as(
    uint64_t identity, uint32_t number, const void *req, size_t bytes)
{
	struct ipc_msg msg = {0};
	token_t token;

	msg.sender = identity;
	msg.kind = SENDER_THREAD;
	token = fake_token(msg.sender);
	msg.token = token;
	ipc_pack(&msg, number, req, bytes);
	fake_serve(&msg);
	return token;
}

token_t
client_call(int32_t pid, uint32_t number, const void *req, size_t bytes)
{
	return client_call_as(client_identity(pid), number, req, bytes);
}

int
client_error(int32_t pid, uint32_t number, const void *req, size_t bytes)
{
	return fake_answer_error(client_call(pid, number, req, bytes));
}

int32_t
client_fork(int32_t pid)
{
	token_t token = CLIENT_CALL(pid, fork, .exitsig = 20);
	struct proc_fork_rep rep;
	int error = fake_answer_error(token);

	if (error)
		return -error;
	memcpy(&rep, fake_answer(token), sizeof(rep));
	assert_int_equal(rep.second, 0);
	return rep.pid;
}

int32_t
client_youngest(int32_t pid)
{
	const struct proc *parent = pid_proc(pid);
	struct link *link;

	assert_non_null(parent);
	link = list_first(&parent->children);
	assert_non_null(link);
	return LIST_ENTRY(link, struct proc, sibling)->pid;
}

int32_t
client_vfork(int32_t pid, uint32_t flags, token_t *tokenp)
{
	*tokenp = CLIENT_CALL(pid, fork, .flags = flags, .exitsig = 20);
	if (fake_token_state(*tokenp) == FAKE_ANSWERED)
		return -fake_answer_error(*tokenp);
	/* The parent does not know the pid yet. */
	return client_youngest(pid);
}

void
client_exit(int32_t pid, int32_t code)
{
	(void)CLIENT_CALL(pid, exit, .status = code);
}

int32_t
client_waited(token_t token, int32_t *statusp)
{
	struct proc_wait_rep rep;
	int error;

	if (fake_token_state(token) == FAKE_PENDING)
		return CLIENT_BLOCKED;
	error = fake_answer_error(token);
	if (error)
		return -error;
	memcpy(&rep, fake_answer(token), sizeof(rep));
	if (rep.pid != 0 && statusp != NULL)
		*statusp = rep.status;
	return rep.pid;
}

token_t
client_waits(int32_t pid, int32_t which, uint32_t options)
{
	return CLIENT_CALL(pid, wait,
	    .idtype = which == -1 ? PROC_P_ALL
		      : which > 0 ? PROC_P_PID
				  : PROC_P_PGID,
	    .id = which > 0 ? which : (int32_t)(0u - (uint32_t)which),
	    .options = options | CLIENT_WAIT4);
}

int32_t
client_wait(int32_t pid, int32_t which, uint32_t options, int32_t *statusp)
{
	return client_waited(client_waits(pid, which, options), statusp);
}

int
client_kill(int32_t pid, int32_t target, int32_t signal)
{
	return CLIENT_ERROR(pid, kill, .pid = target, .signal = signal);
}

int
client_setuid(int32_t pid, uint32_t uid)
{
	return CLIENT_ERROR(pid, setids, .which = PROC_SETUID, .a = uid);
}

int
client_setpgid(int32_t pid, int32_t target, int32_t pgid)
{
	return CLIENT_ERROR(pid, setpgid, .pid = target, .pgid = pgid);
}

int
client_setsid(int32_t pid)
{
	token_t token = client_call(pid, proc_setsid_call, "", 0);
	struct proc_setsid_rep rep;

	if (fake_answer_error(token) != 0)
		return fake_answer_error(token);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	assert_int_equal(rep.sid, pid);
	return 0;
}

int32_t
client_ppid(int32_t pid)
{
	token_t token = client_call(pid, proc_ids_call, "", 0);
	struct proc_ids_rep rep;

	assert_int_equal(fake_answer_error(token), 0);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	return rep.ppid;
}

void
client_bury(int32_t parent, int32_t pid)
{
	if (pid_proc(pid)->state != PROC_ZOMBIE)
		(void)client_kill(1, pid, 9);
	assert_int_equal(client_wait(parent, pid, 0, NULL), pid);
}

int32_t client;
static struct snapshot before_client;

int
client_setup(void **state)
{
	(void)state;
	before_client = snapshot_take();
	client = client_fork(1);
	return 0;
}

int
client_teardown(void **state)
{
	(void)state;
	client_check();
	client_bury(1, client);
	snapshot_assert_equal(&before_client);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * boot.c - the first processes.
 *
 * Process 0 is procsrv itself: it has no space and no LWP here, but it is the
 * parent of init and where what is inherited begins.
 */
#include "boot.h"

#include <string.h>

#include <abi/boot.h>
#include <abi/errors.h>
#include <ipc/proc.h>
#include <ipc/tty.h>
#include <ipc/vm.h>

#include "check.h"
#include "cred.h"
#include "exec.h"
#include "fork.h"
#include "limit.h"
#include "pgrp.h"
#include "pid.h"
#include "proc.h"
#include "sigacts.h"
#include "signal.h"
#include "terminal.h"
#include "times.h"

#define INIT_PATH "/sbin/init"
#define PROC0_NAME "system"
#define ARGS_MARK "--"

/* Its path, that again as argv[0], then the words of the bootargs. */
static char init_strings[2 * sizeof(INIT_PATH) + BOOT_ARGS_MAX];
static char bootargs[BOOT_ARGS_MAX];

static int
clock_start(void)
{
	const struct vm_info_req req = {};
	struct vm_info_rep rep;
	int error;

	error = vm_info(SLOT_VM, &req, &rep);
	if (error)
		return error;
	console_init(rep.timebase);
	times_init(rep.timebase);
	return 0;
}

static int
proc0_create(void)
{
	struct proc *proc;
	int error;

	error = proc_alloc(&proc);
	if (error)
		return error;
	error = cred_create_root(&proc->cred);
	if (error)
		goto undo_proc;
	error = limits_create(&proc->limits);
	if (error)
		goto undo_cred;
	pid_claim_zero(proc);
	error = session_create(proc);
	if (error)
		goto undo_limits;

	/* Committed: nothing below can fail. */
	proc->state = PROC_ACTIVE;
	proc->flags = PROC_SYSTEM;
	proc_set_name(proc, PROC0_NAME, strlen(PROC0_NAME));
	/* F10: the count of processes starts at 1. */
	proc->cred->user->procs = 1;
	nprocs = 1;
	proc0 = proc;
	return 0;

undo_limits:
	limits_release(proc->limits);
undo_cred:
	cred_release(proc->cred);
undo_proc:
	proc_free(proc);
	return error;
}

/* The next word of a text, and its length; 0: there is none. */
static size_t
word_next(const char **textp)
{
	const char *text = *textp;

	text += strspn(text, " \t\n");
	*textp = text;
	return strcspn(text, " \t\n");
}

/*
 * Make init's strings: what follows the mark in the bootargs is for it.
 * args must have room for as many words as there can be.
 */
static void
init_arguments(const char *text, struct exec_args *args)
{
	char *end = init_strings;
	bool marked = false;
	size_t length;

	memcpy(end, INIT_PATH, sizeof(INIT_PATH));
	end += sizeof(INIT_PATH);
	memcpy(end, INIT_PATH, sizeof(INIT_PATH));
	end += sizeof(INIT_PATH);
	args->argc = 1;
	args->envc = 0;
	while ((length = word_next(&text)) > 0) {
		if (marked) {
			memcpy(end, text, length);
			end[length] = '\0';
			end += length + 1;
			args->argc++;
		} else {
			marked = length == sizeof(ARGS_MARK) - 1 &&
				 memcmp(text, ARGS_MARK, length) == 0;
		}
		text += length;
	}
	args->bytes = (uint64_t)(end - init_strings);
}

/* Fetch the bootargs, NUL-terminated. */
static int
bootargs_fetch(void)
{
	const struct vm_bootargs_req req = {.size = sizeof(bootargs)};
	struct vm_bootargs_rep rep;
	int error;

	error = vm_bootargs(SLOT_VM, &req, &rep, bootargs, sizeof(bootargs));
	bootargs[sizeof(bootargs) - 1] = '\0';
	return error;
}

/* Make process 1, in a session of its own, without a program. */
static int
init_create(struct lwp **lwpp)
{
	const struct fork_args args = {.exitsig = SIGCHLD};
	struct proc *proc;
	int error;

	error = limit_enter(proc0);
	if (error)
		return error;
	error = pid_reserve();
	if (error)
		return error;
	error = proc_alloc(&proc);
	if (error)
		return error;
	error = lwp_alloc(proc, lwpp);
	if (error)
		return error;
	error = sigacts_create(&proc->sigacts);
	if (error)
		return error;
	fork_inherit(proc0, proc, &args);
	lwp_attach(*lwpp);
	fork_link(proc0, proc, args.flags);
	initproc = proc;
	pgrp_leave(proc);
	return session_create(proc);
}

/*
 * Wait until ttysrv, perhaps on another hart, answers: then its first line is
 * out, before a program can write or have the power switched off.  Nobody is
 * there yet for what was typed.
 */
static void
terminal_await(void)
{
	struct tty_event_rep event;

	(void)tty_event(SLOT_TTY, &(struct tty_event_req){}, &event);
}

int
boot(void)
{
	struct exec_args args;
	struct lwp *lwp;
	int error;

	limit_init();
	cred_init();
	error = clock_start();
	if (error)
		return error;
	error = pid_init();
	if (error)
		return error;
	error = proc0_create();
	if (error)
		return error;
	error = bootargs_fetch();
	if (error)
		return error;
	error = init_create(&lwp);
	if (error)
		return error;
	PROC_ASSERT(initproc->pid == 1);
	terminal_open(initproc);
	terminal_await();
	init_arguments(bootargs, &args);
	return exec_first(lwp, &args, init_strings);
}

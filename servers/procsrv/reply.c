/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reply.c - answers given later than the call's handler returns.
 */
#include "reply.h"

#include <ipc/proc.h>

int
reply_fork(token_t token, int32_t pid, int32_t second)
{
	struct proc_fork_rep rep = {.pid = pid, .second = second};
	struct ipc_msg msg = {0};

	ipc_pack(&msg, 0, &rep, sizeof(rep));
	return ipc_reply(token, msg.info, msg.words);
}

int
reply_wait(token_t token, const struct proc_wait_rep *rep)
{
	struct ipc_msg msg = {0};

	ipc_pack(&msg, 0, rep, sizeof(*rep));
	return ipc_reply(token, msg.info, msg.words);
}

void
sigwait_fill(const struct proc_siginfo *info, struct proc_sigwait_rep *rep)
{
	rep->signal = info->signo;
	rep->code = info->code;
	rep->pid = info->pid;
	rep->uid = info->uid;
	rep->value = info->value;
	rep->status = info->status;
	rep->unused = 0;
}

int
reply_siginfo(token_t token, const struct proc_siginfo *info)
{
	struct proc_sigwait_rep rep;
	struct ipc_msg msg = {0};

	sigwait_fill(info, &rep);
	ipc_pack(&msg, 0, &rep, sizeof(rep));
	return ipc_reply(token, msg.info, msg.words);
}

int
reply_lwp(token_t token, int32_t lid)
{
	struct proc_lwp_wait_rep rep = {.lid = lid};
	struct ipc_msg msg = {0};

	ipc_pack(&msg, 0, &rep, sizeof(rep));
	return ipc_reply(token, msg.info, msg.words);
}

int
reply_error(token_t token, int error)
{
	const uint64_t words[MSG_WORDS] = {0};

	return ipc_reply(token, MSG_INFO(error, 0), words);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_client_signal.c - clients that handle signals.
 */
#include "proc_client_signal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <procsrv/serve.h>

void
client_catch(int32_t pid, int32_t signal, uint32_t flags)
{
	assert_int_equal(
	    CLIENT_ERROR(pid, sigaction, .signal = (uint32_t)signal, .set = 1,
		.handler = CLIENT_HANDLER, .trampoline = CLIENT_TRAMPOLINE,
		.flags = flags),
	    0);
}

void
client_action(int32_t pid, int32_t signal, uint64_t handler)
{
	assert_int_equal(
	    CLIENT_ERROR(pid, sigaction, .signal = (uint32_t)signal, .set = 1,
		.handler = handler),
	    0);
}

uint64_t
client_handler(int32_t pid, int32_t signal, uint32_t *flagsp)
{
	token_t token = CLIENT_CALL(pid, sigaction, .signal = (uint32_t)signal);
	struct proc_sigaction_rep rep;

	assert_int_equal(fake_answer_error(token), 0);
	memcpy(&rep, fake_answer(token), sizeof(rep));
	if (flagsp != NULL)
		*flagsp = rep.flags;
	return rep.handler;
}

uint64_t
client_mask(int32_t pid, uint32_t how, uint64_t set)
{
	token_t token = CLIENT_CALL(pid, sigmask, .how = how, .set = set);

	assert_int_equal(fake_answer_error(token), 0);
	return fake_answer(token)[0];
}

uint64_t
client_pending(int32_t pid)
{
	token_t token = client_call(pid, proc_sigpending_call, "", 0);

	assert_int_equal(fake_answer_error(token), 0);
	return fake_answer(token)[0];
}

token_t
client_kernel(uint64_t identity, uint64_t label, uint64_t word0, uint64_t word1,
    uint64_t word2)
{
	struct ipc_msg msg = {
	    .sender = identity,
	    .kind = SENDER_KERNEL_THREAD,
	    .info = MSG_INFO(label, 3),
	    .words = {word0, word1, word2},
	};
	token_t token = fake_token(identity);

	msg.token = token;
	fake_serve(&msg);
	assert_int_equal(msg.token, 0);
	return token;
}

token_t
client_ast(uint64_t identity)
{
	const struct regs *regs = fake_regs(identity);

	if (!fake_ast_due(identity))
		return 0;
	return client_kernel(identity, MSG_AST, regs->x[0], regs->x[2], 0);
}

token_t
client_run(int32_t pid)
{
	return client_ast(client_identity(pid));
}

static const struct proc_sigframe *
frame_of(token_t token)
{
	return (const void *)fake_answer_signal(token)->head;
}

struct proc_siginfo
client_info(token_t token)
{
	return frame_of(token)->info;
}

uint64_t
client_saved_mask(token_t token)
{
	return frame_of(token)->context.mask;
}

uint32_t
client_saved_stack(token_t token)
{
	return frame_of(token)->context.stack_flags;
}

int32_t
client_handled(token_t token)
{
	if (token == 0 || fake_token_state(token) != FAKE_ANSWERED_SIGNAL)
		return 0;
	assert_int_equal(
	    fake_answer_signal(token)->a0, frame_of(token)->info.signo);
	return frame_of(token)->info.signo;
}

token_t
client_sigreturn(int32_t pid, const struct regs *regs, uint64_t mask)
{
	fake_window(regs, sizeof(*regs));
	return CLIENT_CALL(pid, sigreturn, .mask = mask);
}

token_t
client_return(int32_t pid, token_t handled)
{
	struct regs regs = *fake_saved_regs(handled);

	return client_sigreturn(pid, &regs, client_saved_mask(handled));
}

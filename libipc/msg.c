/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * msg.c - messages on the target; see ipc/msg.h and abi/msg.h.
 *
 * Each function loads the registers that its kernel call takes and stores
 * those that it gives back.  All other temporaries are lost.
 */
#include <ipc/msg.h>

#include <abi/syscalls.h>

#define LOST "t3", "t4", "t5", "t6", "memory"

int
ipc_call(cap_t endpoint, struct ipc_msg *msg)
{
	register uint64_t a0 __asm__("a0") = endpoint;
	register uint64_t a1 __asm__("a1") = msg->info;
	register uint64_t a2 __asm__("a2") = msg->words[0];
	register uint64_t a3 __asm__("a3") = msg->words[1];
	register uint64_t a4 __asm__("a4") = msg->words[2];
	register uint64_t a5 __asm__("a5") = msg->words[3];
	register uint64_t a6 __asm__("a6") = msg->words[4];
	register uint64_t a7 __asm__("a7") = SYS_call;
	register uint64_t t0 __asm__("t0") = msg->words[5];
	register uint64_t t1 __asm__("t1") = msg->window;
	register uint64_t t2 __asm__("t2") = msg->window_size;

	__asm__ volatile("ecall"
			 : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4),
			 "+r"(a5), "+r"(a6), "+r"(a7), "+r"(t0), "+r"(t1),
			 "+r"(t2)
			 :
			 : LOST);
	msg->info = a1;
	msg->words[0] = a2;
	msg->words[1] = a3;
	msg->words[2] = a4;
	msg->words[3] = a5;
	msg->words[4] = a6;
	msg->words[5] = t0;
	return (int)a0;
}

/* A call that ends by receiving: all registers go in, all come out. */
static inline void
receive(uint64_t number, uint64_t arg0, uint64_t arg1,
    const uint64_t words[MSG_WORDS], token_t token, struct ipc_msg *msg)
{
	register uint64_t a0 __asm__("a0") = arg0;
	register uint64_t a1 __asm__("a1") = arg1;
	register uint64_t a2 __asm__("a2") = words[0];
	register uint64_t a3 __asm__("a3") = words[1];
	register uint64_t a4 __asm__("a4") = words[2];
	register uint64_t a5 __asm__("a5") = words[3];
	register uint64_t a6 __asm__("a6") = words[4];
	register uint64_t a7 __asm__("a7") = number;
	register uint64_t t0 __asm__("t0") = words[5];
	register uint64_t t1 __asm__("t1") = token;
	register uint64_t t2 __asm__("t2") = 0;

	__asm__ volatile("ecall"
			 : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4),
			 "+r"(a5), "+r"(a6), "+r"(a7), "+r"(t0), "+r"(t1),
			 "+r"(t2)
			 :
			 : LOST);
	msg->sender = a0;
	msg->info = a1;
	msg->words[0] = a2;
	msg->words[1] = a3;
	msg->words[2] = a4;
	msg->words[3] = a5;
	msg->words[4] = a6;
	msg->words[5] = t0;
	msg->token = t1;
	msg->kind = t2;
}

void
ipc_recv(cap_t endpoint, uint64_t flags, struct ipc_msg *msg)
{
	static const uint64_t none[MSG_WORDS];

	receive(SYS_recv, endpoint, flags, none, 0, msg);
}

void
ipc_reply_recv(cap_t endpoint, struct ipc_msg *msg)
{
	receive(
	    SYS_reply_recv, endpoint, msg->info, msg->words, msg->token, msg);
}

void
ipc_fault_map(cap_t auth, cap_t endpoint, token_t token, uint64_t source,
    uint64_t flags, struct ipc_msg *msg)
{
	const uint64_t words[MSG_WORDS] = {source, flags};

	receive(SYS_fault_map, auth, endpoint, words, token, msg);
}

void
ipc_reply_signal(cap_t endpoint, token_t token,
    const struct signal_delivery *delivery, struct ipc_msg *msg)
{
	const uint64_t words[MSG_WORDS] = {
	    SIGNAL_HEADER_BYTES + delivery->head_bytes, endpoint};

	receive(SYS_reply_signal, token, (uintptr_t)delivery, words, 0, msg);
}

void
ipc_reply_window(cap_t endpoint, token_t token, struct ipc_msg *msg)
{
	const uint64_t words[MSG_WORDS] = {1, endpoint};

	receive(SYS_reply_regs, token, 0, words, 0, msg);
}

/* A call that moves a message and gives back only an error. */
static inline int
hand_over(uint64_t number, uint64_t arg0, uint64_t info,
    const uint64_t words[MSG_WORDS], token_t token)
{
	struct ipc_msg msg;

	receive(number, arg0, info, words, token, &msg);
	return (int)msg.sender;
}

int
ipc_reply(token_t token, uint64_t info, const uint64_t words[MSG_WORDS])
{
	return hand_over(SYS_reply, 0, info, words, token);
}

int
ipc_send(cap_t endpoint, const struct ipc_msg *msg)
{
	return hand_over(SYS_send, endpoint, msg->info, msg->words, 0);
}

int
ipc_forward(cap_t endpoint, token_t token, uint64_t info,
    const uint64_t words[MSG_WORDS])
{
	return hand_over(SYS_forward, endpoint, info, words, token);
}

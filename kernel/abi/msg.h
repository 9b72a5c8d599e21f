/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * msg.h - what a message is, register by register.
 *
 *		call, send	recv delivers	reply		call returns
 *	a0	capability	sender		-		0 or an error
 *	a1	info		info		info		info
 *	a2-a6	words 0-4	words 0-4	words 0-4	words 0-4
 *	t0	word 5		word 5		word 5		word 5
 *	t1	window base	token		token		0
 *	t2	window size	sender kind	-		0
 *	a7	the call's number
 *
 * An error in a0 of a call is the kernel's: nothing was sent, or nobody can
 * answer any more.  A server's error is the label of its reply.
 *
 * All other temporaries (t3-t6) arrive cleared; s0-s11, sp, gp, tp and ra
 * are preserved.  Words beyond the count in the info arrive as 0.
 *
 *	info	 15-0	label: the request's number, or a reply's error
 *		18-16	number of words, 0 to 6
 *		   24	the receiver may read the window
 *		   25	the receiver may write the window
 */
#pragma once

#define MSG_WORDS 6
#define MSG_BYTES (MSG_WORDS * 8)

#define MSG_LABEL_MASK 0xfffful
#define MSG_COUNT_SHIFT 16
#define MSG_COUNT_MASK (7ul << MSG_COUNT_SHIFT)
#define MSG_WINDOW_READ (1ul << 24)
#define MSG_WINDOW_WRITE (1ul << 25)
#define MSG_WINDOW_MASK (MSG_WINDOW_READ | MSG_WINDOW_WRITE)
#define MSG_INFO_MASK (MSG_LABEL_MASK | MSG_COUNT_MASK | MSG_WINDOW_MASK)

#define MSG_INFO(label, count) \
	((uint64_t)(label) | (uint64_t)(count) << MSG_COUNT_SHIFT)
#define MSG_LABEL(info) ((uint32_t)((info)&MSG_LABEL_MASK))
#define MSG_COUNT(info) ((uint32_t)(((info)&MSG_COUNT_MASK) >> 16))

/*
 * Sender kinds, in the low byte of t2.  The kernel alone sets them.  What
 * a0 holds depends on the kind.
 */
enum sender_kind {
	SENDER_NONE = 0, /* no message; a0 is an error (EAGAIN: poll) */
	SENDER_NOTIFICATION = 1, /* a0 0; word 0: the bits that were set */
	SENDER_KERNEL_THREAD = 2, /* fault or exception; a0 as for THREAD */
	SENDER_KERNEL_SPACE = 3, /* fault or exception; a0 as for SPACE */
	SENDER_THREAD = 4, /* a0: the caller's identity */
	SENDER_SPACE = 5, /* a0: the tag of the caller's address space */
	SENDER_BADGE = 6, /* a0: the badge of the capability used */
};
#define SENDER_KIND(t2) ((uint32_t)((t2)&0xff))
/* Set when the message was forwarded; the forwarder's badge is above. */
#define SENDER_FORWARDED 0x100ul
#define SENDER_FORWARDER(t2) ((uint32_t)((t2) >> 32))

/* What an endpoint tells its receiver of senders without a badge. */
enum endpoint_mode {
	ENDPOINT_THREAD = 0, /* their identity */
	ENDPOINT_SPACE = 1, /* their address space's tag */
};

/* Labels of the calls that the kernel makes in a thread's name. */
enum kernel_label {
	MSG_FAULT = 1, /* words: address, access, pc, page table entry */
	MSG_EXCEPTION = 2, /* words: scause, stval, pc */
	MSG_AST = 3, /* after thread_interrupt; words: pc, sp */
};

/* Access that faulted, as in the words of MSG_FAULT and of copy. */
#define ACCESS_READ 1u
#define ACCESS_WRITE 2u
#define ACCESS_EXEC 4u

/* recv's a1. */
#define RECV_WAIT 0u
#define RECV_POLL 1u /* SENDER_NONE with EAGAIN rather than wait */

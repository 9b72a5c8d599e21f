/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * interrupts.c - threads that are interrupted: ASTs, and handlers of signals.
 *
 * The thread is regs.S's that spins with a pattern in all registers; where
 * there are several harts it does so on another one.
 */
#include "kt.h"
#include "regs.h"

#define ENDPOINT KT_SLOT
#define NOTE (KT_SLOT + 1)
#define HEAD 48
#define SIGNAL 15

static objname_t space, thread;
static struct regs start;

static void
sleep_a_little(void)
{
	struct ipc_msg msg;
	uint64_t now;

	__asm__ volatile("rdtime %0" : "=r"(now));
	kt_must(
	    sys_timer_set(NOTE, now + kt_info->timebase / 50, 1), "timer_set");
	ipc_recv(ENDPOINT, RECV_WAIT, &msg);
	kt_ok(msg.kind == SENDER_NOTIFICATION, "time passes");
}

/* Interrupt the spinning thread and take its call. */
static void
interrupt(struct ipc_msg *msg)
{
	kt_equal(sys_thread_interrupt(ROOT_MEMORY, thread).error, 0,
	    "a spinning thread can be interrupted");
	ipc_recv(ENDPOINT, RECV_WAIT, msg);
	kt_ok(msg->info == MSG_INFO(MSG_AST, 2) &&
		  msg->kind == SENDER_KERNEL_THREAD,
	    "it calls before it goes on");
}

static bool
as_before(const struct regs *regs)
{
	bool good = regs->fcsr == start.fcsr;

	for (unsigned int i = 1; i < 31; i++)
		good = good && regs->x[i] == start.x[i];
	for (unsigned int i = 0; i < 32; i++)
		good = good && regs->f[i] == start.f[i];
	return good;
}

/* Where its counter, x31, is now; the token must be held. */
static uint64_t
counter(void)
{
	static struct regs regs;

	kt_must(sys_thread_read(ROOT_MEMORY, thread, &regs), "thread_read");
	kt_ok(as_before(&regs), "all its registers are as they were");
	return regs.x[31];
}

static void
test_ast(void)
{
	struct ipc_msg msg;
	uint64_t count;

	sleep_a_little();
	interrupt(&msg);
	kt_ok(msg.words[1] == start.x[2], "the call tells its stack pointer");
	count = counter();
	kt_ok(count > 0, "it has run");
	sleep_a_little();
	kt_equal(counter(), count, "it stands still until it is answered");
	kt_equal(ipc_reply(msg.token, 0, msg.words), 0, "it is answered");
	sleep_a_little();
	interrupt(&msg);
	kt_ok(counter() > count, "then it runs on");
	(void)ipc_reply(msg.token, 0, msg.words);
}

/* What the handler of regs.S saw: a0 to a2 and sp. */
static bool
handler_saw(uint64_t base)
{
	const uint64_t expected[] = {SIGNAL, base + 16, base + 32, base};
	uint64_t seen[4];

	kt_copy(space, REGS_SEEN, seen, sizeof(seen), false);
	for (unsigned int i = 0; i < 4; i++)
		if (seen[i] != expected[i])
			return false;
	return true;
}

static void
test_handler(void)
{
	static struct regs saved;
	static struct signal_delivery delivery = {
	    .pc = (uintptr_t)regs_handler,
	    .sp = KT_AREA + PAGE_SIZE - 8,
	    .a0 = SIGNAL,
	    .a1_offset = 16,
	    .a2_offset = 32,
	    .head_bytes = HEAD,
	    .head = "head",
	};
	vaddr_t base = (delivery.sp - HEAD - sizeof(struct regs)) & ~15ul;
	struct sysret ret;
	struct ipc_msg msg;
	char head[HEAD];

	interrupt(&msg);
	ret = sys_reply_signal(msg.token, &delivery);
	kt_equal(ret.error, TINE_EFAULT, "a stack that is not there is told");
	kt_equal(ret.value3, KT_AREA | ACCESS_WRITE, "with its page");
	kt_map(space, KT_AREA, MAP_PAGE_READ | MAP_PAGE_WRITE);
	kt_equal(sys_reply_signal(msg.token, &delivery).error, 0,
	    "once it is there the handler runs");
	ipc_recv(KT_DONE, RECV_WAIT, &msg);
	kt_ok(handler_saw(base), "with what it is to know");
	kt_copy(space, base, head, HEAD, false);
	kt_ok(head[0] == 'h' && head[3] == 'd' && head[4] == 0,
	    "the head of the frame is on its stack");
	kt_copy(space, base + HEAD, &saved, sizeof(saved), false);
	kt_ok(as_before(&saved), "and then all registers");
	kt_equal(sys_reply_regs(msg.token, &saved).error, 0,
	    "which it can be given again");
	sleep_a_little();
	interrupt(&msg);
	kt_ok(counter() > saved.x[31], "to run on as if nothing had been");
	(void)ipc_reply(msg.token, 0, msg.words);
}

static void
test_stale(void)
{
	struct ipc_msg msg;

	interrupt(&msg);
	kt_must(sys_thread_stop(ROOT_MEMORY, thread), "thread_stop");
	kt_equal(ipc_reply(msg.token, 0, msg.words), TINE_ESTALE,
	    "one that was stopped can't be answered");
	kt_equal(sys_thread_times(ROOT_MEMORY, thread).value != 0, 1,
	    "the time that it ran has been counted");
}

void
test_interrupts(void)
{
	objname_t endpoint = kt_endpoint(ENDPOINT, ENDPOINT_THREAD);
	objname_t note = kt_notification(NOTE);

	kt_configure(kt_info->thread, THREAD_NOTIFICATION, NOTE);
	space = kt_space(1);
	kt_map(space, 0, MAP_PAGE_READ | MAP_PAGE_WRITE);
	thread = kt_thread(space, regs_spin, 0, 0);
	kt_configure(thread, THREAD_FPU, 1);
	kt_configure(thread, THREAD_EXCEPTION_ENDPOINT, ENDPOINT);
	for (unsigned int i = 0; i < 32; i++) {
		start.x[i] = (i + 3) * 0x0101010101010101ul;
		start.f[i] = ~(i * 0x0203040506070809ul);
	}
	start.fcsr = 0x75;
	start.x[0] = (uintptr_t)regs_spin;
	start.x[31] = 0;
	kt_must(sys_thread_write(ROOT_MEMORY, thread, &start), "thread_write");
	kt_start(thread);
	test_ast();
	test_handler();
	test_stale();
	kt_destroy(thread);
	kt_destroy(space);
	kt_destroy(note);
	kt_destroy(endpoint);
	kt_must(sys_cap_delete(ROOT_CSPACE, ENDPOINT), "cap_delete");
	kt_must(sys_cap_delete(ROOT_CSPACE, NOTE), "cap_delete");
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * registers.c - no register is lost: all 31, f0 to f31 and fcsr, across
 * calls, clones, faults, exceptions and preemption by the timer.
 *
 * The threads of regs.S run in spaces with a page of their own at address 0.
 */
#include "kt.h"
#include "regs.h"

#define ENDPOINT KT_SLOT
#define NOTE (KT_SLOT + 1)
#define TABLES 24
#define OUT_OFFSET 1024
#define FCSR_PATTERN 0x75
#define BEYOND_FCSR (~0xfful)
/* Switches that show that threads take turns, beyond two for each sleep. */
#define ENOUGH 4
#define TRIES 50
/* A slot that is always empty. */
#define NO_SLOT 100

_Static_assert(KT_DONE == 8 && SYS_call == 1, "regs.S");
_Static_assert(offsetof(struct regs, f) == 256, "regs.S");
_Static_assert(offsetof(struct regs, fcsr) == 512, "regs.S");

static struct regs in, out;

static void
pattern(struct regs *regs, uint64_t seed)
{
	for (uint64_t i = 0; i < 32; i++) {
		regs->x[i] = (seed + i) * 0x0101010101010101ul;
		regs->f[i] = ~((seed + i) * 0x0203040506070809ul);
	}
	regs->fcsr = FCSR_PATTERN;
}

/* A space for a thread of regs.S, with what it is to load. */
static objname_t
regs_space(const struct regs *regs)
{
	objname_t space = kt_space(1);

	kt_map(space, 0, MAP_PAGE_READ | MAP_PAGE_WRITE);
	kt_copy(space, 0, (void *)(uintptr_t)regs, sizeof(*regs), true);
	return space;
}

/* What a thread of regs.S stored. */
static void
regs_stored(objname_t space, struct regs *regs)
{
	kt_copy(space, OUT_OFFSET, regs, sizeof(*regs), false);
}

static objname_t
regs_thread(objname_t space, void (*entry)(uint64_t))
{
	objname_t thread = kt_thread(space, entry, 0, 0);

	kt_configure(thread, THREAD_FPU, 1);
	return thread;
}

/* Compare one register; says which one differs. */
static bool
same(const char *name, unsigned int i, uint64_t expected, uint64_t found)
{
	if (found == expected)
		return true;
	kt_put("# ");
	kt_put(name);
	kt_put_number(i);
	kt_put(" is ");
	kt_put_hex(found);
	kt_put(", not ");
	kt_put_hex(expected);
	kt_put("\n");
	return false;
}

static bool
same_x(const struct regs *a, const struct regs *b, uint32_t which)
{
	bool good = true;

	for (unsigned int i = 1; i < 32; i++) {
		if ((which >> i & 1) != 0)
			good = same("x", i, a->x[i], b->x[i]) && good;
	}
	return good;
}

static bool
same_f(const struct regs *a, const struct regs *b)
{
	bool good = same("fcsr", 0, a->fcsr, b->fcsr);

	for (unsigned int i = 0; i < 32; i++)
		good = same("f", i, a->f[i], b->f[i]) && good;
	return good;
}

#define ALL_X 0xfffffffeu
/* ra, sp, gp, tp, s0 to s11: what a kernel call preserves. */
#define PRESERVED 0x0ffc031eu

/* Does a kernel call with this pattern of arguments keep what it should? */
static bool
call_preserves(uint64_t number)
{
	objname_t space, thread;

	pattern(&in, number + 1);
	in.x[10] = NO_SLOT;
	in.x[17] = number;
	space = regs_space(&in);
	thread = regs_thread(space, regs_call);
	kt_start(thread);
	(void)kt_wait();
	regs_stored(space, &out);
	kt_destroy(thread);
	kt_destroy(space);
	return same_x(&in, &out, PRESERVED) && same_f(&in, &out);
}

static void
test_all_calls(void)
{
	bool good = true;

	for (uint64_t number = 0; number <= SYS_COUNT; number++) {
		if (call_preserves(number))
			continue;
		kt_put("# call ");
		kt_put_number(number);
		kt_put("\n");
		good = false;
	}
	kt_ok(good, "each call preserves what the psABI says, and FP state");
}

static void
serve_trashing(uint64_t times)
{
	struct ipc_msg msg = {};

	for (uint64_t i = 0; i < times; i++) {
		msg.info = MSG_INFO(0, 0);
		ipc_reply_recv(ENDPOINT, &msg);
		regs_trash_fp();
	}
	(void)ipc_reply(msg.token, MSG_INFO(0, 0), msg.words);
	kt_finish();
}

/* The server uses FP registers too; the caller must not notice. */
static void
test_served_call(void)
{
	objname_t server = regs_thread(kt_info->space, serve_trashing);
	objname_t space, thread;
	static struct regs start;

	kt_must(sys_thread_read(ROOT_MEMORY, server, &start), "thread_read");
	start.x[10] = 1;
	kt_must(sys_thread_write(ROOT_MEMORY, server, &start), "thread_write");
	pattern(&in, 3);
	in.x[10] = ENDPOINT;
	in.x[11] = MSG_INFO(1, 4);
	in.x[17] = SYS_call;
	space = regs_space(&in);
	thread = regs_thread(space, regs_call);
	kt_start(server);
	kt_start(thread);
	(void)kt_wait();
	(void)kt_wait();
	regs_stored(space, &out);
	kt_ok(same_x(&in, &out, PRESERVED), "a served call preserves them");
	kt_ok(same_f(&in, &out), "and FP state, though the server has its own");
	kt_destroy(thread);
	kt_destroy(server);
	kt_destroy(space);
}

/* Clone the caller behind a token into a copy of its space. */
static objname_t
clone_caller(objname_t space, token_t token, objname_t *copyp, token_t *tokenp)
{
	objname_t copied = kt_create(KIND_SPACE, 2, TABLES);
	struct sysret ret;

	kt_clone(copied, space);
	/* These threads have no pager: what they write to is copied now. */
	kt_must(sys_space_map(ROOT_MEMORY, copied, 0, SOURCE_ENTRY,
		    MAP_PAGE_READ | MAP_PAGE_WRITE | MAP_PAGE_COPY |
			MAP_PAGE_BYTES(PAGE_SIZE),
		    sys_space_query(ROOT_MEMORY, copied, 0).value),
	    "space_map");
	*copyp = kt_create(KIND_THREAD, copied, 5);
	ret = sys_thread_clone(ROOT_MEMORY, token, *copyp);
	kt_must(ret, "thread_clone");
	*tokenp = ret.value;
	return copied;
}

static void
answer(token_t token, uint64_t word)
{
	const uint64_t words[MSG_WORDS] = {word};

	kt_equal(ipc_reply(token, MSG_INFO(0, 1), words), 0,
	    "each of the two tokens is answered");
}

static void
check_clones(objname_t space, objname_t copied)
{
	static struct regs other;

	regs_stored(space, &out);
	regs_stored(copied, &other);
	kt_ok(same_x(&in, &out, PRESERVED) && same_f(&in, &out),
	    "a cloned caller goes on with all it had");
	kt_ok(same_x(&in, &other, PRESERVED) && same_f(&in, &other),
	    "and so does its copy");
	kt_ok(out.x[12] == 1 && other.x[12] == 2,
	    "each with the answer that was for it");
}

/* What fork is made of: one call, two replies, two spaces. */
static void
test_clone(void)
{
	static struct regs original, copy;
	objname_t space, copied, thread, twin;
	struct ipc_msg msg;
	token_t token;

	pattern(&in, 9);
	in.x[10] = ENDPOINT;
	in.x[11] = MSG_INFO(1, 6);
	in.x[17] = SYS_call;
	space = regs_space(&in);
	thread = regs_thread(space, regs_call);
	kt_start(thread);
	ipc_recv(ENDPOINT, RECV_WAIT, &msg);
	copied = clone_caller(space, msg.token, &twin, &token);
	kt_must(sys_thread_read(ROOT_MEMORY, thread, &original), "thread_read");
	kt_must(sys_thread_read(ROOT_MEMORY, twin, &copy), "thread_read");
	kt_ok(same_x(&original, &copy, ALL_X) && same_f(&original, &copy) &&
		  original.x[0] == copy.x[0],
	    "thread_clone copies all registers");
	kt_ok(same_f(&in, &copy), "with FP state that was never stored before");
	kt_equal(sys_thread_clone(ROOT_MEMORY, msg.token, twin).error,
	    TINE_EINVAL, "a thread becomes a copy only once");
	answer(token, 2);
	answer(msg.token, 1);
	(void)kt_wait();
	(void)kt_wait();
	check_clones(space, copied);
	kt_destroy(thread);
	kt_destroy(twin);
	kt_destroy(space);
	kt_destroy(copied);
}

static void
test_fault(void)
{
	objname_t space, thread;
	struct ipc_msg msg;

	pattern(&in, 17);
	in.x[31] = KT_AREA;
	space = regs_space(&in);
	thread = regs_thread(space, regs_fault);
	kt_configure(thread, THREAD_FAULT_ENDPOINT, ENDPOINT);
	kt_start(thread);
	ipc_recv(ENDPOINT, RECV_WAIT, &msg);
	kt_ok(msg.words[0] == KT_AREA && msg.words[1] == ACCESS_WRITE &&
		  msg.words[2] == (uintptr_t)regs_fault_here,
	    "a fault tells address, access and pc");
	ipc_fault_map(ROOT_MEMORY, KT_DONE, msg.token, 0,
	    MAP_PAGE_READ | MAP_PAGE_WRITE | MAP_PAGE_ZERO, &msg);
	kt_equal(msg.kind, SENDER_THREAD, "mapping it lets the thread go on");
	regs_stored(space, &out);
	kt_ok(same_x(&in, &out, ALL_X) && same_f(&in, &out),
	    "a fault preserves all 31 registers and FP state");
	kt_destroy(thread);
	kt_destroy(space);
}

static void
test_exception(void)
{
	static struct regs regs;
	objname_t space, thread;
	struct ipc_msg msg;

	pattern(&in, 23);
	space = regs_space(&in);
	thread = regs_thread(space, regs_illegal);
	kt_configure(thread, THREAD_EXCEPTION_ENDPOINT, ENDPOINT);
	kt_start(thread);
	ipc_recv(ENDPOINT, RECV_WAIT, &msg);
	kt_must(sys_thread_read(ROOT_MEMORY, thread, &regs), "thread_read");
	kt_ok(same_x(&in, &regs, ALL_X) && same_f(&in, &regs),
	    "at an exception all registers can be read");
	kt_equal(regs.x[0], (uintptr_t)regs_illegal_here, "and the pc");
	regs.x[0] += 4;
	kt_must(sys_thread_write(ROOT_MEMORY, thread, &regs), "thread_write");
	(void)ipc_reply(msg.token, MSG_INFO(0, 0), msg.words);
	(void)kt_wait();
	regs_stored(space, &out);
	kt_ok(same_x(&in, &out, ALL_X) && same_f(&in, &out),
	    "it goes on with all of them");
	kt_destroy(thread);
	kt_destroy(space);
}

/* reply_regs is how exec starts a program. */
static void
test_reply_regs(void)
{
	static struct regs regs;
	objname_t space, thread;
	struct ipc_msg msg;

	pattern(&in, 31);
	in.x[10] = ENDPOINT;
	in.x[11] = MSG_INFO(1, 0);
	in.x[17] = SYS_call;
	space = regs_space(&in);
	thread = regs_thread(space, regs_call);
	kt_start(thread);
	ipc_recv(ENDPOINT, RECV_WAIT, &msg);
	pattern(&regs, 41);
	regs.x[0] = (uintptr_t)regs_store | 1;
	regs.fcsr |= BEYOND_FCSR;
	kt_equal(sys_reply_regs(msg.token, &regs).error, 0,
	    "a reply can set all registers");
	(void)kt_wait();
	regs_stored(space, &out);
	regs.fcsr &= ~BEYOND_FCSR;
	kt_ok(same_x(&regs, &out, ALL_X), "all 31 are as they were given");
	kt_ok(same_f(&regs, &out), "and FP state, as far as it exists");
	kt_equal(sys_reply_regs(msg.token, &regs).error, TINE_ESTALE,
	    "which answers the call");
	kt_destroy(thread);
	kt_destroy(space);
}

/* Read what a spinning thread has after some time. */
static void
stop_and_read(objname_t thread, struct regs *regs)
{
	kt_must(sys_thread_stop(ROOT_MEMORY, thread), "thread_stop");
	kt_must(sys_thread_read(ROOT_MEMORY, thread, regs), "thread_read");
}

static void
sleep_part(uint64_t parts_of_a_second)
{
	struct ipc_msg msg;
	uint64_t now;

	__asm__ volatile("rdtime %0" : "=r"(now));
	kt_must(
	    sys_timer_set(NOTE, now + kt_info->timebase / parts_of_a_second, 1),
	    "timer_set");
	ipc_recv(ENDPOINT, RECV_WAIT, &msg);
}

static bool
spun_untouched(objname_t thread, const struct regs *start)
{
	stop_and_read(thread, &out);
	return out.x[31] > start->x[31] && same_f(start, &out) &&
	       same_x(start, &out, ALL_X & ~(1u << 31));
}

/* Two threads that never call, of one priority: the timer takes turns. */
static void
test_preemption(void)
{
	static struct regs start[2];
	objname_t space[2], thread[2];
	uint64_t switches;
	bool enough = false;

	for (unsigned int i = 0; i < 2; i++) {
		pattern(&start[i], 50 + 40 * i);
		start[i].x[0] = (uintptr_t)regs_spin;
		start[i].x[31] = 0;
		space[i] = kt_space(i);
		thread[i] = regs_thread(space[i], regs_spin);
		kt_must(sys_thread_write(ROOT_MEMORY, thread[i], &start[i]),
		    "thread_write");
		kt_start(thread[i]);
	}
	/* A slow host may leave the machine no time to run in. */
	switches = kt_stat(STAT_SWITCHES);
	for (unsigned int i = 0; i < TRIES && !enough; i++) {
		sleep_part(10);
		enough = kt_stat(STAT_SWITCHES) - switches > ENOUGH + 2 * i;
	}
	/* With more harts than threads there is nothing to switch. */
	kt_ok(enough || kt_info->harts > 1,
	    "the timer switches between spinning threads");
	kt_ok(spun_untouched(thread[0], &start[0]),
	    "one ran, and has all registers as they were");
	kt_ok(spun_untouched(thread[1], &start[1]), "and so has the other");
	for (unsigned int i = 0; i < 2; i++) {
		kt_destroy(thread[i]);
		kt_destroy(space[i]);
	}
}

/* New threads start with FP registers of 0, or with none at all. */
static void
test_fpu(void)
{
	static const struct regs zero;
	objname_t space, thread;
	struct ipc_msg msg;

	pattern(&in, 60);
	space = regs_space(&in);
	thread = regs_thread(space, regs_store);
	kt_start(thread);
	(void)kt_wait();
	regs_stored(space, &out);
	kt_ok(same_f(&zero, &out), "FP registers begin as 0");
	kt_destroy(thread);
	thread = kt_thread(space, regs_call, 0, 0);
	kt_configure(thread, THREAD_EXCEPTION_ENDPOINT, ENDPOINT);
	kt_start(thread);
	ipc_recv(ENDPOINT, RECV_WAIT, &msg);
	kt_ok(msg.info == MSG_INFO(MSG_EXCEPTION, 3) && msg.words[0] == 2,
	    "who may not use them gets an illegal instruction");
	kt_destroy(thread);
	kt_destroy(space);
}

/* Another thread may have stored there meanwhile. */
static void
test_reservation(void)
{
	static uint64_t word;
	register uint64_t a7 __asm__("a7") = SYS_yield;
	register uint64_t failed __asm__("s2");

	__asm__ volatile("lr.d	s2, (%2)\n"
			 "	ecall\n"
			 "	sc.d	s2, zero, (%2)"
			 : "=&r"(failed), "+r"(a7)
			 : "r"(&word)
			 : "a0", "a1", "a2", "a3", "a4", "a5", "a6", "t0", "t1",
			 "t2", "t3", "t4", "t5", "t6", "memory");
	kt_ok(failed != 0, "a reservation ends when the thread is left");
}

void
test_registers(void)
{
	objname_t endpoint = kt_endpoint(ENDPOINT, ENDPOINT_THREAD);
	objname_t note = kt_notification(NOTE);

	kt_configure(kt_info->thread, THREAD_NOTIFICATION, NOTE);
	test_all_calls();
	test_served_call();
	test_clone();
	test_fault();
	test_exception();
	test_reply_regs();
	test_preemption();
	test_fpu();
	test_reservation();
	kt_destroy(note);
	kt_destroy(endpoint);
	kt_must(sys_cap_delete(ROOT_CSPACE, ENDPOINT), "cap_delete");
	kt_must(sys_cap_delete(ROOT_CSPACE, NOTE), "cap_delete");
}

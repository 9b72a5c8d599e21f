/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * powerless.c - a process can do nothing with the kernel but what its four
 * capabilities are for, whatever it tries.
 */
#include "tap.h"

#include <string.h>
#include <unistd.h>

#include <abi/errors.h>
#include <abi/syscalls.h>
#include <ipc/msg.h>
#include <ipc/slots.h>
#include "trap.h"

#define KERNEL 0xffffffc080200000ul
#define ROUNDS 3000
/* Numbers tried: all, and some beyond. */
#define NUMBERS (SYS_COUNT + 8)

static uint64_t
trap_slot(uint64_t number, uint64_t slot, uint64_t a1, uint64_t a2)
{
	struct trap call = {.a = {slot, a1, a2, 1, 1, 1, 1, number}};

	return trap(&call);
}

/* The error of a call in each slot that it isn't for. */
static bool
refused_everywhere(uint64_t number)
{
	for (uint64_t slot = 0; slot < CSPACE_SLOTS + 2; slot++) {
		if (trap_slot(number, slot, 1, 1) != TINE_EBADF)
			return false;
	}
	return trap_slot(number, ~0ul, 1, 1) == TINE_EBADF;
}

static void
test_refusals(void)
{
	static const struct {
		uint64_t number;
		const char *claim;
	} rows[] = {
	    {SYS_recv, "nothing can be received"},
	    {SYS_reply_recv, "nor after a reply"},
	    {SYS_notify, "nobody notified"},
	    {SYS_thread_configure, "no thread configured"},
	    {SYS_thread_clone, "or cloned"},
	    {SYS_thread_read, "or read"},
	    {SYS_thread_write, "or written"},
	    {SYS_thread_start, "or started"},
	    {SYS_thread_stop, "or stopped"},
	    {SYS_space_feed, "no space fed"},
	    {SYS_space_map, "nothing mapped"},
	    {SYS_space_unmap, "or unmapped"},
	    {SYS_space_protect, "or protected"},
	    {SYS_space_clone, "no space cloned"},
	    {SYS_space_copy, "or read"},
	    {SYS_space_query, "or looked at"},
	    {SYS_create, "nothing created"},
	    {SYS_destroy, "or destroyed"},
	    {SYS_cap_copy, "no capability copied"},
	    {SYS_cap_delete, "or deleted"},
	    {SYS_cap_name, "or made"},
	    {SYS_frame_alloc, "no frame taken"},
	    {SYS_frame_free, "or freed"},
	    {SYS_timer_set, "no timer set"},
	    {SYS_system_power, "no power switched"},
	    {SYS_system_putc, "nothing written to the firmware"},
	};

	for (size_t i = 0; i < LENGTH(rows); i++)
		ok(refused_everywhere(rows[i].number), rows[i].claim);
}

static void
test_tokens(void)
{
	struct regs regs = {};
	bool good = true;

	for (uint64_t frame = 0; frame < 3000; frame++) {
		struct trap call = {.a[7] = SYS_reply, .t[1] = frame};

		good = good && trap(&call) == TINE_ESTALE;
		call.t[1] |= 1ul << NAME_FRAME_BITS;
		good = good && trap(&call) == TINE_ESTALE;
		good = good &&
		       sys_reply_regs(call.t[1], &regs).error == TINE_ESTALE;
	}
	ok(good, "no token can be guessed");
	is((long)trap_slot(SYS_forward, SLOT_PROC, 1, 1), TINE_ESTALE,
	    "nothing can be forwarded");
	ok(trap_slot(SYS_fault_map, SLOT_PROC, 0, 1) != 0,
	    "and no fault answered");
}

static void
test_allowed(void)
{
	char from[8] = "abcdefg", to[8] = "";
	uintptr_t a = (uintptr_t)from, b = (uintptr_t)to;

	is((long)sys_system_stat(SLOT_SYSTEM, STAT_TRAPS).error, 0,
	    "counters can be read");
	is((long)sys_system_stat(SLOT_PROC, STAT_TRAPS).error, TINE_EBADF,
	    "with the right capability");
	is((long)sys_system_stat(SLOT_SYSTEM, STAT_COUNT).error, TINE_EINVAL,
	    "as far as there are any");
	is((long)sys_copy(0, b, 0, a, sizeof(to)).error, 0,
	    "own memory can be copied");
	is(strcmp(to, "abcdefg"), 0, "and is");
	is((long)sys_copy(0, KERNEL, 0, a, 8).error, TINE_EFAULT,
	    "but not to the kernel");
	is((long)sys_copy(0, b, 0, KERNEL, 8).error, TINE_EFAULT,
	    "nor from it");
	is((long)sys_copy(0, b, 0, (uintptr_t)test_allowed & ~7ul, 8).error, 0,
	    "text can be read");
	is((long)sys_copy(0, (uintptr_t)test_allowed & ~7ul, 0, a, 8).error,
	    TINE_EFAULT, "but not written to");
	is((long)sys_yield().error, 0, "and everyone may yield");
	is((long)trap_slot(SYS_COUNT, 0, 0, 0), TINE_ENOSYS,
	    "unknown calls are unknown");
}

static uint64_t
random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static uint64_t
random_argument(uint64_t *state)
{
	static const uint64_t likely[] = {0, 1, 2, 3, 4, CSPACE_SLOTS - 1,
	    CSPACE_SLOTS, PAGE_SIZE, USER_TOP - 8, USER_TOP, KERNEL, ~0ul,
	    1ul << 63};
	uint64_t n = random_next(state);

	return n % 16 < LENGTH(likely) ? likely[n % 16] : random_next(state);
}

/* Whatever comes; but messages to servers are another test's. */
static int
try_everything(void)
{
	uint64_t state = 0x2545f4914f6cdd1dul;

	for (int i = 0; i < ROUNDS; i++) {
		struct trap call;

		for (size_t j = 0; j < LENGTH(call.a); j++)
			call.a[j] = random_argument(&state);
		for (size_t j = 0; j < LENGTH(call.t); j++)
			call.t[j] = random_argument(&state);
		call.a[7] = (uint64_t)i % NUMBERS;
		/* Nor may it overwrite its own memory. */
		if (call.a[7] != SYS_call && call.a[7] != SYS_send &&
		    call.a[7] != SYS_copy)
			(void)trap(&call);
	}
	return 6;
}

/* Messages that are only sent ask for no answer, and get none. */
static int
send_everything(void)
{
	for (uint64_t label = 0; label < 64; label++) {
		for (cap_t slot = SLOT_PROC; slot <= SLOT_TTY; slot++) {
			struct ipc_msg msg = {.info = MSG_INFO(label, 6),
			    .words = {1, 2, 3, 4, 5, 6}};

			(void)ipc_send(slot, &msg);
		}
	}
	return 7;
}

int
main(void)
{
	long before;

	test_refusals();
	test_tokens();
	test_allowed();
	(void)child_status(try_everything);
	before = free_frames();
	is(child_status(try_everything), EXITED(6),
	    "thousands of random calls do nothing");
	is(child_status(send_everything), EXITED(7),
	    "nor do messages that await no reply");
	is(free_frames(), before, "all frames are where they were");
	return tap_end();
}

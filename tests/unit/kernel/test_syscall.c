/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_syscall.c - each kernel call with each bad argument there is.
 *
 * Each bad argument is put in the place of the good one: the error has to be
 * that one exactly, and nothing may have changed, byte by byte of all RAM,
 * the frame table and the hart.
 */
#include <stdio.h>

#include "arch/riscv/sbi.h"
#include "cases.h"
#include "fake_arch.h"
#include "fake_plic.h"

static uint64_t
resolve(uint64_t argument)
{
	uint64_t value;

	if (argument >> 32 != V_MARK)
		return argument;
	value = values[argument & 0xff];
	switch (argument >> 8 & 0xff) {
	case 1:
		return value + NAME_GENERATION_ONE;
	case 2:
		return value - NAME_GENERATION_ONE;
	case 3:
		return value & NAME_FRAME_MASK;
	default:
		return value;
	}
}

static void
slots_start(void)
{
	world.slots[S_PARTIAL] = world.slots[W_MEMORY];
	world.slots[S_PARTIAL].pages = 1;
	ASSERT_CALL(cap_copy, W_CSPACE, S_SEND, W_ENDPOINT, RIGHT_SEND, 0);
	ASSERT_CALL(
	    cap_copy, W_CSPACE, S_RECEIVE, W_ENDPOINT, RIGHT_RECEIVE, 0);
	ASSERT_CALL(
	    cap_copy, W_CSPACE, S_NOTIFY, W_NOTIFICATION, RIGHT_NOTIFY, 0);
	ASSERT_CALL(cap_copy, W_CSPACE, S_WAIT, W_NOTIFICATION, RIGHT_WAIT, 0);
	ASSERT_CALL(cap_copy, W_CSPACE, S_POWER, W_SYSTEM, RIGHT_POWER, 0);
	ASSERT_CALL(cap_copy, W_CSPACE, S_STAT, W_SYSTEM, RIGHT_STAT, 0);
	ASSERT_CALL(cap_copy, W_CSPACE, S_DEBUG, W_SYSTEM, RIGHT_DEBUG, 0);
}

/* An object that is gone, and a capability to it. */
static objname_t
stale(enum frame_kind kind, uint64_t first, uint64_t slot, uint64_t rights)
{
	objname_t name = world_new(kind, first, 0);

	world_name(slot, name, rights, 0);
	ASSERT_CALL(destroy, W_MEMORY, name);
	return name;
}

static objname_t
name_of(const void *object)
{
	return frame_name(frame_of(dmap_address(object)));
}

static void
spaces_start(void)
{
	values[V_SPACE] = world_space(8);
	values[V_SPACE2] = world_space(8);
	ASSERT_CALL(space_map, W_MEMORY, values[V_SPACE], CASES_VA, 0,
	    CASES_RW | MAP_PAGE_ZERO, 0);
	values[V_MAPPED] =
	    pte_frame(world_entry(world_space_at(values[V_SPACE]), CASES_VA));
	values[V_TABLE] = pte_frame(world_space_at(values[V_SPACE])->user[0]);
	values[V_THREAD] = world_new(KIND_THREAD, values[V_SPACE], 3);
	values[V_NEW] = world_new(KIND_THREAD, values[V_SPACE], 4);
	values[V_STALE_THREAD] = world_new(KIND_THREAD, values[V_SPACE], 4);
	ASSERT_CALL(destroy, W_MEMORY, values[V_STALE_THREAD]);
	values[V_STALE_SPACE] = world_space(0);
	ASSERT_CALL(destroy, W_MEMORY, values[V_STALE_SPACE]);
}

/* Callers whose tokens root has, had, and never had. */
static void
tokens_start(void)
{
	struct thread *client = world_thread(5, 10);
	struct thread *gone = world_thread(6, 10);
	struct thread *other = world_thread(7, 10);
	struct thread *fault = world_thread(8, 10);
	objname_t bound = world_new(KIND_NOTIFICATION, 0, 0);

	ASSERT_CALL(space_map, W_MEMORY, name_of(client->space), CASES_VA, 0,
	    CASES_RW | MAP_PAGE_ZERO, 0);
	world_name(S_BUSY_NOTIFICATION, bound, RIGHT_WAIT, 0);
	ASSERT_CALL(thread_configure, W_MEMORY, other->name,
	    THREAD_NOTIFICATION, S_BUSY_NOTIFICATION);
	(void)IPC_BY(gone, call, .slot = W_ENDPOINT);
	(void)IPC_BY(other, recv, .slot = W_ENDPOINT);
	values[V_FOREIGN_TOKEN] = gone->token;
	(void)IPC_BY(other, call, .slot = W_ENDPOINT);
	(void)IPC_BY(world.root, recv, .slot = W_ENDPOINT);
	values[V_STALE_TOKEN] = other->token;
	(void)IPC_BY(world.root, reply, .t1 = other->token);
	(void)IPC_BY(other, recv, .slot = W_ENDPOINT2);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT, .info = MSG_WINDOW_MASK,
	    .t1 = CASES_VA, .t2 = 64);
	(void)IPC_BY(world.root, recv, .slot = W_ENDPOINT);
	values[V_TOKEN] = client->token;
	values[V_CLIENT] = client->name;
	ASSERT_CALL(thread_stop, W_STEWARD, other->name);
	(void)world_fault(fault, 0x5000, ACCESS_READ);
	(void)IPC_BY(world.root, recv, .slot = W_ENDPOINT2);
	values[V_FAULT_TOKEN] = fault->token;
}

static void
start(void)
{
	(void)world_start(NULL);
	slots_start();
	values[V_STALE_ENDPOINT] =
	    stale(KIND_ENDPOINT, 0, S_STALE_ENDPOINT, RIGHT_SEND);
	(void)stale(KIND_NOTIFICATION, 0, S_STALE_NOTIFICATION,
	    RIGHT_NOTIFY | RIGHT_WAIT);
	(void)stale(KIND_CSPACE, 0, S_STALE_CSPACE, RIGHT_EDIT);
	(void)stale(KIND_IRQ, CASES_LINE, S_STALE_IRQ, RIGHT_IRQ);
	world_name(S_IRQ, world_new(KIND_IRQ, CASES_LINE, 0), RIGHT_IRQ, 0);
	values[V_ENDPOINT] = world_new(KIND_ENDPOINT, 0, 0);
	values[V_ROOT] = world.root->name;
	values[V_CSPACE] = world.cspace_name;
	spaces_start();
	values[V_USER] = world_frame(9);
	tokens_start();
	world_run(world.root);
	world_check();
}

/* Everything that a call could change. */
static struct {
	uint8_t ram[FAKE_FRAMES * PAGE_SIZE];
	struct frame table[FAKE_FRAMES];
	struct frame_state frames;
	struct hart hart;
	struct fake_power power;
	struct fake_plic plic;
	struct irq *irqs[IRQ_LINES];
} before;

static void
snapshot_take(void)
{
	memcpy(before.ram, fake_ram(), sizeof(before.ram));
	memcpy(before.table, frames.table, sizeof(before.table));
	before.frames = frames;
	before.hart = harts[0];
	before.power = fake_power;
	before.plic = fake_plic;
	memcpy(before.irqs, irqs, sizeof(before.irqs));
}

/* Whether all is as before, but for root's registers, which are put back. */
static bool
snapshot_same(void)
{
	uint64_t offset = thread_frame(world.root) << PAGE_SHIFT;

	memcpy(world.root->regs, before.ram + offset, sizeof(world.root->regs));
	return memcmp(before.ram, fake_ram(), sizeof(before.ram)) == 0 &&
	       memcmp(before.table, frames.table, sizeof(before.table)) == 0 &&
	       before.frames.free_head == frames.free_head &&
	       before.frames.free_count == frames.free_count &&
	       before.frames.reserved_count == frames.reserved_count &&
	       memcmp(&before.hart, &harts[0],
		   offsetof(struct hart, fast_calls)) == 0 &&
	       /* Padding is zero in both: NOLINTNEXTLINE */
	       memcmp(&before.plic, &fake_plic, sizeof(fake_plic)) == 0 &&
	       memcmp(before.irqs, irqs, sizeof(before.irqs)) == 0 &&
	       before.power.offs == fake_power.offs &&
	       before.power.resets == fake_power.resets &&
	       before.power.printed == fake_power.printed;
}

static int
call(uint64_t number, const uint64_t *args)
{
	uint64_t resolved[7];

	for (unsigned int i = 0; i < 7; i++)
		resolved[i] = resolve(args[i]);
	return world_call(world.root, number, resolved);
}

static void
expect(const char *name, uint64_t number, const uint64_t *args, int error)
{
	int got = call(number, args);

	if (got != error)
		fail_msg("%s(%lx, %lx, %lx, %lx, %lx, %lx): %d, not %d", name,
		    args[0], args[1], args[2], args[3], args[4], args[5], got,
		    error);
	if (!snapshot_same())
		fail_msg("%s(%lx, %lx, %lx, %lx, %lx, %lx) changed something",
		    name, args[0], args[1], args[2], args[3], args[4], args[5]);
}

static void
every_call_works_with_good_arguments(void **state)
{
	(void)state;
	for (size_t i = 0; i < ngoods; i++) {
		int got;

		start();
		got = call(goods[i].number, goods[i].args);
		if (got != goods[i].result)
			fail_msg("%s: %d", goods[i].name, got);
		(void)sched_leave(NULL);
		world_check();
		(void)world_end(NULL);
	}
}

static void
every_bad_argument_is_refused_and_changes_nothing(void **state)
{
	(void)state;
	start();
	snapshot_take();
	for (size_t i = 0; i < ngoods; i++) {
		for (unsigned int a = 0; a < 7; a++) {
			const struct bad *bad = bads[goods[i].kinds[a]];

			for (; bad->error != 0; bad++) {
				uint64_t args[7];

				memcpy(args, goods[i].args, sizeof(args));
				args[a] = bad->value;
				expect(goods[i].name, goods[i].number, args,
				    bad->error);
			}
		}
	}
	(void)world_end(NULL);
}

static void
all_else_that_is_wrong_is_refused_and_changes_nothing(void **state)
{
	(void)state;
	start();
	snapshot_take();
	for (size_t i = 0; i < nothers; i++)
		expect(others[i].name, others[i].number, others[i].args,
		    others[i].error);
	(void)world_end(NULL);
}

/* All numbers, also those of 32 bits more. */
static void
a_number_that_is_no_call_is_refused_and_changes_nothing(void **state)
{
	static const uint64_t none[7];

	(void)state;
	start();
	snapshot_take();
	for (uint64_t number = 0; number < 4 * SYS_COUNT; number++) {
		switch (number) {
#define IPC(number, name) case SYS_##name:
#define SYSCALL(number, name, ...) case SYS_##name:
#define GONE(number, name)
#include <abi/syscalls.def>
#undef IPC
#undef SYSCALL
#undef GONE
			expect("call + 2^32", 1ul << 32 | number, none,
			    TINE_ENOSYS);
			break;
		default:
			expect("no call", number, none, TINE_ENOSYS);
			break;
		}
	}
	expect("no call", ~0ul, none, TINE_ENOSYS);
	expect("no call", 1ul << 63, none, TINE_ENOSYS);
	(void)world_end(NULL);
}

static bool
is_tested(uint64_t number)
{
	for (size_t i = 0; i < ngoods; i++) {
		if (goods[i].number == number)
			return true;
	}
	return false;
}

static void
no_call_is_left_out_here(void **state)
{
	(void)state;
#define IPC(number, name)
#define SYSCALL(number, name, ...) assert_true(is_tested(SYS_##name));
#define GONE(number, name)
#include <abi/syscalls.def>
#undef IPC
#undef SYSCALL
#undef GONE
}

/* A program has no authority at all, whatever slots it names. */
static void
a_thread_without_capabilities_can_do_nothing(void **state)
{
	(void)state;
	start();
	thread_set_cspace(world.root, NULL);
	snapshot_take();
	for (size_t i = 0; i < ngoods; i++) {
		enum kind first = goods[i].kinds[0];

		if (first != K_ANY && first != K_TOKEN)
			expect(goods[i].name, goods[i].number, goods[i].args,
			    TINE_EBADF);
	}
	(void)world_end(NULL);
}

/* Nor can creation fail half way when there is nothing to create from. */
static void
without_free_frames_nothing_is_created(void **state)
{
	static const struct other calls[] = {
	    {GOOD(create, W_MEMORY, KIND_ENDPOINT, 0), 0},
	    {GOOD(create, W_MEMORY, KIND_NOTIFICATION, 0), 0},
	    {GOOD(create, W_MEMORY, KIND_CSPACE, 0), 0},
	    {GOOD(create, W_MEMORY, KIND_THREAD, V(V_SPACE), 1), 0},
	    {GOOD(create, W_MEMORY, KIND_SPACE, 1, 0), 0},
	    {GOOD(create, W_MEMORY, KIND_IRQ, 6), 0},
	    {GOOD(frame_alloc, W_MEMORY), 0},
	    {GOOD(space_map, W_MEMORY, V(V_SPACE2), CASES_VA, 0,
		 CASES_RW | MAP_PAGE_ZERO, 0),
		0},
	    {GOOD(space_feed, W_MEMORY, V(V_SPACE2), 1), 0},
	};
	uint64_t taken;

	(void)state;
	start();
	taken = frame_available();
	assert_int_equal(frame_reserve(taken), 0);
	snapshot_take();
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		expect(
		    calls[i].name, calls[i].number, calls[i].args, TINE_ENOMEM);
	frame_unreserve(taken);
	/* A space whose pool would leave no frame for itself. */
	snapshot_take();
	expect("create a space", SYS_create,
	    (const uint64_t[7]){W_MEMORY, KIND_SPACE, 1, taken}, TINE_ENOMEM);
	(void)world_end(NULL);
}

static void
what_the_system_calls_do(void **state)
{
	(void)state;
	start();
	assert_int_equal(
	    CALL(system_power, W_SYSTEM, POWER_OFF, 0xff), TINE_ENOTSUP);
	assert_int_equal(fake_power.status, 0xff);
	assert_int_equal(fake_power.offs, 1);
	assert_int_equal(
	    CALL(system_power, W_SYSTEM, POWER_RESET, 0), TINE_ENOTSUP);
	assert_int_equal(fake_power.resets, 1);
	ASSERT_CALL(system_putc, W_SYSTEM, 'T');
	assert_int_equal(fake_power.console[0], 'T');
	ASSERT_CALL(system_stat, W_SYSTEM, STAT_FREE_FRAMES);
	assert_int_equal(RESULT(1), world_free());
	ASSERT_CALL(system_stat, W_SYSTEM, STAT_FRAMES);
	assert_int_equal(RESULT(1), FAKE_FRAMES - W_RESERVED);
	sbi_calls = 12;
	ASSERT_CALL(system_stat, W_SYSTEM, STAT_SBI_CALLS);
	assert_int_equal(RESULT(1), 12);
	hart_self()->fast_calls = 1000;
	hart_self()->counters[STAT_CALLS] = 34;
	ASSERT_CALL(system_stat, W_SYSTEM, STAT_CALLS);
	assert_int_equal(RESULT(1), 1034);
	ASSERT_CALL(system_stat, W_SYSTEM, STAT_SPACES);
	assert_int_equal(RESULT(1), hart_self()->counters[STAT_SPACES]);
	(void)world_end(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_call_works_with_good_arguments),
	    cmocka_unit_test(every_bad_argument_is_refused_and_changes_nothing),
	    cmocka_unit_test(
		all_else_that_is_wrong_is_refused_and_changes_nothing),
	    cmocka_unit_test(
		a_number_that_is_no_call_is_refused_and_changes_nothing),
	    cmocka_unit_test(no_call_is_left_out_here),
	    cmocka_unit_test(a_thread_without_capabilities_can_do_nothing),
	    cmocka_unit_test(without_free_frames_nothing_is_created),
	    cmocka_unit_test(what_the_system_calls_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_fault.c - page faults and exceptions: calls made by the kernel.
 */
#include "world.h"
#include "fake_arch.h"
#include "fault.h"
#include "root.h"

#define PAGER 20
#define CLIENT 10
#define VA 0x5000ul
#define RW (MAP_PAGE_READ | MAP_PAGE_WRITE)

static struct thread *pager; /* waits at W_ENDPOINT2, mode SPACE */
static struct thread *client;

static int
start(void **state)
{
	(void)world_start(state);
	pager = world_thread(1, PAGER);
	client = world_thread(2, CLIENT);
	(void)IPC_BY(pager, recv, .slot = W_ENDPOINT2);
	for (unsigned int i = 0; i < 32; i++)
		client->regs[i] = 0x5eed0000 + i;
	return 0;
}

static void
assert_registers_whole(void)
{
	for (unsigned int i = 0; i < 32; i++)
		assert_int_equal(client->regs[i], 0x5eed0000 + i);
}

/* The pager does something else. */
static void
pager_leaves(void)
{
	ASSERT_CALL(thread_stop, W_STEWARD, pager->name);
	ASSERT_CALL(thread_start, W_STEWARD, pager->name);
}

/* An exception of the client. */
static struct thread *
except(uint64_t scause, uint64_t stval)
{
	struct thread *next;

	world_run(client);
	next = sched_leave(fault_exception(client, scause, stval));
	world_check();
	return next;
}

static struct thread *
fault_map(token_t token, uint64_t slot, uint64_t source, uint64_t flags)
{
	return IPC_BY(pager, fault_map, .slot = W_MEMORY, .info = slot,
	    .words = {source, flags}, .t1 = token);
}

static void
a_fault_tells_the_pager_all_it_needs(void **state)
{
	struct message got;

	(void)state;
	assert_ptr_equal(world_fault(client, VA + 12, ACCESS_WRITE), pager);
	got = world_message(pager);
	assert_int_equal(got.slot, client->space->tag.value);
	assert_int_equal(got.info, MSG_INFO(MSG_FAULT, 4));
	assert_int_equal(got.words[0], VA + 12);
	assert_int_equal(got.words[1], ACCESS_WRITE);
	assert_int_equal(got.words[2], client->regs[REG_PC]);
	assert_int_equal(got.words[3], 0);
	assert_int_equal(got.words[4], 0);
	assert_int_equal(got.words[5], 0);
	assert_int_equal(got.t1, client->token);
	assert_int_equal(got.t2, SENDER_KERNEL_SPACE);
	assert_int_equal(client->state, THREAD_AWAITING);
	assert_registers_whole();
}

static void
a_fault_waits_for_its_pager_with_all_registers(void **state)
{
	struct message got;

	(void)state;
	pager_leaves();
	(void)world_fault(client, VA, ACCESS_EXEC);
	assert_int_equal(client->state, THREAD_SENDING);
	(void)IPC_BY(pager, recv, .slot = W_ENDPOINT2);
	got = world_message(pager);
	assert_int_equal(got.words[1], ACCESS_EXEC);
	assert_int_equal(got.t2, SENDER_KERNEL_SPACE);
	assert_registers_whole();
}

static void
the_entry_found_is_told(void **state)
{
	objname_t space = frame_name(frame_of(dmap_address(client->space)));
	uint64_t entry;

	(void)state;
	ASSERT_CALL(space_map, W_MEMORY, space, VA, 0,
	    MAP_PAGE_READ | MAP_PAGE_ZERO, 0);
	entry = world_entry(client->space, VA);
	(void)world_fault(client, VA, ACCESS_WRITE);
	assert_int_equal(world_message(pager).words[3], entry);
}

static void
an_address_of_the_kernel_is_told_too(void **state)
{
	static const vaddr_t bad[] = {
	    USER_TOP, 0xffffffc000000000ul, ~0ul, 1ul << 39};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		(void)world_fault(client, bad[i], ACCESS_READ);
		assert_int_equal(world_message(pager).words[0], bad[i]);
		assert_int_equal(world_message(pager).words[3], 0);
		/* And can't be mapped. */
		(void)fault_map(
		    client->token, 0, 0, MAP_PAGE_READ | MAP_PAGE_ZERO);
		assert_int_equal(world_message(pager).slot, TINE_EINVAL);
		(void)IPC_BY(pager, reply_recv, .slot = W_ENDPOINT2,
		    .t1 = client->token);
	}
}

/* Answers. */

static void
a_reply_resumes_with_all_registers(void **state)
{
	(void)state;
	(void)world_fault(client, VA, ACCESS_READ);
	assert_ptr_equal(IPC_BY(pager, reply_recv, .slot = W_ENDPOINT2,
			     .info = MSG_INFO(9, 6),
			     .words = {1, 2, 3, 4, 5, 6}, .t1 = client->token),
	    client);
	assert_registers_whole();
	assert_int_equal(client->flags & THREAD_KERNEL_CALL, 0);
	assert_int_equal(hart_self()->counters[STAT_REPLIES], 0);
}

static void
fault_map_maps_resumes_and_receives(void **state)
{
	(void)state;
	(void)world_fault(client, VA + 8, ACCESS_WRITE);
	assert_ptr_equal(
	    fault_map(client->token, W_ENDPOINT2, 0, RW | MAP_PAGE_ZERO),
	    client);
	assert_int_equal(pager->state, THREAD_RECEIVING);
	assert_true(pte_permits(world_entry(client->space, VA), ACCESS_WRITE));
	assert_registers_whole();
	assert_int_equal(client->flags & THREAD_KERNEL_CALL, 0);
}

static void
fault_map_without_a_slot_goes_on(void **state)
{
	(void)state;
	(void)world_fault(client, VA, ACCESS_WRITE);
	assert_ptr_equal(
	    fault_map(client->token, 0, 0, RW | MAP_PAGE_ZERO), pager);
	assert_int_equal(world_message(pager).slot, 0);
	assert_int_equal(client->state, THREAD_READY);
}

static void
fault_map_delivers_the_next_message(void **state)
{
	struct thread *second = world_thread(3, CLIENT);

	(void)state;
	(void)world_fault(client, VA, ACCESS_WRITE);
	(void)IPC_BY(second, call, .slot = W_ENDPOINT2, .info = MSG_INFO(7, 0));
	assert_ptr_equal(
	    fault_map(client->token, W_ENDPOINT2, 0, RW | MAP_PAGE_ZERO),
	    pager);
	assert_int_equal(world_message(pager).slot, second->space->tag.value);
	assert_int_equal(world_message(pager).t2, SENDER_SPACE);
	assert_int_equal(client->state, THREAD_READY);
}

static void
a_frame_fault_map_cannot_use_leaves_the_token_good(void **state)
{
	uint64_t frame = world_frame(3);
	token_t token;

	(void)state;
	(void)world_fault(client, VA, ACCESS_WRITE);
	token = client->token;
	(void)fault_map(token, W_ENDPOINT2, 0, RW);
	assert_int_equal(world_message(pager).slot, TINE_EINVAL);
	assert_int_equal(world_message(pager).t2, SENDER_NONE);
	(void)fault_map(token, 0, 5, RW | MAP_PAGE_DEVICE);
	assert_int_equal(world_message(pager).slot, TINE_EINVAL);
	(void)fault_map(token, 0, FAKE_FRAMES, RW);
	assert_int_equal(world_message(pager).slot, TINE_EINVAL);
	(void)fault_map(token, 0, 0, MAP_PAGE_WRITE | MAP_PAGE_ZERO);
	assert_int_equal(world_message(pager).slot, TINE_EINVAL);
	(void)IPC_BY(pager, fault_map, .slot = W_STEWARD, .words = {frame, RW},
	    .t1 = token);
	assert_int_equal(world_message(pager).slot, TINE_EBADF);
	(void)fault_map(token, 0, frame, RW);
	assert_int_equal(world_message(pager).slot, 0);
	(void)fault_map(token, 0, frame, RW);
	assert_int_equal(world_message(pager).slot, TINE_ESTALE);
}

static void
fault_map_fails_when_the_entry_changed_meanwhile(void **state)
{
	objname_t space = frame_name(frame_of(dmap_address(client->space)));

	(void)state;
	(void)world_fault(client, VA, ACCESS_WRITE);
	ASSERT_CALL(space_map, W_MEMORY, space, VA, 0, RW | MAP_PAGE_ZERO, 0);
	(void)fault_map(client->token, W_ENDPOINT2, 0, RW | MAP_PAGE_ZERO);
	assert_int_equal(world_message(pager).slot, TINE_ECHANGED);
	assert_int_equal(client->state, THREAD_AWAITING);
	(void)IPC_BY(pager, reply, .t1 = client->token);
	assert_int_equal(world_message(pager).slot, 0);
}

static void
fault_map_is_for_faults_only(void **state)
{
	(void)state;
	(void)IPC_BY(client, call, .slot = W_ENDPOINT2);
	(void)fault_map(client->token, 0, 0, RW | MAP_PAGE_ZERO);
	assert_int_equal(world_message(pager).slot, TINE_EINVAL);
	(void)IPC_BY(pager, reply, .t1 = client->token);
	(void)IPC_BY(pager, recv, .slot = W_ENDPOINT);
	(void)except(2, 0);
	(void)fault_map(client->token, 0, 0, RW | MAP_PAGE_ZERO);
	assert_int_equal(world_message(pager).slot, TINE_EINVAL);
	assert_int_equal(world_entry(client->space, VA), 0);
}

/* What needs no pager. */

static void
a_fault_that_is_permitted_by_now_is_only_flushed(void **state)
{
	uint64_t flushes = fake_arch.page_flushes;

	(void)state;
	(void)world_fault(world.root, W_DATA + 8, ACCESS_WRITE);
	assert_int_not_equal(world.root->state, THREAD_AWAITING);
	assert_int_equal(fake_arch.page_flushes, flushes + 1);
	assert_int_equal(hart_self()->counters[STAT_FAULTS], 1);
	assert_int_equal(hart_self()->counters[STAT_FAULT_CALLS], 0);
}

/* Forwards. */

static void
a_fault_can_be_forwarded_and_resumed_by_another(void **state)
{
	struct thread *second = world_thread(3, PAGER);
	struct message got;

	(void)state;
	(void)IPC_BY(second, recv, .slot = W_ENDPOINT);
	(void)world_fault(client, VA, ACCESS_WRITE);
	(void)IPC_BY(pager, forward, .slot = W_ENDPOINT,
	    .info = MSG_INFO(30, 2) | MSG_WINDOW_MASK, .words = {11, 12, 13},
	    .t1 = client->token);
	got = world_message(second);
	assert_int_equal(got.slot, 2);
	assert_int_equal(got.info, MSG_INFO(30, 2));
	assert_int_equal(got.words[0], 11);
	assert_int_equal(got.words[1], 12);
	assert_int_equal(got.words[2], 0);
	assert_int_equal(got.t2, SENDER_KERNEL_THREAD | SENDER_FORWARDED);
	/* There is no window, though the thread's t1 and t2 are there. */
	client->regs[REG_A1] = MSG_WINDOW_MASK;
	client->regs[REG_T1] = W_DATA;
	client->regs[REG_T2] = 8;
	world_run(second);
	assert_int_equal(
	    CALL_BY(second, copy, got.t1, 0, 0, 0, 0), TINE_EFAULT);
	client->regs[REG_A1] = 0x5eed0000 + REG_A1;
	client->regs[REG_T1] = 0x5eed0000 + REG_T1;
	client->regs[REG_T2] = 0x5eed0000 + REG_T2;
	(void)IPC_BY(second, reply, .info = MSG_INFO(1, 6), .t1 = got.t1);
	assert_registers_whole();
	assert_int_equal(client->state, THREAD_READY);
}

/* Nobody there. */

static void
without_a_pager_a_fault_is_an_exception(void **state)
{
	static const struct {
		uint64_t access, scause;
	} cases[] = {{ACCESS_EXEC, 12}, {ACCESS_READ, 13}, {ACCESS_WRITE, 15}};

	(void)state;
	ASSERT_CALL(
	    thread_configure, W_MEMORY, client->name, THREAD_FAULT_ENDPOINT, 0);
	pager_leaves();
	for (size_t i = 0; i < 3; i++) {
		struct message got;

		(void)IPC_BY(pager, recv, .slot = W_ENDPOINT);
		(void)world_fault(client, VA, cases[i].access);
		got = world_message(pager);
		assert_int_equal(got.info, MSG_INFO(MSG_EXCEPTION, 3));
		assert_int_equal(got.words[0], cases[i].scause);
		assert_int_equal(got.words[1], VA);
		assert_int_equal(got.words[2], client->regs[REG_PC]);
		assert_int_equal(got.slot, 2);
		assert_int_equal(got.t2, SENDER_KERNEL_THREAD);
		(void)IPC_BY(pager, reply, .t1 = got.t1);
	}
}

static void
an_exception_without_a_handler_stops_the_thread(void **state)
{
	(void)state;
	ASSERT_CALL(thread_configure, W_MEMORY, client->name,
	    THREAD_EXCEPTION_ENDPOINT, 0);
	(void)except(2, 0xbad);
	assert_int_equal(client->state, THREAD_STOPPED);
	assert_non_null(strstr(fake_log, "exception 2"));
	assert_int_equal(client->flags & THREAD_KERNEL_CALL, 0);
}

/* A pager's endpoint may be destroyed and its frame used again. */
static void
a_handler_that_is_gone_is_none(void **state)
{
	objname_t name = world_new(KIND_ENDPOINT, 0, 0);

	(void)state;
	world_name(W_FREE, name, RIGHT_SEND | RIGHT_RECEIVE, 0);
	ASSERT_CALL(thread_configure, W_MEMORY, client->name,
	    THREAD_FAULT_ENDPOINT, W_FREE);
	ASSERT_CALL(thread_configure, W_MEMORY, client->name,
	    THREAD_EXCEPTION_ENDPOINT, W_FREE);
	ASSERT_CALL(destroy, W_MEMORY, name);
	assert_int_equal(world_new(KIND_ENDPOINT, 0, 0) & NAME_FRAME_MASK,
	    name & NAME_FRAME_MASK);
	(void)world_fault(client, VA, ACCESS_READ);
	assert_int_equal(client->state, THREAD_STOPPED);
}

static void
an_exception_of_the_root_task_is_the_end(void **state)
{
	(void)state;
	EXPECT_PANIC(assert_null(fault_exception(root_thread, 2, 0)));
	assert_non_null(strstr(fake_panic.message, "root task"));
	EXPECT_PANIC(
	    assert_null(world_page_fault(root_thread, VA, ACCESS_READ)));
}

/* Ends. */

static void
a_fault_whose_endpoint_is_destroyed_leaves_its_thread_stopped(void **state)
{
	objname_t name = world_new(KIND_ENDPOINT, 0, 0);

	(void)state;
	world_name(W_FREE, name, RIGHT_SEND | RIGHT_RECEIVE, 0);
	ASSERT_CALL(thread_configure, W_MEMORY, client->name,
	    THREAD_FAULT_ENDPOINT, W_FREE);
	(void)world_fault(client, VA, ACCESS_READ);
	assert_int_equal(client->state, THREAD_SENDING);
	ASSERT_CALL(destroy, W_MEMORY, name);
	world_check();
	assert_int_equal(client->state, THREAD_STOPPED);
	assert_int_equal(client->flags & THREAD_KERNEL_CALL, 0);
	assert_registers_whole();
}

static void
a_faulted_thread_can_be_stopped_and_destroyed(void **state)
{
	token_t token;

	(void)state;
	(void)world_fault(client, VA, ACCESS_READ);
	token = client->token;
	ASSERT_CALL(thread_stop, W_STEWARD, client->name);
	world_check();
	assert_registers_whole();
	(void)fault_map(token, 0, 0, RW | MAP_PAGE_ZERO);
	assert_int_equal(world_message(pager).slot, TINE_ESTALE);
	ASSERT_CALL(thread_start, W_STEWARD, client->name);
	(void)IPC_BY(pager, recv, .slot = W_ENDPOINT2);
	(void)world_fault(client, VA, ACCESS_READ);
	assert_true(client->token > token);
	ASSERT_CALL(destroy, W_MEMORY, client->name);
	world_check();
}

/* After a fault, the thread's own call is one of its own again. */
static void
a_call_after_a_fault_is_the_threads_own(void **state)
{
	struct message got;

	(void)state;
	(void)world_fault(client, VA, ACCESS_READ);
	(void)IPC_BY(
	    pager, reply_recv, .slot = W_ENDPOINT2, .t1 = client->token);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT2, .info = MSG_INFO(5, 1),
	    .words = {9});
	got = world_message(pager);
	assert_int_equal(got.t2, SENDER_SPACE);
	assert_int_equal(got.info, MSG_INFO(5, 1));
	assert_int_equal(got.words[0], 9);
}

#undef TEST
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, start, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_fault_tells_the_pager_all_it_needs),
	    TEST(a_fault_waits_for_its_pager_with_all_registers),
	    TEST(the_entry_found_is_told),
	    TEST(an_address_of_the_kernel_is_told_too),
	    TEST(a_reply_resumes_with_all_registers),
	    TEST(fault_map_maps_resumes_and_receives),
	    TEST(fault_map_without_a_slot_goes_on),
	    TEST(fault_map_delivers_the_next_message),
	    TEST(a_frame_fault_map_cannot_use_leaves_the_token_good),
	    TEST(fault_map_fails_when_the_entry_changed_meanwhile),
	    TEST(fault_map_is_for_faults_only),
	    TEST(a_fault_that_is_permitted_by_now_is_only_flushed),
	    TEST(a_fault_can_be_forwarded_and_resumed_by_another),
	    TEST(without_a_pager_a_fault_is_an_exception),
	    TEST(an_exception_without_a_handler_stops_the_thread),
	    TEST(a_handler_that_is_gone_is_none),
	    TEST(an_exception_of_the_root_task_is_the_end),
	    TEST(a_fault_whose_endpoint_is_destroyed_leaves_its_thread_stopped),
	    TEST(a_faulted_thread_can_be_stopped_and_destroyed),
	    TEST(a_call_after_a_fault_is_the_threads_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

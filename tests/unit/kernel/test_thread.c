/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_thread.c - what owners and stewards do with threads.
 */
#include "pair.h"
#include "fake_arch.h"

#define REGS_AT W_DATA

/* A struct regs in root's memory; over a page's end if it is at one. */
static struct regs *
regs_buffer(void)
{
	return (struct regs *)world_page(
	    pte_frame(world_entry(world.space, REGS_AT)));
}

static void
regs_fill(struct regs *regs)
{
	for (unsigned int i = 0; i < 32; i++) {
		regs->x[i] = 0x1000 + i * 8;
		regs->f[i] = 0xf000 + i;
	}
	regs->fcsr = 0x3e;
}

/* The server holds the client's call: its token. */
static token_t
call(void)
{
	(void)IPC_BY(server, recv, .slot = W_ENDPOINT);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT,
	    .info = MSG_INFO(3, 2) | MSG_WINDOW_READ, .words = {5, 6},
	    .t1 = 0x4000, .t2 = 64);
	return client->token;
}

static objname_t
new_thread(uint64_t identity)
{
	return world_new(KIND_THREAD, world_space(0), identity);
}

static void
registers_are_read_and_written_while_a_thread_is_still(void **state)
{
	struct regs *regs = regs_buffer();
	struct regs wanted;

	(void)state;
	ASSERT_CALL(thread_stop, W_STEWARD, client->name);
	ASSERT_CALL(thread_configure, W_MEMORY, client->name, THREAD_FPU, 1);
	regs_fill(regs);
	wanted = *regs;
	ASSERT_CALL(thread_write, W_STEWARD, client->name, REGS_AT);
	memset(regs, 0, sizeof(*regs));
	ASSERT_CALL(thread_read, W_STEWARD, client->name, REGS_AT);
	assert_memory_equal(regs, &wanted, sizeof(wanted));
	for (unsigned int i = 0; i < 32; i++)
		assert_int_equal(client->regs[i], wanted.x[i]);
	ASSERT_CALL(thread_start, W_STEWARD, client->name);
	world_run(client);
	for (unsigned int i = 0; i < 32; i++)
		assert_int_equal(fake_arch.f[i], wanted.f[i]);
	assert_int_equal(fake_arch.fcsr, wanted.fcsr);
}

static void
the_pc_is_even_and_fcsr_has_its_eight_bits(void **state)
{
	struct regs *regs = regs_buffer();

	(void)state;
	ASSERT_CALL(thread_stop, W_STEWARD, client->name);
	ASSERT_CALL(thread_configure, W_MEMORY, client->name, THREAD_FPU, 1);
	regs_fill(regs);
	regs->x[0] = 0x10003;
	regs->fcsr = ~0ul;
	ASSERT_CALL(thread_write, W_STEWARD, client->name, REGS_AT);
	assert_int_equal(client->regs[REG_PC], 0x10002);
	assert_int_equal(client->fcsr, 0xff);
}

static void
a_thread_without_floating_point_gets_no_fp_registers(void **state)
{
	struct regs *regs = regs_buffer();

	(void)state;
	ASSERT_CALL(thread_stop, W_STEWARD, client->name);
	regs_fill(regs);
	ASSERT_CALL(thread_write, W_STEWARD, client->name, REGS_AT);
	ASSERT_CALL(thread_read, W_STEWARD, client->name, REGS_AT);
	for (unsigned int i = 0; i < 32; i++)
		assert_int_equal(regs->f[i], 0);
}

/* Written while the hart still holds the old values. */
static void
written_fp_registers_replace_those_on_the_hart(void **state)
{
	struct regs *regs = regs_buffer();

	(void)state;
	ASSERT_CALL(thread_configure, W_MEMORY, client->name, THREAD_FPU, 1);
	world_run(client);
	fake_arch.f[3] = 77;
	fake_arch.fp_dirty = true;
	ASSERT_CALL(thread_stop, W_STEWARD, client->name);
	ASSERT_CALL(thread_read, W_STEWARD, client->name, REGS_AT);
	assert_int_equal(regs->f[3], 77);
	regs->f[3] = 88;
	ASSERT_CALL(thread_write, W_STEWARD, client->name, REGS_AT);
	ASSERT_CALL(thread_start, W_STEWARD, client->name);
	world_run(client);
	assert_int_equal(fake_arch.f[3], 88);
}

static void
registers_of_a_thread_that_may_move_are_not_touched(void **state)
{
	(void)state;
	assert_int_equal(
	    CALL(thread_read, W_STEWARD, client->name, REGS_AT), TINE_EBUSY);
	assert_int_equal(
	    CALL(thread_write, W_STEWARD, client->name, REGS_AT), TINE_EBUSY);
	assert_int_equal(
	    CALL(thread_read, W_STEWARD, world.root->name, REGS_AT),
	    TINE_EBUSY);
	(void)call();
	ASSERT_CALL(thread_read, W_STEWARD, client->name, REGS_AT);
}

static void
registers_that_are_nowhere_change_nothing(void **state)
{
	static const vaddr_t bad[] = {0, W_CONST - PAGE_SIZE, W_CONST,
	    W_DATA + 2 * PAGE_SIZE - 8, USER_TOP - 8, USER_TOP,
	    0xffffffc000000000ul, ~0ul - 7};

	(void)state;
	ASSERT_CALL(thread_stop, W_STEWARD, client->name);
	client->regs[5] = 99;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    CALL(thread_read, W_STEWARD, client->name, bad[i]),
		    TINE_EFAULT);
		if (bad[i] == W_CONST)
			continue;
		assert_int_equal(
		    CALL(thread_write, W_STEWARD, client->name, bad[i]),
		    TINE_EFAULT);
		assert_int_equal(client->regs[5], 99);
	}
}

static void
reply_regs_sets_all_registers(void **state)
{
	struct regs regs;
	uint8_t *memory;
	token_t token;

	(void)state;
	ASSERT_CALL(thread_configure, W_MEMORY, client->name, THREAD_FPU, 1);
	ASSERT_CALL(space_map, W_MEMORY,
	    frame_name(frame_of(dmap_address(server->space))), W_DATA, 0,
	    MAP_PAGE_READ | MAP_PAGE_WRITE | MAP_PAGE_ZERO, 0);
	memory = world_page(pte_frame(world_entry(server->space, W_DATA)));
	regs_fill(&regs);
	memcpy(memory + 8, &regs, sizeof(regs));
	token = call();
	world_run(server);
	assert_int_equal(CALL_BY(server, reply_regs, token, W_DATA + 8), 0);
	for (unsigned int i = 0; i < 32; i++)
		assert_int_equal(client->regs[i], regs.x[i]);
	assert_int_equal(
	    CALL_BY(server, reply_regs, token, W_DATA + 8), TINE_ESTALE);
	assert_int_equal(CALL_BY(server, reply_regs, token, 0), TINE_EFAULT);
	world_run(client);
	for (unsigned int i = 0; i < 32; i++)
		assert_int_equal(fake_arch.f[i], regs.f[i]);
	world_check();
}

static void
a_thread_is_created_stopped_and_starts_once(void **state)
{
	objname_t name = new_thread(3);

	(void)state;
	assert_int_equal(world_thread_at(name)->state, THREAD_STOPPED);
	ASSERT_CALL(thread_start, W_STEWARD, name);
	world_check();
	assert_int_equal(CALL(thread_start, W_STEWARD, name), TINE_EBUSY);
	ASSERT_CALL(thread_stop, W_STEWARD, name);
	ASSERT_CALL(thread_stop, W_STEWARD, name);
	ASSERT_CALL(thread_start, W_STEWARD, name);
	world_check();
}

static void
a_waiting_thread_is_not_started(void **state)
{
	(void)state;
	(void)call();
	assert_int_equal(
	    CALL(thread_start, W_STEWARD, client->name), TINE_EBUSY);
	(void)IPC_BY(server, recv, .slot = W_ENDPOINT);
	assert_int_equal(
	    CALL(thread_start, W_STEWARD, server->name), TINE_EBUSY);
	assert_int_equal(
	    CALL(thread_start, W_STEWARD, world.root->name), TINE_EBUSY);
}

static void
identity_is_set_by_the_owner_alone(void **state)
{
	(void)state;
	assert_int_equal(CALL(thread_configure, W_STEWARD, client->name,
			     THREAD_IDENTITY, 99),
	    TINE_EBADF);
	ASSERT_CALL(
	    thread_configure, W_MEMORY, client->name, THREAD_IDENTITY, 99);
	(void)IPC_BY(server, recv, .slot = W_ENDPOINT);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT);
	assert_int_equal(world_message(server).slot, 99);
}

static void
a_thread_can_be_moved_to_another_space(void **state)
{
	objname_t old = frame_name(frame_of(dmap_address(client->space)));
	objname_t name = world_space(0);

	(void)state;
	assert_int_equal(CALL(destroy, W_MEMORY, old), TINE_EBUSY);
	(void)call();
	ASSERT_CALL(
	    thread_configure, W_MEMORY, client->name, THREAD_SPACE, name);
	world_check();
	assert_ptr_equal(client->space, world_space_at(name));
	assert_int_equal(client->satp, space_satp(client->space));
	ASSERT_CALL(destroy, W_MEMORY, old);
	assert_int_equal(CALL(destroy, W_MEMORY, name), TINE_EBUSY);
	/* Not the one that runs. */
	assert_int_equal(CALL(thread_configure, W_MEMORY, world.root->name,
			     THREAD_SPACE, name),
	    TINE_EBUSY);
}

static void
a_cspace_lives_while_threads_use_it(void **state)
{
	objname_t name = world_new(KIND_CSPACE, 0, 0);

	(void)state;
	world_name(W_FREE, name, RIGHT_EDIT, 0);
	ASSERT_CALL(
	    thread_configure, W_MEMORY, client->name, THREAD_CSPACE, W_FREE);
	assert_int_equal(CALL(destroy, W_MEMORY, name), TINE_EBUSY);
	ASSERT_CALL(
	    thread_configure, W_MEMORY, client->name, THREAD_CSPACE, W_CSPACE);
	ASSERT_CALL(destroy, W_MEMORY, name);
	world_check();
}

static void
a_bad_endpoint_leaves_the_old_one(void **state)
{
	struct endpoint_ref fault = client->fault_endpoint;
	struct endpoint_ref exception = client->exception_endpoint;

	(void)state;
	assert_int_equal(CALL(thread_configure, W_MEMORY, client->name,
			     THREAD_FAULT_ENDPOINT, W_NOTIFICATION),
	    TINE_EBADF);
	assert_int_equal(CALL(thread_configure, W_MEMORY, client->name,
			     THREAD_EXCEPTION_ENDPOINT, CSPACE_SLOTS),
	    TINE_EBADF);
	assert_memory_equal(&client->fault_endpoint, &fault, sizeof(fault));
	assert_memory_equal(
	    &client->exception_endpoint, &exception, sizeof(exception));
}

static void
the_running_thread_is_not_destroyed(void **state)
{
	(void)state;
	assert_int_equal(CALL(destroy, W_MEMORY, world.root->name), TINE_EBUSY);
	assert_int_equal(CALL(destroy, W_MEMORY, world.space_name), TINE_EBUSY);
	assert_int_equal(
	    CALL(destroy, W_MEMORY, world.cspace_name), TINE_EBUSY);
}

/*
 * Its frame may be a page by then, with anything in it, before thread_orphans
 * has ended the calls that it held.
 */
static void
a_holder_that_is_gone_has_no_identity(void **state)
{
	struct thread *holder = world_thread(33, PAIR_SERVER);
	objname_t name = holder->name;
	uint64_t frame;

	(void)state;
	(void)IPC_BY(holder, recv, .slot = W_ENDPOINT2);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT2);
	ASSERT_CALL(thread_interrupt, W_STEWARD, client->name);
	assert_int_equal(RESULT(1), 33);
	ASSERT_CALL(destroy, W_MEMORY, name);
	frame = world_frame(0xff);
	assert_int_equal(frame, name & NAME_FRAME_MASK);
	ASSERT_CALL(thread_interrupt, W_STEWARD, client->name);
	assert_int_equal(RESULT(1), 0);
	/* What looks like the thread that was, with its name. */
	holder->name = name;
	ASSERT_CALL(thread_interrupt, W_STEWARD, client->name);
	assert_int_equal(RESULT(1), 0);
	ASSERT_CALL(frame_free, W_MEMORY, frame);
	ASSERT_CALL(thread_orphans, W_MEMORY, name, TINE_EIO, 0);
}

#undef TEST
#define TEST(claim) \
	cmocka_unit_test_setup_teardown(claim, pair_start, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(registers_are_read_and_written_while_a_thread_is_still),
	    TEST(the_pc_is_even_and_fcsr_has_its_eight_bits),
	    TEST(a_thread_without_floating_point_gets_no_fp_registers),
	    TEST(written_fp_registers_replace_those_on_the_hart),
	    TEST(registers_of_a_thread_that_may_move_are_not_touched),
	    TEST(registers_that_are_nowhere_change_nothing),
	    TEST(reply_regs_sets_all_registers),
	    TEST(a_thread_is_created_stopped_and_starts_once),
	    TEST(a_waiting_thread_is_not_started),
	    TEST(identity_is_set_by_the_owner_alone),
	    TEST(a_thread_can_be_moved_to_another_space),
	    TEST(a_cspace_lives_while_threads_use_it),
	    TEST(a_bad_endpoint_leaves_the_old_one),
	    TEST(the_running_thread_is_not_destroyed),
	    TEST(a_holder_that_is_gone_has_no_identity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_thread_clone.c - making a new thread the copy of a caller.
 */
#include "pair.h"
#include "fake_arch.h"
#include "ucopy.h"

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

/* The running thread has this in its FP registers now. */
static void
fp_write(uint64_t number)
{
	for (unsigned int i = 0; i < 32; i++)
		fake_arch.f[i] = number;
	fake_arch.fp_dirty = true;
}

/* Whatever was written to it before: its caller's are all zero. */
static void
the_copy_of_a_caller_that_used_no_fp_has_zeros(void **state)
{
	objname_t name = new_thread(3);
	struct thread *copy = world_thread_at(name);
	struct regs regs = {.f = {7}};
	struct ucopy_span span;
	token_t token;

	(void)state;
	copy->flags |= THREAD_USES_FPU;
	span = (struct ucopy_span){.at = &regs.x[0], .rest = sizeof(regs) / 8};
	thread_get_regs(copy, &span);
	token = call();
	world_run(server);
	assert_int_equal(
	    CALL_BY(server, thread_clone, W_STEWARD, name, token), 0);
	assert_int_equal(copy->fp_key, FP_ZERO);
	assert_int_equal(copy->flags & THREAD_FP_SAVED, 0);
}

static void
a_clone_is_its_caller_and_waits_for_a_reply_of_its_own(void **state)
{
	objname_t name = new_thread(3);
	struct thread *copy = world_thread_at(name);
	objname_t space = frame_name(frame_of(dmap_address(copy->space)));
	token_t token = call(), copys;

	(void)state;
	world_run(server);
	assert_int_equal(
	    CALL_BY(server, thread_clone, W_STEWARD, name, token), 0);
	world_check();
	copys = server->regs[REG_A1];
	assert_int_equal(copys, copy->token);
	assert_true(copys > name);
	assert_int_equal(copys & NAME_FRAME_MASK, name & NAME_FRAME_MASK);
	assert_memory_equal(copy->regs, client->regs, sizeof(copy->regs));
	assert_int_equal(copy->priority, PAIR_CLIENT);
	assert_ptr_equal(copy->cspace, client->cspace);
	assert_int_equal(copy->state, THREAD_AWAITING);
	/* Its own are its identity and its space. */
	assert_int_equal(copy->sender[ENDPOINT_THREAD], 3);
	assert_ptr_equal(copy->space, world_space_at(space));
	(void)IPC_BY(
	    server, reply, .info = MSG_INFO(1, 1), .words = {11}, .t1 = copys);
	(void)IPC_BY(
	    server, reply, .info = MSG_INFO(2, 1), .words = {12}, .t1 = token);
	assert_int_equal(world_message(copy).words[0], 11);
	assert_int_equal(world_message(client).words[0], 12);
	assert_int_equal(copy->regs[REG_PC], client->regs[REG_PC]);
}

static void
a_clone_has_its_callers_fp_registers(void **state)
{
	objname_t name = new_thread(3);
	struct thread *other;
	token_t token;

	(void)state;
	ASSERT_CALL(thread_configure, W_MEMORY, client->name, THREAD_FPU, 1);
	world_run(client);
	for (unsigned int i = 0; i < 32; i++)
		fake_arch.f[i] = 900 + i;
	fake_arch.fcsr = 0x21;
	fake_arch.fp_dirty = true;
	token = call();
	world_run(server);
	assert_int_equal(
	    CALL_BY(server, thread_clone, W_STEWARD, name, token), 0);
	(void)IPC_BY(server, reply, .t1 = server->regs[REG_A1]);
	/* The caller goes on first and changes its own. */
	(void)IPC_BY(server, reply, .t1 = token);
	world_run(client);
	fake_arch.f[0] = 1;
	fake_arch.fp_dirty = true;
	/* Nor are the zeros of a new thread its own. */
	other = world_thread(4, PAIR_CLIENT);
	ASSERT_CALL(thread_configure, W_MEMORY, other->name, THREAD_FPU, 1);
	world_run(other);
	assert_int_equal(fake_arch.f[0], 0);
	world_run(world_thread_at(name));
	for (unsigned int i = 0; i < 32; i++)
		assert_int_equal(fake_arch.f[i], 900 + i);
	assert_int_equal(fake_arch.fcsr, 0x21);
}

/* The hart still has the registers of the one that was in the frame. */
static void
a_clone_in_a_used_frame_has_its_callers_fp_registers(void **state)
{
	struct thread *gone = world_thread(4, PAIR_CLIENT);
	uint64_t frame = thread_frame(gone);
	token_t token;
	objname_t name;

	(void)state;
	ASSERT_CALL(thread_configure, W_MEMORY, client->name, THREAD_FPU, 1);
	ASSERT_CALL(thread_configure, W_MEMORY, gone->name, THREAD_FPU, 1);
	world_run(client);
	fp_write(900);
	token = call();
	world_run(gone);
	fp_write(500);
	ASSERT_CALL(destroy, W_MEMORY, gone->name);
	name = world_new(KIND_THREAD, world.space_name, 5);
	assert_int_equal(name & NAME_FRAME_MASK, frame);
	world_run(server);
	assert_int_equal(
	    CALL_BY(server, thread_clone, W_STEWARD, name, token), 0);
	(void)IPC_BY(server, reply, .t1 = server->regs[REG_A1]);
	world_run(world_thread_at(name));
	assert_int_equal(fake_arch.f[0], 900);
}

static void
a_clone_faults_where_its_caller_does(void **state)
{
	objname_t name = new_thread(3);
	struct thread *copy = world_thread_at(name);
	token_t token = call();

	(void)state;
	world_run(server);
	assert_int_equal(
	    CALL_BY(server, thread_clone, W_STEWARD, name, token), 0);
	(void)IPC_BY(server, reply, .t1 = server->regs[REG_A1]);
	(void)world_fault(copy, 0x5000, ACCESS_READ);
	assert_int_equal(copy->state, THREAD_SENDING);
	(void)IPC_BY(server, recv, .slot = W_ENDPOINT2);
	assert_int_equal(world_message(server).slot, copy->space->tag.value);
}

static void
only_a_new_thread_becomes_a_clone(void **state)
{
	token_t token = call();
	struct thread *used = world_thread(4, PAIR_CLIENT);
	const objname_t bad[] = {client->name, server->name, used->name};

	(void)state;
	ASSERT_CALL(thread_stop, W_STEWARD, used->name);
	world_run(server);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(
		    CALL_BY(server, thread_clone, W_STEWARD, bad[i], token),
		    TINE_EINVAL);
	assert_int_equal(client->state, THREAD_AWAITING);
}

static void
a_faulted_thread_is_not_cloned(void **state)
{
	objname_t name = new_thread(3);

	(void)state;
	(void)IPC_BY(server, recv, .slot = W_ENDPOINT2);
	(void)world_fault(client, 0x5000, ACCESS_READ);
	world_run(server);
	assert_int_equal(
	    CALL_BY(server, thread_clone, W_STEWARD, name, client->token),
	    TINE_EINVAL);
	assert_int_equal(world_thread_at(name)->state, THREAD_STOPPED);
}

static void
a_clone_needs_authority_over_both_threads(void **state)
{
	objname_t name = new_thread(3);
	token_t token = call();
	struct cap *cap = &world.slots[W_FREE];

	(void)state;
	*cap = world.slots[W_STEWARD];
	cap->first += name & NAME_FRAME_MASK;
	cap->pages = 1;
	world_run(server);
	assert_int_equal(
	    CALL_BY(server, thread_clone, W_FREE, name, token), TINE_EINVAL);
	cap->first = (frames.base >> PAGE_SHIFT) + thread_frame(client);
	assert_int_equal(
	    CALL_BY(server, thread_clone, W_FREE, name, token), TINE_EINVAL);
	assert_int_equal(
	    CALL_BY(server, thread_clone, W_ENDPOINT, name, token), TINE_EBADF);
	assert_int_equal(world_thread_at(name)->state, THREAD_STOPPED);
}

#undef TEST
#define TEST(claim) \
	cmocka_unit_test_setup_teardown(claim, pair_start, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_copy_of_a_caller_that_used_no_fp_has_zeros),
	    TEST(a_clone_is_its_caller_and_waits_for_a_reply_of_its_own),
	    TEST(a_clone_has_its_callers_fp_registers),
	    TEST(a_clone_in_a_used_frame_has_its_callers_fp_registers),
	    TEST(a_clone_faults_where_its_caller_does),
	    TEST(only_a_new_thread_becomes_a_clone),
	    TEST(a_faulted_thread_is_not_cloned),
	    TEST(a_clone_needs_authority_over_both_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_sched.c - which thread runs, and whose FP registers are where.
 */
#include "world.h"
#include "fake_arch.h"

static struct thread *
yield(struct thread *thread)
{
	assert_int_equal(CALL_BY(thread, yield), 0);
	return sched_leave(NULL);
}

static void
threads_of_a_priority_take_turns(void **state)
{
	struct thread *threads[3];
	struct thread *runs;

	(void)state;
	for (uint64_t i = 0; i < 3; i++)
		threads[i] = world_thread(10 + i, 30);
	runs = yield(world.root);
	for (size_t i = 0; i < 9; i++) {
		assert_ptr_equal(runs, threads[i % 3]);
		runs = yield(runs);
		world_check();
	}
}

static void
a_yield_gives_nothing_to_lower_priorities(void **state)
{
	struct thread *high = world_thread(10, 30);

	(void)state;
	(void)world_thread(11, 29);
	world_run(high);
	assert_ptr_equal(yield(high), high);
	assert_int_equal(high->state, THREAD_RUNNING);
}

static void
a_more_urgent_thread_runs_at_once(void **state)
{
	struct thread *low = world_thread(10, 10);
	struct thread *high = world_thread(11, 30);

	(void)state;
	ASSERT_CALL(thread_stop, W_STEWARD, high->name);
	world_run(low);
	assert_int_equal(CALL_BY(low, thread_start, W_STEWARD, high->name), 0);
	assert_ptr_equal(sched_leave(NULL), high);
	assert_int_equal(low->state, THREAD_READY);
}

static void
a_thread_that_is_preempted_goes_on_before_its_equals(void **state)
{
	struct thread *first = world_thread(10, 10);
	struct thread *high = world_thread(12, 30);

	(void)state;
	(void)world_thread(11, 10);
	ASSERT_CALL(thread_stop, W_STEWARD, high->name);
	world_run(first);
	assert_int_equal(
	    CALL_BY(first, thread_start, W_STEWARD, high->name), 0);
	assert_ptr_equal(sched_leave(NULL), high);
	assert_ptr_equal(IPC_BY(high, recv, .slot = W_ENDPOINT), first);
}

static void
a_slice_ends_at_its_tick_and_not_before(void **state)
{
	struct thread *first = world_thread(10, 10);
	struct thread *second = world_thread(11, 10);
	uint64_t tick = hart_self()->tick;

	(void)state;
	world_run(first);
	fake_arch.now = tick - 1;
	sched_tick();
	assert_ptr_equal(sched_leave(NULL), first);
	fake_arch.now = tick;
	sched_tick();
	assert_ptr_equal(sched_leave(NULL), second);
	assert_int_equal(hart_self()->tick, tick + slice_ticks);
	assert_int_equal(fake_arch.timer, tick + slice_ticks);
	world_check();
}

/* Else a program that calls a server at each tick would run alone. */
static void
a_slice_that_ends_in_a_server_is_the_caller_s(void **state)
{
	struct thread *server = world_thread(12, 30);
	struct thread *caller = world_thread(10, 10);
	struct thread *other = world_thread(11, 10);

	(void)state;
	world_run(server);
	assert_ptr_equal(IPC_BY(server, recv, .slot = W_ENDPOINT), caller);
	assert_ptr_equal(
	    IPC_BY(caller, call, .slot = W_ENDPOINT, .info = MSG_INFO(1, 0)),
	    server);
	fake_arch.now = hart_self()->tick;
	sched_tick();
	/* The server is not held up, and is not the one to pay. */
	assert_ptr_equal(sched_leave(NULL), server);
	assert_int_not_equal(hart_self()->ready.ready & READY_EXPIRED, 0);
	assert_ptr_equal(IPC_BY(server, reply_recv, .slot = W_ENDPOINT,
			     .t1 = server->regs[REG_T1]),
	    other);
	assert_int_equal(hart_self()->ready.ready & READY_EXPIRED, 0);
	world_check();
	assert_ptr_equal(yield(other), caller);
}

static void
the_timer_is_set_only_when_its_deadline_changes(void **state)
{
	(void)state;
	sched_rearm();
	fake_arch.timer = 0;
	sched_rearm();
	assert_int_equal(fake_arch.timer, 0);
}

static void
a_changed_priority_counts_at_once(void **state)
{
	struct thread *first = world_thread(10, 10);
	struct thread *second = world_thread(11, 20);

	(void)state;
	ASSERT_CALL(
	    thread_configure, W_MEMORY, second->name, THREAD_PRIORITY, 5);
	world_check();
	assert_ptr_equal(yield(world.root), first);
	assert_int_equal(CALL_BY(first, thread_configure, W_MEMORY, first->name,
			     THREAD_PRIORITY, 4),
	    0);
	assert_ptr_equal(sched_leave(NULL), second);
	world_check();
}

static void
a_thread_that_stops_itself_leaves_the_hart(void **state)
{
	struct thread *thread = world_thread(10, 10);

	(void)state;
	world_run(thread);
	assert_int_equal(
	    CALL_BY(thread, thread_stop, W_STEWARD, thread->name), 0);
	assert_ptr_equal(sched_leave(NULL), world.root);
	assert_int_equal(thread->state, THREAD_STOPPED);
	world_check();
}

static void
the_space_is_entered_with_its_thread(void **state)
{
	struct thread *thread = world_thread(10, 10);
	uint64_t full = fake_arch.full_flushes;

	(void)state;
	assert_ptr_equal(yield(world.root), thread);
	assert_int_equal(fake_arch.satp, thread->satp);
	assert_int_equal(fake_arch.satp, space_satp(thread->space));
	/* It has an ASID, so nothing is flushed. */
	assert_int_equal(fake_arch.full_flushes, full);
}

static void
a_space_without_an_asid_is_entered_with_a_flush(void **state)
{
	struct thread *thread;
	uint64_t full;

	(void)state;
	space_set_asid_bits(0);
	thread = world_thread(10, 10);
	assert_int_equal(thread->space->asid.value, 0);
	full = fake_arch.full_flushes;
	assert_ptr_equal(yield(world.root), thread);
	assert_int_equal(fake_arch.full_flushes, full + 1);
}

/* FP registers. */

static struct thread *
fp_thread(uint64_t identity)
{
	struct thread *thread = world_thread(identity, 30);

	ASSERT_CALL(thread_configure, W_MEMORY, thread->name, THREAD_FPU, 1);
	return thread;
}

/* The running thread writes all its FP registers. */
static void
fp_write(uint64_t seed)
{
	assert_int_equal(fake_arch.status & FAKE_STATUS_FPU, FAKE_STATUS_FPU);
	for (unsigned int i = 0; i < 32; i++)
		fake_arch.f[i] = seed + i;
	fake_arch.fcsr = seed & 0xff;
	fake_arch.fp_dirty = true;
}

static void
assert_fp(uint64_t seed)
{
	for (unsigned int i = 0; i < 32; i++)
		assert_int_equal(fake_arch.f[i], seed == 0 ? 0 : seed + i);
	assert_int_equal(fake_arch.fcsr, seed & 0xff);
}

static void
each_thread_finds_its_own_fp_registers(void **state)
{
	struct thread *threads[3];

	(void)state;
	for (uint64_t i = 0; i < 3; i++)
		threads[i] = fp_thread(10 + i);
	for (uint64_t i = 0; i < 3; i++) {
		world_run(threads[i]);
		assert_fp(0);
		fp_write(1000 * (i + 1));
	}
	for (uint64_t i = 0; i < 3; i++) {
		world_run(threads[i]);
		assert_fp(1000 * (i + 1));
	}
}

static void
clean_fp_registers_are_neither_saved_nor_put_back_twice(void **state)
{
	struct thread *thread = fp_thread(10);
	struct thread *plain = world_thread(11, 30);
	uint64_t saves, restores;

	(void)state;
	world_run(thread);
	fp_write(500);
	world_run(plain);
	assert_int_equal(fake_arch.status & FAKE_STATUS_FPU, 0);
	saves = fake_arch.fp_saves;
	restores = fake_arch.fp_restores;
	world_run(thread);
	assert_fp(500);
	world_run(plain);
	assert_int_equal(fake_arch.fp_saves, saves);
	assert_int_equal(fake_arch.fp_restores, restores);
}

/* A new thread in the frame of one that is gone must not see its values. */
static void
fp_registers_do_not_pass_to_a_new_thread_in_the_frame(void **state)
{
	struct thread *thread = fp_thread(10);
	uint64_t frame = thread_frame(thread);
	objname_t space = frame_name(frame_of(dmap_address(thread->space)));
	objname_t name;

	(void)state;
	world_run(thread);
	fp_write(500);
	ASSERT_CALL(destroy, W_MEMORY, thread->name);
	name = world_new(KIND_THREAD, space, 11);
	assert_int_equal(name & NAME_FRAME_MASK, frame);
	ASSERT_CALL(thread_configure, W_MEMORY, name, THREAD_FPU, 1);
	ASSERT_CALL(thread_start, W_STEWARD, name);
	world_run(world_thread_at(name));
	assert_fp(0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(threads_of_a_priority_take_turns),
	    TEST(a_yield_gives_nothing_to_lower_priorities),
	    TEST(a_more_urgent_thread_runs_at_once),
	    TEST(a_thread_that_is_preempted_goes_on_before_its_equals),
	    TEST(a_slice_ends_at_its_tick_and_not_before),
	    TEST(a_slice_that_ends_in_a_server_is_the_caller_s),
	    TEST(the_timer_is_set_only_when_its_deadline_changes),
	    TEST(a_changed_priority_counts_at_once),
	    TEST(a_thread_that_stops_itself_leaves_the_hart),
	    TEST(the_space_is_entered_with_its_thread),
	    TEST(a_space_without_an_asid_is_entered_with_a_flush),
	    TEST(each_thread_finds_its_own_fp_registers),
	    TEST(clean_fp_registers_are_neither_saved_nor_put_back_twice),
	    TEST(fp_registers_do_not_pass_to_a_new_thread_in_the_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

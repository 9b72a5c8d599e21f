/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_harts.c - two harts: eviction, shootdown, idling and taking over.
 *
 * The fake machine has one set of registers; on(h) says whose turn it is.  A
 * hart that is interrupted serves its requests at once.
 */
#include "pair.h"
#include "fake_arch.h"
#include "space_impl.h"

static objname_t
space_of(const struct thread *thread)
{
	return frame_name(frame_of(dmap_address(thread->space)));
}

static void
on(uint64_t hart)
{
	fake_arch.hart = hart;
}

static int
harts_start(void **state)
{
	struct hart *second = &harts[1];

	(void)pair_start(state);
	*second = (struct hart){
	    .id = 1,
	    .index = 1,
	    .satp = space_satp(kernel_space),
	    .deadline = TIMER_NEVER,
	    .fp_holder = FP_NOBODY,
	    .tick = TIMER_NEVER,
	};
	prioq_init(&second->ready);
	list_init(&second->timers);
	nharts = 2;
	harts_idle = 0;
	return 0;
}

static int
harts_end(void **state)
{
	int error;

	on(0);
	harts[1].current = NULL;
	harts_idle = 0;
	error = world_end(state);
	nharts = 1;
	return error;
}

/* Have a READY thread run on the second hart. */
static void
run_on_second(struct thread *thread)
{
	world_run(world.root);
	prioq_remove(&thread->hart->ready, &thread->link, thread->priority);
	on(1);
	assert_ptr_equal(sched_leave(thread), thread);
	assert_ptr_equal(harts[1].current, thread);
	assert_ptr_equal(thread->hart, &harts[1]);
	on(0);
}

static uint64_t
counted(enum stat stat)
{
	return harts[0].counters[stat] + harts[1].counters[stat];
}

static void
a_thread_that_runs_elsewhere_is_stopped(void **state)
{
	(void)state;
	run_on_second(client);
	ASSERT_CALL(thread_stop, W_STEWARD, client->name);
	assert_int_equal(client->state, THREAD_STOPPED);
	assert_null(harts[1].current);
	assert_int_equal(harts[1].request, 0);
	assert_int_equal(counted(STAT_IPIS), 1);
	/* It is in nobody's space that may go now. */
	assert_int_equal(harts[1].satp, space_satp(kernel_space));
}

static void
its_fp_registers_come_into_memory(void **state)
{
	(void)state;
	ASSERT_CALL(thread_configure, W_MEMORY, client->name, THREAD_FPU, 1);
	run_on_second(client);
	fake_arch.fp_dirty = true;
	for (unsigned int i = 0; i < 32; i++)
		fake_arch.f[i] = 70 + i;
	fake_arch.fcsr = 5;
	ASSERT_CALL(thread_stop, W_STEWARD, client->name);
	for (unsigned int i = 0; i < 32; i++)
		assert_int_equal(client->f[i], 70 + i);
	assert_int_equal(client->fcsr, 5);
	assert_int_equal(client->fp_key, (uintptr_t)client);
}

static void
a_thread_that_runs_elsewhere_is_destroyed(void **state)
{
	(void)state;
	run_on_second(client);
	ASSERT_CALL(destroy, W_MEMORY, client->name);
	assert_null(harts[1].current);
}

static void
a_thread_that_runs_elsewhere_is_interrupted(void **state)
{
	(void)state;
	pair_receive(server);
	run_on_second(client);
	client->regs[REG_PC] = 0x1234;
	ASSERT_CALL(thread_interrupt, W_STEWARD, client->name);
	assert_null(harts[1].current);
	assert_int_equal(client->state, THREAD_AWAITING);
	assert_int_equal(MSG_LABEL(world_message(server).info), MSG_AST);
	assert_int_equal(world_message(server).words[0], 0x1234);
}

static void
one_that_is_evicted_is_not_gone_on_with(void **state)
{
	(void)state;
	run_on_second(client);
	hart_evict(&harts[1]);
	assert_null(harts[1].current);
	/* What the hart goes on with: here, what waits for the other. */
	client->state = THREAD_STOPPED;
	on(1);
	assert_ptr_equal(sched_leave(NULL), server);
	on(0);
}

static void
a_space_that_runs_elsewhere_is_flushed_at_once(void **state)
{
	objname_t space = space_of(client);

	(void)state;
	ASSERT_CALL(space_feed, W_MEMORY, space, 4);
	ASSERT_CALL(space_map, W_MEMORY, space, 0x5000, 0,
	    MAP_PAGE_READ | MAP_PAGE_WRITE | MAP_PAGE_ZERO, 0);
	run_on_second(client);
	ASSERT_CALL(space_protect, W_MEMORY, space, 0x5000, 1, MAP_PAGE_READ);
	assert_int_equal(counted(STAT_SHOOTDOWNS), 1);
	ASSERT_CALL(space_unmap, W_MEMORY, space, 0x5000, 1);
	assert_int_equal(counted(STAT_SHOOTDOWNS), 2);
	assert_ptr_equal(harts[1].current, client);
	assert_int_equal(harts[1].request, 0);
}

static void
permitting_more_is_no_shootdown(void **state)
{
	objname_t space = space_of(client);

	(void)state;
	ASSERT_CALL(space_feed, W_MEMORY, space, 4);
	run_on_second(client);
	ASSERT_CALL(space_map, W_MEMORY, space, 0x5000, 0,
	    MAP_PAGE_READ | MAP_PAGE_ZERO, 0);
	/* New tables are, though: a hart may keep that there were none. */
	assert_int_equal(counted(STAT_SHOOTDOWNS), 1);
	ASSERT_CALL(space_map, W_MEMORY, space, 0x6000, 0,
	    MAP_PAGE_READ | MAP_PAGE_ZERO, 0);
	assert_int_equal(counted(STAT_SHOOTDOWNS), 1);
}

static void
a_hart_that_left_a_space_flushes_before_it_runs_on(void **state)
{
	objname_t space = space_of(client);
	uint64_t flushes;

	(void)state;
	ASSERT_CALL(space_feed, W_MEMORY, space, 4);
	ASSERT_CALL(space_map, W_MEMORY, space, 0x5000, 0,
	    MAP_PAGE_READ | MAP_PAGE_ZERO, 0);
	run_on_second(client);
	ASSERT_CALL(thread_stop, W_STEWARD, client->name);
	ASSERT_CALL(space_unmap, W_MEMORY, space, 0x5000, 1);
	assert_int_equal(counted(STAT_SHOOTDOWNS), 0);
	assert_int_not_equal(harts[1].ready.ready & READY_STALE, 0);
	flushes = fake_arch.full_flushes;
	on(1);
	(void)sched_leave(NULL);
	on(0);
	assert_int_equal(fake_arch.full_flushes, flushes + 1);
	assert_int_equal(harts[1].ready.ready & READY_STALE, 0);
}

static void
a_hart_that_never_saw_a_space_is_left_alone(void **state)
{
	objname_t space = space_of(client);

	(void)state;
	ASSERT_CALL(space_feed, W_MEMORY, space, 4);
	ASSERT_CALL(space_map, W_MEMORY, space, 0x5000, 0,
	    MAP_PAGE_READ | MAP_PAGE_ZERO, 0);
	ASSERT_CALL(space_unmap, W_MEMORY, space, 0x5000, 1);
	assert_int_equal(harts[1].ready.ready & READY_STALE, 0);
	assert_int_equal(fake_arch.ipis, 0);
}

static void
new_code_is_for_all_harts(void **state)
{
	objname_t space = space_of(client);
	uint64_t syncs = fake_arch.icache_syncs;

	(void)state;
	ASSERT_CALL(space_feed, W_MEMORY, space, 4);
	ASSERT_CALL(space_map, W_MEMORY, space, 0x5000, 0,
	    MAP_PAGE_READ | MAP_PAGE_EXEC | MAP_PAGE_ZERO, 0);
	assert_int_equal(fake_arch.icache_syncs, syncs + 1);
	assert_int_not_equal(harts[1].ready.ready & READY_STALE, 0);
	on(1);
	(void)sched_leave(NULL);
	on(0);
	assert_int_equal(fake_arch.icache_syncs, syncs + 2);
}

static void
an_idle_hart_is_woken_once_and_takes_the_most_urgent(void **state)
{
	(void)state;
	ASSERT_CALL(thread_stop, W_STEWARD, client->name);
	ASSERT_CALL(thread_stop, W_STEWARD, server->name);
	harts_idle = 2;
	ASSERT_CALL(thread_start, W_STEWARD, client->name);
	assert_int_equal(fake_arch.ipis, 1);
	assert_int_equal(harts_idle, 0);
	ASSERT_CALL(thread_start, W_STEWARD, server->name);
	assert_int_equal(fake_arch.ipis, 1);
	on(1);
	assert_ptr_equal(sched_leave(NULL), server);
	on(0);
	assert_ptr_equal(server->hart, &harts[1]);
	assert_int_equal(counted(STAT_STEALS), 1);
	assert_int_equal(server->space->harts.value, 3);
	assert_int_equal(client->space->harts.value, 1);
}

static void
a_hart_that_runs_something_less_urgent_is_told(void **state)
{
	(void)state;
	ASSERT_CALL(thread_stop, W_STEWARD, server->name);
	run_on_second(client);
	server->hart = &harts[1];
	ASSERT_CALL(thread_start, W_STEWARD, server->name);
	assert_int_equal(fake_arch.ipis, 1);
	ASSERT_CALL(thread_stop, W_STEWARD, server->name);
	ASSERT_CALL(thread_configure, W_MEMORY, server->name, THREAD_PRIORITY,
	    PAIR_CLIENT - 1);
	ASSERT_CALL(thread_start, W_STEWARD, server->name);
	assert_int_equal(fake_arch.ipis, 1);
}

static void
a_flag_among_the_ready_bits_is_no_thread(void **state)
{
	struct hart *first = &harts[0];

	(void)state;
	first->ready.ready |= READY_EXPIRED | READY_STALE;
	on(1);
	assert_ptr_equal(sched_leave(NULL), server);
	on(0);
	assert_int_equal(
	    first->ready.ready >> PRIORITIES, READY_EXPIRED >> 62 | 1);
	first->ready.ready &= READY_THREADS;
}

static void
fp_registers_follow_a_thread(void **state)
{
	(void)state;
	ASSERT_CALL(thread_configure, W_MEMORY, client->name, THREAD_FPU, 1);
	world_run(client);
	fake_arch.fp_dirty = true;
	fake_arch.f[3] = 333;
	world_run(world.root);
	assert_int_equal(harts[0].fp_holder, (uintptr_t)client);
	run_on_second(client);
	/* What the first hart still holds is not to be trusted. */
	assert_int_equal(harts[0].fp_holder, FP_NOBODY);
	assert_int_equal(harts[1].fp_holder, (uintptr_t)client);
	assert_int_equal(fake_arch.f[3], 333);
}

static void
a_server_comes_to_the_hart_of_its_caller(void **state)
{
	(void)state;
	run_on_second(server);
	on(1);
	for (unsigned int i = REG_A0; i <= REG_A7; i++)
		server->regs[i] = 0;
	server->regs[REG_A0] = W_ENDPOINT;
	server->regs[REG_A7] = SYS_recv;
	assert_null(syscall_dispatch(server));
	assert_int_equal(server->state, THREAD_RECEIVING);
	sched_vacate(&harts[1]);
	on(0);
	assert_ptr_equal(IPC_BY(client, call, .slot = W_ENDPOINT), server);
	assert_ptr_equal(server->hart, &harts[0]);
}

#undef TEST
#define TEST(claim) \
	cmocka_unit_test_setup_teardown(claim, harts_start, harts_end)

static struct lock held;
static uint64_t naps;

/* The lock is given back in the third. */
static void
nap(uint64_t ticks, uint64_t deadline)
{
	assert_true(ticks > 0 && ticks <= slice_ticks / 100);
	assert_int_equal(deadline, harts[0].deadline);
	/* Somebody asks, who has the lock and waits for this hart. */
	assert_int_equal(harts[0].request, 0);
	harts[0].request = REQUEST_FLUSH;
	if (++naps == 3)
		held.held = 0;
}

static void
who_waits_long_naps_serves_requests_and_keeps_its_timer(void **state)
{
	(void)state;
	harts[0].deadline = 4711;
	held.held = 1;
	naps = 0;
	fake_arch.nap = nap;
	lock_wait(&held);
	fake_arch.nap = NULL;
	assert_int_equal(naps, 3);
	assert_int_equal(held.held, 1);
	assert_int_equal(harts[0].request, 0);
	assert_int_equal(fake_arch.timer, 4711);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_thread_that_runs_elsewhere_is_stopped),
	    TEST(its_fp_registers_come_into_memory),
	    TEST(a_thread_that_runs_elsewhere_is_destroyed),
	    TEST(a_thread_that_runs_elsewhere_is_interrupted),
	    TEST(one_that_is_evicted_is_not_gone_on_with),
	    TEST(a_space_that_runs_elsewhere_is_flushed_at_once),
	    TEST(permitting_more_is_no_shootdown),
	    TEST(a_hart_that_left_a_space_flushes_before_it_runs_on),
	    TEST(a_hart_that_never_saw_a_space_is_left_alone),
	    TEST(new_code_is_for_all_harts),
	    TEST(an_idle_hart_is_woken_once_and_takes_the_most_urgent),
	    TEST(a_hart_that_runs_something_less_urgent_is_told),
	    TEST(a_flag_among_the_ready_bits_is_no_thread),
	    TEST(fp_registers_follow_a_thread),
	    TEST(a_server_comes_to_the_hart_of_its_caller),
	    TEST(who_waits_long_naps_serves_requests_and_keeps_its_timer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

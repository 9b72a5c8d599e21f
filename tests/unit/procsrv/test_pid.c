/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_pid.c - who gets which pid (F20, F21).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <ipc/proc.h>
#include <procsrv/pgrp.h>
#include <procsrv/pid.h>
#include <procsrv/proc.h>

#include "proc_fake.h"

/*
 * A plain model of the scheme, with arrays and loops where pid.c has queues
 * through the table: for each slot its bearer and last pid, and the free
 * slots in their order.
 */
#define MODEL_MAX 65536

static struct {
	int32_t last[MODEL_MAX];
	bool bears[MODEL_MAX];
	uint32_t queue[MODEL_MAX];
	uint32_t queued;
	uint32_t size;
	uint32_t taken;
	uint32_t most;
} model;

static void
model_start(void)
{
	memset(&model, 0, sizeof(model));
	model.size = 32;
	model.most = 30;
	model.bears[0] = true;
	for (uint32_t i = 0; i < 32; i++)
		/* Multiples of 32 above PID_MAX: the next is the slot. */
		model.last[i] = 30016 + (int32_t)i;
	model.last[0] = 0;
	for (uint32_t i = 1; i < 32; i++)
		model.queue[model.queued++] = i;
}

static void
model_push_front(uint32_t slot)
{
	memmove(model.queue + 1, model.queue,
	    model.queued * sizeof(model.queue[0]));
	model.queue[0] = slot;
	model.queued++;
}

static void
model_double(void)
{
	int32_t n = (int32_t)model.size;

	for (int32_t i = n - 1; i >= 0; i--) {
		int32_t pid = model.last[i];

		if (!model.bears[i] && (pid & n))
			pid += n; /* a free slot stays where it is */
		if (pid & n) {
			model.last[i + n] = pid;
			model.bears[i + n] = true;
			model.last[i] = pid - n;
			model.bears[i] = false;
			model_push_front((uint32_t)i);
		} else {
			model.last[i] = pid;
			model.last[i + n] = pid + n;
			model.bears[i + n] = false;
			model_push_front((uint32_t)(i + n));
		}
	}
	model.size *= 2;
	model.most *= 2;
}

static int32_t
model_take(void)
{
	int32_t largest;
	uint32_t slot;
	int32_t pid;

	if (model.taken >= model.most || model.queued == 1)
		model_double();
	slot = model.queue[0];
	model.queued--;
	memmove(model.queue, model.queue + 1,
	    model.queued * sizeof(model.queue[0]));
	pid = model.last[slot] + (int32_t)model.size;
	largest = model.size > 30000 ? 2 * (int32_t)model.size - 1 : 30000;
	if (pid > largest)
		pid = (int32_t)slot;
	model.last[slot] = pid;
	model.bears[slot] = true;
	model.taken++;
	return pid;
}

static void
model_leave(int32_t pid)
{
	uint32_t slot = (uint32_t)pid % model.size;

	assert_int_equal(model.last[slot], pid);
	model.bears[slot] = false;
	model.queue[model.queued++] = slot;
	model.taken--;
}

static struct proc procs[40000];

static int
start(void **state)
{
	(void)state;
	fake_start();
	return 0;
}

static int32_t
take(struct proc *proc)
{
	assert_int_equal(pid_reserve(), 0);
	proc->pid = pid_take(proc);
	return proc->pid;
}

static void
fresh(void)
{
	assert_int_equal(pid_init(), 0);
	pid_claim_zero(&procs[0]);
}

static void
f20_the_first_process_is_1_and_then_they_count(void **state)
{
	(void)state;
	fresh();
	for (int32_t i = 1; i <= 30; i++)
		assert_int_equal(take(&procs[i]), i);
	assert_ptr_equal(pid_proc(0), &procs[0]);
	assert_ptr_equal(pid_proc(17), &procs[17]);
	assert_null(pid_proc(31));
	assert_null(pid_proc(-1));
	assert_null(pid_proc(17 + 32));
}

static void
f20_a_freed_pid_waits_for_all_others_of_its_slot(void **state)
{
	(void)state;
	fresh();
	/* One process at a time walks through all numbers of all slots. */
	for (int32_t round = 0; round < 30000; round++) {
		int32_t pid = take(&procs[1]);

		assert_in_range(pid, 1, 30000);
		if (round > 0)
			assert_int_not_equal(pid, procs[2].pid);
		procs[2].pid = pid;
		/* 31 slots take part: none repeats for 900 rounds each. */
		if (round > 0 && round < 900 * 31)
			assert_true(pid != 1);
		pid_leave_proc(pid);
	}
}

static void
f20_thousands_of_random_steps_agree_with_a_plain_model(void **state)
{
	static int32_t alive[40000];
	uint32_t count = 0;

	(void)state;
	fresh();
	model_start();
	srand(1);
	for (uint32_t step = 0; step < 30000; step++) {
		/* Grow for a while, then shrink, and again. */
		bool grow = (step / 5000) % 2 == 0;
		bool more =
		    count == 0 || (uint32_t)rand() % 100 < (grow ? 70u : 35u);

		if (more) {
			int32_t pid = take(&procs[count + 1]);

			assert_int_equal(pid, model_take());
			alive[count++] = pid;
		} else {
			uint32_t i = (uint32_t)rand() % count;

			pid_leave_proc(alive[i]);
			model_leave(alive[i]);
			alive[i] = alive[--count];
		}
		assert_int_equal(pid_table_size(), model.size);
	}
}

static void
f20_all_pids_alive_are_different_and_can_be_found(void **state)
{
	static int32_t pids[29000];

	(void)state;
	fresh();
	for (uint32_t i = 0; i < 29000; i++)
		pids[i] = take(&procs[i + 1]);
	for (uint32_t i = 0; i < 29000; i++)
		assert_ptr_equal(pid_proc(pids[i]), &procs[i + 1]);
}

static void
f21_a_pid_is_pinned_by_whatever_bears_it(void **state)
{
	struct pgrp pgrp;
	struct session session;
	int32_t pid;

	(void)state;
	fresh();
	pid = take(&procs[1]);
	pid_bear_pgrp(pid, &pgrp);
	pid_bear_session(pid, &session);
	pid_leave_proc(pid);
	assert_null(pid_proc(pid));
	assert_ptr_equal(pid_pgrp(pid), &pgrp);
	/* 31 slots: if its slot were free it would come up. */
	for (int32_t i = 0; i < 100; i++) {
		int32_t other = take(&procs[2]);

		assert_int_not_equal(other & 31, pid & 31);
		pid_leave_proc(other);
	}
	pid_leave_pgrp(pid);
	for (int32_t i = 0; i < 100; i++) {
		int32_t other = take(&procs[2]);

		assert_int_not_equal(other & 31, pid & 31);
		pid_leave_proc(other);
	}
	pid_leave_session(pid);
	for (int32_t i = 0;; i++) {
		int32_t other = take(&procs[2]);

		assert_true(i < 100);
		pid_leave_proc(other);
		if ((other & 31) == (pid & 31))
			break;
	}
}

static void
f21_doubling_keeps_what_only_a_group_bears(void **state)
{
	struct pgrp pgrp;
	int32_t pid;

	(void)state;
	fresh();
	/* Let slot 5 have a pid with bit 5 set: its second number. */
	do {
		pid = take(&procs[1]);
		if ((pid & 31) != 5 || pid < 32)
			pid_leave_proc(pid);
	} while ((pid & 31) != 5 || pid < 32);
	pid_bear_pgrp(pid, &pgrp);
	pid_leave_proc(pid);
	for (uint32_t i = 1; i < 500; i++)
		(void)take(&procs[i]);
	assert_true(pid_table_size() > 256);
	assert_ptr_equal(pid_pgrp(pid), &pgrp);
}

static void
f15_reserving_again_and_again_changes_no_pid(void **state)
{
	(void)state;
	fresh();
	model_start();
	for (uint32_t i = 1; i < 2000; i++) {
		assert_int_equal(pid_reserve(), 0);
		assert_int_equal(pid_reserve(), 0);
		assert_int_equal(take(&procs[i]), model_take());
	}
}

static void
f14_without_memory_for_the_table_nothing_changes(void **state)
{
	uint32_t refused = 0;

	(void)state;
	fresh();
	model_start();
	/* Beyond what earlier tests made it grow to. */
	for (uint32_t i = 1; i < 33000; i++) {
		fake_fail_always(FAKE_VM_GROW, TINE_ENOMEM);
		if (pid_reserve() != 0)
			refused++;
		fake_fail_always(FAKE_VM_GROW, 0);
		assert_int_equal(take(&procs[i]), model_take());
	}
	assert_int_equal(refused, 1);
	/* Past PID_MAX slots pids have to be larger. */
	assert_int_equal(pid_table_size(), 65536);
}

static void
processes_are_listed_in_the_order_of_pids(void **state)
{
	const struct proc *proc;
	int32_t last = -1;
	uint32_t count = 0;

	(void)state;
	fresh();
	for (uint32_t i = 1; i < 200; i++)
		(void)take(&procs[i]);
	procs[0].pid = 0;
	while ((proc = pid_proc_from(last + 1)) != NULL) {
		assert_true(proc->pid > last);
		last = proc->pid;
		count++;
	}
	assert_int_equal(count, 200);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(f20_the_first_process_is_1_and_then_they_count),
	    cmocka_unit_test(f20_a_freed_pid_waits_for_all_others_of_its_slot),
	    cmocka_unit_test(
		f20_thousands_of_random_steps_agree_with_a_plain_model),
	    cmocka_unit_test(f20_all_pids_alive_are_different_and_can_be_found),
	    cmocka_unit_test(f21_a_pid_is_pinned_by_whatever_bears_it),
	    cmocka_unit_test(f21_doubling_keeps_what_only_a_group_bears),
	    cmocka_unit_test(f15_reserving_again_and_again_changes_no_pid),
	    cmocka_unit_test(f14_without_memory_for_the_table_nothing_changes),
	    cmocka_unit_test(processes_are_listed_in_the_order_of_pids),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}

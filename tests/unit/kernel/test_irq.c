/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_irq.c - interrupts of devices, by the registers of a PLIC.
 */
#include "fake_arch.h"
#include "fake_plic.h"
#include "world.h"

#define LINE 33u
#define BITS 0x50ul
#define S_IRQ W_FREE
#define S_OTHER (W_FREE + 1)
#define CONTEXT FAKE_PLIC_CONTEXT(0)
#define OTHER_CONTEXT FAKE_PLIC_CONTEXT(1)

static struct irq *irq;
static objname_t irq_name;
static struct thread *server;

static void
irq_start(void)
{
	irq_name = world_new(KIND_IRQ, LINE, 0);
	irq = object_in(irq_name & NAME_FRAME_MASK);
	world_name(S_IRQ, irq_name, RIGHT_IRQ, 0);
}

/* An irq, and a server that W_NOTIFICATION is bound to. */
static int
start(void **state)
{
	(void)world_start(state);
	server = world_thread(5, 20);
	ASSERT_CALL(thread_configure, W_MEMORY, server->name,
	    THREAD_NOTIFICATION, W_NOTIFICATION);
	irq_start();
	return 0;
}

static int
start_bound(void **state)
{
	(void)start(state);
	ASSERT_CALL(irq_bind, S_IRQ, W_NOTIFICATION, BITS);
	world_check();
	return 0;
}

static bool
interrupts(void)
{
	return fake_plic_interrupts(hart_self()->context);
}

/* The hart is interrupted, if it is. */
static void
interrupt(void)
{
	if (interrupts())
		hart_interrupts();
	world_check();
}

static uint64_t
take_bits(void)
{
	uint64_t bits = world.notification->pending;

	world.notification->pending = 0;
	return bits;
}

static void
at_first_no_line_is_enabled_and_no_hart_masked(void **state)
{
	(void)state;
	for (uint32_t line = 1; line <= FAKE_PLIC_LAST; line++)
		assert_false(fake_plic_enabled(CONTEXT, line));
	assert_int_equal(fake_plic.threshold[CONTEXT], 0);
	/* What is not this hart's is left alone. */
	assert_true(fake_plic_enabled(CONTEXT - 1, LINE));
	assert_true(fake_plic_enabled(OTHER_CONTEXT, LINE));
}

static void
a_line_is_taken_once_and_can_be_taken_again(void **state)
{
	(void)state;
	assert_int_equal(CALL(create, W_MEMORY, KIND_IRQ, LINE), TINE_EBUSY);
	ASSERT_CALL(create, W_MEMORY, KIND_IRQ, FAKE_PLIC_LAST);
	assert_int_equal(
	    CALL(create, W_MEMORY, KIND_IRQ, FAKE_PLIC_LAST), TINE_EBUSY);
	ASSERT_CALL(create, W_MEMORY, KIND_IRQ, 1);
	ASSERT_CALL(destroy, W_MEMORY, irq_name);
	world_check();
	ASSERT_CALL(create, W_MEMORY, KIND_IRQ, LINE);
	world_check();
}

static void
there_are_only_the_lines_that_the_plic_has(void **state)
{
	(void)state;
	assert_int_equal(CALL(create, W_MEMORY, KIND_IRQ, 0), TINE_EINVAL);
	assert_int_equal(
	    CALL(create, W_MEMORY, KIND_IRQ, FAKE_PLIC_LAST + 1), TINE_EINVAL);
	assert_int_equal(
	    CALL(create, W_MEMORY, KIND_IRQ, 1ul << 32 | 1), TINE_EINVAL);
	/* A device tree may say more than there can be. */
	plic_init(FAKE_PLIC_BASE, FAKE_PLIC_SIZE, ~0u);
	assert_int_equal(
	    CALL(create, W_MEMORY, KIND_IRQ, IRQ_LINES), TINE_EINVAL);
	assert_int_equal(irq_available(IRQ_LINES - 1), 0);
}

static void
without_a_plic_there_are_no_lines(void **state)
{
	(void)state;
	plic_init(0, 0, 0);
	plic_hart_init(0);
	assert_int_equal(CALL(create, W_MEMORY, KIND_IRQ, 1), TINE_EINVAL);
	assert_int_equal(CALL(create, W_MEMORY, KIND_IRQ, 0), TINE_EINVAL);
	world_check();
}

/* MACHINE_NO_CONTEXT, or one beyond the registers that are mapped. */
static void
a_hart_without_a_context_takes_no_lines(void **state)
{
	static const uint64_t none[] = {0xffffffff, FAKE_PLIC_CONTEXTS};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		plic_hart_init(none[i]);
		assert_int_equal(
		    CALL(create, W_MEMORY, KIND_IRQ, 1), TINE_EINVAL);
		ASSERT_CALL(irq_bind, S_IRQ, W_NOTIFICATION, BITS);
		assert_int_equal(irq->context, CONTEXT);
		world_check();
	}
	hart_self()->context = CONTEXT;
	fake_plic_level(LINE, true);
	interrupt();
	assert_int_equal(take_bits(), BITS);
}

static void
a_line_that_is_not_bound_interrupts_nobody(void **state)
{
	(void)state;
	fake_plic_level(LINE, true);
	assert_false(interrupts());
	ASSERT_CALL(irq_bind, S_IRQ, W_NOTIFICATION, BITS);
	assert_true(interrupts());
}

static void
an_interrupt_sets_its_bits_once_until_it_is_acknowledged(void **state)
{
	(void)state;
	fake_plic_level(LINE, true);
	interrupt();
	assert_int_equal(take_bits(), BITS);
	assert_int_equal(hart_self()->counters[STAT_INTERRUPTS], 1);
	assert_false(interrupts());
	ASSERT_CALL(irq_ack, S_IRQ);
	world_check();
	interrupt();
	assert_int_equal(take_bits(), BITS);
	assert_int_equal(hart_self()->counters[STAT_INTERRUPTS], 2);
	fake_plic_level(LINE, false);
	ASSERT_CALL(irq_ack, S_IRQ);
	assert_false(interrupts());
	fake_plic_level(LINE, true);
	interrupt();
	assert_int_equal(take_bits(), BITS);
	assert_int_equal(hart_self()->counters[STAT_TICKS], 0);
}

static void
to_acknowledge_what_was_not_claimed_is_harmless(void **state)
{
	(void)state;
	ASSERT_CALL(irq_ack, S_IRQ);
	fake_plic_level(LINE, true);
	ASSERT_CALL(irq_ack, S_IRQ);
	interrupt();
	assert_int_equal(take_bits(), BITS);
	ASSERT_CALL(irq_ack, S_IRQ);
	ASSERT_CALL(irq_ack, S_IRQ);
	world_check();
}

static void
an_interrupt_wakes_a_server_that_waits(void **state)
{
	(void)state;
	world_run(server);
	(void)IPC_BY(server, recv, .slot = W_ENDPOINT);
	world_run(world.root);
	fake_plic_level(LINE, true);
	interrupt();
	assert_ptr_equal(sched_leave(NULL), server);
	assert_int_equal(server->regs[REG_A2], BITS);
	assert_int_equal(server->regs[REG_T2], SENDER_NOTIFICATION);
	world_check();
}

static void
lines_of_one_notification_are_told_apart(void **state)
{
	objname_t other = world_new(KIND_IRQ, 1, 0);

	(void)state;
	world_name(S_OTHER, other, RIGHT_IRQ, 0);
	ASSERT_CALL(irq_bind, S_OTHER, W_NOTIFICATION, 1);
	fake_plic_level(1, true);
	fake_plic_level(LINE, true);
	interrupt();
	interrupt();
	assert_int_equal(take_bits(), BITS | 1);
	ASSERT_CALL(irq_ack, S_OTHER);
	interrupt();
	assert_int_equal(take_bits(), 1);
}

/* Whoever acknowledges may run on another hart than the one that claimed. */
static void
it_is_completed_where_it_was_claimed(void **state)
{
	(void)state;
	fake_plic_level(LINE, true);
	interrupt();
	hart_self()->context = OTHER_CONTEXT;
	fake_plic_level(LINE, false);
	ASSERT_CALL(irq_ack, S_IRQ);
	assert_int_equal(fake_plic.claimed[LINE], 0);
	hart_self()->context = CONTEXT;
}

static void
binding_again_completes_and_moves_the_line_here(void **state)
{
	(void)state;
	fake_plic_level(LINE, true);
	interrupt();
	assert_int_equal(take_bits(), BITS);
	/* The hart becomes another. */
	hart_self()->index = 1;
	plic_hart_init(OTHER_CONTEXT);
	ASSERT_CALL(irq_bind, S_IRQ, W_NOTIFICATION, 2);
	world_check();
	assert_false(fake_plic_interrupts(CONTEXT));
	assert_true(fake_plic_interrupts(OTHER_CONTEXT));
	interrupt();
	assert_int_equal(take_bits(), 2);
	assert_int_equal(fake_plic.claimed[LINE], OTHER_CONTEXT + 1);
}

static void
a_notification_that_is_gone_leaves_the_line_silent(void **state)
{
	objname_t name = world_new(KIND_NOTIFICATION, 0, 0);

	(void)state;
	world_name(S_OTHER, name, RIGHT_NOTIFY, 0);
	ASSERT_CALL(irq_bind, S_IRQ, S_OTHER, BITS);
	ASSERT_CALL(destroy, W_MEMORY, name);
	/* Whatever comes in its place gets none of its bits. */
	(void)world_new(KIND_NOTIFICATION, 0, 0);
	fake_plic_level(LINE, true);
	interrupt();
	assert_int_equal(take_bits(), 0);
	assert_false(interrupts());
	ASSERT_CALL(irq_bind, S_IRQ, W_NOTIFICATION, BITS);
	interrupt();
	assert_int_equal(take_bits(), BITS);
}

static void
an_irq_that_goes_silences_and_completes_its_line(void **state)
{
	(void)state;
	fake_plic_level(LINE, true);
	interrupt();
	ASSERT_CALL(destroy, W_MEMORY, irq_name);
	world_check();
	assert_false(interrupts());
	assert_int_equal(CALL(irq_ack, S_IRQ), TINE_ESTALE);
	irq_start();
	ASSERT_CALL(irq_bind, S_IRQ, W_NOTIFICATION, 4);
	(void)take_bits();
	interrupt();
	assert_int_equal(take_bits(), 4);
}

static void
a_claim_with_nothing_to_read_is_borne(void **state)
{
	struct hart before = *hart_self();

	(void)state;
	fake_plic.spurious = true;
	for (unsigned int i = 0; i < 3; i++)
		interrupt();
	assert_int_equal(take_bits(), 0);
	assert_memory_equal(&before, hart_self(), sizeof(before));
	fake_plic.spurious = false;
}

static void
nobodys_line_is_completed_and_disabled(void **state)
{
	(void)state;
	fake_plic.enable[CONTEXT][0] = 1u << 7;
	fake_plic.priority[7] = 1;
	fake_plic_level(7, true);
	assert_true(interrupts());
	interrupt();
	assert_false(interrupts());
	assert_int_equal(take_bits(), 0);
	fake_plic_level(LINE, true);
	interrupt();
	assert_int_equal(take_bits(), BITS);
}

static void
the_timer_is_seen_to_when_no_device_interrupts(void **state)
{
	(void)state;
	ASSERT_CALL(timer_set, W_NOTIFICATION, 500, 1);
	fake_arch.now = 600;
	fake_plic_level(LINE, true);
	hart_interrupts();
	assert_int_equal(take_bits(), BITS);
	hart_interrupts();
	assert_int_equal(take_bits(), 1);
	world_check();
}

static void
an_idle_hart_is_woken_by_a_device(void **state)
{
	(void)state;
	prioq_remove(
	    &world.idle->hart->ready, &world.idle->link, world.idle->priority);
	world.idle->state = THREAD_STOPPED;
	fake_arch.device_at = 700;
	fake_arch.device_line = LINE;
	world_run(server);
	(void)IPC_BY(server, recv, .slot = W_ENDPOINT);
	(void)IPC_BY(world.root, recv, .slot = W_ENDPOINT2);
	assert_int_equal(server->state, THREAD_RUNNING);
	assert_int_equal(server->regs[REG_A2], BITS);
	assert_int_equal(fake_arch.now, 700);
}

#undef TEST
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, start, world_end)
#define TEST_BOUND(claim) \
	cmocka_unit_test_setup_teardown(claim, start_bound, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(at_first_no_line_is_enabled_and_no_hart_masked),
	    TEST(a_line_is_taken_once_and_can_be_taken_again),
	    TEST(there_are_only_the_lines_that_the_plic_has),
	    cmocka_unit_test_setup_teardown(
		without_a_plic_there_are_no_lines, world_start, world_end),
	    TEST(a_hart_without_a_context_takes_no_lines),
	    TEST(a_line_that_is_not_bound_interrupts_nobody),
	    TEST_BOUND(
		an_interrupt_sets_its_bits_once_until_it_is_acknowledged),
	    TEST_BOUND(to_acknowledge_what_was_not_claimed_is_harmless),
	    TEST_BOUND(an_interrupt_wakes_a_server_that_waits),
	    TEST_BOUND(lines_of_one_notification_are_told_apart),
	    TEST_BOUND(it_is_completed_where_it_was_claimed),
	    TEST_BOUND(binding_again_completes_and_moves_the_line_here),
	    TEST_BOUND(a_notification_that_is_gone_leaves_the_line_silent),
	    TEST_BOUND(an_irq_that_goes_silences_and_completes_its_line),
	    TEST_BOUND(a_claim_with_nothing_to_read_is_borne),
	    TEST_BOUND(nobodys_line_is_completed_and_disabled),
	    TEST_BOUND(the_timer_is_seen_to_when_no_device_interrupts),
	    TEST_BOUND(an_idle_hart_is_woken_by_a_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

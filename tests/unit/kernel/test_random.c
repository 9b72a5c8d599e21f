/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_random.c - random calls by random threads, all invariants after each.
 *
 * Whatever runs makes a call with arguments that are often right, a message
 * call, a fault or an exception; the clock ticks and interrupts wait now and
 * then.  After each step everything that world_check() knows of must hold,
 * and the TLB must have nothing that the tables do not say.  At the end all
 * is destroyed and every frame has to be back.
 */
#include "pick.h"
#include "fake_arch.h"
#include "fake_plic.h"
#include "fault.h"
#include "root.h"
#include "space_impl.h"
#include "ucopy.h"

#define SEEDS 6
#define STEPS 4000
#define THREADS_MAX 12
#define SPACES_MAX 10

static uint64_t worked[SYS_COUNT]; /* how often each call did */

static const struct random_call {
	uint64_t number;
	const char *args;
} calls[] = {
    {SYS_notify, "n#"},
    {SYS_copy, "klkll"},
    {SYS_copy, "zpzpl"},
    {SYS_copy, "zpkzl"},
    {SYS_copy, "zvkzl"},
    {SYS_copy, "kzzpl"},
    {SYS_copy, "kzzvl"},
    {SYS_reply_regs, "kp"},
    {SYS_yield, "#"},
    {SYS_reply_signal, "kp"},
    {SYS_reply_signal, "kp"},
    {SYS_thread_interrupt, "mT"},
    {SYS_thread_interrupt, "mT"},
    {SYS_thread_times, "mT"},
    {SYS_thread_orphans, "mT#z"},
    {SYS_thread_configure, "mT##"},
    {SYS_thread_configure, "mT#e"},
    {SYS_thread_configure, "mT#S"},
    {SYS_thread_configure, "mT#n"},
    {SYS_thread_configure, "mT#c"},
    {SYS_thread_clone, "mTk"},
    {SYS_thread_clone, "mTk"},
    {SYS_thread_read, "mTp"},
    {SYS_thread_write, "mTp"},
    {SYS_thread_start, "mT"},
    {SYS_thread_start, "mT"},
    {SYS_thread_stop, "mT"},
    {SYS_space_feed, "mSd"},
    {SYS_space_map, "mSvFfx"},
    {SYS_space_map, "mSvFfx"},
    {SYS_space_map, "mSvFfx"},
    {SYS_space_unmap, "mSvl"},
    {SYS_space_protect, "mSvlf"},
    {SYS_space_clone, "mSSv"},
    {SYS_space_clone, "mSSz"},
    {SYS_space_copy, "mSvpl1"},
    {SYS_space_copy, "mSvpl1"},
    {SYS_space_query, "mSv"},
    {SYS_create, "m##"},
    {SYS_destroy, "mO"},
    {SYS_destroy, "mO"},
    {SYS_cap_copy, "cse##"},
    {SYS_cap_delete, "cs"},
    {SYS_cap_name, "csO##m"},
    {SYS_frame_alloc, "m"},
    {SYS_frame_free, "mF"},
    {SYS_timer_set, "nt#"},
    {SYS_irq_bind, "in#"},
    {SYS_irq_ack, "i"},
    {SYS_system_power, "y##"},
    {SYS_system_stat, "y#"},
    {SYS_system_putc, "y#"},
};

/* More of what is there already would only fill memory. */
static bool
is_too_much(const uint64_t *args)
{
	const struct hart *hart = hart_self();

	if (args[1] == KIND_THREAD)
		return hart->counters[STAT_THREADS] >= THREADS_MAX;
	if (args[1] == KIND_SPACE)
		return hart->counters[STAT_SPACES] >= SPACES_MAX;
	return false;
}

/* A thread that was never started, or any. */
static objname_t
new_thread(struct thread *self)
{
	const uint64_t create[7] = {
	    W_MEMORY, KIND_THREAD, pick_name(KIND_SPACE), pick(9)};

	if (pick(2) == 0 || world_call(self, SYS_create, create) != 0)
		return pick_name(KIND_THREAD);
	return self->regs[REG_A1];
}

/* What only a second look makes right. */
static void
improve(struct thread *self, uint64_t number, uint64_t *args)
{
	uint64_t frame = args[1] & NAME_FRAME_MASK;

	if (number == SYS_thread_clone)
		args[1] = new_thread(self);
	/* Registers are words. */
	if (number == SYS_reply_regs && pick(8) != 0)
		args[1] &= ~7ul;
	if ((number == SYS_thread_read || number == SYS_thread_write) &&
	    pick(8) != 0)
		args[2] &= ~7ul;
	if (number == SYS_create && args[1] == KIND_THREAD)
		args[2] = pick_name(KIND_SPACE);
	if (number == SYS_create && is_too_much(args))
		args[1] = KIND_ENDPOINT;
	if (number == SYS_space_map && pick(4) != 0 && frame < frames.count &&
	    frame_kind(frame) == KIND_SPACE && args[2] < USER_TOP)
		args[5] = world_entry(object_in(frame), args[2]);
	if (number == SYS_cap_name || number == SYS_cap_copy)
		args[3] = pick(2) == 0 ? RIGHT_SEND : 1ul << pick(12);
}

/* The end of a stack for a caller, on a page that it can write if it has one */
static vaddr_t
pick_stack(token_t token, const struct thread *self)
{
	const struct thread *caller = token_lookup(token, self);
	vaddr_t va = pick_va();

	for (unsigned int i = 0; i < 40 && caller != NULL; i++) {
		if (va < USER_TOP &&
		    pte_permits(world_entry(caller->space, va), ACCESS_WRITE))
			return (va & ~PAGE_MASK) + 2048 + pick(2048);
		va = pick_va();
	}
	return va;
}

/* A delivery that may work, if there is memory for it and for its frame. */
static void
fill_delivery(struct thread *self, uint64_t *args)
{
	struct signal_delivery delivery = {
	    .pc = pick_odd(),
	    .sp = pick(6) == 0 ? 0 : pick_stack(args[0], self),
	    .head_bytes = pick(8) == 0 ? pick_odd() : pick(9) * 16,
	};
	struct ucopy_miss miss;
	struct ucopy_span span;

	args[1] = pick(8) == 0 ? W_DATA + pick(PAGE_SIZE)
			       : W_DATA + pick(8) * sizeof(delivery);
	args[2] = SIGNAL_HEADER_BYTES + delivery.head_bytes;
	if (ucopy_span(self->space, args[1], SIGNAL_HEADER_BYTES, ACCESS_WRITE,
		&span, &miss) != 0)
		args[1] = pick_odd();
	else
		ucopy_put(&span, &delivery.pc, SIGNAL_HEADER_BYTES / 8);
}

static struct thread *
random_call(struct thread *self)
{
	const struct random_call *call =
	    &calls[pick(sizeof(calls) / sizeof(calls[0]))];
	uint64_t args[7] = {0};

	for (unsigned int i = 0; call->args[i] != '\0'; i++)
		args[i] = call->args[i] == 'z'
			      ? 0
			      : pick_argument(call->args[i], self);
	improve(self, call->number, args);
	if (call->number == SYS_reply_signal)
		fill_delivery(self, args);
	if (world_call(self, call->number, args) == 0)
		worked[call->number]++;
	return NULL;
}

/* Messages; the idle thread must not wait. */
static struct thread *
random_message(struct thread *self)
{
	static const uint64_t numbers[] = {SYS_call, SYS_call, SYS_reply_recv,
	    SYS_recv, SYS_reply, SYS_reply, SYS_send, SYS_forward,
	    SYS_fault_map, SYS_fault_map};
	uint64_t number = numbers[pick(10)];

	for (unsigned int i = REG_T0; i < 32; i++)
		self->regs[i] = pick_odd();
	self->regs[REG_A0] =
	    pick_argument(number == SYS_fault_map ? 'm' : 'e', self);
	self->regs[REG_A1] = pick(1ul << 26);
	self->regs[REG_T1] = pick_token(self);
	if (number == SYS_call)
		self->regs[REG_T1] = pick_va();
	self->regs[REG_T2] = pick(3 * PAGE_SIZE);
	if (number == SYS_recv)
		self->regs[REG_A1] = pick(2);
	if (number == SYS_fault_map) {
		self->regs[REG_A1] = pick(2) * W_ENDPOINT2;
		self->regs[REG_A2] = pick_argument('F', self);
		self->regs[REG_A3] = pick_flags();
	}
	if (self == world.idle) {
		if (number == SYS_recv || number == SYS_fault_map)
			self->regs[REG_A1] = number == SYS_recv;
		if (number == SYS_call || number == SYS_reply_recv)
			number = SYS_send;
		if (number == SYS_fault_map)
			self->regs[REG_A1] = 0;
	}
	self->regs[REG_A7] = number;
	return syscall_dispatch(self);
}

/* The idle thread has nobody to tell of its faults. */
static struct thread *
random_fault(struct thread *self)
{
	static const uint64_t accesses[] = {
	    ACCESS_READ, ACCESS_WRITE, ACCESS_EXEC};

	if (self == world.idle)
		return NULL;
	if (pick(5) == 0)
		return fault_exception(self, pick(16), pick_odd());
	return world_page_fault(self, pick_va() + pick(8), accesses[pick(3)]);
}

static struct thread *
random_event(struct thread *self)
{
	(void)self;
	fake_arch.now += pick(5000);
	fake_arch.interrupts = pick(4) == 0;
	if (pick(2) == 0)
		fake_interrupt_at(1 + pick(6));
	fake_plic_level(1 + (uint32_t)pick(PICK_IRQS), pick(2) == 0);
	fake_plic.spurious = pick(8) == 0;
	hart_interrupts();
	fake_plic.spurious = false;
	sched_tick();
	return NULL;
}

/* A thread that can do something, in a space that is there. */
static struct thread *
random_spawn(struct thread *self)
{
	const uint64_t create[7] = {W_MEMORY, KIND_THREAD,
	    pick(3) == 0 ? world.space_name : pick_name(KIND_SPACE), pick(9)};
	objname_t name;

	if (pick(2) == 0 || world_call(self, SYS_create, create) != 0)
		return NULL;
	name = self->regs[REG_A1];
	(void)CALL_BY(
	    self, thread_configure, W_MEMORY, name, THREAD_CSPACE, W_CSPACE);
	(void)CALL_BY(self, thread_configure, W_MEMORY, name, THREAD_PRIORITY,
	    1 + pick(5));
	(void)CALL_BY(self, thread_configure, W_MEMORY, name,
	    THREAD_FAULT_ENDPOINT, W_ENDPOINT2);
	(void)CALL_BY(self, thread_configure, W_MEMORY, name,
	    THREAD_EXCEPTION_ENDPOINT, W_ENDPOINT);
	(void)CALL_BY(self, thread_start, W_MEMORY, name);
	return NULL;
}

/* New objects for capabilities that have become stale. */
static void
renew(struct thread *self, uint64_t slot, enum frame_kind kind, uint64_t mode,
    uint64_t rights)
{
	const struct cap *cap = &world.slots[slot];

	if (cap->rights != 0 && cap->frame->tag == cap->tag)
		return;
	if (CALL_BY(self, create, W_MEMORY, kind, mode) != 0)
		return;
	assert_int_equal(CALL_BY(self, cap_name, W_CSPACE, slot,
			     self->regs[REG_A1], rights, 0, W_MEMORY),
	    0);
}

static struct thread *
random_renewal(struct thread *self)
{
	const uint64_t both = RIGHT_SEND | RIGHT_RECEIVE;

	if (self->cspace != world.slots)
		return NULL;
	renew(self, W_ENDPOINT, KIND_ENDPOINT, ENDPOINT_THREAD, both);
	renew(self, W_ENDPOINT2, KIND_ENDPOINT, ENDPOINT_SPACE, both);
	renew(self, W_NOTIFICATION, KIND_NOTIFICATION, 0,
	    RIGHT_NOTIFY | RIGHT_WAIT);
	renew(self, VICTIM, KIND_CSPACE, 0, RIGHT_EDIT);
	for (uint64_t i = 0; i < PICK_IRQS; i++)
		renew(self, PICK_IRQ + i, KIND_IRQ, 1 + i, RIGHT_IRQ);
	if (hart_self()->counters[STAT_SPACES] < SPACES_MAX)
		(void)CALL_BY(self, create, W_MEMORY, KIND_SPACE,
		    world.next_tag++, pick(12));
	return random_spawn(self);
}

/* Have translations cached that a flush must not forget. */
static void
touch(void)
{
	void *page;

	for (unsigned int i = 0; i < 6; i++)
		(void)fake_translate(pick_va(), ACCESS_READ, &page);
	(void)fake_translate(pick_va(), ACCESS_WRITE, &page);
}

static void
step(void)
{
	struct thread *self = hart_self()->current;
	struct thread *prefer;
	uint64_t what = pick(32);

	if (what < 16)
		prefer = random_call(self);
	else if (what < 26)
		prefer = random_message(self);
	else if (what < 28)
		prefer = random_fault(self);
	else if (what < 29)
		prefer = random_event(self);
	else
		prefer = random_renewal(self);
	(void)sched_leave(prefer);
	world_check();
	touch();
}

static void
run(uint64_t first)
{
	pick_seed = first;
	(void)world_start(NULL);
	root_thread = NULL;
	space_set_asid_bits(first % 3 * 4);
	for (unsigned int i = 0; i < 6; i++)
		assert_null(random_renewal(world.root));
	for (unsigned int n = 0; n < STEPS; n++)
		step();
	(void)world_end(NULL);
}

static void
no_sequence_of_calls_breaks_an_invariant(void **state)
{
	(void)state;
	for (uint64_t i = 1; i <= SEEDS; i++)
		run(i);
}

/* The above is worth something only if the calls do something. */
static void
every_call_worked_at_least_now_and_then(void **state)
{
	static const struct {
		uint64_t number;
		const char *name;
	} all[] = {
#define IPC(number, name)
#define SYSCALL(number, name, ...) {number, #name},
#define GONE(number, name)
#include <abi/syscalls.def>
#undef IPC
#undef SYSCALL
#undef GONE
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (worked[all[i].number] < 3 &&
		    all[i].number != SYS_system_power)
			fail_msg("%s worked %lu times", all[i].name,
			    worked[all[i].number]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_sequence_of_calls_breaks_an_invariant),
	    cmocka_unit_test(every_call_worked_at_least_now_and_then),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

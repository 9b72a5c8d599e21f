/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * world.c - a kernel that has booted; see world.h.
 */
#include "world.h"
#include "fake_arch.h"
#include "fault.h"
#include "root.h"

struct world world;
static struct frame table[FAKE_FRAMES];

static void
hart_start(void)
{
	struct hart *hart = hart_self();

	memset(hart, 0, sizeof(*hart));
	nharts = 1;
	slice_ticks = 10000;
	kernel_lock.held = 0;
	hart->deadline = TIMER_NEVER;
	hart->tick = slice_ticks;
	hart->fp_holder = FP_NOBODY;
	prioq_init(&hart->ready);
	list_init(&hart->timers);
	plic_init(FAKE_PLIC_BASE, FAKE_PLIC_SIZE, FAKE_PLIC_LAST);
	plic_hart_init(FAKE_PLIC_CONTEXT(hart->index));
}

static void
frames_start(void)
{
	memset(table, 0, sizeof(table));
	frame_init(table, FAKE_BASE, FAKE_FRAMES);
	frame_mark(W_RESERVED, FAKE_FRAMES, FRAME_FREE);
	frame_link();
	frames.given = frames.free_count;
	kernel_space = object_in(0);
	memset(kernel_space, 0, PAGE_SIZE);
	kernel_space->dmap[0] = 0xd0;
	kernel_space->kernel[2] = 0xe0;
	hart_self()->satp = space_satp(kernel_space);
	arch_set_satp(hart_self()->satp);
}

/* A thread as root.c makes the first one. */
static struct thread *
first_thread(struct space *space, uint64_t identity, uint64_t priority)
{
	objname_t name;
	struct thread *thread;

	assert_int_equal(
	    object_create(KIND_THREAD, space, 0, identity, &name), 0);
	thread = object_in(name & NAME_FRAME_MASK);
	thread->priority = priority;
	thread_set_cspace(thread, world.slots);
	sched_ready(thread);
	return thread;
}

static void
slots_start(uint64_t cspace)
{
	cap_set(&world.slots[W_CSPACE], cspace, RIGHT_EDIT, 0);
	world.slots[W_MEMORY] = (struct cap){
	    .first = frames.base >> PAGE_SHIFT,
	    .tag = KIND_MEMORY,
	    .pages = frames.count,
	    .rights = RIGHT_OWNER | RIGHT_STEWARD,
	};
	world.slots[W_STEWARD] = world.slots[W_MEMORY];
	world.slots[W_STEWARD].rights = RIGHT_STEWARD;
	world.slots[W_DEVICES] = (struct cap){
	    .first = W_DEVICE_PAGE,
	    .tag = KIND_MEMORY,
	    .pages = (frames.base >> PAGE_SHIFT) - W_DEVICE_PAGE,
	    .rights = RIGHT_MAP,
	};
	world.slots[W_SYSTEM] = (struct cap){
	    .tag = KIND_SYSTEM,
	    .rights = RIGHT_POWER | RIGHT_STAT | RIGHT_DEBUG,
	};
}

static void
objects_start(void)
{
	objname_t name = world_new(KIND_ENDPOINT, ENDPOINT_THREAD, 0);

	world.endpoint = object_in(name & NAME_FRAME_MASK);
	world_name(W_ENDPOINT, name, RIGHT_SEND | RIGHT_RECEIVE, 0);
	world_name(W_BADGED, name, RIGHT_SEND, W_BADGE);
	name = world_new(KIND_ENDPOINT, ENDPOINT_SPACE, 0);
	world.endpoint2 = object_in(name & NAME_FRAME_MASK);
	world_name(W_ENDPOINT2, name, RIGHT_SEND | RIGHT_RECEIVE, 0);
	name = world_new(KIND_NOTIFICATION, 0, 0);
	world.notification = object_in(name & NAME_FRAME_MASK);
	world_name(W_NOTIFICATION, name, RIGHT_NOTIFY | RIGHT_WAIT, 0);
}

static void
memory_start(void)
{
	ASSERT_CALL(space_map, W_MEMORY, world.space_name, W_DATA, 0,
	    MAP_PAGE_READ | MAP_PAGE_WRITE | MAP_PAGE_ZERO, 0);
	ASSERT_CALL(space_map, W_MEMORY, world.space_name, W_DATA + PAGE_SIZE,
	    0, MAP_PAGE_READ | MAP_PAGE_WRITE | MAP_PAGE_ZERO, 0);
	ASSERT_CALL(space_map, W_MEMORY, world.space_name, W_CONST, 0,
	    MAP_PAGE_READ | MAP_PAGE_ZERO, 0);
}

int
world_start(void **state)
{
	uint64_t cspace;
	objname_t name;

	(void)state;
	fake_arch_reset();
	hart_start();
	frames_start();
	space_set_asid_bits(8);
	world = (struct world){.next_tag = 100};
	cspace = object_new(KIND_CSPACE);
	world.slots = object_in(cspace);
	world.cspace_name = frame_name(cspace);
	slots_start(cspace);
	assert_int_equal(
	    object_create(KIND_SPACE, NULL, W_ROOT_TAG, W_POOL, &name), 0);
	world.space_name = name;
	world.space = world_space_at(name);
	world.root =
	    first_thread(world.space, W_ROOT_IDENTITY, W_ROOT_PRIORITY);
	world.idle = first_thread(world.space, 0, 0);
	root_thread = world.root;
	world_run(world.root);
	objects_start();
	memory_start();
	world_check();
	return 0;
}

/* Destroy all objects of a kind. */
static void
objects_end(enum frame_kind kind)
{
	for (uint64_t i = 0; i < frames.count; i++) {
		int error = 0;

		if (frame_kind(i) != kind)
			continue;
		do {
			error = object_destroy(i);
		} while (error == TINE_EAGAIN);
		assert_int_equal(error, 0);
	}
}

int
world_end(void **state)
{
	uint64_t retired = 0;

	(void)state;
	fake_arch.interrupts = false;
	hart_self()->current = NULL;
	objects_end(KIND_THREAD);
	objects_end(KIND_SPACE);
	objects_end(KIND_CSPACE);
	objects_end(KIND_ENDPOINT);
	objects_end(KIND_NOTIFICATION);
	objects_end(KIND_IRQ);
	for (uint64_t i = W_RESERVED; i < frames.count; i++) {
		if (frames.table[i].tag & FRAME_HOLD) {
			frames.table[i].tag &= ~FRAME_HOLD;
			frame_unref(i);
		}
		assert_true(frame_kind(i) <= FRAME_FREE);
		if (frame_kind(i) == FRAME_RESERVED &&
		    frames.table[i].tag >> NAME_FRAME_BITS != 0)
			retired++;
	}
	frame_check();
	assert_int_equal(frames.free_count + retired, frames.given);
	assert_int_equal(frames.reserved_count, 0);
	assert_true(list_empty(&hart_self()->timers));
	return 0;
}

void
world_run(struct thread *thread)
{
	uint64_t priority = thread->priority;

	if (thread->state == THREAD_RUNNING)
		return;
	sched_yield();
	prioq_remove(&thread->hart->ready, &thread->link, thread->priority);
	thread->priority = PRIORITIES - 1;
	assert_ptr_equal(sched_leave(thread), thread);
	thread->priority = priority;
}

int
world_call(struct thread *thread, uint64_t number, const uint64_t args[7])
{
	assert_ptr_equal(hart_self()->current, thread);
	for (unsigned int i = 0; i < 7; i++)
		thread->regs[REG_A0 + i] = args[i];
	thread->regs[REG_A7] = number;
	assert_null(syscall_dispatch(thread));
	return (int)thread->regs[REG_A0];
}

struct thread *
world_ipc(struct thread *thread, uint64_t number, const struct message *message)
{
	struct thread *next;

	world_run(thread);
	thread->regs[REG_A0] = message->slot;
	thread->regs[REG_A1] = message->info;
	for (unsigned int i = 0; i < MSG_WORDS - 1; i++)
		thread->regs[REG_A2 + i] = message->words[i];
	thread->regs[REG_T0] = message->words[MSG_WORDS - 1];
	thread->regs[REG_T1] = message->t1;
	thread->regs[REG_T2] = message->t2;
	thread->regs[REG_A7] = number;
	next = sched_leave(syscall_dispatch(thread));
	world_check();
	return next;
}

struct message
world_message(const struct thread *thread)
{
	struct message message = {
	    .slot = thread->regs[REG_A0],
	    .info = thread->regs[REG_A1],
	    .t1 = thread->regs[REG_T1],
	    .t2 = thread->regs[REG_T2],
	};

	for (unsigned int i = 0; i < MSG_WORDS - 1; i++)
		message.words[i] = thread->regs[REG_A2 + i];
	message.words[MSG_WORDS - 1] = thread->regs[REG_T0];
	return message;
}

struct thread *
world_page_fault(struct thread *thread, vaddr_t va, uint64_t access)
{
	static const uint64_t scauses[] = {
	    [ACCESS_READ] = 13, [ACCESS_WRITE] = 15, [ACCESS_EXEC] = 12};

	return fault_page(thread, scauses[access], va);
}

struct thread *
world_fault(struct thread *thread, vaddr_t va, uint64_t access)
{
	struct thread *next;

	world_run(thread);
	next = sched_leave(world_page_fault(thread, va, access));
	world_check();
	return next;
}

objname_t
world_new(enum frame_kind kind, uint64_t first, uint64_t second)
{
	ASSERT_CALL(create, W_MEMORY, kind, first, second);
	return RESULT(1);
}

objname_t
world_space(uint64_t pool)
{
	return world_new(KIND_SPACE, world.next_tag++, pool);
}

struct space *
world_space_at(objname_t name)
{
	assert_int_equal(frame_kind(name & NAME_FRAME_MASK), KIND_SPACE);
	return object_in(name & NAME_FRAME_MASK);
}

struct thread *
world_thread_at(objname_t name)
{
	assert_int_equal(frame_kind(name & NAME_FRAME_MASK), KIND_THREAD);
	return object_in(name & NAME_FRAME_MASK);
}

void
world_name(uint64_t slot, objname_t name, uint64_t rights, uint64_t badge)
{
	ASSERT_CALL(cap_name, W_CSPACE, slot, name, rights, badge, W_MEMORY);
}

struct thread *
world_thread(uint64_t identity, uint64_t priority)
{
	objname_t name = world_new(KIND_THREAD, world_space(W_POOL), identity);

	ASSERT_CALL(
	    thread_configure, W_MEMORY, name, THREAD_PRIORITY, priority);
	ASSERT_CALL(thread_configure, W_MEMORY, name, THREAD_CSPACE, W_CSPACE);
	ASSERT_CALL(thread_configure, W_MEMORY, name, THREAD_FAULT_ENDPOINT,
	    W_ENDPOINT2);
	ASSERT_CALL(thread_configure, W_MEMORY, name, THREAD_EXCEPTION_ENDPOINT,
	    W_ENDPOINT);
	ASSERT_CALL(thread_start, W_STEWARD, name);
	return world_thread_at(name);
}

uint64_t
world_frame(uint8_t fill)
{
	uint64_t frame;

	ASSERT_CALL(frame_alloc, W_MEMORY);
	frame = RESULT(1);
	memset(world_page(frame), fill, PAGE_SIZE);
	return frame;
}

uint8_t *
world_page(uint64_t frame)
{
	return object_in(frame);
}

uint64_t
world_entry(const struct space *space, vaddr_t va)
{
	const uint64_t *entry = space_entry(space, va);

	return entry == NULL ? 0 : *entry;
}

uint64_t
world_free(void)
{
	return frames.free_count;
}

struct world_choices world_choices;

/* The next number of a fuzzer's, of so many bytes, or fewer at the end. */
static uint64_t
choice(size_t bytes)
{
	uint64_t number = 0;

	for (; bytes > 0 && world_choices.left > 0; bytes--) {
		number = number << 8 | *world_choices.next++;
		world_choices.left--;
	}
	return number;
}

uint64_t
world_random(uint64_t *seed)
{
	*seed += choice(2);
	/* Knuth's MMIX generator; its low bits are poor. */
	*seed = *seed * 6364136223846793005ul + 1442695040888963407ul;
	return *seed >> 24;
}

uint64_t
world_pick(uint64_t *seed, uint64_t n)
{
	if (world_choices.left > 0)
		return choice(n <= 256 ? 1 : 4) % n;
	return world_random(seed) % n;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * world_check.c - everything that is always true of the kernel; see world.h.
 *
 * The kernel's own checks look at one object each.  Here all objects are
 * found through the frame table, and what they say of each other is counted
 * and compared with what the kernel keeps.
 */
#include "world.h"
#include "fake_arch.h"
#include "fake_plic.h"

/* What the objects say of each frame. */
struct tally {
	uint64_t references;
	uint64_t tables; /* entries that name it as a table */
};

static struct tally tally[FAKE_FRAMES];

static struct tally *
tally_of(const void *object)
{
	return &tally[frame_of(dmap_address(object))];
}

static void
table_tally(uint64_t entry)
{
	uint64_t frame = pte_frame(entry);
	const uint64_t *leaves;

	assert_true(frame < frames.count);
	tally[frame].tables++;
	leaves = object_in(frame);
	for (unsigned int i = 0; i < SV39_ENTRIES; i++) {
		frame = pte_frame(leaves[i]);
		if (leaves[i] != 0 && frame < frames.count)
			tally[frame].references++;
	}
}

static void
space_tally(const struct space *space)
{
	for (unsigned int i = 0; i < ROOT_USER_ENTRIES; i++) {
		const uint64_t *mega;

		if (space->user[i] == 0)
			continue;
		tally[pte_frame(space->user[i])].tables++;
		mega = object_in(pte_frame(space->user[i]));
		for (unsigned int j = 0; j < SV39_ENTRIES; j++) {
			if (mega[j] != 0)
				table_tally(mega[j]);
		}
	}
}

static void
space_kernel_half_check(const struct space *space)
{
	assert_memory_equal(
	    space->dmap, kernel_space->dmap, sizeof(space->dmap));
	assert_memory_equal(
	    space->kernel, kernel_space->kernel, sizeof(space->kernel));
	assert_int_equal(space->tag.invalid, 0);
	assert_int_equal(space->asid.invalid, 0);
	assert_int_equal(space->pool.invalid, 0);
	assert_int_equal(space->tables.invalid, 0);
}

/* How many threads are in each state, and on queues. */
struct census {
	uint64_t ready;
	uint64_t waiting; /* SENDING, RECEIVING */
	uint64_t queued; /* on endpoints */
	uint64_t running;
	uint64_t threads;
	uint64_t spaces;
	uint64_t pools;
	uint64_t armed;
};

static void
thread_tally(const struct thread *thread, struct census *census)
{
	thread_check(thread);
	census->threads++;
	census->ready += thread->state == THREAD_READY;
	census->running += thread->state == THREAD_RUNNING;
	census->waiting += thread->state == THREAD_SENDING ||
			   thread->state == THREAD_RECEIVING;
	if (thread->cspace != NULL)
		tally_of(thread->cspace)->references++;
	if (thread->space != NULL) {
		tally_of(thread->space)->references++;
		assert_int_equal(
		    thread->sender[ENDPOINT_SPACE], thread->space->tag.value);
	}
	if (thread->notification != NULL)
		assert_ptr_equal(thread->notification->bound, thread);
	assert_true(thread->priority < PRIORITIES);
}

static uint64_t
list_length(const struct list *head)
{
	uint64_t n = 0;

	for (const struct list *link = head->next; link != head;
	     link = link->next) {
		assert_ptr_equal(link->next->prev, link);
		assert_true(n < FAKE_FRAMES);
		n++;
	}
	return n;
}

static uint64_t
prioq_length(const struct prioq *q)
{
	uint64_t n = 0;

	for (unsigned int p = 0; p < PRIORITIES; p++) {
		uint64_t here = list_length(&q->queue[p]);

		assert_int_equal(here != 0, q->ready >> p & 1);
		n += here;
	}
	return n;
}

/* A line is enabled where it is bound, if it is, and nowhere else. */
static void
lines_check(void)
{
	for (uint32_t line = 1; line <= FAKE_PLIC_LAST; line++) {
		const struct irq *irq = irqs[line];
		bool bound = irq != NULL && irq->notification.rights != 0;

		if (irq != NULL)
			assert_int_equal(
			    frame_kind(frame_of(dmap_address(irq))), KIND_IRQ);
		assert_int_equal(fake_plic.claimed[line],
		    irq != NULL && irq->claimed ? irq->context + 1 : 0);
		for (uint64_t i = 0; i < nharts; i++)
			if (harts[i].context == FAKE_PLIC_CONTEXT(i))
				assert_int_equal(
				    fake_plic_enabled(harts[i].context, line),
				    bound && irq->context == harts[i].context);
	}
}

static void
object_tally(uint64_t frame, struct census *census)
{
	const struct endpoint *endpoint = object_in(frame);
	const struct notification *notification = object_in(frame);
	const struct space *space = object_in(frame);

	switch (frame_kind(frame)) {
	case KIND_THREAD:
		thread_tally(object_in(frame), census);
		break;
	case KIND_SPACE:
		space_check(space);
		space_kernel_half_check(space);
		space_tally(space);
		census->spaces++;
		census->pools += space->pool.value;
		break;
	case KIND_CSPACE:
		cap_check(object_in(frame));
		break;
	case KIND_ENDPOINT:
		endpoint_check(endpoint);
		census->queued += list_length(&endpoint->receivers) +
				  prioq_length(&endpoint->senders);
		break;
	case KIND_IRQ:
		irq_check(object_in(frame));
		break;
	case KIND_NOTIFICATION:
		notification_check(notification);
		census->armed += notification->deadline != TIMER_NEVER;
		break;
	default:
		break;
	}
}

static void
ready_check(const struct hart *hart)
{
	for (unsigned int p = 0; p < PRIORITIES; p++) {
		const struct list *queue = &hart->ready.queue[p];

		for (const struct list *link = queue->next; link != queue;
		     link = link->next) {
			const struct thread *thread =
			    container_of(link, struct thread, link);

			assert_int_equal(thread->state, THREAD_READY);
			assert_int_equal(thread->priority, p);
			assert_int_equal(
			    frame_kind(thread_frame(thread)), KIND_THREAD);
		}
	}
}

static void
timers_check(const struct hart *hart, uint64_t armed)
{
	uint64_t last = 0;

	assert_int_equal(list_length(&hart->timers), armed);
	for (const struct list *link = hart->timers.next; link != &hart->timers;
	     link = link->next) {
		const struct notification *notification =
		    container_of(link, struct notification, timer_link);

		assert_true(notification->deadline >= last);
		last = notification->deadline;
		assert_true(last != TIMER_NEVER);
		assert_int_equal(
		    frame_kind(frame_of(dmap_address(notification))),
		    KIND_NOTIFICATION);
	}
}

static void
frames_tally_check(void)
{
	for (uint64_t i = 0; i < frames.count; i++) {
		const struct frame *frame = &frames.table[i];
		uint64_t references = tally[i].references;

		switch (frame_kind(i)) {
		case FRAME_USER:
			references += (frame->tag & FRAME_HOLD) != 0;
			assert_true(frame->count > 0);
			break;
		case FRAME_TABLE:
			assert_int_equal(references, 0);
			break;
		default:
			break;
		}
		assert_int_equal(tally[i].tables, frame_kind(i) == FRAME_TABLE);
		if (frame_kind(i) != FRAME_FREE)
			assert_int_equal(frame->count, references);
	}
}

void
world_check(void)
{
	const struct hart *hart = hart_self();
	struct census census = {0};

	memset(tally, 0, sizeof(tally));
	frame_check();
	for (uint64_t i = 0; i < frames.count; i++)
		object_tally(i, &census);
	frames_tally_check();
	ready_check(hart);
	timers_check(hart, census.armed);
	lines_check();
	assert_int_equal(census.ready, prioq_length(&hart->ready));
	assert_int_equal(census.waiting, census.queued);
	assert_int_equal(census.pools, frames.reserved_count);
	assert_int_equal(census.threads, hart->counters[STAT_THREADS]);
	assert_int_equal(census.spaces, hart->counters[STAT_SPACES]);
	if (hart->current != NULL && hart->current->state == THREAD_RUNNING) {
		assert_int_equal(census.running, 1);
		assert_int_equal(hart->satp, hart->current->satp);
	} else {
		assert_int_equal(census.running, 0);
	}
	assert_int_equal(hart->satp, fake_arch.satp);
}

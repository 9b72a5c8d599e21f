/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * invariants.c - the invariants of the kernel's structures, as assertions.
 *
 * Each foo_check() is declared, and its invariants are listed, in the header
 * of what it checks.  Linked into debug builds of the kernel, which call them
 * through KCHECK(), and into the host's tests.
 */
#include "invariants.h"
#include "cap.h"
#include "endpoint.h"
#include "frame.h"
#include "irq.h"
#include "kassert.h"
#include "notify.h"
#include "space_impl.h"
#include "thread.h"

void
frame_check(void) UNCHECKED
{
	uint64_t n = 0;

	for (uint64_t i = frames.free_head; i != FRAME_NONE;
	     i = frames.table[i].link) {
		KASSERT(i < frames.count && frame_kind(i) == FRAME_FREE);
		n++;
	}
	KASSERT(n == frames.free_count);
	KASSERT(frames.reserved_count <= frames.free_count);
}

void
cap_check(const struct cap *slots) UNCHECKED
{
	for (unsigned int i = 0; i < CSPACE_SLOTS; i++) {
		uint64_t kind = slots[i].tag & FRAME_KIND_MASK;

		if (slots[i].rights == 0)
			continue;
		KASSERT((slots[i].rights &
			    ~cap_rights_of((enum frame_kind)kind)) == 0);
	}
}

void
thread_check(const struct thread *thread) UNCHECKED
{
	KASSERT(
	    thread->space == NULL || thread->satp == space_satp(thread->space));
	KASSERT(thread->token >= thread->name);
	KASSERT(frame_name(thread_frame(thread)) == thread->name);
	KASSERT(
	    (thread->reply_name != 0) == (thread->state == THREAD_AWAITING));
}

void
endpoint_check(const struct endpoint *endpoint) UNCHECKED
{
	const struct list *link;

	KASSERT(
	    list_empty(&endpoint->receivers) || endpoint->senders.ready == 0);
	for (unsigned int p = 0; p < PRIORITIES; p++) {
		const struct list *queue = &endpoint->senders.queue[p];

		KASSERT(list_empty(queue) ==
			((endpoint->senders.ready >> p & 1) == 0));
		for (link = queue->next; link != queue; link = link->next) {
			const struct thread *t =
			    container_of(link, struct thread, link);

			KASSERT(t->state == THREAD_SENDING);
			KASSERT(t->endpoint == endpoint);
		}
	}
	for (link = endpoint->receivers.next; link != &endpoint->receivers;
	     link = link->next) {
		const struct thread *t =
		    container_of(link, struct thread, link);

		KASSERT(t->state == THREAD_RECEIVING);
	}
}

void
notification_check(const struct notification *notification) UNCHECKED
{
	const struct thread *bound = notification->bound;

	KASSERT(bound == NULL || bound->notification == notification);
	KASSERT(bound == NULL || bound->state != THREAD_RECEIVING ||
		notification->pending == 0);
}

void
irq_check(const struct irq *irq) UNCHECKED
{
	KASSERT(irq->line != 0 && irqs[irq->line] == irq);
	KASSERT(!irq->claimed || irq->notification.rights & RIGHT_NOTIFY);
}

static void
leaf_check(uint64_t entry) UNCHECKED
{
	uint64_t frame = pte_frame(entry);

	if (entry & PTE_V) {
		KASSERT((entry & (PTE_U | PTE_A | PTE_D)) ==
			(PTE_U | PTE_A | PTE_D));
		KASSERT((entry & (PTE_W | PTE_X)) != (PTE_W | PTE_X));
		KASSERT((entry & (PTE_W | PTE_COW)) != (PTE_W | PTE_COW));
	}
	if (frame < frames.count) {
		KASSERT(frame_kind(frame) == FRAME_USER);
		KASSERT(frames.table[frame].count > 0);
	}
}

/* The table of an entry says that it is worth a look. */
static void
entry_check(const uint64_t *entry) UNCHECKED
{
	uint64_t group =
	    (uintptr_t)entry % PAGE_SIZE / sizeof(*entry) / GROUP_ENTRIES;

	KASSERT(*table_groups(entry) >> group & 1);
}

void
space_check(const struct space *space) UNCHECKED
{
	uint64_t tables = 0;

	for (uint64_t i = 0; i < ROOT_USER_ENTRIES; i++) {
		uint64_t *mega;

		if (space->user[i] == 0)
			continue;
		entry_check(&space->user[i]);
		mega = pte_table(space->user[i]);
		tables++;
		for (uint64_t j = 0; j < SV39_ENTRIES; j++) {
			if (mega[j] == 0)
				continue;
			entry_check(&mega[j]);
			tables++;
			for (uint64_t k = 0; k < SV39_ENTRIES; k++) {
				const uint64_t *leaf = &pte_table(mega[j])[k];

				if (*leaf == 0)
					continue;
				entry_check(leaf);
				leaf_check(*leaf);
			}
		}
	}
	KASSERT(tables == space->tables.value);
}

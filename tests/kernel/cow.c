/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cow.c - clones of a space: copied on write, shared, or taken out.
 */
#include "kt.h"

#define ENDPOINT KT_SLOT
#define RW (MAP_PAGE_READ | MAP_PAGE_WRITE)
/* A page of each kind in the parent's space. */
#define PRIVATE KT_AREA
#define SHARED (KT_AREA + 1 * PAGE_SIZE)
#define LEFT_OUT (KT_AREA + 2 * PAGE_SIZE)
#define READ_ONLY (KT_AREA + 4 * PAGE_SIZE)
#define GUARD (KT_AREA + 5 * PAGE_SIZE)
#define KINDS 6

static objname_t parent, child;

static uint64_t
poke(objname_t space, vaddr_t va, uint64_t value)
{
	return sys_space_copy(ROOT_MEMORY, space, va, &value, sizeof(value), 1)
	    .error;
}

static uint64_t
query(objname_t space, vaddr_t va)
{
	return sys_space_query(ROOT_MEMORY, space, va).value;
}

/* What a pager does about a write to a page with several users. */
static void
copy_page(objname_t space, vaddr_t va)
{
	kt_must(sys_space_map(ROOT_MEMORY, space, va, SOURCE_ENTRY,
		    RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(PAGE_SIZE),
		    query(space, va)),
	    "space_map");
}

static void
family_make(void)
{
	parent = kt_space(1);
	child = kt_create(KIND_SPACE, 2, 24);
	for (vaddr_t va = PRIVATE; va <= GUARD; va += PAGE_SIZE)
		kt_map(parent, va, va == SHARED ? RW | MAP_PAGE_SHARED : RW);
	for (vaddr_t va = PRIVATE; va <= GUARD; va += PAGE_SIZE)
		kt_poke(parent, va, va);
	kt_must(
	    sys_space_protect(ROOT_MEMORY, parent, READ_ONLY, 1, MAP_PAGE_READ),
	    "space_protect");
	kt_must(sys_space_protect(ROOT_MEMORY, parent, GUARD, 1, 0),
	    "space_protect");
	kt_clone(child, parent);
	kt_must(
	    sys_space_unmap(ROOT_MEMORY, child, LEFT_OUT, 1), "space_unmap");
}

static void
family_end(void)
{
	kt_destroy(child);
	kt_destroy(parent);
}

static void
test_entries(void)
{
	const uint64_t cow = PTE_V | PTE_R | PTE_COW;
	const uint64_t all = PTE_V | PTE_R | PTE_W | PTE_COW | PTE_SHARED;

	kt_equal(query(parent, PRIVATE), query(child, PRIVATE),
	    "a private page is one page in both");
	kt_equal(
	    query(parent, PRIVATE) & all, cow, "that neither may write to");
	kt_equal(query(child, SHARED) & all, PTE_V | PTE_R | PTE_W | PTE_SHARED,
	    "a shared page stays so");
	kt_equal(query(child, LEFT_OUT), 0, "a page taken out isn't there");
	kt_equal(query(parent, LEFT_OUT) & all, cow,
	    "but marked in the parent all the same");
	kt_equal(query(child, READ_ONLY) & all, PTE_V | PTE_R,
	    "a read-only page is no more than that");
	kt_ok(query(child, GUARD) == query(parent, GUARD) &&
		  (query(child, GUARD) & PTE_V) == 0,
	    "a page without access is inherited too");
}

static void
test_isolation(void)
{
	uint64_t upgrades = kt_stat(STAT_UPGRADES);

	kt_equal(poke(child, PRIVATE, 1), TINE_EFAULT,
	    "with two users a write is the pager's");
	copy_page(child, PRIVATE);
	kt_equal(poke(child, PRIVATE, 1), 0, "after a copy it is done");
	kt_equal(kt_peek(parent, PRIVATE), PRIVATE, "the other side is whole");
	kt_equal(kt_stat(STAT_UPGRADES), upgrades, "so far nothing upgraded");
	kt_equal(poke(parent, PRIVATE, 2), 0,
	    "the last user's write needs no pager");
	kt_equal(kt_stat(STAT_UPGRADES), upgrades + 1, "but an upgrade");
	kt_equal(kt_peek(child, PRIVATE), 1, "which the other doesn't see");
	kt_equal(poke(parent, LEFT_OUT, 4), 0,
	    "a write to what was taken out needs no pager");
	kt_equal(kt_stat(STAT_UPGRADES), upgrades + 2, "but an upgrade, too");
	kt_equal(poke(child, SHARED, 3), 0, "a shared page is written to");
	kt_equal(kt_peek(parent, SHARED), 3, "and seen by the other");
}

/* A held frame is somebody's even if it is mapped only once. */
static void
test_hold(void)
{
	uint64_t frame = sys_frame_alloc(ROOT_MEMORY).value;

	kt_must(sys_space_map(ROOT_MEMORY, parent, GUARD + PAGE_SIZE, frame,
		    RW | MAP_PAGE_COW, 0),
	    "space_map");
	kt_equal(poke(parent, GUARD + PAGE_SIZE, 1), TINE_EFAULT,
	    "a held frame is never upgraded");
	kt_must(sys_frame_free(ROOT_MEMORY, frame), "frame_free");
	kt_equal(
	    poke(parent, GUARD + PAGE_SIZE, 1), 0, "without the hold it is");
}

static volatile uint64_t stored;

static void
store(uint64_t va)
{
	*(volatile uint64_t *)va = 0x77;
	stored++;
	kt_finish();
}

/* The same by threads: one write is upgraded without a message. */
static void
test_threads(void)
{
	objname_t grandchild = kt_create(KIND_SPACE, 3, 24);
	objname_t thread;
	struct ipc_msg msg;
	uint64_t calls;

	kt_clone(grandchild, parent);
	thread = kt_thread(grandchild, store, PRIVATE, 0);
	kt_configure(thread, THREAD_FAULT_ENDPOINT, ENDPOINT);
	kt_start(thread);
	ipc_recv(ENDPOINT, RECV_WAIT, &msg);
	/* The first fault may be that of its stack. */
	while (msg.words[0] != PRIVATE) {
		ipc_fault_map(ROOT_MEMORY, ENDPOINT, msg.token, SOURCE_ENTRY,
		    RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(PAGE_SIZE), &msg);
	}
	kt_ok(msg.words[3] == query(grandchild, PRIVATE) &&
		  (msg.words[3] & PTE_COW) != 0,
	    "a thread's write brings the entry to its pager");
	ipc_fault_map(ROOT_MEMORY, KT_DONE, msg.token, SOURCE_ENTRY,
	    RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(PAGE_SIZE), &msg);
	kt_equal(
	    kt_peek(grandchild, PRIVATE), 0x77, "which copies, and it goes on");
	kt_equal(kt_peek(parent, PRIVATE), 2, "the other side is whole");
	kt_destroy(thread);
	thread = kt_thread(parent, store, PRIVATE, 0);
	calls = kt_stat(STAT_FAULT_CALLS);
	kt_start(thread);
	(void)kt_wait();
	kt_ok(kt_stat(STAT_FAULT_CALLS) == calls &&
		  kt_peek(parent, PRIVATE) == 0x77,
	    "the last user's write calls no pager");
	kt_destroy(thread);
	kt_destroy(grandchild);
}

/* What can't be done leaves both spaces to be used and destroyed. */
static void
test_failure(void)
{
	objname_t poor = kt_create(KIND_SPACE, 4, 1);

	kt_equal(sys_space_clone(ROOT_MEMORY, poor, parent, 0).error,
	    TINE_ENOTABLE, "a clone without tables fails");
	kt_equal(kt_peek(parent, SHARED), 3, "the original works on");
	kt_destroy(poor);
	kt_equal(sys_space_clone(ROOT_MEMORY, child, parent, 0).error,
	    TINE_EEXIST, "a clone over something that is there fails");
	kt_equal(kt_peek(child, PRIVATE), 1, "and harms it not");
}

void
test_copy_on_write(void)
{
	objname_t endpoint = kt_endpoint(ENDPOINT, ENDPOINT_SPACE);

	family_make();
	test_entries();
	test_isolation();
	test_hold();
	test_threads();
	test_failure();
	family_end();
	kt_destroy(endpoint);
	kt_must(sys_cap_delete(ROOT_CSPACE, ENDPOINT), "cap_delete");
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fork.c - spaces duplicated.
 *
 *	begin	promises, the child's space and regions; can fail
 *	clone	page tables copied on write, all of them, in turns
 *	except	pages that the child is not to have taken out of it, in turns
 *	snapshot  copies of shared memory that is inherited by copy, in turns
 *	finish	the child's thread; the child is alive
 *
 * Until finish the child is LOADING, without users, and the parent in
 * transition.  Whichever step fails, the child is retired, and with it goes
 * all that was taken.
 *
 * Other threads of the parent run meanwhile.  What they write shows in the
 * child or not; what they ask for, faults too, waits until the end.
 */
#include <ipc/sys.h>

#include "fault.h"
#include "handlers.h"
#include "map.h"
#include "object.h"
#include "park.h"
#include "report.h"
#include "root.h"
#include "serve.h"
#include "space.h"
#include "thread.h"

#define SNAPSHOT_PAGES 64 /* copied in one turn */

/* Whether a fork copies what is in the region rather than share it. */
static bool
snapshot_due(const struct region *region)
{
	return region->backing == BACKING_SHARED &&
	       region->inheritance == VM_INHERIT_COPY;
}

/* Whether the region's pages, which the kernel cloned, are not the child's. */
static bool
region_excepted(const struct region *region)
{
	return region->inheritance == VM_INHERIT_NONE ||
	       region->inheritance == VM_INHERIT_ZERO ||
	       region->backing == BACKING_DEVICE || snapshot_due(region);
}

/* What an excepted region is in the child.  False: it is left out. */
static bool
region_child(const struct region *region, struct region *child)
{
	if (region->inheritance == VM_INHERIT_NONE ||
	    region->backing == BACKING_DEVICE)
		return false;
	*child = *region;
	child->backing = BACKING_ANONYMOUS;
	child->flags = REGION_CHARGED;
	child->object = 0;
	child->offset = 0;
	return true;
}

/* Private pages that the child is promised. */
static uint64_t
child_pages(const struct region_map *map)
{
	uint64_t pages = 0;

	for (uint32_t i = 0; i < map->count; i++) {
		const struct region *region = &map->at[i];

		if (region->inheritance == VM_INHERIT_NONE)
			continue;
		if ((region->flags & REGION_CHARGED) != 0 ||
		    region->inheritance == VM_INHERIT_ZERO ||
		    snapshot_due(region))
			pages += region_pages(region);
	}
	return pages;
}

/*
 * Give the child the regions and addresses of its parent.  Returns where the
 * last excepted region ends; 0: there is none.
 */
static uint64_t
child_fill(const struct space *space, struct space *child)
{
	const struct region_map *map = &space->map;
	struct region changed;
	uint64_t end = 0;

	for (uint32_t i = 0; i < map->count; i++) {
		const struct region *region = &map->at[i];

		if (region_excepted(region)) {
			end = region->end;
			if (!region_child(region, &changed))
				continue;
			region = &changed;
		}
		if (region->backing == BACKING_SHARED)
			object_ref(region->object);
		region_append(&child->map, region);
	}
	child->low = space->low;
	child->heap = space->heap;
	child->brk = space->brk;
	child->stack_top = space->stack_top;
	child->stack_low = space->stack_low;
	child->map_base = space->map_base;
	for (uint32_t i = 0; i < LIMITS; i++)
		child->limits[i] = space->limits[i];
	return end;
}

static int
fork_begin(struct space *space, token_t token)
{
	struct space *child;
	int error;

	error = thread_reserve();
	if (error)
		return error;
	/* As many tables as the parent has: the kernel may copy them all. */
	error = space_create(space->fed, child_pages(&space->map), &child);
	if (error)
		goto undo_thread;
	error = region_reserve(&child->map, space->map.count);
	if (error)
		goto undo_space;

	/* Committed: nothing below can fail. */
	space->busy.token = token;
	space->busy.kind = TRANSITION_FORK;
	space->busy.va = 0;
	space->busy.end = child_fill(space, child);
	space->busy.child = child;
	return 0;

undo_space:
	space_retire(child);
undo_thread:
	thread_unreserve();
	return error;
}

/*
 * Undo all of a fork.  The dying child may still have private pages that it was
 * not promised, of regions that are not inherited; what the parent writes or
 * unmaps until it is gone would need their frames once more.  With the ledger
 * in order it does not come to this: what may be asked for after the clone,
 * tables, copies of shared pages and the thread, was charged by fork_begin().
 */
static void
fork_undo(struct space *space)
{
	space_retire(space->busy.child);
	thread_unreserve();
	space_idle(space);
}

/* Copy page tables. */
static int
clone_step(struct space *space, const struct ipc_msg *msg)
{
	struct transition *busy = &space->busy;

	for (int i = 0; busy->va < USER_TOP; i++) {
		struct sysret done;

		if (i == TURN_CALLS)
			return park_again(msg);
		done = sys_space_clone(
		    ROOT_MEMORY, busy->child->name, space->name, busy->va);
		if (done.error != 0)
			return TINE_ENOMEM;
		busy->va = done.value;
	}
	busy->kind = TRANSITION_EXCEPT;
	busy->va = 0;
	return 0;
}

/* The first excepted region that ends above va; there is one. */
static const struct region *
except_next(const struct region_map *map, uint64_t va)
{
	uint32_t i = region_above(map, va);

	while (!region_excepted(&map->at[i]))
		i++;
	return &map->at[i];
}

/*
 * Take the pages of excepted regions out of the child, and tables that it has
 * no region for.
 */
static int
except_step(struct space *space, const struct ipc_msg *msg)
{
	struct transition *busy = &space->busy;

	for (int i = 0; busy->va < busy->end; i++) {
		const struct region *region =
		    except_next(&space->map, busy->va);
		uint64_t start = region->start;
		uint64_t end = region->end;
		struct sysret done;

		if (i == TURN_CALLS)
			return park_again(msg);
		if (start < busy->va)
			start = busy->va;
		unmap_widen(&busy->child->map, &start, &end);
		done = sys_space_unmap(ROOT_MEMORY, busy->child->name, start,
		    (end - start) >> PAGE_SHIFT);
		if (done.error != 0)
			return TINE_ENOMEM;
		busy->va = done.value;
	}
	busy->kind = TRANSITION_SNAPSHOT;
	busy->va = 0;
	return 0;
}

/* Copy the pages of one region from busy.va on, at most *left of them. */
static int
snapshot_region(
    struct space *space, const struct region *region, uint64_t *left)
{
	struct transition *busy = &space->busy;
	uint64_t flags =
	    region->protection | MAP_PAGE_COPY | MAP_PAGE_BYTES(PAGE_SIZE);

	if (flags & MAP_PAGE_WRITE)
		flags |= MAP_PAGE_READ;
	if (busy->va < region->start)
		busy->va = region->start;
	while (*left > 0 && busy->va < region->end) {
		uint64_t offset = region->offset + (busy->va - region->start);
		uint64_t frame =
		    object_peek(region->object, offset >> PAGE_SHIFT);

		if (frame != 0 && sys_space_map(ROOT_MEMORY, busy->child->name,
				      busy->va, frame, flags, 0)
					  .error != 0)
			return TINE_ENOMEM;
		busy->va += PAGE_SIZE;
		(*left)--;
	}
	return 0;
}

static int
snapshot_step(struct space *space, const struct ipc_msg *msg)
{
	const struct region_map *map = &space->map;
	uint64_t left = SNAPSHOT_PAGES;
	int error;

	for (uint32_t i = region_above(map, space->busy.va); i < map->count;
	     i++) {
		if (!snapshot_due(&map->at[i]))
			continue;
		error = snapshot_region(space, &map->at[i], &left);
		if (error)
			return error;
		if (left == 0)
			return park_again(msg);
	}
	return 0;
}

/* Go on with a fork.  0: the child is complete but for its thread. */
static int
fork_step(struct space *space, const struct ipc_msg *msg)
{
	struct transition *busy = &space->busy;
	int error = 0;

	if (busy->kind == TRANSITION_FORK)
		error = clone_step(space, msg);
	/* In most spaces nothing is excepted. */
	if (error != 0 || busy->end == 0)
		return error;
	if (busy->kind == TRANSITION_EXCEPT)
		error = except_step(space, msg);
	return error ? error : snapshot_step(space, msg);
}

/* One more user of the same space, with a thread of its own. */
static int
fork_share(struct space *space, uint64_t identity, struct vm_fork_rep *rep)
{
	objname_t thread;
	int error = thread_add(space, identity, &thread);

	if (error)
		return error;
	space_use(space);
	rep->space = space->tag;
	rep->thread = thread;
	return 0;
}

int
serve_vm_fork(const struct ipc_msg *msg, const struct vm_fork_req *req,
    struct vm_fork_rep *rep)
{
	struct space *space;
	struct space *child;
	objname_t thread;
	int error;

	if ((req->flags & ~VM_FORK_SHARE) != 0)
		return TINE_EINVAL;
	error = space_claim_process(req->space, msg, &space);
	if (error)
		return error;
	if (req->flags & VM_FORK_SHARE)
		return fork_share(space, req->identity, rep);
	if (!space_busy(space)) {
		error = fork_begin(space, msg->token);
		if (error)
			return error;
	}
	error = fork_step(space, msg);
	if (error == SERVE_LATER)
		return error;
	child = space->busy.child;
	if (error == 0)
		error = thread_create(child, req->identity, &thread);
	if (error) {
		fork_undo(space);
		return error;
	}

	/* Committed: nothing below can fail. */
	space_idle(space);
	space_use(child);
	space_settle(child);
	CHECK(space_check(child));
	rep->space = child->tag;
	rep->thread = thread;
	return 0;
}

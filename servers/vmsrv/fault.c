/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault.c - the pager.
 *
 * What is mapped depends on the region and on the entry that the kernel
 * found, which it will find again or refuse (ECHANGED):
 *
 *	region		entry	read			write
 *	anonymous	none	zeros			zeros
 *	file		none	the file's frame, COW	a copy of it
 *	file's last page, beyond it: a copy with zeros behind, zeros
 *	private		COW	-			a copy of what is there
 *	shared object	none	the object's frame	the object's frame
 *
 * Protection bits and access bits of msg.h, page.h and vm.h are the same
 * numbers.
 */
#include "fault.h"

#include <ipc/proc.h>
#include <ipc/sys.h>

#include "file.h"
#include "object.h"
#include "park.h"
#include "root.h"
#include "server.h"

_Static_assert(VM_PROT_READ == ACCESS_READ && VM_PROT_READ == MAP_PAGE_READ,
    "one number for reading");
_Static_assert(VM_PROT_WRITE == ACCESS_WRITE && VM_PROT_WRITE == MAP_PAGE_WRITE,
    "one number for writing");
_Static_assert(VM_PROT_EXEC == ACCESS_EXEC && VM_PROT_EXEC == MAP_PAGE_EXEC,
    "one number for executing");

/* Kept free below the stack. */
#define STACK_GUARD 0x10000ul

/* Signals and codes of a refused access (POSIX signal.h, NetBSD siginfo.h). */
#define SIGNAL_KILL 9
#define SIGNAL_BUS 10
#define SIGNAL_SEGV 11
#define SEGV_MAPERR 1
#define SEGV_ACCERR 2
#define BUS_ADRERR 2

#define FAULT_WORDS 4
#define COPY_WHOLE (MAP_PAGE_COPY | MAP_PAGE_BYTES(PAGE_SIZE))

uint64_t
fault_flags(const struct region *region)
{
	uint64_t flags = region->protection;

	/* Sv39 has no pages to be written and not read. */
	if (flags & MAP_PAGE_WRITE)
		flags |= MAP_PAGE_READ;
	if (region->backing == BACKING_SHARED)
		flags |= MAP_PAGE_SHARED;
	return flags;
}

uint64_t
fault_protection(const struct region *region)
{
	uint64_t flags = fault_flags(region);

	/* Shared pages are marked already, and the mark stays. */
	if (region->backing == BACKING_SHARED)
		return flags & MAP_PAGE_PROT;
	if (flags & MAP_PAGE_WRITE)
		flags |= MAP_PAGE_COW;
	return flags;
}

/*
 * The region that grows down, grown so that it contains va.  EFAULT: va is
 * not in the range of the stack; ENOMEM: no more can be charged.
 */
static int
stack_grow(struct space *space, uint64_t va, struct region **regionp)
{
	struct region_map *map = &space->map;
	struct region *region = region_find(map, space->stack_low);
	uint64_t start = va & ~PAGE_MASK;
	uint64_t pages = (space->stack_low - start) >> PAGE_SHIFT;
	uint32_t i;
	int error;

	if (va >= space->stack_low || region == NULL ||
	    region->start != space->stack_low ||
	    region->backing != BACKING_ANONYMOUS)
		return TINE_EFAULT;
	if (start < SPACE_LOWEST ||
	    space->stack_top - start > space->limits[VM_LIMIT_STACK] ||
	    (map->pages + pages) > space->limits[VM_LIMIT_AS] >> PAGE_SHIFT)
		return TINE_EFAULT;
	i = region_above(map, start);
	if (&map->at[i] != region ||
	    (i > 0 && map->at[i - 1].end + STACK_GUARD > start))
		return TINE_EFAULT;
	error = space_reserve(
	    space, pages, region_tables(map, start, space->stack_low));
	if (error)
		return error;
	region_extend_down(map, region, start);
	space->stack_low = start;
	*regionp = region;
	return 0;
}

/* What lies in a page of a file that was not touched yet. */
static void
plan_file(const struct region *region, uint64_t page, bool write,
    struct page_plan *plan)
{
	uint64_t flags = fault_flags(region);
	uint64_t offset = region->offset + (page - region->start);

	if (page >= region->file_end) {
		plan->flags = flags | MAP_PAGE_ZERO;
		return;
	}
	plan->source = file_frame(region->object, offset);
	if (region->file_end - page < PAGE_SIZE) {
		/* What follows in the archive is nobody's business. */
		plan->flags = flags | MAP_PAGE_COPY |
			      MAP_PAGE_BYTES(region->file_end - page);
	} else if (write) {
		plan->flags = flags | COPY_WHOLE;
	} else {
		plan->flags = fault_protection(region);
	}
}

/* A page that has no entry yet. */
static int
plan_missing(const struct region *region, uint64_t page, bool write,
    struct page_plan *plan)
{
	uint64_t index;

	plan->source = 0;
	switch (region->backing) {
	case BACKING_ANONYMOUS:
		plan->flags = fault_flags(region) | MAP_PAGE_ZERO;
		return 0;
	case BACKING_FILE:
		plan_file(region, page, write, plan);
		return 0;
	case BACKING_SHARED:
		index = (region->offset + (page - region->start)) >> PAGE_SHIFT;
		plan->flags = fault_flags(region);
		if (object_frame(region->object, index, &plan->source) != 0)
			return TINE_EIO;
		return 0;
	default:
		return TINE_EFAULT;
	}
}

/*
 * An entry that does not permit what its region does: the protection was
 * lowered and raised again behind our back, by a change that is at work.
 */
static int
entry_raise(struct space *space, const struct region *region, uint64_t page)
{
	struct sysret done = sys_space_protect(
	    ROOT_MEMORY, space->name, page, 1, fault_protection(region));

	return done.error == 0 ? 0 : TINE_EFAULT;
}

int
fault_plan(struct space *space, uint64_t va, uint64_t access, uint64_t entry,
    struct page_plan *plan)
{
	struct region *region = region_find(&space->map, va);
	uint64_t allowed;
	int error;

	if (region == NULL) {
		error = stack_grow(space, va, &region);
		if (error)
			return error;
	}
	allowed = fault_flags(region);
	if ((access & ~allowed) != 0)
		return TINE_EACCES;
	if ((entry & PTE_COW) != 0 && access == ACCESS_WRITE) {
		plan->source = SOURCE_ENTRY;
		plan->flags = allowed | COPY_WHOLE;
		return 0;
	}
	if (entry == 0)
		return plan_missing(
		    region, va & ~PAGE_MASK, access == ACCESS_WRITE, plan);
	plan->flags = 0;
	/* V, R, W, X are one bit above the access bits. */
	if ((entry & PTE_V) != 0 && (access & ~(entry >> 1)) == 0)
		return 0;
	return entry_raise(space, region, va & ~PAGE_MASK);
}

int
fault_bring(struct space *space, uint64_t va, uint64_t access)
{
	uint64_t entry = space_entry(space, va);
	struct page_plan plan;
	struct sysret done;
	int error;

	error = fault_plan(space, va, access, entry, &plan);
	if (error || plan.flags == 0)
		return error;
	done = sys_space_map(ROOT_MEMORY, space->name, va & ~PAGE_MASK,
	    plan.source, plan.flags, entry);
	/* Another thread brought it in meanwhile. */
	if (done.error == TINE_ECHANGED)
		return 0;
	return done.error == 0 ? 0 : TINE_ENOMEM;
}

/* Hand a thread on to procsrv, which sends it a signal. */
static void
forward_signal(struct ipc_msg *msg, int32_t signal, int32_t code)
{
	struct proc_fault_req req = {
	    .signal = signal, .code = code, .address = msg->words[0]};
	struct ipc_msg out = {0};
	token_t token = msg->token;

	ipc_pack(&out, proc_fault_call, &req, sizeof(req));
	msg->token = 0;
	/* ESTALE: it was killed meanwhile. */
	(void)ipc_forward(OWN_PROC, token, out.info, out.words);
}

static void
refuse(struct ipc_msg *msg, int error)
{
	switch (error) {
	case TINE_EACCES:
		forward_signal(msg, SIGNAL_SEGV, SEGV_ACCERR);
		break;
	case TINE_ENOMEM:
		forward_signal(msg, SIGNAL_BUS, BUS_ADRERR);
		break;
	case TINE_EIO:
		forward_signal(msg, SIGNAL_KILL, 0);
		break;
	default:
		forward_signal(msg, SIGNAL_SEGV, SEGV_MAPERR);
		break;
	}
}

/* Put a fault aside; without room the thread itself makes it again. */
static void
fault_again(struct ipc_msg *msg, int parked)
{
	if (parked == SERVE_LATER)
		msg->token = 0;
	msg->info = MSG_INFO(0, 0);
}

/* The kernel would not map what was planned. */
static void
map_failed(struct ipc_msg *msg, uint64_t error)
{
	if (error == TINE_ESTALE)
		msg->token = 0;
	else if (error == TINE_ECHANGED)
		msg->info = MSG_INFO(0, 0);
	else
		forward_signal(msg, SIGNAL_KILL, 0);
}

/*
 * Map the page, let the thread go on and, unless there is other work, wait
 * for the next message: one entry to the kernel.
 */
static bool
map_and_wait(struct ipc_msg *msg, const struct page_plan *plan)
{
	bool wait = !park_pending();
	token_t token = msg->token;
	uint64_t address = msg->words[0];

	ipc_fault_map(ROOT_MEMORY, wait ? OWN_ENDPOINT : 0, token, plan->source,
	    plan->flags, msg);
	if (SENDER_KIND(msg->kind) == SENDER_NONE && msg->sender != 0) {
		msg->token = token;
		msg->words[0] = address;
		map_failed(msg, msg->sender);
		return false;
	}
	if (!wait)
		msg->token = 0;
	return wait;
}

bool
fault_serve(struct ipc_msg *msg, bool retried)
{
	struct space *space = space_lookup(msg->sender);
	struct page_plan plan;
	int error;

	if (space == NULL) {
		forward_signal(msg, SIGNAL_KILL, 0);
		return false;
	}
	if (space->server != NULL) {
		server_failed(space, "page fault", msg->words, FAULT_WORDS);
		msg->token = 0;
		return false;
	}
	if (space_busy(space)) {
		fault_again(msg, park_again(msg));
		return false;
	}
	error = fault_plan(
	    space, msg->words[0], msg->words[1], msg->words[3], &plan);
	if (error == 0 && plan.flags != 0)
		return map_and_wait(msg, &plan);
	if (error == 0)
		msg->info = MSG_INFO(0, 0);
	else if (error == TINE_ENOMEM && park_dying() && !retried)
		fault_again(msg, park_memory(msg));
	else
		refuse(msg, error);
	return false;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * server.c - the other servers: their spaces, their ends.
 *
 * A server's endpoint, notification and capability space are vmsrv's, and
 * outlive it.  What it knew is lost.
 */
#include "server.h"

#include <string.h>

#include <ipc/sys.h>

#include "elf.h"
#include "fault.h"
#include "file.h"
#include "handlers.h"
#include "map.h"
#include "report.h"
#include "root.h"
#include "segment.h"
#include "serve.h"
#include "thread.h"

#define SERVERS 8 /* badges below this */
#define STACK_PAGES 8
#define STACK_GUARD PAGE_SIZE
/* Where the console's registers are in ttysrv. */
#define CONSOLE_ADDRESS 0x30000000ul

/* After so many failures of a server, one more is the last. */
#define FAILURES_MAX 5

struct server {
	const struct server_plan *plan; /* NULL: there is none */
	struct space *space;
	objname_t thread;
	uint32_t starts;
	uint32_t failures;
};

/* By badge. */
static struct server servers[SERVERS];

/* See to every page of a range.  ENOMEM. */
static int
range_fill(struct space *space, uint64_t start, uint64_t end)
{
	for (uint64_t va = start; va < end; va += PAGE_SIZE) {
		const struct region *region = region_find(&space->map, va);
		int error;

		error = fault_bring(space, va,
		    region->protection & VM_PROT_WRITE ? ACCESS_WRITE
						       : ACCESS_READ);
		if (error)
			return error;
	}
	return 0;
}

/* Add zeroed memory, all of it present.  ENOMEM; then nothing is added. */
static int
memory_add(struct space *space, uint64_t start, uint64_t end)
{
	struct region region = {
	    .start = start,
	    .end = end,
	    .protection = VM_PROT_READ | VM_PROT_WRITE,
	    .backing = BACKING_ANONYMOUS,
	    .flags = REGION_CHARGED,
	};
	int error;

	error = region_reserve(&space->map, 3);
	if (error)
		return error;
	error = space_reserve(space, region_pages(&region),
	    region_tables(&space->map, start, end));
	if (error)
		return error;
	region_insert(&space->map, &region);
	error = range_fill(space, start, end);
	if (error)
		unmap_now(space, start, end);
	return error;
}

/* Map the program; *entry is where it begins, *sp where its stack ends. */
static int
program_load(
    struct space *space, const char *path, uint64_t *entry, uint64_t *sp)
{
	const struct file *file;
	struct elf_image image;
	uint32_t number;
	int error;

	error = file_find(path, strlen(path), &number);
	if (error)
		return error;
	file = file_get(number);
	error = elf_parse(file->data, (size_t)file->size, file->size, &image);
	for (uint32_t i = 0; error == 0 && i < image.nsegments; i++)
		error = segment_map(space, number, &image.segments[i]);
	for (uint32_t i = 0; error == 0 && i < space->map.count; i++)
		error = range_fill(
		    space, space->map.at[i].start, space->map.at[i].end);
	if (error)
		return error;
	*entry = image.entry;
	*sp = space->heap + STACK_GUARD + STACK_PAGES * PAGE_SIZE;
	return memory_add(space, space->heap + STACK_GUARD, *sp);
}

/* Make the server's thread and let it run. */
static int
thread_launch(struct server *server, uint64_t entry, uint64_t sp)
{
	const struct server_plan *plan = server->plan;
	const struct {
		enum thread_field field;
		uint64_t value;
	} fields[] = {
	    {THREAD_CSPACE, plan->cspace},
	    {THREAD_FAULT_ENDPOINT, OWN_ENDPOINT},
	    {THREAD_EXCEPTION_ENDPOINT, OWN_ENDPOINT},
	    {THREAD_PRIORITY, plan->priority},
	    {THREAD_FPU, 0},
	    {THREAD_NOTIFICATION, plan->notification},
	};
	static struct regs regs;
	objname_t thread;
	struct sysret done;
	int error = thread_add(server->space, plan->badge, &thread);

	if (error)
		return error;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		done = sys_thread_configure(
		    ROOT_MEMORY, thread, fields[i].field, fields[i].value);
		if (done.error != 0)
			return (int)done.error;
	}
	regs.x[0] = entry;
	regs.x[2] = sp;
	regs.x[10] = server->starts;
	done = sys_thread_write(ROOT_MEMORY, thread, &regs);
	if (done.error == 0)
		done = sys_thread_start(ROOT_MEMORY, thread);
	server->thread = thread;
	return (int)done.error;
}

/* Load it and let it run. */
static int
server_launch(struct server *server)
{
	struct space *space;
	uint64_t entry;
	uint64_t sp;
	int error;

	error = space_create(0, 0, &space);
	if (error)
		return error;
	server->space = space;
	space->server = server->plan->name;
	error = program_load(space, server->plan->path, &entry, &sp);
	if (error == 0)
		error = thread_launch(server, entry, sp);
	if (error)
		return error;
	server->starts++;
	space_use(space);
	CHECK(space_check(space));
	return 0;
}

void
server_init(void)
{
	memset(servers, 0, sizeof(servers));
}

int
server_start(const struct server_plan *plan)
{
	struct server *server = &servers[plan->badge];

	ASSERT(plan->badge < SERVERS);
	server->plan = plan;
	return server_launch(server);
}

/* Who waits for an answer of a thread that is gone gets an error. */
static void
orphans_answer(objname_t thread)
{
	struct sysret done = {.value = 0};

	while (done.error == 0 && done.value < root->frames)
		done = sys_thread_orphans(
		    ROOT_MEMORY, thread, TINE_EIO, done.value);
	ASSERT(done.error == 0);
}

/*
 * End a server and start it again.  All of it at once: nobody sees the
 * system without it.  Those who have not been received yet notice nothing.
 */
static void
server_restart(struct server *server)
{
	uint64_t error;

	error = (uint64_t)thread_destroy(server->space, server->thread);
	ASSERT(error == 0);
	orphans_answer(server->thread);
	space_unuse(server->space);
	/* The memory of the old one may be what the new one needs. */
	while (space_dying())
		space_step();
	error = (uint64_t)server_launch(server);
	if (error != 0)
		report_fatal(
		    "cannot be restarted", server->plan->name, &error, 1);
}

/* The server in a space. */
static struct server *
server_in(const struct space *space)
{
	for (size_t i = 0; i < SERVERS; i++) {
		if (servers[i].space == space)
			return &servers[i];
	}
	return NULL;
}

void
server_failed(const struct space *space, const char *why, const uint64_t *words,
    size_t count)
{
	struct server *server = server_in(space);

	ASSERT(server != NULL);
	if (server->plan->vital || server->failures == FAILURES_MAX) {
		report_failure(server->plan->name, why, words, count, "halted");
		report_end();
	}
	server->failures++;
	report_failure(server->plan->name, why, words, count, "restarted");
	server_restart(server);
}

int
serve_vm_server_restart(const struct ipc_msg *msg,
    const struct vm_server_restart_req *req, struct vm_server_restart_rep *rep)
{
	struct server *server = &servers[req->badge % SERVERS];

	(void)msg;
	(void)rep;
	if (req->badge == BADGE_VM)
		return TINE_EPERM;
	if (req->badge >= SERVERS || server->plan == NULL)
		return TINE_ESRCH;
	if (server->plan->vital)
		return TINE_EPERM;
	report_failure(server->plan->name, "on request", NULL, 0, "restarted");
	server_restart(server);
	return 0;
}

/* The space of the server that made a request, by its badge. */
static struct space *
server_of(const struct ipc_msg *msg)
{
	return msg->sender < SERVERS ? servers[msg->sender].space : NULL;
}

int
serve_vm_grow(const struct ipc_msg *msg, const struct vm_grow_req *req,
    struct vm_grow_rep *rep)
{
	struct space *space = server_of(msg);
	uint64_t end;

	(void)rep;
	if (space == NULL)
		return TINE_ESRCH;
	if (!serve_range(req->address, req->length, &end) ||
	    !region_free(&space->map, req->address, end))
		return TINE_EINVAL;
	return memory_add(space, req->address, end);
}

int
serve_vm_console(const struct ipc_msg *msg, const struct vm_console_req *req,
    struct vm_console_rep *rep)
{
	struct space *space = server_of(msg);
	struct region region = {
	    .start = CONSOLE_ADDRESS,
	    .end = CONSOLE_ADDRESS + PAGE_SIZE,
	    .protection = VM_PROT_READ | VM_PROT_WRITE,
	    .backing = BACKING_DEVICE,
	};
	struct sysret done;
	int error;

	(void)req;
	if (space == NULL)
		return TINE_ESRCH;
	if (root->console_kind == CONSOLE_NONE)
		return TINE_ENODEV;
	rep->address = CONSOLE_ADDRESS + (root->console_base & PAGE_MASK);
	rep->timebase = root->timebase;
	rep->kind = root->console_kind;
	rep->shift = (uint32_t)root->console_shift;
	if (!region_free(&space->map, region.start, region.end))
		return 0;
	error = region_reserve(&space->map, 1);
	if (error)
		return error;
	error = space_reserve(
	    space, 0, region_tables(&space->map, region.start, region.end));
	if (error)
		return error;
	done = sys_space_map(ROOT_MEMORY, space->name, region.start,
	    root->console_base >> PAGE_SHIFT,
	    MAP_PAGE_READ | MAP_PAGE_WRITE | MAP_PAGE_DEVICE |
		MAP_PAGE_DEVICE_SLOT(ROOT_DEVICES),
	    0);
	if (done.error != 0) {
		space_settle(space);
		return TINE_ENODEV;
	}
	region_insert(&space->map, &region);
	return 0;
}

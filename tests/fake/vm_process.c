/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_process.c - the programs and processes of vmsrv's tests.
 */
#include "vm_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <ipc/message.h>
#include <ipc/slots.h>

#include "proc_elf.h"
#include "vmsrv/boot.h"

#define ARCHIVE_BYTES 0x10000ul
#define HEADER_BYTES 110

/* The archive. */

uint8_t
prog_byte(uint64_t offset)
{
	return (uint8_t)(offset % 251 + 1);
}

/* Add a file whose data begins on a page; returns where the next begins. */
static size_t
archive_add(uint8_t *archive, size_t at, const char *name, uint32_t mode,
    const uint8_t *data, size_t bytes)
{
	size_t data_at = at + HEADER_BYTES + strlen(name) + 1;

	if (bytes > 0)
		data_at = (data_at + PAGE_MASK) & ~PAGE_MASK;
	else
		data_at = (data_at + 3) & ~3ul;
	(void)snprintf((char *)archive + at, HEADER_BYTES + 1,
	    "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", 0u,
	    mode, 0u, 0u, 1u, 0u, (unsigned int)bytes, 0u, 0u, 0u, 0u,
	    (unsigned int)(data_at - at - HEADER_BYTES), 0u);
	memcpy(archive + at + HEADER_BYTES, name, strlen(name) + 1);
	memcpy(archive + data_at, data, bytes);
	return (data_at + bytes + 3) & ~3ul;
}

void
fake_start(uint64_t free)
{
	static uint8_t archive[ARCHIVE_BYTES];
	static uint8_t prog[PROG_FILE_BYTES];
	size_t at;

	memset(archive, 0, sizeof(archive));
	for (uint64_t i = 0; i < sizeof(prog); i++)
		prog[i] = prog_byte(i);
	at = archive_add(archive, 0, PROG_FILE, 0100755, prog, sizeof(prog));
	at = archive_add(archive, at, "etc", 0040755, prog, 0);
	/* What lies behind the program in its last frame. */
	at = archive_add(
	    archive, at, "etc/secret", 0100600, (const uint8_t *)"secret", 6);
	at = archive_add(archive, at, "boot/procsrv", 0100755,
	    (const uint8_t *)&elf_small, sizeof(elf_small));
	at = archive_add(archive, at, "boot/ttysrv", 0100755,
	    (const uint8_t *)&elf_small, sizeof(elf_small));
	at = archive_add(archive, at, "sbin/init", 0100755,
	    (const uint8_t *)&elf_small, sizeof(elf_small));
	at = archive_add(archive, at, "bin/small", 0100755,
	    (const uint8_t *)&elf_small, sizeof(elf_small));
	(void)archive_add(archive, at, "TRAILER!!!", 0, prog, 0);
	fake_kernel_start(archive, sizeof(archive), free);
	assert_int_equal(
	    boot_tables(fake_info(), fake_own(), fake_archive()), 0);
}

/* Processes. */

static int
segment_load(uint64_t space, uint32_t object, uint64_t va, uint64_t offset,
    uint64_t file, uint64_t memory, uint32_t protection)
{
	struct vm_exec_map_req req = {
	    .space = space,
	    .address = va,
	    .memory_size = memory,
	    .file_size = file,
	    .offset = offset,
	    .object = object,
	    .protection = protection,
	};
	struct vm_exec_map_rep rep;

	return PROC_REQUEST(exec_map, &req, &rep);
}

/* Segments and stack. */
static int
program_load(uint64_t space)
{
	struct vm_exec_top_req top_req = {.space = space};
	struct vm_exec_top_rep top_rep;
	struct vm_exec_stack_req req = {.space = space, .bytes = 16};
	struct vm_exec_stack_rep rep;
	static char args[16] = "program\0arg\0abc";
	int error;

	error = segment_load(space, 0, PROG_TEXT, 0, PROG_TEXT_BYTES,
	    PROG_TEXT_BYTES, VM_PROT_READ | VM_PROT_EXEC);
	if (error == 0)
		error = segment_load(space, 0, PROG_DATA, PROG_DATA_OFFSET,
		    PROG_DATA_BYTES, PROG_DATA_MEMORY,
		    VM_PROT_READ | VM_PROT_WRITE);
	if (error == 0)
		error = PROC_REQUEST(exec_top, &top_req, &top_rep);
	if (error)
		return error;
	return fake_request(&(struct request){
	    .kind = SENDER_BADGE,
	    .sender = BADGE_PROC,
	    .label = vm_exec_stack_call,
	    .req = &req,
	    .req_bytes = sizeof(req),
	    .rep = &rep,
	    .rep_bytes = sizeof(rep),
	    .window = args,
	    .window_bytes = sizeof(args),
	});
}

int
process_load(struct process *process)
{
	struct vm_exec_begin_rep begun;
	struct vm_exec_commit_rep committed;
	struct vm_exec_abort_rep aborted;
	uint64_t space;
	int error;

	error = PROC_REQUEST(
	    exec_begin, &(struct vm_exec_begin_req){.from = 0}, &begun);
	if (error)
		return error;
	space = begun.space;
	error = program_load(space);
	if (error == 0)
		error = PROC_REQUEST(exec_commit,
		    (&(struct vm_exec_commit_req){
			.space = space, .identity = 1}),
		    &committed);
	if (error) {
		int undone = PROC_REQUEST(exec_abort,
		    &(struct vm_exec_abort_req){.space = space}, &aborted);

		assert_int_equal(undone, 0);
		return error;
	}
	process->space = space;
	process->thread = committed.thread;
	return 0;
}

struct process
process_new(void)
{
	struct process process;

	assert_int_equal(process_load(&process), 0);
	return process;
}

int
process_fork(
    const struct process *parent, uint32_t flags, struct process *child)
{
	struct vm_fork_req req = {
	    .space = parent->space, .identity = 2, .flags = flags};
	struct vm_fork_rep rep;
	int error = PROC_REQUEST(fork, &req, &rep);

	if (error == 0) {
		child->space = rep.space;
		child->thread = rep.thread;
	}
	return error;
}

int
process_exit(const struct process *process)
{
	struct vm_release_req req = {
	    .space = process->space, .thread = process->thread};
	struct vm_release_rep rep;

	return PROC_REQUEST(release, &req, &rep);
}

int
process_read(uint64_t space, uint64_t va, uint8_t *byte)
{
	int signal = fake_access(space, va, ACCESS_READ);

	if (signal == 0)
		*byte = fake_page(fake_entry(space, va))[va & PAGE_MASK];
	return signal;
}

int
process_write(uint64_t space, uint64_t va, uint8_t byte)
{
	int signal = fake_access(space, va, ACCESS_WRITE);

	if (signal == 0)
		fake_page(fake_entry(space, va))[va & PAGE_MASK] = byte;
	return signal;
}

int
process_fetch(uint64_t space, uint64_t va)
{
	return fake_access(space, va, ACCESS_EXEC);
}

uint8_t
process_byte(uint64_t space, uint64_t va)
{
	uint8_t byte = 0;

	assert_int_equal(process_read(space, va, &byte), 0);
	return byte;
}

#define SPACE_REQUEST(space, name, in, out) \
	fake_request(&(struct request){ \
	    .kind = SENDER_SPACE, \
	    .sender = space, \
	    .label = vm_##name##_call, \
	    .req = in, \
	    .req_bytes = sizeof(struct vm_##name##_req), \
	    .rep = out, \
	    .rep_bytes = sizeof(struct vm_##name##_rep), \
	})

int
process_map(uint64_t space, uint64_t address, uint64_t length,
    uint32_t protection, uint32_t flags, uint64_t *at)
{
	struct vm_map_req req = {
	    .address = address,
	    .length = length,
	    .protection = protection,
	    .flags = flags | VM_MAP_ANON,
	};
	struct vm_map_rep rep;
	int error = SPACE_REQUEST(space, map, &req, &rep);

	if (error == 0)
		*at = rep.address;
	return error;
}

int
process_unmap(uint64_t space, uint64_t address, uint64_t length)
{
	struct vm_unmap_req req = {.address = address, .length = length};
	struct vm_unmap_rep rep;

	return SPACE_REQUEST(space, unmap, &req, &rep);
}

int
process_protect(
    uint64_t space, uint64_t address, uint64_t length, uint32_t protection)
{
	struct vm_protect_req req = {
	    .address = address, .length = length, .protection = protection};
	struct vm_protect_rep rep;

	return SPACE_REQUEST(space, protect, &req, &rep);
}

int
process_inherit(
    uint64_t space, uint64_t address, uint64_t length, uint32_t inheritance)
{
	struct vm_inherit_req req = {
	    .address = address, .length = length, .inheritance = inheritance};
	struct vm_inherit_rep rep;

	return SPACE_REQUEST(space, inherit, &req, &rep);
}

int
process_brk(uint64_t space, uint64_t address, uint64_t *at)
{
	struct vm_brk_req req = {.address = address};
	struct vm_brk_rep rep;
	int error = SPACE_REQUEST(space, brk, &req, &rep);

	if (error == 0)
		*at = rep.address;
	return error;
}

int
process_thread_new(uint64_t space, objname_t *thread)
{
	struct vm_thread_new_req req = {.space = space, .identity = 77};
	struct vm_thread_new_rep rep;
	int error = PROC_REQUEST(thread_new, &req, &rep);

	*thread = error == 0 ? rep.thread : 0;
	return error;
}

int
process_thread_free(uint64_t space, objname_t thread)
{
	struct vm_thread_free_req req = {.space = space, .thread = thread};
	struct vm_thread_free_rep rep;

	return PROC_REQUEST(thread_free, &req, &rep);
}

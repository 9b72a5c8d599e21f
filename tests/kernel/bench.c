/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench.c - what the kernel's own operations cost, without any server.
 *
 * For each a line as osbench prints it,
 *
 *	R <name> n=<ops> b=<batches> min=<> med=<> max=<>
 *
 * in retired instructions an operation; run it under QEMU's -icount, where
 * the numbers are exact.  The empty loop's cost is in them.
 */
#include "kt.h"

#define BATCHES 9
#define ENDPOINT KT_SLOT
#define PAGER (KT_SLOT + 1)
#define TAG 1
#define RW (MAP_PAGE_READ | MAP_PAGE_WRITE)
#define PAGES 64
#define AREA_END (KT_AREA + PAGES * PAGE_SIZE)
/* More urgent than the root task, so a wakeup is a switch. */
#define SERVER_PRIORITY 60
#define TABLES 24

void main(const struct boot_info *info);

struct bench {
	const char *name;
	uint64_t operations; /* in a batch */
	/* Does so many; the instructions that they took. */
	uint64_t (*run)(uint64_t operations);
};

static objname_t server_space, server, child, child_thread;

static uint64_t
instructions(void)
{
	uint64_t count;

	__asm__ volatile("rdinstret %0" : "=r"(count));
	return count;
}

/* Answer with as many words as were asked with. */
static void
serve(uint64_t unused)
{
	struct ipc_msg msg = {};

	(void)unused;
	ipc_recv(ENDPOINT, RECV_WAIT, &msg);
	for (;;)
		ipc_reply_recv(ENDPOINT, &msg);
}

static uint64_t
round_trips(uint64_t operations, unsigned int words)
{
	struct ipc_msg msg = {};
	uint64_t start = instructions();

	for (uint64_t i = 0; i < operations; i++) {
		msg.info = MSG_INFO(1, words);
		(void)ipc_call(ENDPOINT, &msg);
	}
	return instructions() - start;
}

static uint64_t
run_ipc_0(uint64_t operations)
{
	return round_trips(operations, 0);
}

static uint64_t
run_ipc_4(uint64_t operations)
{
	return round_trips(operations, 4);
}

static uint64_t
run_ipc_6(uint64_t operations)
{
	return round_trips(operations, 6);
}

static uint64_t
run_call(uint64_t operations)
{
	uint64_t start = instructions();

	for (uint64_t i = 0; i < operations; i++)
		(void)sys_yield();
	return instructions() - start;
}

/* The child touches pages; it reports how long that took in `taken'. */
static volatile uint64_t taken;

static void
touch_area(uint64_t unused)
{
	uint64_t start = instructions();

	(void)unused;
	for (vaddr_t va = KT_AREA; va < AREA_END; va += PAGE_SIZE)
		*(volatile uint64_t *)va = va;
	taken = instructions() - start;
	kt_finish();
}

static void
read_area(uint64_t unused)
{
	uint64_t start = instructions();

	(void)unused;
	for (vaddr_t va = KT_AREA; va < AREA_END; va += PAGE_SIZE)
		(void)*(volatile uint64_t *)va;
	taken = instructions() - start;
	kt_finish();
}

static void
child_start(objname_t space, void (*entry)(uint64_t))
{
	child_thread = kt_thread(space, entry, 0, 1);
	kt_configure(child_thread, THREAD_FAULT_ENDPOINT, PAGER);
	kt_start(child_thread);
}

/* Serve the child's faults until it has finished. */
static void
serve_faults(uint64_t source, uint64_t flags)
{
	struct ipc_msg msg;

	ipc_recv(PAGER, RECV_WAIT, &msg);
	while (SENDER_KIND(msg.kind) == SENDER_KERNEL_SPACE)
		ipc_fault_map(
		    ROOT_MEMORY, PAGER, msg.token, source, flags, &msg);
	kt_destroy(child_thread);
}

static uint64_t
run_fault_map(uint64_t operations)
{
	uint64_t frame = sys_frame_alloc(ROOT_MEMORY).value;

	(void)operations;
	child_start(child, touch_area);
	serve_faults(frame, RW | MAP_PAGE_SHARED);
	kt_must(sys_space_unmap(ROOT_MEMORY, child, KT_AREA, PAGES), "unmap");
	kt_must(sys_frame_free(ROOT_MEMORY, frame), "frame_free");
	return taken;
}

static uint64_t
run_fault_zero(uint64_t operations)
{
	(void)operations;
	child_start(child, touch_area);
	serve_faults(0, RW | MAP_PAGE_ZERO);
	kt_must(sys_space_unmap(ROOT_MEMORY, child, KT_AREA, PAGES), "unmap");
	return taken;
}

/* The pager answers without doing anything, and the thread faults again. */
static uint64_t
run_fault_empty(uint64_t operations)
{
	struct ipc_msg msg;
	uint64_t start;

	child_start(child, read_area);
	ipc_recv(PAGER, RECV_WAIT, &msg);
	start = instructions();
	for (uint64_t i = 0; i < operations; i++) {
		msg.info = MSG_INFO(0, 0);
		ipc_reply_recv(PAGER, &msg);
	}
	start = instructions() - start;
	kt_destroy(child_thread);
	return start;
}

/* Pages that two spaces have; the clone writes to all of them. */
static objname_t
clone_area(void)
{
	objname_t copied = kt_create(KIND_SPACE, TAG, TABLES);

	for (vaddr_t va = KT_AREA; va < AREA_END; va += PAGE_SIZE)
		kt_map(child, va, RW);
	kt_clone(copied, child);
	return copied;
}

static uint64_t
run_cow_copy(uint64_t operations)
{
	objname_t copied = clone_area();

	(void)operations;
	child_start(copied, touch_area);
	serve_faults(
	    SOURCE_ENTRY, RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(PAGE_SIZE));
	kt_destroy(copied);
	kt_must(sys_space_unmap(ROOT_MEMORY, child, KT_AREA, PAGES), "unmap");
	return taken;
}

static uint64_t
run_cow_upgrade(uint64_t operations)
{
	(void)operations;
	kt_destroy(clone_area());
	child_start(child, touch_area);
	serve_faults(0, 0);
	kt_must(sys_space_unmap(ROOT_MEMORY, child, KT_AREA, PAGES), "unmap");
	return taken;
}

static uint64_t
run_map(uint64_t operations)
{
	uint64_t frame = sys_frame_alloc(ROOT_MEMORY).value;
	uint64_t start = instructions();

	for (uint64_t i = 0; i < operations; i++) {
		(void)sys_space_map(ROOT_MEMORY, child, KT_AREA, frame, RW, 0);
		(void)sys_space_unmap(ROOT_MEMORY, child, KT_AREA, 1);
	}
	start = instructions() - start;
	kt_must(sys_frame_free(ROOT_MEMORY, frame), "frame_free");
	return start;
}

static uint64_t
run_create(uint64_t operations)
{
	uint64_t start = instructions();

	for (uint64_t i = 0; i < operations; i++) {
		objname_t space = kt_create(KIND_SPACE, TAG, 0);
		objname_t thread = kt_create(KIND_THREAD, space, 0);

		kt_destroy(thread);
		kt_destroy(space);
	}
	return instructions() - start;
}

static uint64_t
run_clone(uint64_t operations)
{
	uint64_t sum = 0;

	for (uint64_t i = 0; i < operations; i++) {
		objname_t copied = kt_create(KIND_SPACE, TAG, TABLES);
		uint64_t start;

		for (vaddr_t va = KT_AREA; va < AREA_END; va += PAGE_SIZE)
			kt_map(child, va, RW);
		start = instructions();
		kt_clone(copied, child);
		sum += instructions() - start;
		kt_destroy(copied);
		kt_must(sys_space_unmap(ROOT_MEMORY, child, KT_AREA, PAGES),
		    "unmap");
	}
	return sum;
}

static const struct bench benches[] = {
    {"IPC round trip, 0 words", 2000, run_ipc_0},
    {"IPC round trip, 4 words", 2000, run_ipc_4},
    {"IPC round trip, 6 words", 2000, run_ipc_6},
    {"yield to nobody", 2000, run_call},
    {"page fault, pager answers", 500, run_fault_empty},
    {"page fault, pager maps", PAGES, run_fault_map},
    {"page fault, pager maps zeros", PAGES, run_fault_zero},
    {"write after clone, pager copies", PAGES, run_cow_copy},
    {"write after clone, last user", PAGES, run_cow_upgrade},
    {"map and unmap a page", 500, run_map},
    {"create and destroy space, thread", 200, run_create},
    {"clone a space of 64 pages", 20, run_clone},
};

/* Tenths of instructions an operation. */
static void
put_tenths(const char *label, uint64_t count, uint64_t operations)
{
	uint64_t tenths = (count * 10 + operations / 2) / operations;

	kt_put(label);
	kt_put_number(tenths / 10);
	kt_put(".");
	kt_put_number(tenths % 10);
}

static void
sort(uint64_t *values, unsigned int n)
{
	for (unsigned int i = 1; i < n; i++) {
		uint64_t value = values[i];
		unsigned int j = i;

		for (; j > 0 && values[j - 1] > value; j--)
			values[j] = values[j - 1];
		values[j] = value;
	}
}

static void
bench_run(const struct bench *bench)
{
	uint64_t counts[BATCHES];

	(void)bench->run(bench->operations);
	for (unsigned int i = 0; i < BATCHES; i++)
		counts[i] = bench->run(bench->operations);
	sort(counts, BATCHES);
	kt_put("R ");
	kt_put(bench->name);
	kt_put(" n=");
	kt_put_number(bench->operations);
	kt_put(" b=");
	kt_put_number(BATCHES);
	put_tenths(" min=", counts[0], bench->operations);
	put_tenths(" med=", counts[BATCHES / 2], bench->operations);
	put_tenths(" max=", counts[BATCHES - 1], bench->operations);
	kt_put("\n");
}

void
main(const struct boot_info *info)
{
	kt_info = info;
	kt_marker();
	/* Helpers that finish are heard where their faults are. */
	(void)kt_endpoint(KT_DONE, ENDPOINT_SPACE);
	kt_must(sys_cap_copy(ROOT_CSPACE, PAGER, KT_DONE, RIGHT_ALL, 0),
	    "cap_copy");
	(void)kt_endpoint(ENDPOINT, ENDPOINT_THREAD);
	server_space = kt_space(TAG + 1);
	server = kt_thread(server_space, serve, 0, 0);
	kt_configure(server, THREAD_PRIORITY, SERVER_PRIORITY);
	kt_start(server);
	child = kt_space(TAG);
	for (size_t i = 0; i < KT_LENGTH(benches); i++)
		bench_run(&benches[i]);
	(void)sys_system_power(ROOT_SYSTEM, POWER_OFF, 0);
}

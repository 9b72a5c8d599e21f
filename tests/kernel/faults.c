/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * faults.c - page faults and exceptions arrive as messages.
 */
#include "kt.h"

#define ENDPOINT KT_SLOT
#define EXCEPTIONS (KT_SLOT + 1)
#define NEXT (KT_SLOT + 2)
#define TAG 55
#define IDENTITY 0 /* its stack */
#define CAUSE_ILLEGAL 2
#define CAUSE_BREAKPOINT 3
#define CAUSE_LOAD_PAGE_FAULT 13

static const uint64_t none[MSG_WORDS];
static volatile uint64_t value;

static void
load(uint64_t va)
{
	value = *(volatile uint64_t *)va;
	kt_finish();
}

static void
store(uint64_t va)
{
	*(volatile uint64_t *)va = 0x1111;
	kt_finish();
}

static void
jump(uint64_t va)
{
	((void (*)(void))va)();
	kt_finish();
}

static void
break_here(uint64_t unused)
{
	(void)unused;
	__asm__ volatile("ebreak");
	kt_finish();
}

static void
wreck(uint64_t unused)
{
	(void)unused;
	/* Only the kernel may look at this. */
	__asm__ volatile("csrr t0, sstatus" : : : "t0");
	kt_finish();
}

/* A thread that is about to fault, and the message that comes of it. */
static objname_t
begin(
    objname_t space, void (*entry)(uint64_t), uint64_t va, struct ipc_msg *msg)
{
	objname_t thread = kt_thread(space, entry, va, IDENTITY);

	kt_configure(thread, THREAD_FAULT_ENDPOINT, ENDPOINT);
	kt_configure(thread, THREAD_EXCEPTION_ENDPOINT, EXCEPTIONS);
	kt_start(thread);
	if (msg != NULL)
		ipc_recv(ENDPOINT, RECV_WAIT, msg);
	return thread;
}

static bool
is_fault(const struct ipc_msg *msg, vaddr_t va, uint64_t access)
{
	return msg->info == MSG_INFO(MSG_FAULT, 4) && msg->sender == TAG &&
	       msg->kind == SENDER_KERNEL_SPACE && msg->words[0] == va &&
	       msg->words[1] == access;
}

/* One access that the pager does not permit: it is told, with the entry. */
static void
check_fault(objname_t space, void (*entry)(uint64_t), vaddr_t va,
    uint64_t access, const char *claim)
{
	struct ipc_msg msg;
	objname_t thread = begin(space, entry, va, &msg);
	uint64_t found = 0;

	if (va < USER_TOP)
		found = sys_space_query(ROOT_MEMORY, space, va).value;
	kt_ok(is_fault(&msg, va, access) && msg.words[3] == found, claim);
	kt_destroy(thread);
}

static void
test_kinds(objname_t space)
{
	check_fault(space, load, KT_NOWHERE, ACCESS_READ, "a load of nothing");
	check_fault(space, store, KT_NOWHERE, ACCESS_WRITE, "a store to it");
	check_fault(space, jump, KT_NOWHERE, ACCESS_EXEC, "a jump to it");
	kt_map(space, KT_AREA, MAP_PAGE_READ);
	check_fault(space, store, KT_AREA + 8, ACCESS_WRITE,
	    "a store to what may only be read");
	check_fault(space, jump, KT_AREA, ACCESS_EXEC, "a jump into data");
	kt_must(sys_space_protect(ROOT_MEMORY, space, KT_AREA, 1, 0),
	    "space_protect");
	check_fault(space, load, KT_AREA, ACCESS_READ, "a load of PROT_NONE");
	check_fault(space, load, KT_KERNEL_ADDRESS, ACCESS_READ,
	    "a load from the kernel's memory");
	check_fault(
	    space, store, KT_KERNEL_ADDRESS, ACCESS_WRITE, "a store to it");
	check_fault(space, load, ~7ul, ACCESS_READ, "a load at the top of all");
	check_fault(
	    space, load, USER_TOP - 8, ACCESS_READ, "a load at the user's top");
}

static uint64_t
fault_map(token_t token, cap_t auth, uint64_t source, uint64_t flags)
{
	struct ipc_msg msg;

	ipc_fault_map(auth, 0, token, source, flags, &msg);
	return msg.sender;
}

#define RW_ZERO (MAP_PAGE_READ | MAP_PAGE_WRITE | MAP_PAGE_ZERO)

static void
test_mapping(objname_t space)
{
	struct ipc_msg msg;
	vaddr_t va = KT_AREA + PAGE_SIZE;
	objname_t thread = begin(space, load, va + 16, &msg);

	value = 1;
	kt_equal(fault_map(msg.token, ENDPOINT, 0, RW_ZERO), TINE_EBADF,
	    "only the owner maps at a fault");
	kt_equal(
	    fault_map(msg.token, ROOT_MEMORY, 0, MAP_PAGE_PROT | MAP_PAGE_ZERO),
	    TINE_EINVAL, "and nothing that space_map refuses");
	kt_equal(fault_map(msg.token, ROOT_MEMORY, kt_info->frames, RW_ZERO), 0,
	    "a page of zeros needs no source");
	(void)kt_wait();
	kt_equal(value, 0, "the load that faulted sees it");
	kt_equal(fault_map(msg.token, ROOT_MEMORY, 0, RW_ZERO), TINE_ESTALE,
	    "a fault is answered once");
	kt_destroy(thread);
	va += PAGE_SIZE;
	thread = begin(space, load, va, &msg);
	kt_map(space, va, MAP_PAGE_READ);
	kt_equal(fault_map(msg.token, ROOT_MEMORY, 0, RW_ZERO), TINE_ECHANGED,
	    "an entry that changed since is not overwritten");
	kt_equal(ipc_reply(msg.token, MSG_INFO(0, 0), none), 0,
	    "an empty reply lets the thread try again");
	(void)kt_wait();
	kt_destroy(thread);
}

/* The thread faults again when nothing was done about it. */
static void
test_retry(objname_t space)
{
	struct ipc_msg msg, again;
	objname_t thread = begin(space, store, KT_NOWHERE, &msg);

	kt_equal(ipc_reply(msg.token, MSG_INFO(1, 1), none), 0,
	    "a reply is no mapping");
	ipc_recv(ENDPOINT, RECV_WAIT, &again);
	kt_ok(is_fault(&again, KT_NOWHERE, ACCESS_WRITE) &&
		  again.token > msg.token,
	    "the fault comes again, under a new token");
	kt_destroy(thread);
	thread = begin(space, store, KT_NOWHERE, &msg);
	ipc_fault_map(ROOT_MEMORY, KT_DONE, msg.token, 0, RW_ZERO, &again);
	kt_ok(again.kind == SENDER_THREAD && again.sender == IDENTITY,
	    "fault_map can receive in the same call");
	kt_destroy(thread);
	kt_must(
	    sys_space_unmap(ROOT_MEMORY, space, KT_NOWHERE, 1), "space_unmap");
}

/* A fault becomes another server's request: how a SIGSEGV is made. */
static void
test_forward(objname_t space)
{
	const uint64_t words[MSG_WORDS] = {11, 1};
	objname_t next = kt_endpoint(NEXT, ENDPOINT_THREAD);
	struct ipc_msg msg, heard;
	objname_t thread = begin(space, load, KT_NOWHERE, &msg);

	kt_equal(ipc_forward(NEXT, msg.token, MSG_INFO(13, 2), words), 0,
	    "a fault can be forwarded");
	ipc_recv(NEXT, RECV_WAIT, &heard);
	kt_ok(heard.info == MSG_INFO(13, 2) && heard.words[0] == 11 &&
		  heard.sender == IDENTITY &&
		  (heard.kind & SENDER_FORWARDED) != 0,
	    "as a request of the forwarder's choice");
	kt_equal(fault_map(msg.token, ROOT_MEMORY, 0, RW_ZERO), TINE_ESTALE,
	    "it is not the pager's any more");
	kt_destroy(thread);
	kt_destroy(next);
	kt_must(sys_cap_delete(ROOT_CSPACE, NEXT), "cap_delete");
}

static void
check_exception(
    void (*entry)(uint64_t), uint64_t va, uint64_t cause, const char *claim)
{
	struct ipc_msg msg;
	objname_t thread = begin(kt_info->space, entry, va, NULL);

	ipc_recv(EXCEPTIONS, RECV_WAIT, &msg);
	kt_ok(msg.info == MSG_INFO(MSG_EXCEPTION, 3) &&
		  msg.kind == SENDER_KERNEL_THREAD && msg.sender == IDENTITY &&
		  msg.words[0] == cause,
	    claim);
	kt_equal(fault_map(msg.token, ROOT_MEMORY, 0, RW_ZERO), TINE_EINVAL,
	    "which no mapping answers");
	kt_destroy(thread);
}

/* Without a pager a page fault is an exception; without that, the end. */
static void
test_without_pager(objname_t space)
{
	objname_t thread = begin(space, load, KT_NOWHERE, NULL);
	static struct regs regs;
	struct ipc_msg msg;

	ipc_recv(ENDPOINT, RECV_WAIT, &msg);
	kt_configure(thread, THREAD_FAULT_ENDPOINT, 0);
	(void)ipc_reply(msg.token, MSG_INFO(0, 0), none);
	ipc_recv(EXCEPTIONS, RECV_WAIT, &msg);
	kt_ok(
	    msg.words[0] == CAUSE_LOAD_PAGE_FAULT && msg.words[1] == KT_NOWHERE,
	    "a fault without a pager is an exception");
	kt_configure(thread, THREAD_EXCEPTION_ENDPOINT, 0);
	(void)ipc_reply(msg.token, MSG_INFO(0, 0), none);
	kt_let_others_run();
	kt_equal(sys_thread_read(ROOT_MEMORY, thread, &regs).error, 0,
	    "one that nobody hears stops the thread");
	kt_destroy(thread);
}

void
test_faults(void)
{
	objname_t endpoint = kt_endpoint(ENDPOINT, ENDPOINT_SPACE);
	objname_t exceptions = kt_endpoint(EXCEPTIONS, ENDPOINT_THREAD);
	objname_t space = kt_space(TAG);

	test_kinds(space);
	test_mapping(space);
	test_retry(space);
	test_forward(space);
	check_exception(break_here, 0, CAUSE_BREAKPOINT, "a breakpoint");
	check_exception(wreck, 0, CAUSE_ILLEGAL, "a privileged instruction");
	test_without_pager(space);
	kt_destroy(space);
	kt_destroy(exceptions);
	kt_destroy(endpoint);
	kt_must(sys_cap_delete(ROOT_CSPACE, ENDPOINT), "cap_delete");
	kt_must(sys_cap_delete(ROOT_CSPACE, EXCEPTIONS), "cap_delete");
}

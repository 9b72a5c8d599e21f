/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * capabilities.c - what capabilities allow, and what is impossible without.
 */
#include "kt.h"

#define ENDPOINT KT_SLOT
#define SEND (KT_SLOT + 1)
#define CSPACE (KT_SLOT + 2)
#define STEWARD (KT_SLOT + 3)
#define FUZZ_ROUNDS 40

/* A small generator, so that a run can be repeated: xorshift. */
static uint64_t
random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Numbers that are likely to mean something, if anything does. */
static uint64_t
random_argument(uint64_t *state)
{
	const uint64_t likely[] = {0, 1, 2, 3, 4, 8, CSPACE_SLOTS - 1,
	    PAGE_SIZE, USER_TOP, KT_KERNEL_ADDRESS, kt_info->thread,
	    kt_info->space, ROOT_BASE, ~0ul};
	uint64_t n = random_next(state);

	return n % 16 < KT_LENGTH(likely) ? likely[n % 16] : random_next(state);
}

static volatile uint64_t refused, allowed;

/* All numbers but yield, which everyone may, with all kinds of arguments. */
static void
call_everything(uint64_t seed)
{
	uint64_t state = seed;

	for (uint64_t i = 0; i < FUZZ_ROUNDS * (SYS_COUNT + 4); i++) {
		struct kt_call call;

		for (size_t j = 0; j < KT_LENGTH(call.a); j++)
			call.a[j] = random_argument(&state);
		for (size_t j = 0; j < KT_LENGTH(call.t); j++)
			call.t[j] = random_argument(&state);
		call.a[7] = i % (SYS_COUNT + 4);
		/* Own memory may be copied, and these two need no right. */
		if (call.a[7] == SYS_yield || call.a[7] == SYS_copy)
			continue;
		kt_ecall(&call);
		if (call.a[0] == 0)
			allowed = call.a[7] + 1;
		else
			refused++;
	}
}

static void
powerless(uint64_t cspace)
{
	objname_t thread;
	struct ipc_msg msg = {};

	refused = allowed = 0;
	thread =
	    kt_thread(kt_info->space, call_everything, 0x9e3779b97f4a7c15ul, 0);
	kt_configure(thread, THREAD_CSPACE, cspace);
	kt_configure(thread, THREAD_EXCEPTION_ENDPOINT, KT_DONE);
	kt_start(thread);
	/* It ends by returning to address 0: a page fault without a pager. */
	ipc_recv(KT_DONE, RECV_WAIT, &msg);
	kt_equal(MSG_LABEL(msg.info), MSG_EXCEPTION, "the thread came through");
	kt_equal(allowed, 0, "no call is allowed");
	kt_ok(refused > FUZZ_ROUNDS * SYS_COUNT / 2, "all are refused");
	kt_destroy(thread);
}

void
test_powerless(void)
{
	objname_t cspace = kt_create(KIND_CSPACE, 0, 0);

	kt_must(sys_cap_name(
		    ROOT_MEMORY, ROOT_CSPACE, CSPACE, cspace, RIGHT_EDIT, 0),
	    "cap_name");
	powerless(CSPACE);
	kt_destroy(cspace);
}

static void
test_staleness(void)
{
	objname_t first = kt_endpoint(ENDPOINT, ENDPOINT_THREAD);
	objname_t second;
	struct ipc_msg msg = {};

	kt_must(sys_cap_copy(ROOT_CSPACE, SEND, ENDPOINT, RIGHT_SEND, 0),
	    "cap_copy");
	kt_destroy(first);
	second = kt_create(KIND_ENDPOINT, ENDPOINT_THREAD, 0);
	kt_equal(second & NAME_FRAME_MASK, first & NAME_FRAME_MASK,
	    "a freed frame is used again");
	kt_ok(second > first, "under a later name");
	kt_equal(ipc_call(SEND, &msg), TINE_ESTALE,
	    "a copied capability to the old object is stale");
	kt_equal(sys_destroy(ROOT_MEMORY, first).error, TINE_ESTALE,
	    "and so is the old name");
	kt_destroy(second);
}

static void
test_narrowing(void)
{
	objname_t endpoint = kt_endpoint(ENDPOINT, ENDPOINT_THREAD);
	struct ipc_msg msg = {};

	kt_must(sys_cap_copy(ROOT_CSPACE, SEND, ENDPOINT, RIGHT_ALL, 0),
	    "cap_copy");
	ipc_recv(SEND, RECV_POLL, &msg);
	kt_equal(msg.sender, TINE_EAGAIN, "a full copy can do all");
	kt_must(
	    sys_cap_copy(ROOT_CSPACE, SEND, SEND, RIGHT_SEND, 0), "cap_copy");
	ipc_recv(SEND, RECV_POLL, &msg);
	kt_equal(msg.sender, TINE_EBADF, "a copy over itself loses rights");
	kt_equal(sys_cap_copy(ROOT_CSPACE, SEND, SEND, RIGHT_RECEIVE, 0).error,
	    TINE_EINVAL, "and can't get them back");
	kt_equal(ipc_send(SEND, &msg), TINE_EAGAIN, "a failed copy keeps it");
	kt_must(sys_cap_delete(ROOT_CSPACE, SEND), "cap_delete");
	kt_equal(ipc_send(SEND, &msg), TINE_EBADF, "a deleted one is gone");
	kt_must(sys_cap_delete(ROOT_CSPACE, SEND), "cap_delete");
	kt_ok(true, "deleting from an empty slot does nothing");
	kt_destroy(endpoint);
}

/* A steward runs threads, but owns nothing. */
static void
test_stewardship(void)
{
	objname_t space = kt_create(KIND_SPACE, 1, 0);
	objname_t thread = kt_create(KIND_THREAD, space, 0);
	static struct regs regs;

	kt_must(
	    sys_cap_copy(ROOT_CSPACE, STEWARD, ROOT_MEMORY, RIGHT_STEWARD, 0),
	    "cap_copy");
	kt_equal(sys_thread_read(STEWARD, thread, &regs).error, 0,
	    "a steward reads registers");
	kt_equal(sys_thread_write(STEWARD, thread, &regs).error, 0,
	    "and writes them");
	kt_equal(sys_thread_stop(STEWARD, thread).error, 0, "stops a thread");
	kt_equal(
	    sys_thread_configure(STEWARD, thread, THREAD_IDENTITY, 1).error,
	    TINE_EBADF, "but never sets its identity");
	kt_equal(sys_space_query(STEWARD, space, 0).error, TINE_EBADF,
	    "and sees no memory");
	kt_destroy(thread);
	kt_destroy(space);
	kt_must(sys_cap_delete(ROOT_CSPACE, STEWARD), "cap_delete");
}

/* What others refer to can't be destroyed under them. */
static void
test_references(void)
{
	objname_t cspace = kt_create(KIND_CSPACE, 0, 0);
	objname_t space = kt_create(KIND_SPACE, 1, 0);
	objname_t thread = kt_create(KIND_THREAD, space, 0);

	kt_must(sys_cap_name(
		    ROOT_MEMORY, ROOT_CSPACE, CSPACE, cspace, RIGHT_EDIT, 0),
	    "cap_name");
	kt_configure(thread, THREAD_CSPACE, CSPACE);
	kt_equal(sys_destroy(ROOT_MEMORY, cspace).error, TINE_EBUSY,
	    "a capability space in use stays");
	kt_equal(sys_destroy(ROOT_MEMORY, space).error, TINE_EBUSY,
	    "an address space with a thread stays");
	kt_destroy(thread);
	kt_destroy(space);
	kt_destroy(cspace);
	kt_equal(sys_cap_delete(CSPACE, 0).error, TINE_ESTALE,
	    "without its thread it goes");
	kt_must(sys_cap_delete(ROOT_CSPACE, CSPACE), "cap_delete");
}

/* Promise a space all frames that are free and not promised yet, but one. */
static void
feed_all_but_one(objname_t space)
{
	for (int64_t n = (int64_t)1 << 24; n > 0; n /= 2) {
		while (sys_space_feed(ROOT_MEMORY, space, n).error == 0)
			continue;
	}
	kt_must(sys_space_feed(ROOT_MEMORY, space, -1), "space_feed");
}

/* The free list is empty when all of it is promised. */
static void
test_exhaustion(void)
{
	objname_t space = kt_create(KIND_SPACE, 1, 0);
	uint64_t frames = kt_stat(STAT_FREE_FRAMES);
	objname_t last;

	feed_all_but_one(space);
	kt_equal(sys_space_feed(ROOT_MEMORY, space, 2).error, TINE_ENOMEM,
	    "more than all memory can't be fed");
	last = kt_create(KIND_ENDPOINT, 0, 0);
	kt_equal(sys_create(ROOT_MEMORY, KIND_ENDPOINT, 0, 0).error,
	    TINE_ENOMEM, "no frame, no endpoint");
	kt_equal(sys_create(ROOT_MEMORY, KIND_THREAD, space, 0).error,
	    TINE_ENOMEM, "no thread");
	kt_equal(sys_create(ROOT_MEMORY, KIND_SPACE, 1, 0).error, TINE_ENOMEM,
	    "no space");
	kt_equal(sys_create(ROOT_MEMORY, KIND_SPACE, 1, 1).error, TINE_ENOMEM,
	    "and no pool for one");
	kt_equal(sys_frame_alloc(ROOT_MEMORY).error, TINE_ENOMEM,
	    "no frame to hold");
	kt_equal(sys_space_map(ROOT_MEMORY, space, KT_AREA, 0,
		     MAP_PAGE_READ | MAP_PAGE_ZERO, 0)
		     .error,
	    TINE_ENOMEM, "no page");
	kt_destroy(last);
	kt_destroy(kt_create(KIND_ENDPOINT, 0, 0));
	kt_ok(true, "a frame that came back can be had again");
	kt_destroy(space);
	kt_equal(kt_stat(STAT_FREE_FRAMES), frames + 1,
	    "a space gives its pool back");
}

void
test_capabilities(void)
{
	test_staleness();
	test_narrowing();
	test_stewardship();
	test_references();
	test_exhaustion();
}

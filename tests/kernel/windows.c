/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * windows.c - copying from and to the memory that a caller offered.
 *
 * A caller's space is its own here, with one page at KT_AREA of each kind,
 * so the root task can't be mistaken for it.
 */
#include "kt.h"

#define ENDPOINT KT_SLOT
#define TAG 91
#define SECOND_TAG 92
#define WINDOW_SIZE 64
/* Pages of a caller's: one to write, one to read, then nothing. */
#define WRITABLE KT_AREA
#define READABLE (KT_AREA + PAGE_SIZE)
#define MISSING (KT_AREA + 2 * PAGE_SIZE)

struct offer {
	uint64_t base, size, access;
};

static struct offer offers[2];
static uint64_t own[8] __attribute__((aligned(64)));

static void
offer_window(uint64_t i)
{
	struct ipc_msg msg = {
	    .info = MSG_INFO(1, 0) | offers[i].access,
	    .window = offers[i].base,
	    .window_size = offers[i].size,
	};

	(void)ipc_call(ENDPOINT, &msg);
	kt_finish();
}

/* Two callers in two spaces. */
static objname_t space[2], thread[2];

static token_t
begin(unsigned int i, uint64_t base, uint64_t size, uint64_t access)
{
	struct ipc_msg msg;

	offers[i] = (struct offer){base, size, access};
	thread[i] = kt_thread(space[i], offer_window, i, i);
	kt_start(thread[i]);
	ipc_recv(ENDPOINT, RECV_WAIT, &msg);
	return msg.token;
}

static void
end(unsigned int i)
{
	kt_destroy(thread[i]);
}

/* The error of one attempt to copy n bytes from offset of a window. */
static uint64_t
copy_in(const struct offer *o, uint64_t offset, uint64_t n)
{
	token_t token = begin(0, o->base, o->size, o->access);
	uint64_t error = sys_copy(0, (uintptr_t)own, token, offset, n).error;

	end(0);
	return error;
}

static uint64_t
copy_out(const struct offer *o, uint64_t offset, uint64_t n)
{
	token_t token = begin(0, o->base, o->size, o->access);
	uint64_t error = sys_copy(token, offset, 0, (uintptr_t)own, n).error;

	end(0);
	return error;
}

static void
test_contents(void)
{
	token_t token = begin(
	    0, WRITABLE + 8, WINDOW_SIZE, MSG_WINDOW_READ | MSG_WINDOW_WRITE);

	kt_poke(space[0], WRITABLE + 24, 4711);
	kt_equal(sys_copy(0, (uintptr_t)own, token, 16, 8).value, 8,
	    "a copy says how much it copied");
	kt_equal(own[0], 4711, "what the window has comes in");
	own[0] = 815;
	kt_equal(sys_copy(token, 0, 0, (uintptr_t)own, 8).error, 0,
	    "and what goes out");
	kt_equal(kt_peek(space[0], WRITABLE + 8), 815, "is in the window");
	kt_equal(sys_copy(token, WINDOW_SIZE, 0, (uintptr_t)own, 0).error, 0,
	    "nothing can be copied to the end");
	end(0);
	kt_equal(sys_copy(token, 0, 0, (uintptr_t)own, 8).error, TINE_ESTALE,
	    "no window without its caller");
}

static void
test_bounds(void)
{
	const struct offer rw = {
	    WRITABLE, WINDOW_SIZE, MSG_WINDOW_READ | MSG_WINDOW_WRITE};
	const struct offer none = {WRITABLE, WINDOW_SIZE, 0};
	const struct offer in = {WRITABLE, WINDOW_SIZE, MSG_WINDOW_READ};
	const struct offer out = {WRITABLE, WINDOW_SIZE, MSG_WINDOW_WRITE};
	const struct offer all = {0, ~0ul, MSG_WINDOW_READ | MSG_WINDOW_WRITE};
	const struct offer high = {
	    KT_KERNEL_ADDRESS, PAGE_SIZE, MSG_WINDOW_READ | MSG_WINDOW_WRITE};
	const struct offer wrap = {
	    ~7ul, PAGE_SIZE, MSG_WINDOW_READ | MSG_WINDOW_WRITE};

	kt_equal(copy_in(&rw, WINDOW_SIZE, 1), TINE_EFAULT, "past the end");
	kt_equal(copy_in(&rw, 0, WINDOW_SIZE + 1), TINE_EFAULT, "too long");
	kt_equal(copy_in(&rw, ~0ul, 2), TINE_EFAULT, "an offset that wraps");
	kt_equal(copy_in(&rw, 8, ~0ul), TINE_EFAULT, "an absurd length");
	kt_equal(copy_in(&none, 0, 8), TINE_EFAULT, "not offered for reading");
	kt_equal(copy_out(&none, 0, 8), TINE_EFAULT, "nor for writing");
	kt_equal(copy_in(&out, 0, 8), TINE_EFAULT, "for writing only");
	kt_equal(copy_out(&in, 0, 8), TINE_EFAULT, "for reading only");
	kt_equal(copy_in(&high, 0, 8), TINE_EFAULT, "a window on the kernel");
	kt_equal(copy_out(&high, 0, 8), TINE_EFAULT, "to be written to");
	kt_equal(copy_in(&wrap, 0, 8), TINE_EFAULT, "at the top of all");
	kt_equal(copy_in(&wrap, 16, 8), TINE_EFAULT, "and round it");
	kt_equal(copy_in(&all, KT_KERNEL_ADDRESS, 8), TINE_EFAULT,
	    "a window on everything has no kernel in it");
	kt_equal(copy_in(&all, WRITABLE, 8), 0, "but all that is the user's");
}

/* A page that is not there is named, for vmsrv to bring it in. */
static void
test_missing(void)
{
	token_t token = begin(
	    0, READABLE, 2 * PAGE_SIZE, MSG_WINDOW_READ | MSG_WINDOW_WRITE);
	struct sysret ret;

	ret = sys_copy(0, (uintptr_t)own, token, PAGE_SIZE - 8, 16);
	kt_ok(ret.error == 0 && ret.value == 8, "a copy ends with its page");
	ret = sys_copy(0, (uintptr_t)own, token, PAGE_SIZE, 8);
	kt_equal(ret.error, TINE_EFAULT, "a missing page stops it");
	kt_equal(ret.value, 0, "before anything is copied");
	kt_equal(ret.value2, TAG, "it says in which space");
	kt_equal(ret.value3, MISSING | ACCESS_READ, "at which page, and how");
	ret = sys_copy(token, 0, 0, (uintptr_t)own, 8);
	kt_equal(ret.error, TINE_EFAULT, "a page without W isn't written to");
	kt_equal(ret.value3, READABLE | ACCESS_WRITE, "and that is told too");
	ret = sys_copy(token, PAGE_SIZE, 0, KT_NOWHERE, 8);
	kt_ok(ret.error == TINE_EFAULT && ret.value2 == 0 &&
		  ret.value3 == (KT_NOWHERE | ACCESS_READ),
	    "one's own missing page is told as such");
	end(0);
}

static void
test_two_windows(void)
{
	token_t from = begin(0, WRITABLE, WINDOW_SIZE, MSG_WINDOW_READ);
	token_t to = begin(1, WRITABLE, WINDOW_SIZE, MSG_WINDOW_WRITE);

	kt_poke(space[0], WRITABLE, 99);
	kt_poke(space[1], WRITABLE, 0);
	kt_equal(
	    sys_copy(to, 0, from, 0, 8).error, 0, "from one window to another");
	kt_equal(kt_peek(space[1], WRITABLE), 99, "a copy goes directly");
	kt_equal(sys_copy(from, 0, to, 0, 8).error, TINE_EFAULT,
	    "but not against what was offered");
	end(0);
	end(1);
}

/* A write to a window goes to a copy, if the page is shared on write. */
static void
test_written_in_place(void)
{
	objname_t child = kt_create(KIND_SPACE, 7, 24);
	struct sysret ret;
	token_t token;

	kt_poke(space[0], WRITABLE, 1);
	kt_clone(child, space[0]);
	own[0] = 2;
	token = begin(0, WRITABLE, WINDOW_SIZE, MSG_WINDOW_WRITE);
	ret = sys_copy(token, 0, 0, (uintptr_t)own, 8);
	kt_ok(
	    ret.error == TINE_EFAULT && ret.value3 == (WRITABLE | ACCESS_WRITE),
	    "a page with two users is the pager's to copy");
	kt_equal(kt_peek(child, WRITABLE), 1, "and the other's is left alone");
	kt_destroy(child);
	ret = sys_copy(token, 0, 0, (uintptr_t)own, 8);
	kt_equal(ret.error, 0, "a last user's page is written in place");
	kt_equal(kt_peek(space[0], WRITABLE), 2, "once it is the last");
	end(0);
}

void
test_windows(void)
{
	objname_t endpoint = kt_endpoint(ENDPOINT, ENDPOINT_THREAD);

	space[0] = kt_space(TAG);
	space[1] = kt_space(SECOND_TAG);
	for (unsigned int i = 0; i < 2; i++) {
		kt_map(space[i], WRITABLE, MAP_PAGE_READ | MAP_PAGE_WRITE);
		kt_map(space[i], READABLE, MAP_PAGE_READ);
	}
	test_contents();
	test_bounds();
	test_missing();
	test_two_windows();
	test_written_in_place();
	kt_destroy(space[0]);
	kt_destroy(space[1]);
	kt_destroy(endpoint);
	kt_must(sys_cap_delete(ROOT_CSPACE, ENDPOINT), "cap_delete");
}

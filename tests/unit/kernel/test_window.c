/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_window.c - windows: memory that a caller lends with a call.
 */
#include "world.h"

#define RW (MAP_PAGE_READ | MAP_PAGE_WRITE)
#define VA 0x40000ul
#define SERVER 20
#define CLIENT 10

static struct space *space;
/* Both have two pages RW, a hole, one page R, one RW at VA. */
static struct thread *server;
static struct thread *client;

static void
map_pages(objname_t to)
{
	static const uint64_t flags[] = {RW, RW, 0, MAP_PAGE_READ, RW};

	for (uint64_t i = 0; i < 5; i++) {
		if (flags[i] != 0)
			ASSERT_CALL(space_map, W_MEMORY, to, VA + i * PAGE_SIZE,
			    0, flags[i] | MAP_PAGE_ZERO, 0);
	}
}

static objname_t
space_name(const struct space *of)
{
	return frame_name(frame_of(dmap_address(of)));
}

static int
start(void **state)
{
	(void)world_start(state);
	server = world_thread(1, SERVER);
	client = world_thread(2, CLIENT);
	space = client->space;
	map_pages(space_name(space));
	map_pages(space_name(server->space));
	return 0;
}

static uint8_t *
page(const struct space *of, vaddr_t va)
{
	return world_page(pte_frame(world_entry(of, va)));
}

static void
fill(uint8_t *bytes)
{
	for (unsigned int i = 0; i < PAGE_SIZE; i++)
		bytes[i] = (uint8_t)(i * 7 + (i >> 8));
}

/* The client's call with a window, received: its token. */
static token_t
window(vaddr_t base, uint64_t size, uint64_t rights)
{
	(void)IPC_BY(server, recv, .slot = W_ENDPOINT);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT,
	    .info = MSG_INFO(1, 0) | rights, .t1 = base, .t2 = size);
	world_run(server);
	return client->token;
}

#define COPY(...) CALL_BY(server, copy, __VA_ARGS__)

static void
a_window_is_read_and_written_as_its_rights_say(void **state)
{
	static const uint64_t rights[] = {
	    0, MSG_WINDOW_READ, MSG_WINDOW_WRITE, MSG_WINDOW_MASK};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		token_t token = window(VA + 16, 100, rights[i]);
		bool may_read = (rights[i] & MSG_WINDOW_READ) != 0;
		bool may_write = (rights[i] & MSG_WINDOW_WRITE) != 0;

		page(space, VA)[16 + 8] = 5;
		page(server->space, VA)[0] = 6;
		assert_int_equal(
		    COPY(0, VA + 1, token, 8, 1), may_read ? 0 : TINE_EFAULT);
		assert_int_equal(
		    COPY(token, 9, 0, VA, 1), may_write ? 0 : TINE_EFAULT);
		assert_int_equal(page(server->space, VA)[1], may_read ? 5 : 0);
		assert_int_equal(page(space, VA)[16 + 9], may_write ? 6 : 0);
		memset(page(space, VA), 0, PAGE_SIZE);
		memset(page(server->space, VA), 0, PAGE_SIZE);
		(void)IPC_BY(server, reply, .t1 = token);
	}
}

static void
nothing_outside_a_window_is_reached(void **state)
{
	static const struct {
		uint64_t at, length;
	} bad[] = {{100, 1}, {99, 2}, {0, 101}, {101, 0}, {~0ul, 1},
	    {1ul << 63, 1}, {50, ~0ul}, {~0ul - 10, 20}, {-VA, 8},
	    {-(VA + 16), 1}};
	token_t token = window(VA + 16, 100, MSG_WINDOW_MASK);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    COPY(0, VA, token, bad[i].at, bad[i].length), TINE_EFAULT);
		assert_int_equal(server->regs[REG_A1], 0);
		assert_int_equal(server->regs[REG_A3], USER_TOP);
		assert_int_equal(
		    COPY(token, bad[i].at, 0, VA, bad[i].length), TINE_EFAULT);
	}
	assert_int_equal(COPY(0, VA, token, 99, 1), 0);
	assert_int_equal(COPY(0, VA, token, 100, 0), 0);
}

static void
a_window_that_is_no_user_memory_is_useless(void **state)
{
	static const struct {
		vaddr_t base;
		uint64_t size;
	} bad[] = {{0xffffffc000000000ul, ~0ul}, {~0ul, ~0ul},
	    {USER_TOP, PAGE_SIZE}, {USER_TOP - 4, 100}, {1ul << 63, 1ul << 63}};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		token_t token =
		    window(bad[i].base, bad[i].size, MSG_WINDOW_MASK);

		assert_int_equal(COPY(0, VA, token, 0, 8), TINE_EFAULT);
		assert_int_equal(COPY(token, 0, 0, VA, 8), TINE_EFAULT);
		assert_int_equal(COPY(token, 4, 0, VA, 8), TINE_EFAULT);
		/* Nor does it wrap round to what is there. */
		assert_int_equal(
		    COPY(0, VA, token, VA - bad[i].base, 8), TINE_EFAULT);
		(void)IPC_BY(server, reply, .t1 = token);
	}
}

static void
what_a_window_lacks_is_told(void **state)
{
	token_t token =
	    window(VA + 2 * PAGE_SIZE, 2 * PAGE_SIZE, MSG_WINDOW_MASK);

	(void)state;
	assert_int_equal(COPY(0, VA, token, 5, 10), TINE_EFAULT);
	assert_int_equal(server->regs[REG_A2], space->tag.value);
	assert_int_equal(
	    server->regs[REG_A3], (VA + 2 * PAGE_SIZE) | ACCESS_READ);
	assert_int_equal(COPY(token, PAGE_SIZE, 0, VA, 10), TINE_EFAULT);
	assert_int_equal(
	    server->regs[REG_A3], (VA + 3 * PAGE_SIZE) | ACCESS_WRITE);
	/* Own memory that is missing is told the same way. */
	assert_int_equal(
	    COPY(0, VA + 2 * PAGE_SIZE, token, PAGE_SIZE, 10), TINE_EFAULT);
	assert_int_equal(server->regs[REG_A2], server->space->tag.value);
}

static void
two_windows_are_copied_between(void **state)
{
	struct thread *second = world_thread(3, CLIENT);
	token_t first;

	(void)state;
	map_pages(space_name(second->space));
	first = window(VA, 64, MSG_WINDOW_READ);
	(void)IPC_BY(server, recv, .slot = W_ENDPOINT);
	(void)IPC_BY(second, call, .slot = W_ENDPOINT, .info = MSG_WINDOW_WRITE,
	    .t1 = VA + 8, .t2 = 64);
	world_run(server);
	fill(page(space, VA));
	assert_int_equal(COPY(second->token, 0, first, 0, 64), 0);
	assert_memory_equal(page(second->space, VA) + 8, page(space, VA), 64);
	assert_int_equal(COPY(first, 0, second->token, 0, 64), TINE_EFAULT);
}

static void
a_window_closes_with_its_token(void **state)
{
	token_t token = window(VA, 64, MSG_WINDOW_MASK);

	(void)state;
	assert_int_equal(COPY(0, VA, token, 0, 1), 0);
	(void)IPC_BY(server, reply, .t1 = token);
	world_run(server);
	assert_int_equal(COPY(0, VA, token, 0, 1), TINE_ESTALE);
	assert_int_equal(COPY(token, 0, 0, VA, 1), TINE_ESTALE);
	/* Also when the caller is gone. */
	token = window(VA, 64, MSG_WINDOW_MASK);
	ASSERT_CALL(destroy, W_MEMORY, client->name);
	world_run(server);
	assert_int_equal(COPY(0, VA, token, 0, 1), TINE_ESTALE);
}

static void
a_window_stays_open_through_a_forward(void **state)
{
	struct thread *second = world_thread(3, SERVER);
	token_t token;

	(void)state;
	map_pages(space_name(second->space));
	(void)IPC_BY(second, recv, .slot = W_ENDPOINT2);
	token = window(VA, 64, MSG_WINDOW_READ);
	page(space, VA)[3] = 44;
	(void)IPC_BY(server, forward, .slot = W_ENDPOINT2, .t1 = token);
	world_run(server);
	assert_int_equal(COPY(0, VA, token, 0, 1), TINE_ESTALE);
	world_run(second);
	assert_int_equal(CALL_BY(second, copy, 0, VA, client->token, 3, 1), 0);
	assert_int_equal(page(second->space, VA)[0], 44);
}

#undef TEST
#define TEST(claim) cmocka_unit_test_setup_teardown(claim, start, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_window_is_read_and_written_as_its_rights_say),
	    TEST(nothing_outside_a_window_is_reached),
	    TEST(a_window_that_is_no_user_memory_is_useless),
	    TEST(what_a_window_lacks_is_told),
	    TEST(two_windows_are_copied_between),
	    TEST(a_window_closes_with_its_token),
	    TEST(a_window_stays_open_through_a_forward),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

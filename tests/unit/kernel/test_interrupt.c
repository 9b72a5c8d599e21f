/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_interrupt.c - interrupted threads, their ASTs, and signal frames.
 *
 * The server gets the client's calls, faults and ASTs at W_ENDPOINT.
 */
#include "pair.h"
#include "fake_arch.h"
#include "space_impl.h"
#include "ucopy.h"

#define STACK 0x40000ul
#define WINDOW 0x20000ul
#define DELIVERY W_DATA

/* What a thread can see of itself, for comparison. */
static struct regs
regs_of(struct thread *thread)
{
	struct regs regs;
	struct ucopy_span span = {.at = &regs.x[0], .rest = sizeof(regs) / 8};

	thread_put_regs(thread, &span);
	return regs;
}

/* Assert that the server, who has received, has the client's AST. */
static void
assert_ast(const struct thread *by)
{
	struct message got = world_message(by);

	assert_int_equal(MSG_LABEL(got.info), MSG_AST);
	assert_int_equal(got.t2, SENDER_KERNEL_THREAD);
	assert_int_equal(got.slot, 2);
	assert_int_equal(got.words[0], client->regs[REG_PC]);
	assert_int_equal(got.words[1], client->regs[REG_SP]);
	assert_int_equal(got.t1, client->token);
}

static void
interrupt(uint64_t holder)
{
	ASSERT_CALL(thread_interrupt, W_STEWARD, client->name);
	assert_int_equal(RESULT(1), holder);
	world_check();
}

static void
a_ready_thread_calls_before_it_runs_on(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 32; i++)
		client->regs[i] = 1000 + i * 2;
	pair_receive(server);
	interrupt(0);
	assert_int_equal(client->state, THREAD_AWAITING);
	assert_ast(server);
	(void)IPC_BY(server, reply, .t1 = client->token);
	assert_int_equal(client->state, THREAD_READY);
	for (unsigned int i = 0; i < 32; i++)
		assert_int_equal(client->regs[i], 1000 + i * 2);
}

static void
interrupting_twice_makes_one_call(void **state)
{
	(void)state;
	interrupt(0);
	interrupt(0);
	assert_int_equal(client->state, THREAD_SENDING);
	pair_receive(server);
	assert_ast(server);
	(void)IPC_BY(server, reply, .t1 = client->token);
	assert_int_equal(client->state, THREAD_READY);
	assert_int_equal(client->flags & THREAD_AST, 0);
}

static void
one_interrupted_at_its_ast_calls_again(void **state)
{
	token_t first;

	(void)state;
	interrupt(0);
	pair_receive(server);
	first = client->token;
	interrupt(1);
	(void)IPC_BY(server, reply, .t1 = first);
	assert_int_equal(client->state, THREAD_SENDING);
	pair_receive(server);
	assert_ast(server);
	assert_int_not_equal(client->token, first);
}

static void
a_queued_sender_takes_its_message_back(void **state)
{
	uint64_t pc;

	(void)state;
	client->regs[REG_PC] = 0x1000;
	(void)IPC_BY(client, call, .slot = W_ENDPOINT2, .info = MSG_INFO(7, 6),
	    .words = PAIR_WORDS);
	assert_int_equal(client->state, THREAD_SENDING);
	pc = client->regs[REG_PC];
	pair_receive(server);
	interrupt(0);
	assert_ast(server);
	assert_int_equal(world.endpoint2->senders.ready, 0);
	assert_int_equal(client->regs[REG_PC], pc - 4);
	assert_int_equal(client->regs[REG_A7], SYS_call);
	assert_int_equal(client->regs[REG_A1], MSG_INFO(7, 6));
	for (uint64_t i = 0; i < 5; i++)
		assert_int_equal(client->regs[REG_A2 + i], 1001 + i);
	assert_int_equal(client->regs[REG_T0], 1006);
}

static void
a_queued_fault_is_taken_back_and_comes_again(void **state)
{
	uint64_t pc = client->regs[REG_PC];

	(void)state;
	(void)world_fault(client, 0x5000, ACCESS_READ);
	assert_int_equal(client->state, THREAD_SENDING);
	pair_receive(server);
	interrupt(0);
	assert_ast(server);
	assert_int_equal(client->regs[REG_PC], pc);
	(void)IPC_BY(server, reply, .t1 = client->token);
	assert_int_equal(client->flags & THREAD_KERNEL_CALL, 0);
}

/* The client has called, and another thread than the server has it. */
static struct thread *
called(uint64_t info)
{
	struct thread *holder = world_thread(33, PAIR_SERVER);

	(void)IPC_BY(holder, recv, .slot = W_ENDPOINT2);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT2, .info = info,
	    .t1 = WINDOW, .t2 = 64);
	assert_int_equal(client->state, THREAD_AWAITING);
	return holder;
}

static void
a_caller_calls_when_it_has_been_answered(void **state)
{
	struct thread *holder = called(MSG_WINDOW_MASK);
	token_t token = client->token;

	(void)state;
	interrupt(33);
	assert_int_equal(client->state, THREAD_AWAITING);
	assert_int_equal(client->token, token);
	pair_receive(server);
	(void)IPC_BY(holder, reply, .info = MSG_INFO(9, 2), .words = PAIR_WORDS,
	    .t1 = token);
	assert_ast(server);
	/* The answer is in its registers, for when it goes on. */
	assert_int_equal(client->regs[REG_A0], 0);
	assert_int_equal(client->regs[REG_A1], MSG_INFO(9, 2));
	assert_int_equal(client->regs[REG_A2], 1001);
	(void)IPC_BY(holder, reply, .t1 = token);
	assert_int_equal(world_message(holder).slot, TINE_ESTALE);
}

static void
a_faulter_calls_when_its_fault_is_resolved(void **state)
{
	struct thread *pager = world_thread(33, PAIR_SERVER);

	(void)state;
	(void)IPC_BY(pager, recv, .slot = W_ENDPOINT2);
	ASSERT_CALL(space_feed, W_MEMORY,
	    frame_name(frame_of(dmap_address(client->space))), 4);
	(void)world_fault(client, 0x5000, ACCESS_READ);
	interrupt(33);
	pair_receive(server);
	(void)IPC_BY(pager, fault_map, .slot = W_MEMORY,
	    .words = {0, MAP_PAGE_READ | MAP_PAGE_ZERO}, .t1 = client->token);
	assert_ast(server);
	assert_true(
	    pte_permits(world_entry(client->space, 0x5000), ACCESS_READ));
}

static void
a_forwarded_message_is_not_taken_back(void **state)
{
	struct thread *holder = called(0);

	(void)state;
	(void)IPC_BY(holder, forward, .slot = W_ENDPOINT2,
	    .info = MSG_INFO(5, 0), .t1 = client->token);
	assert_int_equal(client->state, THREAD_SENDING);
	interrupt(0);
	assert_int_equal(client->state, THREAD_SENDING);
	(void)IPC_BY(holder, recv, .slot = W_ENDPOINT2);
	assert_int_equal(MSG_LABEL(world_message(holder).info), 5);
	pair_receive(server);
	(void)IPC_BY(holder, reply, .t1 = client->token);
	assert_ast(server);
}

/* Its call was received once, so it is answered, and the AST comes after. */
static void
a_forwarded_caller_calls_when_its_endpoint_ends(void **state)
{
	objname_t name = world_new(KIND_ENDPOINT, 0, 0);
	struct thread *holder = called(0);

	(void)state;
	world_name(W_FREE, name, RIGHT_SEND | RIGHT_RECEIVE, 0);
	(void)IPC_BY(holder, forward, .slot = W_FREE, .info = MSG_INFO(5, 0),
	    .t1 = client->token);
	interrupt(0);
	assert_int_equal(client->state, THREAD_SENDING);
	pair_receive(server);
	ASSERT_CALL(destroy, W_MEMORY, name);
	world_check();
	assert_ast(server);
	assert_int_equal(client->regs[REG_A0], TINE_ESTALE);
	(void)IPC_BY(server, reply, .t1 = client->token);
	assert_int_equal(client->state, THREAD_READY);
}

static void
a_stopped_thread_calls_when_it_is_started(void **state)
{
	(void)state;
	ASSERT_CALL(thread_stop, W_STEWARD, client->name);
	interrupt(0);
	assert_int_equal(client->state, THREAD_STOPPED);
	pair_receive(server);
	ASSERT_CALL(thread_start, W_STEWARD, client->name);
	assert_ast(server);
}

static void
stopping_a_thread_ends_its_interruption(void **state)
{
	(void)state;
	(void)called(0);
	interrupt(33);
	ASSERT_CALL(thread_stop, W_STEWARD, client->name);
	ASSERT_CALL(thread_start, W_STEWARD, client->name);
	assert_int_equal(client->state, THREAD_READY);
}

static void
without_an_exception_endpoint_it_stops(void **state)
{
	(void)state;
	ASSERT_CALL(thread_configure, W_MEMORY, client->name,
	    THREAD_EXCEPTION_ENDPOINT, 0);
	interrupt(0);
	assert_int_equal(client->state, THREAD_STOPPED);
}

static void
a_copy_is_not_interrupted(void **state)
{
	struct thread *holder = called(0);
	objname_t copy = world_new(
	    KIND_THREAD, frame_name(frame_of(dmap_address(client->space))), 7);

	(void)state;
	interrupt(33);
	world_run(holder);
	assert_int_equal(
	    CALL_BY(holder, thread_clone, W_STEWARD, copy, client->token), 0);
	assert_int_equal(world_thread_at(copy)->flags & THREAD_AST, 0);
	assert_int_not_equal(client->flags & THREAD_AST, 0);
}

/* Signal frames. */

/* What has to be said of its size. */
static uint64_t
bytes_of(const struct signal_delivery *delivery)
{
	return SIGNAL_HEADER_BYTES + delivery->head_bytes;
}

/* Write a delivery where root can name it; the client has a stack. */
static void
deliver_start(struct signal_delivery *delivery)
{
	uint64_t page = pte_frame(world_entry(world.space, DELIVERY));

	if (world_entry(client->space, STACK) == 0) {
		objname_t space =
		    frame_name(frame_of(dmap_address(client->space)));

		ASSERT_CALL(space_feed, W_MEMORY, space, 4);
		ASSERT_CALL(space_map, W_MEMORY, space, STACK, 0,
		    MAP_PAGE_READ | MAP_PAGE_WRITE | MAP_PAGE_ZERO, 0);
	}
	memcpy(world_page(page), delivery, sizeof(*delivery));
}

/* The client has called root, which has its token. */
static void
call_root(void)
{
	for (unsigned int i = 0; i < 32; i++)
		client->regs[i] = 500 + i * 2;
	client->regs[REG_SP] = STACK + PAGE_SIZE - 24;
	for (unsigned int i = 0; i < 32; i++)
		client->f[i] = 900 + i;
	client->fcsr = 3;
	client->flags |= THREAD_USES_FPU | THREAD_FP_SAVED;
	client->fp_key = (uintptr_t)client;
	(void)IPC_BY(client, call, .slot = W_ENDPOINT,
	    .info = MSG_INFO(4, 1) | MSG_WINDOW_READ, .t1 = WINDOW, .t2 = 8);
	(void)IPC_BY(world.root, recv, .slot = W_ENDPOINT);
}

static void
a_handler_is_entered_with_a_frame_on_the_stack(void **state)
{
	struct signal_delivery d = {.pc = 0x7001,
	    .ra = 0x8000,
	    .a0 = 15,
	    .a1_offset = 16,
	    .a2_offset = 32,
	    .label = TINE_EINTR,
	    .head_bytes = 48,
	    .head = "the head of the frame"};
	uint64_t base =
	    (STACK + PAGE_SIZE - 24 - 48 - sizeof(struct regs)) & ~15ul;
	const uint8_t *page;
	struct regs saved;

	(void)state;
	call_root();
	deliver_start(&d);
	ASSERT_CALL(reply_signal, client->token, DELIVERY, bytes_of(&d));
	assert_int_equal(client->state, THREAD_READY);
	assert_int_equal(client->regs[REG_PC], 0x7000);
	assert_int_equal(client->regs[REG_RA], 0x8000);
	assert_int_equal(client->regs[REG_SP], base);
	assert_int_equal(client->regs[REG_A0], 15);
	assert_int_equal(client->regs[REG_A1], base + 16);
	assert_int_equal(client->regs[REG_A2], base + 32);
	assert_int_equal(client->regs[8], 516);
	page = world_page(pte_frame(world_entry(client->space, STACK)));
	assert_memory_equal(page + (base & PAGE_MASK), d.head, 48);
	memcpy(&saved, page + (base & PAGE_MASK) + 48, sizeof(saved));
	/* As after an answer to its call. */
	assert_int_equal(saved.x[REG_A0], 0);
	assert_int_equal(saved.x[REG_A1], TINE_EINTR);
	assert_int_equal(saved.x[REG_A2], 0);
	assert_int_equal(saved.x[REG_SP], STACK + PAGE_SIZE - 24);
	assert_int_equal(saved.x[8], 516);
	for (unsigned int i = 0; i < 32; i++)
		assert_int_equal(saved.f[i], 900 + i);
	assert_int_equal(saved.fcsr, 3);
}

static void
at_an_ast_all_registers_are_saved(void **state)
{
	struct signal_delivery d = {.pc = 0x7000, .sp = STACK + 2048};
	struct regs before, saved;
	const uint8_t *page;

	(void)state;
	for (unsigned int i = 0; i < 32; i++)
		client->regs[i] = 500 + i * 2;
	interrupt(0);
	before = regs_of(client);
	deliver_start(&d);
	(void)IPC_BY(world.root, recv, .slot = W_ENDPOINT);
	ASSERT_CALL(reply_signal, client->token, DELIVERY, bytes_of(&d));
	page = world_page(pte_frame(world_entry(client->space, STACK)));
	memcpy(
	    &saved, page + (client->regs[REG_SP] & PAGE_MASK), sizeof(saved));
	assert_memory_equal(&saved, &before, sizeof(saved));
	assert_int_equal(
	    client->regs[REG_SP], (STACK + 2048 - sizeof(struct regs)) & ~15ul);
}

static void
a_stack_that_cannot_be_written_is_told(void **state)
{
	struct signal_delivery d = {.pc = 0x7000, .sp = STACK + PAGE_SIZE + 64};
	token_t token;

	(void)state;
	call_root();
	deliver_start(&d);
	token = client->token;
	assert_int_equal(
	    CALL(reply_signal, token, DELIVERY, bytes_of(&d)), TINE_EFAULT);
	assert_int_equal(RESULT(2), client->sender[ENDPOINT_SPACE]);
	assert_int_equal(RESULT(3), (STACK + PAGE_SIZE) | ACCESS_WRITE);
	assert_int_equal(client->state, THREAD_AWAITING);
	assert_int_equal(client->token, token);
	/* Once it is there, the same call succeeds. */
	ASSERT_CALL(space_map, W_MEMORY,
	    frame_name(frame_of(dmap_address(client->space))),
	    STACK + PAGE_SIZE, 0,
	    MAP_PAGE_READ | MAP_PAGE_WRITE | MAP_PAGE_ZERO, 0);
	ASSERT_CALL(reply_signal, token, DELIVERY, bytes_of(&d));
	assert_int_equal(client->state, THREAD_READY);
}

static void
no_stack_is_where_the_kernel_is(void **state)
{
	static const uint64_t stacks[] = {1, 16, USER_TOP + 16, 1ul << 63,
	    0xffffffc080200000ul, ~0ul, 520, 0xffffffff80200000ul};

	(void)state;
	call_root();
	for (size_t i = 0; i < sizeof(stacks) / sizeof(stacks[0]); i++) {
		struct signal_delivery d = {.pc = 0x7000, .sp = stacks[i]};

		deliver_start(&d);
		assert_int_equal(
		    CALL(reply_signal, client->token, DELIVERY, bytes_of(&d)),
		    TINE_EFAULT);
	}
	assert_int_equal(client->state, THREAD_AWAITING);
}

static void
a_head_has_a_size_that_keeps_the_frame_aligned(void **state)
{
	static const uint64_t sizes[] = {1, 8, 15, 17, SIGNAL_HEAD_MAX + 16,
	    SIGNAL_HEAD_MAX + 1, 1ul << 63, ~0ul, ~15ul};

	(void)state;
	call_root();
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct signal_delivery d = {
		    .sp = STACK + 4000, .head_bytes = sizes[i]};

		deliver_start(&d);
		assert_int_equal(
		    CALL(reply_signal, client->token, DELIVERY, bytes_of(&d)),
		    TINE_EINVAL);
	}
}

/* Orphans. */

static void
callers_of_one_who_is_gone_get_an_error(void **state)
{
	struct thread *holder = called(MSG_WINDOW_MASK);
	struct thread *faulter = world_thread(34, PAIR_CLIENT);
	objname_t name = holder->name;

	(void)state;
	(void)IPC_BY(holder, recv, .slot = W_ENDPOINT2);
	(void)world_fault(faulter, 0x5000, ACCESS_READ);
	ASSERT_CALL(destroy, W_MEMORY, name);
	ASSERT_CALL(thread_orphans, W_MEMORY, name, TINE_EIO, 0);
	assert_int_equal(RESULT(1), FAKE_FRAMES);
	assert_int_equal(client->state, THREAD_READY);
	assert_int_equal(client->regs[REG_A0], TINE_EIO);
	/* A fault comes again. */
	assert_int_equal(faulter->state, THREAD_READY);
	assert_int_equal(faulter->flags & THREAD_KERNEL_CALL, 0);
	assert_int_equal(CALL(thread_orphans, W_MEMORY, name, TINE_EIO, 0), 0);
	world_check();
}

static void
callers_of_others_are_not_orphans(void **state)
{
	(void)state;
	(void)called(0);
	ASSERT_CALL(thread_orphans, W_MEMORY, server->name, TINE_EIO, 0);
	ASSERT_CALL(thread_orphans, W_MEMORY, 0, TINE_EIO, 0);
	assert_int_equal(client->state, THREAD_AWAITING);
}

static void
time_is_charged_to_who_ran(void **state)
{
	uint64_t before;

	(void)state;
	world_run(client);
	before = server->cycles;
	fake_arch.cycles += 1000;
	world_run(server);
	ASSERT_CALL(thread_times, W_STEWARD, client->name);
	assert_int_equal(RESULT(1), 1000);
	assert_int_equal(server->cycles, before);
}

#undef TEST
#define TEST(claim) \
	cmocka_unit_test_setup_teardown(claim, pair_start, world_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_ready_thread_calls_before_it_runs_on),
	    TEST(interrupting_twice_makes_one_call),
	    TEST(one_interrupted_at_its_ast_calls_again),
	    TEST(a_queued_sender_takes_its_message_back),
	    TEST(a_queued_fault_is_taken_back_and_comes_again),
	    TEST(a_caller_calls_when_it_has_been_answered),
	    TEST(a_faulter_calls_when_its_fault_is_resolved),
	    TEST(a_forwarded_message_is_not_taken_back),
	    TEST(a_forwarded_caller_calls_when_its_endpoint_ends),
	    TEST(a_stopped_thread_calls_when_it_is_started),
	    TEST(stopping_a_thread_ends_its_interruption),
	    TEST(without_an_exception_endpoint_it_stops),
	    TEST(a_copy_is_not_interrupted),
	    TEST(a_handler_is_entered_with_a_frame_on_the_stack),
	    TEST(at_an_ast_all_registers_are_saved),
	    TEST(a_stack_that_cannot_be_written_is_told),
	    TEST(no_stack_is_where_the_kernel_is),
	    TEST(a_head_has_a_size_that_keeps_the_frame_aligned),
	    TEST(callers_of_one_who_is_gone_get_an_error),
	    TEST(callers_of_others_are_not_orphans),
	    TEST(time_is_charged_to_who_ran),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

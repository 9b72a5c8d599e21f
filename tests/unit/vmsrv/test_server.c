/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_server.c - servers that fail, and are started again.
 */
#include "boot.h"
#include "proc_elf.h"
#include "root.h"
#include "thread.h"
#include "vm_kernel_impl.h"
#include "serve.h"
#include "vm_test.h"

#define FAILURES 5
#define BAD_ADDRESS 0x77777000ul

/* Tag of the n-th space that was made. */
#define TTYSRV (1ul << 32 | 0)
#define PROCSRV (1ul << 32 | 1)

/* The tag and the thread of ttysrv now. */
static uint64_t
ttysrv(objname_t *thread)
{
	/* The entry of the table that it had is used again. */
	for (uint64_t generation = 1; generation < 32; generation++) {
		const struct space *space = space_lookup(generation << 32);

		if (space == NULL || strcmp(space->server, "ttysrv") != 0)
			continue;
		assert_int_equal(space->nthreads, 1);
		*thread = space->threads->name;
		return space->tag;
	}
	fail();
	return 0;
}

static int
restart_request(uint32_t badge)
{
	struct vm_server_restart_req req = {.badge = badge};
	struct vm_server_restart_rep rep;

	return PROC_REQUEST(server_restart, &req, &rep);
}

static bool
logged(const char *text)
{
	return strstr(fake_kernel.console, text) != NULL;
}

/* Whether vmsrv powers off while a server does what it should not. */
#define ENDS(what) \
	(fake_power_off_expected = true, \
	    setjmp(fake_power_off) != 0 || (what, false))

static void
a_vital_server_that_fails_is_named_and_ends_the_machine(void **state)
{
	(void)state;
	boot_servers();
	assert_true(ENDS((void)process_write(PROCSRV, BAD_ADDRESS, 1)));
	assert_int_equal(fake_kernel.status, 125);
	assert_true(logged("vmsrv: server procsrv failed (page fault: "));
	assert_true(logged("0x77777000"));
	assert_true(logged("; halted\n"));
	fake_start(FREE_FRAMES);
	boot_servers();
	assert_true(ENDS(fake_exception(PROCSRV, 2)));
	assert_true(logged("server procsrv failed (exception: 0x2 0x0 0x0)"));
}

static void
ttysrv_is_started_again_where_it_was(void **state)
{
	objname_t before;
	objname_t thread;

	(void)state;
	boot_servers();
	(void)ttysrv(&before);
	assert_int_equal(fake_thread_regs(before)->x[10], 0);
	fake_exception(TTYSRV, 2);
	assert_true(logged("vmsrv: server ttysrv failed (exception: 0x2 0x0 "
			   "0x0); restarted\n"));
	assert_int_not_equal(ttysrv(&thread), TTYSRV);
	assert_int_not_equal(thread, before);
	assert_int_equal(fake_thread_space(before), 0);
	assert_true(fake_thread_started(thread));
	/* It is told that it is not the first. */
	assert_int_equal(fake_thread_regs(thread)->x[10], 1);
	assert_int_equal(
	    fake_thread_field(thread, THREAD_CSPACE), OWN_TTY_CSPACE);
	assert_int_equal(fake_thread_field(thread, THREAD_NOTIFICATION),
	    OWN_TTY_NOTIFICATION);
	assert_int_equal(fake_thread_field(thread, THREAD_IDENTITY), BADGE_TTY);
}

static void
who_waits_for_a_server_that_failed_gets_an_error(void **state)
{
	objname_t before;

	(void)state;
	boot_servers();
	(void)ttysrv(&before);
	(void)fake_fault(TTYSRV, BAD_ADDRESS, ACCESS_WRITE, 0);
	assert_true(fake_kernel.orphans_of == before);
	assert_int_equal(fake_kernel.orphans_error, TINE_EIO);
	assert_int_equal(fake_kernel.orphans_frame, FAKE_FRAMES);
}

static void
a_restart_gives_back_all_that_the_old_one_had(void **state)
{
	struct books before;

	(void)state;
	boot_servers();
	before = books_now();
	/* Also if the old space takes several turns to go. */
	fake_kernel.batch = 1;
	for (int i = 0; i < 20; i++) {
		assert_int_equal(restart_request(BADGE_TTY), 0);
		assert_books_equal(&before);
	}
	assert_true(logged("server ttysrv failed (on request); restarted\n"));
}

/* ttysrv asks for the console. */
static int
console_request(struct vm_console_rep *rep)
{
	const struct vm_console_req req = {};

	return fake_request(&(struct request){
	    .kind = SENDER_BADGE,
	    .sender = BADGE_TTY,
	    .label = vm_console_call,
	    .req = &req,
	    .rep = rep,
	    .rep_bytes = sizeof(*rep),
	});
}

static void
without_a_server_or_memory_there_is_no_console(void **state)
{
	struct vm_console_rep rep;
	struct vm_console_rep again;
	struct books before;

	(void)state;
	vmk.info.console_kind = CONSOLE_NS16550;
	vmk.info.console_base = 0x10000000;
	assert_int_equal(console_request(&rep), TINE_ESRCH);
	boot_servers();
	before = books_now();
	fake_kernel.needing = 0;
	fake_kernel.fail_at = 1;
	assert_int_equal(console_request(&rep), TINE_ENOMEM);
	fake_kernel.fail_at = 0;
	assert_books_equal(&before);
	assert_int_equal(console_request(&rep), 0);
	/* Who asks twice has it where it was. */
	assert_int_equal(console_request(&again), 0);
	assert_int_equal(again.address, rep.address);
}

static void
the_loop_serves_all_before_it_waits(void **state)
{
	const struct process p = process_new();
	const struct vm_unmap_req req = {
	    .address = PROG_DATA, .length = PAGE_SIZE};
	struct fake_answer answer;
	const struct request request = {
	    .kind = SENDER_SPACE,
	    .sender = p.space,
	    .thread = p.thread,
	    .label = vm_unmap_call,
	    .req = &req,
	    .req_bytes = sizeof(req),
	};
	token_t first = fake_request_begin(&request);
	token_t second = fake_request_begin(&request);

	(void)state;
	fake_idle_expected = true;
	if (setjmp(fake_idle) == 0)
		serve_loop();
	fake_idle_expected = false;
	assert_true(fake_answer_take(&answer));
	assert_int_equal(answer.token, first);
	assert_int_equal(answer.error, 0);
	assert_true(fake_answer_take(&answer));
	assert_int_equal(answer.token, second);
	assert_int_equal(answer.error, 0);
	assert_false(fake_answer_take(&answer));
	assert_int_equal(
	    process_read(p.space, PROG_DATA, &(uint8_t){0}), SIGSEGV_);
}

static void
the_console_can_be_had_again_after_a_restart(void **state)
{
	struct vm_console_rep rep;

	(void)state;
	vmk.info.console_kind = CONSOLE_NS16550;
	vmk.info.console_base = 0x10000000;
	boot_servers();
	for (int i = 0; i < 3; i++) {
		objname_t thread;

		assert_int_equal(console_request(&rep), 0);
		assert_true(fake_entry(ttysrv(&thread), rep.address) & PTE_W);
		assert_int_equal(restart_request(BADGE_TTY), 0);
	}
}

static void
a_server_that_keeps_failing_ends_the_machine(void **state)
{
	objname_t thread;

	(void)state;
	boot_servers();
	/* What was asked for is no failure. */
	for (int i = 0; i < 2 * FAILURES; i++)
		assert_int_equal(restart_request(BADGE_TTY), 0);
	for (int i = 0; i < FAILURES; i++)
		fake_exception(ttysrv(&thread), 2);
	assert_false(fake_kernel.powered_off);
	assert_true(ENDS(fake_exception(ttysrv(&thread), 2)));
	assert_true(fake_kernel.powered_off);
}

static void
a_restart_without_memory_ends_the_machine(void **state)
{
	(void)state;
	boot_servers();
	fake_kernel.needing = 0;
	fake_kernel.fail_at = 1;
	assert_true(ENDS((void)restart_request(BADGE_TTY)));
	fake_kernel.fail_at = 0;
	assert_true(logged("vmsrv: ttysrv cannot be restarted: 0xc\n"));
}

static void
only_a_server_that_is_not_vital_is_restarted_on_request(void **state)
{
	(void)state;
	boot_servers();
	assert_int_equal(restart_request(BADGE_VM), TINE_EPERM);
	assert_int_equal(restart_request(BADGE_PROC), TINE_EPERM);
	assert_int_equal(restart_request(BADGE_FS), TINE_ESRCH);
	assert_int_equal(restart_request(0), TINE_ESRCH);
	assert_int_equal(restart_request(8), TINE_ESRCH);
	assert_int_equal(restart_request(8 + BADGE_TTY), TINE_ESRCH);
	assert_int_equal(restart_request(~0u), TINE_ESRCH);
	assert_int_equal(fake_kernel.console_bytes, 0);
}

static void
the_spaces_of_servers_are_not_those_of_processes(void **state)
{
	struct process server = {.space = TTYSRV};
	struct process child;

	(void)state;
	boot_servers();
	(void)ttysrv(&server.thread);
	assert_int_equal(process_exit(&server), TINE_ESRCH);
	assert_int_equal(process_fork(&server, 0, &child), TINE_ESRCH);
	assert_int_equal(
	    process_fork(&server, VM_FORK_SHARE, &child), TINE_ESRCH);
	assert_int_equal(PROC_REQUEST(thread_new,
			     (&(struct vm_thread_new_req){.space = TTYSRV}),
			     (&(struct vm_thread_new_rep){})),
	    TINE_ESRCH);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_vital_server_that_fails_is_named_and_ends_the_machine),
	    TEST(ttysrv_is_started_again_where_it_was),
	    TEST(who_waits_for_a_server_that_failed_gets_an_error),
	    TEST(a_restart_gives_back_all_that_the_old_one_had),
	    TEST(without_a_server_or_memory_there_is_no_console),
	    TEST(the_console_can_be_had_again_after_a_restart),
	    TEST(the_loop_serves_all_before_it_waits),
	    TEST(a_server_that_keeps_failing_ends_the_machine),
	    TEST(a_restart_without_memory_ends_the_machine),
	    TEST(only_a_server_that_is_not_vital_is_restarted_on_request),
	    TEST(the_spaces_of_servers_are_not_those_of_processes),
	};

	return cmocka_run_group_tests_name("vmsrv_server", tests, NULL, NULL);
}

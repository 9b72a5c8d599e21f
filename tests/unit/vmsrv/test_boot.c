/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_boot.c - servers loaded, and who may do what.
 */
#include "boot.h"
#include "proc_elf.h"
#include "root.h"
#include "vm_kernel_impl.h"
#include "vm_test.h"

static uint64_t
server_request(uint64_t badge, uint32_t label, const void *req, size_t bytes,
    void *rep, size_t rep_bytes, void *window, size_t window_bytes)
{
	return (uint64_t)fake_request(&(struct request){
	    .kind = SENDER_BADGE,
	    .sender = badge,
	    .label = label,
	    .req = req,
	    .req_bytes = bytes,
	    .rep = rep,
	    .rep_bytes = rep_bytes,
	    .window = window,
	    .window_bytes = window_bytes,
	});
}

static void
processes_can_only_send_and_read_counters(void **state)
{
	const uint64_t sends[] = {SLOT_PROC, SLOT_VM, SLOT_TTY};

	(void)state;
	boot_servers();
	for (uint64_t slot = 0; slot < CSPACE_SLOTS; slot++) {
		uint64_t rights = 0;

		for (int i = 0; i < 3; i++)
			rights |= slot == sends[i] ? RIGHT_SEND : 0;
		if (slot == SLOT_SYSTEM)
			rights = RIGHT_STAT;
		assert_int_equal(fake_rights(OWN_USER_CSPACE, slot), rights);
		assert_int_equal(fake_badge(OWN_USER_CSPACE, slot), 0);
	}
}

static void
servers_have_what_they_need_and_their_badge(void **state)
{
	(void)state;
	boot_servers();
	assert_int_equal(
	    fake_rights(OWN_PROC_CSPACE, SLOT_STEWARD), RIGHT_STEWARD);
	assert_int_equal(fake_rights(OWN_PROC_CSPACE, SLOT_SYSTEM),
	    RIGHT_POWER | RIGHT_STAT | RIGHT_DEBUG);
	assert_int_equal(fake_rights(OWN_PROC_CSPACE, SLOT_OWN), RIGHT_RECEIVE);
	assert_int_equal(fake_badge(OWN_PROC_CSPACE, SLOT_VM), BADGE_PROC);
	assert_int_equal(fake_badge(OWN_PROC_CSPACE, SLOT_TTY), BADGE_PROC);
	assert_int_equal(fake_rights(OWN_TTY_CSPACE, SLOT_STEWARD), 0);
	assert_int_equal(fake_badge(OWN_TTY_CSPACE, SLOT_VM), BADGE_TTY);
	assert_int_equal(fake_rights(OWN_TTY_CSPACE, SLOT_NOTIFICATION),
	    RIGHT_NOTIFY | RIGHT_WAIT);
	assert_int_equal(fake_badge(0, OWN_PROC), BADGE_VM);
	assert_int_equal(fake_badge(0, OWN_PROC_EXCEPTION), 0);
}

/* Tag of the n-th space that was made. */
static uint64_t
tag_of(uint64_t n)
{
	return 1ul << 32 | n;
}

static void
all_that_a_server_has_is_there_before_it_runs(void **state)
{
	(void)state;
	boot_servers();
	for (uint64_t i = 0; i < 2; i++) {
		const struct space *space = space_lookup(tag_of(i));

		assert_non_null(space);
		assert_non_null(space->server);
		assert_int_equal(fake_mapped(space->tag), space->map.pages);
		assert_int_equal(space->users, 1);
	}
	assert_int_equal(fake_live().threads, 2);
}

static void
growth_is_present_at_once_or_refused_whole(void **state)
{
	struct vm_grow_req req = {.address = 0x30000000, .length = 0x3000};
	struct vm_grow_rep rep;
	struct books before;
	uint64_t mapped;
	uint64_t n = 1;
	uint64_t error;

	(void)state;
	boot_servers();
	before = books_now();
	mapped = fake_mapped(tag_of(1));
	do {
		fake_kernel.needing = 0;
		fake_kernel.fail_at = n++;
		error = server_request(BADGE_PROC, vm_grow_call, &req,
		    sizeof(req), &rep, sizeof(rep), NULL, 0);
		fake_kernel.fail_at = 0;
		if (error)
			assert_books_equal(&before);
	} while (error);
	assert_true(n > 3);
	assert_int_equal(fake_mapped(tag_of(1)), mapped + 3);
	/* In use, unaligned, nothing, the kernel, more than there is. */
	const struct vm_grow_req bad[] = {
	    {0x30002000, 0x1000},
	    {0x30003001, 0x1000},
	    {0x30003000, 0},
	    {USER_TOP, 0x1000},
	    {0x30003000, ~0ul},
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    server_request(BADGE_PROC, vm_grow_call, &bad[i],
			sizeof(bad[i]), &rep, sizeof(rep), NULL, 0),
		    TINE_EINVAL);
	req = (struct vm_grow_req){0x30003000, FREE_FRAMES * PAGE_SIZE};
	assert_int_equal(server_request(BADGE_PROC, vm_grow_call, &req,
			     sizeof(req), &rep, sizeof(rep), NULL, 0),
	    TINE_ENOMEM);
}

static void
boot_arguments_are_cut_to_the_window(void **state)
{
	struct vm_bootargs_req req = {.size = 100};
	struct vm_bootargs_rep rep;
	char window[100];

	(void)state;
	boot_servers();
	assert_int_equal(server_request(BADGE_PROC, vm_bootargs_call, &req,
			     sizeof(req), &rep, sizeof(rep), window, 100),
	    0);
	assert_string_equal(window, "quiet -- /bin/true a");
	assert_int_equal(rep.bytes, strlen(window) + 1);
	req.size = 6;
	assert_int_equal(server_request(BADGE_PROC, vm_bootargs_call, &req,
			     sizeof(req), &rep, sizeof(rep), window, 100),
	    0);
	assert_string_equal(window, "quiet");
	req.size = 0;
	assert_int_equal(server_request(BADGE_PROC, vm_bootargs_call, &req,
			     sizeof(req), &rep, sizeof(rep), window, 100),
	    TINE_EINVAL);
}

static void
without_a_console_there_is_none_and_only_ttysrv_may_ask(void **state)
{
	struct vm_console_req req = {};
	struct vm_console_rep rep;

	(void)state;
	boot_servers();
	assert_int_equal(server_request(BADGE_TTY, vm_console_call, &req, 0,
			     &rep, sizeof(rep), NULL, 0),
	    TINE_ENODEV);
	assert_int_equal(server_request(BADGE_PROC, vm_console_call, &req, 0,
			     &rep, sizeof(rep), NULL, 0),
	    TINE_EPERM);
}

static void
ttysrv_may_notify_procsrv_and_nothing_more(void **state)
{
	(void)state;
	boot_servers();
	assert_int_equal(
	    fake_rights(OWN_TTY_CSPACE, SLOT_PROC_EVENT), RIGHT_NOTIFY);
	assert_int_equal(fake_rights(OWN_PROC_CSPACE, SLOT_NOTIFICATION),
	    RIGHT_NOTIFY | RIGHT_WAIT);
	assert_int_equal(fake_object(OWN_TTY_CSPACE, SLOT_PROC_EVENT),
	    fake_object(OWN_PROC_CSPACE, SLOT_NOTIFICATION));
	assert_int_not_equal(fake_object(OWN_TTY_CSPACE, SLOT_NOTIFICATION),
	    fake_object(OWN_PROC_CSPACE, SLOT_NOTIFICATION));
}

static void
ttysrv_has_the_consoles_interrupt_if_there_is_one(void **state)
{
	uint64_t available;

	(void)state;
	/* The device tree names none. */
	fake_kernel.has_plic = true;
	boot_servers();
	assert_int_equal(fake_kernel.irqs, 0);
	assert_int_equal(fake_rights(OWN_TTY_CSPACE, SLOT_IRQ), 0);
	available = ledger_available();
	/* It names one, but there is no PLIC. */
	fake_start(FREE_FRAMES);
	vmk.info.console_irq = 10;
	boot_servers();
	assert_int_equal(fake_rights(OWN_TTY_CSPACE, SLOT_IRQ), 0);
	assert_int_equal(ledger_available(), available);
	fake_start(FREE_FRAMES);
	fake_kernel.has_plic = true;
	vmk.info.console_irq = 10;
	boot_servers();
	assert_int_equal(fake_kernel.irqs, 1);
	assert_int_equal(fake_rights(OWN_TTY_CSPACE, SLOT_IRQ), RIGHT_IRQ);
	assert_int_equal(ledger_available(), available - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(processes_can_only_send_and_read_counters),
	    TEST(servers_have_what_they_need_and_their_badge),
	    TEST(all_that_a_server_has_is_there_before_it_runs),
	    TEST(growth_is_present_at_once_or_refused_whole),
	    TEST(boot_arguments_are_cut_to_the_window),
	    TEST(without_a_console_there_is_none_and_only_ttysrv_may_ask),
	    TEST(ttysrv_may_notify_procsrv_and_nothing_more),
	    TEST(ttysrv_has_the_consoles_interrupt_if_there_is_one),
	};

	return cmocka_run_group_tests_name("vmsrv_boot", tests, NULL, NULL);
}

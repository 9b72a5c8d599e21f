/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - the tests of the kernel's calls, from a root task; see kt.h.
 */
#include "kt.h"

void main(const struct boot_info *info);

void
main(const struct boot_info *info)
{
	kt_info = info;
	kt_marker();
	(void)kt_endpoint(KT_DONE, ENDPOINT_THREAD);
	/* Sharing its pages once leaves the root task's own space as it is. */
	kt_destroy(kt_space(1));
	kt_group("bad calls", test_bad_calls);
	kt_group("calls without capabilities", test_powerless);
	kt_group("capabilities", test_capabilities);
	kt_group("windows", test_windows);
	kt_group("tokens", test_tokens);
	kt_group("registers", test_registers);
	kt_group("devices", test_devices);
	kt_group("spaces", test_spaces);
	kt_group("copy on write", test_copy_on_write);
	kt_group("interrupts", test_interrupts);
	kt_group("harts", test_harts);
	/* What happens in which order is certain on one hart only. */
	if (info->harts == 1) {
		kt_group("messages", test_messages);
		kt_group("scheduling", test_scheduling);
		kt_group("notifications", test_notifications);
		kt_group("faults", test_faults);
	}
	kt_end();
}

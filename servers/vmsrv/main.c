/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - the root task and VM server.
 */
#include <abi/boot.h>

#include "boot.h"
#include "own.h"
#include "report.h"
#include "serve.h"

void main(uint64_t info);

/* info is the address of what the kernel hands over. */
void
main(uint64_t info)
{
	int error;

	error = boot_tables((const struct boot_info *)info, OWN_BASE,
	    (const void *)ROOT_ARCHIVE);
	if (error)
		report_boot("boot archive", (uint64_t)error);
	boot_servers();
	serve_loop();
}

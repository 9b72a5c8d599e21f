/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ledger.c - how many frames are promised.
 */
#include "ledger.h"

#include <ipc/sys.h>

#include "report.h"
#include "root.h"

static struct {
	uint64_t total; /* free when vmsrv began */
	uint64_t available; /* not promised; <= total */
} ledger;

void
ledger_init(uint64_t frames)
{
	ledger.total = frames;
	ledger.available = frames;
}

int
ledger_charge(uint64_t frames)
{
	if (frames > ledger.available)
		return TINE_ENOMEM;
	ledger.available -= frames;
	return 0;
}

void
ledger_release(uint64_t frames)
{
	ledger.available += frames;
	ASSERT(ledger.available <= ledger.total);
}

uint64_t
ledger_available(void)
{
	return ledger.available;
}

void
ledger_check(void)
{
	struct sysret free = sys_system_stat(ROOT_SYSTEM, STAT_FREE_FRAMES);

	ASSERT(free.error == 0 && ledger.available <= free.value);
	(void)free;
}

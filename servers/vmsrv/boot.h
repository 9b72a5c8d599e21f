/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * boot.h - from the root task's first instruction to the running servers.
 */
#ifndef TINE_VMSRV_BOOT_H
#define TINE_VMSRV_BOOT_H

#include <abi/boot.h>

/*
 * Set up vmsrv's tables in [own, own + OWN_SIZE) with the archive mapped at
 * archive.  ENOMEM; EINVAL: the archive is damaged.
 */
int boot_tables(
    const struct boot_info *info, uintptr_t own, const void *archive);

/*
 * Make endpoints and capability spaces, then load and start the other
 * servers.  Powers off, saying why, if that cannot be done.
 */
void boot_servers(void);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * boot.h - the first processes.
 */
#ifndef TINE_PROCSRV_BOOT_H
#define TINE_PROCSRV_BOOT_H

/*
 * Set up the tables, make process 0 and start /sbin/init as process 1.
 * Returns 0; ENOMEM, or what exec or vmsrv answered.
 */
int boot(void);

#endif

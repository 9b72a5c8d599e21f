/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * root.h - the root task: the first thread, which is given everything.
 */
#pragma once

#include "machine.h"
#include "thread.h"

/* vmsrv's thread; a fault in it is the end. */
extern struct thread *root_thread;

/*
 * Make the root task from the boot archive that the machine's initrd holds,
 * READY to run.  Panics when there is none or it does not fit.
 */
void root_create(const struct machine *machine) LOCKED;

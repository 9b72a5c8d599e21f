/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * caller.h - what each handler of a thread's request begins with.
 */
#ifndef TINE_PROCSRV_CALLER_H
#define TINE_PROCSRV_CALLER_H

#include <abi/errors.h>
#include <ipc/msg.h>

#include "proc.h"

/*
 * The sender's LWP, as the kernel named it.  A message of a thread that is
 * gone meanwhile is answered to nobody.
 */
#define CALLER(lwp, msg) \
	struct lwp *lwp = lwp_lookup((msg)->sender); \
	if (lwp == NULL) \
	return TINE_ESTALE

#endif

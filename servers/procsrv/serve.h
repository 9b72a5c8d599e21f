/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serve.h - what procsrv does with a message.
 */
#ifndef TINE_PROCSRV_SERVE_H
#define TINE_PROCSRV_SERVE_H

#include <ipc/msg.h>

/*
 * Each handler begins with this: the sender's LWP, as the kernel named it.
 * A message of a thread that is gone meanwhile is answered to nobody.
 */
#define CALLER(lwp, msg) \
	struct lwp *lwp = lwp_lookup((msg)->sender); \
	if (lwp == NULL) \
	return TINE_ESTALE

/*
 * Act on a message and turn it into what is to be replied; its token is 0 if
 * nothing is, now or ever.
 */
void serve_message(struct ipc_msg *msg);

#endif

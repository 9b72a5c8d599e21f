/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * serve.h - what procsrv does with a message.
 */
#ifndef TINE_PROCSRV_SERVE_H
#define TINE_PROCSRV_SERVE_H

#include <ipc/msg.h>

/*
 * Act on a message and turn it into what is to be replied; its token is 0 if
 * nothing is, now or ever.
 */
void serve_message(struct ipc_msg *msg);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - procsrv, the process server: its start and its loop.
 *
 * One thread takes one message after another; whoever has to wait is a token
 * kept somewhere, and procsrv itself waits for nobody but vmsrv and the
 * kernel, which answer at once.
 */
#include <ipc/msg.h>
#include <ipc/slots.h>

#include "boot.h"
#include "console.h"
#include "last.h"
#include "serve.h"

int
main(void)
{
	struct ipc_msg msg = {0};
	int error;

	error = boot();
	if (error) {
		console_write("procsrv: cannot start /sbin/init: error ");
		console_write_number(error);
		console_write("\n");
		console_panic("no init");
	}
	for (;;) {
		last_receive(&msg);
		serve_message(&msg);
	}
}

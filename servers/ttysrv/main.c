/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * main.c - ttysrv, the console's server: start and event loop.
 *
 * Boot arguments: marker=STRING is printed as a line before anything else
 * can be, so that a host script can tell where programs' output begins;
 * noecho leaves typing unseen.  A server that was started again prints no
 * marker.
 */
#include <abi/boot.h>
#include <ipc/vm.h>

#include "text.h"
#include "marker.h"
#include "serve.h"
#include "uart.h"

#define TICKS_A_SECOND 100 /* of looking at a UART without interrupts */

uint64_t
clock_now(void)
{
	uint64_t now;

	__asm__ volatile("rdtime %0" : "=r"(now));
	return now;
}

/* The boot arguments; an empty string if they can't be had. */
static const char *
bootargs_get(void)
{
	static char args[BOOT_ARGS_MAX];
	const struct vm_bootargs_req req = {.size = sizeof(args)};
	struct vm_bootargs_rep rep;

	if (vm_bootargs(SLOT_VM, &req, &rep, args, sizeof(args)) != 0)
		args[0] = '\0';
	args[sizeof(args) - 1] = '\0';
	return args;
}

/* A second is enough for any speed, unless the UART is broken. */
static void
marker_print(const char *args, uint64_t timebase)
{
	size_t length;
	const char *marker = marker_find(args, &length);

	if (marker == NULL)
		return;
	serve_print(marker, length);
	serve_print("\n", 1);
	serve_settle(clock_now() + timebase);
}

static void
console_start(bool first)
{
	static struct uart uart;
	const char *args = bootargs_get();
	struct vm_console_rep console;
	int error;

	error = vm_console(SLOT_VM, &(struct vm_console_req){}, &console);
	if (error == 0)
		error = uart_open(
		    &uart, console.kind, console.address, console.shift);
	if (error) {
		serve_init(NULL, 0, false);
		return;
	}
	serve_init(&uart, console.timebase / TICKS_A_SECOND,
	    !bootargs_has(args, "noecho"));
	if (first)
		marker_print(args, console.timebase);
}

int main(uint64_t starts);

/* starts is how often a ttysrv was started before. */
int
main(uint64_t starts)
{
	struct ipc_msg msg;

	console_start(starts == 0);
	ipc_recv(SLOT_OWN, RECV_WAIT, &msg);
	for (;;) {
		if (!serve_message(&msg))
			msg.token = 0;
		ipc_reply_recv(SLOT_OWN, &msg);
	}
}

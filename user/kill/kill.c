/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kill.c - send a signal, SIGTERM or another, to processes.
 *
 *	kill [-s SIGNAL | -SIGNAL] PID...
 *	kill [-s SIGNAL | -SIGNAL] -u UID...
 *	kill -l
 *
 * A signal is a number or a name, with or without SIG, in any case.  With -u it
 * goes to all processes of users, at once, so that none can fork away from it.
 */
#include "send.h"

int
main(int argc, char **argv)
{
	(void)argc;
	return kill_command(argv);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * termios.c - speeds in a struct termios; what the console is like can't be
 * asked or changed yet.
 */
#include "internal.h"

#include <termios.h>

speed_t
cfgetispeed(const struct termios *terminal)
{
	return (speed_t)terminal->c_ispeed;
}

speed_t
cfgetospeed(const struct termios *terminal)
{
	return (speed_t)terminal->c_ospeed;
}

/* Returns 0. */
int
cfsetispeed(struct termios *terminal, speed_t speed)
{
	terminal->c_ispeed = (int)speed;
	return 0;
}

int
cfsetospeed(struct termios *terminal, speed_t speed)
{
	terminal->c_ospeed = (int)speed;
	return 0;
}

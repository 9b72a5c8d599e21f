/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys/ioctl.h - what devices can do besides.  The numbers are NetBSD's.
 */
#ifndef _SYS_IOCTL_H_
#define _SYS_IOCTL_H_

#include <sys/cdefs.h>

struct winsize {
	unsigned short ws_row;
	unsigned short ws_col;
	unsigned short ws_xpixel;
	unsigned short ws_ypixel;
};

#define TIOCGWINSZ 0x40087468ul
#define TIOCSWINSZ 0x80087467ul
#define TIOCSCTTY 0x20007461ul
#define TIOCNOTTY 0x20007471ul
#define FIONREAD 0x4004667ful
#define FIONBIO 0x8004667eul

__BEGIN_DECLS

int ioctl(int, unsigned long, ...);

__END_DECLS

#endif

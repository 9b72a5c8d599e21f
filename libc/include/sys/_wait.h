/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys/_wait.h - what sys/wait.h shares with stdlib.h.  The numbers are
 * NetBSD's.
 *
 * A status is
 *
 *	exited		code << 8
 *	killed		signal, | 0x80 with a core file
 *	stopped		signal << 8 | 0177
 *	continued	0xffff
 */
#ifndef _SYS__WAIT_H
#define _SYS__WAIT_H

#define WNOHANG 0x00000001
#define WUNTRACED 0x00000002
#define WSTOPPED WUNTRACED
#define WALTSIG 0x00000004 /* only children that don't send SIGCHLD */
#define WALLSIG 0x00000008 /* whatever children send */
#define WCONTINUED 0x00000010
#define WEXITED 0x00000020
#define WTRAPPED 0x00000040
#define WNOWAIT 0x00010000
#define WNOZOMBIE 0x00020000

#define _WSTOPPED 0177
#define _WCONTINUED 0xffff
#define _WCOREFLAG 0x80
#define _WSIGNAL(status) ((status)&0177)

#define WIFEXITED(status) (_WSIGNAL(status) == 0)
#define WEXITSTATUS(status) (((status) >> 8) & 0xff)
#define WIFCONTINUED(status) ((status) == _WCONTINUED)
#define WIFSTOPPED(status) \
	(_WSIGNAL(status) == _WSTOPPED && !WIFCONTINUED(status))
#define WSTOPSIG(status) WEXITSTATUS(status)
#define WIFSIGNALED(status) \
	(_WSIGNAL(status) != 0 && _WSIGNAL(status) != _WSTOPPED)
#define WTERMSIG(status) _WSIGNAL(status)
#define WCOREDUMP(status) (((status)&_WCOREFLAG) != 0)
#define W_EXITCODE(code, signal) ((code) << 8 | (signal))
#define W_STOPCODE(signal) ((signal) << 8 | _WSTOPPED)

#endif

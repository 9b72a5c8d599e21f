/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys/idtype.h - what an id is of, for waitid().  The numbers are NetBSD's;
 * waiting knows P_ALL, P_PID and P_PGID.
 */
#ifndef _SYS_IDTYPE_H_
#define _SYS_IDTYPE_H_

typedef enum {
	P_ALL = 0, /* anyone */
	P_PID = 1, /* a process */
	P_LWPID = 2, /* an LWP */
	P_PPID = 3, /* a parent process */
	P_PGID = 4, /* a process group */
	P_SID = 5, /* a session */
	P_CID = 6, /* a scheduling class */
	P_UID = 7, /* a user */
	P_GID = 8, /* a group of users */
} idtype_t;

#endif

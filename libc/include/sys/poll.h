/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys/poll.h - another name of poll.h.
 */
#ifndef _SYS_POLL_H_
#define _SYS_POLL_H_

#include <poll.h>

#endif

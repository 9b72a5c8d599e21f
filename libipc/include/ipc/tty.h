/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tty.h - the protocol of ttysrv; see tty.def.
 */
#ifndef TINE_IPC_TTY_H
#define TINE_IPC_TTY_H

#define IPC_PROTOCOL tty
#define IPC_DEF <ipc/tty.def>
#include <ipc/expand.h>
#undef IPC_PROTOCOL
#undef IPC_DEF

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * syscalls.h - the numbers of syscalls.def.
 */
#pragma once

enum syscall_number {
#define IPC(number, name) SYS_##name = number,
#define SYSCALL(number, name, right, kind, arguments) SYS_##name = number,
#define GONE(number, name)
#include "syscalls.def"
#undef IPC
#undef SYSCALL
#undef GONE
	SYS_COUNT = 96
};

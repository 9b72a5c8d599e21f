/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trap.h - what entry.S calls.
 */
#pragma once

#include "../../panic.h"
#include "../../thread.h"

/* A trap from user mode; returns the thread to go on with. */
struct thread *trap_handle(
    struct thread *thread, uint64_t scause, uint64_t stval);

/* A trap from the kernel. */
void trap_kernel(const struct panic_regs *regs) __attribute__((noreturn));

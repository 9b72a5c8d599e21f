/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * panic.h - the end, and its report.
 *
 * The report is the message, the registers if there are any, and a line
 *
 *	panic: backtrace: 0xADDRESS
 *
 * for each function that was at work, with an address inside the instruction
 * that it had come to.  scripts/symbolize turns those into functions and
 * lines.  The kernel is built without frame pointers, which would cost
 * instructions on each path: return addresses are instead found by looking
 * through the stack for words that point behind a call in the kernel's text.
 * Those are marked with "?", since a stale one may be among them.
 *
 * Afterwards: QEMU is ended with status 125 if semihosting is allowed, else
 * the firmware resets the machine, else the hart waits for ever.
 */
#pragma once

#include <abi/types.h>

#include "printk.h"

/* Each hart's kernel stack has this size, and is aligned to it. */
#define KERNEL_STACK_SIZE 8192ul

/* Exit status of an emulator after a panic. */
#define PANIC_STATUS 125

/* The registers of a trap; x[0] is not used. */
struct panic_regs {
	uint64_t x[32];
	uint64_t scause;
	uint64_t stval;
	uint64_t sepc;
	uint64_t sstatus;
};

void panic(const char *format, ...) __attribute__((noreturn, cold))
PRINTF_LIKE(1, 2);

/* The same for a trap that the kernel itself ran into. */
void panic_trap(const struct panic_regs *regs) __attribute__((noreturn, cold));

/*
 * Whether an address in [text, text_end) follows a call instruction.  Both
 * bounds are the addresses of code that may be read.
 */
bool panic_follows_call(uintptr_t address, uintptr_t text, uintptr_t text_end);

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * offsets.h - what entry.S assumes of struct thread and struct hart; trap.c
 * asserts that it is so.
 */
#pragma once

#define THREAD_HART 576
#define THREAD_F 256
#define THREAD_FCSR 512
#define HART_STACK 0
#define HART_ID 32
#define HART_BYTES 1288
#define HART_COUNT 8
#define KERNEL_STACK_BYTES 8192

#define REG(n) ((n)*8)

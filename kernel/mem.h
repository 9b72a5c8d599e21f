/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mem.h - what a freestanding compiler needs (gcc manual, "Standards").
 *
 * Not on any path that is measured: pages have page_zero() and page_copy().
 */
#ifndef TINE_MEM_H
#define TINE_MEM_H

#include <stddef.h>

void *memset(void *to, int value, size_t length);
void *memcpy(void *restrict to, const void *restrict from, size_t length);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigset.h - sets of signals, ours and the protocol's: 64 bits of the 128.
 */
#ifndef TINE_LIBC_SIGSET_H
#define TINE_LIBC_SIGSET_H

#include <signal.h>
#include <stdint.h>

static inline uint64_t
sigset_pack(const sigset_t *set)
{
	return set->__bits[0] | (uint64_t)set->__bits[1] << 32;
}

static inline sigset_t
sigset_unpack(uint64_t bits)
{
	return (sigset_t){{(uint32_t)bits, (uint32_t)(bits >> 32), 0, 0}};
}

#endif

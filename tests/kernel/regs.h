/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * regs.h - threads that use every register; see regs.S.
 */
#ifndef TINE_TESTS_REGS_H
#define TINE_TESTS_REGS_H

#include <stdint.h>

/* Where such a thread can begin; the argument is not looked at. */
void regs_call(uint64_t unused);
void regs_fault(uint64_t unused);
void regs_illegal(uint64_t unused);
void regs_spin(uint64_t unused);
void regs_store(uint64_t unused);
/* A handler: stores a0 to a2 and sp at REGS_SEEN, then calls as above. */
void regs_handler(uint64_t unused);
#define REGS_SEEN 1600
/* Where they trap. */
extern const uint8_t regs_fault_here[], regs_illegal_here[];

void regs_trash_fp(void);

#endif

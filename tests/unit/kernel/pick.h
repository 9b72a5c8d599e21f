/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pick.h - arguments of kernel calls, at random but often right.
 */
#ifndef TINE_TEST_PICK_H
#define TINE_TEST_PICK_H

#include "world.h"

/* Slots to play with: of a space of capabilities, of irqs, and eight of root's. */
#define VICTIM W_FREE
#define PICK_IRQ (W_FREE + 1)
#define PICK_IRQS 2
#define SLOTS_FREE (W_FREE + 8)

/* What follows is decided by it. */
extern uint64_t pick_seed;

/* A number below n. */
uint64_t pick(uint64_t n);

/* A number that is hardly ever right. */
uint64_t pick_odd(void);

/* The name of an object of a kind, sometimes of one that is not. */
objname_t pick_name(enum frame_kind kind);

vaddr_t pick_va(void);
uint64_t pick_flags(void);

/* A token, one that this thread may answer if there is any. */
token_t pick_token(const struct thread *self);

/* An argument; each letter is a kind of one. */
uint64_t pick_argument(char kind, const struct thread *self);

#endif

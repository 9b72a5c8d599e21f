/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_fake_signal.h - the fake's part for signals: frames, and ttysrv.
 */
#ifndef TINE_FAKE_PROC_FAKE_SIGNAL_H
#define TINE_FAKE_PROC_FAKE_SIGNAL_H

#include "proc_fake.h"

/* While not 0, no frame fits: the page and access that are missing. */
extern uint64_t fake_missing;
/*
 * Where the pages of a space are known: the first of a range that can't be
 * written, with ACCESS_WRITE, or 0.  NULL: all but the above can.
 */
extern uint64_t (*fake_page_missing)(
    uint64_t space, uint64_t address, uint64_t length);
/* With this sp none ever does. */
#define FAKE_NO_STACK 0x666000ul
/* What vmsrv was asked to bring last, and whether that will help. */
struct fake_bring {
	uint64_t address;
	uint64_t access;
	bool helps;
};
extern struct fake_bring fake_brought;

/* The registers that lie in the frame by which this call was answered. */
const struct regs *fake_saved_regs(token_t token);

/* Whether a thread makes its AST call now: interrupted, and not waiting. */
bool fake_ast_due(uint64_t identity);

/* Let a thread wait for ttysrv.  When cancelled, its a1 is the answer. */
token_t fake_tty_read(uint64_t identity);
/* ttysrv answers with success before it hears of the cancelling. */
extern bool fake_tty_answers_first;
/* Let it wait for vmsrv, and have that answer. */
token_t fake_vm_call(uint64_t identity);
void fake_vm_answer(uint64_t identity);
/* Or hand the call on to procsrv, which has this token for it. */
token_t fake_vm_forward(uint64_t identity);
/* Have ttysrv answer whom it keeps. */
void fake_tty_answer(uint64_t identity);
/* The error that ttysrv was last told to answer with. */
extern int fake_cancel_error;

#endif

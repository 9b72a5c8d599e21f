/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault.h - what a thread ran into, told to its servers.
 */
#pragma once

#include "thread.h"

/* scause of the first page fault, on fetch; then load and (15) store. */
#define SCAUSE_PAGE_FAULT 12

/*
 * A page fault of current at va: made good here, or sent to the thread's
 * pager as a call in its name.  Returns who should run next (READY, on no
 * queue), or NULL.
 */
struct thread *fault_page(
    struct thread *thread, uint64_t scause, vaddr_t va) LOCKED MUST_CHECK;

/*
 * Have an interrupted thread, READY on no queue, call MSG_AST.  Returns who
 * is READY on no queue then, or NULL.
 */
struct thread *fault_ast(struct thread *thread) LOCKED MUST_CHECK;

/* Any other exception, sent to the thread's exception endpoint; likewise. */
struct thread *fault_exception(
    struct thread *thread, uint64_t scause, uint64_t stval) LOCKED MUST_CHECK;

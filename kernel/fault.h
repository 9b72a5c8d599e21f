/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fault.h - what a thread ran into, told to its servers.
 */
#pragma once

#include "thread.h"

/*
 * A page fault of current at va: made good here, or sent to the thread's
 * pager as a call in its name.  Returns who should run next (READY, on no
 * queue), or NULL.
 */
struct thread *fault_page(
    struct thread *thread, vaddr_t va, uint64_t access) LOCKED MUST_CHECK;

/* Any other exception, sent to the thread's exception endpoint; likewise. */
struct thread *fault_exception(
    struct thread *thread, uint64_t scause, uint64_t stval) LOCKED MUST_CHECK;

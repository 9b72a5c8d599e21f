/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.h - what procsrv believes of itself.
 *
 * PROC_ASSERT is for our own bugs, never for what a client sends.  A false
 * one says so on the console and powers the system off.
 */
#ifndef TINE_PROCSRV_CHECK_H
#define TINE_PROCSRV_CHECK_H

#include "console.h"

#if TINE_ASSERTS
#define PROC_ASSERT(truth) \
	((truth) ? (void)0 : console_assert_failed(#truth, __FILE__, __LINE__))
#else
#define PROC_ASSERT(truth) ((void)sizeof(truth))
#endif

#endif

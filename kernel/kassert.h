/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kassert.h - assertions: statements that only a bug of ours makes false.
 *
 * TINE_ASSERTS is 1 in debug builds and 0 in release builds, where the
 * expression is compiled but not evaluated.  KCHECK() calls a function of
 * tests/invariants, which only debug builds contain.
 */
#pragma once

#include "panic.h"

#ifndef TINE_ASSERTS
#define TINE_ASSERTS 1
#endif

#if TINE_ASSERTS
#include "tests/invariants/invariants.h"
#define KASSERT(expression) \
	((expression) ? (void)0 \
		      : panic("%s:%u: %s: assertion failed: %s", __FILE__, \
			    __LINE__, __func__, #expression))
#define KCHECK(call) (call)
#else
#define KASSERT(expression) ((void)sizeof((expression) ? 1 : 0))
#define KCHECK(call) ((void)0)
#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * point.c - what each thread has for cancellation points.
 */
#include "point.h"

_Thread_local struct cancel __tine_cancel;

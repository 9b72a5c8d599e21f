/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * errors.h - the numbers of errors.def.
 *
 * Where the C library's errno.h is in use, its macros have the same names
 * and the same values; then the names here stand aside.
 */
#pragma once

enum tine_error {
#define ERROR(name, number, text) TINE_##name = number,
#include "errors.def"
#undef ERROR
};

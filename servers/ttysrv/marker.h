/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * marker.h - the line that ttysrv is to print first.
 */
#ifndef TINE_TTYSRV_MARKER_H
#define TINE_TTYSRV_MARKER_H

#include <stddef.h>

/*
 * The value of marker=VALUE among the boot arguments, and its length: up to
 * a blank.  NULL if it is not there, or only in the command for init, which
 * follows the word "--".
 */
const char *marker_find(const char *args, size_t *length);

#endif

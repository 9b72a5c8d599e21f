/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bootargs.h - the words of the boot arguments.
 *
 * Words are separated by blanks.  The word "--" ends them: all that follows
 * is the command for init, and is not looked at.  Plain C without the rest
 * of the kernel, so that servers can link it too.
 */
#ifndef TINE_BOOTARGS_H
#define TINE_BOOTARGS_H

#include <abi/types.h>

/* Whether a word is among the arguments. */
bool bootargs_has(const char *args, const char *word);

/*
 * Find NAME=VALUE and give the start and length of its value, which ends at
 * a blank and is not NUL-terminated.  False, with both untouched, if there
 * is none.
 */
bool bootargs_value(
    const char *args, const char *name, const char **value, size_t *length);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bootargs.c - the words of the boot arguments.
 *
 * Plain C without the rest of the kernel, so that servers can link it too.
 */
#include "bootargs.h"

#include <abi/boot.h>

#include "text.h"

bool
bootargs_has(const char *args, const char *word)
{
	const char *found = text_find(args, BOOT_ARGS_MAX, ' ', word);
	const char *mark = text_find(args, BOOT_ARGS_MAX, ' ', "--");

	return found != NULL && (mark == NULL || found < mark);
}

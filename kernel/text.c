/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * text.c - comparing NUL-terminated strings.
 */
#include "text.h"

#include <abi/boot.h>

const char *
text_after(const char *text, const char *prefix)
{
	while (*prefix != '\0')
		if (*text++ != *prefix++)
			return NULL;
	return text;
}

const char *
text_find(const char *text, size_t limit, char separator, const char *word)
{
	bool begins = true;

	for (; limit > 0 && (*text != '\0' || separator == '\0'); limit--) {
		const char *rest = begins ? text_after(text, word) : NULL;

		if (rest != NULL && (*rest == separator || *rest == '\0'))
			return text;
		begins = *text++ == separator;
	}
	return NULL;
}

bool
bootargs_has(const char *args, const char *word)
{
	const char *found = text_find(args, BOOT_ARGS_MAX, ' ', word);
	const char *mark = text_find(args, BOOT_ARGS_MAX, ' ', "--");

	return found != NULL && (mark == NULL || found < mark);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * text.c - comparing NUL-terminated strings.
 */
#include "text.h"

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

	for (size_t i = 0; i < limit; i++) {
		const char *rest = begins ? text_after(text + i, word) : NULL;

		if (rest != NULL && (*rest == separator || *rest == '\0'))
			return text + i;
		if (text[i] == '\0' && separator != '\0')
			break;
		begins = text[i] == separator;
	}
	return NULL;
}

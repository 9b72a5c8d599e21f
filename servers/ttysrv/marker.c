/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * marker.c - the line that ttysrv is to print first.
 */
#include "marker.h"

#include "text.h"

static bool
ends_word(char c)
{
	return c == '\0' || c == ' ';
}

const char *
marker_find(const char *args, size_t *length)
{
	for (bool begins = true; *args != '\0'; args++) {
		const char *value = text_after(args, "marker=");
		const char *mark = text_after(args, "--");

		if (begins && mark != NULL && ends_word(*mark))
			break;
		if (begins && value != NULL) {
			*length = 0;
			while (!ends_word(value[*length]))
				(*length)++;
			return value;
		}
		begins = ends_word(*args);
	}
	return NULL;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bootargs.c - the words of the boot arguments.
 */
#include "bootargs.h"

static bool
ends_word(char c)
{
	return c == '\0' || c == ' ' || c == '\t' || c == '\n';
}

/* What follows name in a word that begins with it, then as wanted. */
static const char *
find(const char *args, const char *name, bool with_value)
{
	while (*args != '\0') {
		const char *want = name;

		if (args[0] == '-' && args[1] == '-' && ends_word(args[2]))
			break;
		for (; *want != '\0' && *want == *args; want++)
			args++;
		if (*want == '\0' &&
		    (with_value ? *args == '=' : ends_word(*args)))
			return args;
		while (!ends_word(*args))
			args++;
		while (*args != '\0' && ends_word(*args))
			args++;
	}
	return NULL;
}

bool
bootargs_has(const char *args, const char *word)
{
	return find(args, word, false) != NULL;
}

bool
bootargs_value(
    const char *args, const char *name, const char **value, size_t *length)
{
	const char *start = find(args, name, true);
	size_t bytes = 0;

	if (start == NULL)
		return false;
	start++;
	while (!ends_word(start[bytes]))
		bytes++;
	*value = start;
	*length = bytes;
	return true;
}

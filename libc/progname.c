/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * progname.c - the program's own name.
 */
#include "internal.h"

#include <string.h>
#include <unistd.h>

const char *__tine_progname = "";

const char *
getprogname(void)
{
	return __tine_progname;
}

/* Take the last component of a path, which must stay where it is. */
void
setprogname(const char *name)
{
	const char *slash = strrchr(name, '/');

	__tine_progname = slash ? slash + 1 : name;
}

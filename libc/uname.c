/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uname.c - what system this is.
 */
#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <abi/types.h>

#define NAME "tine"

/* Returns 0. */
int
uname(struct utsname *names)
{
	/* What is left of each is zeros. */
	*names = (struct utsname){
	    .sysname = "Tine",
	    .nodename = NAME,
	    .release = "0",
	    .version = "0",
	    .machine = "riscv64",
	};
	return 0;
}

/* Returns 0, or -1 with errno ENAMETOOLONG: no room for it. */
int
gethostname(char *name, size_t size)
{
	if (size < sizeof(NAME))
		return __tine_fail(ENAMETOOLONG);
	memcpy(name, NAME, sizeof(NAME));
	return 0;
}

int
getpagesize(void)
{
	return PAGE_SIZE;
}

int
getdtablesize(void)
{
	return (int)sysconf(_SC_OPEN_MAX);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fail.c - how the POSIX layer's functions fail.
 *
 * Errors of the kernel and the servers have the numbers of errno.h.
 */
#include "internal.h"

#include <errno.h>

#include <abi/errors.h>

_Static_assert(TINE_EAGAIN == EAGAIN && TINE_EDEADLK == EDEADLK, "errno.h");
_Static_assert(TINE_ENOSYS == ENOSYS && TINE_ESTALE == ESTALE, "errno.h");
_Static_assert(TINE_ENAMETOOLONG == ENAMETOOLONG, "errno.h");
_Static_assert(TINE_EOVERFLOW == EOVERFLOW, "errno.h");

int
__tine_fail(int error)
{
	errno = error;
	return -1;
}

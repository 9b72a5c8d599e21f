/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * copy.c - vmsrv's access to the windows of its callers.
 */
#include "copy.h"

#include <ipc/sys.h>

#include "fault.h"
#include "space.h"

#define TRIES 3

/* Bring in the page that a copy stopped at. */
static int
copy_bring(const struct sysret *stopped)
{
	struct space *space = space_lookup(stopped->value2);
	uint64_t page = stopped->value3 & ~PAGE_MASK;
	uint64_t access = stopped->value3 & PAGE_MASK;
	int error;

	if (space == NULL || page >= USER_TOP)
		return TINE_EFAULT;
	error = fault_bring(space, page, access);
	return error == 0 || error == TINE_ENOMEM ? error : TINE_EFAULT;
}

/* Own memory is at own; in: from the window. */
static int
copy_window(
    token_t token, uint64_t offset, uint64_t own, size_t length, bool in)
{
	int tries = 0;

	while (length > 0) {
		struct sysret moved;
		int error;

		moved = in ? sys_copy(0, own, token, offset, length)
			   : sys_copy(token, offset, 0, own, length);
		if (moved.error != 0 && moved.error != TINE_EFAULT)
			return (int)moved.error;
		if (moved.value > length)
			return TINE_EFAULT;
		offset += moved.value;
		own += moved.value;
		length -= moved.value;
		if (moved.value > 0)
			tries = 0;
		if (moved.error == 0)
			continue;
		if (tries++ == TRIES)
			return TINE_EFAULT;
		error = copy_bring(&moved);
		if (error)
			return error;
	}
	return 0;
}

int
copy_in(token_t token, uint64_t offset, void *own, size_t length)
{
	return copy_window(token, offset, (uintptr_t)own, length, true);
}

int
copy_out(token_t token, uint64_t offset, const void *own, size_t length)
{
	return copy_window(token, offset, (uintptr_t)own, length, false);
}

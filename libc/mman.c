/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mman.c - mappings.
 */
#include "internal.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include <ipc/vm.h>

_Static_assert(MAP_ANON == VM_MAP_ANON && MAP_FIXED == VM_MAP_FIXED, "vm.h");
_Static_assert(MAP_SHARED == VM_MAP_SHARED, "vm.h");
_Static_assert(MAP_PRIVATE == VM_MAP_PRIVATE, "vm.h");
_Static_assert(PROT_READ == VM_PROT_READ, "vm.h");
_Static_assert(PROT_WRITE == VM_PROT_WRITE, "vm.h");
_Static_assert(PROT_EXEC == VM_PROT_EXEC, "vm.h");
_Static_assert(MAP_INHERIT_SHARE == VM_INHERIT_SHARE, "vm.h");
_Static_assert(MAP_INHERIT_COPY == VM_INHERIT_COPY, "vm.h");
_Static_assert(MAP_INHERIT_NONE == VM_INHERIT_NONE, "vm.h");
_Static_assert(MAP_INHERIT_ZERO == VM_INHERIT_ZERO, "vm.h");

/*
 * Map memory of zeros.  Returns its address, or MAP_FAILED with errno
 *	EINVAL	length 0, unaligned fixed address, neither private nor shared
 *	ENOMEM	no room, no memory that could be promised, or over a limit
 *	EACCES	memory that is both writable and executable
 *	EBADF	not MAP_ANON, and no descriptor
 *	ENODEV	a descriptor of the console, which can't be mapped
 */
void *
mmap(void *address, size_t length, int protection, int flags, int fd,
    off_t offset)
{
	struct vm_map_req req = {
	    .address = (uintptr_t)address,
	    .length = length,
	    .protection = (uint32_t)protection,
	    .flags = (uint32_t)flags,
	};
	struct vm_map_rep rep;
	int error;

	(void)offset;
	if (flags & MAP_ANON)
		error = vm_map(SLOT_VM, &req, &rep);
	else
		error = fd >= 0 && fd <= STDERR_FILENO ? ENODEV : EBADF;
	if (error) {
		(void)__tine_fail(error);
		return MAP_FAILED;
	}
	return (void *)(uintptr_t)rep.address;
}

/* Returns 0, or -1 with errno EINVAL: unaligned, empty or absurd range. */
int
munmap(void *address, size_t length)
{
	struct vm_unmap_req req = {
	    .address = (uintptr_t)address,
	    .length = length,
	};
	struct vm_unmap_rep rep;

	return tine_result(vm_unmap(SLOT_VM, &req, &rep));
}

/*
 * Returns 0, or -1 with errno EINVAL: unaligned or absurd range; ENOMEM: not
 * all of it is mapped, or no memory could be promised for it; EACCES:
 * writable and executable at once.
 */
int
mprotect(void *address, size_t length, int protection)
{
	struct vm_protect_req req = {
	    .address = (uintptr_t)address,
	    .length = length,
	    .protection = (uint32_t)protection,
	};
	struct vm_protect_rep rep;

	return tine_result(vm_protect(SLOT_VM, &req, &rep));
}

/*
 * Set what a child gets of a range at fork; holes in it are passed over, as
 * in NetBSD.  Returns 0, or -1 with errno EINVAL: unaligned or absurd range,
 * or no such inheritance; ENOMEM: no memory for noting it, or for making what
 * is shared from now on an object.
 */
int
minherit(void *address, size_t length, int inheritance)
{
	struct vm_inherit_req req = {
	    .address = (uintptr_t)address,
	    .length = length,
	    .inheritance = (uint32_t)inheritance,
	};
	struct vm_inherit_rep rep;

	return tine_result(vm_inherit(SLOT_VM, &req, &rep));
}

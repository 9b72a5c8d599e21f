/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm.h - the protocol of vmsrv; see vm.def.
 */
#ifndef TINE_IPC_VM_H
#define TINE_IPC_VM_H

#define IPC_PROTOCOL vm
#define IPC_DEF <ipc/vm.def>
#include <ipc/expand.h>
#undef IPC_PROTOCOL
#undef IPC_DEF

/* Protection and mapping flags: the numbers of sys/mman.h. */
#define VM_PROT_READ 0x01u
#define VM_PROT_WRITE 0x02u
#define VM_PROT_EXEC 0x04u
#define VM_MAP_SHARED 0x0001u
#define VM_MAP_PRIVATE 0x0002u
#define VM_MAP_FIXED 0x0010u
#define VM_MAP_ANON 0x1000u

/* Inheritance: NetBSD's MAP_INHERIT_*. */
#define VM_INHERIT_SHARE 0u
#define VM_INHERIT_COPY 1u
#define VM_INHERIT_NONE 2u
#define VM_INHERIT_ZERO 4u

/* vm_fork() flags. */
#define VM_FORK_SHARE 0x1u /* a new thread in the same space */

/* Flags of vm_exec_commit(). */
#define VM_EXEC_OTHERS 0x1u /* other threads keep the use of the old space */

/* vm_limit() resources. */
enum vm_limit_name {
	VM_LIMIT_DATA = 1,
	VM_LIMIT_STACK = 2,
	VM_LIMIT_AS = 3,
};

#endif

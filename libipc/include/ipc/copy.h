/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * copy.h - a server's access to the windows of its callers.
 */
#ifndef TINE_IPC_COPY_H
#define TINE_IPC_COPY_H

#include <abi/types.h>

/*
 * Copy length bytes from offset of the caller's window to own memory, or the
 * other way.  Pages that are missing are brought in through vmsrv (SLOT_VM).
 * Returns 0 with everything copied; EFAULT outside the window, not permitted,
 * or still missing after three tries; ESTALE the caller is gone; ENOMEM.
 */
int ipc_copy_in(token_t token, uint64_t offset, void *own, size_t length);
int ipc_copy_out(
    token_t token, uint64_t offset, const void *own, size_t length);

#endif

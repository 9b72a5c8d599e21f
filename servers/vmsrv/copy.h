/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * copy.h - vmsrv's access to the windows of its callers.
 *
 * As ipc/copy.h, but vmsrv brings missing pages in itself.
 */
#ifndef TINE_VMSRV_COPY_H
#define TINE_VMSRV_COPY_H

#include <abi/types.h>

/*
 * Copy between a caller's window and own memory.  EFAULT outside the window
 * or not permitted; ESTALE the caller is gone; ENOMEM.
 */
int copy_in(token_t token, uint64_t offset, void *own, size_t length)
    __attribute__((warn_unused_result));
int copy_out(token_t token, uint64_t offset, const void *own, size_t length)
    __attribute__((warn_unused_result));

#endif

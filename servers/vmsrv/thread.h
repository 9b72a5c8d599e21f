/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * thread.h - thread objects, as far as they are memory.
 */
#ifndef TINE_VMSRV_THREAD_H
#define TINE_VMSRV_THREAD_H

#include "space.h"

/* Take what a thread needs: a frame, and room for its message.  ENOMEM. */
int thread_reserve(void) __attribute__((warn_unused_result));
void thread_unreserve(void);

/* Make the thread that was reserved, stopped.  ENOMEM; still reserved. */
int thread_create(struct space *space, uint64_t identity, objname_t *thread)
    __attribute__((warn_unused_result));

/* Destroy a thread, whatever it does.  ESRCH: it is none. */
int thread_destroy(objname_t thread) __attribute__((warn_unused_result));

#endif

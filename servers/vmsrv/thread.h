/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * thread.h - thread objects, as far as they are memory.
 *
 * A thread is known by its name, together with the space that it lives in:
 * a request that names a thread of another space is refused.
 */
#ifndef TINE_VMSRV_THREAD_H
#define TINE_VMSRV_THREAD_H

#include "space.h"

struct thread {
	objname_t name;
	struct thread *next; /* in its space */
	void *link; /* of the pool */
};

void thread_init(void);

/* Take what a thread needs: a frame, and room for its message.  ENOMEM. */
int thread_reserve(void) __attribute__((warn_unused_result));
void thread_unreserve(void);

/* Make the thread that was reserved, stopped.  ENOMEM; still reserved. */
int thread_create(struct space *space, uint64_t identity, objname_t *thread)
    __attribute__((warn_unused_result));

/* Both at once.  ENOMEM; then nothing was taken. */
int thread_add(struct space *space, uint64_t identity, objname_t *thread)
    __attribute__((warn_unused_result));

/* Whether a space has a thread of this name. */
bool thread_in(const struct space *space, objname_t thread);

/*
 * Destroy a thread of a space, whatever it does.  ESRCH: the space has none
 * of this name.
 */
int thread_destroy(struct space *space, objname_t thread)
    __attribute__((warn_unused_result));

/* Let a thread of a space run by another priority.  ESRCH. */
int thread_set_priority(const struct space *space, objname_t thread,
    uint64_t priority) __attribute__((warn_unused_result));

/*
 * Give a thread that does not run another space.  ESRCH: the old one has none
 * of this name, or the kernel would not; then nothing has changed.
 */
int thread_move(struct space *from, struct space *to, objname_t thread)
    __attribute__((warn_unused_result));

#endif

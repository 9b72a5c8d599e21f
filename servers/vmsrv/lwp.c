/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lwp.c - threads added to spaces and taken from them.
 *
 * A space does not say which of its threads is of which process when several
 * processes share it.  But each process has one thread at least, and gives up
 * its use of the space with its last.
 */
#include <ipc/slots.h>

#include "handlers.h"
#include "thread.h"

int
serve_vm_thread_new(const struct ipc_msg *msg,
    const struct vm_thread_new_req *req, struct vm_thread_new_rep *rep)
{
	struct space *space;
	int error;

	error = space_claim_process(req->space, msg, &space);
	if (error)
		return error;
	return thread_add(space, req->identity, &rep->thread);
}

/* The space that a request is about, with the thread in it.  ESRCH. */
static int
thread_claim(const struct ipc_msg *msg, uint64_t tag, objname_t thread,
    struct space **spacep)
{
	int error = space_claim_process(tag, msg, spacep);

	if (error == 0 && !thread_in(*spacep, thread))
		error = TINE_ESRCH;
	return error;
}

int
serve_vm_thread_free(const struct ipc_msg *msg,
    const struct vm_thread_free_req *req, struct vm_thread_free_rep *rep)
{
	struct space *space;
	int error;

	(void)rep;
	error = thread_claim(msg, req->space, req->thread, &space);
	if (error)
		return error;
	if (space->nthreads == space->users)
		return TINE_EBUSY;
	return thread_destroy(space, req->thread);
}

/* Does not wait for a space in transition: it is not about memory. */
int
serve_vm_thread_priority(const struct ipc_msg *msg,
    const struct vm_thread_priority_req *req,
    struct vm_thread_priority_rep *rep)
{
	const struct space *space = space_lookup(req->space);

	(void)msg;
	(void)rep;
	if (req->priority < PRIORITY_USER_LEAST ||
	    req->priority > PRIORITY_USER_MOST)
		return TINE_EINVAL;
	if (space == NULL || space->server != NULL)
		return TINE_ESRCH;
	return thread_set_priority(space, req->thread, req->priority);
}

int
serve_vm_release(const struct ipc_msg *msg, const struct vm_release_req *req,
    struct vm_release_rep *rep)
{
	struct space *space;
	int error;

	(void)rep;
	error = thread_claim(msg, req->space, req->thread, &space);
	if (error)
		return error;
	if (space->users == 1 && space->nthreads > 1)
		return TINE_EBUSY;
	error = thread_destroy(space, req->thread);
	if (error)
		return error;
	space_unuse(space);
	return 0;
}

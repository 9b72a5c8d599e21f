/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * server.h - the other servers: their spaces, which never fault, their ends.
 */
#ifndef TINE_VMSRV_SERVER_H
#define TINE_VMSRV_SERVER_H

#include <abi/types.h>

#include "space.h"

struct server_plan {
	const char *name;
	const char *path; /* in the archive */
	uint64_t badge; /* names it in requests */
	uint64_t priority;
	uint64_t cspace; /* slot */
	uint64_t notification; /* slot, bound to its thread */
	bool vital; /* its end is that of the system */
};

/* Forget all servers. */
void server_init(void);

/*
 * Load a server from the archive and start it: everything it has is present
 * before it runs.  It is told how often it was started before.  The plan is
 * kept.  ENOENT, ENOEXEC, ENOMEM, or an error of the kernel.
 */
int server_start(const struct server_plan *plan)
    __attribute__((warn_unused_result));

/*
 * The server that lives in a space did what cannot be borne.  It is started
 * again on the same endpoint; who waits for its answer gets EIO.  A vital one
 * that fails, or one that keeps failing, ends the system.
 */
void server_failed(const struct space *space, const char *why,
    const uint64_t *words, size_t count);

#endif

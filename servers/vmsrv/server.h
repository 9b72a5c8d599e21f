/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * server.h - the spaces of the other servers, which never fault.
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
	uint64_t notification; /* slot; 0: none is bound */
};

/*
 * Load a server from the archive and start it: everything it has is present
 * before it runs.  ENOENT, ENOEXEC, ENOMEM, or an error of the kernel.
 */
int server_start(const struct server_plan *plan)
    __attribute__((warn_unused_result));

#endif

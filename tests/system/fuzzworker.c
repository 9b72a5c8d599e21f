/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzzworker.c - what a worker's LWPs do, as somebody without rights.
 *
 * Whatever comes of it: a worker may well spoil its own memory, end, stop, or
 * wait for ever.  So it uses nothing of libc's, and the monitor starts another.
 */
#include "fuzz.h"

#include <ipc/proc.h>
#include <ipc/slots.h>

#define SHARE 20000 /* calls of an LWP, if it gets so far */
#define CHILD_SHARE 40 /* of one that was forked */

static _Noreturn void
end(void)
{
	struct proc_exit_req exit = {0};
	struct proc_exit_rep none;

	for (;;)
		(void)proc_exit(SLOT_PROC, &exit, &none);
}

_Noreturn void
fuzz_work(uint64_t seed, uint64_t worker)
{
	struct fuzz_stream stream = {
	    .state = seed,
	    .worker = (uint32_t)(worker % FUZZ_WORKERS),
	    .left = SHARE,
	};

	while (stream.left-- > 0) {
		if (fuzz_call(&stream)) {
			stream.state ^= seed | 1;
			stream.left = CHILD_SHARE;
		}
	}
	end();
}

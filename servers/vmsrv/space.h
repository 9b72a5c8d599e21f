/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * space.h - address spaces: their names, users, promises and page tables.
 *
 * A space is found by its tag: the number of its entry in the low half, the
 * entry's generation in the high one.  The kernel delivers it with whatever
 * comes from the space, and it is stale at once when the space dies.
 *
 *	FREE --create--> LOADING --use--> ALIVE --retire--> DYING --> FREE
 *
 * Promises: every change of the region map is made in three steps.
 * space_reserve() takes what the change may need, the map is changed, and
 * space_settle() gives back what was not needed, after the kernel has given
 * back the pages and tables.
 *
 * A space in transition is one in which a long request is at work.  It goes
 * on in later turns, known by its token; all other requests that concern the
 * space wait for their turn.
 *
 * Invariants (space_check() asserts them):
 *   - held >= map.charged and fed >= map.tables, equal when settled;
 *   - users is 0 iff the space is not ALIVE;
 *   - a space has at least as many threads as users, and is retired without;
 *   - a frame for the root, held and fed frames are charged to the ledger.
 */
#ifndef TINE_VMSRV_SPACE_H
#define TINE_VMSRV_SPACE_H

#include <abi/types.h>
#include <ipc/msg.h>
#include <ipc/vm.h>

#include "region.h"

enum space_state {
	SPACE_FREE = 0,
	SPACE_LOADING = 1,
	SPACE_ALIVE = 2,
	SPACE_DYING = 3,
};

enum transition_kind {
	TRANSITION_UNMAP = 1,
	TRANSITION_PROTECT = 2,
	TRANSITION_FORK = 3,
	TRANSITION_EXCEPT = 4, /* of a fork: what the child is not to have */
	TRANSITION_SNAPSHOT = 5, /* of a fork: copies of shared memory */
};

struct transition {
	token_t token; /* of the request at work; 0: none */
	uint64_t kind;
	uint64_t va; /* how far it came */
	uint64_t end; /* of a fork: of the last region for EXCEPT, or 0 */
	struct space *child; /* of a fork */
};

/* Nothing is ever mapped below: null pointers with an offset fault. */
#define SPACE_LOWEST 0x10000ul

#define LIMITS (VM_LIMIT_AS + 1)
#define UNLIMITED (~0ul)

struct space {
	objname_t name;
	uint64_t tag; /* 0: FREE or DYING */
	uint32_t state; /* enum space_state */
	uint32_t users; /* processes that live in it, or the server */
	uint32_t nthreads;
	uint32_t waiting; /* messages put aside by park_for() */
	struct thread *threads; /* thread.h: the latest first */
	uint64_t held; /* frames promised for private pages */
	uint64_t fed; /* table frames given to the kernel for it */
	struct transition busy;
	struct region_map map;

	/* Addresses. */
	uint64_t low; /* of the program; 0: no segment yet */
	uint64_t heap; /* where the heap begins: end of bss, page aligned */
	uint64_t brk;
	uint64_t stack_top; /* 0: not decided */
	uint64_t stack_low; /* start of the region that grows down */
	uint64_t map_base; /* where the search for room begins */
	uint64_t limits[LIMITS];

	const char *server; /* its name, if it is that of a server */
	uint32_t number;
	uint32_t generation;
	struct space *next; /* DYING */
	void *link; /* of the pool */
};

void space_init(void);

/*
 * A new space with room for so many table frames, and so many pages promised.
 * LOADING, without users.  ENOMEM; then nothing was taken.
 */
int space_create(uint64_t tables, uint64_t pages, struct space **spacep)
    __attribute__((warn_unused_result));

/* LOADING becomes ALIVE with one user; or one user more. */
void space_use(struct space *space);

/* Drop a user; the last one retires the space. */
void space_unuse(struct space *space);

/*
 * End a space: its tag is stale, its objects have one reference less.  Its
 * frames come back by space_step(); the first step is taken at once.
 */
void space_retire(struct space *space);

/* Whether spaces wait to be destroyed; do a bounded part of it. */
bool space_dying(void);
void space_step(void);

/* The space with a tag, or NULL. */
struct space *space_lookup(uint64_t tag);

/*
 * The space that a request concerns, if it may go on now.  ESRCH: no such
 * space.  SERVE_LATER: it is in transition, or others waited for it before;
 * the message was put aside.
 */
int space_claim(uint64_t tag, const struct ipc_msg *msg, struct space **spacep)
    __attribute__((warn_unused_result));

/* The same, if it is that of a process; ESRCH otherwise. */
int space_claim_process(uint64_t tag, const struct ipc_msg *msg,
    struct space **spacep) __attribute__((warn_unused_result));

/* In transition: after space_claim(), by the request that claimed it. */
static inline bool
space_busy(const struct space *space)
{
	return space->busy.token != 0;
}

/* The transition is over. */
static inline void
space_idle(struct space *space)
{
	space->busy.token = 0;
}

/*
 * Promise frames for pages and tables beyond those in use.  ENOMEM; then
 * nothing was taken.
 */
int space_reserve(struct space *space, uint64_t pages, uint64_t tables)
    __attribute__((warn_unused_result));

/* Give back what is promised beyond those in use. */
void space_settle(struct space *space);

/*
 * Unmap a range at once, for those that know it to be small or nobody to
 * wait.  ENOMEM stands for any failure.
 */
int space_unmap(struct space *space, uint64_t start, uint64_t end)
    __attribute__((warn_unused_result));

/* The entry of a page; 0: never mapped. */
uint64_t space_entry(struct space *space, uint64_t va);

void space_check(const struct space *space);

#endif

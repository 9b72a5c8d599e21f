/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ucopy.h - the only way to user memory.
 *
 * No user address is ever dereferenced: pages are found through the space's
 * tables, their permissions checked at the time of the copy, and reached
 * through the direct map.
 */
#pragma once

#include <abi/types.h>
#include "lock.h"
#include "space.h"

/* Where a copy stopped. */
struct ucopy_miss {
	uint64_t tag; /* of the space */
	vaddr_t page;
	uint64_t access; /* ACCESS_READ or ACCESS_WRITE */
	uint64_t entry; /* what the tables say */
};

/*
 * Copy between two spaces, up to the end of a page in either; *done is how
 * much it was, in bytes.  EFAULT: a page is missing or does not permit the
 * access, and miss says which; or the range is no user memory, and
 * miss->page is USER_TOP.
 */
int ucopy(struct space *dst, vaddr_t dva, struct space *src, vaddr_t sva,
    uint64_t length, uint64_t *done, struct ucopy_miss *miss) LOCKED MUST_CHECK;

/* Words of user memory, a page at most, where the kernel sees them. */
struct ucopy_span {
	uint64_t *at;
	uint64_t rest; /* words there, up to the end of the page */
	uint64_t *next; /* where it goes on, if it does */
};

/*
 * Find length bytes, at most PAGE_SIZE.  EFAULT, as for ucopy(); EINVAL: the
 * range is not one of words.
 */
int ucopy_span(struct space *space, vaddr_t va, uint64_t length,
    uint64_t access, struct ucopy_span *span,
    struct ucopy_miss *miss) LOCKED MUST_CHECK;

/* Copy the next words of a span, and step behind them.  Cannot fail. */
void ucopy_get(struct ucopy_span *span, uint64_t *to, uint64_t words) LOCKED;
void ucopy_put(
    struct ucopy_span *span, const uint64_t *from, uint64_t words) LOCKED;

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

/* User memory of a page's length at most, where the kernel sees it. */
struct ucopy_span {
	uint8_t *page[2]; /* it goes on in the second one */
	uint64_t at; /* in the first one */
};

/* Find length bytes, at most PAGE_SIZE.  EFAULT, as for ucopy(). */
int ucopy_span(struct space *space, vaddr_t va, uint64_t length,
    uint64_t access, struct ucopy_span *span,
    struct ucopy_miss *miss) LOCKED MUST_CHECK;

/* Copy the next bytes of a span, and step behind them.  Cannot fail. */
void ucopy_get(struct ucopy_span *span, void *to, uint64_t length) LOCKED;
void ucopy_put(
    struct ucopy_span *span, const void *from, uint64_t length) LOCKED;

/* All of it at once, into kernel memory; EFAULT. */
int ucopy_in(struct space *src, vaddr_t sva, void *to,
    uint64_t length) LOCKED MUST_CHECK;

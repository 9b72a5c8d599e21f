/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ucopy.c - copying to, from and between address spaces; see ucopy.h.
 */
#include "ucopy.h"
#include "cap.h"
#include "kassert.h"

#include <string.h>

#include <abi/errors.h>
#include <abi/msg.h>

static bool
range_is_user(vaddr_t va, uint64_t length)
{
	return length <= USER_TOP && va <= USER_TOP - length;
}

static uint64_t
page_rest(vaddr_t va)
{
	return PAGE_SIZE - (va & PAGE_MASK);
}

/* Where the kernel sees a user address; NULL, and miss, if it may not. */
static void *
user_page(struct space *space, vaddr_t va, uint64_t access,
    struct ucopy_miss *miss) LOCKED
{
	uint64_t *entryp = space_entry(space, va);
	uint64_t entry = entryp == NULL ? 0 : *entryp;
	uint64_t frame;

	if (!pte_permits(entry, access) &&
	    !space_access(space, va, access, &entry))
		goto missing;
	frame = pte_frame(entry);
	if (frame < frames.count && frame_kind(frame) == FRAME_USER)
		return (uint8_t *)object_in(frame) + (va & PAGE_MASK);
missing:
	*miss = (struct ucopy_miss){
	    space->tag.value, va & ~PAGE_MASK, access, entry};
	return NULL;
}

int
ucopy(struct space *dst, vaddr_t dva, struct space *src, vaddr_t sva,
    uint64_t length, uint64_t *done, struct ucopy_miss *miss)
{
	const uint8_t *from;
	uint8_t *to;

	*done = 0;
	*miss = (struct ucopy_miss){.page = USER_TOP};
	if (!range_is_user(dva, length) || !range_is_user(sva, length))
		return TINE_EFAULT;
	if (length > page_rest(dva))
		length = page_rest(dva);
	if (length > page_rest(sva))
		length = page_rest(sva);
	if (length == 0)
		return 0;
	from = user_page(src, sva, ACCESS_READ, miss);
	if (from == NULL)
		return TINE_EFAULT;
	to = user_page(dst, dva, ACCESS_WRITE, miss);
	if (to == NULL)
		return TINE_EFAULT;
	/* Both may be the same page. */
	memmove(to, from, length);
	*done = length;
	return 0;
}

int
ucopy_span(struct space *space, vaddr_t va, uint64_t length, uint64_t access,
    struct ucopy_span *span, struct ucopy_miss *miss)
{
	*miss = (struct ucopy_miss){.page = USER_TOP};
	if ((va | length) % sizeof(uint64_t) != 0)
		return TINE_EINVAL;
	if (!range_is_user(va, length))
		return TINE_EFAULT;
	span->at = user_page(space, va, access, miss);
	if (span->at == NULL)
		return TINE_EFAULT;
	span->rest = page_rest(va) / sizeof(*span->at);
	if (length <= page_rest(va))
		return 0;
	span->next = user_page(space, va + page_rest(va), access, miss);
	return span->next == NULL ? TINE_EFAULT : 0;
}

/* memcpy() for words; registers are many. */
static inline void
words_copy(uint64_t *to, const uint64_t *from, uint64_t n)
{
	for (; n >= 16; n -= 16)
#pragma GCC unroll 16
		for (int i = 0; i < 16; i++)
			*to++ = *from++;
	for (; n > 0; n--)
		*to++ = *from++;
}

/* The next part of a span, in one page; *here is where. */
static inline uint64_t
span_step(struct ucopy_span *span, uint64_t n, uint64_t **here)
{
	if (n > span->rest)
		n = span->rest;
	*here = span->at;
	span->at += n;
	span->rest -= n;
	if (span->rest == 0) {
		span->at = span->next;
		span->rest = PAGE_SIZE / sizeof(*span->at);
	}
	return n;
}

void
ucopy_get(struct ucopy_span *span, uint64_t *to, uint64_t words)
{
	uint64_t *here;

	for (uint64_t n; words > 0; words -= n, to += n) {
		n = span_step(span, words, &here);
		words_copy(to, here, n);
	}
}

void
ucopy_put(struct ucopy_span *span, const uint64_t *from, uint64_t words)
{
	uint64_t *here;

	for (uint64_t n; words > 0; words -= n, from += n) {
		n = span_step(span, words, &here);
		words_copy(here, from, n);
	}
}

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
static uint8_t *
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
	vaddr_t page = va & ~PAGE_MASK;

	*miss = (struct ucopy_miss){.page = USER_TOP};
	*span = (struct ucopy_span){.at = va & PAGE_MASK};
	if (!range_is_user(va, length))
		return TINE_EFAULT;
	for (unsigned int i = 0; i < 2 && page < va + length; i++) {
		span->page[i] = user_page(space, page, access, miss);
		if (span->page[i] == NULL)
			return TINE_EFAULT;
		page += PAGE_SIZE;
	}
	return 0;
}

/* How many of length bytes are in the first page. */
static uint64_t
span_part(const struct ucopy_span *span, uint64_t length)
{
	uint64_t rest = PAGE_SIZE - span->at;

	return length < rest ? length : rest;
}

static void
span_step(struct ucopy_span *span, uint64_t length)
{
	span->at += length;
	if (span->at == PAGE_SIZE)
		*span = (struct ucopy_span){.page[0] = span->page[1]};
}

void
ucopy_get(struct ucopy_span *span, void *to, uint64_t length)
{
	while (length > 0) {
		uint64_t n = span_part(span, length);

		KASSERT(span->page[0] != NULL);
		memcpy(to, span->page[0] + span->at, n);
		span_step(span, n);
		to = (uint8_t *)to + n;
		length -= n;
	}
}

void
ucopy_put(struct ucopy_span *span, const void *from, uint64_t length)
{
	while (length > 0) {
		uint64_t n = span_part(span, length);

		KASSERT(span->page[0] != NULL);
		memcpy(span->page[0] + span->at, from, n);
		span_step(span, n);
		from = (const uint8_t *)from + n;
		length -= n;
	}
}

int
ucopy_in(struct space *src, vaddr_t sva, void *to, uint64_t length)
{
	struct ucopy_span span;
	struct ucopy_miss miss;
	int error;

	error = ucopy_span(src, sva, length, ACCESS_READ, &span, &miss);
	if (error == 0)
		ucopy_get(&span, to, length);
	return error;
}

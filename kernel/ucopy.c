/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ucopy.c - copying to, from and between address spaces; see ucopy.h.
 */
#include "ucopy.h"
#include "cap.h"

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

/* Between kernel memory and a space, in either direction. */
static int
ucopy_kernel(struct space *space, vaddr_t va, uint8_t *kernel, uint64_t length,
    uint64_t access, struct ucopy_miss *miss) LOCKED
{
	*miss = (struct ucopy_miss){.page = USER_TOP};
	if (!range_is_user(va, length))
		return TINE_EFAULT;
	while (length > 0) {
		uint64_t n = page_rest(va) < length ? page_rest(va) : length;
		uint8_t *user = user_page(space, va, access, miss);

		if (user == NULL)
			return TINE_EFAULT;
		if (access == ACCESS_READ)
			memcpy(kernel, user, n);
		else
			memcpy(user, kernel, n);
		kernel += n;
		va += n;
		length -= n;
	}
	return 0;
}

int
ucopy_in(struct space *src, vaddr_t sva, void *to, uint64_t length)
{
	struct ucopy_miss miss;

	return ucopy_kernel(src, sva, to, length, ACCESS_READ, &miss);
}

int
ucopy_out(struct space *dst, vaddr_t dva, void *from, uint64_t length,
    struct ucopy_miss *miss)
{
	return ucopy_kernel(dst, dva, from, length, ACCESS_WRITE, miss);
}

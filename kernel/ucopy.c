/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ucopy.c - copying to, from and between address spaces; see ucopy.h.
 */
#include "ucopy.h"
#include "cap.h"

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
    struct ucopy_miss *miss) REQUIRES(kernel_lock)
{
	uint64_t *entryp = space_entry(space, va);
	uint64_t entry = entryp == NULL ? 0 : *entryp;
	uint64_t frame;

	if (!pte_permits(entry, access)) {
		enum space_access found =
		    space_access(space, va, access, &entry);

		if (found == SPACE_MISSING)
			goto missing;
	}
	frame = pte_frame(entry);
	if (frame < frames.count && frame_kind(frame) == FRAME_USER)
		return (uint8_t *)object_in(frame) + (va & PAGE_MASK);
missing:
	*miss = (struct ucopy_miss){
	    space->tag.value, va & ~PAGE_MASK, access, entry};
	return NULL;
}

/* Like memcpy; words where both sides are aligned. */
static void
bytes_copy(uint8_t *to, const uint8_t *from, uint64_t length)
{
	uint64_t i = 0;

	if ((((uintptr_t)to | (uintptr_t)from) & 7) == 0) {
		uint64_t *to8 = (void *)to;
		const uint64_t *from8 = (const void *)from;

		for (; i + 8 <= length; i += 8)
			*to8++ = *from8++;
	}
	for (; i < length; i++)
		to[i] = from[i];
}

int
ucopy(struct space *dst, vaddr_t dva, struct space *src, vaddr_t sva,
    uint64_t length, uint64_t *done, struct ucopy_miss *miss)
{
	*done = 0;
	*miss = (struct ucopy_miss){.page = USER_TOP};
	if (!range_is_user(dva, length) || !range_is_user(sva, length))
		return TINE_EFAULT;
	while (*done < length) {
		uint64_t n = length - *done;
		const uint8_t *from;
		uint8_t *to;

		if (n > page_rest(dva + *done))
			n = page_rest(dva + *done);
		if (n > page_rest(sva + *done))
			n = page_rest(sva + *done);
		from = user_page(src, sva + *done, ACCESS_READ, miss);
		if (from == NULL)
			return TINE_EFAULT;
		to = user_page(dst, dva + *done, ACCESS_WRITE, miss);
		if (to == NULL)
			return TINE_EFAULT;
		bytes_copy(to, from, n);
		*done += n;
		if (arch_interrupt_pending())
			break;
	}
	return 0;
}

int
ucopy_in(struct space *src, vaddr_t sva, void *to, uint64_t length)
{
	struct ucopy_miss miss;
	uint8_t *out = to;

	if (!range_is_user(sva, length))
		return TINE_EFAULT;
	while (length > 0) {
		uint64_t n = page_rest(sva) < length ? page_rest(sva) : length;
		const uint8_t *from = user_page(src, sva, ACCESS_READ, &miss);

		if (from == NULL)
			return TINE_EFAULT;
		bytes_copy(out, from, n);
		out += n;
		sva += n;
		length -= n;
	}
	return 0;
}

int
ucopy_out(
    struct space *dst, vaddr_t dva, const void *from, uint64_t length)
{
	struct ucopy_miss miss;
	const uint8_t *in = from;

	if (!range_is_user(dva, length))
		return TINE_EFAULT;
	while (length > 0) {
		uint64_t n = page_rest(dva) < length ? page_rest(dva) : length;
		uint8_t *to = user_page(dst, dva, ACCESS_WRITE, &miss);

		if (to == NULL)
			return TINE_EFAULT;
		bytes_copy(to, in, n);
		in += n;
		dva += n;
		length -= n;
	}
	return 0;
}

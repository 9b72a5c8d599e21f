/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * object.c - kernel objects come and go; see object.h.
 */
#include "object.h"
#include "cap.h"
#include "endpoint.h"
#include "notify.h"
#include "space.h"
#include "thread.h"

#include <abi/errors.h>

uint64_t
object_new(enum frame_kind kind)
{
	uint64_t frame = frame_take(kind);

	if (frame != FRAME_NONE)
		page_zero(object_in(frame));
	return frame;
}

int
object_create_thread(struct space *space, uint64_t identity, objname_t *namep)
{
	uint64_t frame = object_new(KIND_THREAD);

	if (frame == FRAME_NONE)
		return TINE_ENOMEM;
	thread_init(object_in(frame), frame, space, identity);
	*namep = frame_name(frame);
	return 0;
}

int
object_create_space(uint64_t tag, uint64_t pool, objname_t *namep)
{
	uint64_t frame;
	int error;

	if (tag >> 63 != 0)
		return TINE_EINVAL;
	error = frame_reserve(pool);
	if (error)
		return error;
	frame = object_new(KIND_SPACE);
	if (frame == FRAME_NONE) {
		frame_unreserve(pool);
		return TINE_ENOMEM;
	}
	space_init(object_in(frame), tag, pool);
	*namep = frame_name(frame);
	return 0;
}

int
object_create_plain(enum frame_kind kind, uint64_t mode, objname_t *namep)
{
	uint64_t frame;

	if (kind == KIND_ENDPOINT && mode > ENDPOINT_SPACE)
		return TINE_EINVAL;
	frame = object_new(kind);
	if (frame == FRAME_NONE)
		return TINE_ENOMEM;
	if (kind == KIND_ENDPOINT)
		endpoint_init(object_in(frame), mode);
	else if (kind == KIND_NOTIFICATION)
		notification_init(object_in(frame));
	*namep = frame_name(frame);
	return 0;
}

int
object_destroy(uint64_t frame)
{
	void *object = object_in(frame);

	if (frames.table[frame].count != 0)
		return TINE_EBUSY;
	switch (frame_kind(frame)) {
	case KIND_THREAD:
		if (object == hart_self()->current)
			return TINE_EBUSY;
		thread_destroy(object);
		return 0;
	case KIND_SPACE:
		return space_destroy(object) ? 0 : TINE_EAGAIN;
	case KIND_ENDPOINT:
		endpoint_drain(object);
		break;
	case KIND_NOTIFICATION:
		notification_end(object);
		break;
	case KIND_CSPACE:
		break;
	default:
		return TINE_EINVAL;
	}
	frame_free(frame, 0);
	return 0;
}

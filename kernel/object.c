/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * object.c - kernel objects come and go; see object.h.
 */
#include "object.h"
#include "cap.h"
#include "endpoint.h"
#include "irq.h"
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
object_create(enum frame_kind kind, struct space *space, uint64_t a, uint64_t b,
    objname_t *namep)
{
	uint64_t pool = kind == KIND_SPACE ? b : 0;
	uint64_t frame;
	void *object;
	int error = kind == KIND_IRQ ? irq_available(a) : 0;

	if (error)
		return error;
	if (kind < KIND_THREAD || kind > KIND_IRQ ||
	    (kind == KIND_SPACE && a >> 63 != 0) ||
	    (kind == KIND_ENDPOINT && a > ENDPOINT_SPACE))
		return TINE_EINVAL;
	if (frame_reserve(pool) != 0)
		return TINE_ENOMEM;
	frame = object_new(kind);
	if (frame == FRAME_NONE) {
		frame_unreserve(pool);
		return TINE_ENOMEM;
	}
	object = object_in(frame);
	if (kind == KIND_THREAD)
		thread_init(object, frame, space, b);
	else if (kind == KIND_SPACE)
		space_init(object, a, pool);
	else if (kind == KIND_ENDPOINT)
		endpoint_init(object, a);
	else if (kind == KIND_NOTIFICATION)
		notification_init(object);
	else if (kind == KIND_IRQ)
		irq_init(object, a);
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
		if (!endpoint_drain(object))
			return TINE_EAGAIN;
		break;
	case KIND_NOTIFICATION:
		notification_end(object);
		break;
	case KIND_IRQ:
		irq_end(object);
		break;
	case KIND_CSPACE:
		break;
	default:
		return TINE_EINVAL;
	}
	frame_free(frame, 0);
	return 0;
}

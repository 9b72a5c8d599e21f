/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * park.c - the queue of messages that were put aside.
 */
#include "park.h"

#include <ipc/message.h>

#include "object.h"
#include "own.h"
#include "report.h"
#include "space.h"

/*
 * Room beyond a message for each thread: a request at work in a space goes on
 * when its caller is killed, until procsrv's release of the space, which
 * waits for it, gets its turn.
 */
#define SPARE 4

struct parked {
	struct ipc_msg msg;
	bool memory; /* waits for memory */
	struct parked *next;
	void *link; /* of the pool */
};

static struct {
	struct pool pool;
	uint32_t threads;
	struct parked *first;
	struct parked *last;
} park;

void
park_init(void)
{
	pool_init(&park.pool, OWN_PARKED, sizeof(struct parked));
	park.threads = 0;
	park.first = NULL;
	park.last = NULL;
}

int
park_thread_add(void)
{
	int error = pool_reserve(&park.pool, park.threads + 1 + SPARE);

	if (error == 0)
		park.threads++;
	return error;
}

/* Whether a message is that of a long request at work in its space. */
static bool
at_work(const struct ipc_msg *msg)
{
	const struct space *space = space_lookup(msg->sender);

	return space != NULL && space->busy.token == msg->token;
}

void
park_thread_remove(objname_t thread)
{
	struct parked **link = &park.first;
	struct parked *parked;
	struct parked *last = NULL;

	ASSERT(park.threads > 0);
	park.threads--;
	while ((parked = *link) != NULL) {
		/* A token bears the frame of its thread. */
		if (((parked->msg.token ^ thread) & NAME_FRAME_MASK) == 0 &&
		    !at_work(&parked->msg)) {
			*link = parked->next;
			pool_free(&park.pool, parked);
			continue;
		}
		last = parked;
		link = &parked->next;
	}
	park.last = last;
}

static int
put_aside(const struct ipc_msg *msg, bool memory)
{
	struct parked *parked = pool_alloc(&park.pool);

	ASSERT(parked != NULL);
	if (parked == NULL)
		return TINE_EAGAIN;
	parked->msg = *msg;
	parked->memory = memory;
	parked->next = NULL;
	if (park.last != NULL)
		park.last->next = parked;
	else
		park.first = parked;
	park.last = parked;
	return SERVE_LATER;
}

int
park_again(const struct ipc_msg *msg)
{
	return put_aside(msg, false);
}

int
park_memory(const struct ipc_msg *msg)
{
	return put_aside(msg, true);
}

bool
park_dying(void)
{
	return space_dying() || object_dying();
}

bool
park_pending(void)
{
	return park.first != NULL || park_dying();
}

/* Take the first message out of the queue. */
static void
take(struct ipc_msg *msg)
{
	struct parked *parked = park.first;

	park.first = parked->next;
	if (park.first == NULL)
		park.last = NULL;
	*msg = parked->msg;
	pool_free(&park.pool, parked);
}

bool
park_step(struct ipc_msg *msg, bool *memory)
{
	space_step();
	object_step();
	if (park.first == NULL)
		return false;
	*memory = park.first->memory;
	take(msg);
	if (!*memory || !park_dying())
		return true;
	(void)put_aside(msg, true);
	return false;
}

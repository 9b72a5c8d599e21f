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
	uint64_t space; /* waits for this one, by its tag; 0: for none */
	struct parked *next;
	void *link; /* of the pool */
};

static struct {
	struct pool pool;
	uint32_t threads;
	struct parked *first;
	struct parked *last;
	token_t turn; /* of the message taken out last */
} park;

void
park_init(void)
{
	pool_init(&park.pool, OWN_PARKED, sizeof(struct parked));
	park.threads = 0;
	park.first = NULL;
	park.last = NULL;
	park.turn = 0;
}

int
park_thread_add(void)
{
	int error = pool_reserve(&park.pool, park.threads + 1 + SPARE);

	if (error == 0)
		park.threads++;
	return error;
}

void
park_thread_drop(void)
{
	ASSERT(park.threads > 0);
	park.threads--;
}

/* Whether a message is that of a long request at work in its space. */
static bool
at_work(const struct ipc_msg *msg)
{
	const struct space *space = space_lookup(msg->sender);

	return space != NULL && space->busy.token == msg->token;
}

/* Take a message out of the queue. */
static void
take(struct parked *parked, struct parked *before)
{
	struct space *space = space_lookup(parked->space);

	if (space != NULL)
		space->waiting--;
	if (before != NULL)
		before->next = parked->next;
	else
		park.first = parked->next;
	if (park.last == parked)
		park.last = before;
	pool_free(&park.pool, parked);
}

void
park_thread_remove(objname_t thread)
{
	struct parked *before = NULL;
	struct parked *next;

	park_thread_drop();
	for (struct parked *parked = park.first; parked != NULL;
	     parked = next) {
		next = parked->next;
		/* A token bears the frame of its thread. */
		if (((parked->msg.token ^ thread) & NAME_FRAME_MASK) == 0 &&
		    !at_work(&parked->msg))
			take(parked, before);
		else
			before = parked;
	}
}

static int
put_aside(const struct ipc_msg *msg, bool memory, uint64_t space)
{
	struct parked *parked = pool_alloc(&park.pool);

	ASSERT(parked != NULL);
	if (parked == NULL)
		return TINE_EAGAIN;
	parked->msg = *msg;
	parked->memory = memory;
	parked->space = space;
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
	return put_aside(msg, false, 0);
}

int
park_memory(const struct ipc_msg *msg)
{
	return put_aside(msg, true, 0);
}

int
park_for(struct space *space, const struct ipc_msg *msg)
{
	int error = put_aside(msg, false, space->tag);

	if (error == SERVE_LATER)
		space->waiting++;
	return error;
}

bool
park_is_due(const struct ipc_msg *msg)
{
	return msg->token == park.turn;
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

/* Whether a message can be made again. */
static bool
ready(const struct parked *parked)
{
	const struct space *space = space_lookup(parked->space);

	return space == NULL || !space_busy(space);
}

bool
park_step(struct ipc_msg *msg, bool *memory)
{
	struct parked *parked = park.first;
	struct parked *before = NULL;

	space_step();
	object_step();
	/* Who waits for a space keeps its place until that is idle. */
	while (parked != NULL && !ready(parked)) {
		before = parked;
		parked = parked->next;
	}
	if (parked == NULL)
		return false;
	*memory = parked->memory;
	*msg = parked->msg;
	take(parked, before);
	park.turn = msg->token;
	if (!*memory || !park_dying())
		return true;
	(void)put_aside(msg, true, 0);
	return false;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * object.c - shared anonymous memory.
 *
 * Frames are listed in pages of vmsrv's own memory: an object of up to
 * LIST_FRAMES pages has one list, a larger one a page of pointers to lists.
 */
#include "object.h"

#include <ipc/sys.h>

#include "ledger.h"
#include "own.h"
#include "report.h"
#include "root.h"

#define LIST_SHIFT 10
#define LIST_FRAMES (1ul << LIST_SHIFT)
#define LISTS (PAGE_SIZE / sizeof(uint32_t *))
#define STEP_FRAMES 64 /* freed in one step */

struct object {
	union {
		uint32_t *list; /* pages <= LIST_FRAMES */
		uint32_t **lists; /* else */
	};
	uint64_t pages;
	uint64_t freed; /* dying: pages looked at so far */
	uint32_t refs;
	uint32_t made; /* not 0: it bore its number before */
	uint64_t number;
	uint64_t serial;
	struct object *next; /* dying */
	void *link; /* of the pool */
};

static struct pool objects;
static struct object *dying;
static uint32_t deferred;
static uint64_t last_serial;

void
object_init(void)
{
	pool_init(&objects, OWN_OBJECTS, sizeof(struct object));
	dying = NULL;
	deferred = 0;
}

static struct object *
object_at(uint32_t number)
{
	ASSERT(number < objects.made);
	return pool_item(&objects, number);
}

static uint64_t
list_count(uint64_t pages)
{
	return (pages + LIST_FRAMES - 1) >> LIST_SHIFT;
}

static void
lists_free(struct object *object, uint64_t count)
{
	if (object->pages <= LIST_FRAMES) {
		own_page_free(object->list);
		return;
	}
	for (uint64_t i = 0; i < count; i++)
		own_page_free(object->lists[i]);
	own_page_free(object->lists);
}

/* Take the memory for the lists.  ENOMEM. */
static int
lists_alloc(struct object *object)
{
	uint64_t count = list_count(object->pages);

	object->list = own_page_alloc();
	if (object->list == NULL)
		return TINE_ENOMEM;
	if (count == 1)
		return 0;
	for (uint64_t i = 0; i < count; i++) {
		object->lists[i] = own_page_alloc();
		if (object->lists[i] == NULL) {
			lists_free(object, i);
			return TINE_ENOMEM;
		}
	}
	return 0;
}

/* A free object that knows its number. */
static struct object *
object_take(void)
{
	uint32_t fresh = objects.made;
	struct object *object = pool_alloc(&objects);

	if (object != NULL && !object->made) {
		/* Memory is only made for the one that is asked for. */
		object->number = fresh;
		object->made = 1;
	}
	return object;
}

int
object_create(uint64_t pages, uint32_t *number)
{
	struct object *object;
	int error;

	if (list_count(pages) > LISTS)
		return TINE_ENOMEM;
	error = ledger_charge(pages);
	if (error)
		return error;
	object = object_take();
	if (object == NULL) {
		error = TINE_ENOMEM;
		goto undo_charge;
	}
	object->pages = pages;
	error = lists_alloc(object);
	if (error)
		goto undo_object;
	object->refs = 1;
	object->freed = 0;
	object->serial = ++last_serial;
	*number = (uint32_t)object->number;
	return 0;

undo_object:
	pool_free(&objects, object);
undo_charge:
	ledger_release(pages);
	return error;
}

uint64_t
object_serial(uint32_t number)
{
	return object_at(number)->serial;
}

void
object_ref(uint32_t number)
{
	object_at(number)->refs++;
}

void
object_unref(uint32_t number)
{
	struct object *object = object_at(number);

	ASSERT(object->refs > 0);
	if (--object->refs > 0)
		return;
	object->next = dying;
	dying = object;
}

static uint32_t *
frame_slot(struct object *object, uint64_t page)
{
	ASSERT(page < object->pages);
	if (object->pages <= LIST_FRAMES)
		return &object->list[page];
	return &object->lists[page >> LIST_SHIFT][page & (LIST_FRAMES - 1)];
}

uint64_t
object_peek(uint32_t number, uint64_t page)
{
	return *frame_slot(object_at(number), page);
}

int
object_frame(uint32_t number, uint64_t page, uint64_t *frame)
{
	uint32_t *slot = frame_slot(object_at(number), page);
	struct sysret fresh;

	if (*slot == 0) {
		fresh = sys_frame_alloc(ROOT_MEMORY);
		if (fresh.error != 0)
			return TINE_ENOMEM;
		*slot = (uint32_t)fresh.value;
	}
	*frame = *slot;
	return 0;
}

void
object_defer(void)
{
	deferred++;
}

void
object_undefer(void)
{
	ASSERT(deferred > 0);
	deferred--;
}

bool
object_dying(void)
{
	return dying != NULL;
}

void
object_step(void)
{
	struct object *object = dying;
	uint64_t stop;

	if (object == NULL || deferred > 0)
		return;
	stop = object->freed + STEP_FRAMES;
	if (stop > object->pages)
		stop = object->pages;
	for (; object->freed < stop; object->freed++) {
		uint32_t frame = *frame_slot(object, object->freed);

		if (frame != 0)
			(void)sys_frame_free(ROOT_MEMORY, frame);
	}
	if (stop < object->pages)
		return;
	dying = object->next;
	lists_free(object, list_count(object->pages));
	ledger_release(object->pages);
	pool_free(&objects, object);
}

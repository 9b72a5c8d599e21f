/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pick.c - arguments of kernel calls; see pick.h.
 */
#include "pick.h"
#include "fake_arch.h"
#include "space_impl.h"

uint64_t pick_seed;

uint64_t
pick(uint64_t n)
{
	return world_pick(&pick_seed, n);
}

/* A random frame of a kind, or FRAME_NONE. */
static uint64_t
pick_frame(enum frame_kind kind)
{
	uint64_t found = FRAME_NONE, n = 0;

	for (uint64_t i = 0; i < frames.count; i++) {
		if (frame_kind(i) == kind && pick(++n) == 0)
			found = i;
	}
	return found;
}

uint64_t
pick_odd(void)
{
	static const uint64_t odd[] = {0, 1, 7, 8, PAGE_SIZE, FAKE_FRAMES,
	    NAME_FRAME_MASK, USER_TOP, 1ul << 39, 1ul << 52, 1ul << 63,
	    0xffffffc000000000ul, ~0ul, ~PAGE_MASK};

	if (pick(4) == 0)
		return world_random(&pick_seed) << 20 ^
		       world_random(&pick_seed);
	return odd[pick(sizeof(odd) / sizeof(odd[0]))];
}

/* The name of an object of a kind, sometimes of one that is not. */
objname_t
pick_name(enum frame_kind kind)
{
	uint64_t frame = pick_frame(kind);
	objname_t name;

	if (frame == FRAME_NONE || pick(20) == 0)
		return pick_odd();
	name = frame_name(frame);
	/* What keeps the test going is left alone. */
	if (name == world.idle->name || name == world.space_name)
		return pick_odd();
	return pick(20) == 0 ? name + NAME_GENERATION_ONE : name;
}

static objname_t
pick_object(void)
{
	return pick_name((enum frame_kind)(
	    KIND_THREAD + pick(KIND_NOTIFICATION - KIND_THREAD + 1)));
}

vaddr_t
pick_va(void)
{
	static const vaddr_t bases[] = {
	    0, 3 * MEGAPAGE, GIGAPAGE + MEGAPAGE, USER_TOP - 4 * PAGE_SIZE};

	if (pick(16) == 0)
		return pick_odd();
	return bases[pick(4)] + pick(4) * PAGE_SIZE;
}

uint64_t
pick_flags(void)
{
	static const uint64_t prots[] = {0, MAP_PAGE_READ,
	    MAP_PAGE_READ | MAP_PAGE_WRITE, MAP_PAGE_READ | MAP_PAGE_WRITE,
	    MAP_PAGE_READ | MAP_PAGE_EXEC, MAP_PAGE_WRITE};
	static const uint64_t more[] = {MAP_PAGE_ZERO, MAP_PAGE_ZERO,
	    MAP_PAGE_ZERO | MAP_PAGE_COW, MAP_PAGE_COW, MAP_PAGE_SHARED,
	    MAP_PAGE_COPY | MAP_PAGE_BYTES(77), 0,
	    MAP_PAGE_DEVICE | MAP_PAGE_DEVICE_SLOT(W_DEVICES)};

	if (pick(16) == 0)
		return pick_odd();
	return prots[pick(6)] | more[pick(8)];
}

/* A token, one that this thread may answer if there is any. */
token_t
pick_token(const struct thread *self)
{
	token_t token = pick_odd();
	uint64_t n = 0;

	if (pick(16) == 0)
		return token;
	for (uint64_t i = 0; i < frames.count; i++) {
		const struct thread *thread = object_in(i);

		if (frame_kind(i) == KIND_THREAD &&
		    thread->reply_name == self->name && pick(++n) == 0)
			token = thread->token;
	}
	return token;
}

static uint64_t
pick_of(const uint64_t *slots, uint64_t n)
{
	if (pick(24) == 0)
		return pick(2) == 0 ? pick(CSPACE_SLOTS) : pick_odd();
	return slots[pick(n)];
}

/* An argument; each letter is a kind of one. */
uint64_t
pick_argument(char kind, const struct thread *self)
{
	static const uint64_t memories[] = {W_MEMORY};
	static const uint64_t endpoints[] = {
	    W_ENDPOINT, W_ENDPOINT2, W_BADGED, W_ENDPOINT2};
	static const uint64_t notifications[] = {W_NOTIFICATION};
	static const uint64_t cspaces[] = {W_CSPACE, VICTIM};
	static const uint64_t systems[] = {W_SYSTEM};
	static const uint64_t irq_slots[PICK_IRQS] = {PICK_IRQ, PICK_IRQ + 1};

	switch (kind) {
	case 'm':
		return pick_of(memories, 1);
	case 'e':
		return pick_of(endpoints, 4);
	case 'n':
		return pick_of(notifications, 1);
	case 'i':
		return pick_of(irq_slots, PICK_IRQS);
	case 'c':
		return pick_of(cspaces, 2);
	case 'y':
		return pick_of(systems, 1);
	case 's': /* slots that may be overwritten */
		return SLOTS_FREE + pick(8);
	case 'T':
		return pick_name(KIND_THREAD);
	case 'S':
		return pick_name(KIND_SPACE);
	case 'O':
		return pick_object();
	case 'F':
		return pick(8) == 0 ? ~0ul : pick_frame(FRAME_USER);
	case 'v':
		return pick_va();
	case 'f':
		return pick_flags();
	case 'k':
		return pick_token(self);
	case 'p': /* memory of root's */
		return W_DATA + pick(2 * PAGE_SIZE);
	case '#':
		return pick(12);
	case '1':
		return pick(2);
	case 'l': /* pages or bytes */
		return pick(4) == 0 ? pick(3 * SV39_ENTRIES) : pick(9);
	case 't': /* a time */
		return fake_arch.now + pick(30000);
	case 'd':
		return pick(12) - 4;
	default:
		return pick_odd();
	}
}

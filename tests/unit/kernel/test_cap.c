/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_cap.c - capabilities: what they name, permit, and survive.
 */
#include "world.h"
#include "fake_arch.h"

#define S0 W_FREE
#define S1 (W_FREE + 1)
#define S2 (W_FREE + 2)

static int
lookup(uint64_t slot, uint64_t rights)
{
	struct cap *cap = NULL;
	int error = cap_lookup(world.slots, slot, rights, &cap);

	assert_int_equal(cap != NULL, error == 0);
	if (cap != NULL)
		assert_ptr_equal(cap, &world.slots[slot]);
	return error;
}

static void
a_thread_without_a_space_has_no_capabilities(void **state)
{
	struct cap *cap = NULL;

	(void)state;
	assert_int_equal(
	    cap_lookup(NULL, W_MEMORY, RIGHT_ALL, &cap), TINE_EBADF);
	assert_null(cap);
}

static void
there_are_only_as_many_slots(void **state)
{
	static const uint64_t bad[] = {CSPACE_SLOTS, CSPACE_SLOTS + W_MEMORY,
	    1ul << 32 | W_MEMORY, 1ul << 63 | W_MEMORY, ~0ul};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(lookup(bad[i], RIGHT_ALL), TINE_EBADF);
	assert_int_equal(lookup(CSPACE_SLOTS - 1, RIGHT_ALL), TINE_EBADF);
	assert_int_equal(lookup(0, RIGHT_ALL), TINE_EBADF);
	assert_int_equal(lookup(W_MEMORY, RIGHT_ALL), 0);
}

static void
one_of_the_rights_asked_for_is_enough_and_none_is_not(void **state)
{
	(void)state;
	assert_int_equal(lookup(W_ENDPOINT, RIGHT_SEND), 0);
	assert_int_equal(lookup(W_ENDPOINT, RIGHT_SEND | RIGHT_EDIT), 0);
	assert_int_equal(lookup(W_BADGED, RIGHT_RECEIVE), TINE_EBADF);
	assert_int_equal(lookup(W_STEWARD, RIGHT_OWNER), TINE_EBADF);
	assert_int_equal(lookup(W_STEWARD, RIGHT_OWNER | RIGHT_STEWARD), 0);
	assert_int_equal(lookup(W_ENDPOINT, 0), TINE_EBADF);
}

/* Any right of another kind is refused, so a right tells the kind. */
static void
no_capability_has_a_right_of_another_kind(void **state)
{
	static const uint64_t slots[] = {W_CSPACE, W_MEMORY, W_DEVICES,
	    W_SYSTEM, W_ENDPOINT, W_NOTIFICATION, W_FREE};

	(void)state;
	world_name(W_FREE, world_new(KIND_IRQ, 1, 0), RIGHT_IRQ, 0);
	for (uint64_t right = 1; right <= RIGHT_ALL; right <<= 1) {
		unsigned int having = 0;

		for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
			having += lookup(slots[i], right) == 0;
		assert_int_equal(having, 1);
	}
}

static void
each_kind_has_rights_of_its_own(void **state)
{
	uint64_t seen = 0;

	(void)state;
	for (unsigned int kind = 0; kind < 256; kind++) {
		uint64_t rights = cap_rights_of((enum frame_kind)kind);

		assert_int_equal(rights & seen, 0);
		seen |= rights;
	}
	assert_int_equal(seen, RIGHT_ALL);
	assert_int_equal(cap_rights_of(FRAME_USER), 0);
	assert_int_equal(cap_rights_of(FRAME_TABLE), 0);
	assert_int_equal(cap_rights_of(KIND_THREAD), 0);
	assert_int_equal(cap_rights_of(KIND_SPACE), 0);
}

static void
a_capability_leads_to_its_object(void **state)
{
	struct cap *cap = NULL;
	void *object;

	(void)state;
	assert_int_equal(
	    cap_lookup(world.slots, W_ENDPOINT, RIGHT_SEND, &cap), 0);
	object = object_of(cap->frame);
	assert_ptr_equal(object, world.endpoint);
	assert_int_equal(
	    cap_lookup(world.slots, W_CSPACE, RIGHT_EDIT, &cap), 0);
	object = object_of(cap->frame);
	assert_ptr_equal(object, world.slots);
}

/* Staleness. */

static void
all_capabilities_to_an_object_end_with_it(void **state)
{
	objname_t name = world_new(KIND_ENDPOINT, 0, 0);

	(void)state;
	world_name(S0, name, RIGHT_SEND | RIGHT_RECEIVE, 0);
	world_name(S1, name, RIGHT_SEND, 5);
	ASSERT_CALL(cap_copy, W_CSPACE, S2, S0, RIGHT_RECEIVE, 0);
	ASSERT_CALL(destroy, W_MEMORY, name);
	assert_int_equal(lookup(S0, RIGHT_SEND), TINE_ESTALE);
	assert_int_equal(lookup(S1, RIGHT_SEND), TINE_ESTALE);
	assert_int_equal(lookup(S2, RIGHT_RECEIVE), TINE_ESTALE);
	assert_int_equal(
	    CALL(cap_copy, W_CSPACE, S2, S0, RIGHT_ALL, 0), TINE_ESTALE);
	/* A stale one can still be taken out of its slot. */
	ASSERT_CALL(cap_delete, W_CSPACE, S0);
	assert_int_equal(lookup(S0, RIGHT_SEND), TINE_EBADF);
}

static void
a_new_object_in_the_frame_is_not_the_old_one(void **state)
{
	static const enum frame_kind kinds[] = {
	    KIND_ENDPOINT, KIND_NOTIFICATION, KIND_CSPACE};
	objname_t first = world_new(KIND_ENDPOINT, 0, 0), name = first;

	(void)state;
	world_name(S0, first, RIGHT_SEND | RIGHT_RECEIVE, 0);
	for (unsigned int i = 0; i < 9; i++) {
		ASSERT_CALL(destroy, W_MEMORY, name);
		name = world_new(kinds[i % 3], 0, 0);
		assert_int_equal(
		    name & NAME_FRAME_MASK, first & NAME_FRAME_MASK);
		assert_int_equal(lookup(S0, RIGHT_SEND), TINE_ESTALE);
		assert_int_equal(lookup(S0, RIGHT_RECEIVE), TINE_ESTALE);
	}
	ASSERT_CALL(destroy, W_MEMORY, name);
	assert_int_equal(lookup(S0, RIGHT_SEND), TINE_ESTALE);
	assert_int_equal(world_frame(0), first & NAME_FRAME_MASK);
	assert_int_equal(lookup(S0, RIGHT_SEND), TINE_ESTALE);
}

/* Copies. */

static void
a_copy_has_at_most_the_rights_of_its_source(void **state)
{
	(void)state;
	ASSERT_CALL(cap_copy, W_CSPACE, S0, W_ENDPOINT, RIGHT_ALL, 0);
	assert_int_equal(world.slots[S0].rights, RIGHT_SEND | RIGHT_RECEIVE);
	ASSERT_CALL(cap_copy, W_CSPACE, S1, S0, RIGHT_SEND, 0);
	assert_int_equal(world.slots[S1].rights, RIGHT_SEND);
	ASSERT_CALL(cap_copy, W_CSPACE, S2, S1, ~0ul, 0);
	assert_int_equal(world.slots[S2].rights, RIGHT_SEND);
	assert_int_equal(
	    CALL(cap_copy, W_CSPACE, S2, S1, RIGHT_RECEIVE, 0), TINE_EINVAL);
	assert_int_equal(CALL(cap_copy, W_CSPACE, S2, S1, 0, 0), TINE_EINVAL);
	ASSERT_CALL(cap_copy, W_CSPACE, S2, W_MEMORY, RIGHT_STEWARD, 0);
	assert_int_equal(lookup(S2, RIGHT_OWNER), TINE_EBADF);
	world_check();
}

static void
a_badge_once_given_stays(void **state)
{
	(void)state;
	ASSERT_CALL(cap_copy, W_CSPACE, S0, W_ENDPOINT, RIGHT_SEND, 3);
	assert_int_equal(world.slots[S0].badge, 3);
	assert_int_equal(
	    CALL(cap_copy, W_CSPACE, S1, S0, RIGHT_SEND, 4), TINE_EPERM);
	assert_int_equal(lookup(S1, RIGHT_SEND), TINE_EBADF);
	ASSERT_CALL(cap_copy, W_CSPACE, S1, S0, RIGHT_SEND, 0);
	assert_int_equal(world.slots[S1].badge, 3);
	ASSERT_CALL(cap_copy, W_CSPACE, S1, S0, RIGHT_SEND, 3);
	assert_int_equal(world.slots[S1].badge, 3);
}

/* Where the badge of an object is, memory has its size. */
static void
memory_and_system_take_no_badge(void **state)
{
	struct cap memory = world.slots[W_MEMORY];

	(void)state;
	assert_int_equal(
	    CALL(cap_copy, W_CSPACE, S0, W_MEMORY, RIGHT_ALL, memory.pages + 1),
	    TINE_EINVAL);
	assert_int_equal(
	    CALL(cap_copy, W_CSPACE, S0, W_SYSTEM, RIGHT_ALL, 1), TINE_EINVAL);
	ASSERT_CALL(cap_copy, W_CSPACE, S0, W_MEMORY, RIGHT_ALL, 0);
	assert_memory_equal(&world.slots[S0], &memory, sizeof(memory));
}

static void
a_slot_can_be_copied_onto_itself(void **state)
{
	(void)state;
	ASSERT_CALL(cap_copy, W_CSPACE, S0, W_ENDPOINT, RIGHT_ALL, 0);
	ASSERT_CALL(cap_copy, W_CSPACE, S0, S0, RIGHT_SEND, 8);
	assert_int_equal(world.slots[S0].rights, RIGHT_SEND);
	assert_int_equal(world.slots[S0].badge, 8);
	assert_int_equal(lookup(S0, RIGHT_SEND), 0);
}

static void
another_space_is_filled_through_a_capability_to_it(void **state)
{
	objname_t name = world_new(KIND_CSPACE, 0, 0);
	struct cap *slots = object_in(name & NAME_FRAME_MASK);

	(void)state;
	world_name(S0, name, RIGHT_EDIT, 0);
	ASSERT_CALL(cap_copy, S0, 9, W_ENDPOINT, RIGHT_SEND, 2);
	assert_int_equal(slots[9].rights, RIGHT_SEND);
	ASSERT_CALL(
	    cap_name, S0, 10, world.cspace_name, RIGHT_EDIT, 0, W_MEMORY);
	world_check();
	ASSERT_CALL(cap_delete, S0, 9);
	assert_int_equal(slots[9].rights, 0);
	assert_int_equal(
	    CALL(cap_copy, S0, CSPACE_SLOTS, W_ENDPOINT, RIGHT_SEND, 0),
	    TINE_EINVAL);
	assert_int_equal(CALL(cap_delete, S0, CSPACE_SLOTS), TINE_EINVAL);
	ASSERT_CALL(destroy, W_MEMORY, name);
	assert_int_equal(
	    CALL(cap_copy, S0, 9, W_ENDPOINT, RIGHT_SEND, 0), TINE_ESTALE);
}

/* Names. */

static int
named(objname_t name, enum frame_kind kind)
{
	void *object = NULL;
	int error =
	    cap_named(world.slots, W_MEMORY, RIGHT_OWNER, name, kind, &object);

	if (error == 0)
		assert_ptr_equal(object, object_in(name & NAME_FRAME_MASK));
	else
		assert_null(object);
	return error;
}

static void
a_name_means_one_object_of_one_kind(void **state)
{
	objname_t space = world.space_name, thread = world.root->name;

	(void)state;
	assert_int_equal(named(space, KIND_SPACE), 0);
	assert_int_equal(named(space, KIND_THREAD), TINE_ESTALE);
	assert_int_equal(named(thread, KIND_THREAD), 0);
	assert_int_equal(named(thread, KIND_SPACE), TINE_ESTALE);
	assert_int_equal(named(world.cspace_name, KIND_SPACE), TINE_ESTALE);
}

static void
a_forged_name_means_nothing(void **state)
{
	objname_t name = world.space_name;
	uint64_t frame = world_frame(0);
	uint64_t table = pte_frame(world.space->user[0]);

	(void)state;
	assert_int_equal(
	    named(name + NAME_GENERATION_ONE, KIND_SPACE), TINE_ESTALE);
	assert_int_equal(
	    named(name - NAME_GENERATION_ONE, KIND_SPACE), TINE_ESTALE);
	assert_int_equal(
	    named(name & NAME_FRAME_MASK, KIND_SPACE), TINE_ESTALE);
	assert_int_equal(named(name ^ 1ul << 63, KIND_SPACE), TINE_ESTALE);
	/* Frames that are pages, tables, free, the kernel's. */
	assert_int_equal(named(frame, KIND_SPACE), TINE_ESTALE);
	assert_int_equal(named(table, KIND_SPACE), TINE_ESTALE);
	assert_int_equal(named(FAKE_FRAMES - 1, KIND_SPACE), TINE_ESTALE);
	assert_int_equal(named(0, KIND_SPACE), TINE_ESTALE);
	/* Names beyond RAM. */
	assert_int_equal(named(FAKE_FRAMES, KIND_SPACE), TINE_EINVAL);
	assert_int_equal(named(NAME_FRAME_MASK, KIND_SPACE), TINE_EINVAL);
	assert_int_equal(named(~0ul, KIND_SPACE), TINE_EINVAL);
}

static void
a_name_ends_with_its_object(void **state)
{
	objname_t name = world_space(0), again;

	(void)state;
	assert_int_equal(named(name, KIND_SPACE), 0);
	ASSERT_CALL(destroy, W_MEMORY, name);
	assert_int_equal(named(name, KIND_SPACE), TINE_ESTALE);
	again = world_space(0);
	assert_int_equal(again & NAME_FRAME_MASK, name & NAME_FRAME_MASK);
	assert_int_equal(named(name, KIND_SPACE), TINE_ESTALE);
	assert_int_equal(named(again, KIND_SPACE), 0);
	assert_int_equal(CALL(destroy, W_MEMORY, name), TINE_ESTALE);
}

static void
authority_is_over_its_range_only(void **state)
{
	struct cap *cap = &world.slots[S0];

	(void)state;
	*cap = world.slots[W_MEMORY];
	cap->first += 10;
	cap->pages = 5;
	for (uint64_t frame = 0; frame < 20; frame++)
		assert_int_equal(
		    cap_authority(world.slots, S0, RIGHT_OWNER, frame),
		    frame >= 10 && frame < 15 ? 0 : TINE_EINVAL);
	assert_int_equal(
	    cap_authority(world.slots, S0, RIGHT_OWNER, FAKE_FRAMES),
	    TINE_EINVAL);
	assert_int_equal(
	    cap_authority(world.slots, S0, RIGHT_OWNER, ~0ul), TINE_EINVAL);
	assert_int_equal(
	    cap_authority(world.slots, S0, RIGHT_MAP, 10), TINE_EBADF);
	assert_int_equal(
	    cap_authority(world.slots, W_ENDPOINT, RIGHT_OWNER, 10),
	    TINE_EBADF);
	/* A range that reaches past RAM does not make frames of it. */
	cap->pages = 1ul << 40;
	assert_int_equal(
	    cap_authority(world.slots, S0, RIGHT_OWNER, FAKE_FRAMES - 1), 0);
	assert_int_equal(
	    cap_authority(world.slots, S0, RIGHT_OWNER, FAKE_FRAMES),
	    TINE_EINVAL);
}

static void
the_check_notices_a_right_of_another_kind(void **state)
{
	(void)state;
	world.slots[S0] = world.slots[W_ENDPOINT];
	world.slots[S0].rights = RIGHT_EDIT;
	EXPECT_PANIC(cap_check(world.slots));
	world.slots[S0].rights = 0;
	cap_check(world.slots);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_thread_without_a_space_has_no_capabilities),
	    TEST(there_are_only_as_many_slots),
	    TEST(one_of_the_rights_asked_for_is_enough_and_none_is_not),
	    TEST(no_capability_has_a_right_of_another_kind),
	    TEST(each_kind_has_rights_of_its_own),
	    TEST(a_capability_leads_to_its_object),
	    TEST(all_capabilities_to_an_object_end_with_it),
	    TEST(a_new_object_in_the_frame_is_not_the_old_one),
	    TEST(a_copy_has_at_most_the_rights_of_its_source),
	    TEST(a_badge_once_given_stays),
	    TEST(memory_and_system_take_no_badge),
	    TEST(a_slot_can_be_copied_onto_itself),
	    TEST(another_space_is_filled_through_a_capability_to_it),
	    TEST(a_name_means_one_object_of_one_kind),
	    TEST(a_forged_name_means_nothing),
	    TEST(a_name_ends_with_its_object),
	    TEST(authority_is_over_its_range_only),
	    TEST(the_check_notices_a_right_of_another_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

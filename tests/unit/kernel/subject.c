/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * subject.c - the space that a test is about; see subject.h.
 */
#include "subject.h"

objname_t subject_name;
struct space *subject;

int
subject_start(void **state)
{
	(void)world_start(state);
	subject_name = world_space(SUBJECT_POOL);
	subject = world_space_at(subject_name);
	return 0;
}

int
subject_map(vaddr_t va, uint64_t source, uint64_t flags, uint64_t expect)
{
	int error =
	    CALL(space_map, W_MEMORY, subject_name, va, source, flags, expect);

	world_check();
	/* Whatever happens, nothing is lost. */
	assert_int_equal(
	    subject->pool.value + subject->tables.value, SUBJECT_POOL);
	return error;
}

uint64_t
subject_entry(vaddr_t va)
{
	uint64_t found = world_entry(subject, va);

	ASSERT_CALL(space_query, W_MEMORY, subject_name, va);
	assert_int_equal(RESULT(1), found);
	return found;
}

uint8_t *
subject_page(vaddr_t va)
{
	return world_page(pte_frame(subject_entry(va)));
}

/* Unmap, whatever interrupts. */
void
subject_unmap(vaddr_t va, uint64_t pages)
{
	vaddr_t end = va + pages * PAGE_SIZE;

	while (va < end) {
		vaddr_t before = va;

		ASSERT_CALL(space_unmap, W_MEMORY, subject_name, va,
		    (end - va) >> PAGE_SHIFT);
		va = RESULT(1);
		assert_true(va > before && va <= end);
		world_check();
		assert_int_equal(
		    subject->pool.value + subject->tables.value, SUBJECT_POOL);
	}
}

void
subject_protect(vaddr_t va, uint64_t pages, uint64_t flags)
{
	vaddr_t end = va + pages * PAGE_SIZE;

	while (va < end) {
		ASSERT_CALL(space_protect, W_MEMORY, subject_name, va,
		    (end - va) >> PAGE_SHIFT, flags);
		assert_true(RESULT(1) > va && RESULT(1) <= end);
		va = RESULT(1);
		world_check();
	}
}

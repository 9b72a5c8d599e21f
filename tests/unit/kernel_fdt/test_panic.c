/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_panic.c - what kernel/panic.c takes for a return address.
 *
 * A panic itself is not run here, as it looks through the whole stack.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "arch.h"
#include "panic.h"

extern const char kernel_text[];
extern const char kernel_text_end[];
const char kernel_text[1];
const char kernel_text_end[1];

/* The end of a panic. */
void
arch_wait(void)
{
	abort();
}

/* Parcels of code, as the assembler makes them. */
static const uint16_t text[] = {
    0x0001, /* 0: c.nop */
    0x00ef, 0x0040, /* 1: jal ra, .+4 */
    0x80e7, 0x0000, /* 3: jalr ra, 0(ra) */
    0x9782, /* 5: c.jalr a5 */
    0x0001, /* 6: c.nop */
    0x8082, /* 7: ret */
    0x8067, 0x0000, /* 8: jalr x0, 0(ra) */
    0x006f, 0x0000, /* 10: j . */
    0x0313, 0x0000, /* 12: addi t1, x0, 0 */
    0x9782, /* 14: c.jalr a5 */
};
#define PARCELS (sizeof(text) / sizeof(text[0]))

static bool
follows_call(size_t parcel)
{
	return panic_follows_call((uintptr_t)&text[parcel], (uintptr_t)text,
	    (uintptr_t)&text[PARCELS]);
}

static void
only_what_follows_a_call_is_a_return_address(void **state)
{
	(void)state;
	for (size_t i = 0; i <= PARCELS; i++)
		assert_int_equal(
		    follows_call(i), i == 3 || i == 5 || i == 6 || i == 15);
}

static void
what_is_not_in_the_text_is_not_looked_at(void **state)
{
	uintptr_t start = (uintptr_t)text;
	uintptr_t end = (uintptr_t)&text[PARCELS];

	(void)state;
	assert_false(panic_follows_call(0, start, end));
	assert_false(panic_follows_call(7, start, end));
	assert_false(panic_follows_call(start, start, end));
	assert_false(panic_follows_call(start + 2, start, end));
	assert_false(panic_follows_call(start + 7, start, end));
	assert_false(panic_follows_call(end + 2, start, end));
	assert_false(panic_follows_call(UINTPTR_MAX, start, end));
	assert_false(panic_follows_call(UINTPTR_MAX - 1, start, end));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_what_follows_a_call_is_a_return_address),
	    cmocka_unit_test(what_is_not_in_the_text_is_not_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

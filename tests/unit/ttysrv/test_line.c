/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_line.c - servers/ttysrv/line.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "line.h"

static struct line line;
static char echoed[16384];
static size_t nechoed;
static enum line_signal typed; /* by the last key */

static void
echo(void *context, uint8_t byte)
{
	assert_ptr_equal(context, &line);
	assert_true(nechoed < sizeof(echoed) - 1);
	echoed[nechoed++] = (char)byte;
	echoed[nechoed] = '\0';
}

static int
setup(void **state)
{
	(void)state;
	line_init(&line, echo, &line);
	nechoed = 0;
	echoed[0] = '\0';
	return 0;
}

static void
type(const char *text)
{
	for (; *text != '\0'; text++) {
		typed = line_input(&line, (uint8_t)*text);
		assert_true(line_check(&line));
	}
}

/* Read at most size bytes and compare them. */
static void
expect(size_t size, const char *text)
{
	uint8_t buffer[LINE_MAX + 1];
	struct line_part part;

	assert_true(line_is_ready(&line));
	part = line_peek(&line, buffer, size);
	buffer[part.bytes] = '\0';
	assert_string_equal((char *)buffer, text);
	line_consume(&line, part);
	assert_true(line_check(&line));
}

static void
a_line_is_ready_when_it_has_ended(void **state)
{
	(void)state;
	type("hello");
	assert_false(line_is_ready(&line));
	type("\n");
	expect(LINE_MAX, "hello\n");
	assert_false(line_is_ready(&line));
	assert_string_equal(echoed, "hello\r\n");
}

static void
lines_are_read_one_at_a_time(void **state)
{
	(void)state;
	type("a\nbb\r\nccc");
	expect(LINE_MAX, "a\n");
	expect(LINE_MAX, "bb\n");
	expect(LINE_MAX, "\n");
	assert_false(line_is_ready(&line));
}

static void
a_long_line_can_be_read_in_parts(void **state)
{
	(void)state;
	type("abcdef\ng\n");
	expect(4, "abcd");
	expect(2, "ef");
	expect(9, "\n");
	expect(1, "g");
	expect(1, "\n");
	assert_false(line_is_ready(&line));
}

static void
what_is_peeked_at_stays(void **state)
{
	uint8_t buffer[LINE_MAX];

	(void)state;
	type("abc\n");
	assert_int_equal(line_peek(&line, buffer, 2).bytes, 2);
	assert_int_equal(line_peek(&line, buffer, 9).bytes, 4);
	expect(9, "abc\n");
}

static void
the_line_being_typed_can_be_edited(void **state)
{
	(void)state;
	type("\x7f\b\x15"
	     "ax\x7f"
	     "bcy\b\n");
	expect(LINE_MAX, "abc\n");
	assert_string_equal(echoed, "ax\b \bbcy\b \b\r\n");
	setup(NULL);
	type("ab\x01\x15"
	     "c\n");
	expect(LINE_MAX, "c\n");
	assert_string_equal(echoed, "ab^A\b \b\b \b\b \b\b \bc\r\n");
}

static void
a_line_that_has_ended_can_not_be_edited(void **state)
{
	(void)state;
	type("ab\n\x7f\x15\n");
	expect(LINE_MAX, "ab\n");
	expect(LINE_MAX, "\n");
}

static void
a_character_of_several_bytes_is_erased_whole(void **state)
{
	(void)state;
	type("a\xe2\x82\xac\x7f"
	     "b\n");
	expect(LINE_MAX, "ab\n");
	assert_string_equal(echoed, "a\xe2\x82\xac\b \bb\r\n");
}

static void
control_d_ends_a_line_without_being_part_of_it(void **state)
{
	(void)state;
	type("\x04");
	expect(LINE_MAX, "");
	type("abc\x04"
	     "def\n");
	expect(LINE_MAX, "abc");
	expect(LINE_MAX, "def\n");
	assert_string_equal(echoed, "abcdef\r\n");
}

static void
control_d_behind_a_full_buffer_is_no_end_of_file(void **state)
{
	(void)state;
	type("abc\x04"
	     "d\n");
	expect(3, "abc");
	expect(3, "d\n");
	type("abcd\x04");
	expect(2, "ab");
	expect(2, "cd");
	assert_false(line_is_ready(&line));
}

static void
a_line_that_is_too_long_can_still_be_ended(void **state)
{
	uint8_t buffer[LINE_MAX];

	(void)state;
	for (unsigned int i = 0; i < LINE_MAX + 10; i++)
		type("x");
	assert_int_equal(echoed[nechoed - 1], '\a');
	type("\n");
	assert_int_equal(
	    line_peek(&line, buffer, sizeof(buffer)).bytes, LINE_MAX);
	assert_int_equal(buffer[LINE_MAX - 1], '\n');
}

static void
a_full_buffer_loses_nothing_that_was_accepted(void **state)
{
	size_t lines = 0;

	(void)state;
	for (unsigned int i = 0; i < LINE_BUFFER; i++)
		type("x\n");
	while (line_is_ready(&line)) {
		expect(9, "x\n");
		lines++;
	}
	assert_int_equal(lines, LINE_BUFFER / 2);
	type("y\n");
	expect(9, "y\n");
}

static void
keys_that_are_signals_are_told_and_are_no_data(void **state)
{
	(void)state;
	type("a");
	assert_int_equal(typed, LINE_NO_SIGNAL);
	type("\x03");
	assert_int_equal(typed, LINE_SIGINT);
	type("\x1c");
	assert_int_equal(typed, LINE_SIGQUIT);
	type("\x1a");
	assert_int_equal(typed, LINE_SIGTSTP);
	type("b\n");
	assert_int_equal(typed, LINE_NO_SIGNAL);
	expect(9, "b\n");
	assert_string_equal(echoed, "a^C^\\^Zb\r\n");
}

static void
a_signal_flushes_whole_lines_too(void **state)
{
	(void)state;
	type("one\ntwo\nthree\x03");
	assert_false(line_is_ready(&line));
	/* And what is typed next cannot erase what is gone. */
	type("\x7f\x15"
	     "four\n");
	expect(9, "four\n");
	assert_false(line_is_ready(&line));
}

static void
a_signal_is_taken_when_the_buffer_is_full(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < LINE_BUFFER; i++)
		type("\n");
	for (unsigned int i = 0; i < 10; i++)
		type("x");
	assert_int_equal(echoed[nechoed - 1], '\a');
	type("\x03");
	assert_int_equal(typed, LINE_SIGINT);
	assert_false(line_is_ready(&line));
}

static void
whatever_is_typed_and_read_the_invariants_hold(void **state)
{
	static const char keys[] =
	    "abcabcabc\n\r\x04\x7f\b\x15\x80\xc3\x01\x03";
	uint8_t buffer[LINE_MAX];
	bool loud = true;

	(void)state;
	srand(1);
	for (unsigned int i = 0; i < 200000; i++) {
		char key[2] = {keys[(size_t)rand() % (sizeof(keys) - 1)]};

		/* Silence now and then: the echo is not to change a thing. */
		if (i % 1000 == 0) {
			loud = !loud;
			line.echo = loud ? echo : NULL;
		}
		nechoed = 0;
		type(key);
		if (rand() % 4 == 0 && line_is_ready(&line)) {
			line_consume(&line, line_peek(&line, buffer,
						1 + (size_t)rand() % LINE_MAX));
			assert_true(line_check(&line));
		}
	}
}

static void
positions_may_wrap(void **state)
{
	(void)state;
	line.start = line.ready = line.end = UINT32_MAX - 2;
	type("abcdef\n");
	expect(4, "abcd");
	expect(4, "ef\n");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
	    TEST(a_line_is_ready_when_it_has_ended),
	    TEST(lines_are_read_one_at_a_time),
	    TEST(a_long_line_can_be_read_in_parts),
	    TEST(what_is_peeked_at_stays),
	    TEST(the_line_being_typed_can_be_edited),
	    TEST(a_line_that_has_ended_can_not_be_edited),
	    TEST(a_character_of_several_bytes_is_erased_whole),
	    TEST(control_d_ends_a_line_without_being_part_of_it),
	    TEST(control_d_behind_a_full_buffer_is_no_end_of_file),
	    TEST(a_line_that_is_too_long_can_still_be_ended),
	    TEST(a_full_buffer_loses_nothing_that_was_accepted),
	    TEST(keys_that_are_signals_are_told_and_are_no_data),
	    TEST(a_signal_flushes_whole_lines_too),
	    TEST(a_signal_is_taken_when_the_buffer_is_full),
	    TEST(whatever_is_typed_and_read_the_invariants_hold),
	    TEST(positions_may_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

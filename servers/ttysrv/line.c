/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * line.c - the line discipline: what typing does.
 *
 * A ^D stays in the ring as the end of its line.  It can't be mistaken for
 * data, since a typed one is never data.
 */
#include "line.h"

enum character {
	CHAR_INTR = 0x03, /* ^C */
	CHAR_EOF = 0x04, /* ^D */
	CHAR_BELL = 0x07,
	CHAR_BS = 0x08,
	CHAR_NL = 0x0a,
	CHAR_CR = 0x0d,
	CHAR_KILL = 0x15, /* ^U */
	CHAR_SUSP = 0x1a, /* ^Z */
	CHAR_QUIT = 0x1c, /* ^\ */
	CHAR_DEL = 0x7f,
};

/* A control character is shown as ^ and the letter it is typed with. */
#define CONTROL_LETTER 0x40u

_Static_assert((LINE_BUFFER & (LINE_BUFFER - 1)) == 0, "not a power of two");
_Static_assert(LINE_MAX <= LINE_BUFFER, "a line must fit");

static bool
is_control(uint8_t byte)
{
	return byte < ' ' || byte == CHAR_DEL;
}

/* Not the first byte of a character in UTF-8. */
static bool
is_continuation(uint8_t byte)
{
	return (byte & 0xc0) == 0x80;
}

static bool
ends_line(uint8_t byte)
{
	return byte == CHAR_NL || byte == CHAR_EOF;
}

static uint8_t
byte_at(const struct line *line, uint32_t position)
{
	return line->ring[position % LINE_BUFFER];
}

static void
echo_byte(const struct line *line, uint8_t byte)
{
	if (line->echo != NULL)
		line->echo(line->context, byte);
}

static void
echo_typed(const struct line *line, uint8_t byte)
{
	if (!is_control(byte)) {
		echo_byte(line, byte);
		return;
	}
	echo_byte(line, '^');
	echo_byte(line, byte ^ CONTROL_LETTER);
}

/* Wipe out the last column on the screen. */
static void
echo_wipe(const struct line *line)
{
	echo_byte(line, CHAR_BS);
	echo_byte(line, ' ');
	echo_byte(line, CHAR_BS);
}

/* Take back the last character typed; false if the line is empty. */
static bool
erase(struct line *line)
{
	uint8_t byte;

	if (line->end == line->ready)
		return false;
	do {
		byte = byte_at(line, --line->end);
	} while (is_continuation(byte) && line->end != line->ready);
	echo_wipe(line);
	if (is_control(byte))
		echo_wipe(line);
	return true;
}

/* Room for more bytes, both in the ring and in the line. */
static bool
has_room(const struct line *line, uint32_t bytes)
{
	return line->end - line->start + bytes <= LINE_BUFFER &&
	       line->end - line->ready + bytes <= LINE_MAX;
}

static void
append(struct line *line, uint8_t byte)
{
	line->ring[line->end++ % LINE_BUFFER] = byte;
}

static void
input_end(struct line *line, uint8_t byte)
{
	if (!has_room(line, 1)) {
		echo_byte(line, CHAR_BELL);
		return;
	}
	append(line, byte);
	line->ready = line->end;
	if (byte == CHAR_NL) {
		echo_byte(line, CHAR_CR);
		echo_byte(line, CHAR_NL);
	}
}

/* One place is kept for what ends the line. */
static void
input_data(struct line *line, uint8_t byte)
{
	if (!has_room(line, 2)) {
		echo_byte(line, CHAR_BELL);
		return;
	}
	append(line, byte);
	echo_typed(line, byte);
}

/* Forget all that was not read. */
static enum line_signal
input_signal(struct line *line, uint8_t byte, enum line_signal signal)
{
	echo_typed(line, byte);
	line->start = line->end;
	line->ready = line->end;
	return signal;
}

void
line_init(
    struct line *line, void (*echo)(void *context, uint8_t byte), void *context)
{
	line->echo = echo;
	line->context = context;
	line->start = 0;
	line->ready = 0;
	line->end = 0;
}

enum line_signal
line_input(struct line *line, uint8_t byte)
{
	switch (byte) {
	case CHAR_INTR:
		return input_signal(line, byte, LINE_SIGINT);
	case CHAR_QUIT:
		return input_signal(line, byte, LINE_SIGQUIT);
	case CHAR_SUSP:
		return input_signal(line, byte, LINE_SIGTSTP);
	case CHAR_BS:
	case CHAR_DEL:
		(void)erase(line);
		break;
	case CHAR_KILL:
		while (erase(line))
			continue;
		break;
	case CHAR_CR:
		input_end(line, CHAR_NL);
		break;
	case CHAR_NL:
	case CHAR_EOF:
		input_end(line, byte);
		break;
	default:
		input_data(line, byte);
		break;
	}
	return LINE_NO_SIGNAL;
}

bool
line_is_ready(const struct line *line)
{
	return line->start != line->ready;
}

struct line_part
line_peek(const struct line *line, uint8_t *buffer, size_t size)
{
	struct line_part part = {.bytes = 0, .consume = 0};
	uint8_t byte = 0;

	while (part.bytes < size && !ends_line(byte)) {
		byte = byte_at(line, line->start + part.consume++);
		if (byte != CHAR_EOF)
			buffer[part.bytes++] = byte;
	}
	/*
	 * A ^D right behind what filled the buffer goes with it; else the
	 * next read would take it for an end of file.
	 */
	if (!ends_line(byte) &&
	    byte_at(line, line->start + part.consume) == CHAR_EOF)
		part.consume++;
	return part;
}

void
line_consume(struct line *line, struct line_part part)
{
	line->start += part.consume;
}

bool
line_check(const struct line *line)
{
	return line->ready - line->start <= line->end - line->start &&
	       line->end - line->start <= LINE_BUFFER &&
	       line->end - line->ready <= LINE_MAX &&
	       (line->start == line->ready ||
		   ends_line(byte_at(line, line->ready - 1)));
}

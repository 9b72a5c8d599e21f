/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * line.h - the line discipline: what typing does (POSIX.1-2017, 11.1.6).
 *
 * Input is collected into lines.  The line being typed can be edited: DEL
 * and BS take back a character, ^U the line.  CR counts as NL, which ends a
 * line; so does ^D, without being part of it, so that on an empty line it
 * means end of file.  ^C, ^\ and ^Z are signals, and whatever was typed and
 * not read is forgotten with them.  When the buffer is full, a byte is
 * dropped, and the bell rings.  Pure C, without a device or a reader.
 *
 * Invariants (line_check() asserts them):
 *	- start <= ready <= end <= start + LINE_BUFFER;
 *	- what lies in [start, ready) is empty or ends with NL or ^D.
 */
#ifndef TINE_TTYSRV_LINE_H
#define TINE_TTYSRV_LINE_H

#include <abi/types.h>

#define LINE_BUFFER 4096u /* a power of two */
#define LINE_MAX 255u /* longest line, with what ends it */

/* Signals that are typed: NetBSD's sys/signal.h. */
enum line_signal {
	LINE_NO_SIGNAL = 0,
	LINE_SIGINT = 2,
	LINE_SIGQUIT = 3,
	LINE_SIGTSTP = 18,
};

struct line {
	void (*echo)(void *context, uint8_t byte); /* NULL: none */
	void *context;
	/* Positions only grow; modulo LINE_BUFFER they index the ring. */
	uint32_t start; /* the oldest byte not yet read */
	uint32_t ready; /* the end of the last whole line */
	uint32_t end; /* the end of the line being typed */
	uint8_t ring[LINE_BUFFER];
};

/* What a read gets. */
struct line_part {
	size_t bytes; /* for the reader; 0: end of file */
	uint32_t consume; /* for line_consume(), once the reader has it */
};

void line_init(struct line *line, void (*echo)(void *context, uint8_t byte),
    void *context);

/* Take one byte as typed, and echo what it does. */
enum line_signal line_input(struct line *line, uint8_t byte);

/* Whether there is a whole line, so that a read need not wait. */
bool line_is_ready(const struct line *line);

/*
 * Copy the first line, or size bytes of it, which must not be 0, to buffer.
 * There must be one.  Nothing is consumed.
 */
struct line_part line_peek(
    const struct line *line, uint8_t *buffer, size_t size);

void line_consume(struct line *line, struct line_part part);

/* Whether the invariants hold. */
bool line_check(const struct line *line);

#endif

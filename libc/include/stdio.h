/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stdio.h - picolibc's, with streams that threads can have to themselves.
 */
#ifndef _TINE_STDIO_H
#define _TINE_STDIO_H

#include_next <stdio.h>
#include <sys/cdefs.h>

__BEGIN_DECLS

void flockfile(FILE *);
int ftrylockfile(FILE *);
void funlockfile(FILE *);

__END_DECLS

/* Whoever has a stream may take it again, so these need not be others. */
#define getc_unlocked(stream) getc(stream)
#define putc_unlocked(character, stream) putc(character, stream)
#define getchar_unlocked() getchar()
#define putchar_unlocked(character) putchar(character)

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * text.h - words in NUL-terminated strings: the device tree, boot arguments.
 */
#pragma once

#include <abi/types.h>

/* What follows prefix at the start of text; NULL if text starts otherwise. */
const char *text_after(const char *text, const char *prefix);

/*
 * Where word is among the words that separator parts; NULL if it is not
 * there.  The text is limit bytes that end with a NUL, or ends at a NUL
 * before that if the separator is another.
 */
const char *text_find(
    const char *text, size_t length, char separator, const char *word);

/*
 * Whether a word is among the boot arguments, which blanks separate; all
 * after the word "--" is the command for init and is not looked at.
 */
bool bootargs_has(const char *args, const char *word);

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * segment.h - programs laid out in a space.
 *
 * A small program's text, data, heap and stack share one table: the stack
 * ends just below the program if there is room, the heap begins behind it.
 */
#ifndef TINE_VMSRV_SEGMENT_H
#define TINE_VMSRV_SEGMENT_H

#include "elf.h"
#include "space.h"

/*
 * Map a segment of a file into a space that is LOADING.  ENOEXEC: it does not
 * lie in the file or in user space, not congruent with its offset, or over
 * another; ENOMEM.  A failed call changes nothing.
 */
int segment_map(struct space *space, uint32_t file,
    const struct elf_segment *segment) __attribute__((warn_unused_result));

/* Decide where the stack ends, and where mmap begins to look for room. */
int segment_top(struct space *space) __attribute__((warn_unused_result));

/* Map a stack of at least so many bytes.  ENOMEM. */
int segment_stack(struct space *space, uint64_t bytes)
    __attribute__((warn_unused_result));

/* Take the stack out again. */
void segment_unstack(struct space *space);

/* From here to the stack's top is room that only the stack may use. */
uint64_t segment_stack_end(const struct space *space);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * map.h - taking ranges out of a space.
 */
#ifndef TINE_VMSRV_MAP_H
#define TINE_VMSRV_MAP_H

#include "space.h"

/*
 * Widen a range to whole spans of a table where no region is left in them:
 * the kernel frees a table when its whole span is unmapped at once.
 */
void unmap_widen(const struct region_map *map, uint64_t *start, uint64_t *end);

/*
 * Unmap [start, end) at once, regions and all, and settle.  For those that
 * know it to be small.  Needs room for two regions.
 */
void unmap_now(struct space *space, uint64_t start, uint64_t end);

/*
 * Begin to unmap [start, end): the regions are gone at once, the space is in
 * transition.  Needs room for two regions.
 */
void unmap_begin(
    struct space *space, token_t token, uint64_t start, uint64_t end);

/*
 * Go on.  0: done, promises settled, the transition over.  SERVE_LATER: the
 * message was put aside.
 */
int unmap_step(struct space *space, const struct ipc_msg *msg);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * region.h - what lies where in an address space.
 *
 * A region_map is a sorted array of regions with three sums that follow every
 * change: the pages mapped, the private pages that were promised frames, and
 * the table frames that the spans of 1 GiB and 2 MiB with a region in them
 * need.  It knows nothing of the kernel: space.h brings the promises and the
 * page tables in line with it.
 *
 * Invariants (region_check() asserts them):
 *   - regions are page aligned, not empty, ascending, and do not overlap;
 *   - the sums are those of the regions;
 *   - a region with BACKING_SHARED holds one reference to its object.
 */
#ifndef TINE_VMSRV_REGION_H
#define TINE_VMSRV_REGION_H

#include <abi/types.h>

enum region_backing {
	BACKING_ANONYMOUS = 0, /* private pages of zeros */
	BACKING_FILE = 1, /* a file of the archive, private */
	BACKING_SHARED = 2, /* a shared object */
	BACKING_DEVICE = 3, /* device registers; never faults */
};

/* Promised frames for all its pages.  Anonymous regions always are. */
#define REGION_CHARGED 1u

struct region {
	uint64_t start;
	uint64_t end; /* first address beyond */
	uint64_t offset; /* of start in the file or object; page aligned */
	uint64_t file_end; /* FILE: address beyond the file's last byte */
	uint32_t object; /* FILE: number of the file; SHARED: of the object */
	uint8_t protection; /* VM_PROT_* */
	uint8_t inheritance; /* VM_INHERIT_* */
	uint8_t backing; /* enum region_backing */
	uint8_t flags;
};

#define REGIONS_FEW 8 /* that fit without memory of their own */
#define REGIONS_MAX 512

struct region_map {
	struct region *at; /* few, or a block of a class */
	uint32_t count;
	uint32_t capacity;
	uint64_t pages;
	uint64_t charged;
	uint64_t tables;
	uint32_t hint; /* index of the region found last */
	uint32_t unused;
	struct region few[REGIONS_FEW];
};

/* Set up the memory that region arrays come from. */
void region_init(void);

void region_map_init(struct region_map *map);

/* Empty the map and give back its memory and references. */
void region_map_destroy(struct region_map *map);

/* Room for more regions.  ENOMEM: none, or REGIONS_MAX exceeded. */
int region_reserve(struct region_map *map, uint32_t more)
    __attribute__((warn_unused_result));

/* Index of the first region that ends above va; count if none does. */
uint32_t region_above(const struct region_map *map, uint64_t va);

/* The region that contains va, or NULL. */
struct region *region_find(struct region_map *map, uint64_t va);

/* Whether [start, end) has no region in it; whether it has no hole. */
bool region_free(const struct region_map *map, uint64_t start, uint64_t end);
bool region_covered(const struct region_map *map, uint64_t start, uint64_t end);

/*
 * Table frames that a region at [start, end) would need beyond those that
 * the map needs already.  The range may overlap regions.
 */
uint64_t region_tables(
    const struct region_map *map, uint64_t start, uint64_t end);

/*
 * Add a region where there is none, joined with its neighbours if they are
 * alike.  Takes over the reference in it.  Needs room for one.
 */
void region_insert(struct region_map *map, const struct region *region);

/* Remove what is in [start, end).  Needs room for two. */
void region_cut(struct region_map *map, uint64_t start, uint64_t end);

/* Make an end of a region of va.  Needs room for one. */
void region_split(struct region_map *map, uint64_t va);

/* Join regions of [start, end] and its neighbours that are alike. */
void region_join(struct region_map *map, uint64_t start, uint64_t end);

/* Charge or no longer charge a region. */
void region_set_charged(
    struct region_map *map, struct region *region, bool charged);

/* Move the start of a region down to where nothing is. */
void region_extend_down(
    struct region_map *map, struct region *region, uint64_t start);

/* Append a region above all others, as it is.  Needs room for one. */
void region_append(struct region_map *map, const struct region *region);

static inline uint64_t
region_pages(const struct region *region)
{
	return (region->end - region->start) >> PAGE_SHIFT;
}

void region_check(const struct region_map *map);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tree.h - device trees for tests of the kernel's reader.
 */
#ifndef TINE_TEST_TREE_H
#define TINE_TEST_TREE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A tree built beside the tests, packed; free() it. */
void *tree_load(const char *name);

/*
 * A board's tree as firmware hands it over: its own memory reserved, hart 0
 * disabled if there is cpu@0 without an MMU, an initrd, boot arguments.
 */
void *tree_load_firmware(const char *name);

size_t tree_size(const void *blob);
void tree_set_size(void *blob, uint32_t size);

/*
 * Call visit with damaged copies of a tree, each in memory of exactly that
 * size: cut off at every length, and with every byte changed.
 */
void tree_damage(
    const void *blob, void (*visit)(const void *blob, size_t size));

#define TREE_INITRD_START 0x88000000u
#define TREE_INITRD_END 0x88123000u
#define TREE_ARGS "quiet marker=x -- /bin/true a b"

#endif

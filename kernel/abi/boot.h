/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * boot.h - what the kernel hands to the root task.
 *
 * The root task is the first file of the boot archive, "boot/vmsrv", whose
 * data begin at ROOT_IMAGE_OFFSET (scripts/mkarchive pads names so that all
 * data are page aligned): a flat image that begins with a struct boot_image
 * and is linked at ROOT_BASE.  The
 * kernel maps its pages where they lie (text and read-only data from the
 * archive itself, data copied), bss and stack from fresh frames, and the
 * struct boot_info read-only at ROOT_INFO.  a0 is ROOT_INFO at entry.
 */
#pragma once

#include "types.h"

#define BOOT_IMAGE_MAGIC 0x30676d69656e6974ul /* "tineimg0" */
#define ROOT_IMAGE_OFFSET 0x1000ul
#define ROOT_BASE 0x10000ul
#define ROOT_INFO 0xf000ul
#define ROOT_STACK_TOP 0xe000ul
#define ROOT_STACK_PAGES 8
/* The archive is mapped read-only here, page by page. */
#define ROOT_ARCHIVE 0x1000000000ul

/* Addresses are virtual; all but entry and bss_end are page aligned. */
struct boot_image {
	uint64_t magic;
	uint64_t entry;
	uint64_t rodata; /* end of text */
	uint64_t data; /* end of read-only data */
	uint64_t bss; /* end of data that is in the file */
	uint64_t bss_end;
};

/* Slots of the root task's capability space at start. */
enum root_slot {
	ROOT_CSPACE = 1, /* its own capability space, EDIT */
	ROOT_MEMORY = 2, /* all RAM: OWNER, STEWARD */
	ROOT_DEVICES = 3, /* all that is not RAM: MAP */
	ROOT_SYSTEM = 4, /* POWER, STAT, DEBUG */
	ROOT_FREE = 8, /* the first empty slot */
};

enum console_kind {
	CONSOLE_NONE = 0,
	CONSOLE_NS16550 = 1,
	CONSOLE_SIFIVE = 2,
};

#define BOOT_ARGS_MAX 1024

struct boot_info {
	objname_t space; /* the root task's own space */
	objname_t thread; /* and thread */
	uint64_t frames; /* frames of RAM that frame numbers span */
	uint64_t ram_base; /* physical address of frame 0 */
	uint64_t archive_frame; /* first frame of the boot archive */
	uint64_t archive_size; /* bytes; 0: none */
	uint64_t timebase; /* ticks of rdtime in a second */
	uint64_t harts; /* harts that run the kernel */
	uint32_t console_kind; /* enum console_kind */
	uint32_t console_irq;
	uint64_t console_base; /* physical address of the UART */
	/* Log2 of its registers' spacing, and from bit 8 on of their width. */
	uint64_t console_shift;
	char args[BOOT_ARGS_MAX]; /* /chosen/bootargs, NUL-terminated */
};

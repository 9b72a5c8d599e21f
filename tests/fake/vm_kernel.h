/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_kernel.h - a kernel for vmsrv's tests: frames, page tables, objects.
 *
 * It defines sys_*() over a model: RAM is a file in memory, a frame has a
 * kind, a count and a hold, a space has leaf tables from a pool.  Frames that
 * are mapped into vmsrv's own space are mapped into the test at that address,
 * so what the pager does with pages can be read back, and memory that it
 * touches without having mapped it is a crash.
 *
 * Like the kernel it checks every argument; what is wrong with one is counted
 * as a fault of vmsrv.  Messages are vm_client.h's part.
 */
#ifndef TINE_FAKE_VM_KERNEL_H
#define TINE_FAKE_VM_KERNEL_H

#include <abi/boot.h>
#include <abi/page.h>
#include <abi/types.h>

#define FAKE_FRAMES 8192ul
#define FAKE_RAM_BASE 0x80000000ul
#define FAKE_ARCHIVE_FRAME 16ul

/* What is in use; all of it comes back when what was made is gone. */
struct fake_live {
	uint64_t used; /* frames that are not free */
	uint64_t reserved; /* free frames in the pools of spaces */
	uint64_t spaces;
	uint64_t threads;
	uint64_t held; /* frames with a hold */
};

struct fake_kernel {
	uint64_t calls; /* kernel calls made */
	uint64_t refused; /* calls with arguments that make no sense */
	uint64_t batch; /* pages that long calls do at a time */
	uint64_t fail_at; /* this call that needs memory, and all later ones
			     fail; 0: none */
	uint64_t needing; /* calls that needed memory */
	bool powered_off;
	uint64_t status;
	char console[1024]; /* what was written to the firmware's console */
	size_t console_bytes;
	bool has_plic; /* interrupts can be had */
	uint64_t irqs; /* objects for them that were made */
	uint64_t protects; /* calls of space_protect */
	uint64_t unmaps; /* calls of space_unmap */
	uint64_t unmap_fails; /* this one of them fails; 0: none */
	/* Of thread_orphans. */
	objname_t orphans_of; /* the last holder */
	uint64_t orphans_error;
	uint64_t orphans_frame; /* how far it came */
};
extern struct fake_kernel fake_kernel;

/*
 * Start anew: an archive (copied) in RAM and so many free frames.  Then
 * vmsrv's tables are set up over it.
 */
void fake_kernel_start(
    const void *archive, uint64_t archive_size, uint64_t free);

/* The information and the memory that vmsrv boots with. */
const struct boot_info *fake_info(void);
uintptr_t fake_own(void);
const uint8_t *fake_archive(void);

struct fake_live fake_live(void);

/* Free frames that are not reserved. */
uint64_t fake_unreserved(void);

/* Space names and entries by tag; name 0: no such space. */
objname_t fake_space(uint64_t tag);
uint64_t fake_entry(uint64_t tag, uint64_t va);
uint64_t fake_tables(uint64_t tag); /* in use, without root */
uint64_t fake_mapped(uint64_t tag); /* entries that name a frame */

/* References to the frame of an entry, and its bytes. */
uint64_t fake_references(uint64_t entry);
uint8_t *fake_page(uint64_t entry);

/* What a write to a page by user mode does in the kernel: true, it may. */
bool fake_upgrade(uint64_t tag, uint64_t va);

/* Map into a space by name as fault_map does; the kernel's error. */
uint64_t fake_map(objname_t space, uint64_t va, uint64_t source, uint64_t flags,
    uint64_t expect);

/* Of threads. */
objname_t fake_thread_space(objname_t thread); /* 0: no such thread */
const struct regs *fake_thread_regs(objname_t thread);
bool fake_thread_started(objname_t thread);
uint64_t fake_thread_field(objname_t thread, uint64_t field);

/* What is in a slot; 0: nothing. */
objname_t fake_object(uint64_t cspace, uint64_t slot);

/* Rights and badge in a slot of the capability space in a slot of vmsrv's. */
uint64_t fake_rights(uint64_t cspace, uint64_t slot);
uint64_t fake_badge(uint64_t cspace, uint64_t slot);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel.lds.S - where the kernel's parts go.
 *
 * Linked in the upper half at its physical address plus IMAGE_OFFSET.  The
 * header of head.S must come first: firmware and QEMU enter at the lowest
 * address.  Parts with different rights begin on pages of their own.
 */
OUTPUT_ARCH(riscv)
ENTRY(_start)

#define IMAGE_OFFSET 0xffffffff00000000
#define LOAD_ADDRESS 0x80200000

SECTIONS
{
	. = LOAD_ADDRESS + IMAGE_OFFSET;
	kernel_text = .;
	.text : AT(ADDR(.text) - IMAGE_OFFSET) {
		KEEP(*(.head))
		*(.text .text.*)
	}
	. = ALIGN(4096);
	kernel_text_end = .;
	kernel_rodata = .;
	.rodata : AT(ADDR(.rodata) - IMAGE_OFFSET) {
		*(.rodata .rodata.* .srodata .srodata.*)
	}
	. = ALIGN(4096);
	kernel_data = .;
	.data : AT(ADDR(.data) - IMAGE_OFFSET) {
		*(.data .data.* .sdata .sdata.*)
	}
	.bss : AT(ADDR(.bss) - IMAGE_OFFSET) {
		. = ALIGN(8);
		kernel_bss = .;
		*(.sbss .sbss.* .bss .bss.* COMMON)
		. = ALIGN(4096);
	}
	kernel_end = .;
	/DISCARD/ : {
		*(.eh_frame) *(.comment) *(.riscv.attributes) *(.note.*)
	}
}

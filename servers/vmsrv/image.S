/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * image.S - the struct boot_image (abi/boot.h) that vmsrv begins with.
 */
	.section .header, "a"
	.dword	0x30676d69656e6974	/* BOOT_IMAGE_MAGIC */
	.dword	_start
	.dword	image_rodata
	.dword	image_data
	.dword	image_bss
	.dword	image_bss_end

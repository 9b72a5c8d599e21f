/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * csr.h - supervisor CSRs and their bits (Priv. ISA, chapter 4).
 */
#pragma once

#define SSTATUS_SPP 0x100
#define SSTATUS_SPIE 0x20
#define SSTATUS_FS 0x6000 /* 0 off, 1 initial, 2 clean, 3 dirty */
#define SSTATUS_FS_CLEAN 0x4000

#define SIE_SSIE 0x2
#define SIE_STIE 0x20
#define SIE_SEIE 0x200
#define SIE_ENABLED (SIE_SSIE | SIE_STIE | SIE_SEIE)

#define SATP_SV39 0x8000000000000000
#define SATP_ASID_SHIFT 44

#define SCAUSE_INTERRUPT 0x8000000000000000
#define EXCEPTION_ECALL_U 8
#define EXCEPTION_PAGE_FETCH 12
#define EXCEPTION_PAGE_STORE 15

#ifndef __ASSEMBLER__

#define csr_read(csr) \
	__extension__({ \
		uint64_t value_; \
		__asm__ volatile("csrr %0, " #csr : "=r"(value_)); \
		value_; \
	})
#define csr_write(csr, value) \
	__asm__ volatile("csrw " #csr ", %0" : : "rK"(value) : "memory")
#define csr_set(csr, bits) \
	__asm__ volatile("csrs " #csr ", %0" : : "rK"(bits) : "memory")
#define csr_clear(csr, bits) \
	__asm__ volatile("csrc " #csr ", %0" : : "rK"(bits) : "memory")

#endif

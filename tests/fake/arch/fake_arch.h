/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake_arch.h - a machine for the kernel to run on in tests.
 *
 * RAM is an array.  What the kernel asks of the hart is counted, and a small
 * TLB really keeps what the tables said until it is flushed, so a flush that
 * was forgotten shows as a stale translation.
 */
#ifndef TINE_FAKE_ARCH_H
#define TINE_FAKE_ARCH_H

#include <setjmp.h>

#include <abi/types.h>

struct hart;

#define FAKE_BASE 0x80000000ul
#define FAKE_FRAMES 1024ul
#define FAKE_STATUS_FPU 0x2000ul
/* Bits of sie (Priv. ISA 4.1.3). */
#define SIE_STIE 0x20ul
#define SIE_SEIE 0x200ul
/* What RAM is full of at first, so that nobody counts on zeros. */
#define FAKE_GARBAGE 0xa5

struct fake_arch {
	/* What was asked for. */
	uint64_t page_flushes;
	uint64_t space_flushes;
	uint64_t full_flushes;
	uint64_t icache_syncs;
	uint64_t waits;
	uint64_t fp_saves;
	uint64_t fp_restores;
	uint64_t polls; /* calls of arch_interrupt_pending() */
	uint64_t satp;
	uint64_t status;
	uint64_t timer;
	uint64_t ipis;
	/* What is to be looked at when instructions are fetched anew, or NULL. */
	void (*icache_sync)(void);
	/* What happens while a hart naps; NULL: none does. */
	void (*nap)(uint64_t ticks, uint64_t deadline);
	/* What the machine is like. */
	uint64_t now;
	uint64_t cycles;
	uint64_t hart; /* which hart runs, of harts[] */
	uint64_t
	    interrupt_at; /* the call that an interrupt waits at; 0: none */
	bool interrupts; /* an interrupt always waits */
	/* When a hart waits: a device interrupts then, by this line; 0: none */
	uint64_t device_at;
	uint32_t device_line;
	bool fp_dirty;
	uint64_t f[32];
	uint64_t fcsr;
};

extern struct fake_arch fake_arch;

/* A machine that was just switched on. */
void fake_arch_reset(void);

/* RAM, FAKE_FRAMES pages. */
void *fake_ram(void);

/* Let the n-th next look for an interrupt find one. */
void fake_interrupt_at(uint64_t n);

/*
 * Translate as the hart would in user mode, TLB first.  False: a page fault.
 * Fails the test if the TLB has a translation that the tables do not permit.
 */
bool fake_translate(vaddr_t va, uint64_t access, void **page);

/* A panic fails the test, but for one that is expected. */
struct fake_panic {
	jmp_buf expected;
	bool armed;
	char message[256]; /* of the last one */
};

extern struct fake_panic fake_panic;

#define EXPECT_PANIC(statement) \
	do { \
		fake_panic.armed = true; \
		if (setjmp(fake_panic.expected) == 0) { \
			statement; \
			fail_msg("no panic"); \
		} \
	} while (0)

/* Everything that printk() was told, NUL-terminated. */
extern char fake_log[4096];

/* What was asked of the firmware. */
struct fake_power {
	unsigned int offs;
	unsigned int resets;
	int status;
	char console[64];
	uint64_t printed;
};

extern struct fake_power fake_power;

/* For arch_inline.h. */
struct hart *fake_hart(void);
void *fake_dmap(paddr_t pa);
paddr_t fake_dmap_address(const void *pointer);
void fake_flush_page(uint64_t asid, vaddr_t va);
void fake_flush_space(uint64_t asid);
void fake_flush_all(void);
uint64_t fake_interrupt_pending(void);

#endif

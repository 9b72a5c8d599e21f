/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake_plic.c - an interrupt controller, by its registers; see fake_plic.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake_plic.h"

#define ENABLES 0x2000ul
#define ENABLES_SIZE 0x80ul
#define CONTEXTS 0x200000ul
#define CONTEXTS_SIZE 0x1000ul

struct fake_plic fake_plic;

void
fake_plic_reset(void)
{
	memset(&fake_plic, 0, sizeof(fake_plic));
	memset(fake_plic.enable, 0xff, sizeof(fake_plic.enable));
	memset(fake_plic.threshold, 0xff, sizeof(fake_plic.threshold));
}

/* The gateway passes a level on when nothing of it is being seen to. */
static void
sample(uint32_t line)
{
	if (fake_plic.level[line] && fake_plic.claimed[line] == 0)
		fake_plic.pending[line] = true;
}

void
fake_plic_level(uint32_t line, bool high)
{
	fake_plic.level[line] = high;
	sample(line);
}

bool
fake_plic_enabled(uint64_t context, uint32_t line)
{
	return fake_plic.enable[context][line / 32] >> line % 32 & 1;
}

/* The line that a context would claim, or 0. */
static uint32_t
best(uint64_t context)
{
	uint32_t found = 0;

	for (uint32_t line = 1; line <= FAKE_PLIC_LAST; line++)
		if (fake_plic.pending[line] &&
		    fake_plic_enabled(context, line) &&
		    fake_plic.priority[line] > fake_plic.threshold[context] &&
		    fake_plic.priority[line] > fake_plic.priority[found])
			found = line;
	return found;
}

bool
fake_plic_interrupts(uint64_t context)
{
	return fake_plic.spurious ||
	       (context < FAKE_PLIC_CONTEXTS && best(context) != 0);
}

static uint32_t
claim(uint64_t context)
{
	uint32_t line = best(context);

	if (line != 0) {
		fake_plic.pending[line] = false;
		fake_plic.claimed[line] = (uint32_t)context + 1;
	}
	return line;
}

static void
complete(uint64_t context, uint32_t line)
{
	assert_in_range(line, 1, FAKE_PLIC_LAST);
	assert_int_equal(fake_plic.claimed[line], context + 1);
	if (!fake_plic_enabled(context, line))
		return;
	fake_plic.claimed[line] = 0;
	sample(line);
}

/* Where a register that is nothing but memory is, or NULL. */
static uint32_t *
plain(uint64_t at)
{
	uint64_t context = (at - ENABLES) / ENABLES_SIZE;
	uint64_t word = (at - ENABLES) % ENABLES_SIZE / 4;

	if (at >= 4 && at / 4 <= FAKE_PLIC_LAST)
		return &fake_plic.priority[at / 4];
	if (at >= ENABLES && context < FAKE_PLIC_CONTEXTS &&
	    word < FAKE_PLIC_WORDS)
		return &fake_plic.enable[context][word];
	context = (at - CONTEXTS) / CONTEXTS_SIZE;
	if (at >= CONTEXTS && context < FAKE_PLIC_CONTEXTS &&
	    at % CONTEXTS_SIZE == 0)
		return &fake_plic.threshold[context];
	return NULL;
}

/* The context whose claim register this is; the test fails if it is none. */
static uint64_t
claim_context(uint64_t at)
{
	if (at < CONTEXTS || at >= FAKE_PLIC_SIZE || at % CONTEXTS_SIZE != 4)
		fail_msg("the PLIC has no register at %lx", at);
	return (at - CONTEXTS) / CONTEXTS_SIZE;
}

uint32_t
fake_device_read(uintptr_t address)
{
	uint64_t at = address - FAKE_PLIC_BASE;
	const uint32_t *memory = plain(at);

	assert_int_equal(at % 4, 0);
	return memory != NULL ? *memory : claim(claim_context(at));
}

void
fake_device_write(uintptr_t address, uint32_t value)
{
	uint64_t at = address - FAKE_PLIC_BASE;
	uint32_t *memory = plain(at);

	assert_int_equal(at % 4, 0);
	if (memory != NULL)
		*memory = value;
	else
		complete(claim_context(at), value);
}

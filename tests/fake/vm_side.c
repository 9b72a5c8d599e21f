/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_side.c - vmsrv and its kernel, for who is linked with procsrv too.
 */
#include "vm_side.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "vm_client.h"
#include "vmsrv/ledger.h"

void
vm_side_start(uint64_t free)
{
	fake_start(free);
}

token_t
vm_side_call(const struct vm_side_call *call)
{
	const struct request request = {
	    .kind = call->space != 0 ? SENDER_SPACE : SENDER_BADGE,
	    .sender = call->space != 0 ? call->space : BADGE_PROC,
	    .thread = call->thread,
	    .label = call->label,
	    .req = call->req,
	    .req_bytes = call->bytes,
	    .window = call->window,
	    .window_bytes = call->window_bytes,
	};

	return fake_request_begin(&request);
}

token_t
vm_side_fault(uint64_t space, objname_t thread, uint64_t va, uint64_t access)
{
	return fake_fault_begin(space, thread, va, access);
}

void
vm_side_turn(void)
{
	fake_turn();
}

void
vm_side_settle(void)
{
	fake_settle();
}

bool
vm_side_take(struct vm_side_answer *answer)
{
	struct fake_answer taken;

	if (!fake_answer_take(&taken))
		return false;
	*answer = (struct vm_side_answer){.token = taken.token,
	    .error = taken.error,
	    .signal = taken.signal,
	    .code = taken.code,
	    .info = taken.info};
	memcpy(answer->words, taken.words, sizeof(answer->words));
	return true;
}

void
vm_side_kill(token_t token)
{
	fake_call_kill(token);
}

void
vm_side_forget(token_t token)
{
	fake_call_forget(token);
}

void
vm_side_fail(uint64_t nth)
{
	fake_kernel.needing = 0;
	fake_kernel.fail_at = nth;
}

void
vm_side_batch(uint64_t pages)
{
	fake_kernel.batch = pages;
}

uint8_t *
vm_side_byte(uint64_t space, uint64_t va, uint64_t access)
{
	uint64_t entry = fake_entry(space, va);
	bool may = (entry & PTE_V) != 0 && (entry >> 1 & access) == access;

	if (!may && access == ACCESS_WRITE)
		may = fake_upgrade(space, va);
	return may ? fake_page(entry) + (va & PAGE_MASK) : NULL;
}

uint64_t
vm_side_identity(objname_t thread)
{
	return fake_thread_field(thread, THREAD_IDENTITY);
}

bool
vm_side_lives_in(objname_t thread, uint64_t space)
{
	return fake_thread_space(thread) != 0 &&
	       fake_thread_space(thread) == fake_space(space);
}

void
vm_side_check(void)
{
	fake_check();
}

void
vm_side_check_empty(void)
{
	fake_settle();
	fake_check();
	assert_int_equal(fake_live().spaces, 1);
	assert_int_equal(fake_live().threads, 0);
	assert_int_equal(ledger_available(), fake_unreserved());
}

uint64_t
vm_side_spaces(void)
{
	return fake_live().spaces;
}

uint64_t
vm_side_threads(void)
{
	return fake_live().threads;
}

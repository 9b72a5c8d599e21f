/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_test.h - what vmsrv's tests begin with.
 */
#ifndef TINE_TESTS_VM_TEST_H
#define TINE_TESTS_VM_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <ipc/message.h>

#include "ledger.h"
#include "space.h"
#include "vm_client.h"

#define FREE_FRAMES 6000ul

#define RW (VM_PROT_READ | VM_PROT_WRITE)
#define SIGKILL_ 9
#define SIGBUS_ 10
#define SIGSEGV_ 11
#define MAPERR 1
#define ACCERR 2

/* Everything that must be the same before and after. */
struct books {
	struct fake_live live;
	uint64_t available;
};

static inline struct books
books_now(void)
{
	struct books books = {.live = fake_live()};

	fake_settle();
	books.live = fake_live();
	books.available = ledger_available();
	return books;
}

static inline void
assert_books_equal(const struct books *before)
{
	struct books now = books_now();

	fake_check();
	assert_memory_equal(&now, before, sizeof(now));
}

/* Promises and free frames agree exactly when no process is left. */
static inline void
assert_nothing_promised(void)
{
	fake_settle();
	assert_int_equal(ledger_available(), fake_unreserved());
}

static inline int
start(void **state)
{
	(void)state;
	fake_start(FREE_FRAMES);
	return 0;
}

static inline int
finish(void **state)
{
	(void)state;
	fake_check();
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)

#endif

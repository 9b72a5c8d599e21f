/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * brk.c - the heap that malloc() grows.
 *
 * vmsrv is asked for HEAP_STEP bytes at a time, so that not each small
 * malloc() makes a request.  The heap begins in what is left of the last
 * page of the program's data: a small program then writes to one page.
 *
 * Invariant: heap_end <= heap_limit, which is what vmsrv knows; both are 0
 * before the first use.
 */
#include "internal.h"

#include <errno.h>
#include <stdint.h>
#include <sys/types.h>
#include <unistd.h>

#include <abi/types.h>
#include <ipc/vm.h>

#define HEAP_STEP 0x4000ul
#define HEAP_ALIGN 16ul

extern char _end[]; /* of the program's data: tine.ld */

static uintptr_t heap_end;
static uintptr_t heap_limit;

static uintptr_t
round_up(uintptr_t value, uintptr_t step)
{
	return (value + step - 1) / step * step;
}

static int
limit_set(uintptr_t limit)
{
	struct vm_brk_req req = {.address = limit};
	struct vm_brk_rep rep;
	int error;

	error = vm_brk(SLOT_VM, &req, &rep);
	if (error == 0)
		heap_limit = rep.address;
	return error;
}

static int
heap_init(void)
{
	uintptr_t data_end = (uintptr_t)_end;
	int error;

	if (heap_limit != 0)
		return 0;
	error = limit_set(0);
	if (error)
		return error;
	heap_end = heap_limit;
	if (heap_limit == round_up(data_end, PAGE_SIZE))
		heap_end = round_up(data_end, HEAP_ALIGN);
	return 0;
}

/* Let the heap end at end, and vmsrv know at least that much. */
static int
heap_set(uintptr_t end)
{
	int error = 0;

	if (end < (uintptr_t)_end || end > USER_TOP)
		return ENOMEM;
	if (end > heap_limit) {
		error = limit_set(round_up(end, HEAP_STEP));
		if (error)
			error = limit_set(round_up(end, PAGE_SIZE));
	} else if (heap_limit - end > 2 * HEAP_STEP) {
		error = limit_set(round_up(end, HEAP_STEP));
	}
	if (error == 0)
		heap_end = end;
	return error;
}

/* Move the end of the heap.  Returns the old one, or -1 with ENOMEM. */
void *
sbrk(ptrdiff_t increment)
{
	uintptr_t old;
	int error;

	error = heap_init();
	old = heap_end;
	if (error == 0 && increment != 0)
		error = heap_set(old + (uintptr_t)increment);
	if (error) {
		(void)__tine_fail(error);
		return (void *)-1;
	}
	return (void *)old;
}

/* Set the end of the heap.  Returns 0, or -1 with ENOMEM. */
int
brk(void *end)
{
	int error;

	error = heap_init();
	if (error == 0)
		error = heap_set((uintptr_t)end);
	return tine_result(error);
}

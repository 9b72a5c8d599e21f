/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pthread_stack.c - where threads' stacks lie.
 *
 *	memory			guard: never mapped
 *	+ guard			stack, growing down from
 *	tls			thread-local variables, aligned: tp
 *	thread			struct __pthread
 */
#include "internal.h"
#include "thread.h"

#include <errno.h>
#include <sys/mman.h>

#include <abi/types.h>

/* What must be left of a stack beside what lies on top of it. */
#define STACK_LEAST 2048ul

static uintptr_t
align_down(uintptr_t address, uintptr_t to)
{
	return address & ~(to - 1);
}

/* How much of a stack struct __pthread and the block can take. */
static size_t
top_bytes(void)
{
	return sizeof(struct __pthread) + _Alignof(struct __pthread) +
	       __tine_tls_bytes() + TLS_ALIGN;
}

static void
stack_lay(char *stack, size_t bytes, struct __pthread **thread, char **tls)
{
	uintptr_t top = (uintptr_t)stack + bytes;

	top = align_down(top - sizeof(**thread), _Alignof(struct __pthread));
	*thread = (struct __pthread *)top;
	top = align_down(top - __tine_tls_bytes(), TLS_ALIGN);
	*tls = (char *)top;
}

static int
stack_map(size_t bytes, size_t guard, char **memory)
{
	char *new = mmap(
	    NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);

	if (new == MAP_FAILED)
		return EAGAIN;
	if (guard != 0 && mprotect(new, guard, PROT_NONE) != 0) {
		(void)munmap(new, bytes);
		return EAGAIN;
	}
	*memory = new;
	return 0;
}

static int
stack_own(
    const pthread_attr_t *attributes, struct __pthread **thread, char **tls)
{
	size_t guard, bytes;
	char *memory;
	int error;

	guard = align_down(attributes->__guardsize + PAGE_MASK, PAGE_SIZE);
	if (__builtin_add_overflow(attributes->__stacksize,
		guard + top_bytes() + PAGE_MASK, &bytes))
		return EAGAIN;
	bytes = align_down(bytes, PAGE_SIZE);
	error = stack_map(bytes, guard, &memory);
	if (error)
		return error;
	/* What is over lies on top: the guard is met where the size ends. */
	stack_lay(
	    memory + guard, attributes->__stacksize + top_bytes(), thread, tls);
	**thread = (struct __pthread){.memory = memory, .bytes = bytes};
	return 0;
}

int
__tine_stack_alloc(
    const pthread_attr_t *attributes, struct __pthread **thread, char **tls)
{
	int saved = errno;
	int error;

	if (attributes->__stack == NULL) {
		error = stack_own(attributes, thread, tls);
		errno = saved;
		return error;
	}
	if (attributes->__stacksize < top_bytes() + STACK_LEAST)
		return EINVAL;
	stack_lay(attributes->__stack, attributes->__stacksize, thread, tls);
	**thread = (struct __pthread){0};
	return 0;
}

void
__tine_stack_free(void *memory, size_t bytes)
{
	if (memory != NULL)
		(void)munmap(memory, bytes);
}

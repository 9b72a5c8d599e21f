/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * context.c - switching between contexts in a thread: ucontext.h.
 *
 * Taking up a context is what the end of a signal handler does: all
 * registers and the mask at once, by procsrv.  The thread pointer is the
 * exception: thread-local variables belong to the thread, not the context.
 */
#include "context.h"
#include "internal.h"
#include "sigset.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <ucontext.h>

#define ARGUMENT_REGISTERS 8
#define STACK_ALIGN 16ul
#define REG_S1 9

int
__tine_getcontext_mask(ucontext_t *context)
{
	context->uc_flags = 0;
	return sigprocmask(SIG_BLOCK, NULL, &context->uc_sigmask);
}

/* Does not return. */
int
setcontext(const ucontext_t *context)
{
	mcontext_t registers = context->uc_mcontext;

	registers.__gregs[_REG_TP] = (uintptr_t)__builtin_thread_pointer();
	__tine_sigreturn(&registers, sigset_pack(&context->uc_sigmask));
}

/* Returns 0, when the old context is taken up again. */
int
swapcontext(ucontext_t *restrict old, const ucontext_t *restrict next)
{
	volatile bool again = false;

	if (getcontext(old) != 0)
		return -1;
	if (again)
		return 0;
	again = true;
	return setcontext(next);
}

/*
 * Let a context that getcontext() took down run function on the stack
 * uc_stack instead, with argc arguments that are int or of the size of a
 * register, and then go on with uc_link, or (NULL) end the process.
 */
void
makecontext(ucontext_t *context, void (*function)(void), int argc, ...)
{
	__greg_t *registers = context->uc_mcontext.__gregs;
	int more = argc > ARGUMENT_REGISTERS ? argc - ARGUMENT_REGISTERS : 0;
	uintptr_t top = (uintptr_t)context->uc_stack.ss_sp +
			context->uc_stack.ss_size - (unsigned)more * 8ul;
	__greg_t *stack = (__greg_t *)(top & ~(STACK_ALIGN - 1));
	va_list arguments;

	va_start(arguments, argc);
	for (int i = 0; i < argc; i++) {
		__greg_t value = va_arg(arguments, __greg_t);

		if (i < ARGUMENT_REGISTERS)
			registers[_REG_A0 + i] = value;
		else
			stack[i - ARGUMENT_REGISTERS] = value;
	}
	va_end(arguments);
	registers[_REG_PC] = (uintptr_t)function;
	registers[_REG_RA] = (uintptr_t)__tine_context_end;
	registers[_REG_SP] = (uintptr_t)stack;
	registers[_REG_S0] = 0; /* the end of the chain of frames */
	registers[REG_S1] = (uintptr_t)context->uc_link;
}

void
__tine_context_next(const ucontext_t *next)
{
	if (next != NULL)
		(void)setcontext(next);
	exit(0);
}

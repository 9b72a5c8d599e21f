/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * start.c - from crt0 to main.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The image of the thread-local variables, and sizes as addresses: tine.ld. */
extern const char __tdata_start[];
extern const char __tdata_size[];
extern const char __tls_size[];

int main(int argc, char **argv, char **envp);
void __libc_init_array(void);
/* Called by crt0 alone. */
void __tine_start(uintptr_t *arguments, char *tls) __attribute__((noreturn));

static void
start_tls(char *tls)
{
	size_t data = (uintptr_t)__tdata_size;

	memcpy(tls, __tdata_start, data);
	memset(tls + data, 0, (uintptr_t)__tls_size - data);
}

/*
 * Run a program whose arguments lie as the psABI says, with its thread-local
 * variables at tls, which is tp too.
 */
void
__tine_start(uintptr_t *arguments, char *tls)
{
	int argc = (int)arguments[0];
	char **argv = (char **)(arguments + 1);

	start_tls(tls);
	environ = argv + argc + 1;
	if (argc > 0)
		setprogname(argv[0]);
	__libc_init_array();
	exit(main(argc, argv, environ));
}

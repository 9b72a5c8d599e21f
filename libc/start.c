/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * start.c - from crt0 to main.
 */
#include "internal.h"

#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv, char **envp);
void __libc_init_array(void);
/* Called by crt0 alone. */
void __tine_start(uintptr_t *arguments, char *tls) __attribute__((noreturn));

/*
 * Run a program whose arguments lie as the psABI says, with its thread-local
 * variables at tls, which is tp too.
 */
void
__tine_start(uintptr_t *arguments, char *tls)
{
	int argc = (int)arguments[0];
	char **argv = (char **)(arguments + 1);

	__tine_tls_init(tls);
	environ = argv + argc + 1;
	if (argc > 0)
		setprogname(argv[0]);
	__libc_init_array();
	exit(main(argc, argv, environ));
}

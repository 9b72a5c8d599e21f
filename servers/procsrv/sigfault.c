/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sigfault.c - which signal an exception is; vmsrv tells that of a page fault.
 */
#include <ipc/proc.h>

#include "signal.h"

/* si_code: NetBSD's sys/siginfo.h. */
#define ILL_ILLOPC 1
#define TRAP_BRKPT 1
#define BUS_ADRALN 1
#define BUS_ADRERR 2
#define SEGV_MAPERR 1

/* Words of MSG_EXCEPTION. */
enum {
	WORD_CAUSE,
	WORD_VALUE,
	WORD_PC,
};

void
signal_of_exception(const uint64_t *words, struct proc_siginfo *info)
{
	*info = (struct proc_siginfo){.address = words[WORD_VALUE]};
	switch (words[WORD_CAUSE]) {
	case 2: /* illegal instruction: its bits, perhaps, are in stval */
		info->signo = SIGILL;
		info->code = ILL_ILLOPC;
		info->address = words[WORD_PC];
		break;
	case 3: /* breakpoint */
		info->signo = SIGTRAP;
		info->code = TRAP_BRKPT;
		info->address = words[WORD_PC];
		break;
	case 0: /* misaligned: fetch, load, store */
	case 4:
	case 6:
		info->signo = SIGBUS;
		info->code = BUS_ADRALN;
		break;
	case 1: /* access fault: fetch, load, store */
	case 5:
	case 7:
		info->signo = SIGBUS;
		info->code = BUS_ADRERR;
		break;
	default: /* page faults that no pager takes */
		info->signo = SIGSEGV;
		info->code = SEGV_MAPERR;
		break;
	}
}

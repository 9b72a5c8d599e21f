/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * siglist.c - the names of signals.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* number, name, text: NetBSD's. */
#define SIGNALS(S) \
	S(HUP, "Hangup") \
	S(INT, "Interrupt") \
	S(QUIT, "Quit") \
	S(ILL, "Illegal instruction") \
	S(TRAP, "Trace/BPT trap") \
	S(ABRT, "Abort trap") \
	S(EMT, "EMT trap") \
	S(FPE, "Floating point exception") \
	S(KILL, "Killed") \
	S(BUS, "Bus error") \
	S(SEGV, "Segmentation fault") \
	S(SYS, "Bad system call") \
	S(PIPE, "Broken pipe") \
	S(ALRM, "Alarm clock") \
	S(TERM, "Terminated") \
	S(URG, "Urgent I/O condition") \
	S(STOP, "Suspended (signal)") \
	S(TSTP, "Suspended") \
	S(CONT, "Continued") \
	S(CHLD, "Child exited") \
	S(TTIN, "Stopped (tty input)") \
	S(TTOU, "Stopped (tty output)") \
	S(IO, "I/O possible") \
	S(XCPU, "Cputime limit exceeded") \
	S(XFSZ, "Filesize limit exceeded") \
	S(VTALRM, "Virtual timer expired") \
	S(PROF, "Profiling timer expired") \
	S(WINCH, "Window size changed") \
	S(INFO, "Information request") \
	S(USR1, "User defined signal 1") \
	S(USR2, "User defined signal 2") \
	S(PWR, "Power fail/restart")

const char *const sys_siglist[NSIG] = {"Signal 0",
#define TEXT(name, text) [SIG##name] = text,
    SIGNALS(TEXT)
#undef TEXT
};

const char *const sys_signame[NSIG] = {
#define NAME(name, text) [SIG##name] = #name,
    SIGNALS(NAME)
#undef NAME
};

#define TEXT_MAX 32

/* What to call a signal; buffer is for those without a name. */
static const char *
text_of(int signal, char buffer[TEXT_MAX])
{
	const char *text = NULL;

	if (signal >= 0 && signal < NSIG)
		text = sys_siglist[signal];
	if (text != NULL)
		return text;
	if (signal >= SIGRTMIN && signal <= SIGRTMAX)
		(void)snprintf(
		    buffer, TEXT_MAX, "Real time signal %d", signal - SIGRTMIN);
	else
		(void)snprintf(buffer, TEXT_MAX, "Unknown signal: %d", signal);
	return buffer;
}

/* The text is good until the thread's next call. */
char *
strsignal(int signal)
{
	static _Thread_local char buffer[TEXT_MAX];

	/* Nobody is to write there, though the type lets them. */
	return (char *)(uintptr_t)text_of(signal, buffer);
}

/* "message: text" to standard error. */
void
psignal(int signal, const char *message)
{
	char buffer[TEXT_MAX];
	const char *text = text_of(signal, buffer);

	if (message != NULL && *message != '\0')
		(void)fprintf(stderr, "%s: %s\n", message, text);
	else
		(void)fprintf(stderr, "%s\n", text);
}

void
psiginfo(const siginfo_t *info, const char *message)
{
	psignal(info->si_signo, message);
}

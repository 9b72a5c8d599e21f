/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * signal.h - signals, instead of picolibc's.  The numbers are NetBSD's.
 */
#ifndef _SIGNAL_H_
#define _SIGNAL_H_

#include <stdint.h>
#include <sys/cdefs.h>
#include <sys/features.h>
#include <sys/types.h>
#include <sys/_pthreadtypes.h>
#include <sys/_sigset.h>
#include <sys/_timespec.h>
#include <sys/siginfo.h>
#include <sys/ucontext.h>

#define SIGHUP 1
#define SIGINT 2
#define SIGQUIT 3
#define SIGILL 4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGIOT SIGABRT
#define SIGEMT 7
#define SIGFPE 8
#define SIGKILL 9
#define SIGBUS 10
#define SIGSEGV 11
#define SIGSYS 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGURG 16
#define SIGSTOP 17
#define SIGTSTP 18
#define SIGCONT 19
#define SIGCHLD 20
#define SIGTTIN 21
#define SIGTTOU 22
#define SIGIO 23
#define SIGPOLL SIGIO
#define SIGXCPU 24
#define SIGXFSZ 25
#define SIGVTALRM 26
#define SIGPROF 27
#define SIGWINCH 28
#define SIGINFO 29
#define SIGUSR1 30
#define SIGUSR2 31
#define SIGPWR 32
#define SIGRTMIN 33
#define SIGRTMAX 62 /* the C library needs one for itself */
#define _NSIG 64
#define NSIG _NSIG

#ifndef _SIGSET_T_DECLARED
#define _SIGSET_T_DECLARED
typedef __sigset_t sigset_t;
#endif

#define SIG_BLOCK 1
#define SIG_UNBLOCK 2
#define SIG_SETMASK 3

struct sigevent {
	int sigev_notify;
	int sigev_signo;
	union sigval sigev_value;
	void (*sigev_notify_function)(union sigval);
	pthread_attr_t *sigev_notify_attributes;
};
#define SIGEV_NONE 0
#define SIGEV_SIGNAL 1
#define SIGEV_THREAD 2

typedef int sig_atomic_t;
typedef void (*_sig_func_ptr)(int);
#if __BSD_VISIBLE
typedef _sig_func_ptr sig_t;
#endif
#if __GNU_VISIBLE
typedef _sig_func_ptr sighandler_t;
#endif

#define SIG_DFL ((_sig_func_ptr)0)
#define SIG_IGN ((_sig_func_ptr)1)
#define SIG_ERR ((_sig_func_ptr)-1)
#define SIG_HOLD ((_sig_func_ptr)3) /* sigset() alone */

struct sigaction {
	union {
		_sig_func_ptr __handler;
		void (*__action)(int, siginfo_t *, void *);
	} __function;
	sigset_t sa_mask;
	int sa_flags;
};
/* One of these; the second with SA_SIGINFO. */
#define sa_handler __function.__handler
#define sa_sigaction __function.__action

#define SA_ONSTACK 0x01 /* on the alternate stack, if there is one */
#define SA_RESTART 0x02 /* go on with what it interrupts */
#define SA_RESETHAND 0x04 /* once */
#define SA_NOCLDSTOP 0x08 /* SIGCHLD not for children that stop */
#define SA_NODEFER 0x10 /* not held while the handler runs */
#define SA_NOCLDWAIT 0x20 /* SIGCHLD: children leave no zombies */
#define SA_SIGINFO 0x40 /* sa_sigaction */

#define SS_ONSTACK 0x1
#define SS_DISABLE 0x4
#define MINSIGSTKSZ 8192
#define SIGSTKSZ 40960

__BEGIN_DECLS

/* By number: "Hangup", and "HUP"; NULL for signals without a name. */
extern const char *const sys_siglist[NSIG];
extern const char *const sys_signame[NSIG];

_sig_func_ptr signal(int, _sig_func_ptr);
int raise(int);
void psignal(int, const char *);
void psiginfo(const siginfo_t *, const char *);
int kill(pid_t, int);
int killpg(pid_t, int);
int sigaction(
    int, const struct sigaction *__restrict, struct sigaction *__restrict);
int sigprocmask(int, const sigset_t *__restrict, sigset_t *__restrict);
int sigpending(sigset_t *);
int sigsuspend(const sigset_t *);
int sigwait(const sigset_t *__restrict, int *__restrict);
int sigtimedwait(const sigset_t *__restrict, siginfo_t *__restrict,
    const struct timespec *__restrict);
int sigwaitinfo(const sigset_t *__restrict, siginfo_t *__restrict);
int sigqueue(pid_t, int, const union sigval);
int siginterrupt(int, int);
int sighold(int);
int sigignore(int);
int sigpause(int);
int sigrelse(int);
_sig_func_ptr sigset(int, _sig_func_ptr);
int pthread_kill(pthread_t, int);
int pthread_sigmask(int, const sigset_t *__restrict, sigset_t *__restrict);
int sigaltstack(const stack_t *__restrict, stack_t *__restrict);
int sigemptyset(sigset_t *);
int sigfillset(sigset_t *);
int sigaddset(sigset_t *, int);
int sigdelset(sigset_t *, int);
int sigismember(const sigset_t *, int);

__END_DECLS

#endif

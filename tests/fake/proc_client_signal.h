/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_client_signal.h - clients that handle signals.
 */
#ifndef TINE_FAKE_PROC_CLIENT_SIGNAL_H
#define TINE_FAKE_PROC_CLIENT_SIGNAL_H

#include "proc_client_lwp.h"
#include "proc_fake_signal.h"

/* Numbers that procsrv does not speak of. */
#define SIGTERM 15
#define SIGUSR1 30
#define SIGUSR2 31

#define BIT(signal) (1ul << ((signal)-1))
#define CLIENT_HANDLER 0x10200ul
#define CLIENT_TRAMPOLINE 0x10300ul
#define CLIENT_STACK 0x40000ul

/* Have a signal caught, with these flags. */
void client_catch(int32_t pid, int32_t signal, uint32_t flags);
/* Set any action that is not a handler. */
void client_action(int32_t pid, int32_t signal, uint64_t handler);
/* The handler and flags that sigaction() tells. */
uint64_t client_handler(int32_t pid, int32_t signal, uint32_t *flagsp);

/* sigprocmask(); the mask before. */
uint64_t client_mask(int32_t pid, uint32_t how, uint64_t set);
uint64_t client_pending(int32_t pid);

/* A message of the kernel for an LWP; the token of the call. */
token_t client_kernel(uint64_t identity, uint64_t label, uint64_t word0,
    uint64_t word1, uint64_t word2);

/*
 * Let an LWP that was interrupted come by: the token of its AST; 0: it was
 * not interrupted, or it waits.
 */
token_t client_ast(uint64_t identity);
/* The same for a process's only LWP. */
token_t client_run(int32_t pid);

/* The siginfo and the mask in the frame by which a call was answered. */
struct proc_siginfo client_info(token_t token);
uint64_t client_saved_mask(token_t token);
uint32_t client_saved_stack(token_t token); /* ss_flags */
/* The signal whose handler a call's answer enters; 0: it is not one. */
int32_t client_handled(token_t token);

/* sigreturn() with these registers. */
token_t client_sigreturn(int32_t pid, const struct regs *regs, uint64_t mask);
/* The same with what a frame holds. */
token_t client_return(int32_t pid, token_t handled);

#endif

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_client_lwp.h - clients with several LWPs, each named by pid and lid.
 */
#ifndef TINE_FAKE_PROC_CLIENT_LWP_H
#define TINE_FAKE_PROC_CLIENT_LWP_H

#include <procsrv/proc.h>

#include "proc_client.h"

/* What a new LWP starts with. */
#define CLIENT_LWP_PC 0x10100ul
#define CLIENT_LWP_SP 0x30000ul

/* The record of an LWP; there must be one. */
struct lwp *client_lwp(int32_t pid, int32_t lid);
uint64_t client_lwp_identity(int32_t pid, int32_t lid);

/* Any call by an LWP. */
#define LWP_CALL(pid, lid, name, ...) \
	client_call_as(client_lwp_identity(pid, lid), proc_##name##_call, \
	    &(struct proc_##name##_req){__VA_ARGS__}, \
	    sizeof(struct proc_##name##_req))
#define LWP_ERROR(pid, lid, name, ...) \
	fake_answer_error(LWP_CALL(pid, lid, name, __VA_ARGS__))

/* One more LWP; its lid, or -error. */
int32_t client_lwp_create(int32_t pid, int32_t lid, uint32_t flags);
void client_lwp_exit(int32_t pid, int32_t lid);
/* _lwp_wait(): who ended, -error, or CLIENT_BLOCKED. */
int32_t client_lwp_wait(int32_t pid, int32_t lid, int32_t which);
/* What a blocked one's token says by now, the same way. */
int32_t client_lwp_waited(token_t token);
/* vfork() by an LWP that can; the child. */
int32_t client_lwp_vfork(
    int32_t pid, int32_t lid, uint32_t flags, token_t *tokenp);
/* What fork's or vfork's answer gives the parent. */
int32_t client_forked(token_t token);

#endif

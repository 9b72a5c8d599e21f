/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_client.h - processes that make requests of procsrv, for its tests.
 *
 * Everything goes through serve_message(), as on the target.  A client is
 * named by its pid; each has one thread, which makes one call at a time.
 */
#ifndef TINE_FAKE_PROC_CLIENT_H
#define TINE_FAKE_PROC_CLIENT_H

#include <ipc/proc.h>

#include "proc_fake.h"

/* All of procsrv's books and those of the fakes, to be compared. */
struct snapshot {
	struct fake_live live;
	uint32_t nprocs;
	uint32_t procs;
	uint32_t lwps;
	uint32_t creds;
	uint32_t users;
	uint32_t limits;
	uint32_t pgrps;
	uint32_t sessions;
	uint32_t root_procs;
	uint32_t sigacts;
	uint32_t siginfos;
	uint32_t ptimers;
	uint32_t cputimes;
};

/* Start the fakes and boot; init is pid 1, as root. */
void client_boot(void);
/* The same as a group's setup, with a program /bin/small to execute. */
int client_start(void **state);

struct snapshot snapshot_take(void);
void snapshot_assert_equal(const struct snapshot *before);

/*
 * The fixture of tests of one process: a child of init is born for each, and
 * buried after it; then everything is as it was.
 */
extern int32_t client;
int client_setup(void **state);
int client_teardown(void **state);

/* Check the invariants of every process. */
void client_check(void);

/* The identity of a process's thread. */
uint64_t client_identity(int32_t pid);

/* Make any call in the name of a thread; the token tells what became of it. */
token_t client_call_as(
    uint64_t identity, uint32_t number, const void *req, size_t bytes);

/* The same in that of a process's only thread, or its first. */
token_t client_call(
    int32_t pid, uint32_t number, const void *req, size_t bytes);
#define CLIENT_CALL(pid, name, ...) \
	client_call(pid, proc_##name##_call, \
	    &(struct proc_##name##_req){__VA_ARGS__}, \
	    sizeof(struct proc_##name##_req))

/* The same for calls that are answered at once: the error. */
int client_error(int32_t pid, uint32_t number, const void *req, size_t bytes);
#define CLIENT_ERROR(pid, name, ...) \
	client_error(pid, proc_##name##_call, \
	    &(struct proc_##name##_req){__VA_ARGS__}, \
	    sizeof(struct proc_##name##_req))

/* fork(); the child's pid, or -error. */
int32_t client_fork(int32_t pid);
/* The child that was born, or died, last. */
int32_t client_youngest(int32_t pid);
/* vfork(); the child's pid or -error.  The parent's token in *tokenp. */
int32_t client_vfork(int32_t pid, uint32_t flags, token_t *tokenp);
void client_exit(int32_t pid, int32_t code);
/* What wait4() always asks for. */
#define CLIENT_WAIT4 (PROC_WAIT_EXITED | PROC_WAIT_TRAPPED)
/* waitpid(); *statusp only with a child.  The child's pid, 0, -error; or
 * CLIENT_BLOCKED. */
#define CLIENT_BLOCKED INT32_MIN
int32_t client_wait(
    int32_t pid, int32_t which, uint32_t options, int32_t *statusp);
/* The same without an answer yet: its token. */
token_t client_waits(int32_t pid, int32_t which, uint32_t options);
/* What a blocked wait's token says by now, the same way. */
int32_t client_waited(token_t token, int32_t *statusp);
int client_kill(int32_t pid, int32_t target, int32_t signal);
int client_setuid(int32_t pid, uint32_t uid);
int client_setpgid(int32_t pid, int32_t target, int32_t pgid);
int client_setsid(int32_t pid);
/* The pid that getppid() gives. */
int32_t client_ppid(int32_t pid);

/* Kill a process, all of its LWPs, and have init, or its parent, reap it. */
void client_bury(int32_t parent, int32_t pid);

#endif

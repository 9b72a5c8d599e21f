/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * requests.c - servers refuse what makes no sense or is not for a process.
 *
 * The table has a row for each refusal: which server, which request, with
 * how many words, and its error.  Rows that would do something if they were
 * granted are made by a child.
 */
#include "tap.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ipc/proc.h>
#include <ipc/tty.h>
#include <ipc/vm.h>

#define KERNEL 0xffffffc080200000ul
#define LAST (~0ul)
#define LAST_PAGE (~0ul << PAGE_SHIFT)
#define NOWHERE 0x2000000000ul
#define UID 5

struct row {
	const char *claim;
	cap_t server;
	uint32_t label;
	uint32_t count;
	int expected;
	uint64_t words[MSG_WORDS];
	uint64_t window;
	uint64_t size;
};

#define WORDS(protocol, name) IPC_COUNT(sizeof(struct protocol##_##name##_req))
/* A request of the right size. */
#define PROC(name, error, claim, ...) \
	{ \
		"procsrv " #name ": " claim, SLOT_PROC, proc_##name##_call, \
		    WORDS(proc, name), error, {__VA_ARGS__}, 0, 0 \
	}
#define VM(name, error, claim, ...) \
	{ \
		"vmsrv " #name ": " claim, SLOT_VM, vm_##name##_call, \
		    WORDS(vm, name), error, {__VA_ARGS__}, 0, 0 \
	}
/* One with too many words, or too few. */
#define WRONG(server, slot, protocol, name) \
	{ \
		server " " #name ": a word too many", slot, \
		    protocol##_##name##_call, WORDS(protocol, name) + 1, \
		    EINVAL, {0}, 0, 0 \
	}
#define PROC_WRONG(name) WRONG("procsrv", SLOT_PROC, proc, name)
#define VM_WRONG(name) WRONG("vmsrv", SLOT_VM, vm, name)
#define UNKNOWN_ROW(server, slot, number) \
	{ \
		server ": there is no request " #number, slot, number, 0, \
		    ENOSYS, {0}, 0, 0 \
	}

static const struct row proc_rows[] = {
    UNKNOWN_ROW("procsrv", SLOT_PROC, 0),
    UNKNOWN_ROW("procsrv", SLOT_PROC, 999),
    UNKNOWN_ROW("procsrv", SLOT_PROC, 0xffff),
    PROC_WRONG(fork),
    PROC_WRONG(exit),
    PROC_WRONG(wait),
    PROC_WRONG(kill),
    PROC_WRONG(kill_user),
    PROC_WRONG(exec),
    PROC_WRONG(ids),
    PROC_WRONG(setids),
    PROC_WRONG(getrlimit),
    PROC_WRONG(setrlimit),
    PROC_WRONG(sysctl),
    PROC_WRONG(list),
    PROC_WRONG(power),
    PROC_WRONG(group),
    PROC_WRONG(priority),
    PROC_WRONG(timer_create),
    PROC_WRONG(timer_set),
    PROC_WRONG(timer_delete),
    PROC_WRONG(timer_overrun),
    PROC_WRONG(cputime),
    PROC(fork, EINVAL, "system processes", FORK_SYSTEM),
    PROC(fork, EINVAL, "children of init", FORK_NOWAIT),
    PROC(fork, EINVAL, "unknown flags", 0x100),
    PROC(fork, EINVAL, "all flags", 0xffffffff),
    PROC(fork, EINVAL, "exit signal 64", 64ul << 32),
    PROC(fork, EINVAL, "shared signals alone", FORK_SHARESIGS),
    PROC(fork, EINVAL, "exit signal -1", 0xffffffff00000000ul),
    PROC(wait, EINVAL, "unknown options", PROC_P_ALL, 0x80000000),
    PROC(wait, EINVAL, "nothing to wait for", PROC_P_ALL, 0),
    PROC(wait, EINVAL, "unknown kind of id", 99, PROC_WAIT_EXITED),
    PROC(wait, ECHILD, "pid 0x7fffffff", 0x7fffffff00000000ul | PROC_P_PID,
	PROC_WAIT_EXITED),
    PROC(wait, ECHILD, "the least pid", 0x8000000000000000ul | PROC_P_PID,
	PROC_WAIT_EXITED),
    PROC(kill, EINVAL, "signal 64", 64ul << 32 | 1),
    PROC(kill, EINVAL, "signal -1", 0xffffffff00000001ul),
    PROC(kill, ESRCH, "pid 0x7fffffff", 0x7fffffff),
    PROC(kill, ESRCH, "the least pid", 0x80000000),
    PROC(kill_user, EINVAL, "signal 64", 64ul << 32 | 77),
    PROC(kill_user, ESRCH, "a uid of nobody", 77),
    PROC(setids, EINVAL, "kind 0", 0),
    PROC(setids, EINVAL, "kind 7", 7),
    PROC(setids, EINVAL, "absurd kind", 0xffffffff),
    PROC(setids, EINVAL, "uid -1", 0xffffffff00000001ul),
    PROC(getrlimit, EINVAL, "resource 12", PROC_LIMIT_COUNT),
    PROC(getrlimit, EINVAL, "absurd resource", 0xffffffff),
    PROC(setrlimit, EINVAL, "resource 12", PROC_LIMIT_COUNT, 1, 1),
    PROC(setrlimit, EINVAL, "soft above hard", PROC_LIMIT_NPROC, 2, 1),
    PROC(sysctl, ENOENT, "name 0", 0),
    PROC(sysctl, ENOENT, "absurd name", 0xffffffff),
    PROC(sysctl, EPERM, "setting what counts", 1ul << 32 | SYSCTL_FORKS),
    PROC(sysctl, EINVAL, "absurd maxproc", 1ul << 32 | SYSCTL_MAXPROC, LAST),
    PROC(list, ESRCH, "beyond all", 0x7fffffff),
    PROC(priority, EINVAL, "kind 3", 3),
    PROC(priority, EINVAL, "absurd kind, to be set", 0xffffffff, 1),
    PROC(priority, ESRCH, "pid -1", 0xfffffffful << 32 | PROC_PRIO_PROCESS),
    PROC(priority, ESRCH, "group 0x7fffffff, to be set",
	0x7ffffffful << 32 | PROC_PRIO_PGRP, 1),
    PROC(priority, ESRCH, "uid -1", 0xfffffffful << 32 | PROC_PRIO_USER),
    PROC(power, EINVAL, "unknown way", 2),
    PROC(power, EINVAL, "absurd status", (uint64_t)0x7fffffff << 32),
    PROC(itimer, EINVAL, "timer 3", 3),
    PROC(futex_wait, EINVAL, "shared by 2", 0, 0, 2ul << 32),
    PROC(futex_wake, EINVAL, "shared by 2", 0, 2ul << 32),
    PROC(futex_wake, EFAULT, "not shared", NOWHERE, 1ul << 32),
    PROC(timer_create, EINVAL, "signal 64", 64),
    PROC(timer_create, EINVAL, "signal -1", 0xffffffff),
    PROC(timer_set, EINVAL, "timer 0", 1ul << 32),
    PROC(timer_set, EINVAL, "timer -1", 1ul << 32 | 0xffffffff),
    PROC(timer_delete, EINVAL, "timer 1", 1),
    PROC(timer_overrun, EINVAL, "timer 1", 1),
    PROC(cputime, EINVAL, "of what", 2),
    PROC(cputime, ESRCH, "pid 0x7fffffff", 0x7fffffff00000000ul),
    PROC(cputime, ESRCH, "LWP -1", 0xffffffff00000001ul),
    PROC(fault, EPERM, "only vmsrv reports faults", SIGSEGV),
    PROC(group, ESRCH, "of nobody", 0x7fffffff),
    PROC(group, ESRCH, "of pid -1", 0xffffffff),
};

/* exec, by its window. */
#define EXEC(error, claim, base, argc, envc, bytes) \
	{ \
		"procsrv exec: " claim, SLOT_PROC, proc_exec_call, \
		    WORDS(proc, exec), error, \
		    {(uint64_t)(envc) << 32 | (argc), bytes}, base, bytes \
	}
static const struct row exec_rows[] = {
    EXEC(EFAULT, "a window on the kernel", KERNEL, 1, 0, 16),
    EXEC(EFAULT, "nowhere", NOWHERE, 1, 0, 16),
    EXEC(EFAULT, "at the top of all", LAST - 7, 1, 0, 16),
    EXEC(EFAULT, "across the user's top", USER_TOP - 8, 1, 0, 16),
};

static const struct row vm_rows[] = {
    UNKNOWN_ROW("vmsrv", SLOT_VM, 0),
    UNKNOWN_ROW("vmsrv", SLOT_VM, 999),
    UNKNOWN_ROW("vmsrv", SLOT_VM, 0xffff),
    VM_WRONG(map),
    VM_WRONG(unmap),
    VM_WRONG(protect),
    VM_WRONG(inherit),
    VM_WRONG(brk),
    VM_WRONG(info),
    VM(map, EINVAL, "nothing", 0, 0, 3, VM_MAP_ANON | VM_MAP_PRIVATE),
    VM(map, EINVAL, "neither shared nor private", 0, 1,
	(uint64_t)VM_MAP_ANON << 32 | 3),
    VM(map, EINVAL, "both", 0, 1,
	(uint64_t)(VM_MAP_ANON | VM_MAP_PRIVATE | VM_MAP_SHARED) << 32 | 3),
    VM(map, EINVAL, "a file", 0, 1, (uint64_t)VM_MAP_PRIVATE << 32 | 3),
    VM(map, EINVAL, "unknown flags", 0, 1,
	(uint64_t)(VM_MAP_ANON | VM_MAP_PRIVATE | 0x80000000u) << 32 | 3),
    VM(map, EINVAL, "unknown protection", 0, 1,
	(uint64_t)(VM_MAP_ANON | VM_MAP_PRIVATE) << 32 | 8),
    VM(map, EACCES, "writable code", 0, 1,
	(uint64_t)(VM_MAP_ANON | VM_MAP_PRIVATE) << 32 | 7),
    VM(map, ENOMEM, "absurd length", 0, LAST,
	(uint64_t)(VM_MAP_ANON | VM_MAP_PRIVATE) << 32 | 3),
    VM(map, ENOMEM, "all of user memory", 0, USER_TOP,
	(uint64_t)(VM_MAP_ANON | VM_MAP_PRIVATE) << 32 | 3),
    VM(map, ENOMEM, "as much, shared", 0, USER_TOP - PAGE_SIZE,
	(uint64_t)(VM_MAP_ANON | VM_MAP_SHARED) << 32 | 3),
#define FIXED ((uint64_t)(VM_MAP_ANON | VM_MAP_PRIVATE | VM_MAP_FIXED) << 32)
    VM(map, EINVAL, "kernel address", KERNEL, 1, FIXED | 3),
    VM(map, EINVAL, "the user's top", USER_TOP, 1, FIXED | 3),
    VM(map, EINVAL, "across it", USER_TOP - PAGE_SIZE, 2 * PAGE_SIZE,
	FIXED | 3),
    VM(map, EINVAL, "the last page of all", LAST_PAGE, 1, FIXED | 3),
    VM(map, EINVAL, "wrapping", NOWHERE, LAST_PAGE, FIXED | 3),
    VM(map, EINVAL, "page 0", 0, 1, FIXED | 3),
    VM(map, EINVAL, "unaligned", NOWHERE + 8, 1, FIXED | 3),
    VM(unmap, EINVAL, "nothing", NOWHERE, 0),
    VM(unmap, EINVAL, "unaligned", NOWHERE + 8, 1),
    VM(unmap, EINVAL, "kernel address", KERNEL, PAGE_SIZE),
    VM(unmap, EINVAL, "wrapping", NOWHERE, LAST),
    VM(unmap, EINVAL, "absurd length", PAGE_SIZE, USER_TOP),
    VM(protect, EINVAL, "unaligned", NOWHERE + 8, 1, 3),
    VM(protect, EINVAL, "kernel address", KERNEL, PAGE_SIZE, 3),
    VM(protect, EINVAL, "wrapping", NOWHERE, LAST, 3),
    VM(protect, EINVAL, "unknown protection", NOWHERE, PAGE_SIZE, 8),
    VM(protect, EACCES, "writable code", NOWHERE, PAGE_SIZE, 7),
    VM(protect, ENOMEM, "nothing there", NOWHERE, PAGE_SIZE, 3),
    VM(inherit, EINVAL, "unaligned", NOWHERE + 8, 1, 1),
    VM(inherit, EINVAL, "kernel address", KERNEL, PAGE_SIZE, 1),
    VM(inherit, EINVAL, "wrapping", NOWHERE, LAST, 1),
    VM(inherit, EINVAL, "unknown kind", NOWHERE, PAGE_SIZE, 3),
    /* As in NetBSD, holes don't matter. */
    VM(inherit, 0, "nothing there", NOWHERE, PAGE_SIZE, 1),
    VM(brk, ENOMEM, "below the heap", 1),
    VM(brk, ENOMEM, "kernel address", KERNEL),
    VM(brk, ENOMEM, "the user's top", USER_TOP),
    VM(brk, ENOMEM, "absurd address", LAST),
    VM(fork, EPERM, "is procsrv's to ask", 1, 1),
    VM(release, EPERM, "is procsrv's to ask", 1, 1),
    VM(exec_begin, EPERM, "is procsrv's to ask", 0),
    VM(exec_map, EPERM, "is procsrv's to ask", 1),
    VM(exec_stack, EPERM, "is procsrv's to ask", 1),
    VM(exec_commit, EPERM, "is procsrv's to ask", 1),
    VM(exec_abort, EPERM, "is procsrv's to ask", 1),
    VM(exec_top, EPERM, "is procsrv's to ask", 1),
    VM(object_open, EPERM, "is procsrv's to ask", 1),
    VM(object_read, EPERM, "is procsrv's to ask", 1),
    VM(limit, EPERM, "is procsrv's to ask", 1, LAST, VM_LIMIT_AS),
    VM(thread_priority, EPERM, "is procsrv's to ask", 1, 1, PRIORITY_USER_MOST),
    VM(shared_key, EPERM, "is procsrv's to ask", 1, PAGE_SIZE),
    VM(bring, EPERM, "is a server's to ask", 1, PAGE_SIZE, ACCESS_WRITE),
    VM(grow, EPERM, "is a server's to ask", NOWHERE, PAGE_SIZE),
    VM(bootargs, EPERM, "is a server's to ask", 16),
    VM(console, EPERM, "is ttysrv's to ask", 0),
};

/* ttysrv's, by their window. */
#define TTY(name, error, claim, base, size, length) \
	{ \
		"ttysrv " #name ": " claim, SLOT_TTY, tty_##name##_call, \
		    WORDS(tty, name), error, {length}, base, size \
	}
static const struct row tty_rows[] = {
    UNKNOWN_ROW("ttysrv", SLOT_TTY, 0),
    UNKNOWN_ROW("ttysrv", SLOT_TTY, 999),
    UNKNOWN_ROW("ttysrv", SLOT_TTY, 0xffff),
    WRONG("ttysrv", SLOT_TTY, tty, write),
    WRONG("ttysrv", SLOT_TTY, tty, read),
    TTY(write, EFAULT, "from the kernel", KERNEL, 8, 8),
    TTY(write, EFAULT, "from nowhere", NOWHERE, 8, 8),
    TTY(write, EFAULT, "wrapping", LAST - 3, 8, 8),
    TTY(write, EFAULT, "across the user's top", USER_TOP - 4, 8, 8),
    TTY(write, EFAULT, "more than the window", 0, 0, 8),
    TTY(write, EFAULT, "absurdly much of nothing", 0, 0, LAST),
};

static int
request(const struct row *row)
{
	struct ipc_msg msg = {
	    .info = MSG_INFO(row->label, row->count) | MSG_WINDOW_READ |
		    MSG_WINDOW_WRITE,
	    .window = row->window,
	    .window_size = row->size,
	};
	int error;

	memcpy(msg.words, row->words, sizeof(msg.words));
	error = ipc_call(row->server, &msg);
	return error ? error : (int)MSG_LABEL(msg.info);
}

static void
run_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		is(request(&rows[i]), rows[i].expected, rows[i].claim);
}

/* Not for everybody. */
static int
not_root(void)
{
	static const struct row rows[] = {
	    PROC(power, EPERM, "is root's", 0),
	    PROC(setids, EPERM, "is root's", 1),
	    PROC(sysctl, EPERM, "is root's to set", 1ul << 32 | SYSCTL_MAXPROC,
		10),
	    PROC(kill, EPERM, "not others'", (uint64_t)SIGKILL << 32 | 1),
	    PROC(priority, EPERM, "not others'", 1ul << 32, 1ul),
	    PROC(priority, EACCES, "not lower", 0, 0xffffffff00000001ul),
	    PROC(kill_user, ESRCH, "not root's", (uint64_t)SIGKILL << 32),
	};

	if (setuid(UID) != 0)
		return 99;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		if (request(&rows[i]) != rows[i].expected)
			return (int)i + 1;
	}
	return 0;
}

/* Strings in a window that don't add up. */
static int
exec_strings(const char *strings, uint32_t argc, uint32_t envc, uint64_t bytes)
{
	struct proc_exec_req req = {argc, envc, bytes};
	struct proc_exec_rep rep;

	return proc_exec(SLOT_PROC, &req, &rep, strings, bytes);
}

static void
test_strings(void)
{
	static const char strings[32] = "/test/requests";

	is(exec_strings(strings, 0, 0, 0), EINVAL, "exec without a path");
	is(exec_strings(strings, 0, 0, 14), EINVAL, "with an unfinished path");
	is(exec_strings(strings, 100, 0, 32), EINVAL,
	    "with more arguments than there are");
	is(exec_strings(strings, 0, 100, 32), EINVAL, "or environment");
	is(exec_strings(strings, 1, 0, 32), EINVAL, "or less");
	is(exec_strings(strings, 0xffffffff, 0xffffffff, 32), E2BIG,
	    "with absurdly many");
	is(exec_strings(strings, 1, 1, LAST), E2BIG, "with absurdly long ones");
}

/* A read of the console fails when more wait than there are places. */
#define READERS 70

static volatile long *reading;

static int
read_console(void)
{
	char c;

	*reading = 1;
	return read(STDIN_FILENO, &c, 1) == 1 ? 0 : errno;
}

/* A child that waits for input, and does still; its pid. */
static pid_t
reader_start(void)
{
	pid_t pid;

	*reading = 0;
	pid = child_start(read_console);
	(void)wait_flag(reading);
	spin(1);
	return pid;
}

static void
reader_check(const char *claim)
{
	pid_t pid = reader_start();
	int status = 0;

	is(waitpid(pid, &status, WNOHANG), 0, claim);
	if (status == 0) {
		(void)kill(pid, SIGKILL);
		(void)status_of(pid);
	}
}

static void
test_readers(void)
{
	for (int i = 0; i < READERS; i++) {
		pid_t pid = reader_start();

		(void)kill(pid, SIGKILL);
		(void)status_of(pid);
	}
	reader_check("readers that are gone leave their place to others");
}

/* Messages that are sent, so that nobody waits for an answer. */
static void
test_sends(void)
{
	char *page = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANON, -1, 0);
	struct ipc_msg unmap = {
	    .info = MSG_INFO(vm_unmap_call, WORDS(vm, unmap)),
	    .words = {(uintptr_t)page, PAGE_SIZE},
	};
	struct ipc_msg end = {.info = MSG_INFO(proc_exit_call, 1)};
	struct ipc_msg line = {
	    .info = MSG_INFO(tty_read_call, 1),
	    .words = {1},
	};

	(void)ipc_send(SLOT_VM, &unmap);
	page[0] = 1;
	is(page[0], 1, "an unmap that is only sent unmaps nothing");
	(void)ipc_send(SLOT_PROC, &end);
	ok(true, "an exit that is only sent ends nobody");
	for (int i = 0; i < READERS; i++)
		(void)ipc_send(SLOT_TTY, &line);
	reader_check("reads that are only sent take nobody's place");
	(void)munmap(page, PAGE_SIZE);
}

/* What a child does with a stack pointer that it can't use. */
static void
test_stack(void)
{
	struct proc_fork_req req = {.exitsig = SIGCHLD, .stack = KERNEL};
	struct proc_fork_rep rep = {.pid = -1};

	is(proc_fork(SLOT_PROC, &req, &rep), 0, "fork takes any stack pointer");
	is(status_of(rep.pid), SIGSEGV, "and the child dies of a bad one");
}

int
main(void)
{
	long before, nprocs = sysctl_number("kern.nprocs");

	reading = shared_page();
	*reading = 1;
	run_rows(proc_rows, LENGTH(proc_rows));
	before = free_frames();
	run_rows(proc_rows, LENGTH(proc_rows));
	run_rows(exec_rows, LENGTH(exec_rows));
	run_rows(vm_rows, LENGTH(vm_rows));
	run_rows(tty_rows, LENGTH(tty_rows));
	is(child_status(not_root), EXITED(0), "root's requests are root's");
	test_strings();
	test_stack();
	test_sends();
	test_readers();
	is(free_frames(), before, "none of that changes the free frames");
	is(sysctl_number("kern.nprocs"), nprocs, "or the processes");
	return tap_end();
}

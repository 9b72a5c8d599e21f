/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exec.c - replacing the program: what comes over and what doesn't.
 *
 * It executes itself, with a word that says what is to be checked; run it by
 * its full path.
 */
#include "tap.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ipc/proc.h>

/* Keys of the auxiliary vector, as on other systems with ELF. */
#define AT_NULL 0
#define AT_PHDR 3
#define AT_PHNUM 5
#define AT_PAGESZ 6
#define AT_ENTRY 9
#define KEYS 10

#define RIGHT 42
#define WRONG 43
#define ROUNDS 200

/* Arguments that fill more than a dozen pages of the stack. */
#define MANY 60
#define LONG 1000

extern char _start[];

static const char *self;
static long variable = 1;
static char big[PROC_ARG_MAX + 1];

/* In the new program: argc, argv and envp are as they were given. */
static int
check_arguments(int argc, char **argv, char **envp)
{
	return argc == 5 && strcmp(argv[2], "two words") == 0 &&
		       argv[3][0] == '\0' && strlen(argv[4]) == 3000 &&
		       argv[5] == NULL && envp[0] != NULL &&
		       strcmp(envp[0], "A=b") == 0 &&
		       strcmp(envp[1], "EMPTY=") == 0 && envp[2] == NULL
		   ? RIGHT
		   : WRONG;
}

/* The i-th byte of all long arguments together; never 0. */
static char
long_byte(size_t i)
{
	return (char)('!' + i % 89);
}

/* Not a byte of many pages of arguments is missing. */
static int
check_many(int argc, char **argv)
{
	if (argc != MANY + 2)
		return WRONG;
	for (size_t i = 0; i < MANY; i++) {
		const char *word = argv[i + 2];

		for (size_t j = 0; j < LONG; j++) {
			if (word[j] != long_byte(i * LONG + j))
				return WRONG;
		}
		if (word[LONG] != '\0')
			return WRONG;
	}
	return RIGHT;
}

/* The auxiliary vector comes after the environment. */
static int
check_auxiliary(char **envp)
{
	uint64_t value[KEYS] = {0};
	const uint64_t *pair;

	while (*envp != NULL)
		envp++;
	pair = (const uint64_t *)(const void *)(envp + 1);
	for (; pair[0] != AT_NULL; pair += 2) {
		if (pair[0] < KEYS)
			value[pair[0]] = pair[1];
	}
	return value[AT_PAGESZ] == PAGE_SIZE &&
		       value[AT_ENTRY] == (uintptr_t)_start &&
		       value[AT_PHDR] != 0 && value[AT_PHNUM] > 1
		   ? RIGHT
		   : WRONG;
}

/* Memory is new: variables, heap, stack. */
static int
check_memory(const char *old_heap)
{
	char *heap = sbrk(0);

	return variable == 1 && strtoul(old_heap, NULL, 16) > (uintptr_t)heap
		   ? RIGHT
		   : WRONG;
}

static int
check_ids(const char *pid, const char *ppid)
{
	return getpid() == strtol(pid, NULL, 10) &&
		       getppid() == strtol(ppid, NULL, 10) && getuid() == 12
		   ? RIGHT
		   : WRONG;
}

static int
check_name(void)
{
	struct proc_list_req req = {.from = getpid()};
	struct proc_list_rep rep;

	return proc_list(SLOT_PROC, &req, &rep) == 0 &&
		       strcmp(rep.name, "exec") == 0
		   ? RIGHT
		   : WRONG;
}

static int
execute_arguments(void)
{
	static char long_one[3001];
	char *const envp[] = {(char[]){"A=b"}, (char[]){"EMPTY="}, NULL};

	memset(long_one, 'x', sizeof(long_one) - 1);
	execle(self, self, "arguments", "two words", "", long_one, (char *)NULL,
	    envp);
	return 1;
}

static int
execute_many(void)
{
	static char words[MANY][LONG + 1];
	static char first[] = "exec", second[] = "many";
	char *argv[MANY + 3] = {first, second};

	for (size_t i = 0; i < MANY; i++) {
		for (size_t j = 0; j < LONG; j++)
			words[i][j] = long_byte(i * LONG + j);
		argv[i + 2] = words[i];
	}
	execv(self, argv);
	return 1;
}

static int
execute_auxiliary(void)
{
	execl(self, self, "auxiliary", (char *)NULL);
	return 1;
}

static int
execute_memory(void)
{
	char heap[32];

	variable = 2;
	(void)sbrk(1 << 20);
	snprintf(heap, sizeof(heap), "%lx", (unsigned long)sbrk(0));
	execl(self, self, "memory", heap, (char *)NULL);
	return 1;
}

static int
execute_ids(void)
{
	char pid[16], ppid[16];

	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	snprintf(ppid, sizeof(ppid), "%d", (int)getppid());
	if (setuid(12) != 0)
		return 2;
	execl(self, self, "ids", pid, ppid, (char *)NULL);
	return 1;
}

static int
execute_name(void)
{
	execl(self, "another", "name", (char *)NULL);
	return 1;
}

/* The new program must not have what the old one mapped. */
static int
execute_mapping(void)
{
	char address[32];
	void *start = mmap((void *)0x20000000, PAGE_SIZE,
	    PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON | MAP_FIXED, -1, 0);

	snprintf(address, sizeof(address), "%lx", (unsigned long)start);
	*(volatile char *)start = 1;
	execl(self, self, "mapping", address, (char *)NULL);
	return 1;
}

static int
read_mapping(const char *address)
{
	return *(volatile char *)strtoul(address, NULL, 16) ? WRONG : RIGHT;
}

static int
check(int argc, char **argv, char **envp)
{
	const char *what = argv[1];

	if (strcmp(what, "arguments") == 0)
		return check_arguments(argc, argv, envp);
	if (strcmp(what, "many") == 0)
		return check_many(argc, argv);
	if (strcmp(what, "auxiliary") == 0)
		return check_auxiliary(envp);
	if (strcmp(what, "memory") == 0)
		return check_memory(argv[2]);
	if (strcmp(what, "ids") == 0)
		return check_ids(argv[2], argv[3]);
	if (strcmp(what, "mapping") == 0)
		return read_mapping(argv[2]);
	return strcmp(what, "name") == 0 ? check_name() : RIGHT;
}

static void
test_success(void)
{
	is(child_status(execute_arguments), EXITED(RIGHT),
	    "arguments and environment arrive as they were given");
	is(child_status(execute_many), EXITED(RIGHT),
	    "sixty kilobytes of arguments too");
	is(child_status(execute_auxiliary), EXITED(RIGHT),
	    "F24 so does the auxiliary vector");
	is(child_status(execute_memory), EXITED(RIGHT), "memory is new");
	is(child_status(execute_ids), EXITED(RIGHT),
	    "pid, parent and credentials stay");
	is(child_status(execute_name), EXITED(RIGHT),
	    "F24 the name is that of the file");
	is(WTERMSIG(child_status(execute_mapping)), SIGSEGV,
	    "old mappings are gone");
}

/* Each must fail with this error, and the process go on. */
static bool
fails(const char *path, char *const argv[], int error)
{
	errno = 0;
	execv(path, argv);
	return errno == error;
}

static int
fail_in_every_way(void)
{
	char *const few[] = {(char[]){"x"}, NULL};
	char *const many[] = {big, NULL};
	static char deep[PROC_PATH_MAX + 1];

	variable = 3;
	memset(big, 'x', sizeof(big) - 1);
	memset(deep, '/', sizeof(deep) - 1);
	if (!fails("/no/such/file", few, ENOENT))
		return 1;
	if (!fails("", few, ENOENT) && errno != EACCES)
		return 2;
	if (!fails("/boot/vmsrv", few, ENOEXEC))
		return 3;
	if (!fails("/", few, EACCES))
		return 4;
	if (!fails(self, many, E2BIG))
		return 5;
	if (!fails(deep, few, ENAMETOOLONG))
		return 6;
	return variable == 3 ? RIGHT : 7;
}

static void
test_failure(void)
{
	is(child_status(fail_in_every_way), EXITED(RIGHT),
	    "an exec that fails says why, and the process goes on");
}

static void
vfork_and_exec(void)
{
	pid_t pid = vfork();

	if (pid == 0) {
		execl(self, self, "nothing", (char *)NULL);
		_exit(1);
	}
	if (status_of(pid) != EXITED(RIGHT))
		ok(false, "vfork and exec");
}

static void
test_no_loss(void)
{
	long before;

	for (int i = 0; i < 10; i++) {
		vfork_and_exec();
		(void)child_status(fail_in_every_way);
	}
	before = free_frames();
	for (int i = 0; i < ROUNDS; i++)
		vfork_and_exec();
	is(free_frames(), before, "vfork and exec leave no frame behind");
	for (int i = 0; i < ROUNDS; i++)
		(void)child_status(fail_in_every_way);
	is(free_frames(), before, "nor does an exec that fails");
}

int
main(int argc, char **argv, char **envp)
{
	if (argc > 1)
		return check(argc, argv, envp);
	self = argv[0];
	test_success();
	test_failure();
	test_no_loss();
	return tap_end();
}

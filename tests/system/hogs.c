/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hogs.c - processes that touch more memory than there is end alone.
 *
 *	hogs [ROUNDS]
 *
 * A bystander works all the while: it checks and changes its own memory, and
 * forks children who do the same with their copy.  What was promised to it is
 * there, whatever others take; its fork may be refused, and says so.
 *
 * It executes itself; run it by its full path, and with little memory: a stack
 * with its highest limit has to be more than there is.
 */
#include "tap.h"
#include "watch.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ipc/vm.h>

#define ROUNDS 2
#define MIB (1ul << 20)
#define SMALLEST 16
#define OWN_PAGES 64 /* of the bystander */
#define FAMILY 64 /* at most so many children */
#define TIMES 3
#define CHILD_GOOD 7

/* Words of the shared page. */
enum word {
	STOP, /* the bystander is to end */
	WORK, /* how often it went round */
	FORKS, /* of its children that were well */
	REFUSED, /* forks that had no memory */
	BAD, /* anything else: the line */
	GO, /* the children of a family may write */
	WROTE, /* how many have */
	TAKEN, /* bytes that malloc() gave */
	DEPTH, /* of the stack, in bytes */
};

static char *self;
static volatile long *shared;

static void *
map(size_t bytes)
{
	void *area = mmap(
	    NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);

	return area == MAP_FAILED ? NULL : area;
}

/* Bytes that can still be promised. */
static size_t
available(void)
{
	struct vm_info_req req = {};
	struct vm_info_rep rep;

	return vm_info(SLOT_VM, &req, &rep) == 0 ? rep.available * PAGE_SIZE
						 : 0;
}

/* Memory of which each page has two words to be known by. */

static void
pages_write(char *area, size_t bytes, long value)
{
	for (size_t at = 0; at < bytes; at += PAGE_SIZE) {
		long word = value + (long)at;

		memcpy(area + at, &word, sizeof(word));
		memcpy(
		    area + at + PAGE_SIZE - sizeof(word), &word, sizeof(word));
	}
}

static bool
pages_hold(const char *area, size_t bytes, long value)
{
	for (size_t at = 0; at < bytes; at += PAGE_SIZE) {
		long word = value + (long)at;

		if (memcmp(area + at, &word, sizeof(word)) != 0 ||
		    memcmp(area + at + PAGE_SIZE - sizeof(word), &word,
			sizeof(word)) != 0)
			return false;
	}
	return true;
}

/* The bystander. */

#define OWN_BYTES (OWN_PAGES * PAGE_SIZE)

static void
bad(int line)
{
	if (shared[BAD] == 0)
		shared[BAD] = line;
}

/* Its child: all is as in the parent, and can be changed. */
static int
work_in_copy(char *own, long value)
{
	if (!pages_hold(own, OWN_BYTES, value))
		return 1;
	pages_write(own, OWN_BYTES, -value);
	return pages_hold(own, OWN_BYTES, -value) ? CHILD_GOOD : 2;
}

static void
work_by_child(char *own, long value)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(work_in_copy(own, value));
	if (pid > 0 && status_of(pid) == EXITED(CHILD_GOOD)) {
		shared[FORKS]++;
	} else if (pid < 0 && (errno == ENOMEM || errno == EAGAIN)) {
		shared[REFUSED]++;
		nap(1);
	} else {
		bad(__LINE__);
	}
}

static int
bystand(void)
{
	char *own = map(OWN_BYTES);

	if (own == NULL)
		return 1;
	for (long value = 1; shared[STOP] == 0; value++) {
		pages_write(own, OWN_BYTES, value);
		work_by_child(own, value);
		if (!pages_hold(own, OWN_BYTES, value))
			bad(__LINE__);
		shared[WORK]++;
	}
	return 0;
}

/* It has gone round once more, from start to end. */
static bool
bystander_works(void)
{
	return watch(&shared[WORK], shared[WORK] + 2);
}

static pid_t
bystander_start(void)
{
	for (int i = STOP; i <= DEPTH; i++)
		shared[i] = 0;
	return child_start(bystand);
}

static bool
bystander_end(pid_t pid)
{
	shared[STOP] = 1;
	return status_soon(pid, 0) == 0 && shared[BAD] == 0 &&
	       shared[FORKS] > 0;
}

/* malloc() until there is no more. */

struct block {
	struct block *next;
	size_t size; /* of what follows */
};

static char
block_byte(const struct block *block)
{
	return (char)((uintptr_t)block >> 4 | 1);
}

static struct block *
take_all(long *taken)
{
	struct block *all = NULL;

	*taken = 0;
	for (size_t size = MIB; size >= SMALLEST;) {
		struct block *block = malloc(sizeof(*block) + size);

		if (block == NULL) {
			size /= 2;
			continue;
		}
		*block = (struct block){.next = all, .size = size};
		all = block;
		*taken += (long)size;
	}
	return all;
}

static bool
block_good(const struct block *block)
{
	const char *bytes = (const char *)(block + 1);

	for (size_t i = 0; i < block->size; i++) {
		if (bytes[i] != block_byte(block))
			return false;
	}
	return true;
}

static int
malloc_all(void)
{
	size_t before = available();
	struct block *all;
	long taken;
	pid_t pid;

	errno = 0;
	all = take_all(&taken);
	if (errno != ENOMEM)
		return 1;
	pid = fork();
	if (pid == 0)
		_exit(0);
	if (pid > 0 || errno != ENOMEM)
		return 2;
	for (struct block *block = all; block != NULL; block = block->next)
		memset(block + 1, block_byte(block), block->size);
	for (struct block *block = all; block != NULL; block = block->next) {
		if (!block_good(block))
			return 3;
	}
	if (!bystander_works())
		return 4;
	shared[TAKEN] = taken;
	return (size_t)taken > before * 8 / 10 ? 0 : 5;
}

/* Recursion without an end. */

static __attribute__((noinline)) long
recurse(uintptr_t top, size_t most)
{
	volatile char frame[512];

	frame[0] = 1;
	shared[DEPTH] = (long)(top - (uintptr_t)frame);
	if ((size_t)shared[DEPTH] >= most)
		return frame[0];
	return recurse(top, most) + frame[0];
}

static long
recurse_so_far(size_t bytes)
{
	return recurse((uintptr_t)__builtin_frame_address(0), bytes);
}

static int
endless(void)
{
	return (int)recurse_so_far(~0ul);
}

static int
stack_limit(rlim_t bytes)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_STACK, &limit) != 0)
		return -1;
	limit.rlim_cur = bytes == 0 ? limit.rlim_max : bytes;
	return setrlimit(RLIMIT_STACK, &limit);
}

/* Executed, so that there is room for such a stack. */
static int
endless_most(void)
{
	if (stack_limit(0) == 0)
		(void)execl(self, self, "endless", NULL);
	return 1;
}

static sigjmp_buf back;

static void
caught(int signal)
{
	siglongjmp(back, signal);
}

/* Through the handler and back, a few times: the signal each time. */
static int
survive(int expected)
{
	static char alternate[4 * SIGSTKSZ];
	stack_t stack = {.ss_sp = alternate, .ss_size = sizeof(alternate)};
	struct sigaction action = {
	    .sa_handler = caught, .sa_flags = SA_ONSTACK};
	volatile int times = 0;

	if (sigaltstack(&stack, NULL) != 0 ||
	    sigaction(expected, &action, NULL) != 0)
		return 1;
	if (sigsetjmp(back, 1) != 0)
		times++;
	if (times < TIMES)
		(void)endless();
	return times == TIMES && shared[DEPTH] > (long)MIB ? 0 : 2;
}

static int
survive_limit(void)
{
	return survive(SIGSEGV);
}

/* Written on by children until all that was promised is taken. */

static char *family_area;
static size_t family_bytes;

static int
family_child(void)
{
	long value = getpid();

	if (!watch(&shared[GO], 1))
		return 1;
	pages_write(family_area, family_bytes, value);
	(void)__atomic_fetch_add(&shared[WROTE], 1, __ATOMIC_RELAXED);
	/* Nobody gives anything back before all have theirs. */
	if (!watch(&shared[GO], 2))
		return 2;
	return pages_hold(family_area, family_bytes, value) ? 0 : 3;
}

/* All that is left, in ever smaller pieces; touched. */
static void
take_rest(void)
{
	for (size_t bytes = MIB; bytes >= PAGE_SIZE;) {
		char *area = map(bytes);

		if (area == NULL)
			bytes /= 2;
		else
			pages_write(area, bytes, 1);
	}
}

static bool
family_write(const pid_t *pids, int n)
{
	bool good;

	shared[GO] = 1;
	good = watch(&shared[WROTE], n) && bystander_works();
	shared[GO] = 2;
	for (int i = 0; i < n; i++)
		good = status_soon(pids[i], 0) == 0 && good;
	return good;
}

static int
family(void)
{
	pid_t pids[FAMILY];
	int n = 0;
	int error;

	shared[GO] = shared[WROTE] = 0;
	family_bytes = available() / PAGE_SIZE / 8 * PAGE_SIZE;
	family_area = map(family_bytes);
	if (family_area == NULL)
		return 1;
	pages_write(family_area, family_bytes, 5);
	while (n < FAMILY && (pids[n] = child_start(family_child)) > 0)
		n++;
	error = errno;
	take_rest();
	if (!family_write(pids, n))
		return 2;
	if (!pages_hold(family_area, family_bytes, 5))
		return 3;
	return n > 4 && n < 9 && error == ENOMEM ? 0 : 4;
}

/* Limits, lowered and raised again. */

static int
limit_to(int resource, rlim_t bytes)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) != 0)
		return -1;
	limit.rlim_cur = bytes;
	return setrlimit(resource, &limit);
}

static int
raise_data(void)
{
	char *more;

	if (limit_to(RLIMIT_DATA, 2 * MIB) != 0 || sbrk(4 * MIB) != (void *)-1)
		return 1;
	if (errno != ENOMEM || limit_to(RLIMIT_DATA, 8 * MIB) != 0)
		return 2;
	more = sbrk(4 * MIB);
	if (more == (void *)-1)
		return 3;
	memset(more, 1, 4 * MIB);
	return sbrk(8 * MIB) == (void *)-1 ? 0 : 4;
}

static int
raise_space(void)
{
	char *area;

	if (limit_to(RLIMIT_AS, 16 * MIB) != 0 || map(16 * MIB) != NULL)
		return 1;
	if (errno != ENOMEM || limit_to(RLIMIT_AS, 32 * MIB) != 0)
		return 2;
	area = map(16 * MIB);
	if (area == NULL)
		return 3;
	pages_write(area, 16 * MIB, 1);
	return map(32 * MIB) == NULL ? 0 : 4;
}

static int
recurse_3(void)
{
	return recurse_so_far(3 * MIB) > 0 ? 0 : 1;
}

static int
raise_stack(void)
{
	if (stack_limit(2 * MIB) != 0 ||
	    (child_status(recurse_3) & 0x7f) != SIGSEGV)
		return 1;
	if (stack_limit(4 * MIB) != 0 || child_status(recurse_3) != EXITED(0))
		return 2;
	return recurse_3();
}

static void
hogs_all(void)
{
	is(child_status(malloc_all), EXITED(0),
	    "all that malloc() gives can be touched, and then fork is refused");
	is(child_status(endless) & 0x7f, SIGSEGV,
	    "recursion ends at the limit of the stack");
	ok(shared[DEPTH] > (long)(7 * MIB) && shared[DEPTH] <= (long)(8 * MIB),
	    "which it reached");
	is(child_status(survive_limit), EXITED(0),
	    "a handler on an alternate stack survives it, again and again");
	is(child_status(endless_most) & 0x7f, SIGBUS,
	    "a stack that memory does not suffice for ends by SIGBUS");
	is(child_status(family), EXITED(0),
	    "fork is refused in time: all children can write on all they have");
	is(child_status(raise_data), EXITED(0), "a raised RLIMIT_DATA holds");
	is(child_status(raise_space), EXITED(0), "a raised RLIMIT_AS holds");
	is(child_status(raise_stack), EXITED(0), "a raised RLIMIT_STACK holds");
}

static void
with_bystander(void)
{
	pid_t pid = bystander_start();

	ok(bystander_works(), "a bystander works");
	hogs_all();
	ok(bystander_works(), "and does so still");
	ok(bystander_end(pid), "neither it nor its memory came to harm");
	is(shared[BAD], 0, "nor did a child of its");
}

int
main(int argc, char **argv)
{
	int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : ROUNDS;
	struct books before;

	self = argv[0];
	shared = shared_page();
	if (argc > 1 && strcmp(argv[1], "endless") == 0)
		return endless();
	tables_grow(FAMILY);
	with_bystander();
	before = books_read();
	for (int i = 1; i < rounds; i++)
		with_bystander();
	ok(books_balanced(&before), "all is as free as before");
	return tap_end();
}

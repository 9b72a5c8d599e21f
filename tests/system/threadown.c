/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * threadown.c - what each thread has of its own, and what all share.
 */
#include "tap.h"
#include "tapthread.h"

#include <errno.h>
#include <fenv.h>
#include <lwp.h>
#include <stdio-bufio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/lock.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define FEW 4
#define SOME THREADS_MAX
#define MANY 100
#define ROUNDS 1000

/* Thread-local variables. */

struct __attribute__((aligned(64))) aligned {
	char bytes[64];
};
static _Thread_local long given = 42;
static _Thread_local long zero;
static _Thread_local struct aligned aligned;

static pthread_barrier_t barrier;
static int *errnos[SOME];
static pthread_t selves[SOME];
static lwpid_t lids[SOME];

static void *
own_variables(void *argument)
{
	long index = (long)argument;
	bool good = given == 42 && zero == 0 && aligned.bytes[63] == 0;

	good = good && ((uintptr_t)&aligned & 63) == 0;
	given = index;
	zero = -index;
	errno = (int)index;
	errnos[index] = &errno;
	selves[index] = pthread_self();
	lids[index] = _lwp_self();
	(void)pthread_barrier_wait(&barrier);
	good = good && given == index && zero == -index && errno == index;
	return (void *)(long)good;
}

static bool
all_differ(void)
{
	for (int i = 0; i < SOME; i++) {
		for (int j = 0; j < i; j++) {
			if (errnos[i] == errnos[j] || lids[i] == lids[j] ||
			    pthread_equal(selves[i], selves[j]))
				return false;
		}
	}
	return true;
}

static void
test_variables(void)
{
	given = -1;
	errno = 1234;
	(void)pthread_barrier_init(&barrier, NULL, SOME);
	is(threads_run(SOME, own_variables), SOME,
	    "thread-local variables begin anew and stay a thread's own");
	is(errno, 1234, "and so does errno");
	ok(all_differ(), "no two threads have one pthread_t or LWP");
	is(pthread_barrier_destroy(&barrier), 0, "a barrier can be destroyed");
	is(_lwp_self(), 1, "the first thread is LWP 1");
}

static void *
rounding(void *argument)
{
	(void)argument;
	return (void *)(long)fegetround();
}

static void
test_rounding(void)
{
	long found;

	fesetround(FE_UPWARD);
	found = thread_join(thread_start(rounding, POINTER(0)));
	fesetround(FE_TONEAREST);
	is(found, FE_UPWARD, "a thread begins with its creator's rounding");
}

/* Keys. */

static pthread_key_t key;
static volatile long destroyed, destroyed_sum;

static void
destroy(void *value)
{
	__atomic_add_fetch(&destroyed, 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&destroyed_sum, (long)value, __ATOMIC_RELAXED);
	/* Once more: a destructor's value is destroyed, too. */
	if ((long)value < MANY)
		(void)pthread_setspecific(key, (char *)value + MANY);
}

static void *
set_value(void *argument)
{
	if (pthread_getspecific(key) != NULL)
		return NULL;
	(void)pthread_setspecific(key, (char *)argument + 1);
	sched_yield();
	return (void *)(long)(pthread_getspecific(key) == (char *)argument + 1);
}

static int
keys_left(void)
{
	pthread_key_t keys[PTHREAD_KEYS_MAX];
	int count = 0;

	while (pthread_key_create(&keys[count], NULL) == 0)
		count++;
	for (int i = 0; i < count; i++)
		(void)pthread_key_delete(keys[i]);
	return count;
}

static void
test_keys(void)
{
	is(pthread_key_create(&key, destroy), 0, "a key");
	is(threads_run(FEW, set_value), FEW, "each thread has its own value");
	is(destroyed, 2l * FEW, "destroyed when it ends, until none is left");
	is(destroyed_sum, 2 * (1 + 2 + 3 + 4) + FEW * MANY, "each of them");
	(void)pthread_setspecific(key, &key);
	is(pthread_key_delete(key), 0, "a key can be deleted");
	is(pthread_key_delete(key), EINVAL, "not twice");
	is(pthread_setspecific(key, &key), EINVAL, "and then not be set");
	is(pthread_key_create(&key, NULL), 0, "there is another");
	ok(pthread_getspecific(key) == NULL, "which has no value");
	is(keys_left(), PTHREAD_KEYS_MAX - 1, "PTHREAD_KEYS_MAX of them");
	(void)pthread_key_delete(key);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static volatile long once_count;

static void
slowly(void)
{
	spin(20);
	once_count++;
}

static void *
do_once(void *argument)
{
	(void)argument;
	(void)pthread_once(&once, slowly);
	return (void *)once_count;
}

static void
test_once(void)
{
	is(threads_run(SOME, do_once), SOME,
	    "once is once, and all wait for it");
}

/* malloc() and stdio. */

static bool
holds(const unsigned char *block, size_t size, int value)
{
	for (size_t i = 0; i < size; i++) {
		if (block[i] != value)
			return false;
	}
	return true;
}

/* Free a block of an earlier round, and put another there. */
static bool
replace(unsigned char **block, size_t *size, size_t new_size, int value)
{
	bool good = *block == NULL || holds(*block, *size, value);

	free(*block);
	*size = new_size;
	*block = malloc(new_size);
	if (*block == NULL)
		return false;
	memset(*block, value, new_size);
	return good;
}

static void *
allocate(void *argument)
{
	int value = (int)(long)argument + 1;
	unsigned char *blocks[SOME] = {NULL};
	size_t sizes[SOME] = {0};
	unsigned int random = (unsigned int)value;
	bool good = true;

	for (int i = 0; i < ROUNDS; i++) {
		unsigned int at = random % SOME;

		random = random * 1103515245 + 12345;
		good = replace(&blocks[at], &sizes[at],
			   random / 65536 % 500 + 1, value) &&
		       good;
	}
	for (int i = 0; i < SOME; i++)
		free(blocks[i]);
	return (void *)(long)good;
}

static void
test_malloc(void)
{
	is(threads_run(FEW, allocate), FEW, "malloc() from four threads");
}

/* A stream whose lines are looked at as they are written. */
static volatile long lines, torn;

static ssize_t
look(int fd, const void *bytes, size_t size)
{
	const char *line = bytes;
	char first = line[0];

	(void)fd;
	/* Written whole, as it ends in a newline; all of one letter. */
	for (size_t i = 0; i + 1 < size; i++)
		torn += line[i] != first;
	torn += line[size - 1] != '\n';
	lines++;
	return (ssize_t)size;
}

static char buffer[BUFSIZ];
static struct __file_bufio stream = FDEV_SETUP_BUFIO(
    -1, buffer, sizeof(buffer), NULL, look, NULL, NULL, __SWR, __BLBF);

static void *
print(void *argument)
{
	char letter = (char)('a' + (long)argument);
	FILE *file = &stream.xfile.cfile.file;

	for (int i = 0; i < ROUNDS / 2; i++) {
		fprintf(file, "%c%c%c%c%c\n", letter, letter, letter, letter,
		    letter);
		flockfile(file);
		for (int j = 0; j < 4; j++)
			putc(letter, file);
		putc('\n', file);
		funlockfile(file);
	}
	return NULL;
}

static void
test_stdio(void)
{
	__lock_init(stream.lock);
	(void)threads_run(FEW, print);
	is(lines, FEW * ROUNDS, "four threads print every line");
	is(torn, 0, "no line is torn");
	__lock_close(stream.lock);
}

/* Stacks that end: below each is a guard, and below that others' memory. */

#define PAGE 4096ul
#define SMALL_STACK (4 * PAGE)
#define OTHERS (16 * PAGE)
#define HUGE_BYTES (OTHERS - 2 * PAGE)

static void *
execute_huge(void *argument)
{
	static char huge[HUGE_BYTES];
	char *argv[] = {huge, NULL};

	(void)argument;
	memset(huge, 'x', sizeof(huge) - 1);
	return POINTER(execv("/bin/nosuch", argv));
}

/* In a child: it has to die before it has written beyond the guard. */
static _Noreturn void
overflow(char *memory)
{
	pthread_attr_t attributes;
	pthread_t thread;

	(void)mprotect(memory + OTHERS, PAGE, PROT_NONE);
	(void)pthread_attr_init(&attributes);
	(void)pthread_attr_setstack(
	    &attributes, memory + OTHERS + PAGE, SMALL_STACK);
	if (pthread_create(&thread, &attributes, execute_huge, NULL) == 0)
		(void)pthread_join(thread, NULL);
	_exit(0);
}

static void
test_overflow(void)
{
	char *memory = mmap(NULL, OTHERS + PAGE + SMALL_STACK,
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANON, -1, 0);
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		overflow(memory);
	(void)waitpid(pid, &status, 0);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV,
	    "exec with more than there is room for on the stack is a fault");
	ok(holds((unsigned char *)memory, OTHERS, 0),
	    "and nothing is written beyond the guard");
}

int
main(void)
{
	test_overflow();
	test_variables();
	test_rounding();
	test_keys();
	test_once();
	test_malloc();
	test_stdio();
	return tap_end();
}

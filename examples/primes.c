/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * primes.c - count primes with several processes.
 *
 *	primes [WORKERS [LIMIT]]
 *
 * Without an argument there are as many workers as harts.  They are forked
 * and share one page of memory: each takes the next block of numbers from it
 * until none is left, and puts there how many primes it found.  The sum is
 * checked with a sieve.
 */
#include <err.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS_MAX 64
#define LIMIT 200000
#define LIMIT_MAX 100000000
#define BLOCK 1000

struct shared {
	atomic_ulong next; /* first number that nobody has taken */
	unsigned long found[WORKERS_MAX]; /* by each worker */
};

static bool
is_prime(unsigned long n)
{
	if (n < 4)
		return n > 1;
	if (n % 2 == 0)
		return false;
	for (unsigned long d = 3; d * d <= n; d += 2) {
		if (n % d == 0)
			return false;
	}
	return true;
}

static void
work(struct shared *shared, int worker, unsigned long limit)
{
	unsigned long found = 0;

	for (;;) {
		unsigned long n = atomic_fetch_add(&shared->next, BLOCK);
		unsigned long end = n + BLOCK < limit ? n + BLOCK : limit;

		if (n >= limit)
			break;
		for (; n < end; n++)
			found += is_prime(n);
	}
	shared->found[worker] = found;
}

/* Primes below limit, counted in another way. */
static unsigned long
sieve(unsigned long limit)
{
	bool *composite = calloc(limit, sizeof(*composite));
	unsigned long count = 0;

	if (composite == NULL)
		err(1, "calloc");
	for (unsigned long n = 2; n < limit; n++) {
		if (composite[n])
			continue;
		count++;
		for (unsigned long m = n * n; m < limit; m += n)
			composite[m] = true;
	}
	free(composite);
	return count;
}

static void
start_workers(struct shared *shared, int workers, unsigned long limit)
{
	for (int i = 0; i < workers; i++) {
		pid_t pid = fork();

		if (pid < 0)
			err(1, "fork");
		if (pid == 0) {
			work(shared, i, limit);
			_exit(0);
		}
	}
}

static void
wait_for_workers(int workers)
{
	for (int i = 0; i < workers; i++) {
		int status;

		if (wait(&status) < 0)
			err(1, "wait");
		if (status != 0)
			errx(1, "a worker ended with status %#x",
			    (unsigned int)status);
	}
}

static unsigned long
argument(
    int argc, char **argv, int i, unsigned long otherwise, unsigned long most)
{
	unsigned long value = argc > i ? strtoul(argv[i], NULL, 10) : otherwise;

	if (value == 0 || value > most)
		errx(1, "usage: primes [WORKERS [LIMIT]], up to %d and %d",
		    WORKERS_MAX, LIMIT_MAX);
	return value;
}

int
main(int argc, char **argv)
{
	unsigned long harts = (unsigned long)sysconf(_SC_NPROCESSORS_ONLN);
	int workers = (int)argument(argc, argv, 1, harts, WORKERS_MAX);
	unsigned long limit = argument(argc, argv, 2, LIMIT, LIMIT_MAX);
	struct shared *shared;
	unsigned long sum = 0;
	unsigned long expected;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANON, -1, 0);
	if (shared == MAP_FAILED)
		err(1, "mmap");
	start_workers(shared, workers, limit);
	wait_for_workers(workers);
	for (int i = 0; i < workers; i++) {
		printf("worker %d found %lu\n", i, shared->found[i]);
		sum += shared->found[i];
	}
	expected = sieve(limit);
	printf("%lu primes below %lu\n", sum, limit);
	if (sum != expected)
		errx(1, "wrong: the sieve says %lu", expected);
	return 0;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sim.c - runs of random operations that reproduce, and shrink; see sim.h.
 */
#include "sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* A sequence that takes so many seconds hangs. */
#define SECONDS 60u
#define EXIT_FAILED 1

/* What the process that runs a sequence says of it. */
struct progress {
	uint32_t done; /* operations begun */
	char why[256];
};

static struct progress *progress;
static bool telling;

/* A number that depends on the seed alone: splitmix64. */
static uint64_t
random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ul;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ul;
	z = (z ^ z >> 27) * 0x94d049bb133111ebul;
	return z ^ z >> 31;
}

static void
ops_fill(struct sim_op *ops, uint32_t count, uint64_t seed)
{
	for (uint32_t i = 0; i < count; i++)
		ops[i] = (struct sim_op){
		    .kind = (uint32_t)random_next(&seed),
		    .who = (uint32_t)random_next(&seed),
		    .a = (uint32_t)random_next(&seed),
		    .b = (uint32_t)random_next(&seed),
		    .c = (uint32_t)random_next(&seed),
		    .d = (uint32_t)random_next(&seed),
		    .fail = (uint32_t)random_next(&seed),
		};
}

void
sim_tell(const char *format, ...)
{
	va_list list;

	if (!telling)
		return;
	printf("#\t");
	va_start(list, format);
	vprintf(format, list);
	va_end(list);
	printf("\n");
	fflush(stdout);
}

void
sim_fail(const char *file, int line, const char *format, ...)
{
	const char *slash = strrchr(file, '/');
	va_list list;
	int used;

	used = snprintf(progress->why, sizeof(progress->why),
	    "%s:%d: ", slash != NULL ? slash + 1 : file, line);
	va_start(list, format);
	vsnprintf(progress->why + used, sizeof(progress->why) - (size_t)used,
	    format, list);
	va_end(list);
	_exit(EXIT_FAILED);
}

/* In a process of its own: all operations, and the end. */
static _Noreturn void
sequence_play(const struct sim *sim, const struct sim_op *ops, uint32_t count)
{
	/* What the fakes and sanitizers say is of interest once. */
	if (!telling && freopen("/dev/null", "w", stderr) == NULL)
		_exit(EXIT_FAILED);
	alarm(SECONDS);
	sim->start();
	for (uint32_t i = 0; i < count; i++) {
		progress->done = i + 1;
		sim->step(&ops[i]);
	}
	sim->finish();
	/* What is to be done at the end is: gcov writes its counts. */
	exit(0);
}

/* Whether a sequence fails; *donep: with how many operations of it. */
static bool
sequence_fails(const struct sim *sim, const struct sim_op *ops, uint32_t count,
    uint32_t *donep)
{
	int status;
	pid_t pid;

	memset(progress, 0, sizeof(*progress));
	fflush(stdout);
	pid = fork();
	if (pid < 0) {
		perror("fork");
		exit(EXIT_FAILED);
	}
	if (pid == 0)
		sequence_play(sim, ops, count);
	if (waitpid(pid, &status, 0) != pid) {
		perror("waitpid");
		exit(EXIT_FAILED);
	}
	*donep = progress->done;
	if (status != 0 && progress->why[0] == '\0')
		snprintf(progress->why, sizeof(progress->why),
		    "ended with wait status %#x: an assertion, a fault or %u s",
		    (unsigned)status, SECONDS);
	return status != 0;
}

/* Leave out runs of operations as long as what is left fails. */
static uint32_t
sequence_shrink(const struct sim *sim, struct sim_op *ops, uint32_t count)
{
	struct sim_op *fewer = malloc(count * sizeof(*fewer));
	uint32_t chunk = count / 2;
	uint32_t done;

	while (fewer != NULL && chunk > 0) {
		bool shorter = false;

		for (uint32_t at = 0; at + chunk <= count;) {
			memcpy(fewer, ops, at * sizeof(*ops));
			memcpy(fewer + at, ops + at + chunk,
			    (count - at - chunk) * sizeof(*ops));
			if (!sequence_fails(sim, fewer, count - chunk, &done)) {
				at += chunk;
				continue;
			}
			count = done < count - chunk ? done : count - chunk;
			memcpy(ops, fewer, count * sizeof(*ops));
			shorter = true;
		}
		if (!shorter || chunk > 1)
			chunk /= 2;
	}
	free(fewer);
	return count;
}

/* Tell all of a sequence that fails. */
static void
sequence_report(
    const struct sim *sim, struct sim_op *ops, uint32_t count, uint64_t seed)
{
	uint32_t done;

	printf("# %s\n", progress->why);
	printf("# again: %s --seed %llu --operations %u\n", sim->name,
	    (unsigned long long)seed, count);
	fflush(stdout);
	count = sequence_shrink(sim, ops, count);
	printf("# the shortest sequence that fails, %u operations:\n", count);
	telling = true;
	(void)sequence_fails(sim, ops, count, &done);
	telling = false;
	printf("# %s\n", progress->why);
}

/* The number after an option; ends the program if there is none. */
static uint64_t
option_number(int argc, char **argv, int i)
{
	char *end;
	uint64_t number;

	if (i + 1 < argc) {
		number = strtoull(argv[i + 1], &end, 0);
		if (end != argv[i + 1] && *end == '\0')
			return number;
	}
	fprintf(stderr, "usage: %s [--seed N] [--operations N]\n", argv[0]);
	exit(2);
}

/* Sequences from a seed on; true: all are right. */
static bool
run(const struct sim *sim, uint64_t seed, uint64_t operations)
{
	struct sim_op *ops = calloc(sim->length, sizeof(*ops));
	uint32_t count, done;
	bool failed = false;

	if (ops == NULL)
		return false;
	for (; operations > 0 && !failed; operations -= count, seed++) {
		count = operations < sim->length ? (uint32_t)operations
						 : sim->length;
		ops_fill(ops, count, seed);
		failed = sequence_fails(sim, ops, count, &done);
		if (failed)
			sequence_report(sim, ops, done, seed);
	}
	free(ops);
	return !failed;
}

int
sim_main(const struct sim *sim, int argc, char **argv)
{
	uint64_t operations = sim->operations;
	uint64_t seed = 1;
	bool right;

	for (int i = 1; i < argc; i += 2) {
		if (strcmp(argv[i], "--operations") == 0)
			operations = option_number(argc, argv, i);
		else if (strcmp(argv[i], "--seed") == 0)
			seed = option_number(argc, argv, i);
		else
			(void)option_number(0, argv, 0);
	}
	progress = mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (progress == MAP_FAILED) {
		perror("mmap");
		return EXIT_FAILED;
	}
	printf("1..1\n# seeds from %llu on\n", (unsigned long long)seed);
	right = run(sim, seed, operations);
	printf("%s 1 - %s: %llu operations are answered as the model says\n",
	    right ? "ok" : "not ok", sim->name, (unsigned long long)operations);
	return right ? 0 : EXIT_FAILED;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz.h - what the parts of the fuzz program share.
 *
 *	fuzz.c		root's monitor: starts workers, watches, counts
 *	fuzzworker.c	what a worker's LWPs do, as somebody without rights
 *	fuzzcall.c	one random kernel call or request
 *	fuzzvalue.c	random arguments that nearly make sense
 */
#ifndef TINE_TESTS_FUZZ_H
#define TINE_TESTS_FUZZ_H

#include <stdint.h>

#include <ipc/msg.h>

#define FUZZ_UID 77
#define FUZZ_WORKERS 4
#define FUZZ_LWPS 3 /* of a worker, to begin with */
#define FUZZ_REQUESTS_IN 11 /* one of so many calls is a request */

/* Shared by the monitor and all workers. */
struct fuzz_control {
	uint64_t kernel_calls;
	uint64_t requests;
	uint64_t hash; /* of all calls and what became of them */
	struct {
		uint64_t calls; /* of one worker: it changes while it lives */
		int32_t pid;
		uint32_t last; /* what was begun last: server << 16 | number */
	} workers[FUZZ_WORKERS];
};

extern struct fuzz_control *fuzz_control;

/* The random numbers of one LWP. */
struct fuzz_stream {
	uint64_t state;
	uint32_t worker;
	uint32_t left; /* calls until it ends */
};

uint64_t fuzz_random(struct fuzz_stream *stream);
/* Less than bound. */
uint32_t fuzz_below(struct fuzz_stream *stream, uint32_t bound);

/* What an argument is, as its name tells. */
enum fuzz_kind {
	FUZZ_ANY,
	FUZZ_SLOT,
	FUZZ_NAME, /* of an object */
	FUZZ_TOKEN,
	FUZZ_ADDRESS,
	FUZZ_LENGTH,
	FUZZ_SMALL,
	FUZZ_FLAGS,
	FUZZ_PID,
	FUZZ_LID,
	FUZZ_SIGNAL,
	FUZZ_HANDLER,
	FUZZ_SET,
	FUZZ_TIME,
};

/* The name is that of a field or argument, of so many characters. */
enum fuzz_kind fuzz_kind_of(const char *name, unsigned int length);
uint64_t fuzz_value(struct fuzz_stream *stream, enum fuzz_kind kind);

/* Memory to point into. */
#define FUZZ_ARENA_PAGES 64
extern char *fuzz_arena;
/* A page of comment lines, the only one that is to be printed. */
extern char *fuzz_lines;
void fuzz_memory_set_up(void);

/* Read the definitions; once. */
void fuzz_calls_set_up(void);
/* Do something.  True: this is a child now, of the stream's LWP. */
bool fuzz_call(struct fuzz_stream *stream);
/* Have further LWPs of the process do so. */
void fuzz_lwps_start(struct fuzz_stream *stream);

/* What an LWP of a worker does, until it is killed or has done its share. */
_Noreturn void fuzz_work(uint64_t seed, uint64_t worker);

#endif

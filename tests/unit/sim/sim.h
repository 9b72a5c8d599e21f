/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sim.h - runs of random operations that reproduce, and shrink.
 *
 * An operation is a few random numbers; what they mean is up to the
 * simulator, which looks at its model for it.  So any part of a sequence is a
 * sequence, and a failing one is made shorter by leaving out what is not
 * needed.  Each sequence runs in a process of its own, from the start.
 */
#ifndef TINE_TESTS_SIM_H
#define TINE_TESTS_SIM_H

#include <stdbool.h>
#include <stdint.h>

struct sim_op {
	uint32_t kind;
	uint32_t who;
	uint32_t a, b, c, d;
	uint32_t fail; /* which step fails in it, if any */
};

struct sim {
	const char *name;
	uint32_t length; /* of a sequence */
	uint32_t operations; /* of a run, unless it is told otherwise */
	void (*start)(void);
	void (*step)(const struct sim_op *op);
	void (*finish)(void); /* everything goes; nothing may be left */
};

/*
 * NAME [--seed N] [--operations N]: a test that prints TAP.  Returns the exit
 * status.  When a sequence fails, it says with which seed, and prints the
 * shortest one that it found to fail too, as the simulator tells it.
 */
int sim_main(const struct sim *sim, int argc, char **argv);

/* Tell what is done; only heard of the shortest sequence. */
void sim_tell(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* End the sequence as failed. */
_Noreturn void sim_fail(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Server and model must agree; what, for the message. */
#define SIM_EQUAL(got, expected, what) \
	do { \
		const int64_t got_ = (int64_t)(got); \
		const int64_t expected_ = (int64_t)(expected); \
\
		if (got_ != expected_) \
			sim_fail(__FILE__, __LINE__, \
			    "%s: is %lld, should be %lld", what, \
			    (long long)got_, (long long)expected_); \
	} while (0)

#endif

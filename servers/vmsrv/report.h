/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * report.h - last words, and assertions.
 */
#ifndef TINE_VMSRV_REPORT_H
#define TINE_VMSRV_REPORT_H

#include <abi/types.h>

#ifndef TINE_ASSERTS
#define TINE_ASSERTS 1
#endif

/* Exit status of the machine after a failure of the system itself. */
#define STATUS_PANIC 125

/*
 * Write "vmsrv: NAME WHAT: WORDS" with the words in hexadecimal to the
 * firmware's console and power off.  Does not return.
 */
_Noreturn void report_fatal(
    const char *what, const char *name, const uint64_t *words, size_t count);

/* Write "vmsrv: server NAME failed (WHY: WORDS); THEN". */
void report_failure(const char *name, const char *why, const uint64_t *words,
    size_t count, const char *then);

/* Power off after a failure.  Does not return. */
_Noreturn void report_end(void);

/* A bug of ours. */
_Noreturn void report_assertion(const char *expression, uint64_t line);

/* Memory or an object that boot cannot do without was not to be had. */
_Noreturn void report_boot(const char *what, uint64_t error);

/* ASSERT: only our own bug makes it false; never about what clients send. */
#if TINE_ASSERTS
#define ASSERT(expression) \
	((expression) ? (void)0 : report_assertion(#expression, __LINE__))
#else
#define ASSERT(expression) ((void)sizeof((expression) ? 1 : 0))
#endif

/* Call a function that only asserts. */
#define CHECK(call) \
	do { \
		if (TINE_ASSERTS) \
			call; \
	} while (0)

#endif

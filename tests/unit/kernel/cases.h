/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cases.h - arguments of each kernel call, good ones and bad ones.
 *
 * For each call there are arguments with which it works, and the kind that
 * each argument is of.  For each kind there are values that are wrong, with
 * the error they get.  Every one of them is put in the place of the good one:
 * the error has to be that one exactly, and nothing may have changed, byte by
 * byte of all RAM, the frame table and the hart.
 */
#ifndef TINE_TEST_CASES_H
#define TINE_TEST_CASES_H

#include "world.h"

#define CASES_RW (MAP_PAGE_READ | MAP_PAGE_WRITE)
#define CASES_VA 0x40000ul
#define CASES_LINE 5ul

/* Further slots of root's. */
enum {
	S_PARTIAL = W_FREE, /* OWNER, STEWARD of one frame of the kernel's */
	S_SEND,
	S_RECEIVE,
	S_NOTIFY,
	S_WAIT,
	S_POWER,
	S_STAT,
	S_DEBUG,
	S_STALE_ENDPOINT,
	S_STALE_NOTIFICATION,
	S_STALE_CSPACE,
	S_BUSY_NOTIFICATION, /* bound */
	S_IRQ, /* of CASES_LINE */
	S_STALE_IRQ,
	S_EMPTY,
};

/* Values that are known only when the world is there. */
enum value {
	V_THREAD, /* stopped; its space is V_SPACE */
	V_NEW, /* never started */
	V_CLIENT, /* awaits root's reply; has a window */
	V_SPACE,
	V_SPACE2, /* empty, no thread in it */
	V_ENDPOINT,
	V_STALE_THREAD,
	V_STALE_SPACE,
	V_STALE_ENDPOINT,
	V_USER, /* a held frame */
	V_MAPPED, /* a frame that is mapped and not held */
	V_TABLE,
	V_TOKEN,
	V_FAULT_TOKEN,
	V_FOREIGN_TOKEN,
	V_STALE_TOKEN,
	V_ROOT,
	V_CSPACE,
	V_COUNT
};
#define V_MARK 0xfade0000ul
#define V(value) (V_MARK << 32 | (value))
/* The value with another generation, or only its frame. */
#define V_LATER(value) (V_MARK << 32 | 0x100 | (value))
#define V_EARLIER(value) (V_MARK << 32 | 0x200 | (value))
#define V_FRAME(value) (V_MARK << 32 | 0x300 | (value))

extern uint64_t values[V_COUNT];

/* What an argument is. */
enum kind {
	K_ANY, /* there is no bad one, or it is in the list of others */
	K_OWNER, /* auth, and an object that it covers */
	K_MEMORY, /* auth alone */
	K_STEWARD,
	K_THREAD,
	K_SPACE,
	K_OBJECT,
	K_FRAME,
	K_TOKEN,
	K_VA,
	K_IN, /* memory that is read */
	K_OUT, /* and written */
	K_NOTIFY,
	K_WAIT,
	K_EDIT,
	K_SLOT,
	K_POWER,
	K_STAT,
	K_DEBUG,
	K_IRQ,
	K_LINE,
	KINDS
};

struct bad {
	uint64_t value;
	int error;
};

#define BADS_MAX 24 /* the last one has no error */
extern const struct bad bads[KINDS][BADS_MAX];

/* A call that works. */
struct good {
	const char *name;
	uint64_t number;
	uint64_t args[7];
	enum kind kinds[7];
	int result;
};

/* What no single kind of argument tells. */
struct other {
	const char *name;
	uint64_t number;
	uint64_t args[7];
	int error;
};

#define GOOD(name, ...) \
#name, SYS_##name, \
	{ \
		__VA_ARGS__ \
	}

extern const struct good goods[];
extern const size_t ngoods;
extern const struct other others[];
extern const size_t nothers;

#endif

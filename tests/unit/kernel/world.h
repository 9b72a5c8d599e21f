/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * world.h - a kernel that has booted, for tests.
 *
 * There is a root thread, running, with capabilities to everything in the
 * slots below, and an idle thread of the lowest priority.  world_check()
 * asserts the kernel's own invariants and counts again, from the objects
 * alone, all that the kernel keeps a count of.
 */
#ifndef TINE_TEST_WORLD_H
#define TINE_TEST_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <abi/msg.h>
#include <abi/page.h>
#include <abi/syscalls.h>
#include <abi/types.h>

#include "cap.h"
#include "endpoint.h"
#include "frame.h"
#include "hart.h"
#include "irq.h"
#include "notify.h"
#include "object.h"
#include "sched.h"
#include "space.h"
#include "syscall.h"
#include "thread.h"

/* Slots of the root thread's capability space. */
enum world_slot {
	W_CSPACE = 1, /* that itself, EDIT */
	W_MEMORY = 2, /* OWNER, STEWARD of all RAM */
	W_DEVICES = 3, /* MAP, all below RAM */
	W_SYSTEM = 4, /* all of it */
	W_ENDPOINT = 5, /* SEND, RECEIVE; mode THREAD */
	W_ENDPOINT2 = 6, /* SEND, RECEIVE; mode SPACE */
	W_BADGED = 7, /* SEND to W_ENDPOINT with W_BADGE */
	W_NOTIFICATION = 8, /* NOTIFY, WAIT */
	W_STEWARD = 9, /* STEWARD of all RAM */
	W_FREE = 16, /* the first empty slot */
};
#define W_BADGE 77ul

/* Frames that are the kernel's, as its image and tables would be. */
#define W_RESERVED 4ul
/* Device pages start here and go up to RAM. */
#define W_DEVICE_PAGE 0x10000ul

/* Root's own memory: two pages RW, nothing, one RO, then nothing. */
#define W_DATA 0x10000ul
#define W_CONST 0x13000ul
#define W_POOL 8ul
#define W_ROOT_TAG 1ul
#define W_ROOT_IDENTITY 11ul
#define W_ROOT_PRIORITY 1ul

struct world {
	struct thread *root;
	struct thread *idle;
	struct cap *slots;
	struct space *space; /* root's */
	objname_t cspace_name;
	objname_t space_name;
	struct endpoint *endpoint;
	struct endpoint *endpoint2;
	struct notification *notification;
	uint64_t next_tag;
};

extern struct world world;

/* For cmocka: set up; tear down, which asserts that nothing was leaked. */
int world_start(void **state);
int world_end(void **state);

#define TEST(claim) \
	cmocka_unit_test_setup_teardown(claim, world_start, world_end)

/* Assert all invariants. */
void world_check(void);

/* Let this thread be the one that runs.  It is READY or RUNNING. */
void world_run(struct thread *thread);

/* A call by a thread: its error.  Nobody is switched to. */
int world_call(struct thread *thread, uint64_t number, const uint64_t args[7]);

#define CALL_BY(thread, name, ...) \
	world_call((thread), SYS_##name, (const uint64_t[7]){__VA_ARGS__})
/* The same by root, which runs then. */
#define CALL(name, ...) \
	(world_run(world.root), CALL_BY(world.root, name, __VA_ARGS__))
#define ASSERT_CALL(name, ...) assert_int_equal(CALL(name, __VA_ARGS__), 0)
/* Result i of root's last call. */
#define RESULT(i) (world.root->regs[REG_A0 + (i)])

/* A message as it goes into the registers, and as it comes out of them. */
struct message {
	uint64_t slot; /* or the sender */
	uint64_t info;
	uint64_t words[MSG_WORDS];
	uint64_t t1; /* window base, or token */
	uint64_t t2; /* window size, or kind */
};

/*
 * A message call by a thread, with the switch at its end.  Returns who runs
 * then.
 */
struct thread *world_ipc(
    struct thread *thread, uint64_t number, const struct message *message);

#define IPC_BY(thread, name, ...) \
	world_ipc((thread), SYS_##name, &(struct message){__VA_ARGS__})

/* What is in a thread's message registers. */
struct message world_message(const struct thread *thread);

/* A page fault of the running thread: who should run then, or NULL. */
struct thread *world_page_fault(
    struct thread *thread, vaddr_t va, uint64_t access) MUST_CHECK;

/* The same, with the switch at its end; returns who runs then. */
struct thread *world_fault(struct thread *thread, vaddr_t va, uint64_t access);

/* Objects made by root; the tag of a space is new. */
objname_t world_new(enum frame_kind kind, uint64_t first, uint64_t second);
objname_t world_space(uint64_t pool);
struct space *world_space_at(objname_t name);
struct thread *world_thread_at(objname_t name);

/* A capability of root's to what is named. */
void world_name(uint64_t slot, objname_t name, uint64_t rights, uint64_t badge);

/*
 * A READY thread in a space of its own, with root's capabilities, and with
 * endpoints for its faults and exceptions: W_ENDPOINT2 and W_ENDPOINT.
 */
struct thread *world_thread(uint64_t identity, uint64_t priority);

/* A held frame, by its number, full of this byte. */
uint64_t world_frame(uint8_t fill);

/* The page of a frame. */
uint8_t *world_page(uint64_t frame);

/* The entry that a space has for an address. */
uint64_t world_entry(const struct space *space, vaddr_t va);

/* Frames that are mapped nowhere, held by nobody, and no table or object. */
uint64_t world_free(void);

/*
 * A number that follows from the last, for tests that need many; and one
 * below n.  A fuzzer's choices come before them, as long as there are any.
 */
uint64_t world_random(uint64_t *seed);
uint64_t world_pick(uint64_t *seed, uint64_t n);

struct world_choices {
	const uint8_t *next;
	size_t left; /* bytes */
};
extern struct world_choices world_choices;

#endif

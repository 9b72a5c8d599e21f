/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kt.h - what the tests of the kernel's calls have in common.
 *
 * They are a root task of their own, in place of vmsrv, with authority over
 * everything.  A group of tests is a function; what it creates it destroys,
 * so the number of free frames is the same afterwards, which kt_group()
 * counts as a test too.
 *
 * Helper threads run functions of this program, on stacks of their own, in
 * the root task's space or in one that shares all its pages.  They are less
 * urgent than the root task, so they run while it waits.
 */
#ifndef TINE_TESTS_KT_H
#define TINE_TESTS_KT_H

#include <abi/boot.h>
#include <abi/errors.h>
#include <abi/msg.h>
#include <abi/page.h>
#include <abi/syscalls.h>
#include <abi/types.h>
#include <ipc/msg.h>
#include <ipc/sys.h>

#define KT_LENGTH(array) (sizeof(array) / sizeof((array)[0]))
/* An address that is the kernel's: the first byte of its direct map. */
#define KT_KERNEL_ADDRESS 0xffffffc080200000ul
/* Nothing is ever mapped here. */
#define KT_NOWHERE 0x2000000000ul
/* Where tests map what they need. */
#define KT_AREA 0x40000000ul
#define KT_PRIORITY 40
#define KT_STACKS 8 /* the last is kt_let_others_run()'s */

/* Slots that are in use between tests; others are free for each test. */
#define KT_DONE (ROOT_FREE + 0) /* where helpers end: kt_finish() */
#define KT_SLOT (ROOT_FREE + 1)

extern const struct boot_info *kt_info;

/* Report a test. */
void kt_ok(bool good, const char *claim);
/* The same; says what was found if it is not what was expected. */
void kt_equal(uint64_t found, uint64_t expected, const char *claim);
/* Run tests that leave no frame behind. */
void kt_group(const char *name, void (*run)(void));
/* The plan; then power off with a status. */
void kt_end(void) __attribute__((noreturn));
/* A step that every test relies on: all is over if it fails. */
void kt_must(struct sysret ret, const char *what);

void kt_put(const char *text);
void kt_put_number(uint64_t number);
void kt_put_hex(uint64_t number);

uint64_t kt_stat(enum stat stat);
/* Is this word among the bootargs? */
bool kt_word(const char *word);
void kt_marker(void);

objname_t kt_create(uint64_t kind, uint64_t a, uint64_t b);
void kt_destroy(objname_t object);
/* Make an object and put a capability to it into a slot. */
objname_t kt_endpoint(uint64_t slot, enum endpoint_mode mode);
objname_t kt_notification(uint64_t slot);

/* A space that shares all pages of the root task's. */
objname_t kt_space(uint64_t tag);
/* Clone src completely. */
void kt_clone(objname_t dst, objname_t src);
/* Map a page of zeros, or (source) a copy of a frame, in any space. */
void kt_map(objname_t space, vaddr_t va, uint64_t prot);

/* Copy all of it to (write) or from a space; 64 bits to or from one. */
void kt_copy(objname_t space, vaddr_t va, void *own, size_t length, bool write);
uint64_t kt_peek(objname_t space, vaddr_t va);
void kt_poke(objname_t space, vaddr_t va, uint64_t value);

/* A thread that will run entry(argument) on a stack of its own. */
objname_t kt_thread(objname_t space, void (*entry)(uint64_t), uint64_t argument,
    unsigned int stack);
void kt_start(objname_t thread);
void kt_configure(objname_t thread, enum thread_field field, uint64_t value);
/* The end of a helper: it waits for ever. */
void kt_finish(void) __attribute__((noreturn));
/* Wait until a helper finishes; its identity. */
uint64_t kt_wait(void);

/* Ticks of rdtime. */
uint64_t kt_now(void);
/* The bits of a notification that an endpoint's receiver is bound to, or 0. */
uint64_t kt_bits(cap_t endpoint, uint64_t flags);

/*
 * Wait until all helpers wait for something, or have stopped; on one hart, or
 * others run them still.
 */
void kt_let_others_run(void);

/* The registers of a kernel call, in and out. */
struct kt_call {
	uint64_t a[8];
	uint64_t t[7];
};
/* Trap with all argument and temporary registers as given; ecall.S. */
void kt_ecall(struct kt_call *call);

/* The groups. */
void test_bad_calls(void);
void test_capabilities(void);
void test_devices(void);
void test_faults(void);
void test_harts(void);
void test_interrupts(void);
void test_messages(void);
void test_notifications(void);
void test_powerless(void);
void test_registers(void);
void test_scheduling(void);
void test_spaces(void);
void test_copy_on_write(void);
void test_tokens(void);
void test_windows(void);

#endif

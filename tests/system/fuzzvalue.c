/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzzvalue.c - random arguments that nearly make sense; see fuzz.h.
 *
 * What an argument is for is told by its name in syscalls.def or ipc/NAME.def;
 * one with an unknown name is a bit of everything.
 */
#include "fuzz.h"

#include <err.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include <abi/page.h>
#include <ipc/proc.h>
#include <ipc/slots.h>
#include <ipc/vm.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define KERNEL 0xffffffc080200000ul
/* Far from all else, so that what is shared is not hit by what misses. */
#define ARENA 0x1000000000ul
#define LINES 0x1800000000ul
#define FRAMES 20000
#define LIDS 9
#define LINE 32

struct fuzz_control *fuzz_control;
char *fuzz_arena, *fuzz_lines;

uint64_t
fuzz_random(struct fuzz_stream *stream)
{
	uint64_t z = stream->state += 0x9e3779b97f4a7c15ul;

	/* Any mixing would do. */
	z = (z ^ z >> 32) * 0xd6e8feb86659fd93ul;
	z = (z ^ z >> 32) * 0xd6e8feb86659fd93ul;
	return z ^ z >> 32;
}

uint32_t
fuzz_below(struct fuzz_stream *stream, uint32_t bound)
{
	return (uint32_t)(fuzz_random(stream) >> 32) % bound;
}

static const struct {
	const char *names; /* each with a blank before and behind */
	enum fuzz_kind kind;
} kinds[] = {
    {" auth cspace notification irq system slot source endpoint ", FUZZ_SLOT},
    {" thread space object holder identity frame ", FUZZ_NAME},
    {" token dst_token src_token ", FUZZ_TOKEN},
    {" va own dst src regs delivery exceptions address sp stack ",
	FUZZ_ADDRESS},
    {" length bytes size pages count memory_size file_size ", FUZZ_LENGTH},
    {" kind field window write how which set resource name limit badge "
     "argc envc resume index idtype inheritance protection nice priority ",
	FUZZ_SMALL},
    {" flags options rights access ", FUZZ_FLAGS},
    {" pid id from pgid who ", FUZZ_PID},
    {" lid unpark ", FUZZ_LID},
    {" signal exitsig ", FUZZ_SIGNAL},
    {" handler trampoline ", FUZZ_HANDLER},
    {" mask ", FUZZ_SET},
    {" deadline interval ", FUZZ_TIME},
};

/* Whether the name is one of the words of a list. */
static bool
listed(const char *list, const char *name, unsigned int length)
{
	for (const char *at = list; (at = strchr(at, ' ')) != NULL;) {
		at++;
		if (strncmp(at, name, length) == 0 && at[length] == ' ')
			return true;
	}
	return false;
}

enum fuzz_kind
fuzz_kind_of(const char *name, unsigned int length)
{
	for (size_t i = 0; i < LENGTH(kinds); i++) {
		if (listed(kinds[i].names, name, length))
			return kinds[i].kind;
	}
	return FUZZ_ANY;
}

void
fuzz_memory_set_up(void)
{
	size_t bytes = FUZZ_ARENA_PAGES * PAGE_SIZE;
	int anon = MAP_PRIVATE | MAP_ANON | MAP_FIXED;
	int rw = PROT_READ | PROT_WRITE;

	fuzz_lines = mmap((void *)LINES, PAGE_SIZE, rw, anon, -1, 0);
	fuzz_arena = mmap((void *)ARENA, bytes, rw, anon, -1, 0);
	if (fuzz_lines == MAP_FAILED || fuzz_arena == MAP_FAILED)
		err(1, "mmap");
	memset(fuzz_lines, '#', PAGE_SIZE);
	for (size_t i = LINE - 1; i < PAGE_SIZE; i += LINE)
		fuzz_lines[i] = '\n';
	memset(fuzz_arena, 'x', bytes / 2);
	/* Something of each kind; what is after it may be missing. */
	if (mprotect(fuzz_lines, PAGE_SIZE, PROT_READ) != 0 ||
	    mprotect(fuzz_arena + 8 * PAGE_SIZE, PAGE_SIZE, PROT_READ) != 0 ||
	    mprotect(fuzz_arena + 16 * PAGE_SIZE, PAGE_SIZE, PROT_NONE) != 0 ||
	    munmap(fuzz_arena + 24 * PAGE_SIZE, PAGE_SIZE) != 0 ||
	    mmap(fuzz_arena + 32 * PAGE_SIZE, 4 * PAGE_SIZE, rw,
		MAP_SHARED | MAP_ANON | MAP_FIXED, -1, 0) == MAP_FAILED)
		err(1, "arena");
}

static uint64_t
address(struct fuzz_stream *stream)
{
	static const uint64_t borders[] = {0, 8, PAGE_SIZE, USER_TOP - 8,
	    USER_TOP - PAGE_SIZE, USER_TOP, KERNEL, 1ul << 38, 1ul << 39,
	    1ul << 63, ~0ul << PAGE_SHIFT, ~0ul - 7};
	uint64_t n = fuzz_below(stream, 32);
	uint64_t at = (uintptr_t)fuzz_arena;

	if (n < 24)
		at += fuzz_below(stream, FUZZ_ARENA_PAGES + 4) * PAGE_SIZE;
	else if (n < 29)
		at = borders[fuzz_below(stream, LENGTH(borders))];
	else if (n == 29)
		at = (uintptr_t)&address;
	else if (n == 30)
		at = (uintptr_t)__builtin_frame_address(0) & ~PAGE_MASK;
	else
		at = fuzz_random(stream) & (USER_TOP - 1);
	n = fuzz_below(stream, 8);
	if (n == 0)
		at += fuzz_below(stream, PAGE_SIZE);
	else if (n == 1)
		at -= fuzz_below(stream, 17);
	return at;
}

static uint64_t
length(struct fuzz_stream *stream)
{
	static const uint64_t odd[] = {~0ul, ~0ul << PAGE_SHIFT, USER_TOP,
	    1ul << 63, 1ul << 32, 1ul << 31, USER_TOP - PAGE_SIZE, 0};

	switch (fuzz_below(stream, 8)) {
	case 0:
		return odd[fuzz_below(stream, LENGTH(odd))];
	case 1:
	case 2:
		return fuzz_below(stream, 2 * PAGE_SIZE);
	case 3:
		return fuzz_below(stream, 64);
	default:
		return fuzz_below(stream, 10) * PAGE_SIZE;
	}
}

static uint64_t
flags(struct fuzz_stream *stream)
{
	static const uint64_t likely[] = {0, PROC_WAIT_EXITED,
	    PROC_WAIT_EXITED | PROC_WAIT_NOHANG, FORK_PPWAIT | FORK_SHAREVM,
	    FORK_SHAREVM | FORK_SHARESIGS, VM_MAP_ANON | VM_MAP_PRIVATE,
	    VM_MAP_ANON | VM_MAP_SHARED,
	    VM_MAP_ANON | VM_MAP_PRIVATE | VM_MAP_FIXED,
	    VM_MAP_ANON | VM_MAP_SHARED | VM_MAP_FIXED};
	uint64_t bits = 0;

	if (fuzz_below(stream, 2) == 0)
		return likely[fuzz_below(stream, LENGTH(likely))];
	for (uint32_t n = fuzz_below(stream, 4); n > 0; n--)
		bits |= 1ul << fuzz_below(stream, 17);
	return bits;
}

/* A process: one's own, a worker's, a group, or nobody. */
static uint64_t
pid(struct fuzz_stream *stream)
{
	static const int32_t special[] = {
	    0, -1, 1, 2, 3, INT32_MAX, INT32_MIN, -2, 0, 0};
	uint32_t n = fuzz_below(stream, 16);
	int32_t found =
	    fuzz_control->workers[fuzz_below(stream, FUZZ_WORKERS)].pid;

	if (n < LENGTH(special))
		found = special[n];
	else if (n == 15)
		found = -found;
	else if (n == 14)
		found += (int32_t)fuzz_below(stream, 9) - 4;
	return (uint32_t)found;
}

static uint64_t
name(struct fuzz_stream *stream)
{
	uint64_t frame = fuzz_below(stream, FRAMES);

	return frame | (uint64_t)fuzz_below(stream, 64) << NAME_FRAME_BITS;
}

/* A time soon, mostly: most of who waits for it is to go on. */
static uint64_t
deadline(struct fuzz_stream *stream)
{
	static const uint64_t odd[] = {0, 1, ~0ul, ~0ul >> 1, 1ul << 63};
	uint64_t now;

	if (fuzz_below(stream, 16) == 0)
		return odd[fuzz_below(stream, LENGTH(odd))];
	__asm__ volatile("rdtime %0" : "=r"(now));
	return now + fuzz_below(stream, 4000);
}

static void
handle(int signal)
{
	(void)signal;
}

void __tine_sigtramp(void);

static uint64_t
handler(struct fuzz_stream *stream)
{
	const uint64_t likely[] = {PROC_SIG_DFL, PROC_SIG_IGN,
	    (uintptr_t)handle, (uintptr_t)handle, (uintptr_t)__tine_sigtramp};
	uint32_t n = fuzz_below(stream, 8);

	return n < LENGTH(likely) ? likely[n] : address(stream);
}

static uint64_t
any(struct fuzz_stream *stream)
{
	switch (fuzz_below(stream, 4)) {
	case 0:
		return fuzz_below(stream, 8);
	case 1:
		return 1ul << fuzz_below(stream, 64);
	case 2:
		return ~(uint64_t)fuzz_below(stream, 8);
	default:
		return fuzz_random(stream) >> fuzz_below(stream, 64);
	}
}

uint64_t
fuzz_value(struct fuzz_stream *stream, enum fuzz_kind kind)
{
	/* Whatever it is, now and then it is something else. */
	if (fuzz_below(stream, 24) == 0)
		return any(stream);
	switch (kind) {
	case FUZZ_SLOT:
		return fuzz_below(stream, 8) ? fuzz_below(stream, 6)
					     : fuzz_below(stream, 160);
	case FUZZ_NAME:
		return name(stream);
	case FUZZ_TOKEN:
		/* 0 is one's own memory, of copy. */
		return fuzz_below(stream, 2) ? name(stream) : 0;
	case FUZZ_ADDRESS:
		return address(stream);
	case FUZZ_LENGTH:
		return length(stream);
	case FUZZ_SMALL:
		return fuzz_below(stream, fuzz_below(stream, 4) ? 4 : 24);
	case FUZZ_FLAGS:
		return flags(stream);
	case FUZZ_PID:
		return pid(stream);
	case FUZZ_LID:
		return fuzz_below(stream, LIDS);
	case FUZZ_SIGNAL:
		return fuzz_below(stream, fuzz_below(stream, 4) ? 34 : 70);
	case FUZZ_HANDLER:
		return handler(stream);
	case FUZZ_SET:
		return fuzz_random(stream) & fuzz_random(stream);
	case FUZZ_TIME:
		return deadline(stream);
	default:
		return any(stream);
	}
}

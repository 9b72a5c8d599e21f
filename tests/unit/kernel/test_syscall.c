/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_syscall.c - each kernel call with each bad argument there is.
 *
 * For each call there are arguments with which it works, and the kind that
 * each argument is of.  For each kind there are values that are wrong, with
 * the error they get.  Every one of them is put in the place of the good one:
 * the error has to be that one exactly, and nothing may have changed, byte by
 * byte of all RAM, the frame table and the hart.
 */
#include <stdio.h>

#include "world.h"
#include "fake_arch.h"

#define RW (MAP_PAGE_READ | MAP_PAGE_WRITE)
#define VA 0x40000ul

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

static uint64_t values[V_COUNT];

static uint64_t
resolve(uint64_t argument)
{
	uint64_t value;

	if (argument >> 32 != V_MARK)
		return argument;
	value = values[argument & 0xff];
	switch (argument >> 8 & 0xff) {
	case 1:
		return value + NAME_GENERATION_ONE;
	case 2:
		return value - NAME_GENERATION_ONE;
	case 3:
		return value & NAME_FRAME_MASK;
	default:
		return value;
	}
}

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
	KINDS
};

struct bad {
	uint64_t value;
	int error;
};

#define BAD_SLOTS \
	{CSPACE_SLOTS, TINE_EBADF}, {~0ul, TINE_EBADF}, {0, TINE_EBADF}, \
	    {S_EMPTY, TINE_EBADF}, {1ul << 63, TINE_EBADF}, \
	{ \
		CSPACE_SLOTS + W_MEMORY, TINE_EBADF \
	}
#define BAD_NAMES \
	{V(V_ENDPOINT), TINE_ESTALE}, {V(V_CSPACE), TINE_ESTALE}, \
	    {V(V_USER), TINE_ESTALE}, {V(V_TABLE), TINE_ESTALE}, \
	    {0, TINE_ESTALE}, {FAKE_FRAMES - 1, TINE_ESTALE}, \
	    {FAKE_FRAMES, TINE_EINVAL}, {NAME_FRAME_MASK, TINE_EINVAL}, \
	{ \
		~0ul, TINE_EINVAL \
	}
#define BAD_ADDRESSES \
	{0, TINE_EFAULT}, {W_DATA - 8, TINE_EFAULT}, \
	    {W_DATA + 2 * PAGE_SIZE, TINE_EFAULT}, {USER_TOP, TINE_EFAULT}, \
	    {USER_TOP - 8, TINE_EFAULT}, {0xffffffc000000000ul, TINE_EFAULT}, \
	    {0xffffffff80200000ul, TINE_EFAULT}, {~0ul - 7, TINE_EFAULT}, \
	    {1ul << 39 | W_DATA, TINE_EFAULT}, \
	{ \
		1ul << 63 | W_DATA, TINE_EFAULT \
	}

#define BADS_MAX 24
static const struct bad bads[KINDS][BADS_MAX] = {
    [K_OWNER] = {BAD_SLOTS, {W_STEWARD, TINE_EBADF}, {W_ENDPOINT, TINE_EBADF},
	{W_DEVICES, TINE_EBADF}, {W_SYSTEM, TINE_EBADF},
	{S_PARTIAL, TINE_EINVAL}},
    [K_MEMORY] = {BAD_SLOTS, {W_STEWARD, TINE_EBADF},
	{W_NOTIFICATION, TINE_EBADF}, {W_DEVICES, TINE_EBADF},
	{W_SYSTEM, TINE_EBADF}},
    [K_STEWARD] = {BAD_SLOTS, {W_CSPACE, TINE_EBADF}, {W_DEVICES, TINE_EBADF},
	{W_SYSTEM, TINE_EBADF}, {S_PARTIAL, TINE_EINVAL}},
    [K_THREAD] = {BAD_NAMES, {V(V_SPACE), TINE_ESTALE},
	{V(V_STALE_THREAD), TINE_ESTALE}, {V_LATER(V_THREAD), TINE_ESTALE},
	{V_EARLIER(V_THREAD), TINE_ESTALE}, {V_FRAME(V_THREAD), TINE_ESTALE}},
    [K_SPACE] = {BAD_NAMES, {V(V_THREAD), TINE_ESTALE},
	{V(V_STALE_SPACE), TINE_ESTALE}, {V_LATER(V_SPACE), TINE_ESTALE},
	{V_EARLIER(V_SPACE), TINE_ESTALE}, {V_FRAME(V_SPACE), TINE_ESTALE}},
    [K_OBJECT] = {{V(V_USER), TINE_ESTALE}, {V(V_TABLE), TINE_ESTALE},
	{0, TINE_ESTALE}, {FAKE_FRAMES, TINE_EINVAL}, {~0ul, TINE_EINVAL},
	{V(V_STALE_ENDPOINT), TINE_ESTALE}, {V_LATER(V_ENDPOINT), TINE_ESTALE},
	{V_EARLIER(V_ENDPOINT), TINE_ESTALE},
	{V_FRAME(V_ENDPOINT), TINE_ESTALE}, {FAKE_FRAMES - 1, TINE_ESTALE}},
    [K_FRAME] = {{V(V_TABLE), TINE_EINVAL}, {V(V_MAPPED), TINE_EINVAL},
	{V_FRAME(V_SPACE), TINE_EINVAL}, {0, TINE_EINVAL},
	{FAKE_FRAMES - 1, TINE_EINVAL}, {FAKE_FRAMES, TINE_EINVAL},
	{NAME_FRAME_MASK, TINE_EINVAL}, {~0ul, TINE_EINVAL},
	{V(V_SPACE), TINE_EINVAL}},
    [K_TOKEN] = {{V(V_STALE_TOKEN), TINE_ESTALE},
	{V(V_FOREIGN_TOKEN), TINE_ESTALE}, {V_LATER(V_TOKEN), TINE_ESTALE},
	{V_EARLIER(V_TOKEN), TINE_ESTALE}, {V_FRAME(V_TOKEN), TINE_ESTALE},
	{V(V_CLIENT), TINE_ESTALE}, {V(V_SPACE), TINE_ESTALE},
	{V(V_ROOT), TINE_ESTALE}, {FAKE_FRAMES, TINE_ESTALE},
	{NAME_FRAME_MASK, TINE_ESTALE}, {~0ul, TINE_ESTALE}},
    [K_VA] = {{1, TINE_EINVAL}, {VA + 8, TINE_EINVAL},
	{VA + PAGE_SIZE - 1, TINE_EINVAL}, {USER_TOP, TINE_EINVAL},
	{USER_TOP + VA, TINE_EINVAL}, {1ul << 39, TINE_EINVAL},
	{0xffffffc000000000ul, TINE_EINVAL}, {~PAGE_MASK, TINE_EINVAL},
	{~0ul, TINE_EINVAL}},
    [K_IN] = {BAD_ADDRESSES},
    [K_OUT] = {BAD_ADDRESSES, {W_CONST, TINE_EFAULT},
	{W_CONST + 8, TINE_EFAULT}},
    [K_NOTIFY] = {BAD_SLOTS, {W_ENDPOINT, TINE_EBADF}, {S_WAIT, TINE_EBADF},
	{S_STALE_NOTIFICATION, TINE_ESTALE}, {W_MEMORY, TINE_EBADF}},
    [K_WAIT] = {BAD_SLOTS, {W_ENDPOINT, TINE_EBADF}, {S_NOTIFY, TINE_EBADF},
	{S_STALE_NOTIFICATION, TINE_ESTALE}, {W_MEMORY, TINE_EBADF}},
    [K_EDIT] = {BAD_SLOTS, {W_ENDPOINT, TINE_EBADF}, {W_MEMORY, TINE_EBADF},
	{S_STALE_CSPACE, TINE_ESTALE}},
    [K_SLOT] = {{CSPACE_SLOTS, TINE_EINVAL}, {~0ul, TINE_EINVAL},
	{1ul << 32, TINE_EINVAL}, {1ul << 63 | 5, TINE_EINVAL}},
    [K_POWER] = {BAD_SLOTS, {S_STAT, TINE_EBADF}, {S_DEBUG, TINE_EBADF},
	{W_MEMORY, TINE_EBADF}, {W_ENDPOINT, TINE_EBADF}},
    [K_STAT] = {BAD_SLOTS, {S_POWER, TINE_EBADF}, {S_DEBUG, TINE_EBADF},
	{W_MEMORY, TINE_EBADF}},
    [K_DEBUG] = {BAD_SLOTS, {S_POWER, TINE_EBADF}, {S_STAT, TINE_EBADF},
	{W_MEMORY, TINE_EBADF}},
};

/* A call that works. */
struct good {
	const char *name;
	uint64_t number;
	uint64_t args[7];
	enum kind kinds[7];
	int result;
};

#define GOOD(name, ...) \
#name, SYS_##name, \
	{ \
		__VA_ARGS__ \
	}
static const struct good goods[] = {
    {GOOD(notify, W_NOTIFICATION, 1), {K_NOTIFY}, 0},
    {GOOD(copy, V(V_TOKEN), 0, 0, W_DATA, 8), {K_TOKEN, K_ANY, K_ANY, K_IN}, 0},
    {GOOD(copy, 0, W_DATA, V(V_TOKEN), 0, 8), {K_ANY, K_OUT, K_TOKEN, K_ANY},
	0},
    {GOOD(reply_regs, V(V_TOKEN), W_DATA), {K_TOKEN, K_IN}, 0},
    {GOOD(reply_regs, V(V_FAULT_TOKEN), W_DATA), {K_ANY, K_IN}, 0},
    {GOOD(thread_configure, W_MEMORY, V(V_THREAD), THREAD_PRIORITY, 9),
	{K_OWNER, K_THREAD}, 0},
    {GOOD(thread_configure, W_MEMORY, V(V_THREAD), THREAD_CSPACE, W_CSPACE),
	{K_OWNER, K_THREAD, K_ANY, K_EDIT}, 0},
    {GOOD(thread_configure, W_MEMORY, V(V_THREAD), THREAD_FAULT_ENDPOINT,
	 S_SEND),
	{K_OWNER, K_THREAD}, 0},
    {GOOD(thread_configure, W_MEMORY, V(V_THREAD), THREAD_SPACE, V(V_SPACE2)),
	{K_OWNER, K_THREAD, K_ANY, K_SPACE}, 0},
    {GOOD(thread_configure, W_MEMORY, V(V_THREAD), THREAD_NOTIFICATION, S_WAIT),
	{K_OWNER, K_THREAD, K_ANY, K_WAIT}, 0},
    {GOOD(thread_clone, W_STEWARD, V(V_TOKEN), V(V_NEW)),
	{K_STEWARD, K_TOKEN, K_THREAD}, 0},
    {GOOD(thread_read, W_STEWARD, V(V_THREAD), W_DATA),
	{K_STEWARD, K_THREAD, K_OUT}, 0},
    {GOOD(thread_write, W_STEWARD, V(V_THREAD), W_DATA),
	{K_STEWARD, K_THREAD, K_IN}, 0},
    {GOOD(thread_start, W_STEWARD, V(V_THREAD)), {K_STEWARD, K_THREAD}, 0},
    {GOOD(thread_stop, W_STEWARD, V(V_CLIENT)), {K_STEWARD, K_THREAD}, 0},
    {GOOD(space_feed, W_MEMORY, V(V_SPACE), 1), {K_OWNER, K_SPACE}, 0},
    {GOOD(space_map, W_MEMORY, V(V_SPACE2), VA, V(V_USER), RW, 0),
	{K_OWNER, K_SPACE, K_VA}, 0},
    {GOOD(space_unmap, W_MEMORY, V(V_SPACE), VA, 1), {K_OWNER, K_SPACE, K_VA},
	0},
    {GOOD(space_protect, W_MEMORY, V(V_SPACE), VA, 1, MAP_PAGE_READ),
	{K_OWNER, K_SPACE, K_VA}, 0},
    {GOOD(space_clone, W_MEMORY, V(V_SPACE2), V(V_SPACE), 0, 0, 0),
	{K_OWNER, K_SPACE, K_SPACE}, 0},
    {GOOD(space_copy, W_MEMORY, V(V_SPACE), VA, W_DATA, 8, 1),
	{K_OWNER, K_SPACE, K_ANY, K_IN}, 0},
    {GOOD(space_copy, W_MEMORY, V(V_SPACE), VA, W_DATA, 8, 0),
	{K_OWNER, K_SPACE, K_ANY, K_OUT}, 0},
    {GOOD(space_query, W_MEMORY, V(V_SPACE), VA), {K_OWNER, K_SPACE}, 0},
    {GOOD(create, W_MEMORY, KIND_ENDPOINT, 0), {K_MEMORY}, 0},
    {GOOD(create, W_MEMORY, KIND_THREAD, V(V_SPACE), 5),
	{K_MEMORY, K_ANY, K_SPACE}, 0},
    {GOOD(destroy, W_MEMORY, V(V_ENDPOINT)), {K_OWNER, K_OBJECT}, 0},
    {GOOD(cap_copy, W_CSPACE, S_EMPTY, W_ENDPOINT, RIGHT_SEND, 0),
	{K_EDIT, K_SLOT}, 0},
    {GOOD(cap_delete, W_CSPACE, S_SEND), {K_EDIT, K_SLOT}, 0},
    {GOOD(cap_name, W_MEMORY, W_CSPACE, S_EMPTY, V(V_ENDPOINT), RIGHT_SEND),
	{K_OWNER, K_EDIT, K_SLOT, K_OBJECT}, 0},
    {GOOD(frame_alloc, W_MEMORY), {K_MEMORY}, 0},
    {GOOD(frame_free, W_MEMORY, V(V_USER)), {K_OWNER, K_FRAME}, 0},
    {GOOD(timer_set, W_NOTIFICATION, 9, 1), {K_WAIT}, 0},
    {GOOD(system_power, W_SYSTEM, POWER_OFF, 3), {K_POWER}, TINE_ENOTSUP},
    {GOOD(system_stat, W_SYSTEM, STAT_FRAMES), {K_STAT}, 0},
    {GOOD(system_putc, W_SYSTEM, 'x'), {K_DEBUG}, 0},
    {GOOD(yield, 0), {K_ANY}, 0},
};

/* What no single kind of argument tells. */
struct other {
	const char *name;
	uint64_t number;
	uint64_t args[7];
	int error;
};

static const struct other others[] = {
    {GOOD(copy, V(V_TOKEN), 0, 0, W_DATA, ~0ul), TINE_EFAULT},
    {GOOD(copy, V(V_TOKEN), 64, 0, W_DATA, 1), TINE_EFAULT},
    {GOOD(copy, V(V_TOKEN), ~0ul, 0, W_DATA, 2), TINE_EFAULT},
    {GOOD(copy, V(V_FAULT_TOKEN), 0, 0, W_DATA, 1), TINE_EFAULT},
    {GOOD(copy, 0, W_DATA, 0, W_DATA, USER_TOP + 1), TINE_EFAULT},
    {GOOD(copy, 0, W_DATA, 0, W_DATA, 1ul << 63), TINE_EFAULT},
    {GOOD(thread_configure, W_MEMORY, V(V_THREAD), 0, 0), TINE_EINVAL},
    {GOOD(thread_configure, W_MEMORY, V(V_THREAD), 9, 0), TINE_EINVAL},
    {GOOD(thread_configure, W_MEMORY, V(V_THREAD), 1ul << 32 | THREAD_IDENTITY,
	 0),
	TINE_EINVAL},
    {GOOD(thread_configure, W_MEMORY, V(V_THREAD), ~0ul, 0), TINE_EINVAL},
    {GOOD(thread_configure, W_MEMORY, V(V_THREAD), THREAD_PRIORITY, PRIORITIES),
	TINE_EINVAL},
    {GOOD(thread_configure, W_MEMORY, V(V_THREAD), THREAD_PRIORITY, ~0ul),
	TINE_EINVAL},
    {GOOD(thread_configure, W_MEMORY, V(V_THREAD), THREAD_PRIORITY, 1ul << 32),
	TINE_EINVAL},
    {GOOD(thread_configure, W_MEMORY, V(V_THREAD), THREAD_FPU, 2), TINE_EINVAL},
    {GOOD(thread_configure, W_MEMORY, V(V_THREAD), THREAD_FPU, 1ul << 32),
	TINE_EINVAL},
    {GOOD(thread_configure, W_MEMORY, V(V_ROOT), THREAD_SPACE, V(V_SPACE)),
	TINE_EBUSY},
    {GOOD(thread_configure, W_MEMORY, V(V_THREAD), THREAD_FAULT_ENDPOINT,
	 S_RECEIVE),
	TINE_EBADF},
    {GOOD(thread_configure, W_MEMORY, V(V_THREAD), THREAD_FAULT_ENDPOINT,
	 S_STALE_ENDPOINT),
	TINE_ESTALE},
    {GOOD(thread_configure, W_MEMORY, V(V_THREAD), THREAD_FAULT_ENDPOINT, ~0ul),
	TINE_EBADF},
    {GOOD(thread_configure, W_MEMORY, V(V_THREAD), THREAD_EXCEPTION_ENDPOINT,
	 S_RECEIVE),
	TINE_EBADF},
    {GOOD(thread_configure, W_MEMORY, V(V_THREAD), THREAD_EXCEPTION_ENDPOINT,
	 W_NOTIFICATION),
	TINE_EBADF},
    {GOOD(thread_configure, W_MEMORY, V(V_THREAD), THREAD_NOTIFICATION,
	 S_BUSY_NOTIFICATION),
	TINE_EBUSY},
    {GOOD(thread_clone, W_STEWARD, V(V_FAULT_TOKEN), V(V_NEW)), TINE_EINVAL},
    {GOOD(thread_clone, W_STEWARD, V(V_TOKEN), V(V_CLIENT)), TINE_EINVAL},
    {GOOD(thread_clone, W_STEWARD, V(V_TOKEN), V(V_ROOT)), TINE_EINVAL},
    {GOOD(reply_regs, V(V_TOKEN), W_DATA + 2 * PAGE_SIZE - 8), TINE_EFAULT},
    {GOOD(thread_write, W_STEWARD, V(V_THREAD), W_DATA + 2 * PAGE_SIZE - 8),
	TINE_EFAULT},
    {GOOD(thread_read, W_STEWARD, V(V_ROOT), W_DATA), TINE_EBUSY},
    {GOOD(thread_write, W_STEWARD, V(V_ROOT), W_DATA), TINE_EBUSY},
    {GOOD(thread_start, W_STEWARD, V(V_ROOT)), TINE_EBUSY},
    {GOOD(thread_start, W_STEWARD, V(V_CLIENT)), TINE_EBUSY},
    {GOOD(space_feed, W_MEMORY, V(V_SPACE), FAKE_FRAMES), TINE_ENOMEM},
    {GOOD(space_feed, W_MEMORY, V(V_SPACE), (1ul << 63) - 1), TINE_ENOMEM},
    {GOOD(space_feed, W_MEMORY, V(V_SPACE), -99), TINE_EINVAL},
    {GOOD(space_feed, W_MEMORY, V(V_SPACE), 1ul << 63), TINE_EINVAL},
    {GOOD(space_map, W_MEMORY, V(V_SPACE2), VA, V(V_TABLE), RW, 0),
	TINE_EINVAL},
    {GOOD(space_map, W_MEMORY, V(V_SPACE2), VA, V_FRAME(V_SPACE), RW, 0),
	TINE_EINVAL},
    {GOOD(space_map, W_MEMORY, V(V_SPACE2), VA, 0, RW, 0), TINE_EINVAL},
    {GOOD(space_map, W_MEMORY, V(V_SPACE2), VA, FAKE_FRAMES - 1, RW, 0),
	TINE_EINVAL},
    {GOOD(space_map, W_MEMORY, V(V_SPACE2), VA, FAKE_FRAMES, RW, 0),
	TINE_EINVAL},
    {GOOD(space_map, W_MEMORY, V(V_SPACE2), VA, ~0ul, RW, 0), TINE_EINVAL},
    {GOOD(space_map, W_MEMORY, V(V_SPACE2), VA, V(V_USER), RW | MAP_PAGE_EXEC,
	 0),
	TINE_EINVAL},
    {GOOD(space_map, W_MEMORY, V(V_SPACE2), VA, V(V_USER), ~0ul, 0),
	TINE_EBADF},
    {GOOD(space_map, W_MEMORY, V(V_SPACE2), VA, V(V_USER), RW, 1),
	TINE_ECHANGED},
    {GOOD(space_map, W_MEMORY, V(V_SPACE), VA, V(V_USER), RW, 0),
	TINE_ECHANGED},
    {GOOD(space_map, W_MEMORY, V(V_SPACE2), VA, FAKE_BASE >> PAGE_SHIFT,
	 RW | MAP_PAGE_DEVICE | MAP_PAGE_DEVICE_SLOT(W_DEVICES), 0),
	TINE_EINVAL},
    {GOOD(space_map, W_MEMORY, V(V_SPACE2), VA, FAKE_BASE >> PAGE_SHIFT,
	 RW | MAP_PAGE_DEVICE | MAP_PAGE_DEVICE_SLOT(W_MEMORY), 0),
	TINE_EBADF},
    {GOOD(space_unmap, W_MEMORY, V(V_SPACE), VA, ~0ul), TINE_EINVAL},
    {GOOD(space_unmap, W_MEMORY, V(V_SPACE), VA, 1ul << 52), TINE_EINVAL},
    {GOOD(space_unmap, W_MEMORY, V(V_SPACE), VA, USER_TOP >> PAGE_SHIFT),
	TINE_EINVAL},
    {GOOD(space_protect, W_MEMORY, V(V_SPACE), VA, 1ul << 52, RW), TINE_EINVAL},
    {GOOD(space_protect, W_MEMORY, V(V_SPACE), VA, 1, MAP_PAGE_WRITE),
	TINE_EINVAL},
    {GOOD(space_protect, W_MEMORY, V(V_SPACE), VA, 1, RW | MAP_PAGE_ZERO),
	TINE_EINVAL},
    {GOOD(space_protect, W_MEMORY, V(V_SPACE), VA, 1, ~0ul), TINE_EINVAL},
    {GOOD(space_clone, W_MEMORY, V(V_SPACE), V(V_SPACE), 0, 0, 0), TINE_EINVAL},
    {GOOD(space_clone, W_MEMORY, V(V_SPACE2), V(V_SPACE), 1, 0, 0),
	TINE_EINVAL},
    {GOOD(space_clone, W_MEMORY, V(V_SPACE2), V(V_SPACE), ~0ul, 0, 0),
	TINE_EINVAL},
    {GOOD(space_clone, W_MEMORY, V(V_SPACE2), V(V_SPACE), 0, W_DATA,
	 CLONE_EXCEPTIONS_MAX + 1),
	TINE_EINVAL},
    {GOOD(space_clone, W_MEMORY, V(V_SPACE2), V(V_SPACE), 0, W_DATA, ~0ul),
	TINE_EINVAL},
    {GOOD(space_clone, W_MEMORY, V(V_SPACE2), V(V_SPACE), 0,
	 0xffffffc000000000ul, 1),
	TINE_EFAULT},
    {GOOD(space_clone, W_MEMORY, V(V_SPACE2), V(V_SPACE), 0,
	 W_DATA + 2 * PAGE_SIZE - 8, 1),
	TINE_EFAULT},
    {GOOD(space_copy, W_MEMORY, V(V_SPACE), VA, W_DATA, 8, 2), TINE_EINVAL},
    {GOOD(space_copy, W_MEMORY, V(V_SPACE), VA, W_DATA, ~0ul, 1), TINE_EFAULT},
    {GOOD(space_copy, W_MEMORY, V(V_SPACE), 0xffffffc000000000ul, W_DATA, 8, 1),
	TINE_EFAULT},
    {GOOD(space_copy, W_MEMORY, V(V_SPACE), ~0ul, W_DATA, 8, 0), TINE_EFAULT},
    {GOOD(space_copy, W_MEMORY, V(V_SPACE2), VA, W_DATA, 8, 1), TINE_EFAULT},
    {GOOD(space_query, W_MEMORY, V(V_SPACE), USER_TOP), TINE_EINVAL},
    {GOOD(space_query, W_MEMORY, V(V_SPACE), ~0ul), TINE_EINVAL},
    {GOOD(create, W_MEMORY, 0, 0), TINE_EINVAL},
    {GOOD(create, W_MEMORY, FRAME_FREE, 0), TINE_EINVAL},
    {GOOD(create, W_MEMORY, FRAME_USER, 0), TINE_EINVAL},
    {GOOD(create, W_MEMORY, FRAME_TABLE, 0), TINE_EINVAL},
    {GOOD(create, W_MEMORY, KIND_IRQ, 0), TINE_EINVAL},
    {GOOD(create, W_MEMORY, KIND_MEMORY, 0), TINE_EINVAL},
    {GOOD(create, W_MEMORY, KIND_SYSTEM, 0), TINE_EINVAL},
    {GOOD(create, W_MEMORY, 1ul << 32 | KIND_ENDPOINT, 0), TINE_EINVAL},
    {GOOD(create, W_MEMORY, 256 | KIND_ENDPOINT, 0), TINE_EINVAL},
    {GOOD(create, W_MEMORY, ~0ul, 0), TINE_EINVAL},
    {GOOD(create, W_MEMORY, KIND_ENDPOINT, 2), TINE_EINVAL},
    {GOOD(create, W_MEMORY, KIND_ENDPOINT, ~0ul), TINE_EINVAL},
    {GOOD(create, W_MEMORY, KIND_SPACE, 1ul << 63, 0), TINE_EINVAL},
    {GOOD(create, W_MEMORY, KIND_SPACE, 5, FAKE_FRAMES), TINE_ENOMEM},
    {GOOD(create, W_MEMORY, KIND_SPACE, 5, ~0ul), TINE_ENOMEM},
    {GOOD(create, W_MEMORY, KIND_SPACE, 5, 1ul << 63), TINE_ENOMEM},
    {GOOD(destroy, W_MEMORY, V(V_ROOT)), TINE_EBUSY},
    {GOOD(destroy, W_MEMORY, V(V_SPACE)), TINE_EBUSY},
    {GOOD(destroy, W_MEMORY, V(V_CSPACE)), TINE_EBUSY},
    {GOOD(cap_copy, W_CSPACE, S_EMPTY, S_EMPTY, RIGHT_ALL, 0), TINE_EBADF},
    {GOOD(cap_copy, W_CSPACE, S_EMPTY, ~0ul, RIGHT_ALL, 0), TINE_EBADF},
    {GOOD(cap_copy, W_CSPACE, S_EMPTY, CSPACE_SLOTS, RIGHT_ALL, 0), TINE_EBADF},
    {GOOD(cap_copy, W_CSPACE, S_EMPTY, S_STALE_ENDPOINT, RIGHT_ALL, 0),
	TINE_ESTALE},
    {GOOD(cap_copy, W_CSPACE, S_EMPTY, W_ENDPOINT, 0, 0), TINE_EINVAL},
    {GOOD(cap_copy, W_CSPACE, S_EMPTY, W_ENDPOINT, RIGHT_OWNER, 0),
	TINE_EINVAL},
    {GOOD(cap_copy, W_CSPACE, S_EMPTY, S_SEND, RIGHT_RECEIVE, 0), TINE_EINVAL},
    {GOOD(cap_copy, W_CSPACE, S_EMPTY, W_BADGED, RIGHT_SEND, 1), TINE_EPERM},
    {GOOD(cap_copy, W_CSPACE, S_EMPTY, W_MEMORY, RIGHT_OWNER, 1), TINE_EINVAL},
    {GOOD(cap_copy, W_CSPACE, S_EMPTY, W_SYSTEM, RIGHT_STAT, 1), TINE_EINVAL},
    {GOOD(cap_name, W_MEMORY, W_CSPACE, S_EMPTY, V(V_ENDPOINT), 0),
	TINE_EINVAL},
    {GOOD(cap_name, W_MEMORY, W_CSPACE, S_EMPTY, V(V_ENDPOINT), RIGHT_ALL),
	TINE_EINVAL},
    {GOOD(cap_name, W_MEMORY, W_CSPACE, S_EMPTY, V(V_ENDPOINT),
	 RIGHT_SEND | 1ul << 63),
	TINE_EINVAL},
    {GOOD(cap_name, W_MEMORY, W_CSPACE, S_EMPTY, V(V_ENDPOINT), RIGHT_OWNER),
	TINE_EINVAL},
    {GOOD(cap_name, W_MEMORY, W_CSPACE, S_EMPTY, V(V_SPACE), RIGHT_EDIT),
	TINE_EINVAL},
    {GOOD(cap_name, W_MEMORY, W_CSPACE, S_EMPTY, V(V_THREAD), RIGHT_OWNER),
	TINE_EINVAL},
    {GOOD(system_power, W_SYSTEM, 2, 0), TINE_EINVAL},
    {GOOD(system_power, W_SYSTEM, ~0ul, 0), TINE_EINVAL},
    {GOOD(system_power, W_SYSTEM, POWER_OFF, 256), TINE_EINVAL},
    {GOOD(system_power, W_SYSTEM, POWER_OFF, ~0ul), TINE_EINVAL},
    {GOOD(system_stat, W_SYSTEM, STAT_COUNT), TINE_EINVAL},
    {GOOD(system_stat, W_SYSTEM, ~0ul), TINE_EINVAL},
};

/* The world. */

static void
slots_start(void)
{
	world.slots[S_PARTIAL] = world.slots[W_MEMORY];
	world.slots[S_PARTIAL].pages = 1;
	ASSERT_CALL(cap_copy, W_CSPACE, S_SEND, W_ENDPOINT, RIGHT_SEND, 0);
	ASSERT_CALL(
	    cap_copy, W_CSPACE, S_RECEIVE, W_ENDPOINT, RIGHT_RECEIVE, 0);
	ASSERT_CALL(
	    cap_copy, W_CSPACE, S_NOTIFY, W_NOTIFICATION, RIGHT_NOTIFY, 0);
	ASSERT_CALL(cap_copy, W_CSPACE, S_WAIT, W_NOTIFICATION, RIGHT_WAIT, 0);
	ASSERT_CALL(cap_copy, W_CSPACE, S_POWER, W_SYSTEM, RIGHT_POWER, 0);
	ASSERT_CALL(cap_copy, W_CSPACE, S_STAT, W_SYSTEM, RIGHT_STAT, 0);
	ASSERT_CALL(cap_copy, W_CSPACE, S_DEBUG, W_SYSTEM, RIGHT_DEBUG, 0);
}

/* An object that is gone, and a capability to it. */
static objname_t
stale(enum frame_kind kind, uint64_t slot, uint64_t rights)
{
	objname_t name = world_new(kind, 0, 0);

	world_name(slot, name, rights, 0);
	ASSERT_CALL(destroy, W_MEMORY, name);
	return name;
}

static objname_t
name_of(const void *object)
{
	return frame_name(frame_of(dmap_address(object)));
}

static void
spaces_start(void)
{
	values[V_SPACE] = world_space(8);
	values[V_SPACE2] = world_space(8);
	ASSERT_CALL(
	    space_map, W_MEMORY, values[V_SPACE], VA, 0, RW | MAP_PAGE_ZERO, 0);
	values[V_MAPPED] =
	    pte_frame(world_entry(world_space_at(values[V_SPACE]), VA));
	values[V_TABLE] = pte_frame(world_space_at(values[V_SPACE])->user[0]);
	values[V_THREAD] = world_new(KIND_THREAD, values[V_SPACE], 3);
	values[V_NEW] = world_new(KIND_THREAD, values[V_SPACE], 4);
	values[V_STALE_THREAD] = world_new(KIND_THREAD, values[V_SPACE], 4);
	ASSERT_CALL(destroy, W_MEMORY, values[V_STALE_THREAD]);
	values[V_STALE_SPACE] = world_space(0);
	ASSERT_CALL(destroy, W_MEMORY, values[V_STALE_SPACE]);
}

/* Callers whose tokens root has, had, and never had. */
static void
tokens_start(void)
{
	struct thread *client = world_thread(5, 10);
	struct thread *gone = world_thread(6, 10);
	struct thread *other = world_thread(7, 10);
	struct thread *fault = world_thread(8, 10);
	objname_t bound = world_new(KIND_NOTIFICATION, 0, 0);

	ASSERT_CALL(space_map, W_MEMORY, name_of(client->space), VA, 0,
	    RW | MAP_PAGE_ZERO, 0);
	world_name(S_BUSY_NOTIFICATION, bound, RIGHT_WAIT, 0);
	ASSERT_CALL(thread_configure, W_MEMORY, other->name,
	    THREAD_NOTIFICATION, S_BUSY_NOTIFICATION);
	(void)IPC_BY(gone, call, .slot = W_ENDPOINT);
	(void)IPC_BY(other, recv, .slot = W_ENDPOINT);
	values[V_FOREIGN_TOKEN] = gone->token;
	(void)IPC_BY(other, call, .slot = W_ENDPOINT);
	(void)IPC_BY(world.root, recv, .slot = W_ENDPOINT);
	values[V_STALE_TOKEN] = other->token;
	(void)IPC_BY(world.root, reply, .t1 = other->token);
	(void)IPC_BY(other, recv, .slot = W_ENDPOINT2);
	(void)IPC_BY(client, call, .slot = W_ENDPOINT, .info = MSG_WINDOW_MASK,
	    .t1 = VA, .t2 = 64);
	(void)IPC_BY(world.root, recv, .slot = W_ENDPOINT);
	values[V_TOKEN] = client->token;
	values[V_CLIENT] = client->name;
	ASSERT_CALL(thread_stop, W_STEWARD, other->name);
	(void)world_fault(fault, 0x5000, ACCESS_READ);
	(void)IPC_BY(world.root, recv, .slot = W_ENDPOINT2);
	values[V_FAULT_TOKEN] = fault->token;
}

static void
start(void)
{
	(void)world_start(NULL);
	slots_start();
	values[V_STALE_ENDPOINT] =
	    stale(KIND_ENDPOINT, S_STALE_ENDPOINT, RIGHT_SEND);
	(void)stale(
	    KIND_NOTIFICATION, S_STALE_NOTIFICATION, RIGHT_NOTIFY | RIGHT_WAIT);
	(void)stale(KIND_CSPACE, S_STALE_CSPACE, RIGHT_EDIT);
	values[V_ENDPOINT] = world_new(KIND_ENDPOINT, 0, 0);
	values[V_ROOT] = world.root->name;
	values[V_CSPACE] = world.cspace_name;
	spaces_start();
	values[V_USER] = world_frame(9);
	tokens_start();
	world_run(world.root);
	world_check();
}

/* Everything that a call could change. */
static struct {
	uint8_t ram[FAKE_FRAMES * PAGE_SIZE];
	struct frame table[FAKE_FRAMES];
	struct frame_state frames;
	struct hart hart;
	struct fake_power power;
} before;

static void
snapshot_take(void)
{
	memcpy(before.ram, fake_ram(), sizeof(before.ram));
	memcpy(before.table, frames.table, sizeof(before.table));
	before.frames = frames;
	before.hart = harts[0];
	before.power = fake_power;
}

/* Whether all is as before, but for root's registers, which are put back. */
static bool
snapshot_same(void)
{
	uint64_t offset = thread_frame(world.root) << PAGE_SHIFT;

	memcpy(world.root->regs, before.ram + offset, sizeof(world.root->regs));
	return memcmp(before.ram, fake_ram(), sizeof(before.ram)) == 0 &&
	       memcmp(before.table, frames.table, sizeof(before.table)) == 0 &&
	       memcmp(&before.frames, &frames, sizeof(frames)) == 0 &&
	       memcmp(&before.hart, &harts[0],
		   offsetof(struct hart, fast_calls)) == 0 &&
	       memcmp(&before.power, &fake_power, sizeof(fake_power)) == 0;
}

static int
call(uint64_t number, const uint64_t *args)
{
	uint64_t resolved[7];

	for (unsigned int i = 0; i < 7; i++)
		resolved[i] = resolve(args[i]);
	return world_call(world.root, number, resolved);
}

static void
expect(const char *name, uint64_t number, const uint64_t *args, int error)
{
	int got = call(number, args);

	if (got != error)
		fail_msg("%s(%lx, %lx, %lx, %lx, %lx, %lx): %d, not %d", name,
		    args[0], args[1], args[2], args[3], args[4], args[5], got,
		    error);
	if (!snapshot_same())
		fail_msg("%s(%lx, %lx, %lx, %lx, %lx, %lx) changed something",
		    name, args[0], args[1], args[2], args[3], args[4], args[5]);
}

#define GOODS (sizeof(goods) / sizeof(goods[0]))

static void
every_call_works_with_good_arguments(void **state)
{
	(void)state;
	for (size_t i = 0; i < GOODS; i++) {
		int got;

		start();
		got = call(goods[i].number, goods[i].args);
		if (got != goods[i].result)
			fail_msg("%s: %d", goods[i].name, got);
		(void)sched_leave(NULL);
		world_check();
		(void)world_end(NULL);
	}
}

static void
every_bad_argument_is_refused_and_changes_nothing(void **state)
{
	(void)state;
	start();
	snapshot_take();
	for (size_t i = 0; i < GOODS; i++) {
		for (unsigned int a = 0; a < 7; a++) {
			const struct bad *bad = bads[goods[i].kinds[a]];

			for (; bad->error != 0; bad++) {
				uint64_t args[7];

				memcpy(args, goods[i].args, sizeof(args));
				args[a] = bad->value;
				expect(goods[i].name, goods[i].number, args,
				    bad->error);
			}
		}
	}
	(void)world_end(NULL);
}

static void
all_else_that_is_wrong_is_refused_and_changes_nothing(void **state)
{
	(void)state;
	start();
	snapshot_take();
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		expect(others[i].name, others[i].number, others[i].args,
		    others[i].error);
	(void)world_end(NULL);
}

/* All numbers, also those of 32 bits more. */
static void
a_number_that_is_no_call_is_refused_and_changes_nothing(void **state)
{
	static const uint64_t none[7];

	(void)state;
	start();
	snapshot_take();
	for (uint64_t number = 0; number < 4 * SYS_COUNT; number++) {
		switch (number) {
#define IPC(number, name) case SYS_##name:
#define SYSCALL(number, name, ...) case SYS_##name:
#define GONE(number, name)
#include <abi/syscalls.def>
#undef IPC
#undef SYSCALL
#undef GONE
			expect("call + 2^32", 1ul << 32 | number, none,
			    TINE_ENOSYS);
			break;
		default:
			expect("no call", number, none, TINE_ENOSYS);
			break;
		}
	}
	expect("no call", ~0ul, none, TINE_ENOSYS);
	expect("no call", 1ul << 63, none, TINE_ENOSYS);
	(void)world_end(NULL);
}

static bool
is_tested(uint64_t number)
{
	for (size_t i = 0; i < GOODS; i++) {
		if (goods[i].number == number)
			return true;
	}
	return false;
}

static void
no_call_is_left_out_here(void **state)
{
	(void)state;
#define IPC(number, name)
#define SYSCALL(number, name, ...) assert_true(is_tested(SYS_##name));
#define GONE(number, name)
#include <abi/syscalls.def>
#undef IPC
#undef SYSCALL
#undef GONE
}

/* A program has no authority at all, whatever slots it names. */
static void
a_thread_without_capabilities_can_do_nothing(void **state)
{
	(void)state;
	start();
	thread_set_cspace(world.root, NULL);
	snapshot_take();
	for (size_t i = 0; i < GOODS; i++) {
		enum kind first = goods[i].kinds[0];

		if (first != K_ANY && first != K_TOKEN)
			expect(goods[i].name, goods[i].number, goods[i].args,
			    TINE_EBADF);
	}
	(void)world_end(NULL);
}

/* Nor can creation fail half way when there is nothing to create from. */
static void
without_free_frames_nothing_is_created(void **state)
{
	static const struct other calls[] = {
	    {GOOD(create, W_MEMORY, KIND_ENDPOINT, 0), 0},
	    {GOOD(create, W_MEMORY, KIND_NOTIFICATION, 0), 0},
	    {GOOD(create, W_MEMORY, KIND_CSPACE, 0), 0},
	    {GOOD(create, W_MEMORY, KIND_THREAD, V(V_SPACE), 1), 0},
	    {GOOD(create, W_MEMORY, KIND_SPACE, 1, 0), 0},
	    {GOOD(frame_alloc, W_MEMORY), 0},
	    {GOOD(space_map, W_MEMORY, V(V_SPACE2), VA, 0, RW | MAP_PAGE_ZERO,
		 0),
		0},
	    {GOOD(space_feed, W_MEMORY, V(V_SPACE2), 1), 0},
	};
	uint64_t taken;

	(void)state;
	start();
	taken = frame_available();
	assert_int_equal(frame_reserve(taken), 0);
	snapshot_take();
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		expect(
		    calls[i].name, calls[i].number, calls[i].args, TINE_ENOMEM);
	frame_unreserve(taken);
	/* A space whose pool would leave no frame for itself. */
	snapshot_take();
	expect("create a space", SYS_create,
	    (const uint64_t[7]){W_MEMORY, KIND_SPACE, 1, taken}, TINE_ENOMEM);
	(void)world_end(NULL);
}

static void
what_the_system_calls_do(void **state)
{
	(void)state;
	start();
	assert_int_equal(
	    CALL(system_power, W_SYSTEM, POWER_OFF, 0xff), TINE_ENOTSUP);
	assert_int_equal(fake_power.status, 0xff);
	assert_int_equal(fake_power.offs, 1);
	assert_int_equal(
	    CALL(system_power, W_SYSTEM, POWER_RESET, 0), TINE_ENOTSUP);
	assert_int_equal(fake_power.resets, 1);
	ASSERT_CALL(system_putc, W_SYSTEM, 'T');
	assert_int_equal(fake_power.console[0], 'T');
	ASSERT_CALL(system_stat, W_SYSTEM, STAT_FREE_FRAMES);
	assert_int_equal(RESULT(1), world_free());
	ASSERT_CALL(system_stat, W_SYSTEM, STAT_FRAMES);
	assert_int_equal(RESULT(1), FAKE_FRAMES - W_RESERVED);
	fake_power.sbi_calls = 12;
	ASSERT_CALL(system_stat, W_SYSTEM, STAT_SBI_CALLS);
	assert_int_equal(RESULT(1), 12);
	hart_self()->fast_calls = 1000;
	hart_self()->counters[STAT_CALLS] = 34;
	ASSERT_CALL(system_stat, W_SYSTEM, STAT_CALLS);
	assert_int_equal(RESULT(1), 1034);
	ASSERT_CALL(system_stat, W_SYSTEM, STAT_SPACES);
	assert_int_equal(RESULT(1), hart_self()->counters[STAT_SPACES]);
	(void)world_end(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_call_works_with_good_arguments),
	    cmocka_unit_test(every_bad_argument_is_refused_and_changes_nothing),
	    cmocka_unit_test(
		all_else_that_is_wrong_is_refused_and_changes_nothing),
	    cmocka_unit_test(
		a_number_that_is_no_call_is_refused_and_changes_nothing),
	    cmocka_unit_test(no_call_is_left_out_here),
	    cmocka_unit_test(a_thread_without_capabilities_can_do_nothing),
	    cmocka_unit_test(without_free_frames_nothing_is_created),
	    cmocka_unit_test(what_the_system_calls_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

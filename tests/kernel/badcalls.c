/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * badcalls.c - each kernel call refuses what makes no sense, with its error.
 *
 * A table of calls, made with complete authority unless the point is that
 * there is none.  No row changes anything: the number of free frames is
 * compared after each.
 */
#include "kt.h"

/* Slots that the rows use. */
enum {
	S_SEND = KT_SLOT, /* an endpoint, SEND */
	S_RECEIVE, /* the same, RECEIVE */
	S_NOTIFY, /* a notification, NOTIFY */
	S_WAIT, /* the same, WAIT */
	S_GONE, /* an endpoint that was destroyed */
	S_GONE_NOTE, /* a notification that was destroyed */
	S_CSPACE, /* an empty capability space */
	S_STEWARD, /* all memory, STEWARD only */
	S_STAT, /* the system, STAT only */
	S_BADGED, /* the endpoint, SEND, with a badge */
	S_EMPTY = 60,
	S_END = CSPACE_SLOTS,
};

/* Arguments that are known only when the rows are run. */
#define VALUE(index) (0x7a11000000000000ul + (index))
#define THREAD VALUE(0) /* stopped, never started */
#define SPACE VALUE(1) /* with an empty pool */
#define GONE VALUE(2) /* the name of a thread that was destroyed */
#define SELF VALUE(3) /* the root task's thread */
#define OWN VALUE(4) /* and space */
#define MADE_UP VALUE(5) /* the thread's frame, another generation */
#define OUTSIDE VALUE(6) /* a frame beyond all RAM */
#define THREAD_FRAME VALUE(7)
#define MEMORY VALUE(8) /* some own, readable and writable memory */
#define MEMORY_ODD VALUE(12) /* memory, but no word's */
#define TEXT VALUE(9) /* some that can't be written */
#define ENDPOINT VALUE(10) /* its name */
#define FRAME VALUE(11) /* a user frame, held */
#define PLACEHOLDERS 13

#define KERNEL KT_KERNEL_ADDRESS
#define NOWHERE KT_NOWHERE
#define LAST (~0ul)
#define LAST_PAGE (~0ul << PAGE_SHIFT)
#define ALL_PAGES (USER_TOP >> PAGE_SHIFT)
#define MEM ROOT_MEMORY
#define RW (MAP_PAGE_READ | MAP_PAGE_WRITE)

struct row {
	const char *claim;
	uint64_t number;
	uint64_t expected;
	uint64_t args[7];
};

#define ROW(call, error, claim, ...) \
	{ \
#call ": " claim, SYS_##call, TINE_##error, \
		{ \
			__VA_ARGS__ \
		} \
	}

static uint64_t values[PLACEHOLDERS];
static uint64_t memory[80];

static const struct row ipc_rows[] = {
    ROW(call, EBADF, "empty slot", S_EMPTY),
    ROW(call, EBADF, "slot past the end", S_END),
    ROW(call, EBADF, "absurd slot", LAST),
    ROW(call, EBADF, "receive only", S_RECEIVE),
    ROW(call, EBADF, "not an endpoint", S_NOTIFY),
    ROW(call, EBADF, "memory is no endpoint", MEM),
    ROW(call, ESTALE, "destroyed endpoint", S_GONE),
    ROW(recv, EBADF, "empty slot", S_EMPTY),
    ROW(recv, EBADF, "send only", S_SEND),
    ROW(recv, EBADF, "not an endpoint", S_WAIT),
    ROW(recv, ESTALE, "destroyed endpoint", S_GONE, RECV_POLL),
    ROW(recv, EAGAIN, "nobody sends", S_RECEIVE, RECV_POLL),
    ROW(recv, EINVAL, "unknown flags", S_RECEIVE, 2),
    ROW(recv, EINVAL, "absurd flags", S_RECEIVE, LAST),
    ROW(reply_recv, EBADF, "empty slot", S_EMPTY),
    ROW(reply_recv, EBADF, "send only", S_SEND),
    ROW(reply_recv, ESTALE, "destroyed endpoint", S_GONE),
    ROW(send, EBADF, "empty slot", S_EMPTY),
    ROW(send, EBADF, "receive only", S_RECEIVE),
    ROW(send, EAGAIN, "nobody receives", S_SEND),
    ROW(send, ESTALE, "destroyed endpoint", S_GONE),
    ROW(forward, EBADF, "empty slot", S_EMPTY),
    ROW(forward, EBADF, "receive only", S_RECEIVE),
    ROW(forward, ESTALE, "no token", S_SEND),
    ROW(fault_map, ESTALE, "no token", MEM, 0, 0, 0),
    ROW(fault_map, ESTALE, "no token, no authority", S_EMPTY),
    ROW(notify, EBADF, "empty slot", S_EMPTY, 1),
    ROW(notify, EBADF, "slot past the end", S_END, 1),
    ROW(notify, EBADF, "absurd slot", LAST, 1),
    ROW(notify, EBADF, "no right to notify", S_WAIT, 1),
    ROW(notify, EBADF, "not a notification", S_SEND, 1),
    ROW(notify, ESTALE, "destroyed notification", S_GONE_NOTE, 1),
    ROW(copy, EFAULT, "to the kernel", 0, KERNEL, 0, MEMORY, 8),
    ROW(copy, EFAULT, "from the kernel", 0, MEMORY, 0, KERNEL, 8),
    ROW(copy, EFAULT, "to the top of all", 0, LAST, 0, MEMORY, 8),
    ROW(copy, EFAULT, "across the user's top", 0, MEMORY, 0, USER_TOP - 4, 8),
    ROW(copy, EFAULT, "absurd length", 0, MEMORY, 0, MEMORY, LAST),
    ROW(copy, EFAULT, "the whole of user space", 0, 8, 0, 0, USER_TOP),
    ROW(copy, EFAULT, "to text", 0, TEXT, 0, MEMORY, 8),
    ROW(copy, EFAULT, "to nowhere", 0, NOWHERE, 0, MEMORY, 8),
    ROW(copy, EFAULT, "from nowhere", 0, MEMORY, 0, NOWHERE, 8),
    ROW(copy, ESTALE, "made-up token", MADE_UP, 0, 0, MEMORY, 8),
    ROW(copy, ESTALE, "made-up source token", 0, MEMORY, LAST, 0, 8),
    ROW(copy, ESTALE, "a name is no token", THREAD, 0, 0, MEMORY, 8),
    ROW(reply_regs, ESTALE, "made-up token", MADE_UP, MEMORY),
    ROW(reply_regs, ESTALE, "no token", 0, MEMORY),
    ROW(reply_regs, ESTALE, "a name is no token", THREAD, MEMORY),
    ROW(reply_regs, EFAULT, "registers in the kernel", 0, KERNEL),
    ROW(reply_regs, EFAULT, "registers nowhere", 0, NOWHERE),
    ROW(reply_regs, EFAULT, "registers that wrap", 0, LAST - 7),
    ROW(reply_signal, ESTALE, "made-up token", MADE_UP, MEMORY),
    ROW(reply_signal, ESTALE, "no token", 0, MEMORY),
    ROW(reply_signal, ESTALE, "a name is no token", THREAD, MEMORY),
};

static const struct row thread_rows[] = {
    ROW(thread_configure, EBADF, "empty slot", S_EMPTY, THREAD, 1, 1),
    ROW(thread_configure, EBADF, "absurd slot", LAST, THREAD, 1, 1),
    ROW(thread_configure, EBADF, "no authority", S_SEND, THREAD, 1, 1),
    ROW(thread_configure, EBADF, "a steward", S_STEWARD, THREAD, 1, 1),
    ROW(thread_configure, ESTALE, "name 0", MEM, 0, 1, 1),
    ROW(thread_configure, ESTALE, "destroyed thread", MEM, GONE, 1, 1),
    ROW(thread_configure, ESTALE, "made-up name", MEM, MADE_UP, 1, 1),
    ROW(thread_configure, ESTALE, "a space", MEM, SPACE, 1, 1),
    ROW(thread_configure, EINVAL, "outside of RAM", MEM, OUTSIDE, 1, 1),
    ROW(thread_configure, EINVAL, "absurd name", MEM, LAST, 1, 1),
    ROW(thread_configure, EINVAL, "field 0", MEM, THREAD, 0, 1),
    ROW(thread_configure, EINVAL, "unknown field", MEM, THREAD, 9, 1),
    ROW(thread_configure, EINVAL, "priority 64", MEM, THREAD, THREAD_PRIORITY,
	PRIORITIES),
    ROW(thread_configure, EINVAL, "absurd priority", MEM, THREAD,
	THREAD_PRIORITY, LAST),
    ROW(thread_configure, EBADF, "no capability space", MEM, THREAD,
	THREAD_CSPACE, S_SEND),
    ROW(thread_configure, EBADF, "no fault endpoint", MEM, THREAD,
	THREAD_FAULT_ENDPOINT, S_EMPTY),
    ROW(thread_configure, EBADF, "receive-only fault endpoint", MEM, THREAD,
	THREAD_FAULT_ENDPOINT, S_RECEIVE),
    ROW(thread_configure, ESTALE, "destroyed fault endpoint", MEM, THREAD,
	THREAD_FAULT_ENDPOINT, S_GONE),
    ROW(thread_configure, EBADF, "no exception endpoint", MEM, THREAD,
	THREAD_EXCEPTION_ENDPOINT, S_END),
    ROW(thread_configure, ESTALE, "no space", MEM, THREAD, THREAD_SPACE,
	THREAD),
    ROW(thread_configure, EINVAL, "FPU 2", MEM, THREAD, THREAD_FPU, 2),
    ROW(thread_configure, EBADF, "notify-only notification", MEM, THREAD,
	THREAD_NOTIFICATION, S_NOTIFY),
    ROW(thread_configure, EBUSY, "own space while running", MEM, SELF,
	THREAD_SPACE, OWN),
    ROW(thread_clone, EBADF, "no authority", S_EMPTY, 0, THREAD),
    ROW(thread_clone, ESTALE, "no token", MEM, 0, THREAD),
    ROW(thread_clone, ESTALE, "made-up token", MEM, MADE_UP, THREAD),
    ROW(thread_clone, ESTALE, "into a destroyed thread", MEM, 0, GONE),
    ROW(thread_clone, ESTALE, "into a space", MEM, 0, SPACE),
    ROW(thread_read, EBADF, "no authority", S_SEND, THREAD, MEMORY),
    ROW(thread_read, ESTALE, "destroyed thread", MEM, GONE, MEMORY),
    ROW(thread_read, EFAULT, "into the kernel", MEM, THREAD, KERNEL),
    ROW(thread_read, EFAULT, "into text", MEM, THREAD, TEXT),
    ROW(thread_read, EFAULT, "nowhere", MEM, THREAD, NOWHERE),
    ROW(thread_read, EINVAL, "unaligned", MEM, THREAD, MEMORY_ODD),
    ROW(thread_read, EFAULT, "wrapping", MEM, THREAD, LAST - 7),
    ROW(thread_read, EBUSY, "itself", MEM, SELF, MEMORY),
    ROW(thread_write, EBADF, "no authority", S_SEND, THREAD, MEMORY),
    ROW(thread_write, ESTALE, "destroyed thread", MEM, GONE, MEMORY),
    ROW(thread_write, EFAULT, "from the kernel", MEM, THREAD, KERNEL),
    ROW(thread_write, EFAULT, "from nowhere", MEM, THREAD, NOWHERE),
    ROW(thread_write, EBUSY, "itself", MEM, SELF, MEMORY),
    ROW(thread_start, EBADF, "no authority", S_EMPTY, THREAD),
    ROW(thread_start, ESTALE, "destroyed thread", MEM, GONE),
    ROW(thread_start, EBUSY, "a running thread", MEM, SELF),
    ROW(thread_stop, EBADF, "no authority", S_EMPTY, THREAD),
    ROW(thread_stop, ESTALE, "destroyed thread", MEM, GONE),
    ROW(thread_stop, ESTALE, "a space", MEM, SPACE),
    ROW(thread_interrupt, EBADF, "no authority", S_EMPTY, THREAD),
    ROW(thread_interrupt, ESTALE, "destroyed thread", MEM, GONE),
    ROW(thread_interrupt, ESTALE, "a space", MEM, SPACE),
    ROW(thread_interrupt, EINVAL, "itself", MEM, SELF),
    ROW(thread_times, EBADF, "no authority", S_SEND, THREAD),
    ROW(thread_times, ESTALE, "destroyed thread", MEM, GONE),
    ROW(thread_times, EINVAL, "absurd name", MEM, LAST),
    ROW(thread_orphans, EBADF, "a steward", S_STEWARD, THREAD, 5, 0),
    ROW(thread_orphans, EINVAL, "no error", MEM, THREAD, 0, 0),
    ROW(thread_orphans, EINVAL, "absurd error", MEM, THREAD, LAST, 0),
    ROW(thread_orphans, EINVAL, "absurd frame", MEM, THREAD, 5, LAST),
};

static const struct row space_rows[] = {
    ROW(space_feed, EBADF, "a steward", S_STEWARD, SPACE, 1),
    ROW(space_feed, ESTALE, "a thread", MEM, THREAD, 1),
    ROW(space_feed, EINVAL, "take from an empty pool", MEM, SPACE, LAST),
    ROW(space_feed, EINVAL, "absurd amount to take", MEM, SPACE, 1ul << 63),
    ROW(space_feed, ENOMEM, "absurd amount to give", MEM, SPACE, LAST >> 1),
    ROW(space_map, EBADF, "a steward", S_STEWARD, SPACE, 0, 0, RW),
    ROW(space_map, ESTALE, "a thread", MEM, THREAD, 0, FRAME, RW),
    ROW(space_map, EINVAL, "kernel address", MEM, OWN, KERNEL, FRAME, RW),
    ROW(space_map, EINVAL, "the user's top", MEM, OWN, USER_TOP, FRAME, RW),
    ROW(space_map, EINVAL, "last page of all", MEM, OWN, LAST_PAGE, FRAME, RW),
    ROW(space_map, EINVAL, "unaligned", MEM, OWN, KT_AREA + 8, FRAME, RW),
    ROW(space_map, EINVAL, "outside of RAM", MEM, OWN, KT_AREA, OUTSIDE, RW),
    ROW(space_map, EINVAL, "absurd frame", MEM, OWN, KT_AREA, LAST, RW),
    ROW(space_map, EINVAL, "a thread's frame", MEM, OWN, KT_AREA, THREAD_FRAME,
	RW),
    ROW(space_map, EINVAL, "copy of a thread's frame", MEM, OWN, KT_AREA,
	THREAD_FRAME, RW | MAP_PAGE_COPY),
    ROW(space_map, EINVAL, "the firmware's frame", MEM, OWN, KT_AREA, 0, RW),
    ROW(space_map, EINVAL, "writable code", MEM, OWN, KT_AREA, FRAME,
	MAP_PAGE_PROT),
    ROW(space_map, EINVAL, "write without read", MEM, OWN, KT_AREA, FRAME,
	MAP_PAGE_WRITE),
    ROW(space_map, EINVAL, "private and shared", MEM, OWN, KT_AREA, FRAME,
	RW | MAP_PAGE_COW | MAP_PAGE_SHARED),
    ROW(space_map, EINVAL, "zeros and a copy", MEM, OWN, KT_AREA, FRAME,
	RW | MAP_PAGE_ZERO | MAP_PAGE_COPY),
    ROW(space_map, EINVAL, "unknown flags", MEM, OWN, KT_AREA, FRAME,
	RW | 1ul << 8),
    ROW(space_map, EINVAL, "more bytes than a page", MEM, OWN, KT_AREA, FRAME,
	RW | MAP_PAGE_COPY | MAP_PAGE_BYTES(PAGE_SIZE + 1)),
    ROW(space_map, ECHANGED, "another entry", MEM, OWN, ROOT_BASE, FRAME, RW,
	0),
    ROW(space_map, ENOTABLE, "empty pool", MEM, SPACE, KT_AREA, FRAME, RW),
    ROW(space_map, EBADF, "device without capability", MEM, OWN, KT_AREA, 0,
	RW | MAP_PAGE_DEVICE | MAP_PAGE_DEVICE_SLOT(S_EMPTY)),
    ROW(space_map, EBADF, "memory is no device", MEM, OWN, KT_AREA, 0,
	RW | MAP_PAGE_DEVICE | MAP_PAGE_DEVICE_SLOT(MEM)),
    ROW(space_map, EINVAL, "RAM as a device", MEM, OWN, KT_AREA, 0x80200,
	RW | MAP_PAGE_DEVICE | MAP_PAGE_DEVICE_SLOT(ROOT_DEVICES)),
    ROW(space_map, EINVAL, "absurd device page", MEM, OWN, KT_AREA, LAST,
	RW | MAP_PAGE_DEVICE | MAP_PAGE_DEVICE_SLOT(ROOT_DEVICES)),
    ROW(space_unmap, EBADF, "no authority", S_EMPTY, SPACE, 0, 1),
    ROW(space_unmap, ESTALE, "destroyed", MEM, GONE, 0, 1),
    ROW(space_unmap, EINVAL, "unaligned", MEM, SPACE, 1, 1),
    ROW(space_unmap, EINVAL, "kernel address", MEM, SPACE, KERNEL, 1),
    ROW(space_unmap, EINVAL, "beyond the top", MEM, SPACE, PAGE_SIZE,
	ALL_PAGES),
    ROW(space_unmap, EINVAL, "absurd length", MEM, SPACE, 0, LAST),
    ROW(space_unmap, EINVAL, "wrapping", MEM, SPACE, PAGE_SIZE,
	LAST >> PAGE_SHIFT),
    ROW(space_protect, EBADF, "no authority", S_EMPTY, SPACE, 0, 1, RW),
    ROW(space_protect, ESTALE, "destroyed", MEM, GONE, 0, 1, RW),
    ROW(space_protect, EINVAL, "unaligned", MEM, SPACE, 1, 1, RW),
    ROW(space_protect, EINVAL, "kernel address", MEM, SPACE, KERNEL, 1, RW),
    ROW(space_protect, EINVAL, "absurd length", MEM, SPACE, 0, LAST, RW),
    ROW(space_protect, EINVAL, "writable code", MEM, SPACE, 0, 1,
	MAP_PAGE_PROT),
    ROW(space_protect, EINVAL, "not a protection", MEM, SPACE, 0, 1,
	RW | MAP_PAGE_ZERO),
    ROW(space_copy, EBADF, "no authority", S_EMPTY, OWN, MEMORY, MEMORY, 8),
    ROW(space_copy, ESTALE, "destroyed", MEM, GONE, MEMORY, MEMORY, 8),
    ROW(space_copy, EFAULT, "kernel address", MEM, OWN, KERNEL, MEMORY, 8),
    ROW(space_copy, EFAULT, "own kernel address", MEM, OWN, MEMORY, KERNEL, 8),
    ROW(space_copy, EFAULT, "absurd length", MEM, OWN, MEMORY, MEMORY, LAST),
    ROW(space_copy, EFAULT, "nothing there", MEM, SPACE, 0, MEMORY, 8, 1),
    ROW(space_copy, EFAULT, "to text", MEM, OWN, TEXT, MEMORY, 8, 1),
    ROW(space_copy, EINVAL, "direction 2", MEM, OWN, MEMORY, MEMORY, 8, 2),
    ROW(space_query, EBADF, "no authority", S_EMPTY, SPACE, 0),
    ROW(space_query, ESTALE, "destroyed", MEM, GONE, 0),
    ROW(space_query, EINVAL, "the user's top", MEM, SPACE, USER_TOP),
    ROW(space_query, EINVAL, "absurd address", MEM, SPACE, LAST),
};

static const struct row clone_rows[] = {
    ROW(space_clone, EBADF, "a steward", S_STEWARD, SPACE, OWN, 0),
    ROW(space_clone, ESTALE, "to a destroyed one", MEM, GONE, OWN, 0),
    ROW(space_clone, ESTALE, "from a destroyed one", MEM, SPACE, GONE, 0),
    ROW(space_clone, ESTALE, "from a thread", MEM, SPACE, THREAD, 0),
    ROW(space_clone, EINVAL, "to itself", MEM, OWN, OWN, 0),
    ROW(space_clone, EINVAL, "unaligned", MEM, SPACE, OWN, 8),
    ROW(space_clone, EINVAL, "kernel address", MEM, SPACE, OWN, KERNEL),
    ROW(space_clone, ENOTABLE, "empty pool", MEM, SPACE, OWN, 0),
};

static const struct row object_rows[] = {
    ROW(create, EBADF, "empty slot", S_EMPTY, KIND_ENDPOINT),
    ROW(create, EBADF, "a steward", S_STEWARD, KIND_ENDPOINT),
    ROW(create, EBADF, "device memory", ROOT_DEVICES, KIND_ENDPOINT),
    ROW(create, EINVAL, "a user page", MEM, FRAME_USER),
    ROW(create, EINVAL, "a table", MEM, FRAME_TABLE),
    ROW(create, EINVAL, "memory", MEM, KIND_MEMORY),
    ROW(create, EINVAL, "the system", MEM, KIND_SYSTEM),
    ROW(create, EINVAL, "absurd kind", MEM, LAST),
    ROW(create, ESTALE, "thread in a destroyed space", MEM, KIND_THREAD, GONE),
    ROW(create, ESTALE, "thread in a thread", MEM, KIND_THREAD, THREAD),
    ROW(create, EINVAL, "thread outside of RAM", MEM, KIND_THREAD, OUTSIDE),
    ROW(create, EINVAL, "tag of 64 bits", MEM, KIND_SPACE, 1ul << 63, 1),
    ROW(create, ENOMEM, "absurd pool", MEM, KIND_SPACE, 0, LAST),
    ROW(create, EINVAL, "unknown endpoint mode", MEM, KIND_ENDPOINT, 2),
    ROW(destroy, EBADF, "a steward", S_STEWARD, THREAD),
    ROW(destroy, ESTALE, "destroyed already", MEM, GONE),
    ROW(destroy, ESTALE, "made-up name", MEM, MADE_UP),
    ROW(destroy, ESTALE, "name 0", MEM, 0),
    ROW(destroy, ESTALE, "a user frame", MEM, FRAME),
    ROW(destroy, EINVAL, "outside of RAM", MEM, OUTSIDE),
    ROW(destroy, EINVAL, "absurd name", MEM, LAST),
    ROW(destroy, EBUSY, "the running thread", MEM, SELF),
    ROW(destroy, EBUSY, "a space with threads", MEM, OWN),
    ROW(frame_alloc, EBADF, "no authority", S_EMPTY),
    ROW(frame_alloc, EBADF, "a steward", S_STEWARD),
    ROW(frame_free, EBADF, "no authority", S_EMPTY, FRAME),
    ROW(frame_free, EINVAL, "a thread's frame", MEM, THREAD_FRAME),
    ROW(frame_free, EINVAL, "a reserved frame", MEM, 0),
    ROW(frame_free, EINVAL, "outside of RAM", MEM, OUTSIDE),
    ROW(frame_free, EINVAL, "absurd frame", MEM, LAST),
    ROW(timer_set, EBADF, "empty slot", S_EMPTY, 0, 1),
    ROW(timer_set, EBADF, "no right to wait", S_NOTIFY, 0, 1),
    ROW(timer_set, EBADF, "not a notification", S_RECEIVE, 0, 1),
    ROW(timer_set, ESTALE, "destroyed", S_GONE_NOTE, 0, 1),
    ROW(system_power, EBADF, "no right to", S_STAT, POWER_OFF, 0),
    ROW(system_power, EBADF, "not the system", MEM, POWER_OFF, 0),
    ROW(system_power, EINVAL, "unknown way", ROOT_SYSTEM, 2, 0),
    ROW(system_power, EINVAL, "absurd status", ROOT_SYSTEM, POWER_OFF, 256),
    ROW(system_stat, EBADF, "not the system", MEM, 0),
    ROW(system_stat, EINVAL, "no such counter", ROOT_SYSTEM, STAT_COUNT),
    ROW(system_stat, EINVAL, "absurd counter", ROOT_SYSTEM, LAST),
    ROW(system_putc, EBADF, "no right to", S_STAT, 'x'),
    ROW(system_putc, EBADF, "empty slot", S_EMPTY, 'x'),
};

static const struct row cap_rows[] = {
    ROW(cap_copy, EBADF, "into no capability space", S_SEND, 0, S_SEND, 1),
    ROW(cap_copy, EINVAL, "slot past the end", S_CSPACE, S_END, S_SEND, 1),
    ROW(cap_copy, EINVAL, "absurd slot", S_CSPACE, LAST, S_SEND, 1),
    ROW(cap_copy, EBADF, "of an empty slot", S_CSPACE, 0, S_EMPTY, 1),
    ROW(cap_copy, EBADF, "of an absurd slot", S_CSPACE, 0, LAST, 1),
    ROW(cap_copy, ESTALE, "of a destroyed object", S_CSPACE, 0, S_GONE,
	RIGHT_ALL),
    ROW(cap_copy, EINVAL, "without rights", S_CSPACE, 0, S_SEND, 0),
    ROW(cap_copy, EINVAL, "rights it hasn't", S_CSPACE, 0, S_SEND,
	RIGHT_RECEIVE),
    ROW(cap_copy, EINVAL, "a badge for memory", S_CSPACE, 0, MEM, RIGHT_ALL, 1),
    ROW(cap_copy, EINVAL, "a badge for the system", S_CSPACE, 0, ROOT_SYSTEM,
	RIGHT_ALL, 1),
    ROW(cap_copy, EPERM, "another badge", S_CSPACE, 0, S_BADGED, RIGHT_SEND, 6),
    ROW(cap_delete, EBADF, "from no capability space", S_SEND, 0),
    ROW(cap_delete, EINVAL, "slot past the end", S_CSPACE, S_END),
    ROW(cap_delete, EINVAL, "absurd slot", S_CSPACE, LAST),
    ROW(cap_name, EBADF, "a steward", S_CSPACE, 0, ENDPOINT, 1, 0, S_STEWARD),
    ROW(cap_name, EBADF, "into no capability space", S_SEND, 0, ENDPOINT,
	RIGHT_SEND, 0, MEM),
    ROW(cap_name, EINVAL, "slot past the end", S_CSPACE, S_END, ENDPOINT,
	RIGHT_SEND, 0, MEM),
    ROW(cap_name, ESTALE, "destroyed object", S_CSPACE, 0, GONE, 1, 0, MEM),
    ROW(cap_name, EINVAL, "rights of another kind", S_CSPACE, 0, ENDPOINT,
	RIGHT_OWNER, 0, MEM),
    ROW(cap_name, EINVAL, "some of another kind", S_CSPACE, 0, ENDPOINT,
	RIGHT_ALL, 0, MEM),
    ROW(cap_name, EINVAL, "no rights", S_CSPACE, 0, ENDPOINT, 0, 0, MEM),
    ROW(cap_name, EINVAL, "a thread", S_CSPACE, 0, THREAD, RIGHT_ALL, 0, MEM),
    ROW(cap_name, ESTALE, "a user frame", S_CSPACE, 0, FRAME, 1, 0, MEM),
};

#undef ROW
/* Numbers that are no call's; enum syscall_number has the others. */
#define ROW(number, claim) \
	{ \
		claim, number, TINE_ENOSYS, \
		{ \
			0 \
		} \
	}
static const struct row unknown_rows[] = {
    ROW(0, "call 0 is unknown"),
    ROW(13, "call 13 is unknown"),
    ROW(14, "call 14 is unknown"),
    ROW(15, "call 15 is unknown"),
    ROW(63, "call 63 is unknown"),
    ROW(83, "call 83 is unknown"),
    ROW(SYS_COUNT, "the call after the last is unknown"),
    ROW(1ul << 32 | SYS_yield, "upper bits of a number count"),
    ROW(1ul << 63, "the most negative call is unknown"),
    ROW(LAST, "call -1 is unknown"),
};

static uint64_t
argument(uint64_t arg)
{
	uint64_t index = arg - VALUE(0);

	return index < PLACEHOLDERS ? values[index] : arg;
}

static void
run_rows(const struct row *rows, size_t n)
{
	uint64_t frames = kt_stat(STAT_FREE_FRAMES);

	for (size_t i = 0; i < n; i++) {
		struct kt_call call = {};

		for (size_t j = 0; j < KT_LENGTH(rows[i].args); j++)
			call.a[j] = argument(rows[i].args[j]);
		call.a[7] = rows[i].number;
		kt_ecall(&call);
		kt_equal(call.a[0], rows[i].expected, rows[i].claim);
		if (kt_stat(STAT_FREE_FRAMES) != frames)
			kt_ok(false, "and changes nothing");
	}
}
#define RUN(rows) run_rows(rows, KT_LENGTH(rows))

/* Copy one of the root task's capabilities with fewer rights. */
static void
narrow(uint64_t slot, uint64_t from, uint64_t rights, uint64_t badge)
{
	kt_must(
	    sys_cap_copy(ROOT_CSPACE, slot, from, rights, badge), "cap_copy");
}

static void
make_objects(objname_t *cspace, objname_t *note)
{
	objname_t gone;

	values[10] = kt_endpoint(S_EMPTY, ENDPOINT_THREAD);
	narrow(S_SEND, S_EMPTY, RIGHT_SEND, 0);
	narrow(S_RECEIVE, S_EMPTY, RIGHT_RECEIVE, 0);
	narrow(S_BADGED, S_EMPTY, RIGHT_SEND, 5);
	*note = kt_notification(S_EMPTY);
	narrow(S_NOTIFY, S_EMPTY, RIGHT_NOTIFY, 0);
	narrow(S_WAIT, S_EMPTY, RIGHT_WAIT, 0);
	kt_destroy(kt_endpoint(S_GONE, ENDPOINT_THREAD));
	kt_destroy(kt_notification(S_GONE_NOTE));
	*cspace = kt_create(KIND_CSPACE, 0, 0);
	kt_must(sys_cap_name(
		    ROOT_MEMORY, ROOT_CSPACE, S_CSPACE, *cspace, RIGHT_EDIT, 0),
	    "cap_name");
	narrow(S_STEWARD, ROOT_MEMORY, RIGHT_STEWARD, 0);
	narrow(S_STAT, ROOT_SYSTEM, RIGHT_STAT, 0);
	kt_must(sys_cap_delete(ROOT_CSPACE, S_EMPTY), "cap_delete");
	values[1] = kt_create(KIND_SPACE, 1, 0);
	gone = kt_create(KIND_THREAD, values[1], 0);
	kt_destroy(gone);
	values[2] = gone;
	values[0] = kt_create(KIND_THREAD, values[1], 0);
}

static void
make_values(void)
{
	values[3] = kt_info->thread;
	values[4] = kt_info->space;
	values[5] = values[0] + 7 * NAME_GENERATION_ONE;
	values[6] = kt_info->frames;
	values[7] = values[0] & NAME_FRAME_MASK;
	values[8] = (uintptr_t)memory;
	values[12] = (uintptr_t)memory + 4;
	values[9] = (uintptr_t)kt_ecall & ~7ul;
	values[11] = sys_frame_alloc(ROOT_MEMORY).value;
}

void
test_bad_calls(void)
{
	objname_t cspace, note;

	make_objects(&cspace, &note);
	make_values();
	RUN(ipc_rows);
	RUN(thread_rows);
	RUN(space_rows);
	RUN(clone_rows);
	RUN(object_rows);
	RUN(cap_rows);
	RUN(unknown_rows);
	kt_must(sys_frame_free(ROOT_MEMORY, values[11]), "frame_free");
	kt_equal(sys_frame_free(ROOT_MEMORY, values[11]).error, TINE_EINVAL,
	    "a frame is freed only once");
	kt_destroy(values[0]);
	kt_destroy(values[1]);
	kt_destroy(values[10]);
	kt_destroy(cspace);
	kt_destroy(note);
	for (uint64_t slot = S_SEND; slot <= S_BADGED; slot++)
		kt_must(sys_cap_delete(ROOT_CSPACE, slot), "cap_delete");
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kt.c - the frame of the tests of the kernel's calls; see kt.h.
 */
#include "kt.h"

#define STACK_BYTES 8192
/* Tables for a space that shares the root task's pages. */
#define SPACE_TABLES 24

const struct boot_info *kt_info;

static uint64_t tests, failures;
static uint8_t stacks[KT_STACKS][STACK_BYTES] __attribute__((aligned(16)));

void
kt_put(const char *text)
{
	while (*text != '\0')
		(void)sys_system_putc(ROOT_SYSTEM, (uint8_t)*text++);
}

static void
put_base(uint64_t number, unsigned int base)
{
	char digits[24];
	unsigned int i = sizeof(digits) - 1;

	digits[i] = '\0';
	do {
		digits[--i] = "0123456789abcdef"[number % base];
		number /= base;
	} while (number != 0);
	kt_put(&digits[i]);
}

void
kt_put_number(uint64_t number)
{
	put_base(number, 10);
}

void
kt_put_hex(uint64_t number)
{
	kt_put("0x");
	put_base(number, 16);
}

void
kt_ok(bool good, const char *claim)
{
	if (!good) {
		failures++;
		kt_put("not ");
	}
	kt_put("ok ");
	kt_put_number(++tests);
	kt_put(" - ");
	kt_put(claim);
	kt_put("\n");
}

void
kt_equal(uint64_t found, uint64_t expected, const char *claim)
{
	kt_ok(found == expected, claim);
	if (found == expected)
		return;
	kt_put("# found ");
	kt_put_hex(found);
	kt_put(", expected ");
	kt_put_hex(expected);
	kt_put("\n");
}

uint64_t
kt_stat(enum stat stat)
{
	return sys_system_stat(ROOT_SYSTEM, stat).value;
}

void
kt_group(const char *name, void (*run)(void))
{
	uint64_t frames = kt_stat(STAT_FREE_FRAMES);
	uint64_t threads = kt_stat(STAT_THREADS);
	uint64_t spaces = kt_stat(STAT_SPACES);

	kt_put("# ");
	kt_put(name);
	kt_put("\n");
	run();
	kt_equal(kt_stat(STAT_FREE_FRAMES), frames, "no_frame_is_lost");
	kt_ok(
	    kt_stat(STAT_THREADS) == threads && kt_stat(STAT_SPACES) == spaces,
	    "no_thread_or_space_is_left");
}

static void
power_off(int status)
{
	(void)sys_system_power(ROOT_SYSTEM, POWER_OFF, (uint64_t)status);
	for (;;)
		continue;
}

void
kt_end(void)
{
	kt_put("1..");
	kt_put_number(tests);
	kt_put("\n");
	power_off(failures == 0 ? 0 : 1);
	__builtin_unreachable();
}

void
kt_must(struct sysret ret, const char *what)
{
	if (ret.error == 0)
		return;
	kt_put("Bail out! ");
	kt_put(what);
	kt_put(": error ");
	kt_put_number(ret.error);
	kt_put("\n");
	power_off(1);
}

/* Where a word of the bootargs begins, or NULL. */
static const char *
word_find(const char *word)
{
	const char *at = kt_info->args;

	while (*at != '\0') {
		const char *w = word;
		const char *start = at;

		while (*w != '\0' && *at == *w)
			at++, w++;
		if (*w == '\0')
			return start;
		while (*at != ' ' && *at != '\0')
			at++;
		while (*at == ' ')
			at++;
	}
	return NULL;
}

bool
kt_word(const char *word)
{
	return word_find(word) != NULL;
}

void
kt_marker(void)
{
	const char *at = word_find("marker=");

	if (at == NULL)
		return;
	for (at += sizeof("marker=") - 1; *at != ' ' && *at != '\0'; at++)
		(void)sys_system_putc(ROOT_SYSTEM, (uint8_t)*at);
	kt_put("\n");
}

objname_t
kt_create(uint64_t kind, uint64_t a, uint64_t b)
{
	struct sysret ret = sys_create(ROOT_MEMORY, kind, a, b);

	kt_must(ret, "create");
	return ret.value;
}

void
kt_destroy(objname_t object)
{
	struct sysret ret;

	do
		ret = sys_destroy(ROOT_MEMORY, object);
	while (ret.error == TINE_EAGAIN);
	kt_must(ret, "destroy");
}

objname_t
kt_endpoint(uint64_t slot, enum endpoint_mode mode)
{
	objname_t name = kt_create(KIND_ENDPOINT, mode, 0);

	kt_must(sys_cap_name(ROOT_MEMORY, ROOT_CSPACE, slot, name,
		    RIGHT_SEND | RIGHT_RECEIVE, 0),
	    "cap_name");
	return name;
}

objname_t
kt_notification(uint64_t slot)
{
	objname_t name = kt_create(KIND_NOTIFICATION, 0, 0);

	kt_must(sys_cap_name(ROOT_MEMORY, ROOT_CSPACE, slot, name,
		    RIGHT_NOTIFY | RIGHT_WAIT, 0),
	    "cap_name");
	return name;
}

void
kt_clone(objname_t dst, objname_t src)
{
	struct sysret ret;

	for (vaddr_t va = 0; va < USER_TOP; va = ret.value) {
		ret = sys_space_clone(ROOT_MEMORY, dst, src, va);
		kt_must(ret, "space_clone");
	}
}

/* Where the root task's image, stack and information lie. */
#define ROOT_PAGES_END 0x200000ul

objname_t
kt_space(uint64_t tag)
{
	objname_t space = kt_create(KIND_SPACE, tag, SPACE_TABLES);
	uint64_t base = kt_info->ram_base >> PAGE_SHIFT;

	/* Root's entries are private but never cloned: they stay writable. */
	for (vaddr_t va = 0; va < ROOT_PAGES_END; va += PAGE_SIZE) {
		struct sysret entry =
		    sys_space_query(ROOT_MEMORY, kt_info->space, va);

		if ((entry.value & PTE_V) == 0)
			continue;
		kt_must(
		    sys_space_map(ROOT_MEMORY, space, va,
			(entry.value >> PTE_PPN_SHIFT) - base,
			(entry.value >> 1 & MAP_PAGE_PROT) | MAP_PAGE_SHARED,
			0),
		    "space_map");
	}
	return space;
}

void
kt_map(objname_t space, vaddr_t va, uint64_t prot)
{
	kt_must(
	    sys_space_map(ROOT_MEMORY, space, va, 0, prot | MAP_PAGE_ZERO, 0),
	    "space_map");
}

void
kt_configure(objname_t thread, enum thread_field field, uint64_t value)
{
	kt_must(sys_thread_configure(ROOT_MEMORY, thread, field, value),
	    "thread_configure");
}

objname_t
kt_thread(objname_t space, void (*entry)(uint64_t), uint64_t argument,
    unsigned int stack)
{
	objname_t thread = kt_create(KIND_THREAD, space, stack);
	static struct regs regs;

	regs = (struct regs){};
	regs.x[0] = (uintptr_t)entry;
	regs.x[2] = (uintptr_t)stacks[stack] + STACK_BYTES;
	__asm__("mv %0, gp" : "=r"(regs.x[3]));
	regs.x[10] = argument;
	kt_configure(thread, THREAD_CSPACE, ROOT_CSPACE);
	kt_configure(thread, THREAD_PRIORITY, KT_PRIORITY);
	kt_must(sys_thread_write(ROOT_MEMORY, thread, &regs), "thread_write");
	return thread;
}

void
kt_start(objname_t thread)
{
	kt_must(sys_thread_start(ROOT_MEMORY, thread), "thread_start");
}

void
kt_finish(void)
{
	struct ipc_msg msg = {.info = MSG_INFO(0, 0)};

	(void)ipc_call(KT_DONE, &msg);
	for (;;)
		continue;
}

uint64_t
kt_wait(void)
{
	struct ipc_msg msg;

	ipc_recv(KT_DONE, RECV_WAIT, &msg);
	return msg.sender;
}

uint64_t
kt_now(void)
{
	uint64_t time;

	__asm__ volatile("rdtime %0" : "=r"(time));
	return time;
}

uint64_t
kt_bits(cap_t endpoint, uint64_t flags)
{
	struct ipc_msg msg;

	ipc_recv(endpoint, flags, &msg);
	return msg.kind == SENDER_NOTIFICATION ? msg.words[0] : 0;
}

void
kt_let_others_run(void)
{
	objname_t last = kt_thread(
	    kt_info->space, (void (*)(uint64_t))kt_finish, 0, KT_STACKS - 1);

	kt_configure(last, THREAD_PRIORITY, 1);
	kt_start(last);
	(void)kt_wait();
	kt_destroy(last);
}

void
kt_copy(objname_t space, vaddr_t va, void *own, size_t length, bool write)
{
	uint8_t *at = own;

	while (length > 0) {
		struct sysret ret =
		    sys_space_copy(ROOT_MEMORY, space, va, at, length, write);

		kt_must(ret, "space_copy");
		va += ret.value;
		at += ret.value;
		length -= ret.value;
	}
}

uint64_t
kt_peek(objname_t space, vaddr_t va)
{
	uint64_t value;

	kt_copy(space, va, &value, sizeof(value), false);
	return value;
}

void
kt_poke(objname_t space, vaddr_t va, uint64_t value)
{
	kt_copy(space, va, &value, sizeof(value), true);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_fake.c - the kernel as procsrv's tests need it; vmsrv is in
 * proc_fake_vm.c.
 */
#include "proc_fake_books.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <ipc/copy.h>
#include <ipc/message.h>
#include <ipc/slots.h>
#include <ipc/sys.h>
#include <procsrv/console.h>
#include <procsrv/pool.h>

#include "proc_fake_time.h"

#define CONSOLE_MAX 4096u

struct fake_live fake_live;
uint32_t fake_calls[FAKE_STEPS];
uint32_t fake_last[FAKE_STEPS];
uint32_t fake_ran_meanwhile;
token_t fake_lost;
token_t fake_cloned;
const char *fake_bootargs = "";
uint64_t fake_now = 1000000;

static struct fake_thread threads[OBJECTS];
static uint32_t thread_hint;
static struct fake_call *calls;
static size_t calls_count, calls_room;

static struct {
	int error;
	uint32_t skip;
	bool always;
} failures[FAKE_STEPS];

static const uint8_t *window;
static size_t window_length;
static char *window_out;
static size_t window_out_length;
static char console[CONSOLE_MAX];
static size_t console_used;
static bool powered;
static uint64_t power_how, power_status;

int
fake_step(enum fake_step which)
{
	int error = failures[which].error;
	static uint32_t steps;

	fake_calls[which]++;
	fake_last[which] = ++steps;
	if (error == 0 || failures[which].always)
		return error;
	if (failures[which].skip > 0) {
		failures[which].skip--;
		return 0;
	}
	failures[which].error = 0;
	return error;
}

void
fake_fail_after(enum fake_step which, uint32_t skip, int error)
{
	failures[which].error = error;
	failures[which].skip = skip;
	failures[which].always = false;
}

void
fake_fail(enum fake_step which, int error)
{
	fake_fail_after(which, 0, error);
}

void
fake_fail_always(enum fake_step which, int error)
{
	fake_fail_after(which, 0, error);
	failures[which].always = error != 0;
}

bool
fake_fail_cancel(enum fake_step which)
{
	bool waits = failures[which].error != 0;

	failures[which].error = 0;
	return waits;
}

void
fake_start(void)
{
	void *areas = mmap(NULL, AREA_COUNT * AREA_BYTES, PROT_NONE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	assert_true(areas != MAP_FAILED);
	area_base = (uintptr_t)areas;
	memset(&fake_live, 0, sizeof(fake_live));
	memset(failures, 0, sizeof(failures));
	fake_share_none();
}

/* Threads. */

struct fake_thread *
fake_thread_find(uint64_t name)
{
	uint64_t index = (name & 0xffffffff) - 1;

	if (index >= OBJECTS || !threads[index].live ||
	    NAME(index, threads[index].generation) != name)
		return NULL;
	return &threads[index];
}

struct fake_thread *
fake_thread_by_identity(uint64_t identity)
{
	for (uint32_t i = 0; i < OBJECTS; i++) {
		if (threads[i].live && threads[i].identity == identity)
			return &threads[i];
	}
	return NULL;
}

uint64_t
fake_thread_new(uint64_t identity, uint64_t space)
{
	while (threads[thread_hint % OBJECTS].live)
		thread_hint++;
	uint32_t index = thread_hint++ % OBJECTS;
	struct fake_thread *thread = &threads[index];
	uint32_t generation = thread->generation + 1;

	memset(thread, 0, sizeof(*thread));
	thread->live = true;
	thread->generation = generation;
	thread->identity = identity;
	thread->space = space;
	fake_live.threads++;
	return NAME(index, generation);
}

void
fake_thread_end(uint64_t name)
{
	struct fake_thread *thread = fake_thread_find(name);

	uint32_t running = 0;

	assert_non_null(thread);
	if (thread->token != 0)
		calls[thread->token].state = FAKE_STALE;
	thread->live = false;
	for (uint32_t i = 0; i < OBJECTS; i++)
		running += threads[i].live && threads[i].started &&
			   threads[i].token == 0 &&
			   threads[i].space == thread->space;
	if (running > fake_ran_meanwhile)
		fake_ran_meanwhile = running;
	fake_live.threads--;
}

uint32_t
fake_space_threads(uint64_t space)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < OBJECTS; i++)
		count += threads[i].live && threads[i].space == space;
	return count;
}

struct regs *
fake_regs(uint64_t identity)
{
	struct fake_thread *thread = fake_thread_by_identity(identity);

	assert_non_null(thread);
	return &thread->regs;
}

uint64_t
fake_thread_identity(uint64_t name)
{
	struct fake_thread *thread = fake_thread_find(name);

	return thread != NULL ? thread->identity : 0;
}

bool
fake_started(uint64_t identity)
{
	struct fake_thread *thread = fake_thread_by_identity(identity);

	return thread != NULL && thread->started;
}

/* Tokens. */

static token_t
token_new(struct fake_thread *thread, uint64_t name)
{
	if (calls_count + 1 >= calls_room) {
		calls_room = calls_room ? 2 * calls_room : 1024;
		calls = realloc(calls, calls_room * sizeof(*calls));
		assert_non_null(calls);
		if (calls_count == 0)
			calls_count = 1;
	}
	memset(&calls[calls_count], 0, sizeof(*calls));
	calls[calls_count].state = FAKE_PENDING;
	calls[calls_count].thread = name;
	if (thread != NULL) {
		assert_int_equal(thread->token, 0);
		thread->token = calls_count;
	}
	return calls_count++;
}

token_t
fake_token(uint64_t identity)
{
	struct fake_thread *thread = fake_thread_by_identity(identity);

	if (thread == NULL)
		return token_new(NULL, 0);
	return token_new(
	    thread, NAME((uint32_t)(thread - threads), thread->generation));
}

enum fake_token_state
fake_token_state(token_t token)
{
	return token < calls_count ? calls[token].state : 0;
}

int
fake_answer_error(token_t token)
{
	assert_int_equal(calls[token].state, FAKE_ANSWERED);
	return (int)MSG_LABEL(calls[token].info);
}

const uint64_t *
fake_answer(token_t token)
{
	assert_int_equal(calls[token].state, FAKE_ANSWERED);
	return calls[token].words;
}

const struct regs *
fake_answer_regs(token_t token)
{
	assert_int_equal(calls[token].state, FAKE_ANSWERED_REGS);
	return calls[token].regs;
}

token_t
fake_token_of(uint64_t identity)
{
	struct fake_thread *thread = fake_thread_by_identity(identity);

	return thread != NULL ? thread->token : 0;
}

void
fake_token_kill(token_t token)
{
	struct fake_thread *thread = fake_thread_find(calls[token].thread);

	calls[token].state = FAKE_STALE;
	if (thread != NULL)
		thread->token = 0;
}

void
fake_lose(token_t token)
{
	if (token != fake_lost)
		return;
	fake_lost = 0;
	fake_token_kill(token);
}

struct fake_call *
fake_call_of(token_t token)
{
	assert_true(token > 0 && token < calls_count);
	return &calls[token];
}

struct fake_call *
fake_token_use(token_t token)
{
	struct fake_thread *thread;

	assert_true(token > 0 && token < calls_count);
	if (calls[token].state == FAKE_STALE)
		return NULL;
	/* Nobody answers twice. */
	assert_int_equal(calls[token].state, FAKE_PENDING);
	thread = fake_thread_find(calls[token].thread);
	if (thread != NULL) {
		thread->token = 0;
		thread->holder = 0;
	}
	return &calls[token];
}

int
ipc_reply(token_t token, uint64_t info, const uint64_t words[MSG_WORDS])
{
	struct fake_call *call;
	int error = fake_step(FAKE_REPLY);

	if (error)
		return error;
	fake_lose(token);
	call = fake_token_use(token);
	if (call == NULL)
		return TINE_ESTALE;
	call->state = FAKE_ANSWERED;
	call->info = info;
	memcpy(call->words, words, sizeof(call->words));
	return 0;
}

struct sysret
sys_reply_regs(token_t token, const struct regs *regs)
{
	struct fake_call *call;
	int error = fake_step(FAKE_REPLY_REGS);

	if (error)
		return (struct sysret){.error = (uint64_t)error};
	call = fake_token_use(token);
	if (call == NULL)
		return (struct sysret){.error = TINE_ESTALE};
	call->state = FAKE_ANSWERED_REGS;
	if (fake_thread_find(call->thread) != NULL)
		fake_thread_find(call->thread)->regs = *regs;
	call->regs = malloc(sizeof(*regs));
	assert_non_null(call->regs);
	*call->regs = *regs;
	return (struct sysret){0};
}

/* The kernel's calls. */

struct sysret
sys_thread_clone(uint64_t auth, token_t token, objname_t name)
{
	struct fake_thread *thread = fake_thread_find(name);
	struct fake_thread *caller;
	int error = fake_step(FAKE_THREAD_CLONE);

	assert_int_equal(auth, SLOT_STEWARD);
	if (error)
		return (struct sysret){.error = (uint64_t)error};
	assert_non_null(thread);
	assert_false(thread->started);
	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	caller = fake_thread_find(calls[token].thread);
	assert_non_null(caller);
	thread->regs = caller->regs;
	thread->priority = caller->priority;
	thread->started = true;
	fake_cloned = token_new(thread, name);
	return (struct sysret){.value = fake_cloned};
}

struct sysret
sys_thread_read(uint64_t auth, objname_t name, struct regs *regs)
{
	int error = fake_step(FAKE_THREAD_READ);

	assert_int_equal(auth, SLOT_STEWARD);
	if (error)
		return (struct sysret){.error = (uint64_t)error};
	assert_non_null(fake_thread_find(name));
	*regs = fake_thread_find(name)->regs;
	return (struct sysret){0};
}

struct sysret
sys_thread_write(uint64_t auth, objname_t name, const struct regs *regs)
{
	int error = fake_step(FAKE_THREAD_WRITE);

	assert_int_equal(auth, SLOT_STEWARD);
	if (error)
		return (struct sysret){.error = (uint64_t)error};
	assert_non_null(fake_thread_find(name));
	fake_thread_find(name)->regs = *regs;
	return (struct sysret){0};
}

struct sysret
sys_thread_start(uint64_t auth, objname_t name)
{
	int error = fake_step(FAKE_THREAD_START);

	assert_int_equal(auth, SLOT_STEWARD);
	if (error)
		return (struct sysret){.error = (uint64_t)error};
	assert_non_null(fake_thread_find(name));
	fake_thread_find(name)->started = true;
	return (struct sysret){0};
}

struct sysret
sys_thread_stop(uint64_t auth, objname_t name)
{
	struct fake_thread *thread = fake_thread_find(name);

	assert_int_equal(auth, SLOT_STEWARD);
	fake_step(FAKE_THREAD_STOP);
	assert_non_null(thread);
	if (thread->token != 0)
		calls[thread->token].state = FAKE_STALE;
	thread->token = 0;
	thread->started = false;
	return (struct sysret){0};
}

struct sysret
sys_system_putc(uint64_t system, uint64_t character)
{
	assert_int_equal(system, SLOT_SYSTEM);
	assert_true(console_used < CONSOLE_MAX - 1);
	console[console_used++] = (char)character;
	console[console_used] = '\0';
	return (struct sysret){0};
}

struct sysret
sys_system_power(uint64_t system, uint64_t how, uint64_t status)
{
	int error = fake_step(FAKE_POWER);

	assert_int_equal(system, SLOT_SYSTEM);
	if (error)
		return (struct sysret){.error = (uint64_t)error};
	powered = true;
	power_how = how;
	power_status = status;
	return (struct sysret){0};
}

bool
fake_power(uint64_t *how, uint64_t *status)
{
	*how = power_how;
	*status = power_status;
	return powered;
}

void
fake_power_clear(void)
{
	powered = false;
}

const char *
fake_console(void)
{
	return console;
}

void
fake_console_clear(void)
{
	console_used = 0;
	console[0] = '\0';
}

uint64_t
now_ticks(void)
{
	return fake_now;
}

/* Windows. */

void
fake_window(const void *bytes, size_t length)
{
	window = bytes;
	window_length = length;
}

int
ipc_copy_in(token_t token, uint64_t offset, void *own, size_t length)
{
	int error = fake_step(FAKE_COPY_IN);

	assert_int_equal(fake_token_state(token), FAKE_PENDING);
	if (error)
		return error;
	if (offset > window_length || length > window_length - offset)
		return TINE_EFAULT;
	memcpy(own, window + offset, length);
	return 0;
}

void
fake_window_out(void *bytes, size_t length)
{
	window_out = bytes;
	window_out_length = length;
}

int
ipc_copy_out(token_t token, uint64_t offset, const void *own, size_t length)
{
	int error = fake_step(FAKE_COPY_OUT);

	if (fake_token_state(token) != FAKE_PENDING)
		return TINE_ESTALE;
	if (error)
		return error;
	if (offset > window_out_length || length > window_out_length - offset)
		return TINE_EFAULT;
	memcpy(window_out + offset, own, length);
	return 0;
}

uint64_t fake_timer = ~0ul;

struct sysret
sys_timer_set(uint64_t notification, uint64_t deadline, uint64_t bits)
{
	assert_int_equal(notification, SLOT_NOTIFICATION);
	assert_int_equal(bits, EVENT_TIMER);
	fake_timer = deadline;
	return (struct sysret){0};
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_sim_call.c - calls under way; see vm_sim.h.
 */
#include "vm_sim.h"

/* One of each thread, and procsrv's. */
#define CALLS (PROCESSES * THREADS + 1)

static struct under_way {
	struct ask ask; /* what: ASK_NONE: free */
	token_t token;
	bool dead;
} calls[CALLS];

bool
call_of(uint64_t thread)
{
	for (size_t i = 0; i < CALLS; i++) {
		if (calls[i].ask.what != ASK_NONE && !calls[i].dead &&
		    calls[i].ask.thread == thread)
			return true;
	}
	return false;
}

bool
call_in(const struct model *p)
{
	for (size_t i = 0; i < CALLS; i++) {
		if (calls[i].ask.what != ASK_NONE && calls[i].ask.p == p)
			return true;
	}
	return false;
}

/* The message for what is asked for. */
static token_t
send(const struct ask *ask)
{
	const uint64_t at = va_of(ask->from);
	const uint64_t length = va_of(ask->to - 1) + PAGE_SIZE - at;
	struct request request = {.kind = SENDER_SPACE,
	    .sender = ask->p->space,
	    .thread = ask->thread};

#define SEND(name, ...) \
	do { \
		request.label = vm_##name##_call; \
		request.req = &(struct vm_##name##_req){__VA_ARGS__}; \
		request.req_bytes = sizeof(struct vm_##name##_req); \
		return fake_request_begin(&request); \
	} while (0)

	switch (ask->what) {
	case ASK_MAP:
		SEND(map, .address = at, .length = length,
		    .protection = ask->value,
		    .flags = VM_MAP_ANON | VM_MAP_FIXED |
			     (ask->shared ? VM_MAP_SHARED : VM_MAP_PRIVATE));
	case ASK_UNMAP:
		SEND(unmap, .address = at, .length = length);
	case ASK_PROTECT:
		SEND(protect, .address = at, .length = length,
		    .protection = ask->value);
	case ASK_INHERIT:
		SEND(inherit, .address = at, .length = length,
		    .inheritance = ask->value);
	case ASK_FORK:
		request.kind = SENDER_BADGE;
		request.sender = BADGE_PROC;
		SEND(fork, .space = ask->p->space, .identity = 2,
		    .flags = ask->value);
	default:
		return fake_fault_begin(
		    ask->p->space, ask->thread, at, ask->value);
	}
#undef SEND
}

void
call_begin(const struct ask *ask)
{
	struct under_way *call = calls;

	while (call->ask.what != ASK_NONE)
		call++;
	*call = (struct under_way){.ask = *ask, .token = send(ask)};
}

void
call_kill(uint64_t thread)
{
	for (size_t i = 0; i < CALLS; i++) {
		if (calls[i].ask.what == ASK_NONE || calls[i].dead ||
		    calls[i].ask.thread != thread)
			continue;
		sim_tell("\twhile its call is under way");
		fake_call_kill(calls[i].token);
		calls[i].dead = true;
	}
}

/* The kernel had to refuse something, or memory for so many is short. */
static bool
lacks(uint64_t pages)
{
	return (fake_kernel.fail_at != 0 &&
		   fake_kernel.needing >= fake_kernel.fail_at) ||
	       ledger_available() < pages + SLACK;
}

void
call_note(void)
{
	for (size_t i = 0; i < CALLS; i++) {
		struct ask *ask = &calls[i].ask;

		if (ask->what != ASK_NONE && lacks(ask_pages(ask)))
			ask->lacked = true;
	}
}

/* All answers that there are. */
static void
take(void)
{
	struct fake_answer answer;

	call_note();
	while (fake_answer_take(&answer)) {
		struct under_way *call = calls;

		while (
		    call->ask.what == ASK_NONE || call->token != answer.token)
			call++;
		sim_tell("\tspace %#lx: answer %d, signal %d",
		    call->ask.p->space, answer.error, answer.signal);
		ask_answered(&call->ask, &answer);
		call->ask.what = ASK_NONE;
	}
}

void
call_turn(void)
{
	fake_turn();
	take();
}

void
call_wait(uint64_t thread)
{
	while (call_of(thread))
		call_turn();
}

void
call_settle(void)
{
	fake_settle();
	take();
	for (size_t i = 0; i < CALLS; i++)
		SIM_EQUAL(calls[i].ask.what, ASK_NONE, "calls not answered");
}

void
call_forget(const struct model *p)
{
	take();
	for (size_t i = 0; i < CALLS; i++) {
		if (calls[i].ask.what == ASK_NONE || calls[i].ask.p != p ||
		    !calls[i].dead)
			continue;
		fake_call_forget(calls[i].token);
		calls[i].ask.what = ASK_NONE;
	}
}

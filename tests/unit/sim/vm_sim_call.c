/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_sim_call.c - calls under way; see vm_sim.h.
 */
#include "vm_sim.h"

#include "park.h"

/* One of each thread, and procsrv's. */
#define CALLS (PROCESSES * THREADS + 1)

static struct under_way {
	struct ask ask; /* what: ASK_NONE: free */
	token_t token;
	uint64_t order; /* in which they were made */
	bool dead;
	bool waits; /* it may have, for what was torn down meanwhile */
} calls[CALLS];
static uint64_t last_order;

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
	*call = (struct under_way){.ask = *ask,
	    .token = send(ask),
	    .order = ++last_order,
	    .waits = park_dying()};
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
		if (park_dying())
			calls[i].waits = true;
	}
}

/* Whether it lets others go before it: it goes by parts, or by turns. */
static bool
gives_way(const struct ask *ask)
{
	return ask->what == ASK_NONE || ask->what == ASK_FAULT ||
	       (ask->what == ASK_INHERIT && ask->value == VM_INHERIT_SHARE);
}

/*
 * Requests that concern a space are served in the order in which they came;
 * but one that is refused for want of memory, or for a hole, first waits for
 * what is torn down.
 */
static void
order_check(const struct under_way *call)
{
	if (call->ask.what == ASK_FAULT)
		return;
	for (size_t i = 0; i < CALLS; i++) {
		const struct under_way *other = &calls[i];

		if (!gives_way(&other->ask) && !other->dead && !other->waits &&
		    !other->ask.lacked && other->ask.p == call->ask.p &&
		    other->order < call->order)
			sim_fail(__FILE__, __LINE__,
			    "space %#lx: thread %#lx came before thread %#lx",
			    call->ask.p->space, other->ask.thread,
			    call->ask.thread);
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
		order_check(call);
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

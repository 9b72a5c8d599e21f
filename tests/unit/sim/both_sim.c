/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * both_sim.c - calls of LWPs to vmsrv, between all else; see both_sim.h.
 */
#include "both_sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/page.h>
#include <ipc/vm.h>

#define FREE_FRAMES 7500ul
#define FLIGHTS 40u
#define RW (VM_PROT_READ | VM_PROT_WRITE)

const struct sim_memory_plan sim_memory_plan = {
    .name = "both_sim",
    .length = 1000,
    .operations = 200000,
    .limit_unit = 16ul << 20,
    .processes = 12,
};

static struct flight flights[FLIGHTS];

static struct m_lwp *
lwp_of(uint64_t identity)
{
	for (int i = 0; i < M_PROCS * M_LWPS; i++) {
		struct m_lwp *l = &m.lwp[i];

		if (l->used && l->where != M_DEAD && l->identity == identity)
			return l;
	}
	return NULL;
}

static struct flight *
flight_of(const struct m_lwp *l)
{
	for (uint32_t i = 0; i < FLIGHTS; i++) {
		if (flights[i].what != FLIGHT_FREE && !flights[i].dead &&
		    flights[i].identity == l->identity)
			return &flights[i];
	}
	return NULL;
}

/* Whether a call concerns a space; one that was handed on does no more. */
static bool
flight_in(uint64_t tag)
{
	for (uint32_t i = 0; i < FLIGHTS; i++) {
		if (flights[i].what != FLIGHT_FREE && flights[i].signal == 0 &&
		    flights[i].tag == tag)
			return true;
	}
	return false;
}

/* Threads that have ended, or were stopped, make no calls. */
static void
flights_cull(void)
{
	for (uint32_t i = 0; i < FLIGHTS; i++) {
		struct flight *flight = &flights[i];

		if (flight->what == FLIGHT_FREE || flight->dead ||
		    fake_token_state(flight->call) == FAKE_PENDING)
			continue;
		if (flight->signal != 0) {
			flight->what = FLIGHT_FREE;
			continue;
		}
		flight->dead = true;
		vm_side_kill(flight->token);
	}
}

void
flights_forget(objname_t thread)
{
	flights_cull();
	for (uint32_t i = 0; i < FLIGHTS; i++) {
		if (flights[i].what == FLIGHT_FREE ||
		    flights[i].thread != thread)
			continue;
		/* A message that vmsrv has not had yet is gone, too. */
		if (!flights[i].dead && flights[i].signal == 0)
			vm_side_kill(flights[i].token);
		if (flights[i].signal == 0)
			vm_side_forget(flights[i].token);
		flights[i].what = FLIGHT_FREE;
	}
}

void
flights_refused(void)
{
	for (uint32_t i = 0; i < FLIGHTS; i++)
		flights[i].lacked = true;
}

bool
flights_of_init(void)
{
	const struct m_list *lwps = &m_init()->lwps;

	for (int i = 0; i < lwps->n; i++) {
		if (flight_of(lwps->item[i]) != NULL)
			return true;
	}
	return false;
}

/* What a thread reads or writes itself; false: it faults. */
static bool
touch(uint64_t tag, uint32_t mark, uint32_t access, uint8_t byte)
{
	const struct memory *memory = memory_find(tag);
	const struct mark *m1 = &memory->marks[mark];
	uint8_t *at = vm_side_byte(tag, memory_va(memory, mark), access);

	if (at == NULL)
		return false;
	SIM_EQUAL(memory_permits(memory, mark, access), true, "an access");
	SIM_EQUAL(*at, cells[m1->cell], "byte");
	/* What a fork finds of it meanwhile is anybody's guess. */
	if (access == ACCESS_WRITE && both_forking() != tag &&
	    !(m1->shared && both_forking() != 0))
		*at = cells[m1->cell] = byte;
	return true;
}

/* vmsrv has answered the call of a thread. */
static void
flight_answered(struct flight *flight, const struct vm_side_answer *answer)
{
	struct m_lwp *l = lwp_of(flight->identity);
	bool may = flight->what == FLIGHT_TOUCH &&
		   memory_find(flight->tag) != NULL &&
		   memory_permits(
		       memory_find(flight->tag), flight->from, flight->value);

	if (flight->what == FLIGHT_TOUCH && !flight->dead &&
	    (!flight->lacked || answer->signal == 0 ||
		answer->signal == M_SEGV))
		SIM_EQUAL(answer->signal, may ? 0 : M_SEGV, "a fault's signal");
	if (answer->signal != 0 && !flight->dead) {
		flight->signal = answer->signal;
		flight->code = answer->code;
		return;
	}
	memory_answered(flight, answer->error);
	flight->token = 0;
	if (!flight->dead) {
		fake_vm_answer(flight->identity);
		m_end(l, 0);
		/* Other calls may follow before the next comparison. */
		l->token = 0;
	}
	if (flight->what == FLIGHT_TOUCH && !flight->dead) {
		flight->what = FLIGHT_FREE;
		if (!flight_in(flight->tag))
			(void)touch(flight->tag, flight->from, flight->value,
			    flight->byte);
	}
	flight->what = FLIGHT_FREE;
}

static void
answers_take(void)
{
	struct vm_side_answer answer;

	while (vm_side_take(&answer)) {
		struct flight *flight = flights;

		while (flight < flights + FLIGHTS &&
		       (flight->what == FLIGHT_FREE ||
			   flight->token != answer.token))
			flight++;
		if (flight == flights + FLIGHTS) {
			both_answered(&answer);
			continue;
		}
		sim_tell("\tvmsrv answers lwp %#lx of space %#lx: %d, "
			 "signal %d%s",
		    flight->identity, flight->tag, answer.error, answer.signal,
		    flight->dead ? ", dead" : "");
		flight_answered(flight, &answer);
	}
}

void
flights_turn(void)
{
	flights_cull();
	vm_side_batch(both_random() % 4 ? 1 : 4096);
	vm_side_turn();
	answers_take();
}

/* The message of a call. */
static token_t
flight_send(const struct flight *flight)
{
	const struct memory *memory = memory_find(flight->tag);
	uint64_t at = memory_va(memory, flight->from) & ~PAGE_MASK;
	uint64_t length = (flight->to - flight->from) * PAGE_SIZE;
	struct vm_side_call call = {
	    .space = flight->tag, .thread = flight->thread};

#define SEND(name, ...) \
	do { \
		call.label = vm_##name##_call; \
		call.req = &(struct vm_##name##_req){__VA_ARGS__}; \
		call.bytes = sizeof(struct vm_##name##_req); \
		return vm_side_call(&call); \
	} while (0)

	switch (flight->what) {
	case FLIGHT_MAP:
		SEND(map, .address = at, .length = length,
		    .protection = flight->value,
		    .flags = VM_MAP_ANON | VM_MAP_FIXED |
			     (flight->shared ? VM_MAP_SHARED : VM_MAP_PRIVATE));
	case FLIGHT_UNMAP:
		SEND(unmap, .address = at, .length = length);
	case FLIGHT_PROTECT:
		SEND(protect, .address = at, .length = length,
		    .protection = flight->value);
	case FLIGHT_INHERIT:
		SEND(inherit, .address = at, .length = length,
		    .inheritance = flight->value);
	default:
		return vm_side_fault(flight->tag, flight->thread,
		    memory_va(memory, flight->from), flight->value);
	}
#undef SEND
}

/* A page, more often one that is there. */
static uint32_t
mark_choose(uint64_t tag)
{
	const struct memory *memory = memory_find(tag);
	uint32_t mark = (uint32_t)both_random() % MARKS;

	if (both_random() % 4 == 0)
		return mark;
	while (!memory->marks[mark].there)
		mark = (mark + 1) % MARKS;
	return mark;
}

/* What an LWP asks for. */
static void
flight_choose(struct flight *flight, bool monitor)
{
	static const uint8_t protections[] = {0, VM_PROT_READ, RW, RW};
	static const uint8_t inheritances[] = {VM_INHERIT_SHARE,
	    VM_INHERIT_COPY, VM_INHERIT_NONE, VM_INHERIT_ZERO};
	static const enum flight_what whats[] = {FLIGHT_TOUCH, FLIGHT_TOUCH,
	    FLIGHT_TOUCH, FLIGHT_TOUCH, FLIGHT_TOUCH, FLIGHT_MAP, FLIGHT_MAP,
	    FLIGHT_UNMAP, FLIGHT_PROTECT, FLIGHT_INHERIT};

	flight->what = whats[monitor ? 0 : both_random() % 10];
	flight->byte = (uint8_t)both_random() | 1;
	if (flight->what == FLIGHT_TOUCH) {
		/* Init is not to die of it. */
		flight->from = monitor ? MARK_DATA + (uint32_t)both_random() % 3
				       : mark_choose(flight->tag);
		flight->to = flight->from + 1;
		flight->value = both_random() % 2 ? ACCESS_WRITE : ACCESS_READ;
		return;
	}
	flight->from = (uint32_t)both_random() % WINDOW;
	flight->to = flight->from + 1 +
		     (uint32_t)both_random() % (WINDOW - flight->from);
	flight->shared = both_random() % 3 == 0;
	flight->value = flight->what == FLIGHT_INHERIT
			    ? inheritances[both_random() % 4]
			    : protections[both_random() % 4];
}

static struct flight *
flight_room(void)
{
	for (uint32_t i = 0; i < FLIGHTS; i++) {
		if (flights[i].what == FLIGHT_FREE)
			return &flights[i];
	}
	return NULL;
}

/* An LWP that runs does something with its memory; false: not now. */
static bool
flight_begin(struct m_lwp *l)
{
	static const char *const names[] = {
	    "", "touch", "map", "unmap", "protect", "inherit"};
	struct flight *flight = flight_room();
	bool of_init = l->proc == m_init();
	struct flight ask = {.identity = l->identity};

	if (flight == NULL || (of_init && both_failing()))
		return false;
	ask.tag = fake_space_of(l->identity);
	ask.thread = both_vm_name(l->identity);
	ask.lacked = both_failing();
	flight_choose(&ask, of_init);
	sim_tell(WHO "space %#lx: %s %u-%u, %u%s", WHOSE(l), ask.tag,
	    names[ask.what], ask.from, ask.to, ask.value,
	    ask.shared ? " shared" : "");
	if (ask.what == FLIGHT_TOUCH && !flight_in(ask.tag) &&
	    touch(ask.tag, ask.from, ask.value, ask.byte))
		return false;
	ask.call = l->token = fake_vm_call(l->identity);
	l->out = M_PENDING;
	l->where = M_VM;
	ask.token = flight_send(&ask);
	*flight = ask;
	return true;
}

void
flights_begin(void)
{
	uint32_t at = (uint32_t)both_random() % (M_PROCS * M_LWPS);

	for (uint32_t i = 0; i < M_PROCS * M_LWPS; i++) {
		struct m_lwp *l = &m.lwp[(at + i) % (M_PROCS * M_LWPS)];

		if (!l->used || l == sim_current || l->where != M_USER ||
		    l->token != 0 || !fake_started(l->identity) ||
		    fake_token_of(l->identity) != 0 ||
		    fake_interrupted(l->identity))
			continue;
		(void)flight_begin(l);
		return;
	}
}

/* procsrv has one LWP's fault before it at most, which it now serves. */
static void
fault_deliver(struct m_lwp *l, struct flight *flight)
{
	int signal = flight->signal, code = flight->code;

	flight->what = FLIGHT_FREE;
	sim_fault(l, signal, code);
}

void
sim_memory_step(const struct sim_op *op)
{
	both_seed((uint64_t)op->kind << 32 ^ (uint64_t)op->a << 16 ^ op->d);
	flights_cull();
	if (op->fail / 64 % 2)
		flights_turn();
}

bool
sim_memory_call(struct m_lwp *l, const struct sim_op *op)
{
	if (op->kind / 32 % 2 != 0 || !fake_started(l->identity))
		return false;
	l->out = M_ERROR;
	(void)flight_begin(l);
	return true;
}

void
sim_memory_answer(struct m_lwp *l, const struct sim_op *op)
{
	struct flight *flight = flight_of(l);

	(void)op;
	if (flight == NULL)
		sim_fail(__FILE__, __LINE__, WHO "waits for nothing", WHOSE(l));
	if (flight->signal != 0)
		fault_deliver(l, flight);
	else
		flights_turn();
}

/* Processes share a space exactly if they do in the model. */
static void
compare_spaces(void)
{
	for (int i = 0; i < M_PROCS; i++) {
		const struct m_proc *p = &m.proc[i];
		uint64_t tag;

		if (p->state == M_FREE || p->state == M_ZOMBIE)
			continue;
		for (int j = 0; j < p->lwps.n; j++) {
			const struct m_lwp *l = p->lwps.item[j];

			if (l->where == M_DEAD)
				continue;
			tag = fake_space_of(l->identity);
			SIM_EQUAL(
			    vm_side_lives_in(both_vm_name(l->identity), tag),
			    true, "the space of a thread");
		}
	}
	SIM_EQUAL(vm_side_threads(), fake_live.threads, "vmsrv's threads");
}

void
sim_memory_compare(void)
{
	static uint32_t steps;

	if (++steps % 64 != 0)
		return;
	compare_spaces();
	vm_side_check();
}

void
sim_memory_start(void)
{
	vm_side_start(FREE_FRAMES);
	vm_side_batch(4096);
	both_start();
}

/* Init ends, too, as no process 1 ever does; nothing is left. */
void
sim_memory_finish(void)
{
	const struct m_lwp *l = m_lwp(m_init(), 1);
	struct vm_release_req req = {.space = fake_space_of(l->identity),
	    .thread = both_vm_name(l->identity)};
	const struct vm_side_call call = {
	    .label = vm_release_call, .req = &req, .bytes = sizeof(req)};
	struct vm_side_answer answer;

	flights_cull();
	for (uint32_t i = 0; i < FLIGHTS; i++)
		SIM_EQUAL(flights[i].what, FLIGHT_FREE, "calls at the end");
	(void)vm_side_call(&call);
	vm_side_settle();
	SIM_EQUAL(vm_side_take(&answer), true, "init's end is answered");
	SIM_EQUAL(answer.error, 0, "init's end");
	memory_drop(memory_find(req.space));
	memory_check_empty();
	vm_side_check_empty();
}

uint64_t
sim_stack_pointer(const struct m_lwp *l, uint32_t place)
{
	const struct memory *memory = memory_find(fake_space_of(l->identity));

	return memory->top - place * PAGE_SIZE;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_messages.c - capabilities, endpoints and tokens, against a model.
 *
 * The model knows of each peer what it does and whose answer it awaits, of
 * each endpoint who waits there, and of each slot what is in it; nothing of
 * frames, generations or queues by priority, as all have one.  The input says
 * who does what; each call must return what the model says, and nobody may
 * be told another message, sender or answer than the model's.
 */
#include "fake_arch.h"
#include "fuzz.h"
#include "world.h"

#define PEERS 5u
#define ENDS 2u
#define SLOTS 5u /* from W_FREE on */
#define TOKENS 16u /* that are remembered */
#define NOBODY PEERS
#define PRIORITY 10
#define BOTH (RIGHT_SEND | RIGHT_RECEIVE)

enum doing { RUNS, SENDS, RECEIVES, AWAITS, STOPPED };

static struct peer {
	struct thread *thread;
	objname_t name;
	enum doing doing;
	unsigned int end; /* SENDS, RECEIVES: where */
	unsigned int holder; /* AWAITS: whose answer */
	token_t token; /* the last that it gave */
	uint64_t word; /* of its message */
	uint64_t badge;
	uint64_t forwarder; /* badge + 1 of who forwarded it, or 0 */
} peers[PEERS];

static struct end {
	objname_t name;
	unsigned int life; /* counts what it was before */
	unsigned int waiting[PEERS]; /* the first n, oldest first */
	unsigned int n;
} ends[ENDS];

static struct slot {
	unsigned int end;
	unsigned int life;
	uint64_t rights; /* 0: empty */
	uint64_t badge;
} slots[SLOTS];

static struct given {
	token_t token;
	unsigned int caller;
} given[TOKENS];
static unsigned int ngiven;
/* By frame: the last name or token that there was. */
static token_t latest[FAKE_FRAMES];
static uint64_t seed;
static uint64_t words;

/* A name or token of a frame is greater than all before, whosever they were. */
static void
token_check(token_t token)
{
	token_t *last = &latest[token & NAME_FRAME_MASK];

	assert_true(token > *last);
	*last = token;
}

static unsigned int
pick(unsigned int n)
{
	return (unsigned int)world_pick(&seed, n);
}

/* The error that using a slot for this right makes. */
static int
slot_error(const struct slot *slot, uint64_t right)
{
	if ((slot->rights & right) == 0)
		return TINE_EBADF;
	return slot->life == ends[slot->end].life ? 0 : TINE_ESTALE;
}

static unsigned int
wait_take(struct end *end, unsigned int i)
{
	unsigned int peer = end->waiting[i];

	end->n--;
	for (; i < end->n; i++)
		end->waiting[i] = end->waiting[i + 1];
	return peer;
}

static void
wait_add(struct peer *peer, unsigned int end, enum doing doing)
{
	peer->doing = doing;
	peer->end = end;
	ends[end].waiting[ends[end].n++] = (unsigned int)(peer - peers);
}

/* Whoever waits at an endpoint does the same. */
static bool
waits(unsigned int end, enum doing doing)
{
	return ends[end].n > 0 && peers[ends[end].waiting[0]].doing == doing;
}

/* A peer is taken out of whatever it does. */
static void
peer_unlink(struct peer *peer)
{
	if (peer->doing != SENDS && peer->doing != RECEIVES)
		return;
	for (unsigned int i = 0; i < ends[peer->end].n; i++) {
		if (&peers[ends[peer->end].waiting[i]] == peer) {
			(void)wait_take(&ends[peer->end], i);
			return;
		}
	}
	fail();
}

/* The message of a peer has come to another, whose call it ended. */
static void
delivered(struct peer *from, struct peer *to)
{
	struct message got = world_message(to->thread);
	bool named = from->badge != 0 && from->forwarder == 0;
	uint64_t kind = named ? SENDER_BADGE : SENDER_THREAD;

	if (from->forwarder != 0)
		kind |= SENDER_FORWARDED | (from->forwarder - 1) << 32;
	assert_int_equal(
	    got.slot, named ? from->badge : (uint64_t)(from - peers) + 100);
	assert_int_equal(got.t2, kind);
	assert_int_equal(got.info, MSG_INFO(7, 1));
	assert_int_equal(got.words[0], from->word);
	for (unsigned int i = 1; i < MSG_WORDS; i++)
		assert_int_equal(got.words[i], 0);
	token_check(got.t1);
	assert_int_equal(
	    got.t1 & NAME_FRAME_MASK, from->name & NAME_FRAME_MASK);
	from->token = got.t1;
	from->doing = AWAITS;
	from->holder = (unsigned int)(to - peers);
	to->doing = RUNS;
	given[ngiven++ % TOKENS] =
	    (struct given){got.t1, (unsigned int)(from - peers)};
}

/* A message is on its way to an endpoint. */
static void
send_to(struct peer *from, unsigned int end)
{
	if (waits(end, RECEIVES))
		delivered(from, &peers[wait_take(&ends[end], 0)]);
	else
		wait_add(from, end, SENDS);
}

/* Calls. */

static void
do_call(struct peer *self)
{
	unsigned int slot = pick(SLOTS);
	int error = slot_error(&slots[slot], RIGHT_SEND);

	self->word = ++words;
	self->badge = slots[slot].badge;
	self->forwarder = 0;
	(void)IPC_BY(self->thread, call, .slot = W_FREE + slot,
	    .info = MSG_INFO(7, 1), .words = {self->word, 1, 2, 3, 4, 5});
	if (error == 0)
		send_to(self, slots[slot].end);
	else
		assert_int_equal(self->thread->regs[REG_A0], error);
}

static void
do_recv(struct peer *self)
{
	unsigned int slot = pick(SLOTS), end = slots[slot].end;
	int error = slot_error(&slots[slot], RIGHT_RECEIVE);
	uint64_t flags = pick(2);

	(void)IPC_BY(self->thread, recv, .slot = W_FREE + slot, .info = flags);
	if (error == 0 && waits(end, SENDS))
		delivered(&peers[wait_take(&ends[end], 0)], self);
	else if (error == 0 && flags == RECV_WAIT)
		wait_add(self, end, RECEIVES);
	else
		assert_int_equal(
		    self->thread->regs[REG_A0], error ? error : TINE_EAGAIN);
}

/* A token of late, and whose call it still is; NOBODY's, if it is stale. */
static token_t
pick_token(const struct peer *self, unsigned int *callerp)
{
	const struct given *one = &given[pick(TOKENS)];
	const struct peer *caller = &peers[one->caller];

	*callerp = NOBODY;
	if (one->token != 0 && caller->token == one->token &&
	    caller->doing == AWAITS && &peers[caller->holder] == self)
		*callerp = one->caller;
	return one->token;
}

static void
do_reply(struct peer *self)
{
	unsigned int caller;
	token_t token = pick_token(self, &caller);
	struct message got;

	(void)IPC_BY(self->thread, reply, .info = MSG_INFO(9, 2),
	    .words = {++words, 8, 7, 6, 5, 4}, .t1 = token);
	assert_int_equal(
	    self->thread->regs[REG_A0], caller == NOBODY ? TINE_ESTALE : 0);
	if (caller == NOBODY)
		return;
	got = world_message(peers[caller].thread);
	assert_int_equal(got.slot, 0);
	assert_int_equal(got.info, MSG_INFO(9, 2));
	assert_int_equal(got.words[0], words);
	assert_int_equal(got.words[1], 8);
	for (unsigned int i = 2; i < MSG_WORDS; i++)
		assert_int_equal(got.words[i], 0);
	peers[caller].doing = RUNS;
}

static void
do_forward(struct peer *self)
{
	unsigned int slot = pick(SLOTS), caller;
	token_t token = pick_token(self, &caller);
	int error = slot_error(&slots[slot], RIGHT_SEND);

	if (error == 0 && caller == NOBODY)
		error = TINE_ESTALE;
	words++;
	(void)IPC_BY(self->thread, forward, .slot = W_FREE + slot,
	    .info = MSG_INFO(7, 1), .words = {words, 1, 2, 3, 4, 5},
	    .t1 = token);
	assert_int_equal(self->thread->regs[REG_A0], error);
	if (error)
		return;
	peers[caller].word = words;
	peers[caller].forwarder = slots[slot].badge + 1;
	send_to(&peers[caller], slots[slot].end);
}

/* Root's doings. */

static void
do_copy(void)
{
	unsigned int to = pick(SLOTS), from = pick(SLOTS);
	uint64_t rights = pick(4), badge = pick(3);
	struct slot copy = slots[from];
	int error = slot_error(&copy, BOTH);

	copy.rights &= rights;
	if (error == 0 && copy.rights == 0)
		error = TINE_EINVAL;
	if (error == 0 && badge != 0 && copy.badge != 0 && copy.badge != badge)
		error = TINE_EPERM;
	if (badge != 0)
		copy.badge = badge;
	assert_int_equal(
	    CALL(cap_copy, W_CSPACE, W_FREE + to, W_FREE + from, rights, badge),
	    error);
	if (error == 0)
		slots[to] = copy;
}

static void
do_name(void)
{
	unsigned int to = pick(SLOTS), end = pick(ENDS);
	uint64_t rights = 1 + pick(3);

	world_name(W_FREE + to, ends[end].name, rights, 0);
	slots[to] = (struct slot){end, ends[end].life, rights, 0};
}

static void
do_delete(void)
{
	unsigned int slot = pick(SLOTS);

	ASSERT_CALL(cap_delete, W_CSPACE, W_FREE + slot);
	slots[slot].rights = 0;
}

/* Who waits there is sent away; another endpoint comes. */
static void
do_renew(void)
{
	struct end *end = &ends[pick(ENDS)];

	ASSERT_CALL(destroy, W_MEMORY, end->name);
	while (end->n > 0) {
		struct peer *peer = &peers[wait_take(end, 0)];

		assert_int_equal(peer->thread->regs[REG_A0], TINE_ESTALE);
		peer->doing = RUNS;
	}
	end->life++;
	end->name = world_new(KIND_ENDPOINT, ENDPOINT_THREAD, 0);
}

static void
do_stop(struct peer *peer)
{
	if (peer->doing == STOPPED) {
		ASSERT_CALL(thread_start, W_STEWARD, peer->name);
		peer->doing = RUNS;
		return;
	}
	ASSERT_CALL(thread_stop, W_STEWARD, peer->name);
	peer_unlink(peer);
	peer->doing = STOPPED;
}

/* One ends, its callers are told, and another one comes in its frame. */
static void
do_replace(struct peer *peer)
{
	objname_t space =
	    frame_name(frame_of(dmap_address(peer->thread->space)));
	unsigned int number = (unsigned int)(peer - peers);

	peer_unlink(peer);
	peer->doing = STOPPED;
	ASSERT_CALL(destroy, W_MEMORY, peer->name);
	ASSERT_CALL(thread_orphans, W_MEMORY, peer->name, TINE_EIO, 0);
	for (unsigned int i = 0; i < PEERS; i++) {
		if (peers[i].doing != AWAITS || peers[i].holder != number)
			continue;
		assert_int_equal(peers[i].thread->regs[REG_A0], TINE_EIO);
		peers[i].doing = RUNS;
	}
	ASSERT_CALL(destroy, W_MEMORY, space);
	peer->thread = world_thread(number + 100, PRIORITY);
	peer->doing = RUNS;
	peer->name = peer->thread->name;
	peer->token = peer->name;
	token_check(peer->name);
}

static void
states_check(void)
{
	static const enum thread_state states[] = {[SENDS] = THREAD_SENDING,
	    [RECEIVES] = THREAD_RECEIVING,
	    [AWAITS] = THREAD_AWAITING,
	    [STOPPED] = THREAD_STOPPED};

	for (unsigned int i = 0; i < PEERS; i++) {
		uint32_t state = peers[i].thread->state;

		if (peers[i].doing == RUNS)
			assert_true(
			    state == THREAD_READY || state == THREAD_RUNNING);
		else
			assert_int_equal(state, states[peers[i].doing]);
	}
}

static void
step(void)
{
	static void (*const by_peer[])(struct peer *) = {
	    do_call, do_call, do_recv, do_recv, do_reply, do_reply, do_forward};
	static void (*const by_root[])(void) = {
	    do_copy, do_copy, do_name, do_delete, do_renew};
	struct peer *peer = &peers[pick(PEERS)];
	unsigned int what = pick(16);

	if (what < 7) {
		if (peer->doing == RUNS)
			by_peer[what](peer);
	} else if (what < 12) {
		by_root[what - 7]();
	} else if (what == 12) {
		do_replace(peer);
	} else if (what == 13) {
		do_stop(peer);
	}
	states_check();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	memset(slots, 0, sizeof(slots));
	memset(given, 0, sizeof(given));
	memset(ends, 0, sizeof(ends));
	memset(latest, 0, sizeof(latest));
	ngiven = 0;
	fuzz_world(data, size);
	(void)world_start(NULL);
	for (unsigned int i = 0; i < ENDS; i++)
		ends[i].name = world_new(KIND_ENDPOINT, ENDPOINT_THREAD, 0);
	for (unsigned int i = 0; i < PEERS; i++) {
		peers[i] =
		    (struct peer){.thread = world_thread(i + 100, PRIORITY)};
		peers[i].name = peers[i].thread->name;
		peers[i].token = peers[i].name;
	}
	for (unsigned int i = 0; i < SLOTS - 1; i++) {
		world_name(W_FREE + i, ends[i % ENDS].name, BOTH, 0);
		slots[i] = (struct slot){i % ENDS, 0, BOTH, 0};
	}
	while (world_choices.left > 0)
		step();
	world_check();
	(void)world_end(NULL);
	return 0;
}

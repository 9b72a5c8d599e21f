/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * messages.c - what arrives in which register, on the short and the long way.
 *
 * The short way is taken when a receiver waits already; if it doesn't, the
 * sender is queued.  Both must look the same (abi/msg.h).
 */
#include "kt.h"

#define ENDPOINT KT_SLOT
#define BADGED (KT_SLOT + 1)
#define OTHER (KT_SLOT + 2)
#define NOTE (KT_SLOT + 3)
#define BADGE 0x1234567890ul
#define TAG 77
#define ROOT_IDENTITY 0
#define JUNK 0xfeedfacecafebeeful
/* Everything in an info that is not for the receiver. */
#define JUNK_INFO (~0ul & ~MSG_INFO_MASK)

static struct kt_call received, answer;

static void
poison(struct kt_call *call)
{
	for (size_t i = 0; i < KT_LENGTH(call->a); i++)
		call->a[i] = JUNK;
	for (size_t i = 0; i < KT_LENGTH(call->t); i++)
		call->t[i] = JUNK;
}

/* Receive one message, and answer it with as many words. */
static void
serve_once(uint64_t reply)
{
	poison(&received);
	received.a[0] = ENDPOINT;
	received.a[1] = RECV_WAIT;
	received.a[7] = SYS_recv;
	kt_ecall(&received);
	poison(&answer);
	answer.a[0] = KT_DONE; /* for reply_recv: nobody calls there */
	answer.a[1] = (JUNK & ~MSG_INFO_MASK) | MSG_WINDOW_MASK | 0x4321 |
		      (received.a[1] & MSG_COUNT_MASK);
	for (unsigned int i = 0; i < 5; i++)
		answer.a[2 + i] = 201 + i;
	answer.t[0] = 206;
	answer.t[1] = received.t[1];
	answer.a[7] = reply;
	kt_ecall(&answer);
	kt_finish();
}

static uint64_t
message_word(const struct kt_call *call, unsigned int i)
{
	return i < 5 ? call->a[2 + i] : call->t[0];
}

/* Words up to the count are there, others are 0. */
static bool
words_are(const struct kt_call *call, uint64_t first, unsigned int count)
{
	for (unsigned int i = 0; i < MSG_WORDS; i++) {
		if (message_word(call, i) != (i < count ? first + i : 0))
			return false;
	}
	return true;
}

static bool
rest_is_cleared(const struct kt_call *call)
{
	return call->t[3] == 0 && call->t[4] == 0 && call->t[5] == 0 &&
	       call->t[6] == 0;
}

struct trip {
	bool queued; /* the sender comes before the receiver */
	uint64_t reply; /* SYS_reply, SYS_reply_recv */
};

static struct kt_call call;

/* One call with so many words, and its reply. */
static void
make_trip(const struct trip *trip, unsigned int count, objname_t space)
{
	objname_t server = kt_thread(space, serve_once, trip->reply, 0);

	kt_start(server);
	/* Let it get to its recv: it is less urgent than this. */
	if (!trip->queued)
		kt_let_others_run();
	poison(&call);
	call.a[0] = ENDPOINT;
	call.a[1] = JUNK_INFO | 0x1234 | (uint64_t)count << MSG_COUNT_SHIFT;
	for (unsigned int i = 0; i < 5; i++)
		call.a[2 + i] = 101 + i;
	call.t[0] = 106;
	call.a[7] = SYS_call;
	kt_ecall(&call);
	kt_destroy(server);
}

static bool
request_is_right(unsigned int count)
{
	return received.a[0] == ROOT_IDENTITY &&
	       received.a[1] == MSG_INFO(0x1234, count) &&
	       words_are(&received, 101, count) && received.t[1] != 0 &&
	       received.t[2] == SENDER_THREAD && rest_is_cleared(&received);
}

static bool
reply_is_right(unsigned int count)
{
	return call.a[0] == 0 && call.a[1] == MSG_INFO(0x4321, count) &&
	       words_are(&call, 201, count) && call.t[1] == 0 &&
	       call.t[2] == 0 && rest_is_cleared(&call);
}

static void
test_counts(const struct trip *trip, const char *request, const char *reply,
    objname_t space)
{
	bool requests = true, replies = true;

	for (unsigned int count = 0; count <= MSG_WORDS; count++) {
		make_trip(trip, count, space);
		requests = requests && request_is_right(count);
		replies = replies && reply_is_right(count);
	}
	kt_ok(requests, request);
	kt_ok(replies, reply);
}

static void
test_registers_of_messages(void)
{
	objname_t space = kt_space(TAG);

	test_counts(&(struct trip){false, SYS_reply_recv},
	    "a waiting receiver gets the words and nothing else",
	    "reply_recv gives the words and nothing else", kt_info->space);
	test_counts(&(struct trip){false, SYS_reply_recv},
	    "the same in another space", "and back", space);
	test_counts(&(struct trip){true, SYS_reply_recv},
	    "a queued message arrives as it was sent", "and so does its reply",
	    space);
	test_counts(&(struct trip){true, SYS_reply},
	    "queued, from another space", "reply gives the same", space);
	make_trip(&(struct trip){false, SYS_reply_recv}, 7, space);
	kt_ok(words_are(&received, 101, 6) && words_are(&call, 201, 6),
	    "a count of 7 is no more than 6 words");
	kt_destroy(space);
}

static struct ipc_msg heard[4];

static void
listen(uint64_t messages)
{
	for (uint64_t i = 0; i < messages; i++) {
		ipc_recv(ENDPOINT, RECV_WAIT, &heard[i]);
		if (heard[i].token != 0)
			(void)ipc_reply(
			    heard[i].token, MSG_INFO(0, 0), heard[i].words);
	}
	kt_finish();
}

static void
call_from_helper(uint64_t slot)
{
	struct ipc_msg msg = {.info = MSG_INFO(3, 1), .words = {slot}};

	(void)ipc_call((cap_t)slot, &msg);
	kt_finish();
}

/* A call from a thread in a space with a tag: who is it? */
static void
hear(objname_t space, uint64_t slot)
{
	objname_t server = kt_thread(kt_info->space, listen, 1, 0);
	objname_t client = kt_thread(space, call_from_helper, slot, 3);

	kt_start(client);
	kt_start(server);
	(void)kt_wait();
	(void)kt_wait();
	kt_destroy(client);
	kt_destroy(server);
}

static void
test_kinds(
    enum endpoint_mode mode, uint64_t sender, uint64_t kind, const char *claim)
{
	objname_t space = kt_space(TAG);
	objname_t endpoint = kt_endpoint(ENDPOINT, mode);

	hear(space, ENDPOINT);
	kt_ok(heard[0].sender == sender && heard[0].kind == kind, claim);
	kt_must(sys_cap_copy(ROOT_CSPACE, BADGED, ENDPOINT, RIGHT_SEND, BADGE),
	    "cap_copy");
	hear(space, BADGED);
	kt_ok(heard[0].sender == BADGE && heard[0].kind == SENDER_BADGE,
	    "a badge goes before that");
	kt_must(sys_cap_delete(ROOT_CSPACE, BADGED), "cap_delete");
	kt_destroy(endpoint);
	kt_destroy(space);
}

/* send delivers to one who waits, blocks never and needs no reply. */
static void
test_send(void)
{
	objname_t endpoint = kt_endpoint(ENDPOINT, ENDPOINT_THREAD);
	objname_t server = kt_thread(kt_info->space, listen, 1, 0);
	struct ipc_msg msg = {
	    .info = MSG_INFO(9, 2) | MSG_WINDOW_MASK, .words = {5, 6, 7}};

	kt_start(server);
	kt_equal(
	    ipc_send(ENDPOINT, &msg), TINE_EAGAIN, "send to nobody is refused");
	kt_let_others_run();
	kt_equal(ipc_send(ENDPOINT, &msg), 0, "send to one who waits works");
	(void)kt_wait();
	kt_ok(heard[0].info == MSG_INFO(9, 2) && heard[0].words[0] == 5 &&
		  heard[0].words[1] == 6 && heard[0].words[2] == 0,
	    "it arrives, without a window");
	kt_ok(heard[0].token == 0 && heard[0].kind == SENDER_THREAD,
	    "without a token, but with the sender");
	kt_destroy(server);
	kt_destroy(endpoint);
}

/* An endpoint's end wakes those who wait there. */
static void
call_and_tell(uint64_t slot)
{
	struct ipc_msg msg = {};

	heard[1].sender = ipc_call((cap_t)slot, &msg);
	kt_finish();
}

static void
recv_and_tell(uint64_t slot)
{
	ipc_recv((cap_t)slot, RECV_WAIT, &heard[2]);
	kt_finish();
}

static void
test_destroyed_endpoint(void)
{
	objname_t sent = kt_endpoint(ENDPOINT, ENDPOINT_THREAD);
	objname_t served = kt_endpoint(OTHER, ENDPOINT_THREAD);
	objname_t sender =
	    kt_thread(kt_info->space, call_and_tell, ENDPOINT, 0);
	objname_t receiver = kt_thread(kt_info->space, recv_and_tell, OTHER, 1);

	kt_start(sender);
	kt_start(receiver);
	kt_let_others_run();
	kt_destroy(sent);
	kt_destroy(served);
	(void)kt_wait();
	(void)kt_wait();
	kt_equal(heard[1].sender, TINE_ESTALE, "a queued sender is told");
	kt_ok(heard[2].sender == TINE_ESTALE && heard[2].kind == SENDER_NONE,
	    "a waiting receiver too");
	kt_destroy(sender);
	kt_destroy(receiver);
}

void
test_messages(void)
{
	objname_t endpoint = kt_endpoint(ENDPOINT, ENDPOINT_THREAD);

	test_registers_of_messages();
	kt_destroy(endpoint);
	test_kinds(ENDPOINT_THREAD, 3, SENDER_THREAD,
	    "a caller is known by its identity");
	test_kinds(
	    ENDPOINT_SPACE, TAG, SENDER_SPACE, "or by the tag of its space");
	test_send();
	test_destroyed_endpoint();
	kt_must(sys_cap_delete(ROOT_CSPACE, ENDPOINT), "cap_delete");
	kt_must(sys_cap_delete(ROOT_CSPACE, OTHER), "cap_delete");
}

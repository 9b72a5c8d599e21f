/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tokens.c - who may answer a call, and how often: once.
 */
#include "kt.h"

#define ENDPOINT KT_SLOT
#define NEXT (KT_SLOT + 1)
#define FORWARDER (KT_SLOT + 2)
#define FORWARDER_BADGE 5
#define CALLER_IDENTITY 2 /* its stack */

static const uint64_t none[MSG_WORDS];
static struct ipc_msg replied, heard;
static volatile uint64_t result, attempt;

static void
call_once(uint64_t slot)
{
	replied = (struct ipc_msg){.info = MSG_INFO(7, 2), .words = {1, 2}};
	result = (uint64_t)ipc_call((cap_t)slot, &replied);
	kt_finish();
}

static objname_t
caller_start(struct ipc_msg *msg)
{
	objname_t caller =
	    kt_thread(kt_info->space, call_once, ENDPOINT, CALLER_IDENTITY);

	result = ~0ul;
	kt_start(caller);
	ipc_recv(ENDPOINT, RECV_WAIT, msg);
	return caller;
}

/* Another receiver tries to answer what it was not asked. */
static void
answer_foreign(uint64_t unused)
{
	(void)unused;
	attempt = (uint64_t)ipc_reply(heard.token, MSG_INFO(0, 0), none);
	kt_finish();
}

static void
test_once(void)
{
	struct ipc_msg msg;
	objname_t caller = caller_start(&msg);
	objname_t thief = kt_thread(kt_info->space, answer_foreign, 0, 1);

	kt_equal(ipc_reply(msg.token + NAME_GENERATION_ONE, 0, none),
	    TINE_ESTALE, "a later token isn't good yet");
	kt_equal(ipc_reply(msg.token - NAME_GENERATION_ONE, 0, none),
	    TINE_ESTALE, "an earlier one isn't good any more");
	kt_equal(ipc_reply(caller, 0, none), TINE_ESTALE,
	    "nor is the caller's name");
	kt_equal(ipc_reply(msg.token & NAME_FRAME_MASK, 0, none), TINE_ESTALE,
	    "nor its frame");
	heard = msg;
	kt_start(thief);
	(void)kt_wait();
	kt_equal(attempt, TINE_ESTALE, "one who was not asked can't answer");
	kt_equal(result, ~0ul, "after all that the caller still waits");
	kt_equal(ipc_reply(msg.token, MSG_INFO(0, 0), none), 0,
	    "the one who was asked can");
	(void)kt_wait();
	kt_equal(result, 0, "and the caller goes on");
	kt_equal(ipc_reply(msg.token, MSG_INFO(0, 0), none), TINE_ESTALE,
	    "a second answer is refused");
	kt_destroy(caller);
	kt_destroy(thief);
}

static void
test_gone(void)
{
	struct ipc_msg msg, again;
	objname_t caller = caller_start(&msg);

	kt_destroy(caller);
	kt_equal(ipc_reply(msg.token, MSG_INFO(0, 0), none), TINE_ESTALE,
	    "the token of a destroyed caller is stale");
	caller = caller_start(&again);
	kt_ok(
	    (again.token & NAME_FRAME_MASK) == (msg.token & NAME_FRAME_MASK) &&
		again.token > msg.token,
	    "a frame's tokens only grow, across reuse of the frame");
	kt_equal(ipc_reply(msg.token, MSG_INFO(0, 0), none), TINE_ESTALE,
	    "so the old one stays stale");
	kt_must(sys_thread_stop(ROOT_MEMORY, caller), "thread_stop");
	kt_equal(ipc_reply(again.token, MSG_INFO(0, 0), none), TINE_ESTALE,
	    "the token of a stopped caller is stale");
	kt_destroy(caller);
}

static void
forward_once(uint64_t unused)
{
	(void)unused;
	ipc_recv(NEXT, RECV_WAIT, &heard);
	result = (uint64_t)ipc_reply(heard.token, MSG_INFO(8, 1), heard.words);
	kt_finish();
}

/* The new server hears the caller itself, and who forwarded it. */
static void
test_forward(void)
{
	const uint64_t words[MSG_WORDS] = {42, 43, 44};
	objname_t next = kt_endpoint(NEXT, ENDPOINT_THREAD);
	objname_t server = kt_thread(kt_info->space, forward_once, 0, 1);
	objname_t caller;
	struct ipc_msg msg;

	kt_must(sys_cap_copy(
		    ROOT_CSPACE, FORWARDER, NEXT, RIGHT_SEND, FORWARDER_BADGE),
	    "cap_copy");
	caller = caller_start(&msg);
	kt_equal(ipc_forward(FORWARDER, msg.token, MSG_INFO(11, 2), words), 0,
	    "a call can be forwarded");
	kt_equal(ipc_reply(msg.token, 0, none), TINE_ESTALE,
	    "which uses the token up");
	kt_equal(ipc_forward(FORWARDER, msg.token, 0, words), TINE_ESTALE,
	    "it can't be forwarded twice");
	kt_start(server);
	(void)kt_wait();
	(void)kt_wait();
	kt_ok(heard.sender == CALLER_IDENTITY &&
		  SENDER_KIND(heard.kind) == SENDER_THREAD,
	    "the next server hears the caller's identity");
	kt_ok((heard.kind & SENDER_FORWARDED) != 0 &&
		  SENDER_FORWARDER(heard.kind) == FORWARDER_BADGE,
	    "and the forwarder's badge");
	kt_ok(heard.info == MSG_INFO(11, 2) && heard.words[0] == 42 &&
		  heard.words[1] == 43 && heard.words[2] == 0,
	    "with the forwarder's message");
	kt_ok(heard.token > msg.token, "under a new token");
	kt_ok(result == 0 && replied.info == MSG_INFO(8, 1) &&
		  replied.words[0] == 42,
	    "and its answer goes to the caller");
	kt_destroy(caller);
	kt_destroy(server);
	kt_destroy(next);
	kt_must(sys_cap_delete(ROOT_CSPACE, FORWARDER), "cap_delete");
	kt_must(sys_cap_delete(ROOT_CSPACE, NEXT), "cap_delete");
}

/* Two callers' tokens can be held, and answered in any order. */
static void
test_order(void)
{
	struct ipc_msg first, second;
	objname_t one = caller_start(&first);
	objname_t two = kt_thread(kt_info->space, call_once, ENDPOINT, 1);

	kt_start(two);
	ipc_recv(ENDPOINT, RECV_WAIT, &second);
	kt_equal(ipc_reply(second.token, MSG_INFO(0, 0), none), 0,
	    "the later caller may be answered first");
	kt_equal(kt_wait(), 1, "it goes on");
	kt_equal(ipc_reply(first.token, MSG_INFO(0, 0), none), 0,
	    "the earlier one later");
	kt_equal(kt_wait(), CALLER_IDENTITY, "and goes on too");
	kt_destroy(one);
	kt_destroy(two);
}

void
test_tokens(void)
{
	objname_t endpoint = kt_endpoint(ENDPOINT, ENDPOINT_THREAD);

	test_once();
	test_gone();
	test_forward();
	test_order();
	kt_destroy(endpoint);
	kt_must(sys_cap_delete(ROOT_CSPACE, ENDPOINT), "cap_delete");
}

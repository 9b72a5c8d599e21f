/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * last.c - the answer that a request ends with; see last.h.
 */
#include "last.h"

#include <abi/errors.h>
#include <ipc/msg.h>
#include <ipc/slots.h>
#include <ipc/sys.h>
#include <ipc/vm.h>

#include "exit.h"
#include "lwp.h"
#include "proc.h"
#include "signal.h"

/* As often a page is brought in for one answer: a frame lies on two. */
#define TRIES 3

enum kind {
	NONE,
	ENTER,
	LEAVE,
};

static struct {
	enum kind kind;
	token_t token;
	uint64_t identity; /* of the LWP */
	struct signal_delivery delivery;
} last;

static void
last_set(enum kind kind, const struct lwp *lwp, token_t token)
{
	last.kind = kind;
	last.token = token;
	last.identity = lwp_identity(lwp);
}

/* Have a page brought in that was missing: a space's tag, page | access. */
static int
last_bring(uint64_t space, uint64_t page)
{
	struct vm_bring_rep rep;

	if (page >= USER_TOP)
		return TINE_EFAULT;
	return vm_bring(SLOT_VM,
	    &(struct vm_bring_req){
		.space = space,
		.address = page & ~PAGE_MASK,
		.access = page & PAGE_MASK,
	    },
	    &rep);
}

static struct sysret
last_give(void)
{
	if (last.kind == ENTER)
		return sys_reply_signal(last.token, &last.delivery);
	return sys_reply_window(last.token);
}

/* The answer could not be given: mend that, or end the process. */
static void
last_mend(struct sysret failed)
{
	struct lwp *lwp = lwp_lookup(last.identity);
	int error = (int)failed.error;

	for (uint32_t i = 0; i < TRIES && failed.error == TINE_EFAULT; i++) {
		error = last_bring(failed.value2, failed.value3);
		if (error)
			break;
		failed = last_give();
		error = (int)failed.error;
	}
	last.kind = NONE;
	/* A thread that is gone has nothing to go on with. */
	if (error && error != TINE_ESTALE && lwp != NULL)
		proc_doom(lwp->proc, SIGSEGV);
}

/* Give the answer now, if there is one. */
static void
last_flush(void)
{
	struct sysret given;

	if (last.kind == NONE)
		return;
	given = last_give();
	if (given.error)
		last_mend(given);
	last.kind = NONE;
}

struct signal_delivery *
last_delivery(void)
{
	last_flush();
	return &last.delivery;
}

void
last_enter(const struct lwp *lwp, token_t token)
{
	last_set(ENTER, lwp, token);
}

void
last_leave(const struct lwp *lwp, token_t token)
{
	last_flush();
	last_set(LEAVE, lwp, token);
}

/*
 * Give the answer, and end who could not have it.  That may let another LWP
 * enter a handler, a parent for instance, and so on.
 */
static void
last_settle(void)
{
	while (last.kind != NONE) {
		last_flush();
		exit_doomed();
	}
}

void
last_receive(struct ipc_msg *msg)
{
	if (msg->token != 0)
		last_settle();
	if (last.kind == ENTER)
		ipc_reply_signal(SLOT_OWN, last.token, &last.delivery, msg);
	else if (last.kind == LEAVE)
		ipc_reply_window(SLOT_OWN, last.token, msg);
	if (last.kind != NONE && SENDER_KIND(msg->kind) == SENDER_NONE) {
		last_mend((struct sysret){.error = msg->sender,
		    .value2 = msg->words[0],
		    .value3 = msg->words[1]});
		exit_doomed();
		last_settle();
		msg->token = 0;
	} else if (last.kind != NONE) {
		last.kind = NONE;
		return;
	}
	ipc_reply_recv(SLOT_OWN, msg);
}

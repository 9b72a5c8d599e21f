/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_fake_time.c - time and the terminal, as procsrv's tests need them.
 */
#include "proc_fake_time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <ipc/message.h>
#include <ipc/slots.h>
#include <ipc/sys.h>
#include <ipc/tty.h>
#include <ipc/vm.h>
#include <procsrv/serve.h>
#include <procsrv/times.h>

#include "proc_fake.h"

#define RUNS 4096u
#define TYPED_MAX 16u

uint64_t fake_cycles_measured;
uint32_t fake_restarts, fake_restarted;
int fake_restart_error;

static struct {
	uint64_t identity;
	uint64_t cycles;
} runs[RUNS];
static int32_t typed[TYPED_MAX];
static uint32_t typed_count;

void
clock_measure(uint64_t ticks, uint64_t *ticksp, uint64_t *cyclesp)
{
	*ticksp = ticks;
	*cyclesp = fake_cycles_measured != 0 ? fake_cycles_measured
					     : ticks * FAKE_CYCLES_IN_A_TICK;
}

/* The place of an identity; a new one has run for nothing. */
static uint64_t *
run_of(uint64_t identity)
{
	for (uint32_t i = 0; i < RUNS; i++) {
		if (runs[i].identity == 0)
			runs[i].identity = identity;
		if (runs[i].identity == identity)
			return &runs[i].cycles;
	}
	fail();
	return NULL;
}

void
fake_run(uint64_t identity, uint64_t cycles)
{
	*run_of(identity) += cycles;
}

struct sysret
sys_thread_times(uint64_t auth, objname_t thread)
{
	uint64_t identity = fake_thread_identity(thread);

	assert_int_equal(auth, SLOT_STEWARD);
	/* Nobody asks for a thread that is gone. */
	assert_int_not_equal(identity, 0);
	for (uint32_t i = 0; i < RUNS && runs[i].identity != 0; i++) {
		if (runs[i].identity == identity)
			return (struct sysret){.value = runs[i].cycles};
	}
	return (struct sysret){0};
}

static void
notify(uint64_t bits)
{
	struct ipc_msg msg = {
	    .info = MSG_INFO(0, 1),
	    .words = {bits},
	    .kind = SENDER_NOTIFICATION,
	};

	fake_serve(&msg);
	/* There is nobody to answer. */
	assert_int_equal(msg.token, 0);
}

void
fake_time_pass(uint64_t now)
{
	while (fake_timer <= now) {
		if (fake_timer > fake_now)
			fake_now = fake_timer;
		/* The kernel's timer fires once. */
		fake_timer = ~0ul;
		notify(EVENT_TIMER);
	}
	fake_now = now;
}

bool
fake_time_event(void)
{
	notify(EVENT_TIMER);
	return fake_timer != ~0ul;
}

void
fake_typed(int32_t signal)
{
	assert_true(typed_count < TYPED_MAX);
	typed[typed_count++] = signal;
}

void
fake_tty_notify(void)
{
	notify(EVENT_TTY);
}

void
fake_tty_event(struct ipc_msg *msg)
{
	struct tty_event_rep rep = {};

	if (typed_count == 0) {
		ipc_error(msg, TINE_ENOENT);
		return;
	}
	rep.signal = typed[0];
	memmove(typed, typed + 1, --typed_count * sizeof(typed[0]));
	ipc_pack(msg, 0, &rep, sizeof(rep));
}

void
fake_server_restart(struct ipc_msg *msg)
{
	struct vm_server_restart_req req;

	assert_int_equal(MSG_COUNT(msg->info), IPC_COUNT(sizeof(req)));
	memcpy(&req, msg->words, sizeof(req));
	fake_restarts++;
	fake_restarted = req.badge;
	ipc_error(msg, fake_restart_error);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_fake_time.h - time and the terminal, as procsrv's tests need them.
 */
#ifndef TINE_FAKE_PROC_FAKE_TIME_H
#define TINE_FAKE_PROC_FAKE_TIME_H

#include <abi/types.h>
#include <ipc/msg.h>

/* What clock_measure() finds: cycles in a tick, unless set otherwise. */
#define FAKE_CYCLES_IN_A_TICK 4u
extern uint64_t fake_cycles_measured; /* in as many ticks as were asked for */

/* Let the thread with this identity have run for some more cycles. */
void fake_run(uint64_t identity, uint64_t cycles);

/* Let time pass to a tick, with EVENT_TIMER whenever procsrv asked for it. */
void fake_time_pass(uint64_t now);

/* An EVENT_TIMER that nobody asked for; whether a timer runs after it. */
bool fake_time_event(void);

/* Type what sends a signal; several are kept until procsrv fetches them. */
void fake_typed(int32_t signal);
/* Tell procsrv to fetch. */
void fake_tty_notify(void);

/* How often vmsrv was asked to restart which server, and its answer. */
extern uint32_t fake_restarts;
extern uint32_t fake_restarted;
extern int fake_restart_error;

/* ttysrv's answer to tty_event(). */
void fake_tty_event(struct ipc_msg *msg);
/* vmsrv's server_restart. */
void fake_server_restart(struct ipc_msg *msg);

#endif

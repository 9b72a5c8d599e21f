/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * invariants.h - the invariants of the kernel's structures, as assertions.
 *
 * Each of these panics if what the header of a structure says of it is not
 * so.  The caller holds the kernel lock.
 */
#pragma once

struct cap;
struct endpoint;
struct irq;
struct notification;
struct space;
struct thread;

void frame_check(void);
void cap_check(const struct cap *slots);
void thread_check(const struct thread *thread);
void endpoint_check(const struct endpoint *endpoint);
void irq_check(const struct irq *irq);
void notification_check(const struct notification *notification);
void space_check(const struct space *space);

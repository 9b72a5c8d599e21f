/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake_kernel.c - callers of ttysrv, its timer and its UART, made up.
 */
#include "fake_kernel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <ipc/copy.h>
#include <ipc/slots.h>
#include <ipc/sys.h>

#include "serve.h"

struct fake fake;

void
fake_reset(void)
{
	fake_uart.receive = false;
	fake_uart.transmit = false;
	memset(&fake, 0, sizeof(fake));
	fake.input = "";
	fake.room = FAKE_ROOM;
	for (size_t i = 0; i < CALLERS; i++)
		fake.callers[i].readable = CALLER_WINDOW;
}

static struct caller *
caller_of(token_t token)
{
	assert_true(token >= 1 && token <= CALLERS);
	return &fake.callers[token - 1];
}

static int
copy_check(const struct caller *caller, uint64_t offset, size_t length)
{
	assert_false(caller->answered);
	if (caller->dead)
		return TINE_ESTALE;
	if (offset + length > caller->readable)
		return TINE_EFAULT;
	return 0;
}

int
ipc_copy_in(token_t token, uint64_t offset, void *own, size_t length)
{
	struct caller *caller = caller_of(token);
	int error = copy_check(caller, offset, length);

	if (error == 0)
		memcpy(own, caller->window + offset, length);
	return error;
}

int
ipc_copy_out(token_t token, uint64_t offset, const void *own, size_t length)
{
	struct caller *caller = caller_of(token);
	int error = copy_check(caller, offset, length);

	/* As libipc's: nothing to copy, nothing to find out. */
	if (length == 0)
		return 0;
	if (error)
		return error;
	memcpy(caller->window + offset, own, length);
	if (caller->dies_after_copy)
		caller->dead = true;
	return 0;
}

/* Nothing, to or from a caller, is copied to learn whether it is there. */
struct sysret
sys_copy(token_t dst_token, uint64_t dst, token_t src_token, uint64_t src,
    uint64_t length)
{
	assert_true(dst == 0 && src_token == 0 && src == 0 && length == 0);
	if (caller_of(dst_token)->dead)
		return (struct sysret){.error = TINE_ESTALE};
	return (struct sysret){.error = 0};
}

int
ipc_reply(token_t token, uint64_t info, const uint64_t words[MSG_WORDS])
{
	struct caller *caller = caller_of(token);

	assert_false(caller->answered);
	if (caller->dead)
		return TINE_ESTALE;
	caller->answered = true;
	caller->order = ++fake.answers;
	caller->error = (int)MSG_LABEL(info);
	if (caller->error == 0)
		assert_int_equal(MSG_COUNT(info), 1);
	caller->bytes = words[0];
	return 0;
}

/* Of the client's stubs in ipc/tty.h, which nobody here uses. */
int
ipc_call(cap_t endpoint, struct ipc_msg *msg)
{
	(void)endpoint;
	(void)msg;
	fail();
	return TINE_EBADF;
}

struct sysret
sys_timer_set(uint64_t notification, uint64_t deadline, uint64_t bits)
{
	assert_int_equal(notification, SLOT_NOTIFICATION);
	assert_int_not_equal(bits, 0);
	fake.deadline = deadline;
	return (struct sysret){.error = 0};
}

struct sysret
sys_irq_bind(uint64_t irq, uint64_t notification, uint64_t bits)
{
	assert_int_equal(irq, SLOT_IRQ);
	assert_int_equal(notification, SLOT_NOTIFICATION);
	assert_int_not_equal(bits, 0);
	if (!fake.has_irq)
		return (struct sysret){.error = TINE_EBADF};
	fake.irq_bits = bits;
	return (struct sysret){.error = 0};
}

struct sysret
sys_irq_ack(uint64_t irq)
{
	assert_int_equal(irq, SLOT_IRQ);
	assert_true(fake.claimed);
	fake.claimed = false;
	return (struct sysret){.error = 0};
}

struct sysret
sys_notify(uint64_t notification, uint64_t bits)
{
	assert_int_equal(notification, SLOT_PROC_EVENT);
	fake.events |= bits;
	fake.notified++;
	return (struct sysret){.error = 0};
}

void
fake_type(const char *text)
{
	fake.input = text;
	fake.ninput = strlen(text);
}

bool
fake_irq(void)
{
	return fake.irq_bits != 0 && ((fake.receive && fake.ninput > 0) ||
					 (fake.transmit && fake.room > 0));
}

uint64_t
clock_now(void)
{
	fake.now += fake.step;
	return fake.now;
}

static void
fake_start(struct uart *uart)
{
	(void)uart;
}

static void
fake_interrupt(struct uart *uart, bool receive, bool transmit)
{
	(void)uart;
	fake.receive = receive;
	fake.transmit = transmit;
}

static bool
fake_try_put(struct uart *uart, uint8_t byte)
{
	(void)uart;
	if (fake.room == 0) {
		fake.room = fake.refill;
		return false;
	}
	if (fake.room != FAKE_ROOM)
		fake.room--;
	assert_true(fake.noutput < sizeof(fake.output));
	fake.output[fake.noutput++] = byte;
	return true;
}

static bool
fake_try_get(struct uart *uart, uint8_t *byte)
{
	(void)uart;
	if (fake.ninput == 0)
		return false;
	*byte = (uint8_t)*fake.input++;
	fake.ninput--;
	return true;
}

static const struct uart_driver fake_driver = {
    .start = fake_start,
    .interrupt = fake_interrupt,
    .try_put = fake_try_put,
    .try_get = fake_try_get,
};

struct uart fake_uart = {.driver = &fake_driver};

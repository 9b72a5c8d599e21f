/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * devices.c - lines of the PLIC, and the interrupts of real devices.
 *
 * Two sources can be made to interrupt from here: the console's UART, as long
 * as it has room to send; and a device that counts time, which does so when
 * all harts may be idle.  The latter is not in the boot information: what it is
 * on either board is written here.
 */
#include "kt.h"

#define ENDPOINT KT_SLOT
#define NOTE (KT_SLOT + 1)
#define IRQ (KT_SLOT + 2)
#define IRQ2 (KT_SLOT + 3)
#define OTHER (KT_SLOT + 4)
/* The device is mapped here, by a table that the image has anyway. */
#define DEVICE 0x1ff000ul
#define BITS 0x100ul
#define NO_LINE 1024

/* ns16550: interrupt enable, transmitter empty; one that is enabled again. */
#define NS16550_IER 1
#define NS16550_IER_THRE 2
/*
 * SiFive UART: interrupt enable, transmit watermark, which is pending while
 * fewer bytes wait than the transmit control says.
 */
#define SIFIVE_UART_TXCTRL 2
#define SIFIVE_UART_TXCTRL_ONE (1 | 1 << 16) /* on, less than one */
#define SIFIVE_UART_IE 4
#define SIFIVE_UART_IE_TXWM 1

/* Goldfish RTC of QEMU's "virt": words; nanoseconds. */
#define RTC_BASE 0x101000
#define RTC_LINE 11
enum rtc { TIME_LOW, TIME_HIGH, ALARM_LOW, ALARM_HIGH, IRQ_ON, CLEAR_ALARM };
#define RTC_CLEAR_INTERRUPT 7
#define RTC_DELAY 20000000ul

/* PWM 0 of the FU540: words; at 500 MHz a scale of 8 makes 0.5 us. */
#define PWM_BASE 0x10020000
#define PWM_LINE 42
enum pwm { PWM_CONFIG = 0, PWM_COUNT = 2, PWM_COMPARE = 8 };
#define PWM_CONFIG_ONCE (8 | 1 << 9 | 1 << 13) /* scale, zerocmp, enoneshot */
#define PWM_DELAY 40000 /* 20 ms */
#define PWM_NEVER 0xffff

static volatile uint32_t *const word = (volatile uint32_t *)DEVICE;

static void
device_map(paddr_t base)
{
	kt_must(sys_space_map(ROOT_MEMORY, kt_info->space, DEVICE,
		    base >> PAGE_SHIFT,
		    MAP_PAGE_READ | MAP_PAGE_WRITE | MAP_PAGE_DEVICE |
			MAP_PAGE_DEVICE_SLOT(ROOT_DEVICES),
		    0),
	    "map a device");
}

static void
device_unmap(void)
{
	kt_must(
	    sys_space_unmap(ROOT_MEMORY, kt_info->space, DEVICE, 1), "unmap");
}

/* Let the UART interrupt, from now on, as it has nothing to send; or not. */
static void
uart_interrupt(bool on)
{
	uint64_t shift = kt_info->console_shift & 0xff;
	volatile uint8_t *byte = (volatile uint8_t *)DEVICE;

	if (kt_info->console_kind == CONSOLE_SIFIVE) {
		word[SIFIVE_UART_TXCTRL] = SIFIVE_UART_TXCTRL_ONE;
		word[SIFIVE_UART_IE] = on ? SIFIVE_UART_IE_TXWM : 0;
	} else
		byte[NS16550_IER << shift] = on ? NS16550_IER_THRE : 0;
}

/* The same, for one that is on already. */
static void
uart_interrupt_again(void)
{
	uart_interrupt(false);
	uart_interrupt(true);
}

static void
rtc_interrupt(bool on)
{
	uint64_t when = word[TIME_LOW];

	when |= (uint64_t)word[TIME_HIGH] << 32;
	when += RTC_DELAY;
	word[CLEAR_ALARM] = 1;
	word[RTC_CLEAR_INTERRUPT] = 1;
	word[IRQ_ON] = on;
	if (!on)
		return;
	word[ALARM_HIGH] = (uint32_t)(when >> 32);
	word[ALARM_LOW] = (uint32_t)when;
}

static void
pwm_interrupt(bool on)
{
	for (unsigned int i = 0; i < 4; i++)
		word[PWM_COMPARE + i] = PWM_NEVER;
	word[PWM_CONFIG] = 0;
	word[PWM_COUNT] = 0;
	if (!on)
		return;
	word[PWM_COMPARE] = PWM_DELAY;
	word[PWM_CONFIG] = PWM_CONFIG_ONCE;
}

/* Let the device that counts time interrupt later; or no more. */
static void
clock_interrupt(bool on)
{
	if (kt_info->console_kind == CONSOLE_SIFIVE)
		pwm_interrupt(on);
	else
		rtc_interrupt(on);
}

static uint64_t
wait_bits(void)
{
	return kt_bits(ENDPOINT, RECV_WAIT);
}

/* What comes in a time in which an interrupt surely would have. */
static uint64_t
no_bits(void)
{
	uint64_t end = kt_now() + kt_info->timebase / 1000;

	while (kt_now() < end)
		continue;
	return kt_bits(ENDPOINT, RECV_POLL);
}

/*
 * The device that was told so interrupts no more; what the PLIC has accepted
 * already still comes, once (PLIC specification 1.0.0, 7).
 */
static void
quiet(void)
{
	kt_must(sys_irq_ack(IRQ), "irq_ack");
	if (no_bits() != 0)
		kt_must(sys_irq_ack(IRQ), "irq_ack");
}

static void
uart_quiet(void)
{
	uart_interrupt(false);
	quiet();
}

static objname_t
irq_make(uint64_t line, uint64_t slot)
{
	objname_t name = kt_create(KIND_IRQ, line, 0);

	kt_must(
	    sys_cap_name(ROOT_MEMORY, ROOT_CSPACE, slot, name, RIGHT_IRQ, 0),
	    "cap_name");
	return name;
}

static void
test_lines(void)
{
	objname_t irq = irq_make(kt_info->console_irq, IRQ);

	kt_equal(sys_create(ROOT_MEMORY, KIND_IRQ, 0, 0).error, TINE_EINVAL,
	    "there is no line 0");
	kt_equal(sys_create(ROOT_MEMORY, KIND_IRQ, NO_LINE, 0).error,
	    TINE_EINVAL, "nor one that no PLIC has");
	kt_equal(sys_create(ROOT_MEMORY, KIND_IRQ, ~0ul, 0).error, TINE_EINVAL,
	    "nor the last of all");
	kt_equal(
	    sys_create(ROOT_MEMORY, KIND_IRQ, kt_info->console_irq, 0).error,
	    TINE_EBUSY, "a line is taken only once");
	kt_equal(sys_cap_name(ROOT_MEMORY, ROOT_CSPACE, IRQ2, irq,
		     RIGHT_IRQ | RIGHT_NOTIFY, 0)
		     .error,
	    TINE_EINVAL, "an irq has no rights but its own");
	kt_destroy(irq);
	kt_equal(sys_irq_ack(IRQ).error, TINE_ESTALE, "then it is gone");
	irq = irq_make(kt_info->console_irq, IRQ);
	kt_ok(true, "and can be taken again");
	kt_destroy(irq);
}

static void
test_refusals(void)
{
	objname_t other = kt_notification(OTHER);

	kt_equal(sys_irq_bind(NOTE, NOTE, BITS).error, TINE_EBADF,
	    "irq_bind: not an irq");
	kt_equal(sys_irq_bind(~0ul, NOTE, BITS).error, TINE_EBADF,
	    "irq_bind: absurd slot");
	kt_equal(sys_irq_bind(IRQ, ENDPOINT, BITS).error, TINE_EBADF,
	    "irq_bind: to an endpoint");
	kt_equal(sys_irq_bind(IRQ, ~0ul, BITS).error, TINE_EBADF,
	    "irq_bind: to an absurd slot");
	kt_must(sys_cap_copy(ROOT_CSPACE, IRQ2, OTHER, RIGHT_WAIT, 0), "copy");
	kt_equal(sys_irq_bind(IRQ, IRQ2, BITS).error, TINE_EBADF,
	    "irq_bind: without the right to notify");
	kt_destroy(other);
	kt_equal(sys_irq_bind(IRQ, OTHER, BITS).error, TINE_ESTALE,
	    "irq_bind: to what is gone");
	kt_equal(sys_irq_ack(NOTE).error, TINE_EBADF, "irq_ack: not an irq");
	kt_equal(sys_irq_ack(IRQ2).error, TINE_EBADF, "irq_ack: without right");
	kt_equal(sys_irq_ack(IRQ).error, 0, "irq_ack: of nothing is harmless");
}

static void
test_interrupt(void)
{
	uint64_t interrupts = kt_stat(STAT_INTERRUPTS);

	uart_interrupt(true);
	kt_equal(no_bits(), 0, "a line that is not bound is silent");
	kt_must(sys_irq_bind(IRQ, NOTE, BITS), "irq_bind");
	kt_equal(wait_bits(), BITS, "bound, what waits interrupts at once");
	uart_interrupt_again();
	kt_equal(no_bits(), 0, "not again before it is acknowledged");
	kt_equal(kt_stat(STAT_INTERRUPTS), interrupts + 1, "it counts once");
	kt_must(sys_irq_ack(IRQ), "irq_ack");
	kt_equal(wait_bits(), BITS, "but then, as the device still waits");
	kt_equal(kt_stat(STAT_INTERRUPTS), interrupts + 2, "and counts again");
	uart_quiet();
	kt_equal(no_bits(), 0, "a device that is content does not");
	uart_interrupt(true);
	kt_equal(wait_bits(), BITS, "one that is not any more does");
	uart_interrupt_again();
	kt_must(sys_irq_bind(IRQ, NOTE, 2 * BITS), "irq_bind");
	kt_equal(wait_bits(), 2 * BITS, "binding again acknowledges too");
	uart_quiet();
}

static void
test_notification_gone(void)
{
	objname_t other = kt_notification(OTHER);
	uint64_t interrupts = kt_stat(STAT_INTERRUPTS);

	kt_must(sys_irq_bind(IRQ, OTHER, BITS), "irq_bind");
	kt_destroy(other);
	uart_interrupt_again();
	kt_equal(no_bits(), 0, "a notification that is gone gets no bits");
	kt_equal(kt_stat(STAT_INTERRUPTS), interrupts + 1,
	    "and its line falls silent after one interrupt");
	uart_interrupt_again();
	kt_must(sys_irq_bind(IRQ, NOTE, BITS), "irq_bind");
	kt_equal(wait_bits(), BITS, "until it is bound to another");
}

/* The line is claimed: the last one did not acknowledge. */
static void
test_irq_gone(objname_t irq)
{
	uint64_t interrupts = kt_stat(STAT_INTERRUPTS);

	kt_destroy(irq);
	uart_interrupt_again();
	kt_equal(no_bits(), 0, "nobody's line sets no bits");
	kt_equal(kt_stat(STAT_INTERRUPTS), interrupts, "nor does it interrupt");
	irq = irq_make(kt_info->console_irq, IRQ);
	kt_must(sys_irq_bind(IRQ, NOTE, BITS), "irq_bind");
	uart_interrupt_again();
	kt_equal(wait_bits(), BITS,
	    "an irq that goes while claimed leaves its line to the next");
	uart_interrupt(false);
	kt_destroy(irq);
}

static void
interrupt_and_spin(uint64_t flag)
{
	uart_interrupt_again();
	while (*(volatile uint64_t *)flag == 0)
		continue;
	uart_interrupt(false);
	kt_finish();
}

static void
test_preemption(void)
{
	static uint64_t flag;
	objname_t irq = irq_make(kt_info->console_irq, IRQ);
	objname_t thread =
	    kt_thread(kt_info->space, interrupt_and_spin, (uintptr_t)&flag, 0);

	kt_must(sys_irq_bind(IRQ, NOTE, BITS), "irq_bind");
	kt_start(thread);
	kt_equal(wait_bits(), BITS, "a driver runs before who is less urgent");
	flag = 1;
	(void)kt_wait();
	kt_destroy(thread);
	kt_destroy(irq);
}

static void
test_idle(void)
{
	bool sifive = kt_info->console_kind == CONSOLE_SIFIVE;
	objname_t irq = irq_make(sifive ? PWM_LINE : RTC_LINE, IRQ);

	device_map(sifive ? PWM_BASE : RTC_BASE);
	kt_must(sys_irq_bind(IRQ, NOTE, BITS), "irq_bind");
	for (unsigned int i = 0; i < 3; i++) {
		clock_interrupt(true);
		kt_equal(kt_bits(ENDPOINT, RECV_POLL), 0, "not yet");
		kt_equal(wait_bits(), BITS, "an idle hart takes interrupts");
		clock_interrupt(false);
		quiet();
	}
	kt_equal(no_bits(), 0, "all were seen to");
	kt_destroy(irq);
	device_unmap();
}

void
test_devices(void)
{
	objname_t endpoint = kt_endpoint(ENDPOINT, ENDPOINT_THREAD);
	objname_t note = kt_notification(NOTE);
	objname_t irq;

	kt_configure(kt_info->thread, THREAD_NOTIFICATION, NOTE);
	device_map(kt_info->console_base);
	test_lines();
	irq = irq_make(kt_info->console_irq, IRQ);
	test_refusals();
	test_interrupt();
	test_notification_gone();
	test_irq_gone(irq);
	test_preemption();
	device_unmap();
	test_idle();
	kt_destroy(note);
	kt_destroy(endpoint);
	for (uint64_t slot = ENDPOINT; slot <= OTHER; slot++)
		kt_must(sys_cap_delete(ROOT_CSPACE, slot), "cap_delete");
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_uart.c - ttysrv's UART drivers, with memory for registers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <abi/boot.h>
#include <abi/errors.h>

#include "uart.h"

static uint32_t registers[16];
static struct uart uart;

static void
open_uart(uint32_t kind, uint32_t layout)
{
	memset(registers, 0, sizeof(registers));
	assert_int_equal(
	    uart_open(&uart, kind, (uintptr_t)registers, layout), 0);
}

static void
the_16550_is_driven_byte_by_byte(void **state)
{
	uint8_t *bytes = (uint8_t *)registers;
	uint8_t byte;

	(void)state;
	open_uart(CONSOLE_NS16550, 0);
	assert_false(uart_put(&uart, 'x'));
	assert_false(uart_get(&uart, &byte));
	bytes[5] = 0x20;
	assert_true(uart_put(&uart, 'x'));
	assert_int_equal(bytes[0], 'x');
	assert_int_equal(bytes[1], 0);
	assert_false(uart_get(&uart, &byte));
	bytes[5] = 0x61;
	bytes[0] = 0xfe;
	assert_true(uart_get(&uart, &byte));
	assert_int_equal(byte, 0xfe);
}

static void
the_16550_may_have_wide_registers_far_apart(void **state)
{
	uint8_t byte;

	(void)state;
	/* reg-shift 2, reg-io-width 4. */
	open_uart(CONSOLE_NS16550, 2 | 2 << 8);
	registers[5] = 0x20;
	registers[0] = 0xdeadbeef;
	assert_true(uart_put(&uart, 'x'));
	assert_int_equal(registers[0], 'x');
	/* reg-shift 2, bytes: the rest of the word is left alone. */
	open_uart(CONSOLE_NS16550, 2);
	registers[5] = 0x21;
	registers[0] = 0xdeadbe00;
	assert_true(uart_put(&uart, 'x'));
	assert_int_equal(registers[0], 0xdeadbe00 | 'x');
	assert_true(uart_get(&uart, &byte));
	assert_int_equal(byte, 'x');
	/* reg-shift 1, reg-io-width 2. */
	open_uart(CONSOLE_NS16550, 1 | 1 << 8);
	((uint16_t *)registers)[5] = 0x20;
	registers[0] = 0xdeadbeef;
	assert_true(uart_put(&uart, 'x'));
	assert_int_equal(registers[0], 0xdead0000 | 'x');
}

static void
the_sifive_uart_is_enabled_and_driven(void **state)
{
	uint8_t byte;

	(void)state;
	open_uart(CONSOLE_SIFIVE, 0);
	/* On, and an interrupt with fewer than 4 bytes to send, or any one. */
	assert_int_equal(registers[2], 0x40001);
	assert_int_equal(registers[3], 1);
	assert_int_equal(registers[4], 0);
	assert_true(uart_put(&uart, 'x'));
	assert_int_equal(registers[0], 'x');
	registers[0] = 0x80000000;
	assert_false(uart_put(&uart, 'y'));
	assert_int_equal(registers[0], 0x80000000);
	registers[1] = 0x80000041;
	assert_false(uart_get(&uart, &byte));
	registers[1] = 0x41;
	assert_true(uart_get(&uart, &byte));
	assert_int_equal(byte, 'A');
}

static void
the_16550_takes_as_much_as_its_fifo_holds(void **state)
{
	uint8_t *bytes = (uint8_t *)registers;

	(void)state;
	/* Memory for registers answers with what was written: no FIFO. */
	open_uart(CONSOLE_NS16550, 0);
	assert_int_equal(bytes[2], 1);
	bytes[5] = 0x20;
	assert_true(uart_put(&uart, 'x'));
	bytes[5] = 0;
	assert_false(uart_put(&uart, 'x'));
	/* With one: sixteen bytes once it is empty, whatever is read then. */
	uart.depth = 16;
	for (int turn = 0; turn < 3; turn++) {
		bytes[5] = 0x20;
		for (int i = 0; i < 16; i++) {
			assert_true(uart_put(&uart, 'a'));
			bytes[5] = 0;
		}
		assert_false(uart_put(&uart, 'a'));
	}
}

static void
interrupts_are_enabled_as_they_are_wanted(void **state)
{
	const struct {
		uint32_t kind;
		uint32_t number;
		uint32_t receive;
		uint32_t transmit;
	} cases[] = {
	    {CONSOLE_NS16550, 1, 1, 2},
	    {CONSOLE_SIFIVE, 4, 2, 1},
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		/* Both with registers of four bytes. */
		uint32_t *enable = &registers[cases[i].number];

		open_uart(cases[i].kind, 2 | 2 << 8);
		assert_int_equal(*enable, 0);
		uart_interrupt(&uart, true, false);
		assert_int_equal(*enable, cases[i].receive);
		uart_interrupt(&uart, true, true);
		assert_int_equal(*enable, cases[i].receive | cases[i].transmit);
		uart_interrupt(&uart, false, true);
		assert_int_equal(*enable, cases[i].transmit);
		/* What does not change is not written. */
		*enable = 0x55;
		uart_interrupt(&uart, false, true);
		assert_int_equal(*enable, 0x55);
		uart_interrupt(&uart, false, false);
		assert_int_equal(*enable, 0);
	}
}

static void
a_uart_without_a_driver_is_refused(void **state)
{
	(void)state;
	assert_int_equal(uart_open(&uart, CONSOLE_NONE, 0, 0), TINE_ENODEV);
	assert_int_equal(uart_open(&uart, 99, 0, 0), TINE_ENODEV);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_16550_is_driven_byte_by_byte),
	    cmocka_unit_test(the_16550_may_have_wide_registers_far_apart),
	    cmocka_unit_test(the_sifive_uart_is_enabled_and_driven),
	    cmocka_unit_test(the_16550_takes_as_much_as_its_fifo_holds),
	    cmocka_unit_test(interrupts_are_enabled_as_they_are_wanted),
	    cmocka_unit_test(a_uart_without_a_driver_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

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
	assert_false(uart.driver->try_put(&uart, 'x'));
	assert_false(uart_get(&uart, &byte));
	bytes[5] = 0x20;
	uart_put(&uart, 'x');
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
	uart_put(&uart, 'x');
	assert_int_equal(registers[0], 'x');
	/* reg-shift 2, bytes: the rest of the word is left alone. */
	open_uart(CONSOLE_NS16550, 2);
	registers[5] = 0x21;
	registers[0] = 0xdeadbe00;
	uart_put(&uart, 'x');
	assert_int_equal(registers[0], 0xdeadbe00 | 'x');
	assert_true(uart_get(&uart, &byte));
	assert_int_equal(byte, 'x');
	/* reg-shift 1, reg-io-width 2. */
	open_uart(CONSOLE_NS16550, 1 | 1 << 8);
	((uint16_t *)registers)[5] = 0x20;
	registers[0] = 0xdeadbeef;
	uart_put(&uart, 'x');
	assert_int_equal(registers[0], 0xdead0000 | 'x');
}

static void
the_sifive_uart_is_enabled_and_driven(void **state)
{
	uint8_t byte;

	(void)state;
	open_uart(CONSOLE_SIFIVE, 0);
	assert_int_equal(registers[2], 1);
	assert_int_equal(registers[3], 1);
	assert_int_equal(registers[4], 0);
	uart_put(&uart, 'x');
	assert_int_equal(registers[0], 'x');
	registers[0] = 0x80000000;
	assert_false(uart.driver->try_put(&uart, 'y'));
	registers[1] = 0x80000041;
	assert_false(uart_get(&uart, &byte));
	registers[1] = 0x41;
	assert_true(uart_get(&uart, &byte));
	assert_int_equal(byte, 'A');
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
	    cmocka_unit_test(a_uart_without_a_driver_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

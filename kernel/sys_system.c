/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys_system.c - calls on the system as a whole.
 */
#include "arch/riscv/sbi.h"
#include "kassert.h"
#include "platform/platform.h"
#include "syscall.h"

#include <abi/errors.h>
#include <abi/page.h>

int
sys_system_power(struct thread *self, void *object, const uint64_t *args)
{
	uint64_t end = arch_now() + slice_ticks;

	if (args[1] > POWER_RESET || args[2] > 255)
		return TINE_EINVAL;
	KCHECK(frame_check());
	/*
	 * A UART sends its last bytes later and need not tell when: 10 ms are
	 * a FIFO of a usual size at 115200 baud, with room.
	 */
	arch_set_timer(end);
	while (arch_now() < end)
		arch_wait();
	if (args[1] == POWER_RESET)
		(void)sbi_call(SBI_SYSTEM_RESET, SBI_COLD_REBOOT);
	else
		platform_off((int)args[2]);
	return TINE_ENOTSUP;
}

/* The counters that a call, or a reply, on the fast path is part of. */
static const bool counts_call[STAT_COUNT] = {
    [STAT_TRAPS] = true, [STAT_SWITCHES] = true, [STAT_CALLS] = true};
static const bool counts_reply[STAT_COUNT] = {
    [STAT_TRAPS] = true, [STAT_SWITCHES] = true, [STAT_REPLIES] = true};

int
sys_system_stat(struct thread *self, void *object, const uint64_t *args)
{
	uint64_t stat = args[1];
	uint64_t sum = 0;

	if (stat >= STAT_COUNT)
		return TINE_EINVAL;
	if (stat == STAT_FREE_FRAMES)
		sum = frames.free_count;
	else if (stat == STAT_FRAMES)
		sum = frames.given;
	else if (stat == STAT_SBI_CALLS)
		sum = sbi_calls;
	for (uint64_t i = 0; i < nharts; i++)
		sum += harts[i].counters[stat] +
		       counts_call[stat] * harts[i].fast_calls +
		       counts_reply[stat] * harts[i].fast_replies;
	syscall_result(self, 1, sum);
	return 0;
}

int
sys_system_putc(struct thread *self, void *object, const uint64_t *args)
{
	(void)sbi_call(SBI_PUTCHAR, (uint8_t)args[1]);
	return 0;
}

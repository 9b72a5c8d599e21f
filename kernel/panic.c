/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * panic.c - the end, and its report.
 */
#include "panic.h"

#include "arch/riscv/sbi.h"
#include "arch/riscv/semihost.h"

#define BACKTRACE_MAX 32

/* Encodings of the calls that leave a return address in ra. */
#define JAL_MASK 0xfffu
#define JAL_RA 0x0efu /* jal ra, offset */
#define JALR_MASK 0x7fffu
#define JALR_RA 0x00e7u /* jalr ra, offset(rs1) */
#define C_JALR_MASK 0xf07fu
#define C_JALR 0x9002u /* c.jalr rs1 */
#define C_EBREAK 0x9002u /* the same with rs1 = x0 */
#define CALL_BYTES_MIN 2ul
#define CALL_BYTES_MAX 4ul

/* The kernel's text, from the linker script. */
extern const char kernel_text[];
extern const char kernel_text_end[];

static bool semihosting;

void
panic_set_semihosting(bool allowed)
{
	semihosting = allowed;
}

bool
panic_follows_call(uintptr_t address, uintptr_t text, uintptr_t text_end)
{
	const uint16_t *parcel = (const uint16_t *)address;
	uint32_t wide;

	if (address % 2 != 0 || address < text + CALL_BYTES_MAX ||
	    address > text_end)
		return false;
	if ((parcel[-1] & C_JALR_MASK) == C_JALR && parcel[-1] != C_EBREAK)
		return true;
	wide = (uint32_t)parcel[-1] << 16 | parcel[-2];
	return (wide & JAL_MASK) == JAL_RA || (wide & JALR_MASK) == JALR_RA;
}

/* Print what looks like return addresses from sp to the stack's end. */
static void
backtrace_print(uintptr_t sp)
{
	const uintptr_t *word = (const uintptr_t *)(sp & ~7ul);
	uintptr_t end = (sp | (KERNEL_STACK_SIZE - 1)) + 1;
	unsigned int found = 0;

	for (; (uintptr_t)word < end && found < BACKTRACE_MAX; word++) {
		if (!panic_follows_call(*word, (uintptr_t)kernel_text,
			(uintptr_t)kernel_text_end))
			continue;
		printk("panic: backtrace: 0x%lx ?\n", *word - CALL_BYTES_MIN);
		found++;
	}
}

static void
regs_print(const struct panic_regs *regs)
{
	static const char names[32][4] = {"x0", "ra", "sp", "gp", "tp", "t0",
	    "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6",
	    "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11",
	    "t3", "t4", "t5", "t6"};

	printk("\npanic: scause %lx stval %lx sepc %lx sstatus %lx",
	    regs->scause, regs->stval, regs->sepc, regs->sstatus);
	for (unsigned int i = 1; i < 32; i++)
		printk("%s%3s %016lx", i % 3 == 1 ? "\npanic: " : " ", names[i],
		    regs->x[i]);
}

static void message_print(const char *format, va_list arguments)
    PRINTF_LIKE(1, 0);

/* Print the message; not that of a panic within a panic. */
static void
message_print(const char *format, va_list arguments)
{
	static bool panicking;

	if (panicking)
		return;
	panicking = true;
	printk_set_panicking(semihosting);
	printk("\npanic: ");
	vprintk(format, arguments);
}

static void stop(uintptr_t pc, uintptr_t sp) __attribute__((noreturn));

/* Print where it was and from where that was called; then stop. */
static void
stop(uintptr_t pc, uintptr_t sp)
{
	static bool stopping;

	if (!stopping) {
		stopping = true;
		printk("\npanic: backtrace: 0x%lx\n", pc);
		backtrace_print(sp);
	}
	if (semihosting)
		semihost_exit(PANIC_STATUS);
	(void)sbi_system_reset(SBI_COLD_REBOOT);
	sbi_hart_halt();
}

void
panic(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	message_print(format, arguments);
	va_end(arguments);
	stop((uintptr_t)__builtin_return_address(0) - CALL_BYTES_MIN,
	    (uintptr_t)__builtin_frame_address(0));
}

void
panic_trap(const struct panic_regs *regs, const char *format, ...)
{
	uintptr_t sp = (uintptr_t)__builtin_frame_address(0);
	va_list arguments;

	va_start(arguments, format);
	message_print(format, arguments);
	va_end(arguments);
	regs_print(regs);
	/* Leave out the trap's own frames, if they are on the same stack. */
	if (regs->x[2] / KERNEL_STACK_SIZE == sp / KERNEL_STACK_SIZE)
		sp = regs->x[2];
	stop(regs->sepc, sp);
}

/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * panic.c - the end, and its report.
 */
#include "panic.h"

#include "arch.h"
#include "arch/riscv/sbi.h"
#include "arch/riscv/semihost.h"

#define CALL_BYTES_MIN 2ul
#define CALL_BYTES_MAX 4ul

/* The kernel's text, from the linker script. */
extern const char kernel_text[];
extern const char kernel_text_end[];

bool
panic_follows_call(uintptr_t address, uintptr_t text, uintptr_t text_end)
{
	/* Masks and codes of what leaves a return address in ra. */
	static const uint32_t calls[][2] = {
	    {0x00000fff, 0x000000ef}, /* jal ra, offset */
	    {0x00007fff, 0x000000e7}, /* jalr ra, offset(rs1) */
	    {0xf07f0000, 0x90020000}, /* c.jalr rs1; also c.ebreak */
	};
	const uint16_t *parcel = (const uint16_t *)address;
	uint32_t code;

	if (address % 2 != 0 || address < text + CALL_BYTES_MAX ||
	    address > text_end)
		return false;
	code = (uint32_t)parcel[-1] << 16 | parcel[-2];
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if ((code & calls[i][0]) == calls[i][1])
			return true;
	return false;
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
		printk("%s%s %lx", i % 4 == 1 ? "\npanic: " : "  ", names[i],
		    regs->x[i]);
}

static void __attribute__((noreturn)) stop(void)
{
	if (semihost_allowed)
		semihost_exit(PANIC_STATUS);
	(void)sbi_call(SBI_SYSTEM_RESET, SBI_COLD_REBOOT);
	for (;;)
		arch_wait();
}

/* Begin the report; a panic of the report itself just stops. */
static void
begin(void)
{
	if (printk_panicking)
		stop();
	printk_panicking = true;
	printk("\npanic: ");
}

/* End the report with what looks like return addresses from sp on; stop. */
static void __attribute__((noreturn)) end(uintptr_t pc, uintptr_t sp)
{
	uintptr_t top = (sp | (KERNEL_STACK_SIZE - 1)) + 1;

	printk("\npanic: backtrace: 0x%lx\n", pc);
	for (sp &= ~7ul; sp < top; sp += sizeof(sp)) {
		uintptr_t word = *(const uintptr_t *)sp;

		if (panic_follows_call(word, (uintptr_t)kernel_text,
			(uintptr_t)kernel_text_end))
			printk("panic: backtrace: 0x%lx ?\n",
			    word - CALL_BYTES_MIN);
	}
	stop();
}

void
panic(const char *format, ...)
{
	va_list arguments;

	begin();
	va_start(arguments, format);
	vprintk(format, arguments);
	va_end(arguments);
	end((uintptr_t)__builtin_return_address(0) - CALL_BYTES_MIN,
	    (uintptr_t)__builtin_frame_address(0));
}

void
panic_trap(const struct panic_regs *regs)
{
	uintptr_t sp = (uintptr_t)__builtin_frame_address(0);

	/* Leave out the trap's own frames, if they are on the same stack. */
	if (regs->x[2] / KERNEL_STACK_SIZE == sp / KERNEL_STACK_SIZE)
		sp = regs->x[2];
	begin();
	printk("trap in the kernel");
	regs_print(regs);
	end(regs->sepc, sp);
}

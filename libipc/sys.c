/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys.c - the kernel's calls on the target; see ipc/sys.h.
 */
#include <ipc/sys.h>

#include <abi/syscalls.h>

/* Trap with up to seven arguments; the temporaries are lost. */
static inline struct sysret
trap(uint64_t number, uint64_t arg0, uint64_t arg1, uint64_t arg2,
    uint64_t arg3, uint64_t arg4, uint64_t arg5)
{
	register uint64_t a0 __asm__("a0") = arg0;
	register uint64_t a1 __asm__("a1") = arg1;
	register uint64_t a2 __asm__("a2") = arg2;
	register uint64_t a3 __asm__("a3") = arg3;
	register uint64_t a4 __asm__("a4") = arg4;
	register uint64_t a5 __asm__("a5") = arg5;
	register uint64_t a7 __asm__("a7") = number;

	__asm__ volatile(
	    "ecall"
	    : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5),
	    "+r"(a7)
	    :
	    : "a6", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "memory");
	return (struct sysret){a0, a1, a2, a3};
}

struct sysret
sys_notify(uint64_t notification, uint64_t bits)
{
	return trap(SYS_notify, notification, bits, 0, 0, 0, 0);
}

struct sysret
sys_copy(token_t dst_token, uint64_t dst, token_t src_token, uint64_t src,
    uint64_t length)
{
	return trap(SYS_copy, dst_token, dst, src_token, src, length, 0);
}

struct sysret
sys_reply_regs(token_t token, const struct regs *regs)
{
	return trap(SYS_reply_regs, token, (uintptr_t)regs, 0, 0, 0, 0);
}

struct sysret
sys_reply_window(token_t token)
{
	return trap(SYS_reply_regs, token, 0, 1, 0, 0, 0);
}

struct sysret
sys_yield(void)
{
	return trap(SYS_yield, 0, 0, 0, 0, 0, 0);
}

struct sysret
sys_thread_configure(
    uint64_t auth, objname_t thread, uint64_t field, uint64_t value)
{
	return trap(SYS_thread_configure, auth, thread, field, value, 0, 0);
}

struct sysret
sys_thread_clone(uint64_t auth, token_t token, objname_t thread)
{
	return trap(SYS_thread_clone, auth, thread, token, 0, 0, 0);
}

struct sysret
sys_thread_read(uint64_t auth, objname_t thread, struct regs *regs)
{
	return trap(SYS_thread_read, auth, thread, (uintptr_t)regs, 0, 0, 0);
}

struct sysret
sys_thread_write(uint64_t auth, objname_t thread, const struct regs *regs)
{
	return trap(SYS_thread_write, auth, thread, (uintptr_t)regs, 0, 0, 0);
}

struct sysret
sys_thread_start(uint64_t auth, objname_t thread)
{
	return trap(SYS_thread_start, auth, thread, 0, 0, 0, 0);
}

struct sysret
sys_thread_stop(uint64_t auth, objname_t thread)
{
	return trap(SYS_thread_stop, auth, thread, 0, 0, 0, 0);
}

struct sysret
sys_space_feed(uint64_t auth, objname_t space, int64_t delta)
{
	return trap(SYS_space_feed, auth, space, (uint64_t)delta, 0, 0, 0);
}

struct sysret
sys_space_map(uint64_t auth, objname_t space, vaddr_t va, uint64_t source,
    uint64_t flags, uint64_t expect)
{
	return trap(SYS_space_map, auth, space, va, source, flags, expect);
}

struct sysret
sys_space_unmap(uint64_t auth, objname_t space, vaddr_t va, uint64_t pages)
{
	return trap(SYS_space_unmap, auth, space, va, pages, 0, 0);
}

struct sysret
sys_space_protect(
    uint64_t auth, objname_t space, vaddr_t va, uint64_t pages, uint64_t flags)
{
	return trap(SYS_space_protect, auth, space, va, pages, flags, 0);
}

struct sysret
sys_space_clone(uint64_t auth, objname_t dst, objname_t src, vaddr_t va)
{
	return trap(SYS_space_clone, auth, dst, src, va, 0, 0);
}

struct sysret
sys_space_copy(uint64_t auth, objname_t space, vaddr_t va, void *own,
    uint64_t length, uint64_t write)
{
	return trap(
	    SYS_space_copy, auth, space, va, (uintptr_t)own, length, write);
}

struct sysret
sys_space_query(uint64_t auth, objname_t space, vaddr_t va)
{
	return trap(SYS_space_query, auth, space, va, 0, 0, 0);
}

struct sysret
sys_create(uint64_t auth, uint64_t kind, uint64_t a, uint64_t b)
{
	return trap(SYS_create, auth, kind, a, b, 0, 0);
}

struct sysret
sys_destroy(uint64_t auth, objname_t object)
{
	return trap(SYS_destroy, auth, object, 0, 0, 0, 0);
}

struct sysret
sys_cap_copy(uint64_t cspace, uint64_t slot, uint64_t source, uint64_t rights,
    uint64_t badge)
{
	return trap(SYS_cap_copy, cspace, slot, source, rights, badge, 0);
}

struct sysret
sys_cap_delete(uint64_t cspace, uint64_t slot)
{
	return trap(SYS_cap_delete, cspace, slot, 0, 0, 0, 0);
}

struct sysret
sys_cap_name(uint64_t auth, uint64_t cspace, uint64_t slot, objname_t object,
    uint64_t rights, uint64_t badge)
{
	return trap(SYS_cap_name, cspace, slot, object, rights, badge, auth);
}

struct sysret
sys_frame_alloc(uint64_t auth)
{
	return trap(SYS_frame_alloc, auth, 0, 0, 0, 0, 0);
}

struct sysret
sys_frame_free(uint64_t auth, uint64_t frame)
{
	return trap(SYS_frame_free, auth, frame, 0, 0, 0, 0);
}

struct sysret
sys_timer_set(uint64_t notification, uint64_t deadline, uint64_t bits)
{
	return trap(SYS_timer_set, notification, deadline, bits, 0, 0, 0);
}

struct sysret
sys_system_power(uint64_t system, uint64_t how, uint64_t status)
{
	return trap(SYS_system_power, system, how, status, 0, 0, 0);
}

struct sysret
sys_system_stat(uint64_t system, uint64_t index)
{
	return trap(SYS_system_stat, system, index, 0, 0, 0, 0);
}

struct sysret
sys_system_putc(uint64_t system, uint64_t character)
{
	return trap(SYS_system_putc, system, character, 0, 0, 0, 0);
}

struct sysret
sys_reply_signal(token_t token, const struct signal_delivery *delivery)
{
	return trap(SYS_reply_signal, token, (uintptr_t)delivery,
	    SIGNAL_HEADER_BYTES + delivery->head_bytes, 0, 0, 0);
}

struct sysret
sys_thread_interrupt(uint64_t auth, objname_t thread)
{
	return trap(SYS_thread_interrupt, auth, thread, 0, 0, 0, 0);
}

struct sysret
sys_thread_times(uint64_t auth, objname_t thread)
{
	return trap(SYS_thread_times, auth, thread, 0, 0, 0, 0);
}

struct sysret
sys_thread_orphans(
    uint64_t auth, objname_t holder, uint64_t error, uint64_t frame)
{
	return trap(SYS_thread_orphans, auth, holder, error, frame, 0, 0);
}

struct sysret
sys_irq_bind(uint64_t irq, uint64_t notification, uint64_t bits)
{
	return trap(SYS_irq_bind, irq, notification, bits, 0, 0, 0);
}

struct sysret
sys_irq_ack(uint64_t irq)
{
	return trap(SYS_irq_ack, irq, 0, 0, 0, 0, 0);
}

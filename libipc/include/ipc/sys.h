/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sys.h - the kernel's calls as C functions.
 *
 * sys_NAME() for each SYSCALL of syscalls.def; arguments in the order given
 * there.  On the target libipc/sys.c traps; host tests link fakes instead.
 */
#ifndef TINE_IPC_SYS_H
#define TINE_IPC_SYS_H

#include <abi/errors.h>
#include <abi/page.h>
#include <abi/types.h>

struct sysret {
	uint64_t error; /* 0 or one of errors.def */
	uint64_t value; /* a1 */
	uint64_t value2; /* a2 */
	uint64_t value3; /* a3 */
};

struct sysret sys_notify(uint64_t notification, uint64_t bits);
struct sysret sys_copy(token_t dst_token, uint64_t dst, token_t src_token,
    uint64_t src, uint64_t length);
struct sysret sys_reply_regs(token_t token, const struct regs *regs);
/* Reply with the struct regs that the caller's window is. */
struct sysret sys_reply_window(token_t token);
struct sysret sys_yield(void);
struct sysret sys_reply_signal(
    token_t token, const struct signal_delivery *delivery);
struct sysret sys_thread_configure(
    uint64_t auth, objname_t thread, uint64_t field, uint64_t value);
struct sysret sys_thread_clone(uint64_t auth, token_t token, objname_t thread);
struct sysret sys_thread_read(
    uint64_t auth, objname_t thread, struct regs *regs);
struct sysret sys_thread_write(
    uint64_t auth, objname_t thread, const struct regs *regs);
struct sysret sys_thread_start(uint64_t auth, objname_t thread);
struct sysret sys_thread_stop(uint64_t auth, objname_t thread);
struct sysret sys_thread_interrupt(uint64_t auth, objname_t thread);
struct sysret sys_thread_times(uint64_t auth, objname_t thread);
struct sysret sys_thread_orphans(
    uint64_t auth, objname_t holder, uint64_t error, uint64_t frame);
struct sysret sys_space_feed(uint64_t auth, objname_t space, int64_t delta);
struct sysret sys_space_map(uint64_t auth, objname_t space, vaddr_t va,
    uint64_t source, uint64_t flags, uint64_t expect);
struct sysret sys_space_unmap(
    uint64_t auth, objname_t space, vaddr_t va, uint64_t pages);
struct sysret sys_space_protect(
    uint64_t auth, objname_t space, vaddr_t va, uint64_t pages, uint64_t flags);
struct sysret sys_space_clone(
    uint64_t auth, objname_t dst, objname_t src, vaddr_t va);
struct sysret sys_space_copy(uint64_t auth, objname_t space, vaddr_t va,
    void *own, uint64_t length, uint64_t write);
struct sysret sys_space_query(uint64_t auth, objname_t space, vaddr_t va);
struct sysret sys_create(uint64_t auth, uint64_t kind, uint64_t a, uint64_t b);
struct sysret sys_destroy(uint64_t auth, objname_t object);
struct sysret sys_cap_copy(uint64_t cspace, uint64_t slot, uint64_t source,
    uint64_t rights, uint64_t badge);
struct sysret sys_cap_delete(uint64_t cspace, uint64_t slot);
struct sysret sys_cap_name(uint64_t auth, uint64_t cspace, uint64_t slot,
    objname_t object, uint64_t rights, uint64_t badge);
struct sysret sys_frame_alloc(uint64_t auth);
struct sysret sys_frame_free(uint64_t auth, uint64_t frame);
struct sysret sys_timer_set(
    uint64_t notification, uint64_t deadline, uint64_t bits);
struct sysret sys_irq_bind(uint64_t irq, uint64_t notification, uint64_t bits);
struct sysret sys_irq_ack(uint64_t irq);
struct sysret sys_system_power(uint64_t system, uint64_t how, uint64_t status);
struct sysret sys_system_stat(uint64_t system, uint64_t index);
struct sysret sys_system_putc(uint64_t system, uint64_t character);

#endif

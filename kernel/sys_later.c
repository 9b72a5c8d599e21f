/* SPDX-License-Identifier: BSD-2-Clause */
#include "syscall.h"
#include <abi/errors.h>
int
sys_reply_signal(struct thread *self, void *object, const uint64_t *args)
{
	return TINE_ENOSYS;
}
int
sys_code_sync(struct thread *self, void *object, const uint64_t *args)
{
	return TINE_ENOSYS;
}
int
sys_thread_interrupt(struct thread *self, void *object, const uint64_t *args)
{
	return TINE_ENOSYS;
}
int
sys_thread_times(struct thread *self, void *object, const uint64_t *args)
{
	return TINE_ENOSYS;
}
int
sys_thread_orphans(struct thread *self, void *object, const uint64_t *args)
{
	return TINE_ENOSYS;
}

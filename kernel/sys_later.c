/* SPDX-License-Identifier: BSD-2-Clause */
#include "syscall.h"
#include <abi/errors.h>
int
sys_irq_bind(struct thread *self, void *object, const uint64_t *args)
{
	return TINE_ENOSYS;
}
int
sys_irq_ack(struct thread *self, void *object, const uint64_t *args)
{
	return TINE_ENOSYS;
}

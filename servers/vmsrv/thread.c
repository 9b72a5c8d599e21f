/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * thread.c - thread objects.
 */
#include "thread.h"

#include <ipc/sys.h>

#include "ledger.h"
#include "park.h"
#include "root.h"

int
thread_reserve(void)
{
	int error = park_thread_add();

	if (error)
		return error;
	error = ledger_charge(1);
	if (error)
		park_thread_remove(0);
	return error;
}

void
thread_unreserve(void)
{
	ledger_release(1);
	park_thread_remove(0);
}

int
thread_create(struct space *space, uint64_t identity, objname_t *thread)
{
	struct sysret made =
	    sys_create(ROOT_MEMORY, KIND_THREAD, space->name, identity);

	if (made.error != 0)
		return TINE_ENOMEM;
	*thread = made.value;
	return 0;
}

int
thread_destroy(objname_t thread)
{
	struct sysret gone;

	/* Destroy takes any object; only a thread can be stopped. */
	if (sys_thread_stop(ROOT_MEMORY, thread).error != 0)
		return TINE_ESRCH;
	do {
		gone = sys_destroy(ROOT_MEMORY, thread);
	} while (gone.error == TINE_EAGAIN);
	if (gone.error != 0)
		return TINE_ESRCH;
	ledger_release(1);
	park_thread_remove(thread);
	return 0;
}

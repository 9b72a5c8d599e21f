/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_fake_lwp.c - the fake's part for processes with several threads.
 */
#include "proc_fake_books.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include <abi/errors.h>
#include <ipc/slots.h>
#include <ipc/sys.h>
#include <ipc/vm.h>

static int
do_thread_new(
    const struct vm_thread_new_req *req, struct vm_thread_new_rep *rep)
{
	int error = fake_step(FAKE_THREAD_NEW);

	if (error)
		return error;
	/* One more in a space that has one, under a name of its own. */
	assert_true(fake_space_threads(req->space) > 0);
	assert_null(fake_thread_by_identity(req->identity));
	rep->thread = fake_thread_new(req->identity, req->space);
	return 0;
}

static int
do_thread_free(const struct vm_thread_free_req *req)
{
	struct fake_thread *thread = fake_thread_find(req->thread);
	int error = fake_step(FAKE_THREAD_FREE);

	if (error)
		return error;
	if (thread == NULL || thread->space != req->space)
		return TINE_ESRCH;
	/* The last one of all that use the space goes by release. */
	assert_true(fake_space_threads(req->space) > 1);
	fake_thread_end(req->thread);
	return 0;
}

void
fake_call_thread_new(struct ipc_msg *msg)
{
	struct vm_thread_new_rep rep = {};
	struct vm_thread_new_req req;
	int error;

	assert_int_equal(MSG_COUNT(msg->info), IPC_COUNT(sizeof(req)));
	memcpy(&req, msg->words, sizeof(req));
	error = do_thread_new(&req, &rep);
	ipc_pack(msg, (uint64_t)error, &rep, sizeof(rep));
}

void
fake_call_thread_free(struct ipc_msg *msg)
{
	struct vm_thread_free_req req;
	int error;

	assert_int_equal(MSG_COUNT(msg->info), IPC_COUNT(sizeof(req)));
	memcpy(&req, msg->words, sizeof(req));
	error = do_thread_free(&req);
	ipc_pack(msg, (uint64_t)error, "", 0);
}

void
fake_call_thread_priority(struct ipc_msg *msg)
{
	struct vm_thread_priority_req req;
	struct fake_thread *thread;

	(void)fake_step(FAKE_THREAD_PRIORITY);
	assert_int_equal(MSG_COUNT(msg->info), IPC_COUNT(sizeof(req)));
	memcpy(&req, msg->words, sizeof(req));
	thread = fake_thread_find(req.thread);
	assert_non_null(thread);
	assert_true(thread->space == req.space);
	assert_in_range(req.priority, PRIORITY_USER_LEAST, PRIORITY_USER_MOST);
	thread->priority = req.priority;
	ipc_pack(msg, 0, "", 0);
}

uint64_t
fake_priority(uint64_t identity)
{
	struct fake_thread *thread = fake_thread_by_identity(identity);

	assert_non_null(thread);
	return thread->priority;
}

struct sysret
sys_thread_interrupt(uint64_t auth, objname_t name)
{
	struct fake_thread *thread = fake_thread_find(name);
	int error = fake_step(FAKE_THREAD_INTERRUPT);

	assert_int_equal(auth, SLOT_STEWARD);
	if (error)
		return (struct sysret){.error = (uint64_t)error};
	assert_non_null(thread);
	thread->interrupted = true;
	if (thread->token == 0)
		return (struct sysret){0};
	return (struct sysret){
	    .value = thread->holder != 0 ? thread->holder : BADGE_PROC};
}

bool
fake_interrupted(uint64_t identity)
{
	struct fake_thread *thread = fake_thread_by_identity(identity);

	assert_non_null(thread);
	return thread->interrupted;
}

uint64_t
fake_space_of(uint64_t identity)
{
	struct fake_thread *thread = fake_thread_by_identity(identity);

	assert_non_null(thread);
	return thread->space;
}

/* What fake_share() told; a page is the memory's first. */
static struct shared_page {
	uint64_t space;
	uint64_t page;
	uint64_t serial;
} shared_pages[8];
static uint32_t shared_count;

void
fake_share_none(void)
{
	shared_count = 0;
}

void
fake_share(uint64_t space, uint64_t page, uint64_t serial)
{
	assert_true(
	    shared_count < sizeof(shared_pages) / sizeof(*shared_pages));
	shared_pages[shared_count++] =
	    (struct shared_page){space, page, serial};
}

void
fake_call_shared_key(struct ipc_msg *msg)
{
	struct vm_shared_key_req req;
	struct vm_shared_key_rep rep = {};
	int error = fake_step(FAKE_SHARED_KEY);

	assert_int_equal(MSG_COUNT(msg->info), IPC_COUNT(sizeof(req)));
	memcpy(&req, msg->words, sizeof(req));
	assert_true(fake_space_users(req.space) > 0);
	for (uint32_t i = 0; i < shared_count && !error; i++) {
		const struct shared_page *shared = &shared_pages[i];

		if (shared->space == req.space &&
		    shared->page == req.address / PAGE_SIZE * PAGE_SIZE) {
			rep.serial = shared->serial;
			rep.offset = req.address % PAGE_SIZE;
		}
	}
	if (!error && rep.serial == 0)
		error = TINE_EFAULT;
	ipc_pack(msg, (uint64_t)error, &rep, sizeof(rep));
}

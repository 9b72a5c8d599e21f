/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * info.c - what others may know: memory, files, boot arguments; limits.
 */
#include <string.h>

#include <ipc/sys.h>

#include "copy.h"
#include "fault.h"
#include "file.h"
#include "handlers.h"
#include "ledger.h"
#include "object.h"
#include "park.h"
#include "report.h"
#include "root.h"
#include "space.h"

int
serve_vm_info(const struct ipc_msg *msg, const struct vm_info_req *req,
    struct vm_info_rep *rep)
{
	(void)req;
	/* What is being torn down counts as free; wait until it is. */
	if (park_dying())
		return park_again(msg);
	CHECK(ledger_check());
	rep->pages = sys_system_stat(ROOT_SYSTEM, STAT_FRAMES).value;
	rep->free = sys_system_stat(ROOT_SYSTEM, STAT_FREE_FRAMES).value;
	rep->available = ledger_available();
	rep->timebase = root->timebase;
	rep->harts = root->harts;
	return 0;
}

/* Does not wait for a space in transition: its regions are in order. */
int
serve_vm_shared_key(const struct ipc_msg *msg,
    const struct vm_shared_key_req *req, struct vm_shared_key_rep *rep)
{
	struct space *space = space_lookup(req->space);
	const struct region *region;

	(void)msg;
	if (space == NULL || space->server != NULL)
		return TINE_ESRCH;
	region = region_find(&space->map, req->address);
	if (region == NULL || region->backing != BACKING_SHARED)
		return TINE_EFAULT;
	rep->serial = object_serial(region->object);
	rep->offset = region->offset + (req->address - region->start);
	return 0;
}

int
serve_vm_object_open(const struct ipc_msg *msg,
    const struct vm_object_open_req *req, struct vm_object_open_rep *rep)
{
	static char path[FILE_PATH_MAX];
	const struct file *file;
	uint32_t number;
	int error;

	if (req->bytes > sizeof(path))
		return TINE_ENAMETOOLONG;
	error = copy_in(msg->token, 0, path, req->bytes);
	if (error)
		return error;
	error = file_find(path, req->bytes, &number);
	if (error)
		return error;
	file = file_get(number);
	rep->size = file->size;
	rep->object = number;
	rep->mode = (uint32_t)file->mode;
	return 0;
}

int
serve_vm_object_read(const struct ipc_msg *msg,
    const struct vm_object_read_req *req, struct vm_object_read_rep *rep)
{
	const struct file *file = file_get(req->object);
	uint64_t bytes = req->size;

	if (file == NULL)
		return TINE_EBADF;
	if (req->offset >= file->size)
		return 0;
	if (bytes > file->size - req->offset)
		bytes = file->size - req->offset;
	rep->bytes = bytes;
	return copy_out(msg->token, 0, file->data + req->offset, bytes);
}

int
serve_vm_limit(const struct ipc_msg *msg, const struct vm_limit_req *req,
    struct vm_limit_rep *rep)
{
	struct space *space;
	int error;

	(void)rep;
	if (req->limit < VM_LIMIT_DATA || req->limit > VM_LIMIT_AS)
		return TINE_EINVAL;
	error = space_claim(req->space, msg, &space);
	if (error)
		return error;
	space->limits[req->limit] = req->bytes;
	return 0;
}

int
serve_vm_bring(const struct ipc_msg *msg, const struct vm_bring_req *req,
    struct vm_bring_rep *rep)
{
	struct space *space;
	int error;

	(void)rep;
	if (req->access != ACCESS_READ && req->access != ACCESS_WRITE &&
	    req->access != ACCESS_EXEC)
		return TINE_EINVAL;
	error = space_claim(req->space, msg, &space);
	if (error)
		return error;
	if (req->address >= USER_TOP || space->server != NULL)
		return TINE_EFAULT;
	error = fault_bring(space, req->address, req->access);
	return error == TINE_EACCES ? TINE_EFAULT : error;
}

int
serve_vm_bootargs(const struct ipc_msg *msg, const struct vm_bootargs_req *req,
    struct vm_bootargs_rep *rep)
{
	size_t length = strnlen(root->args, BOOT_ARGS_MAX - 1);
	uint64_t bytes = req->size;
	int error;

	if (bytes == 0)
		return TINE_EINVAL;
	if (bytes > length + 1)
		bytes = length + 1;
	error = copy_out(msg->token, 0, root->args, bytes - 1);
	if (error == 0)
		error = copy_out(msg->token, bytes - 1, "", 1);
	rep->bytes = bytes;
	return error;
}

/* SPDX-License-Identifier: BSD-2-Clause */
/* later.c - requests that are not written yet; to be emptied. */
#include <abi/errors.h>
#include <ipc/vm.h>

int serve_vm_thread_new(const struct ipc_msg *msg,
    const struct vm_thread_new_req *req, struct vm_thread_new_rep *rep);
int
serve_vm_thread_new(const struct ipc_msg *msg,
    const struct vm_thread_new_req *req, struct vm_thread_new_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_vm_thread_free(const struct ipc_msg *msg,
    const struct vm_thread_free_req *req, struct vm_thread_free_rep *rep);
int
serve_vm_thread_free(const struct ipc_msg *msg,
    const struct vm_thread_free_req *req, struct vm_thread_free_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_vm_server_restart(const struct ipc_msg *msg,
    const struct vm_server_restart_req *req, struct vm_server_restart_rep *rep);
int
serve_vm_server_restart(const struct ipc_msg *msg,
    const struct vm_server_restart_req *req, struct vm_server_restart_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

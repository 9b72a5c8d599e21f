/* SPDX-License-Identifier: BSD-2-Clause */
/* later.c - requests that are not written yet; to be emptied. */
#include <abi/errors.h>
#include <ipc/tty.h>

int serve_tty_cancel(const struct ipc_msg *msg,
    const struct tty_cancel_req *req, struct tty_cancel_rep *rep);
int
serve_tty_cancel(const struct ipc_msg *msg,
    const struct tty_cancel_req *req, struct tty_cancel_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

int serve_tty_event(const struct ipc_msg *msg,
    const struct tty_event_req *req, struct tty_event_rep *rep);
int
serve_tty_event(const struct ipc_msg *msg,
    const struct tty_event_req *req, struct tty_event_rep *rep)
{
	(void)msg;
	(void)req;
	(void)rep;
	return TINE_ENOSYS;
}

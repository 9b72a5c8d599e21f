/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * copy.c - a server's access to the windows of its callers; see ipc/copy.h.
 *
 * A page that the caller has but that is not in its tables yet stops the
 * kernel's copy.  vmsrv is then asked to bring it in, which answers at once,
 * and the copy goes on where it stopped.
 */
#include <ipc/copy.h>
#include <ipc/slots.h>
#include <ipc/sys.h>
#include <ipc/vm.h>

#define TRIES 3

/* Have the page that stopped a copy brought in. */
static int
bring(const struct sysret *stopped)
{
	struct vm_bring_rep rep;

	if (stopped->value3 >= USER_TOP)
		return TINE_EFAULT;
	return vm_bring(SLOT_VM,
	    &(struct vm_bring_req){
		.space = stopped->value2,
		.address = stopped->value3 & ~PAGE_MASK,
		.access = stopped->value3 & PAGE_MASK,
	    },
	    &rep);
}

static int
copy(token_t dst_token, uint64_t dst, token_t src_token, uint64_t src,
    size_t length)
{
	unsigned int tries = 0;

	while (length > 0) {
		struct sysret ret =
		    sys_copy(dst_token, dst, src_token, src, length);
		int error = (int)ret.error;

		dst += ret.value;
		src += ret.value;
		length -= ret.value;
		if (ret.value > 0)
			tries = 0;
		if (error == 0)
			continue;
		if (error != TINE_EFAULT || ++tries > TRIES)
			return error;
		error = bring(&ret);
		if (error)
			return error;
	}
	return 0;
}

int
ipc_copy_in(token_t token, uint64_t offset, void *own, size_t length)
{
	return copy(0, (uintptr_t)own, token, offset, length);
}

int
ipc_copy_out(token_t token, uint64_t offset, const void *own, size_t length)
{
	return copy(token, offset, 0, (uintptr_t)own, length);
}

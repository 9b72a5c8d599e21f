/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vm_objects.c - a kernel for vmsrv's tests: objects, capabilities, threads.
 */
#include "vm_kernel_impl.h"

struct sysret
sys_create(uint64_t auth, uint64_t kind, uint64_t a, uint64_t b)
{
	struct object *space = vmk_named(a, KIND_SPACE);
	uint64_t more = kind == KIND_SPACE ? b : 0;
	struct object *object;
	uint64_t frame;

	if (auth != ROOT_MEMORY || (kind == KIND_THREAD && space == NULL))
		return vmk_result(TINE_EBADF, 0);
	/* Not every board has the interrupt that it tells of: nothing wrong. */
	if (kind == KIND_IRQ && !fake_kernel.has_plic)
		return (struct sysret){.error = TINE_EINVAL};
	if (vmk_memory_fails() || vmk.free_count - vmk.reserved < 1 + more)
		return vmk_result(TINE_ENOMEM, 0);
	frame = vmk_take((enum frame_kind)kind);
	object = &vmk.frames[frame];
	if (kind == KIND_SPACE) {
		object->tag = a;
		object->pool = b;
		vmk.reserved += b;
	} else if (kind == KIND_IRQ) {
		fake_kernel.irqs++;
	} else if (kind == KIND_THREAD) {
		object->space = a;
		object->fields[THREAD_IDENTITY] = b;
		space->count++;
	}
	return vmk_result(0, vmk_name(frame));
}

struct sysret
sys_destroy(uint64_t auth, objname_t name)
{
	struct object *object = vmk_named(name, FRAME_RESERVED);
	uint64_t error = 0;

	if (auth != ROOT_MEMORY || object == NULL)
		return vmk_result(TINE_ESTALE, 0);
	if (object->kind == KIND_SPACE)
		error = vmk_space_end(object);
	else if (object->kind == KIND_THREAD && object->started)
		error = TINE_EBUSY;
	else if (object->kind == KIND_THREAD)
		vmk_named(object->space, KIND_SPACE)->count--;
	if (error == 0)
		vmk_give(name & NAME_FRAME_MASK);
	return vmk_result(error, 0);
}

struct sysret
sys_cap_name(uint64_t auth, uint64_t cspace, uint64_t slot, objname_t name,
    uint64_t rights, uint64_t badge)
{
	struct object *object = vmk_named(name, FRAME_RESERVED);
	uint64_t to = cspace == ROOT_CSPACE ? 0 : cspace;

	if (auth != ROOT_MEMORY || object == NULL || cspace >= SLOTS ||
	    slot >= SLOTS || (to != 0 && vmk.cspaces[cspace] == 0))
		return vmk_result(TINE_EINVAL, 0);
	vmk.slots[to][slot] = (struct slot){name, rights, badge};
	if (to == 0 && object->kind == KIND_CSPACE)
		vmk.cspaces[slot] = name & NAME_FRAME_MASK;
	return vmk_result(0, 0);
}

struct sysret
sys_cap_copy(uint64_t cspace, uint64_t slot, uint64_t source, uint64_t rights,
    uint64_t badge)
{
	if (cspace >= SLOTS || slot >= SLOTS || vmk.cspaces[cspace] == 0 ||
	    (source != ROOT_MEMORY && source != ROOT_SYSTEM))
		return vmk_result(TINE_EINVAL, 0);
	vmk.slots[cspace][slot] = (struct slot){source, rights, badge};
	return vmk_result(0, 0);
}

/* Threads. */

struct sysret
sys_thread_configure(
    uint64_t auth, objname_t name, uint64_t field, uint64_t value)
{
	struct object *thread = vmk_named(name, KIND_THREAD);

	if (auth != ROOT_MEMORY || thread == NULL)
		return vmk_result(TINE_ESTALE, 0);
	if (field < THREAD_PRIORITY || field > THREAD_NOTIFICATION)
		return vmk_result(TINE_EINVAL, 0);
	if (field == THREAD_SPACE) {
		if (vmk_named(value, KIND_SPACE) == NULL)
			return vmk_result(TINE_ESTALE, 0);
		vmk_named(thread->space, KIND_SPACE)->count--;
		vmk_named(value, KIND_SPACE)->count++;
		thread->space = value;
	}
	thread->fields[field] = value;
	return vmk_result(0, 0);
}

struct sysret
sys_thread_write(uint64_t auth, objname_t name, const struct regs *regs)
{
	struct object *thread = vmk_named(name, KIND_THREAD);

	if (auth != ROOT_MEMORY || thread == NULL)
		return vmk_result(TINE_ESTALE, 0);
	thread->regs = *regs;
	thread->written = true;
	return vmk_result(0, 0);
}

struct sysret
sys_thread_start(uint64_t auth, objname_t name)
{
	struct object *thread = vmk_named(name, KIND_THREAD);

	if (auth != ROOT_MEMORY || thread == NULL)
		return vmk_result(TINE_ESTALE, 0);
	thread->started = true;
	return vmk_result(0, 0);
}

struct sysret
sys_thread_stop(uint64_t auth, objname_t name)
{
	struct object *thread = vmk_named(name, KIND_THREAD);

	if (auth != ROOT_MEMORY || thread == NULL)
		return vmk_result(TINE_ESTALE, 0);
	thread->started = false;
	return vmk_result(0, 0);
}

/* A part at a time, of a thread that does not run any more. */
struct sysret
sys_thread_orphans(
    uint64_t auth, objname_t holder, uint64_t error, uint64_t frame)
{
	const struct object *thread = vmk_named(holder, KIND_THREAD);

	if (auth != ROOT_MEMORY || error == 0 || frame >= FAKE_FRAMES ||
	    (thread != NULL && thread->started))
		return vmk_result(TINE_EINVAL, 0);
	if (frame != 0 && (holder != fake_kernel.orphans_of ||
			      frame != fake_kernel.orphans_frame))
		return vmk_result(TINE_EINVAL, 0);
	fake_kernel.orphans_of = holder;
	fake_kernel.orphans_error = error;
	frame += 1000;
	fake_kernel.orphans_frame = frame < FAKE_FRAMES ? frame : FAKE_FRAMES;
	return vmk_result(0, fake_kernel.orphans_frame);
}

/* What the tests see. */

objname_t
fake_thread_space(objname_t name)
{
	const struct object *thread = vmk_named(name, KIND_THREAD);

	return thread == NULL ? 0 : thread->space;
}

const struct regs *
fake_thread_regs(objname_t name)
{
	return &vmk_named(name, KIND_THREAD)->regs;
}

bool
fake_thread_started(objname_t name)
{
	return vmk_named(name, KIND_THREAD)->started;
}

uint64_t
fake_thread_field(objname_t name, uint64_t field)
{
	return vmk_named(name, KIND_THREAD)->fields[field];
}

objname_t
fake_object(uint64_t cspace, uint64_t slot)
{
	return vmk.slots[cspace][slot].object;
}

uint64_t
fake_rights(uint64_t cspace, uint64_t slot)
{
	return vmk.slots[cspace][slot].rights;
}

uint64_t
fake_badge(uint64_t cspace, uint64_t slot)
{
	return vmk.slots[cspace][slot].badge;
}

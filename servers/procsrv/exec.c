/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exec.c - running another program.
 *
 * The new space is made and filled beside the old one, so that everything
 * that can fail leaves the process as it was; then it is exchanged.
 */
#include "exec.h"

#include <string.h>

#include <abi/errors.h>
#include <common/elf.h>
#include <ipc/copy.h>
#include <ipc/proc.h>
#include <ipc/sys.h>
#include <ipc/vm.h>

#include "cred.h"
#include "exec_image.h"
#include "exit.h"
#include "futex.h"
#include "limit.h"
#include "proc.h"
#include "ptimer.h"
#include "sigacts.h"
#include "signal.h"

#define REG_PC 0
#define REG_SP 2

#define MODE_TYPE 0170000u
#define MODE_REGULAR 0100000u
#define MODE_EXECUTE 0111u

/* A program that is ready to run in a space of its own. */
struct program {
	uint64_t space;
	uint64_t entry;
	uint64_t sp;
};

/* One exec at a time uses these; they are too big for the stack. */
static struct exec_image image;
static _Alignas(8) uint8_t header[PAGE_SIZE];
static char archive_path[PROC_PATH_MAX];

/*
 * Turn a path into the archive's form: no slash at the start, single ones
 * within, no "." components.  Returns its length, at most that of the path.
 */
static size_t
path_normalise(const char *path, size_t length, char *out)
{
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		bool starts = used == 0 || out[used - 1] == '/';

		if (path[i] == '/' && starts)
			continue;
		if (path[i] == '.' && starts &&
		    (i + 1 == length || path[i + 1] == '/'))
			continue;
		out[used++] = path[i];
	}
	return used;
}

/* Find the file to run and see that it may be.  ENOENT, EACCES. */
static int
program_open(size_t path_length, struct vm_object_open_rep *file)
{
	const char *path = (const char *)image.bytes + image.strings;
	struct vm_object_open_req req;
	int error;

	req.bytes = path_normalise(path, path_length, archive_path);
	if (req.bytes == 0)
		return TINE_EACCES; /* the root directory */
	error = vm_object_open(SLOT_VM, &req, file, archive_path, req.bytes);
	if (error)
		return error;
	if ((file->mode & MODE_TYPE) != MODE_REGULAR ||
	    (file->mode & MODE_EXECUTE) == 0)
		return TINE_EACCES;
	return 0;
}

/* Read the headers of the file to run.  ENOEXEC. */
static int
program_headers(const struct vm_object_open_rep *file, struct elf_image *elf)
{
	struct vm_object_read_req req = {
	    .object = file->object, .size = sizeof(header)};
	struct vm_object_read_rep rep;
	int error;

	error = vm_object_read(SLOT_VM, &req, &rep, header, sizeof(header));
	if (error)
		return error;
	if (rep.bytes > sizeof(header))
		return TINE_EIO;
	return elf_parse(header, rep.bytes, file->size, elf);
}

static int
program_segments(uint64_t space, uint32_t object, const struct elf_image *elf)
{
	struct vm_exec_map_rep rep;
	int error;

	for (uint32_t i = 0; i < elf->nsegments; i++) {
		const struct elf_segment *segment = &elf->segments[i];
		const struct vm_exec_map_req req = {
		    .space = space,
		    .address = segment->va,
		    .memory_size = segment->memory_size,
		    .file_size = segment->file_size,
		    .offset = segment->offset,
		    .object = object,
		    .protection = segment->protection,
		};

		error = vm_exec_map(SLOT_VM, &req, &rep);
		if (error)
			return error;
	}
	return 0;
}

/* Build the stack and have it mapped; its pointer comes in *spp. */
static int
program_stack(uint64_t space, const struct elf_image *elf, uint64_t *spp)
{
	const struct vm_exec_top_req ask = {.space = space};
	struct vm_exec_stack_req req = {.space = space};
	struct vm_exec_stack_rep rep;
	struct vm_exec_top_rep answer;
	int error;

	error = vm_exec_top(SLOT_VM, &ask, &answer);
	if (error)
		return error;
	error = exec_image_build(&image, answer.top, elf);
	if (error)
		return error;
	req.bytes = exec_image_size(&image);
	error = vm_exec_stack(
	    SLOT_VM, &req, &rep, exec_image_start(&image), req.bytes);
	if (error)
		return error;
	*spp = exec_image_sp(&image, answer.top);
	return 0;
}

static void
program_abort(uint64_t space)
{
	const struct vm_exec_abort_req req = {.space = space};
	struct vm_exec_abort_rep rep;

	/* Nothing is left to be done for one that vmsrv does not know. */
	(void)vm_exec_abort(SLOT_VM, &req, &rep);
}

/*
 * Load the program whose path begins the image's strings into a new space
 * with the limits of another (0: vmsrv's own).  Nothing is left on error.
 */
static int
program_load(size_t path_length, uint64_t from, struct program *program)
{
	const struct vm_exec_begin_req req = {.from = from};
	struct vm_object_open_rep file;
	struct vm_exec_begin_rep rep;
	struct elf_image elf;
	int error;

	error = program_open(path_length, &file);
	if (error)
		return error;
	error = program_headers(&file, &elf);
	if (error)
		return error;
	error = vm_exec_begin(SLOT_VM, &req, &rep);
	if (error)
		return error;
	error = program_segments(rep.space, file.object, &elf);
	if (error)
		goto undo_space;
	error = program_stack(rep.space, &elf, &program->sp);
	if (error)
		goto undo_space;
	program->space = rep.space;
	program->entry = elf.entry;
	return 0;

undo_space:
	program_abort(rep.space);
	return error;
}

/*
 * Give an LWP its program: vmsrv exchanges spaces, or makes a thread.  While
 * there are other LWPs, they are in the old space and keep the use of it.
 */
static int
program_commit(struct lwp *lwp, const struct program *program)
{
	const struct vm_exec_commit_req req = {
	    .space = program->space,
	    .thread = lwp->thread,
	    .identity = lwp_identity(lwp),
	    .old = lwp->proc->space,
	    .flags = lwp->proc->nlwps > 1 ? VM_EXEC_OTHERS : 0,
	};
	struct vm_exec_commit_rep rep;
	int error;

	error = vm_exec_commit(SLOT_VM, &req, &rep);
	if (error)
		return error;
	lwp->thread = rep.thread;
	lwp->proc->space = program->space;
	return 0;
}

/* The registers a program starts with: all 0 but two. */
static void
program_regs(const struct program *program, struct regs *regs)
{
	memset(regs, 0, sizeof(*regs));
	regs->x[REG_PC] = program->entry;
	regs->x[REG_SP] = program->sp;
}

/* What exec changes in the process itself (F74); not its nice value (F24). */
static void
exec_inherit(struct lwp *lwp, struct cred *cred, struct sigacts *acts,
    size_t path_length)
{
	struct proc *proc = lwp->proc;

	cred_release(proc->cred);
	proc->cred = cred;
	signal_exec(lwp, acts);
	ptimers_delete(proc);
	proc_set_name(
	    proc, (const char *)image.bytes + image.strings, path_length);
	proc->flags &= ~PROC_AFORK;
	if (cred->euid == cred->user->uid && cred->egid == cred->gid)
		proc->flags &= ~PROC_SUGID;
	if (lwp->flags & LWPF_WOKEN)
		futex_pass_on(lwp);
	/* Who could have suspended it, or parked it, is gone. */
	lwp->flags &= ~(LWPF_DETACHED | LWPF_SUSPENDED | LWPF_UNPARKED);
	lwp->lid = 1;
	proc->last_lid = 1;
}

/* Let the program run, and with it who waits for vfork's child (F51). */
static void
program_run(struct lwp *lwp, token_t token, const struct program *program)
{
	struct regs regs;

	vfork_wake(lwp->proc);
	program_regs(program, &regs);
	/* Too late for an error: the vfork parent may run already. */
	if (sys_reply_regs(token, &regs).error != 0)
		proc_doom(lwp->proc, SIGABRT);
}

/* F78: one who changed ids does not slip past the limit by exec. */
static bool
exec_over_limit(const struct proc *proc)
{
	const struct limit *limit = &proc->limits->of[PROC_LIMIT_NPROC];

	return (proc->flags & PROC_SUGID) != 0 && proc->cred->euid != 0 &&
	       proc->cred->user->procs > limit->soft;
}

/* Fetch the caller's strings; *lengthp is that of the path, the first one. */
static int
exec_strings(token_t token, const struct exec_args *args, size_t *lengthp)
{
	int error;

	error = exec_image_place(&image, args->argc, args->envc, args->bytes);
	if (error)
		return error;
	error = ipc_copy_in(token, 0, image.bytes + image.strings, args->bytes);
	if (error)
		return error;
	return exec_image_path(&image, lengthp);
}

int
exec_call(struct lwp *lwp, token_t token, const struct exec_args *args)
{
	const uint64_t old = lwp->proc->space;
	struct program program;
	struct sigacts *acts;
	size_t path_length;
	struct cred *cred;
	int error;

	if (exec_over_limit(lwp->proc))
		return TINE_EAGAIN;
	error = exec_strings(token, args, &path_length);
	if (error)
		return error;
	error = program_load(path_length, lwp->proc->space, &program);
	if (error)
		return error;
	error = cred_exec(lwp->proc->cred, &cred);
	if (error)
		goto undo_load;
	error = sigacts_unshare(lwp->proc->sigacts, &acts);
	if (error)
		goto undo_cred;
	error = program_commit(lwp, &program);
	if (error)
		goto undo_sigacts;

	/* Committed: nothing below can fail. */
	if (lwp->proc->nlwps + lwp->proc->ndead > 1)
		exit_lwps(lwp->proc, lwp, old);
	exec_inherit(lwp, cred, acts, path_length);
	program_run(lwp, token, &program);
	return SERVE_LATER;

undo_sigacts:
	if (acts != lwp->proc->sigacts)
		sigacts_release(acts);
undo_cred:
	cred_release(cred);
undo_load:
	program_abort(program.space);
	return error;
}

/* Let a new thread start the program.  The errors are the kernel's. */
static int
program_start(const struct lwp *lwp, const struct program *program)
{
	struct sysret ret;
	struct regs regs;

	program_regs(program, &regs);
	ret = sys_thread_write(SLOT_STEWARD, lwp->thread, &regs);
	if (ret.error)
		return (int)ret.error;
	ret = sys_thread_start(SLOT_STEWARD, lwp->thread);
	return (int)ret.error;
}

int
exec_first(struct lwp *lwp, const struct exec_args *args, const char *strings)
{
	struct program program;
	size_t path_length;
	int error;

	error = exec_image_place(&image, args->argc, args->envc, args->bytes);
	if (error)
		return error;
	memcpy(image.bytes + image.strings, strings, args->bytes);
	error = exec_image_path(&image, &path_length);
	if (error)
		return error;
	error = program_load(path_length, 0, &program);
	if (error)
		return error;
	error = limits_push(lwp->proc->limits, program.space);
	if (error)
		goto undo_load;
	error = program_commit(lwp, &program);
	if (error)
		goto undo_load;
	error = program_start(lwp, &program);
	if (error)
		goto undo_commit;
	exec_inherit(
	    lwp, cred_hold(lwp->proc->cred), lwp->proc->sigacts, path_length);
	return 0;

undo_commit:
	exit_memory(lwp->proc->space, lwp->thread);
	lwp->proc->space = 0;
	lwp->thread = 0;
	return error;
undo_load:
	program_abort(program.space);
	return error;
}

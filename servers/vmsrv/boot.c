/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * boot.c - from the root task's first instruction to the running servers.
 *
 * Who can reach whom is what the capabilities below say, and nothing else:
 *
 *	processes	send to procsrv, vmsrv, ttysrv; no badge
 *	procsrv		vmsrv, ttysrv, badge PROC; steward of all threads; its
 *			notification
 *	ttysrv		vmsrv, procsrv, badge TTY; its notification, that of
 *			procsrv, the console's interrupt
 *	vmsrv		procsrv, badge VM, to hand faults on
 */
#include "boot.h"

#include <ipc/slots.h>
#include <ipc/sys.h>

#include "file.h"
#include "ledger.h"
#include "object.h"
#include "own.h"
#include "park.h"
#include "region.h"
#include "report.h"
#include "root.h"
#include "server.h"
#include "space.h"
#include "thread.h"

const struct boot_info *root;

int
boot_tables(const struct boot_info *info, uintptr_t own, const void *archive)
{
	int error;

	root = info;
	ledger_init(sys_system_stat(ROOT_SYSTEM, STAT_FREE_FRAMES).value);
	error = own_init(own, info->space);
	if (error)
		return error;
	region_init();
	space_init();
	object_init();
	park_init();
	thread_init();
	server_init();
	return file_init(archive, info->archive_size);
}

/* Stop here if a step of boot failed. */
static void
must(const char *what, uint64_t error)
{
	if (error != 0)
		report_boot(what, error);
}

static objname_t
object_make(const char *what, enum frame_kind kind, uint64_t a)
{
	struct sysret made;

	must(what, (uint64_t)ledger_charge(1));
	made = sys_create(ROOT_MEMORY, kind, a, 0);
	must(what, made.error);
	return made.value;
}

/* A capability to an object, in the space that a slot names. */
static void
give(uint64_t cspace, uint64_t slot, objname_t object, uint64_t rights,
    uint64_t badge)
{
	must("capability",
	    sys_cap_name(ROOT_MEMORY, cspace, slot, object, rights, badge)
		.error);
}

/* A copy of one of our own capabilities. */
static void
lend(uint64_t cspace, uint64_t slot, uint64_t source, uint64_t rights)
{
	must("capability", sys_cap_copy(cspace, slot, source, rights, 0).error);
}

static void
cspace_make(uint64_t slot)
{
	give(ROOT_CSPACE, slot, object_make("cspace", KIND_CSPACE, 0),
	    RIGHT_EDIT, 0);
}

struct endpoints {
	objname_t vm;
	objname_t proc;
	objname_t tty;
	objname_t proc_event; /* notifications */
	objname_t tty_event;
};

static void
give_own(const struct endpoints *endpoints)
{
	give(ROOT_CSPACE, OWN_ENDPOINT, endpoints->vm,
	    RIGHT_SEND | RIGHT_RECEIVE, 0);
	give(ROOT_CSPACE, OWN_PROC, endpoints->proc, RIGHT_SEND, BADGE_VM);
	give(ROOT_CSPACE, OWN_PROC_EXCEPTION, endpoints->proc, RIGHT_SEND, 0);
	/* Bound to the servers' threads through slots of ours. */
	give(ROOT_CSPACE, OWN_PROC_NOTIFICATION, endpoints->proc_event,
	    RIGHT_WAIT, 0);
	give(ROOT_CSPACE, OWN_TTY_NOTIFICATION, endpoints->tty_event,
	    RIGHT_WAIT, 0);
	cspace_make(OWN_PROC_CSPACE);
	cspace_make(OWN_TTY_CSPACE);
	cspace_make(OWN_USER_CSPACE);
}

static void
give_users(const struct endpoints *endpoints)
{
	give(OWN_USER_CSPACE, SLOT_PROC, endpoints->proc, RIGHT_SEND, 0);
	give(OWN_USER_CSPACE, SLOT_VM, endpoints->vm, RIGHT_SEND, 0);
	give(OWN_USER_CSPACE, SLOT_TTY, endpoints->tty, RIGHT_SEND, 0);
	lend(OWN_USER_CSPACE, SLOT_SYSTEM, ROOT_SYSTEM, RIGHT_STAT);
}

static void
give_proc(const struct endpoints *endpoints)
{
	uint64_t cspace = OWN_PROC_CSPACE;

	give(cspace, SLOT_OWN, endpoints->proc, RIGHT_RECEIVE, 0);
	give(cspace, SLOT_VM, endpoints->vm, RIGHT_SEND, BADGE_PROC);
	give(cspace, SLOT_TTY, endpoints->tty, RIGHT_SEND, BADGE_PROC);
	give(cspace, SLOT_NOTIFICATION, endpoints->proc_event,
	    RIGHT_NOTIFY | RIGHT_WAIT, 0);
	lend(cspace, SLOT_STEWARD, ROOT_MEMORY, RIGHT_STEWARD);
	lend(cspace, SLOT_SYSTEM, ROOT_SYSTEM,
	    RIGHT_POWER | RIGHT_STAT | RIGHT_DEBUG);
}

/* The console's interrupt, on a board that has it; ttysrv polls without. */
static void
give_irq(uint64_t cspace)
{
	struct sysret made;

	if (root->console_irq == 0)
		return;
	must("irq", (uint64_t)ledger_charge(1));
	made = sys_create(ROOT_MEMORY, KIND_IRQ, root->console_irq, 0);
	if (made.error == 0)
		give(cspace, SLOT_IRQ, made.value, RIGHT_IRQ, 0);
	else
		ledger_release(1);
}

static void
give_tty(const struct endpoints *endpoints)
{
	uint64_t cspace = OWN_TTY_CSPACE;

	give(cspace, SLOT_OWN, endpoints->tty, RIGHT_RECEIVE, 0);
	give(cspace, SLOT_VM, endpoints->vm, RIGHT_SEND, BADGE_TTY);
	give(cspace, SLOT_PROC, endpoints->proc, RIGHT_SEND, BADGE_TTY);
	give(cspace, SLOT_NOTIFICATION, endpoints->tty_event,
	    RIGHT_NOTIFY | RIGHT_WAIT, 0);
	give(cspace, SLOT_PROC_EVENT, endpoints->proc_event, RIGHT_NOTIFY, 0);
	lend(cspace, SLOT_SYSTEM, ROOT_SYSTEM, RIGHT_STAT | RIGHT_DEBUG);
	give_irq(cspace);
}

void
boot_servers(void)
{
	static const struct server_plan plans[] = {
	    {"ttysrv", "boot/ttysrv", BADGE_TTY, PRIORITY_TTY, OWN_TTY_CSPACE,
		OWN_TTY_NOTIFICATION, false},
	    {"procsrv", "boot/procsrv", BADGE_PROC, PRIORITY_PROC,
		OWN_PROC_CSPACE, OWN_PROC_NOTIFICATION, true},
	};
	struct endpoints endpoints;

	endpoints.vm = object_make("endpoint", KIND_ENDPOINT, ENDPOINT_SPACE);
	endpoints.proc =
	    object_make("endpoint", KIND_ENDPOINT, ENDPOINT_THREAD);
	endpoints.tty = object_make("endpoint", KIND_ENDPOINT, ENDPOINT_THREAD);
	endpoints.proc_event =
	    object_make("notification", KIND_NOTIFICATION, 0);
	endpoints.tty_event = object_make("notification", KIND_NOTIFICATION, 0);
	give_own(&endpoints);
	give_users(&endpoints);
	give_proc(&endpoints);
	give_tty(&endpoints);
	for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++)
		must(plans[i].path, (uint64_t)server_start(&plans[i]));
}

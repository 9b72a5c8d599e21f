/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_sim_alone.c - vmsrv as it is made up for procsrv_sim: it answers, or
 * hands on, whatever it likes.
 */
#include "proc_sim.h"

const struct sim_memory_plan sim_memory_plan = {
    .name = "procsrv_sim",
    .length = 2000,
    .operations = 200000,
    .limit_unit = 1,
    .processes = M_PROCS - 2,
};

void
sim_memory_start(void)
{
}

void
sim_memory_step(const struct sim_op *op)
{
	(void)op;
}

bool
sim_memory_call(struct m_lwp *l, const struct sim_op *op)
{
	if (op->kind % 32 != 1)
		return false;
	sim_tell(WHO "faults", WHOSE(l));
	l->token = fake_vm_call(l->identity);
	l->where = M_VM;
	return true;
}

void
sim_memory_answer(struct m_lwp *l, const struct sim_op *op)
{
	if (op->a % 8 == 0 && l->proc != m_init()) {
		sim_fault(l, M_SEGV, 1);
		return;
	}
	sim_tell(WHO "vmsrv answers", WHOSE(l));
	fake_vm_answer(l->identity);
	m_end(l, 0);
}

void
sim_memory_compare(void)
{
}

void
sim_memory_finish(void)
{
}

bool
sim_memory_missed(void)
{
	return false;
}

uint64_t
sim_stack_pointer(const struct m_lwp *l, uint32_t place)
{
	(void)l;
	return place * 0x10000ul;
}

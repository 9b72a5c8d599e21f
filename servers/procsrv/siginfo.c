/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * siginfo.c - what is pending, with what is known of it; see siginfo.h.
 */
#include "siginfo.h"

#include <abi/errors.h>

#include "pool.h"
#include "sigset.h"

struct record {
	struct link link; /* first: the pool clobbers it */
	struct proc_siginfo info;
};

static struct pool records = POOL_INIT(AREA_SIGINFOS, struct record);

static struct record *
record_of(struct link *link)
{
	return LIST_ENTRY(link, struct record, link);
}

/* Add a record at the end.  EAGAIN. */
static int
record_add(struct list *infos, uint32_t count, const struct proc_siginfo *info)
{
	struct record *record;
	void *item;

	if (count >= SIGQUEUE_MAX || pool_get(&records, &item) != 0)
		return TINE_EAGAIN;
	record = item;
	record->info = *info;
	list_insert_tail(infos, &record->link);
	return 0;
}

static void
record_remove(struct record *record)
{
	list_remove(&record->link);
	pool_put(&records, record);
}

int
siginfo_put(
    uint64_t *pending, struct list *infos, const struct proc_siginfo *info)
{
	uint64_t bit = SIGBIT(info->signo);
	bool queued = (bit & SIGSET_QUEUED) != 0;
	uint32_t count = 0;
	int error;

	LIST_FOREACH(link, infos)
	{
		struct record *record = record_of(link);

		count++;
		if (queued || record->info.signo != info->signo)
			continue;
		record->info = *info;
		return 0;
	}
	error = record_add(infos, count, info);
	if (error && info->code == PROC_SI_QUEUE)
		return error;
	*pending |= bit;
	return 0;
}

void
siginfo_take(uint64_t *pending, struct list *infos, int32_t signal,
    struct proc_siginfo *info)
{
	struct record *found = NULL;

	LIST_FOREACH(link, infos)
	{
		struct record *record = record_of(link);

		if (record->info.signo != signal)
			continue;
		/* More of it: it stays pending. */
		if (found != NULL)
			goto take;
		found = record;
	}
	*pending &= ~SIGBIT(signal);
	if (found == NULL) {
		*info = (struct proc_siginfo){.signo = signal};
		return;
	}
take:
	*info = found->info;
	record_remove(found);
}

void
siginfo_drop(uint64_t *pending, struct list *infos, uint64_t set)
{
	struct link *link = infos->head.next;

	*pending &= ~set;
	while (link != &infos->head) {
		struct record *record = record_of(link);

		link = link->next;
		if (SIGBIT(record->info.signo) & set)
			record_remove(record);
	}
}

bool
siginfo_has_timer(const struct list *infos, uint64_t serial)
{
	LIST_FOREACH(link, infos)
	{
		const struct record *record = record_of(link);

		if (record->info.code == PROC_SI_TIMER &&
		    record->info.spare[0] == serial)
			return true;
	}
	return false;
}

uint32_t
siginfo_count(void)
{
	return records.used;
}

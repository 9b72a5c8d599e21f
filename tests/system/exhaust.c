/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * exhaust.c - fork until memory runs out, and until pids do, and back.
 */
#include "tap.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ipc/vm.h>

#define MANY 2000
#define LIVE 1000

static volatile long *shared;
static pid_t pids[MANY];
static int npids;

static int
wait_released(void)
{
	shared[1]++;
	return wait_flag(&shared[0]) ? 0 : 1;
}

static int
exit_1(void)
{
	return 1;
}

/* Fork until it fails, or there are so many; the error. */
static int
fork_all(int most)
{
	shared[0] = shared[1] = 0;
	for (npids = 0; npids < most; npids++) {
		pids[npids] = child_start(wait_released);
		if (pids[npids] < 0)
			return errno;
	}
	return 0;
}

static bool
reap_all(void)
{
	bool good = true;

	shared[0] = 1;
	for (int i = 0; i < npids; i++)
		good = status_of(pids[i]) == EXITED(0) && good;
	return good;
}

/* Frames that can still be promised. */
static size_t
available(void)
{
	struct vm_info_req req = {};
	struct vm_info_rep rep;

	return vm_info(SLOT_VM, &req, &rep) == 0 ? rep.available : 0;
}

static char *
map(size_t pages)
{
	char *area = mmap(NULL, pages * PAGE_SIZE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANON, -1, 0);

	return area == MAP_FAILED ? NULL : area;
}

struct books {
	long frames, available, nprocs, forks;
};

static struct books
books_read(void)
{
	return (struct books){
	    .frames = free_frames(),
	    .available = (long)available(),
	    .nprocs = sysctl_number("kern.nprocs"),
	    .forks = sysctl_number("kern.forks"),
	};
}

static bool
books_equal(const struct books *a, const struct books *b)
{
	return a->frames == b->frames && a->available == b->available &&
	       a->nprocs == b->nprocs && a->forks == b->forks;
}

/* More than half of all memory can't be promised twice. */
static void
test_too_big(void)
{
	size_t pages = available() * 6 / 10;
	char *area = map(pages);
	struct books before, after;
	pid_t pid;

	ok(area != NULL, "most of all memory can be mapped");
	ok(map(available() + 1) == NULL && errno == ENOMEM,
	    "F14 more than there is can't");
	before = books_read();
	pid = fork();
	if (pid == 0)
		_exit(0);
	is(pid, -1, "F14 then fork has no memory for another");
	is(errno, ENOMEM, "F14 which is ENOMEM");
	after = books_read();
	ok(books_equal(&before, &after),
	    "F14 F15 nothing is changed by what was refused");
	pid = vfork();
	if (pid == 0)
		_exit(0);
	is(status_of(pid), EXITED(0), "F14 vfork needs no copy");
	(void)munmap(area, pages * PAGE_SIZE);
	is(child_status(exit_1), EXITED(1), "F14 unmapped, fork works again");
}

/* Children of a parent with a 20th of all memory. */
static void
test_memory(void)
{
	size_t pages = available() / 20;
	char *area = map(pages);
	struct books before, after;
	int error, first;

	/* Once before counting, so that tables that stay have grown. */
	(void)fork_all(MANY);
	ok(reap_all(), "children of one with much memory end");
	before = books_read();
	error = fork_all(MANY);
	first = npids;
	is(error, ENOMEM, "F14 fork until memory is gone ends with ENOMEM");
	ok(first > 10 && first < 20, "F14 when it is all promised");
	ok(reap_all(), "F14 all children are well");
	after = books_read();
	is(after.frames, before.frames, "F14 then all frames are free again");
	is(after.available, before.available, "F14 and can be promised again");
	is(after.nprocs, before.nprocs, "F14 and no process is left");
	(void)fork_all(MANY);
	is(npids, first, "F14 the next time there are as many");
	(void)reap_all();
	for (size_t i = 0; i < pages; i += 64)
		area[i * PAGE_SIZE] = 1;
	(void)munmap(area, pages * PAGE_SIZE);
}

static void
test_pids(void)
{
	struct books before, after;
	int error;

	(void)fork_all(MANY);
	(void)reap_all();
	before = books_read();
	error = fork_all(MANY);
	is(error, EAGAIN, "F10 fork until pids are gone ends with EAGAIN");
	ok(npids >= LIVE, "F10 with a thousand live children");
	is(sysctl_number("kern.nprocs"), before.nprocs + npids,
	    "F10 who are all counted");
	ok(reap_all(), "F10 each ends by itself and is reaped");
	is(shared[1] >= npids / 2, 1, "F10 having run");
	after = books_read();
	is(after.frames, before.frames, "F10 no frame is lost by that");
	is(after.nprocs, before.nprocs, "F10 and no process");
}

/* The same with children that are killed instead. */
static void
test_killed(void)
{
	long before = free_frames();
	bool good = true;

	(void)fork_all(LIVE);
	for (int i = 0; i < npids; i++)
		(void)kill(pids[i], SIGKILL);
	for (int i = 0; i < npids; i++)
		good = status_of(pids[i]) == SIGKILL && good;
	ok(good && npids == LIVE, "F10 a thousand children can be killed");
	is(free_frames(), before, "F10 and leave no frame behind");
}

int
main(void)
{
	shared = shared_page();
	test_too_big();
	test_memory();
	test_pids();
	test_killed();
	return tap_end();
}

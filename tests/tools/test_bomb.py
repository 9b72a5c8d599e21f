# SPDX-License-Identifier: BSD-2-Clause
"""test_bomb.py - a user's processes multiply, and root ends them.

All of it is typed at the prompt, on one hart and on four.
"""

import re
import sys
import time

import claims
from test_console import Session
from test_run import PROMPT

UID = b"5"
ROUNDS = 8
# Seconds: until something must have come about, and between two looks at it.
LONG = 60
PAUSE = 0.1
# Processes that run, and seconds that root is let wait: a turn of so many on one
# hart would take three times as long.
CROWD = 900
PROMPTLY = 3
ANSWERS = 10
# KiB that are not enough for a process.
LITTLE = 64

# How it multiplies is its argument.
BOMB = """
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define ENOUGH 5

static void *
spin(void *arg)
{
	for (;;)
		(void)arg;
}

int
main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";
	struct rlimit all;
	pthread_t thread;

	/* As many as there may be, all at 0; first is who makes them. */
	if (strcmp(how, "crowd") == 0) {
		(void)nice(-1);
		if (getrlimit(RLIMIT_NPROC, &all) != 0)
			return 1;
		all.rlim_cur = all.rlim_max;
		if (setrlimit(RLIMIT_NPROC, &all) != 0)
			return 1;
	}
	if (setuid(5) != 0)
		return 1;
	puts("ignited");
	fflush(stdout);
	if (strcmp(how, "fork") == 0)
		for (;;)
			(void)fork();
	/* Each is the child of the one before, which waits for it. */
	if (strcmp(how, "vfork") == 0)
		for (;;)
			(void)vfork();
	/* What is gone is forked again, under another pid. */
	if (strcmp(how, "hop") == 0)
		for (;;)
			if (fork() > 0 && fork() > 0)
				_exit(0);
	if (strcmp(how, "crowd") == 0) {
		while (fork() > 0)
			continue;
		(void)nice(1);
		(void)spin(NULL);
	}
	if (strcmp(how, "threads") == 0) {
		for (int i = 0; i < ENOUGH; i++)
			if (fork() == 0)
				break;
		for (;;)
			(void)pthread_create(&thread, NULL, spin, NULL);
	}
	if (strcmp(how, "memory") == 0) {
		for (size_t size = 1 << 28; size >= 4096;)
			if (mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_ANON | MAP_PRIVATE, -1, 0) == MAP_FAILED)
				size /= 2;
		for (;;)
			(void)fork();
	}
	return 2;
}
"""


def wait_until(condition, otherwise):
    """Look again and again, for a long time; the prompt takes none to answer."""
    end = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < end, otherwise
        time.sleep(PAUSE)


def ask(session, line):
    """Type a line; what comes before the next prompt."""
    session.type(line + b"\r")
    session.until(line + b"\r")
    return session.until(PROMPT)


def processes(session):
    """The list of processes but for its heading, those of the user counted."""
    lines = ask(session, b"ps").splitlines()
    return [line for line in lines if re.match(rb" *\d+ +\d+ +\d+ ", line)]


def users(lines):
    return sum(line.split()[2] == UID for line in lines)


def free(session):
    """What free says: all, free and not promised, in KiB."""
    numbers = re.findall(rb"(\d+) KiB", ask(session, b"free"))
    assert len(numbers) == 3, numbers
    return [int(number) for number in numbers]


def settled(session):
    """The same, when all that ended has been reaped."""
    wait_until(lambda: users(processes(session)) == 0, "some are left")
    return free(session)


def full(session, how, least):
    """Whether it has grown: so many processes, or no memory for another."""
    if users(processes(session)) < least:
        return False
    return how != b"memory" or free(session)[2] < LITTLE


def burst(session, how, least):
    """Start one, see that it has grown, end it; what there is then."""
    session.type(b"program %s &\r" % how)
    # Its own line may come before the prompt or after.
    session.until(PROMPT)
    wait_until(lambda: full(session, how, least), "it does not grow")
    if how == b"memory":
        # Nothing can be started, and yet it can be ended.
        answer = ask(session, b"echo well")
        assert b"fork: " in answer, answer
    ask(session, b"kill -KILL -u " + UID)
    left = settled(session)
    return len(processes(session)), left


def explode(how, least, *options):
    """Again and again, until one has left all as it was.

    Tables of the servers keep their greatest size, so the first take some
    memory; what is lost each time never comes to an end.
    """
    with Session(BOMB, *options) as session:
        seen = [(len(processes(session)), settled(session))]
        while len(seen) < 2 or seen[-1] != seen[-2]:
            assert len(seen) <= ROUNDS, seen
            seen.append(burst(session, how, least))
        assert all(count == seen[0][0] for count, _ in seen), seen
        session.type(b"echo well\r")
        session.until(b"\nwell\r\n")
        session.until(PROMPT)
    return seen


def crowded(*options):
    """The longest that the prompt took for an answer while a crowd runs."""
    waits = []
    with Session(BOMB, *options) as session:
        before = len(processes(session))
        session.type(b"program crowd &\r")
        session.until(PROMPT)
        wait_until(lambda: users(processes(session)) >= CROWD,
                   "it does not grow")
        for _ in range(ANSWERS):
            start = time.monotonic()
            free(session)
            waits.append(time.monotonic() - start)
        ask(session, b"kill -KILL -u " + UID)
        settled(session)
        assert len(processes(session)) == before
    return max(waits)


def on_both(how, least, *options):
    for harts in ("1", "4"):
        explode(how, least, "--smp", harts, *options)


def test_a_fork_bomb_ends_by_one_command_of_root_s():
    on_both(b"fork", 100)


def test_so_does_one_whose_processes_do_not_stay():
    on_both(b"hop", 1)


def test_and_one_of_vforks():
    on_both(b"vfork", 100)


def test_and_one_of_threads():
    on_both(b"threads", 5, "--mem", "64M")


def test_and_one_that_has_taken_all_memory_before():
    on_both(b"memory", 1, "--mem", "64M")


def test_the_prompt_answers_at_once_whatever_runs():
    for harts in ("1", "4"):
        took = crowded("--smp", harts)
        assert took < PROMPTLY, took


if __name__ == "__main__":
    sys.exit(claims.main(sys.modules[__name__]))

# SPDX-License-Identifier: BSD-2-Clause
"""test_console.py - typing at the guest, and a host that reads slowly."""

import os
import sys
import tempfile
import time

import claims
from test_run import PROMPT, Terminal, compiled

# For the servers' protocols.
INCLUDES = ["-idirafter" + os.path.join(claims.TOP, each)
            for each in ("libipc/include", "kernel")]

# Each board with one hart and with all that the tests use.
MACHINES = (
    ("--platform", "qemu-virt"),
    ("--platform", "qemu-virt", "--smp", "4"),
    ("--platform", "hifive-unleashed"),
    ("--platform", "hifive-unleashed", "--smp", "4"),
)

# Prints what it reads, a line each, until the end of its input.
READER = """
#include <stdio.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	static char line[300];
	ssize_t n;

	printf("%s: ready\\n", argv[argc - 1]);
	while ((n = read(0, line, sizeof(line))) > 0)
		printf("%s: %zd <%.*s>\\n", argv[argc - 1], n, (int)n - 1,
		    line);
	printf("%s: end\\n", argv[argc - 1]);
	return 0;
}
"""

# Two children wait for a line and are killed; then the program reads it.
KILLER = """
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void
wait_a_little(void)
{
	struct timespec t, start;

	clock_gettime(CLOCK_MONOTONIC, &start);
	do
		clock_gettime(CLOCK_MONOTONIC, &t);
	while ((t.tv_sec - start.tv_sec) * 1000000000 + t.tv_nsec -
	    start.tv_nsec < 200000000);
}

int
main(void)
{
	char line[100];
	ssize_t n;
	pid_t pids[2];
	int status;

	for (int i = 0; i < 2; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			n = read(0, line, sizeof(line));
			printf("a child read %zd\\n", n);
			return 0;
		}
	}
	wait_a_little();
	for (int i = 0; i < 2; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], &status, 0);
		printf("killed %d\\n", WTERMSIG(status));
	}
	puts("ready");
	n = read(0, line, sizeof(line));
	printf("read %zd <%.*s>\\n", n, (int)n - 1, line);
	return 0;
}
"""

# A thread waits for a line while the program forks; both tell what they have.
FORKER = """
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char line[100];
static volatile ssize_t got = -1;

static void *
reader(void *arg)
{
	got = read(0, line, sizeof(line));
	return arg;
}

int
main(void)
{
	pthread_t thread;
	pid_t pid;

	if (pthread_create(&thread, NULL, reader, NULL) != 0)
		return 1;
	usleep(200000);
	pid = fork();
	if (pid == 0) {
		/* Long enough for the line to come. */
		sleep(2);
		printf("child: %zd <%s>\\n", got, line);
		return 0;
	}
	puts("ready");
	fflush(stdout);
	pthread_join(thread, NULL);
	printf("parent: %zd <%.*s>\\n", got, (int)got - 1, line);
	fflush(stdout);
	waitpid(pid, NULL, 0);
	return 0;
}
"""

# Ends ttysrv while a child waits for a line.
RESTARTER = """
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ipc/proc.h>

int
main(void)
{
	struct proc_restart_req req = {.badge = BADGE_TTY};
	struct proc_restart_rep rep;
	char line[100];
	ssize_t n;

	if (fork() == 0) {
		n = read(0, line, sizeof(line));
		printf("%zd %d\\n", n, errno == EIO);
		return 0;
	}
	usleep(200000);
	if (proc_restart(SLOT_PROC, &req, &rep) != 0)
		return 1;
	wait(NULL);
	puts("ready");
	fflush(stdout);
	n = read(0, line, sizeof(line));
	printf("read %zd <%.*s>\\n", n, (int)n - 1, line);
	return 0;
}
"""

SPINNER = """
#include <stdio.h>

int
main(void)
{
	puts("spinning");
	fflush(stdout);
	for (;;)
		continue;
}
"""

# A child writes more than the host takes; the parent tells how long it did
# not get to run meanwhile.
WRITER = """
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LINES 300

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
child(void)
{
	static char line[1000];

	for (int i = 0; i < LINES; i++) {
		memset(line, 'a' + i % 26, sizeof(line) - 1);
		line[sizeof(line) - 1] = '\\n';
		if (write(1, line, sizeof(line)) != sizeof(line))
			_exit(1);
	}
	_exit(0);
}

int
main(void)
{
	double longest = 0;
	double last;
	int status;

	puts("begin");
	fflush(stdout);
	if (fork() == 0)
		child();
	last = now();
	while (waitpid(-1, &status, WNOHANG) == 0) {
		double t = now();

		if (t - last > longest)
			longest = t - last;
		last = t;
	}
	printf("status %d longest %d ms\\n", status, (int)(longest * 1000));
	return 0;
}
"""


class Session:
    """A terminal with a program of ours in the guest."""

    def __init__(self, source, *options):
        self.directory = tempfile.TemporaryDirectory()
        program = compiled(self.directory.name, "program", source,
                           *INCLUDES)
        self.terminal = Terminal("--add", program, *options)
        self.type, self.until = self.terminal.type, self.terminal.until

    def __enter__(self):
        self.until(PROMPT)
        return self

    def __exit__(self, kind, _value, _trace):
        if kind is None:
            self.type(b"poweroff\r")
            self.terminal.end(0)
        else:
            self.terminal.guest.process.kill()
        self.directory.cleanup()


def on_all_machines(source):
    for options in MACHINES:
        with Session(source, *options) as session:
            yield session


def test_lines_are_edited_before_they_are_read():
    for session in on_all_machines(READER):
        session.type(b"program r\r")
        session.until(b"r: ready")
        session.type(b"wrong\x15abx\x7fc\r")
        session.until(b"r: 4 <abc>\r\n")
        # A character of several bytes is erased whole.
        session.type("\u20ac\x7fz\r".encode())
        session.until(b"r: 2 <z>\r\n")
        session.type(b"\x04")
        session.until(b"r: end")
        session.until(PROMPT)


def test_what_is_typed_ahead_is_read_later_and_nothing_is_lost():
    for session in on_all_machines(READER):
        lines = [f"{n} {n * n}".encode() for n in range(200)]
        # All at once, before the program has begun.
        session.type(b"program r\r" + b"\r".join(lines) + b"\r")
        session.until(b"r: ready")
        for line in lines:
            session.until(b"r: %d <%s>\r\n" % (len(line) + 1, line))
        session.type(b"\x04")
        session.until(b"r: end")
        session.until(PROMPT)


def test_a_reader_that_is_killed_does_not_eat_the_line():
    for session in on_all_machines(KILLER):
        session.type(b"program\r")
        session.until(b"killed 9\r\nkilled 9\r\nready\r\n")
        session.type(b"for me\r")
        session.until(b"\nread 7 <for me>\r\n")
        session.until(PROMPT)


def test_control_c_and_control_backslash_end_the_program_in_front():
    for session in on_all_machines(SPINNER):
        for key, number in ((b"\x03", b"2"), (b"\x1c", b"3")):
            session.type(b"program\r")
            session.until(b"spinning")
            session.type(key)
            session.until(b"killed by signal " + number)
            session.until(PROMPT)
        # At the prompt it only forgets what was typed.
        session.type(b"poweroff 9\x03")
        session.until(PROMPT)


def test_control_c_ends_a_program_that_waits_for_a_line():
    for session in on_all_machines(READER):
        session.type(b"program r\r")
        session.until(b"r: ready")
        session.type(b"old\x03")
        session.until(b"killed by signal 2")
        session.until(PROMPT)
        session.type(b"echo new\r")
        session.until(b"\nnew\r\n")
        session.until(PROMPT)


def test_a_stopped_reader_does_not_eat_the_next_line():
    for session in on_all_machines(READER):
        session.type(b"program r\r")
        session.until(b"r: ready")
        session.type(b"\x1a")
        session.until(b"[3] stopped by signal 18")
        session.until(PROMPT)
        session.type(b"echo for the monitor\r")
        session.until(b"\nfor the monitor\r\n")
        session.until(PROMPT)
        session.type(b"fg 3\r")
        session.until(b"fg 3\r")
        session.type(b"for it\r")
        session.until(b"r: 7 <for it>\r\n")
        session.type(b"\x04")
        session.until(b"r: end")
        session.until(PROMPT)


def test_data_for_an_lwp_that_reads_while_another_forks_reach_the_parent():
    for session in on_all_machines(FORKER):
        session.type(b"program\r")
        session.until(b"ready\r\n")
        session.type(b"data\r")
        session.until(b"parent: 5 <data>\r\n")
        session.until(b"child: -1 <>\r\n")
        session.until(PROMPT)


def test_a_console_that_is_restarted_tells_its_callers_and_goes_on():
    for session in on_all_machines(RESTARTER):
        for _ in range(3):
            session.type(b"program\r")
            session.until(b"vmsrv: server ttysrv failed (on request);"
                          b" restarted")
            session.until(b"-1 1\r\n")
            session.until(b"ready\r\n")
            session.type(b"again\r")
            session.until(b"read 6 <again>\r\n")
            session.until(PROMPT)


def test_a_host_that_reads_slowly_loses_nothing_and_stops_nobody():
    # QEMU's model of the other board's UART drops what the host does not take.
    with Session(WRITER, "--platform", "qemu-virt") as session:
        session.type(b"program\r")
        session.until(b"begin\r\n")
        time.sleep(3)
        for i in range(300):
            session.until(bytes([ord("a") + i % 26]) * 999 + b"\r\n")
        session.until(b"status 0 longest ")
        # With a ttysrv that waited for the UART it would be seconds.
        longest = int(session.until(b" ms"))
        assert longest < 1000, longest
        session.type(b"\r")
        session.until(PROMPT)


if __name__ == "__main__":
    sys.exit(claims.main(sys.modules[__name__]))

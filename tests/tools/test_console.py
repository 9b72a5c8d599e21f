# SPDX-License-Identifier: BSD-2-Clause
"""test_console.py - typing at the guest, and a host that reads slowly."""

import sys
import tempfile
import time

import claims
from test_run import PROMPT, Terminal, compiled

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
        program = compiled(self.directory.name, "program", source)
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
        # Of several bytes, and a tab that can be seen.
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

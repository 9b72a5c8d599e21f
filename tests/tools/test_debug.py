# SPDX-License-Identifier: BSD-2-Clause
"""test_debug.py - scripts/debug, and what docs/debugging.md tells to type."""

import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import time

import claims
import test_run
import typed

DEBUG = os.path.join(claims.SCRIPTS, "debug")
CC = os.path.join(claims.TOP, "build", "sdk", "bin", "tine-cc")
LONG = 120

SOURCE = """
#include <sys/wait.h>
#include <unistd.h>
static volatile int step;
__attribute__((noinline)) int twice(int n) { step++; return 2 * n; }
int main(int argc, char **argv)
{
    int status;
    if (fork() == 0)
        _exit(twice(argc) + argv[0][0]);
    wait(&status);
    return WEXITSTATUS(status) - argv[0][0];
}
"""


def debug(*arguments, build="--no-build"):
    """The status, and what gdb and the program wrote."""
    done = subprocess.run(
        [DEBUG, build, "--batch", *arguments], check=False, timeout=LONG,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def compiled(directory, *flags):
    text = os.path.join(directory, "twice.c")
    with open(text, "w") as file:
        file.write(SOURCE)
    path = os.path.join(directory, "twice")
    subprocess.run([CC, "-O1", *flags, "-o", path, text], check=True)
    return path


def expect(result, status, *texts):
    assert result[0] == status, result
    at = 0
    for text in texts:
        found = result[1].find(text, at)
        assert found >= 0, (text, result[1])
        at = found + len(text)


def test_it_stops_in_main_of_the_program_not_of_init():
    result = debug("--ex", "info args", "--ex", "print argv[1]",
                   "echo", "a", "b")
    expect(result, 0, "main (argc=3", "argc = 3", '"a"')


def test_it_stops_so_on_the_board_with_a_hart_without_mmu():
    result = debug("--platform", "hifive-unleashed", "--ex", "print argv[1]",
                   "--ex", "continue", "echo", "twelve")
    expect(result, 0, "main (argc=2", '"twelve"')
    assert "\ntwelve\n" in result[1], result


def test_a_hart_that_firmware_sends_to_the_first_entry_joins_the_others():
    # As OpenSBI before 1.3 may; here gdb has each of the three sent there.
    commands = ["hbreak *sbi_call3 if $a0 == 0x48534d",
                "hbreak hart_main", "ignore $bpnum 2"]
    for _ in range(3):
        commands += [
            "continue",
            "set $a2 = (unsigned long)&kernel_text - 0xffffffff00000000"]
    commands += ["continue", "delete", "continue"]
    options = []
    for each in commands:
        options += ["--ex", each]
    result = debug("--kernel", "--smp", "4", *options, "echo", "all here")
    expect(result, 0, ", hart_main ()", "all here\n")


def test_one_fork_can_be_followed_into_the_servers_and_the_kernel():
    with tempfile.TemporaryDirectory() as directory:
        program = compiled(directory, "-g")
        stops = []
        for place in ("thbreak fork1", "thbreak serve_vm_fork",
                      "thbreak space_clone", "tine-break twice"):
            stops += ["--ex", place, "--ex", "continue", "--ex", "backtrace"]
        expect(debug(*stops, program, "x"), 0, "main (argc=2",
               "fork1 (", "serve_proc_fork (", "serve_vm_fork (",
               "space_clone (", "syscall_dispatch (",
               "twice (n=", "main (argc=")


def test_a_panic_stops_it():
    with tempfile.TemporaryDirectory() as directory:
        program = compiled(directory, "-g")
        result = debug("--kernel", "--add", program + ":/boot/vmsrv",
                       "--ex", "continue", "--ex", "backtrace", "echo")
        expect(result, 0, "boot_main (", "panic (format=", "root_create (")


class Terminal:
    """scripts/debug on a terminal of its own."""

    def __init__(self, *arguments):
        self.seen = ""
        pid, self.master = pty.fork()
        if pid == 0:
            os.execve(DEBUG, [DEBUG, "--no-build", *arguments],
                      {**os.environ, "TERM": "dumb"})
        self.pid = pid

    def until(self, text):
        deadline = time.monotonic() + LONG
        while text not in self.seen:
            left = deadline - time.monotonic()
            assert left > 0, (text, self.seen)
            if select.select([self.master], [], [], left)[0]:
                data = os.read(self.master, 4096)
                assert data, (text, self.seen)
                self.seen += data.decode(errors="replace")
        self.seen = self.seen.partition(text)[2]

    def type(self, keys):
        os.write(self.master, keys.encode())


def test_an_interrupt_typed_stops_the_machine_not_the_script():
    with tempfile.TemporaryDirectory() as directory:
        text = os.path.join(directory, "spin.c")
        program = os.path.join(directory, "spin")
        with open(text, "w") as file:
            file.write("int main(void) { for (;;) ; }")
        subprocess.run([CC, "-g", "-o", program, text], check=True)
        terminal = Terminal(program)
        terminal.until("main ()")
        for _ in range(2):
            terminal.type("continue\n")
            terminal.until("Continuing.")
            time.sleep(0.3)
            terminal.type("\003")
            terminal.until("SIGINT")
        terminal.type("backtrace\n")
        terminal.until("#0 ")
        terminal.type("quit\n")
        assert os.waitpid(terminal.pid, 0)[1] == 0
        os.close(terminal.master)


def test_mistakes_are_explained():
    expect(debug("nonesuch"), 127, "/bin/nonesuch")
    expect(debug("--smp", "99", "echo"), 2, "harts")
    with tempfile.TemporaryDirectory() as directory:
        result = debug(compiled(directory, "-g0", "-s"))
        expect(result, 1, "compile it with -g")


def test_nothing_is_left_behind_however_it_ends():
    for number in (None, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with tempfile.TemporaryDirectory() as directory:
            guest = test_run.Guest(
                "--batch", "--ex", "echo begun\\n", "--ex", "continue",
                *(("--ex", "continue") if number is None else ()),
                "/test/storm" if number else "echo",
                program=("env", f"TMPDIR={directory}", DEBUG, "--no-build"),
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL)
            for line in guest.process.stdout:
                if line.startswith(b"begun"):
                    break
            if number:
                guest.process.send_signal(number)
            guest.process.stdout.read()
            guest.process.stdout.close()
            status = guest.process.wait(LONG)
            assert (status == 0) == (number is None), (number, status)
            assert not guest.remains(), number
            assert not os.listdir(directory), number


def test_what_the_text_on_debugging_tells_to_type_works():
    typed.follow("debugging.md")


if __name__ == "__main__":
    sys.exit(claims.main(sys.modules[__name__]))

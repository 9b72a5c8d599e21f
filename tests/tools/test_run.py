# SPDX-License-Identifier: BSD-2-Clause
"""test_run.py - scripts/run, as a user of it sees it."""

import atexit
import os
import pty
import select
import signal
import subprocess
import sys
import tempfile
import termios
import time
import uuid

import claims
import machine

RUN = os.path.join(claims.SCRIPTS, "run")
CC = os.path.join(claims.TOP, "build", "sdk", "bin", "tine-cc")
PROMPT = b"tine> "
LONG = 60
# A name of our own in the environment of all that a test starts.
TAG = "TINE_TEST_RUN"


class Guest:
    """scripts/run with a tag by which what it started can be found.

    What scripts/test has built is what is tested.
    """

    def __init__(self, *arguments, program=(RUN, "--no-build"), **keywords):
        self.tag = uuid.uuid4().hex
        self.process = subprocess.Popen(
            [*program, *arguments], env={**os.environ, TAG: self.tag},
            **keywords)
        atexit.register(self.end)

    def end(self):
        """A claim that failed may have left it running."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(LONG)

    def remains(self):
        """Processes with our tag, after those that are ending have ended."""
        for _ in range(40):
            left = [pid for pid in os.listdir("/proc")
                    if pid.isdigit() and self.tagged(pid)]
            if not left:
                break
            time.sleep(0.05)
        return left

    def tagged(self, pid):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                return f"{TAG}={self.tag}".encode() in file.read()
        except OSError:
            return False


def run(*arguments):
    """Run to the end; the status and what came out."""
    guest = Guest(*arguments, stdin=subprocess.DEVNULL,
                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, error = guest.process.communicate(timeout=LONG)
    assert not guest.remains(), "something was left running"
    return guest.process.returncode, out, error.decode()


def compiled(directory, name, source, *options):
    """A program made of C source with tine-cc."""
    text = os.path.join(directory, name + ".c")
    with open(text, "w") as file:
        file.write(source)
    path = os.path.join(directory, name)
    subprocess.run([CC, "-O2", *options, "-o", path, text], check=True)
    return path


def expect(result, status, out=None, error=None):
    assert result[0] == status, result
    if out is not None:
        assert result[1] == out, result
    if error is not None:
        assert error in result[2], result


def test_the_program_s_status_is_the_exit_status():
    expect(run("--batch", "true"), 0, b"", "")
    expect(run("--batch", "false"), 1, b"")
    for command, status, output in (
            ("nice -n 3 echo a", 0, b"a\n"), ("nice false", 1, b""),
            ("nice -n x true", 125, b"nice: x: not a number\n"),
            ("nice -n 3", 125, b"usage: nice [-n INCREMENT]"),
            ("nice /boot/vmsrv", 126, b"nice: /boot/vmsrv: "),
            ("nice nonesuch", 127, b"nice: nonesuch: ")):
        result = run("--batch", command)
        assert result[0] == status, result
        assert result[1].startswith(output), result


def test_both_boards_run_programs():
    for board in ("qemu-virt", "hifive-unleashed"):
        expect(run("--platform", board, "--batch", "echo a  b"), 0, b"a b\n")


def test_output_is_exactly_the_bytes_that_programs_wrote():
    source = """
        #include <unistd.h>
        int main(void)
        {
            unsigned char b[256];
            for (int i = 0; i < 256; i++)
                b[i] = (unsigned char)i;
            return write(1, b, 256) != 256;
        }"""
    with tempfile.TemporaryDirectory() as directory:
        program = compiled(directory, "bytes", source)
        expect(run("--add", program, "--batch", "bytes"), 0,
               bytes(range(256)))


def test_a_death_by_signal_is_128_and_its_number():
    source = """
        #include <signal.h>
        #include <unistd.h>
        int main(void) { kill(getpid(), SIGTERM); pause(); }"""
    with tempfile.TemporaryDirectory() as directory:
        program = compiled(directory, "dies", source)
        expect(run("--add", program, "--batch", "dies"), 128 + 15, b"")


def test_an_endless_program_is_ended_with_124():
    with tempfile.TemporaryDirectory() as directory:
        program = compiled(
            directory, "spin", "int main(void) { for (;;) ; }")
        result = run("--add", program, "--timeout", "2", "--batch", "spin")
        expect(result, 124, b"", "not finished after 2 s")


def test_added_files_get_the_name_or_path_asked_for():
    with tempfile.TemporaryDirectory() as directory:
        program = compiled(
            directory, "one", "int main(int c, char **v)"
            " { return c + (v[0][1] == 'm'); }")
        expect(run("--add", program, "--batch", "one 2 3"), 3)
        expect(run("--add", program + ":/my/own", "--batch", "/my/own"), 2)


def test_mistakes_are_explained_before_anything_boots():
    cases = [
        (["--nonsense"], 2, "--nonsense"),
        (["--smp", "0"], 2, "harts"),
        (["--smp", "99"], 2, "harts"),
        (["--smp", "2", "--icount"], 2, "one hart only"),
        (["--mem", "much"], 2, "not a size"),
        (["--mem", "4M"], 2, "too little"),
        (["--platform", "pdp11"], 2, "qemu-virt"),
        (["--add", "/nonexistent/file"], 2, "No such file"),
        (["--add", "/bin/sh"], 2, "tine-cc"),
        (["--batch", ""], 2, "name of a program"),
        (["--batch", "true " + "x" * 2000], 2, "too long"),
        (["--batch", "nonesuch"], 127, "/bin/nonesuch"),
    ]
    for arguments, status, text in cases:
        expect(run(*arguments), status, b"", text)


def test_a_panic_is_told_with_names_and_lines():
    with tempfile.TemporaryDirectory() as directory:
        program = compiled(directory, "task", "int main(void) { return 0; }")
        result = run("--add", program + ":/boot/vmsrv", "--batch", "true")
        expect(result, 125, b"", "the kernel panicked")
        expect(result, 125, error="root_create at ")
        expect(result, 125, error="/main.c:")


def test_an_end_of_init_is_told():
    with tempfile.TemporaryDirectory() as directory:
        program = compiled(directory, "init", "int main(void) { return 3; }")
        result = run("--add", program + ":/sbin/init", "--batch", "true")
        expect(result, 125)
        assert b"init died (signal 0, exit 3)" in result[1], result


def test_verbose_adds_the_log_to_stderr_only():
    result = run("--verbose", "--batch", "echo x")
    expect(result, 0, b"x\n", "OpenSBI")


def test_no_byte_of_the_marker_is_seen_however_it_comes():
    log, sink = bytearray(), bytearray()
    text = b"log\r\nmar marke marker!\r\nmarker\r\nmarker\n"
    for size in range(1, len(text)):
        console = machine.Console("marker", sink.extend, log.extend)
        for at in range(0, len(text), size):
            console.feed(text[at:at + size])
        assert (log, sink) == (text[:-15], b"marker\n"), (size, log, sink)
        log.clear(), sink.clear()


def test_a_build_that_is_interrupted_leaves_nothing_running():
    with tempfile.TemporaryDirectory() as top:
        os.mkdir(os.path.join(top, "scripts"))
        script = os.path.join(top, "scripts", "build")
        with open(script, "w") as file:
            file.write("#!/bin/sh\nsleep 600 & echo started >&2; sleep 600\n")
        os.chmod(script, 0o755)
        code = ("import machine, sys\n"
                f"machine.TOP = {top!r}\n"
                "machine.interruptible()\n"
                "machine.build()\n")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            guest = Guest(program=[sys.executable, "-B", "-c", code],
                          cwd=os.path.join(claims.SCRIPTS, "host"),
                          stderr=subprocess.PIPE)
            assert guest.process.stderr.readline() == b"started\n"
            guest.process.send_signal(number)
            assert guest.process.wait(LONG) != 0
            guest.process.stderr.close()
            assert not guest.remains(), number


def test_counting_instructions_works_with_one_hart():
    expect(run("--icount", "--batch", "true"), 0)


def test_a_reader_that_goes_away_ends_it():
    with tempfile.TemporaryDirectory() as directory:
        program = compiled(
            directory, "yes", "#include <unistd.h>\n"
            "int main(void) { while (write(1, \"y\\n\", 2) == 2) ; }")
        guest = Guest("--add", program, "--batch", "yes",
                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        assert guest.process.stdout.read(4) == b"y\ny\n"
        guest.process.stdout.close()
        assert guest.process.wait(LONG) == 128 + signal.SIGPIPE
        assert not guest.remains()


def test_whatever_ends_it_nothing_is_left_running():
    with tempfile.TemporaryDirectory() as directory:
        program = compiled(
            directory, "spin", "#include <unistd.h>\n"
            "int main(void) { write(1, \"!\", 1); for (;;) ; }")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP,
                       signal.SIGKILL):
            guest = Guest("--add", program, "--batch", "spin",
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
            assert guest.process.stdout.read(1) == b"!"
            guest.process.send_signal(number)
            status = guest.process.wait(LONG)
            killed = number == signal.SIGKILL
            assert status == (-number if killed else 128 + number), status
            assert not guest.remains(), number


class Terminal:
    """A guest on a terminal of its own; keywords are Guest's."""

    def __init__(self, *arguments, **keywords):
        try:
            self.master, self.slave = pty.openpty()
        except OSError as error:
            raise claims.Skip("no terminal can be had") from error
        self.before = termios.tcgetattr(self.slave)
        self.seen = b""
        self.guest = Guest(
            *arguments, stdin=self.slave, stdout=self.slave,
            stderr=self.slave, start_new_session=True, **keywords)

    def type(self, keys):
        os.write(self.master, keys)

    def until(self, text):
        """Read until a text has come; what came before it."""
        end = time.monotonic() + LONG
        while text not in self.seen:
            assert time.monotonic() < end, (text, self.seen)
            if select.select([self.master], [], [], 0.1)[0]:
                self.seen += os.read(self.master, 4096)
        before, self.seen = self.seen.split(text, 1)
        return before

    def end(self, status):
        assert self.guest.process.wait(LONG) == status
        assert termios.tcgetattr(self.slave) == self.before, "terminal"
        assert not self.guest.remains()
        os.close(self.master)
        os.close(self.slave)


def test_keys_go_to_the_guest_and_its_power_off_ends_it():
    terminal = Terminal()
    terminal.until(PROMPT)
    terminal.type(b"echo one two\r")
    terminal.until(b"\none two\r\n")
    terminal.until(PROMPT)
    terminal.type(b"poweroff 3\r")
    terminal.end(3)


def test_programs_in_the_background_are_listed_and_killed():
    with tempfile.TemporaryDirectory() as directory:
        program = compiled(
            directory, "spin", "int main(void) { for (;;) ; }")
        terminal = Terminal("--add", program)
        terminal.until(PROMPT)
        terminal.type(b"spin &\r")
        terminal.until(b"]\r\n")
        terminal.until(PROMPT)
        # The monitor runs before what it starts: that may still be its copy.
        end = time.monotonic() + LONG
        listed = b""
        while b" active  spin\r\n" not in listed:
            assert time.monotonic() < end, listed
            terminal.type(b"ps\r")
            terminal.until(b"ps\r")
            listed = terminal.until(PROMPT)
        # The monitor is process 2, its first child 3.
        terminal.type(b"kill -9 3\r")
        terminal.until(b"[3] killed by signal 9")
        terminal.type(b"poweroff\r")
        terminal.end(0)


def test_a_board_that_cannot_be_switched_off_goes_on():
    """The sifive_u without semihosting, which scripts/run never leaves out."""
    setup = machine.Setup("release")
    terminal = Terminal(
        "-M", "sifive_u", "-smp", "2", "-display", "none",
        "-serial", "mon:stdio", "-no-reboot",
        "-kernel", setup.kernel, "-initrd", setup.archive,
        program=[machine.QEMU])
    terminal.until(PROMPT)
    terminal.type(b"poweroff\r")
    terminal.until(b"cannot power off: Not supported")
    terminal.until(PROMPT)
    # Without a monitor, init has nobody to serve, but does not end.
    terminal.type(b"\x04")
    terminal.until(b"cannot power off: Not supported")
    terminal.type(b"\x01x")
    before = terminal.until(b"QEMU: Terminated")
    assert b"panic" not in before, before
    terminal.end(0)


def test_the_monitor_bears_nonsense():
    terminal = Terminal()
    for line, answer in (
            (b"", PROMPT), (b"  &", PROMPT), (b"nonesuch", b"status 127"),
            (b"/boot/vmsrv", b"status 126"), (b"kill", b"usage: kill"),
            (b"kill x", b"not a number"), (b"kill 9999", b"No such process"),
            (b"x" * 2000, b"status 127"), (b"a " * 200, b"words"),
            (b"poweroff x", b"usage: poweroff"), (b"exit 256", b"usage: exit"),
            (b"help", b"poweroff"), (b"free", b"KiB free")):
        terminal.until(PROMPT)
        terminal.type(line + b"\r")
        terminal.until(answer)
        if answer == PROMPT:
            terminal.type(b"\r")
    # The end of input is the end.
    terminal.type(b"\x04")
    terminal.end(0)


def test_control_a_x_leaves_and_the_terminal_is_as_before():
    terminal = Terminal()
    terminal.until(PROMPT)
    terminal.type(b"\x01x")
    terminal.end(0)


def test_a_signal_leaves_the_terminal_as_it_was():
    for number in (signal.SIGTERM, signal.SIGHUP):
        terminal = Terminal()
        terminal.until(PROMPT)
        terminal.guest.process.send_signal(number)
        terminal.end(128 + number)


if __name__ == "__main__":
    sys.exit(claims.main(sys.modules[__name__]))

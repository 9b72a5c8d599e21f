# SPDX-License-Identifier: BSD-2-Clause
"""machine.py - the emulated boards, and what comes out of them.

One serial line carries everything: first the firmware's and the kernel's
log, then what programs write.  So the guest is told a marker, a line that
nothing else prints; the terminal server prints it before the first byte of a
program, and Console cuts there.

The kernel ends the emulator through semihosting, with the status that init
asked for.  A panic ends it too, after a report to a log of its own, which is
how the two are told apart.
"""

import ctypes
import os
import re
import select
import selectors
import signal
import subprocess
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
QEMU = "qemu-system-riscv64"
# Debian's u-boot-qemu, for QEMU's virt; it runs on top of QEMU's firmware.
U_BOOT = "/usr/lib/u-boot/qemu-riscv64_smode/u-boot.bin"

# What scripts/run exits with when it was not the guest's program that ended.
TIMED_OUT = 124
FAILED = 125
NOT_FOUND = 127

# The kernel keeps this much, with a NUL (BOOT_ARGS_MAX in kernel/abi/boot.h).
ARGUMENTS_MAX = 1023

PR_SET_PDEATHSIG = 1


class Platform:
    """A board of QEMU's; extra is the number of harts without an MMU."""

    def __init__(self, machine, extra, harts):
        self.machine = machine
        self.extra = extra
        self.harts = harts


PLATFORMS = {
    "qemu-virt": Platform("virt", 0, 8),
    "hifive-unleashed": Platform("sifive_u", 1, 4),
}


class Error(Exception):
    """Something the user should be told, and the exit status to go with."""

    def __init__(self, message, status=2):
        super().__init__(message)
        self.status = status


class Interrupted(Exception):
    """A signal asked us to end."""

    def __init__(self, number):
        super().__init__(f"signal {number}")
        self.status = 128 + number


ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def interruptible():
    """Turn the signals that end a script into an exception, once.

    Children are told here, since the exception may come when one has been
    started but its with statement has not been entered.
    """
    def interrupt(number, _frame):
        for each in ENDING:
            signal.signal(each, signal.SIG_IGN)
        for process in Process.started:
            process.part()
        raise Interrupted(number)
    for each in ENDING:
        signal.signal(each, interrupt)


def build_directory(build):
    return os.path.join(TOP, "build", build)


def build(*options):
    """Compile; a failure has been explained on stderr already."""
    command = [os.path.join(TOP, "scripts", "build"), *options]
    # With all that it starts in a session, so that all can be ended.
    with Process(command, signal.SIGTERM, stdout=2,
                 start_new_session=True) as builder:
        if builder.wait():
            raise Error("the build failed", FAILED)


def memory_size(text):
    """QEMU's notation for a size, checked: MiB unless it says otherwise."""
    match = re.fullmatch(r"([1-9][0-9]*)([KMG]?)", text.upper())
    if not match:
        raise Error(f"'{text}' is not a size: use a number and M or G")
    number, unit = match.groups()
    scale = {"K": 1 / 1024, "": 1, "M": 1, "G": 1024}[unit]
    if int(number) * scale < 32:
        raise Error(f"{text} of memory is too little: 32M is the least")
    return number + (unit or "M")


class Setup:
    """How to boot: the board, what is in it, what it is told."""

    def __init__(self, build="release"):
        self.platform = "qemu-virt"
        self.build = build
        self.archive = os.path.join(build_directory(build), "boot.cpio")
        self.kernel = os.path.join(build_directory(build), "tine.elf")
        self.disk = None  # to start from, by U-Boot, instead of these
        self.harts = 1
        self.memory = "256M"
        self.icount = False
        self.gdb = None  # the device that a debugger will talk to
        self.descriptors = []  # that the files are open on, if any
        self.words = []
        self.command = ""

    def check(self):
        """Whether the board can be so; says what is wrong if not."""
        board = PLATFORMS[self.platform]
        if not 1 <= self.harts <= board.harts:
            raise Error(f"{self.platform} has 1 to {board.harts} harts for"
                        f" the kernel, not {self.harts}")
        if self.disk and self.platform != "qemu-virt":
            raise Error("--image works with qemu-virt only: there is no"
                        f" U-Boot for {self.platform} (docs/boards.md)")
        if self.disk and not os.path.exists(U_BOOT):
            raise Error(f"there is no {U_BOOT}; scripts/setup image installs"
                        " it", FAILED)
        if self.icount and self.harts > 1:
            raise Error(
                "--icount works with one hart only: counting instructions,"
                " QEMU runs harts\nin turns, and one that waits for another"
                " can spin for ever")

    def check_built(self):
        for file in (self.kernel, self.archive):
            if not os.path.exists(file):
                raise Error(f"{os.path.relpath(file)} was not built", FAILED)

    def arguments(self, marker):
        words = [f"marker={marker}", "semihosting", *self.words]
        if self.command:
            words += ["--", self.command]
        text = " ".join(words)
        if len(text.encode()) > ARGUMENTS_MAX:
            raise Error("the command is too long: with its arguments it may"
                        f" have {ARGUMENTS_MAX - len(text) + len(self.command)}"
                        " bytes")
        return text

    def medium(self):
        """QEMU's options to have U-Boot start what is on the disk."""
        # QEMU takes two commas for one in a name.
        name = os.path.abspath(self.disk).replace(",", ",,")
        return ["-kernel", U_BOOT, "-device", "virtio-blk-device,drive=disk",
                "-drive", f"file={name},format=raw,if=none,id=disk,readonly=on"]

    def qemu(self, marker, log):
        """QEMU's command line, without what becomes of the serial line.

        The log is the path of a file for what the kernel says as it dies.
        """
        board = PLATFORMS[self.platform]
        command = [
            QEMU, "-M", board.machine, "-smp", str(self.harts + board.extra),
            "-m", self.memory, "-display", "none", "-no-reboot",
            "-chardev", f"file,id=log,path={log}",
            "-semihosting-config", "enable=on,target=native,chardev=log"]
        command += self.medium() if self.disk else [
            "-kernel", self.kernel, "-initrd", self.archive,
            "-append", self.arguments(marker)]
        if self.icount:
            command += ["-icount", "shift=0,sleep=off"]
        if self.gdb:
            command += ["-S", "-gdb", self.gdb]
        return command


def die_with_parent(number):
    """For a child to run before exec: our end, however sudden, is its end."""
    parent = os.getpid()
    libc = ctypes.CDLL(None)

    def prepare():
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        libc.prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            os.kill(os.getpid(), number)
    return prepare


class Process:
    """A child that is gone when the with statement is left.

    If it has a session of its own, so is all that it started in it.
    """

    started = set()

    def __init__(self, command, parting=signal.SIGKILL, **keywords):
        self.parting = parting
        self.leads = keywords.get("start_new_session", False)
        # An interruption waits until the child is known.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        try:
            self.child = subprocess.Popen(
                command, preexec_fn=die_with_parent(parting), **keywords)
            self.started.add(self)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def __enter__(self):
        return self.child

    def __exit__(self, *_error):
        if self.part():
            self.expect_end(2)
            # Not reaped yet, so its number, and its group's, is still its
            # own; one that it started may have missed the first signal.
            self.signal(signal.SIGKILL)
            self.child.wait()
        self.started.discard(self)

    def part(self):
        """Ask the child to end; False if it has ended and been reaped."""
        if self.child.poll() is not None:
            return False
        self.signal(self.parting)
        return True

    def expect_end(self, seconds):
        """Wait for the child to end, at most so long, but leave it a zombie."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not os.waitid(
                os.P_PID, self.child.pid,
                os.WEXITED | os.WNOWAIT | os.WNOHANG):
            time.sleep(0.01)

    def signal(self, number):
        if self.leads:
            os.killpg(self.child.pid, number)
        else:
            self.child.send_signal(number)


class Console:
    """The serial line, cut at the marker: log before, sink after."""

    def __init__(self, marker, sink, log_sink=None):
        self.word = marker.encode()
        self.marker = re.compile(re.escape(self.word) + b"\r?\n")
        self.sink = sink
        self.log_sink = log_sink
        self.log = b""
        self.told = 0  # bytes of the log that went to its sink
        self.started = False

    def begun(self):
        """How many bytes at the log's end may be those of the marker."""
        word = self.word + b"\r"
        return next((n for n in range(len(word), 0, -1)
                     if self.log.endswith(word[:n])), 0)

    def tell(self, end):
        if self.log_sink and end > self.told:
            self.log_sink(self.log[self.told:end])
        self.told = max(self.told, end)

    def feed(self, data):
        if self.started:
            self.sink(data)
            return
        self.log += data
        match = self.marker.search(self.log)
        if not match:
            self.tell(len(self.log) - self.begun())
            return
        self.tell(match.start())
        self.started = True
        rest = self.log[match.end():]
        self.log = self.log[:match.start()]
        if rest:
            self.sink(rest)


def write_all(descriptor):
    """A sink that writes to a file descriptor."""
    def write(data):
        while data:
            try:
                data = data[os.write(descriptor, data):]
            except BlockingIOError:
                # A terminal that QEMU shares: it has made it so.
                select.select([], [descriptor], [])
    return write


def pump(descriptor, console, deadline):
    """Feed a console until its line closes; False when time runs out."""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while True:
            left = None
            if deadline is not None:
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
            if not selector.select(left):
                continue
            data = os.read(descriptor, 65536)
            if not data:
                return True
            console.feed(data)


class MemoryFile:
    """A file without a name on any disk, so that nothing is left behind."""

    def __init__(self, name):
        self.descriptor = os.memfd_create(name, 0)
        # As a child sees it that inherits the descriptor.
        self.path = f"/proc/self/fd/{self.descriptor}"

    def open(self, mode):
        return open(self.path, mode)

    def read(self):
        with self.open("rb") as file:
            return file.read()


def new_marker():
    return "tine-" + os.urandom(8).hex()


def symbolize(report, build):
    """A panic's report, with names and lines for its addresses."""
    script = os.path.join(TOP, "scripts", "symbolize")
    kernel = os.path.join(build_directory(build), "tine.elf")
    if not os.path.exists(script):
        return report
    try:
        done = subprocess.run([script, "-e", kernel], input=report, check=False,
                              capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return report
    return done.stdout if done.returncode == 0 else report

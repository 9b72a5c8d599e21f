# SPDX-License-Identifier: BSD-2-Clause
"""run.py - what scripts/run does once Python is there."""

import argparse
import os
import shlex
import signal
import socket
import subprocess
import sys
import termios
import time

import machine
import newc

EPILOG = """\
exit status: the program's (128 + N if signal N killed it); 124 when the time
is up; 125 when the system could not be built or booted, or the kernel
panicked; 127 when there is no such program; 2 for a wrong command line.

examples:
  scripts/run
  scripts/run --batch 'echo hello'
  build/sdk/bin/tine-cc hello.c -o hello && scripts/run --add hello --batch hello
  scripts/mkimage --batch 'echo hello' && scripts/run --image build/tine.img
"""


def say(text):
    print(f"run: {text}", file=sys.stderr, flush=True)


def positive(text):
    number = float(text)
    if not number > 0:
        raise ValueError
    return number


def command(text):
    if not text.strip():
        raise argparse.ArgumentTypeError("needs the name of a program")
    return text


def add_system(add):
    """The options of whoever boots a system: what is in it."""
    add("--add", metavar="FILE[:PATH]", action="append", default=[],
        help="put a file into the boot archive (as /bin/NAME)")
    add("--debug-build", action="store_true",
        help="the build that checks its invariants")
    add("--boot-arg", metavar="WORD", action="append", default=[],
        help="a word for the kernel, like noasid")
    add("--no-build", action="store_true", help="take what is built already")


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="scripts/run", allow_abbrev=False, epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Boot Tine in QEMU, to a prompt or for one program.")
    add = parser.add_argument
    add("--batch", metavar="'PROGRAM ARGS'", type=command,
        help="run one program, print what it writes, power off")
    add("--platform", default="qemu-virt", choices=machine.PLATFORMS,
        help="the board (default: qemu-virt)")
    add("--smp", metavar="N", type=int, default=1,
        help="harts for the kernel (default: 1)")
    add("--mem", metavar="SIZE", default="256M",
        help="memory, like 512M or 1G (default: 256M)")
    add("--timeout", metavar="SECONDS", type=positive,
        help="end it after so long, with status 124")
    add("--icount", action="store_true",
        help="count instructions: 1 ns of the guest's time for each")
    add("--gdb", action="store_true", help="wait for a debugger")
    add("--verbose", action="store_true",
        help="show the firmware's and the kernel's log, on stderr")
    add_system(add)
    add("--image", metavar="FILE",
        help="let U-Boot start what is on a disk image of scripts/mkimage")
    # Another archive of the build's; its root task is all that runs.
    add("--archive", metavar="NAME", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def added(text):
    """The archive entry for --add FILE[:PATH]."""
    file, path = text, ""
    if not os.path.exists(file) and ":" in file:
        file, _, path = file.rpartition(":")
    path = path or "bin/" + os.path.basename(file)
    try:
        with open(file, "rb") as opened:
            data = opened.read()
    except OSError as error:
        raise machine.Error(f"--add {file}: {error.strerror}") from error
    # ELF header: machine number 243 is RISC-V.
    if data[:4] == b"\x7fELF" and data[18:20] != b"\xf3\x00":
        raise machine.Error(
            f"--add {file}: a program for another machine; compile it with"
            " build/sdk/bin/tine-cc")
    try:
        return newc.Entry(path, data, os.stat(file).st_mode & 0o777)
    except ValueError as error:
        raise machine.Error(f"--add {text}: {error}") from error


def find_program(command, entries):
    """The command with the full path of its program."""
    name, *rest = command.split(None, 1)
    path = name if "/" in name else "/bin/" + name
    paths = [entry.path for entry in entries]
    if path.strip("/") not in paths:
        programs = sorted(os.path.basename(each) for each in paths
                          if each.startswith("bin/"))
        raise machine.Error(f"there is no {path} on the boot archive.\n"
                            f"In /bin: {' '.join(programs)}\n"
                            "A file of yours gets there with --add FILE",
                            machine.NOT_FOUND)
    return " ".join(["/" + path.strip("/"), *rest])


def describe(options):
    """The machine that the options describe, before anything is built."""
    setup = machine.Setup("debug" if options.debug_build else "release")
    setup.platform = options.platform
    setup.harts = options.smp
    setup.memory = machine.memory_size(options.mem)
    setup.icount = options.icount
    setup.words = list(options.boot_arg)
    if options.archive:
        setup.archive = os.path.join(
            machine.build_directory(setup.build), options.archive)
    if not options.verbose:
        setup.words.append("quiet")
    if options.image:
        setup.disk = checked_image(options)
    setup.check()
    return setup


def checked_image(options):
    """The disk image, if nothing is asked for that is in it already."""
    for name in ("batch", "add", "boot_arg", "debug_build", "archive"):
        if getattr(options, name):
            raise machine.Error(f"--image goes without"
                                f" --{name.replace('_', '-')}: that is for"
                                " scripts/mkimage to put into it")
    if not os.path.isfile(options.image):
        raise machine.Error(f"--image {options.image}: there is no such file")
    return options.image


def fill(setup, options, additions):
    """The boot archive, and the command, which has to be in it."""
    setup.check_built()
    entries = newc.read(setup.archive) + additions
    if additions:
        file = machine.MemoryFile("boot.cpio")
        with file.open("wb") as out:
            newc.write(out, entries)
        setup.archive = file.path
        setup.descriptors.append(file.descriptor)
    if options.batch is not None and not options.archive:
        setup.command = find_program(options.batch, entries)


def free_port(preferred):
    """A port for the debugger: the usual one, or any."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            # QEMU sets it too, so one in TIME_WAIT does no harm.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise machine.Error("no port is free for the debugger")


def wait_for_debugger(setup):
    port = free_port(1234)
    setup.gdb = f"tcp:127.0.0.1:{port}"
    kernel = shlex.quote(os.path.relpath(setup.kernel))
    say("waiting for a debugger. In another terminal:\n"
        f"  gdb-multiarch {kernel} -ex 'target remote :{port}'")


def tell_log(console):
    """The end of a log that led nowhere."""
    machine.write_all(2)(console.log[-4000:].rstrip() + b"\n")
    say("--verbose shows more")


def explain(setup, console, log, status):
    """The status to exit with, and on stderr why, if it went wrong."""
    report = log.read()
    if report:
        say("the kernel panicked:")
        machine.write_all(2)(machine.symbolize(report, setup.build))
        return machine.FAILED
    if not console.started:
        say("the system did not come up; the end of its log:")
        tell_log(console)
        return machine.FAILED
    if status < 0:
        say(f"QEMU was killed by signal {-status}")
        return machine.FAILED
    return status


class Terminal:
    """Leaves the terminal as it was."""

    def __enter__(self):
        self.saved = None
        if os.isatty(0):
            self.saved = termios.tcgetattr(0)

    def __exit__(self, *_error):
        if self.saved is None:
            return
        # From the background, setting it would stop us.
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        termios.tcsetattr(0, termios.TCSADRAIN, self.saved)


def emulate(setup, options):
    """Boot, and pass on what programs write until it ends."""
    marker = machine.new_marker()
    log = machine.MemoryFile("log")
    command = setup.qemu(marker, log.path)
    keywords = {"stdout": subprocess.PIPE,
                "pass_fds": [log.descriptor, *setup.descriptors]}
    if options.batch is not None:
        # Alone in its session, QEMU does not see the terminal's ^C.
        command += ["-serial", "stdio", "-monitor", "none"]
        keywords.update(stdin=subprocess.DEVNULL,
                        start_new_session=True)
        parting = signal.SIGKILL
    else:
        command += ["-serial", "mon:stdio"]
        # This one lets QEMU put the terminal right by itself.
        parting = signal.SIGTERM
        say("Ctrl-A X leaves QEMU")
    console = machine.Console(
        marker, machine.write_all(1),
        machine.write_all(2) if options.verbose else None)
    # An image's boot arguments are its own, so everything is shown.
    console.started = setup.disk is not None
    deadline = None
    if options.timeout:
        deadline = time.monotonic() + options.timeout

    with Terminal(), machine.Process(command, parting, **keywords) as qemu:
        if not machine.pump(qemu.stdout.fileno(), console, deadline):
            say(f"not finished after {options.timeout:g} s")
            if not console.started:
                tell_log(console)
            return machine.TIMED_OUT
        status = qemu.wait()
    return explain(setup, console, log, status)


def run(options):
    setup = describe(options)
    if not setup.disk:
        additions = [added(text) for text in options.add]
        if not options.no_build:
            machine.build("--" + setup.build)
        fill(setup, options, additions)
    if options.gdb:
        wait_for_debugger(setup)
    return emulate(setup, options)


def main():
    options = parse(sys.argv[1:])
    machine.interruptible()
    try:
        return run(options)
    except machine.Error as error:
        say(error)
        return error.status
    except machine.Interrupted as error:
        return error.status
    except BrokenPipeError:
        # Whoever read our output has had enough of it.
        return 128 + signal.SIGPIPE


if __name__ == "__main__":
    sys.exit(main())

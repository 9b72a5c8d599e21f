# SPDX-License-Identifier: BSD-2-Clause
"""debug.py - what scripts/debug does once Python is there.

QEMU waits with its debugger's stub on a socket in a directory of our own;
gdb gets the symbols of the kernel, of the servers and of the program, each of
which is linked at addresses that nothing else uses but other programs.
debug_gdb.py, which gdb reads, stops in the right program.
"""

import argparse
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

import machine
import run

DEBUGGERS = ("gdb-multiarch", "riscv64-unknown-elf-gdb")
SERVERS = ("vmsrv", "procsrv", "ttysrv")
HELPER = os.path.join(machine.TOP, "scripts", "host", "debug_gdb.py")

EPILOG = """\
PROGRAM is one of the boot archive, like echo or /test/fork, or an ELF file
that tine-cc made.  gdb stops it in main().  Ctrl-C there stops the machine.

examples:
  scripts/debug echo hello
  scripts/debug --smp 4 /test/fork
  scripts/debug --batch --ex 'backtrace' --ex 'info args' echo hello
"""


def say(text):
    print(f"debug: {text}", file=sys.stderr, flush=True)


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="scripts/debug", allow_abbrev=False, epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Boot Tine in QEMU with one program, under gdb.")
    add = parser.add_argument
    add("program", metavar="PROGRAM")
    add("argument", metavar="ARGUMENT", nargs=argparse.REMAINDER)
    add("--ex", metavar="COMMAND", action="append", default=[],
        help="have gdb do this when the program has stopped in main()")
    add("--batch", dest="leave", action="store_true",
        help="leave when those commands are done; 0 if it got to main()")
    add("--add", metavar="FILE[:PATH]", action="append", default=[],
        help="put a file into the boot archive (as /bin/NAME)")
    add("--kernel", action="store_true",
        help="stop in the kernel's first function, not in the program")
    add("--platform", default="qemu-virt", choices=machine.PLATFORMS,
        help="the board (default: qemu-virt)")
    add("--smp", metavar="N", type=int, default=1,
        help="harts for the kernel (default: 1)")
    add("--mem", metavar="SIZE", default="256M",
        help="memory (default: 256M)")
    add("--icount", action="store_true",
        help="count instructions: each run is like the last")
    add("--verbose", action="store_true",
        help="show the firmware's and the kernel's log, on stderr")
    add("--release", dest="debug_build", action="store_false",
        help="the build that does not check its invariants")
    add("--boot-arg", metavar="WORD", action="append", default=[],
        help="a word for the kernel, like noasid")
    add("--no-build", action="store_true", help="take what is built already")
    options = parser.parse_args(arguments)
    options.archive = options.image = None
    return options


def debugger():
    for name in DEBUGGERS:
        if shutil.which(name):
            return name
    raise machine.Error(f"there is no {DEBUGGERS[0]}; scripts/setup installs"
                        " it", machine.FAILED)


def find(options, setup):
    """The program: its file with symbols, what to run, what to add."""
    name = options.program
    if os.path.isfile(name):
        entry = run.added(name)
        return os.path.abspath(name), "/" + entry.path, [entry]
    # Whatever its path, it was built as elf/NAME.elf.
    base = os.path.basename(name)
    elf = os.path.join(os.path.dirname(setup.kernel), "elf", base + ".elf")
    return elf, name, []


def prepare(options):
    """The machine, filled, and the program's file with symbols."""
    options.batch = options.program
    setup = run.describe(options)
    if not options.no_build:
        machine.build("--" + setup.build)
    elf, path, additions = find(options, setup)
    additions += [run.added(text) for text in options.add]
    options.batch = " ".join([path, *options.argument])
    run.fill(setup, options, additions)
    if not os.path.exists(elf):
        raise machine.Error(f"{os.path.relpath(elf)}: there is no such file,"
                            " so no symbols", machine.NOT_FOUND)
    return setup, elf


def gdb_command(options, setup, elf, socket):
    """gdb's command line; debug_gdb.py does what takes more than a line."""
    directory = os.path.dirname(setup.kernel)
    files = [setup.kernel] + [
        os.path.join(directory, "elf", name + ".elf") for name in SERVERS]
    before = ["set confirm off",
              "set width 0" if options.leave else "set height unlimited",
              f"directory {shlex.quote(machine.TOP)}"]
    cluster = 2 if machine.PLATFORMS[options.platform].extra else 1
    after = [f"tine-start {shlex.join([socket, str(cluster), elf, *files])}",
             "tine-kernel" if options.kernel else "tine-program"]
    command = [debugger(), "-q"]
    if options.leave:
        command += ["-nx", "-batch"]
    for each in before:
        command += ["-iex", each]
    command += ["-x", HELPER]
    for each in after + options.ex + ["quit $tine_status"] * options.leave:
        command += ["-ex", each]
    return command


class Output(threading.Thread):
    """Copies what QEMU's serial line says to ours."""

    def __init__(self, descriptor, console):
        super().__init__(daemon=True)
        self.descriptor = descriptor
        self.console = console

    def run(self):
        try:
            machine.pump(self.descriptor, self.console, None)
        except OSError:
            pass  # Whoever read our output has gone.


def start(options, setup, elf, socket):
    """Both programs, until gdb ends; its status."""
    marker = machine.new_marker()
    log = machine.MemoryFile("log")
    setup.gdb = f"unix:{socket},server=on,wait=off"
    qemu = setup.qemu(marker, log.path) + [
        "-serial", "stdio", "-monitor", "none"]
    console = machine.Console(
        marker, machine.write_all(1),
        machine.write_all(2) if options.verbose else None)
    command = gdb_command(options, setup, elf, socket)
    with machine.Process(
            qemu, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            start_new_session=True,
            pass_fds=[log.descriptor, *setup.descriptors]) as guest:
        output = Output(guest.stdout.fileno(), console)
        output.start()
        with machine.Process(
                command, signal.SIGTERM,
                stdin=subprocess.DEVNULL if options.leave else None) as gdb:
            if not options.leave:
                # A Ctrl-C on the terminal is gdb's.
                signal.signal(signal.SIGINT, signal.SIG_IGN)
            status = gdb.wait()
    output.join(1)
    report = log.read()
    if report:
        say("the kernel panicked:")
        machine.write_all(2)(machine.symbolize(report, setup.build))
    return status


def debug(options):
    setup, elf = prepare(options)
    with tempfile.TemporaryDirectory(prefix="tine-debug-") as directory:
        return start(options, setup, elf, os.path.join(directory, "gdb"))


def main():
    options = parse(sys.argv[1:])
    machine.interruptible()
    try:
        return debug(options)
    except machine.Error as error:
        say(error)
        return error.status
    except machine.Interrupted as error:
        return error.status


if __name__ == "__main__":
    sys.exit(main())

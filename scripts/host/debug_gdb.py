# SPDX-License-Identifier: BSD-2-Clause
"""debug_gdb.py - commands for gdb, which scripts/debug has read this.

  tine-start ...       connect, read symbols
  tine-program         go on until the program is in main()
  tine-kernel          go on until the kernel has begun
  tine-break LOCATION  a breakpoint for the program only

All programs are linked at the same addresses, so that a breakpoint in one is
met by each of them, by init first.  $in_program() tells them apart, by what
the memory at main() holds.
"""

import os
import shlex
import struct
import time

import gdb

PAGE_BYTES = 4096
PT_LOAD = 1
# Where the kernel begins in C, and where it ends when something is wrong.
BEGIN = "boot_main"
ENDS = ("panic", "panic_trap")
CONNECT_SECONDS = 20


def run(command):
    return gdb.execute(command, to_string=True)


def go_to(location):
    """Go on to a place; $tine_status, which scripts/debug ends with, says
    whether it was reached."""
    before = gdb.breakpoints()
    run(f"thbreak {location}")
    number = max(each.number for each in gdb.breakpoints()
                 if each not in before)
    gdb.execute("continue")
    if number not in (each.number for each in gdb.breakpoints()):
        run("set variable $tine_status = 0")


def text(path, address, length):
    """Bytes of an ELF file that will be at an address."""
    with open(path, "rb") as file:
        data = file.read()
    start, = struct.unpack_from("<Q", data, 32)
    size, number = struct.unpack_from("<HH", data, 54)
    for at in range(start, start + size * number, size):
        kind, _, offset, va, _, bytes_in_file = struct.unpack_from(
            "<IIQQQQ", data, at)
        if kind == PT_LOAD and va <= address < va + bytes_in_file:
            offset += address - va
            return data[offset:offset + length]
    raise gdb.GdbError(f"{path}: nothing is at {address:#x}")


class Program:
    """The program that is being looked for: its file, and main()'s code."""

    def __init__(self, path):
        symbol = gdb.lookup_global_symbol("main")
        if symbol is None:
            raise gdb.GdbError(f"{path} has no symbol main with debugging"
                               " information; compile it with -g")
        block = gdb.block_for_pc(int(symbol.value().address))
        self.main = block.start
        # The next page may be absent, so no more than is in main()'s.
        end = min(block.end, (self.main | PAGE_BYTES - 1) + 1)
        self.code = text(path, self.main, end - self.main)

    def read(self, length):
        return bytes(gdb.selected_inferior().read_memory(self.main, length))

    def is_here(self):
        """Whether the hart that stopped has this program's memory."""
        try:
            return self.read(len(self.code)) == self.code
        except gdb.MemoryError:
            return False


class InProgram(gdb.Function):
    """$in_program(): whether the hart is in the program, as 1 or 0."""

    def __init__(self):
        super().__init__("in_program")

    def invoke(self):
        return int(PROGRAM.is_here()) if PROGRAM else 0


class Start(gdb.Command):
    """tine-start SOCKET CLUSTER PROGRAM FILE...: connect, read symbols.

    Harts of one kind are one of QEMU's clusters, and to gdb a process; a
    board whose first cluster has no MMU runs the kernel on its second.
    """

    def __init__(self):
        super().__init__("tine-start", gdb.COMMAND_RUNNING)

    def invoke(self, argument, _from_tty):
        global PROGRAM
        socket, cluster, path, *files = shlex.split(argument)
        run("set variable $tine_status = 1")
        self.connect(socket, cluster)
        # The servers have a main() each: the program's comes first.
        run(f"file {path}")
        PROGRAM = Program(path)
        for file in files:
            run(f"add-symbol-file {file}")
        for function in ENDS:
            run(f"hbreak {function}")

    @staticmethod
    def connect(socket, cluster):
        deadline = time.monotonic() + CONNECT_SECONDS
        while not os.path.exists(socket) and time.monotonic() < deadline:
            time.sleep(0.02)
        run(f"target extended-remote {socket}")
        if cluster != "1":
            run("add-inferior")
            run(f"inferior {cluster}")
            run(f"attach {cluster}")
        run("set schedule-multiple on")


class GoToMain(gdb.Command):
    """tine-program: go on until the program is in main()."""

    def __init__(self):
        super().__init__("tine-program", gdb.COMMAND_RUNNING)

    def invoke(self, _argument, _from_tty):
        if PROGRAM is None:
            raise gdb.GdbError("there is no program to go to")
        go_to(f"*{PROGRAM.main:#x} if $in_program()")


class GoToKernel(gdb.Command):
    """tine-kernel: go on until the kernel has begun."""

    def __init__(self):
        super().__init__("tine-kernel", gdb.COMMAND_RUNNING)

    def invoke(self, _argument, _from_tty):
        go_to(BEGIN)


class Break(gdb.Command):
    """tine-break LOCATION: a breakpoint that only the program meets."""

    def __init__(self):
        super().__init__("tine-break", gdb.COMMAND_BREAKPOINTS,
                         gdb.COMPLETE_LOCATION)

    def invoke(self, argument, _from_tty):
        gdb.execute(f"hbreak {argument} if $in_program()")


PROGRAM = None
for each in (InProgram, Start, GoToMain, GoToKernel, Break):
    each()

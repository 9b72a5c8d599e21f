# SPDX-License-Identifier: BSD-2-Clause
"""instructions.py - which functions an operation's instructions are spent in.

QEMU can log the address of every instruction.  A program that does an
operation n times more often than in another run of it differs from that by
just those n operations: under -icount the rest, booting included, is the same.
The kernel and each server and program have addresses of their own, so that an
address tells whose it is.
"""

import bisect
import os
import subprocess

import machine

NM = "riscv64-unknown-elf-nm"
PARTS = {"kernel": "tine.elf", "vmsrv": "elf/vmsrv.elf",
         "procsrv": "elf/procsrv.elf", "ttysrv": "elf/ttysrv.elf"}
# The firmware is left out, and so are the kernel's first steps, which it
# takes at physical addresses.
RANGES = "0xffffffff80200000+0x200000,0x10000+0x4000000"
PIPE_BYTES = 1 << 20
F_SETPIPE_SZ = 1031


class Symbols:
    """Functions by address."""

    def __init__(self, setup, program):
        directory = os.path.dirname(setup.kernel)
        parts = {**PARTS, program: f"elf/{program}.elf"}
        table = {}
        for part, file in parts.items():
            for address, name in functions(os.path.join(directory, file)):
                table[address] = (part, name)
        self.addresses = sorted(table)
        self.names = [table[address] for address in self.addresses]

    def find(self, address):
        index = bisect.bisect(self.addresses, address) - 1
        return self.names[index] if index >= 0 else ("?", hex(address))


def functions(file):
    """Addresses and names of a program's functions, local labels left out."""
    listing = subprocess.run([NM, "--defined-only", file], check=True,
                             capture_output=True, text=True).stdout
    for line in listing.splitlines():
        address, kind, name = line.split()[:3]
        if kind in "tTwW" and name[0] not in ".$":
            yield int(address, 16), name


def count_addresses(pipe):
    """How often each address was executed, from QEMU's log."""
    counts = {}
    for line in pipe:
        # Trace 0: HOST [CS_BASE/PC/FLAGS/CFLAGS] SYMBOL
        fields = line.split(b"/", 2)
        if len(fields) == 3:
            counts[fields[1]] = counts.get(fields[1], 0) + 1
    return {int(pc, 16): count for pc, count in counts.items()}


def trace(setup, command):
    """Boot for one command; the executions of each address."""
    setup.command = command
    log = machine.MemoryFile("log")
    reader, writer = os.pipe()
    arguments = setup.qemu(machine.new_marker(), log.path) + [
        "-serial", "null", "-monitor", "none", "-singlestep",
        "-d", "exec,nochain", "-dfilter", RANGES,
        "-D", f"/proc/self/fd/{writer}"]
    with machine.Process(arguments, stdin=subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL,
                         pass_fds=[writer, log.descriptor]) as qemu:
        os.close(writer)
        with open(reader, "rb", buffering=PIPE_BYTES) as pipe:
            counts = count_addresses(pipe)
        if qemu.wait():
            raise machine.Error(f"'{command}' failed while traced", 1)
    return counts


def breakdown(program, fewer, more, operations):
    """Instructions of one operation: {part: {function: instructions}}."""
    setup = machine.Setup()
    setup.icount = True
    setup.words = ["quiet"]
    before = trace(setup, fewer)
    after = trace(setup, more)
    symbols = Symbols(setup, program)
    parts = {}
    for address in set(before) | set(after):
        spent = after.get(address, 0) - before.get(address, 0)
        part, name = symbols.find(address)
        functions_of = parts.setdefault(part, {})
        functions_of[name] = functions_of.get(name, 0) + spent / operations
    return parts


def print_breakdown(title, parts, least=0.01):
    """The parts, and their functions down to a share of the whole."""
    whole = sum(sum(each.values()) for each in parts.values())
    print(f"\nwhere the {whole:,.0f} instructions of {title} go")
    for part, spent in sorted(
            parts.items(), key=lambda item: -sum(item[1].values())):
        total = sum(spent.values())
        if total < 0.5:
            continue
        print(f"  {part:34}{total:10,.0f}{100 * total / whole:7.1f} %")
        rest = total
        for name, value in sorted(spent.items(), key=lambda item: -item[1]):
            if value < least * whole:
                break
            rest -= value
            print(f"    {name:32}{value:10,.0f}")
        print(f"    {'(others)':32}{rest:10,.0f}")

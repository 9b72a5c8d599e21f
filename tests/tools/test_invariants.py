# SPDX-License-Identifier: BSD-2-Clause
"""test_invariants.py - tests/invariants/memory.py finds what is not so."""

import os
import subprocess
import sys

import claims

DEBUG = os.path.join(claims.SCRIPTS, "debug")
CHECKS = os.path.join(claims.TOP, "tests", "invariants", "memory.py")
FRAME = "frames.table[$thread->name & 0xffffff]"
SPACE_FRAME = ("frames.table[($thread->satp & 0xfffffffffff)"
               " - frames.base / 4096]")
# $leaf: of a writable page; $frame: the page's.
FIND_LEAF = "; ".join((
    "k = Kernel()", "space = k.record('space', k.frame_at(number("
    "'$thread->space')))", "root = next(filter(None, space.array('user')))",
    "tables = collections.Counter()",
    "middle = next(k.table(root, tables, ()))[1]",
    "at = k.address((middle >> PTE_PPN) - k.base // PAGE)",
    "i, leaf = next((i, each) for i, each in enumerate(words(read(at, PAGE)))"
    " if each & 5 == 5)",
    "gdb.set_convenience_variable('leaf', at + 8 * i)",
    "gdb.set_convenience_variable('frame', (leaf >> PTE_PPN)"
    " - k.base // PAGE)"))
LEAF = "*(unsigned long *)$leaf"
LEAF_FRAME = "frames.table[$frame]"
# What is spoilt, what to, and what is said of it.
SPOILT = (
    ("frames.free_count", "$before + 1", "free list: count"),
    ("frames.reserved_count", "$before + 1", "reserved frames: count"),
    (FRAME + ".count", "$before + 1", "KIND_THREAD"),
    (FRAME + ".tag", "$before + 0x1000000", "name"),
    ("$thread->state", "$before + 3", "is not on what its state says"),
    ("$thread->satp", "$before + 1", "is in another space than its thread"),
    ("$thread->reply_name", "$before + 1", "is to be answered by"),
    ("$thread->notification", "0", "is bound to who does not know"),
    ("$thread->space->tables.value", "$before + 1", "counts other tables"),
    ("$thread->space->user[0]", "0", "tables that are in no space"),
    ("$thread->space->user[0]", "0", "user page"),
    (SPACE_FRAME + ".link", "0", "entry that its table does not tell of"),
    (LEAF, "$before | 0x100", "leaf with W and COW"),
    (LEAF, "$before | 8", "leaf with W and X"),
    (LEAF, "$before & ~0x40ul", "leaf without U, A, D"),
    (LEAF, "$before + 0x400", "user page"),
    (LEAF, "(frames.base >> 12) << 10", "leaf to what is no user page"),
    (LEAF_FRAME + ".count", "2", "private leaf to a page that others have"),
    ("$thread->cspace[0].rights", "$before + 1", "has rights"),
    ("harts[0].ready.ready", "$before + 1", "has a wrong bit"),
    ("harts[0].ready.queue[3].next", "$before + 16", "has a broken link"),
    ("harts[0].fp_holder", "$before + 4096", "holds FP registers of"),
    ("harts[0].counters[STAT_THREADS]", "$before + 1", "STAT_THREADS"),
    ("irqs[5]", "$before + 1", "interrupt lines"),
)


def session(commands, *words):
    """What gdb says of a system as it ends; its status."""
    options = []
    for each in commands:
        options += ["--ex", each]
    done = subprocess.run(
        [DEBUG, "--no-build", "--batch", "--kernel", "--mem", "64M", "--ex",
         f"source {CHECKS}", *options, *words], check=False, timeout=120,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def test_all_is_well_with_a_system_that_works():
    for kind in (["--release"], ["--smp", "4"],
                 ["--platform", "hifive-unleashed", "--smp", "4"]):
        status, said = session(["tine-invariants 1"], *kind, "echo", "hello")
        assert status == 0 and "not so" not in said, said


def test_whatever_is_spoilt_is_found():
    commands = ["tbreak sys_system.c:sys_system_power", "continue",
                "tine-check", "set variable $thread = harts[0].current",
                "python " + FIND_LEAF]
    for at, how, _ in SPOILT:
        commands += [f"echo <{at}\\n", f"set variable $before = {at}",
                     f"set variable {at} = {how}", "tine-check",
                     f"set variable {at} = $before", "echo >\\n",
                     "tine-check"]
    _, said = session(commands, "echo", "hello")
    first, *parts = said.split("<")
    assert "not so" not in first, first
    assert len(parts) == len(SPOILT), said
    for part, (at, _, expected) in zip(parts, SPOILT):
        found, _, after = part.partition(">\n")
        assert any(line.startswith("# not so:") and expected in line
                   for line in found.splitlines()), (at, expected, found)
        assert "not so" not in after, (at, after)


def test_a_machine_that_does_not_get_to_its_end_is_a_failure():
    status, said = session(["tine-invariants 1"], "--add",
                           "/bin/true:/boot/vmsrv", "echo")
    assert status != 0, said


if __name__ == "__main__":
    sys.exit(claims.main(sys.modules[__name__]))

# SPDX-License-Identifier: BSD-2-Clause
"""conformance.py - which rows of fork1's table have been tested.

docs/fork1.md is the table: a row says whether it is due, and which functions
and tests are its.  A test bears the ids of the rows that it tests in its
name: "F01 fork returns ..." or f01_fork_returns.
"""

import os
import re

import machine

TABLE = os.path.join(machine.TOP, "docs", "fork1.md")
# Not f31, which is a register.
ID = re.compile(r"(?<![A-Za-z0-9])(?:F(?=\d\d(?![A-Za-z0-9]))|f(?=\d\d_))"
                r"(\d\d)")
ROW = re.compile(r"\| (F\d\d) \|")
FUNCTIONS = re.compile(r"`([^`]+)` (\w+\(\)(?:, \w+\(\))*)")
NONE = "–"


class Row:
    """A row; functions are pairs of a file and a name."""

    def __init__(self, line):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        self.id, _, self.source, tine, tests, self.state, _ = cells
        self.functions = [
            (file, name.strip("() ")) for file, names in FUNCTIONS.findall(tine)
            for name in names.split(",")]
        self.tests = re.findall(r"`([^`]+)`", tests)
        self.due = self.state == "due"


def rows():
    with open(TABLE) as file:
        return [Row(line) for line in file if ROW.match(line)]


def ids(names):
    """The ids in the names of tests."""
    return {"F" + number for name in names for number in ID.findall(name)}


def due():
    return [row.id for row in rows() if row.due]


def problems(passed, failed):
    """What is wrong, a line each, given the names of tests."""
    tested, broken = ids(passed), ids(failed)
    for row in due():
        if row in broken:
            yield f"{row} is due, but a test of it failed"
        elif row not in tested:
            yield f"{row} is due, but no test of it passed"

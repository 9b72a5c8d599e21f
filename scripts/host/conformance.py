# SPDX-License-Identifier: BSD-2-Clause
"""conformance.py - which rows of fork1's acceptance table have been tested.

A test bears the ids of the rows that it tests in its name: "F01 fork
returns ..." or f01_fork_returns.
"""

import os
import re

import machine

DUE = os.path.join(machine.TOP, "tests", "conformance", "due.txt")
ID = re.compile(r"(?<![A-Za-z0-9])(?:F(?=\d\d(?![A-Za-z0-9]))|f(?=\d\d_))"
                r"(\d\d)")


def ids(names):
    """The ids in the names of tests."""
    return {"F" + number for name in names for number in ID.findall(name)}


def due():
    with open(DUE) as file:
        lines = [line.split("#")[0].split() for line in file]
    return [words[0] for words in lines if words]


def problems(passed, failed):
    """What is wrong, a line each, given the names of tests."""
    tested, broken = ids(passed), ids(failed)
    for row in due():
        if row in broken:
            yield f"{row} is due, but a test of it failed"
        elif row not in tested:
            yield f"{row} is due, but no test of it passed"

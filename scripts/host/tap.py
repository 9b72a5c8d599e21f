# SPDX-License-Identifier: BSD-2-Clause
"""tap.py - the Test Anything Protocol, as our tests speak it.

A program prints a plan, "1..N", and a line for each test, "ok M - name" or
"not ok M - name".  A program may have several plans (each group of cmocka's
tests has one); then their sum counts.  Other lines are remarks.
"""

import re

PLAN = re.compile(r"1\.\.(\d+)\s*$")
POINT = re.compile(r"(not )?ok\b\s*\d*\s*-?\s*(.*)$")
SKIP = re.compile(r"#\s*skip\b", re.IGNORECASE)
BAIL = "Bail out!"


class Report:
    """What one program's output says."""

    def __init__(self, text):
        self.planned = None
        self.passed = []
        self.failed = []
        self.skipped = []
        self.bailed = None
        for line in text.splitlines():
            self.read(line.rstrip())

    def read(self, line):
        plan = PLAN.match(line)
        point = POINT.match(line)
        if plan:
            self.planned = (self.planned or 0) + int(plan[1])
        elif point:
            self.count(point[1], point[2])
        elif line.startswith(BAIL):
            self.bailed = line

    def count(self, negation, name):
        # cmocka says "not ok" of a test that was skipped.
        if SKIP.search(name):
            self.skipped.append(name)
        elif negation:
            self.failed.append(name)
        else:
            self.passed.append(name)

    def total(self):
        return len(self.passed) + len(self.failed) + len(self.skipped)

    def problem(self, status):
        """What is wrong beside failed tests, if anything is."""
        if self.bailed:
            return self.bailed
        if self.planned is None:
            return f"no plan; exit status {status}"
        if self.total() != self.planned:
            return (f"{self.planned} tests planned, {self.total()} seen;"
                    f" exit status {status}")
        if status and not self.failed:
            return f"exit status {status}, though no test failed"
        return None

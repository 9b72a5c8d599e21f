# SPDX-License-Identifier: BSD-2-Clause
"""test_fork1.py - docs/fork1.md says what is so."""

import os
import re
import sys

import claims
import conformance

# Ids that there are, by tens: F01 to F07, F10 to F16, ...
IDS = [f"F{tens}{unit}" for tens, units in enumerate(
    (range(1, 8), range(7), range(9), range(7), range(5), range(5), range(9),
     range(10))) for unit in units]


def text(*path):
    with open(os.path.join(claims.TOP, *path)) as file:
        return file.read()


def test_every_row_is_there_once_and_in_order():
    assert [row.id for row in conformance.rows()] == IDS


def test_a_row_is_due_or_later():
    for row in conformance.rows():
        assert row.state in ("due", "later"), row.id
        # Lines of kern_fork.c, or a function of another file.
        assert re.match(r"\d+|\w+\.c \w+\(\)", row.source), row.id


def test_the_functions_that_rows_name_exist():
    for row in conformance.rows():
        assert row.functions or not row.due, row.id
        for file, name in row.functions:
            definition = rf"^{name}\(" if file.endswith(".c") else rf"\b{name}\b"
            assert re.search(definition, text(file), re.MULTILINE), (
                row.id, file, name)


def test_the_tests_that_rows_name_bear_their_id():
    for row in conformance.rows():
        assert row.tests or not row.due, row.id
        for file in row.tests:
            names = conformance.ids([text("tests", file)])
            assert row.id in names or file.startswith("unit/vmsrv"), (
                row.id, file)


def test_a_due_row_without_a_test_that_passed_is_a_problem():
    due = conformance.due()
    names = [f"{row} holds" for row in due]
    assert not list(conformance.problems(names, []))
    assert len(list(conformance.problems(names[1:], []))) == 1
    assert len(list(conformance.problems(names, names[:1]))) == 1
    assert len(list(conformance.problems(
        [f"{row.lower()}_holds" for row in due], []))) == 0
    assert not conformance.ids(["xF01", "F011", "F1"])


if __name__ == "__main__":
    sys.exit(claims.main(sys.modules[__name__]))

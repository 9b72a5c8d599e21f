# SPDX-License-Identifier: BSD-2-Clause
"""test_conformance.py - claims about which rows of fork1's table are tested."""

import sys

import claims

import conformance


def test_ids_are_found_in_names_of_both_kinds():
    names = ["F01 F06 fork returns", "f20_f21_pids", "and F25: registers"]
    assert conformance.ids(names) == {"F01", "F06", "F20", "F21", "F25"}


def test_other_words_are_no_ids():
    assert not conformance.ids(["f0-f31 are kept", "xF01", "F011", "f1_", "F1"])


def test_a_due_row_without_a_test_is_a_problem():
    due = conformance.due()
    assert len(due) > 20 and len(due) == len(set(due))
    assert not list(conformance.problems(due, []))
    assert len(list(conformance.problems(due[1:], []))) == 1
    assert len(list(conformance.problems([], []))) == len(due)


def test_a_failed_test_of_a_due_row_is_a_problem():
    due = conformance.due()
    assert len(list(conformance.problems(due, ["f99_x", due[0]]))) == 1


if __name__ == "__main__":
    sys.exit(claims.main(sys.modules[__name__]))

# SPDX-License-Identifier: BSD-2-Clause
"""claims.py - tests of the host's tools: functions whose names are claims."""

import inspect
import os
import sys
import traceback

TOP = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
SCRIPTS = os.path.join(TOP, "scripts")
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(SCRIPTS, "host"))


class Skip(Exception):
    """A claim can't be tried on this host; says why."""


def main(module):
    """Run the functions of a module that have test_ in front; print TAP."""
    tests = [(name[len("test_"):], function) for name, function
             in vars(module).items() if name.startswith("test_")
             and inspect.isfunction(function)]
    print(f"1..{len(tests)}", flush=True)
    failed = 0
    for number, (name, function) in enumerate(tests, 1):
        verdict = "ok"
        try:
            function()
        except Skip as reason:
            name += f" # SKIP {reason}"
        except Exception:  # Whatever it is, the claim did not hold.
            verdict = "not ok"
            failed += 1
            for line in traceback.format_exc().splitlines():
                print("#", line)
        print(f"{verdict} {number} - {name}", flush=True)
    return 1 if failed else 0

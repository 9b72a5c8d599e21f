# SPDX-License-Identifier: BSD-2-Clause
"""fuzz.py - run one fuzzer of tests/fuzz for a bounded time, and print TAP.

The inputs that are kept in tests/fuzz/inputs come first, each once; then
libFuzzer goes on from them, each time in the same way as far as it gets.  What
reaches new code stays in build/fuzz/found until the next time; an input that
fails stays in build/fuzz as NAME-crash-... and is run again by

    build/fuzz/NAME build/fuzz/NAME-crash-...
"""

import argparse
import os
import shutil
import subprocess
import sys

import machine

BUILD = os.path.join(machine.TOP, "build", "fuzz")
KEPT = os.path.join(machine.TOP, "tests", "fuzz", "inputs")
# No input takes longer than that, in seconds, however busy the host is.
ONE = 60
# Bytes of an input: enough for a few hundred steps, or for a tree.
LENGTH = 1024
LENGTH_TREE = 4096


def fuzz(name, *arguments):
    """Run a fuzzer; whether it found nothing."""
    command = [os.path.join(BUILD, name), "-seed=1", "-len_control=0",
               f"-timeout={ONE}", "-verbosity=1", "-print_final_stats=1",
               f"-artifact_prefix={os.path.join(BUILD, name)}-", *arguments]
    print("#", *command, flush=True)
    return subprocess.call(command, stderr=subprocess.STDOUT) == 0


def main():
    parser = argparse.ArgumentParser(prog="fuzz.py", allow_abbrev=False)
    parser.add_argument("name")
    parser.add_argument("--seconds", type=int, default=8)
    options = parser.parse_args()
    kept = os.path.join(KEPT, options.name)
    found = os.path.join(BUILD, "found", options.name)
    length = LENGTH_TREE if options.name == "fdt" else LENGTH
    shutil.rmtree(found, ignore_errors=True)
    os.makedirs(found)
    tests = [
        ("what was found before is right now", ["-runs=0", kept]),
        (f"{options.seconds} seconds find nothing",
         [f"-max_total_time={options.seconds}", f"-max_len={length}", found,
          kept])]
    print(f"1..{len(tests)}")
    failed = 0
    for number, (claim, arguments) in enumerate(tests, 1):
        good = fuzz(options.name, *arguments)
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - "
              f"{options.name}: {claim}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

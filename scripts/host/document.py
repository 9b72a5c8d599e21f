# SPDX-License-Identifier: BSD-2-Clause
"""document.py - what scripts/document does once Python is there.

  docs/abi.md         from kernel/abi and libipc/include/ipc (abi.py)
  docs/benchmarks.md  the tables between its marks, and
  docs/plots/*.svg    both from tests/bench/*.json (plots.py)

A plot names what it was drawn from, so that it can be seen to be out of date
without drawing it again.
"""

import argparse
import os
import sys

import abi
import machine
import plots


def read(path):
    if not os.path.exists(path):
        return None
    with open(path) as file:
        return file.read()


def stale():
    """The files that are not as they would be made now; content if known."""
    if read(abi.OUT) != abi.generate():
        yield abi.OUT, abi.generate
    text = read(plots.TEXT)
    if text != plots.tables(text):
        yield plots.TEXT, lambda: plots.tables(text)
    for plot in plots.PLOTS:
        if plots.source(read(plot.path())) != plot.digest():
            yield plot.path(), plot.draw


def main():
    parser = argparse.ArgumentParser(
        prog="scripts/document", allow_abbrev=False,
        description="Make the parts of docs/ that are made of something else.")
    parser.add_argument("--check", action="store_true",
                        help="only say what would change")
    options = parser.parse_args()
    try:
        old = [path for path, content in stale()]
        for path, content in stale() if not options.check else ():
            os.makedirs(os.path.dirname(path), exist_ok=True)
            text = content()
            with open(path, "w") as file:
                file.write(text)
    except machine.Error as error:
        print(f"document: {error}", file=sys.stderr)
        return 1
    for path in old:
        print(os.path.relpath(path, machine.TOP),
              "is out of date" if options.check else "written")
    return 1 if options.check and old else 0


if __name__ == "__main__":
    sys.exit(main())

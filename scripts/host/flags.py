# SPDX-License-Identifier: BSD-2-Clause
"""flags.py - what a build's files are compiled with, for other compilers.

    flags.py BUILD DIRECTORY...

For each source of BUILD/compile_commands.json below one of the directories, a
line: the file, a tab, and its flags without warnings and what is written.
"""

import json
import os
import shlex
import sys


def flags(words, source):
    """The flags of a command that are about what the source means."""
    skip = False
    for word in words[1:]:
        if skip:
            skip = False
        elif word in ("-o", "-MF", "-MT", "-MQ"):
            skip = True
        elif word not in ("-c", source) and \
                not word.startswith(("-W", "-M")):
            yield word


def main(build, directories):
    seen = set()
    with open(os.path.join(build, "compile_commands.json"),
              encoding="utf-8") as file:
        entries = json.load(file)
    for entry in entries:
        name = os.path.relpath(entry["file"])
        # A file of several programs is looked at once.
        if name in seen or not name.startswith(directories):
            continue
        seen.add(name)
        words = shlex.split(entry["command"])
        print(name, shlex.join(flags(words, entry["file"])), sep="\t")


if __name__ == "__main__":
    main(sys.argv[1], tuple(f"{name}/" for name in sys.argv[2:]))

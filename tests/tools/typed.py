# SPDX-License-Identifier: BSD-2-Clause
"""typed.py - does what a document tells its reader to type.

In an indented block,

  $ COMMAND      is typed in the project's folder, and has to succeed; if it
                 ends in <<'END', so are the lines up to END;
  PROMPT> LINE   is typed to the command before, on a terminal;
  > TEXT         has to be in what came of the command or line before.

Files in /tmp are made elsewhere, so that nothing of the reader's is harmed.
"""

import os
import re
import subprocess
import tempfile

import claims
from test_run import PROMPT, Terminal

# Seconds that a command may take.
LONG = 240
LINE = re.compile(r"    (?:(?P<mark>\$|tine>|>)(?: (?P<text>.*))?"
                  r"|(?P<plain>.*))$")


class Step:
    """A command or a line typed to it, and what has to come."""

    def __init__(self, text):
        self.text = text
        self.shown = []
        self.lines = []


def steps(path):
    """The commands of a document, in order."""
    found, here = [], None
    with open(path) as file:
        for line in file:
            match = LINE.match(line.rstrip("\n"))
            if here:
                found[-1].text += "\n" + line.rstrip("\n")[4:]
                here = here if line.strip() != here else None
            elif match and match["mark"] == "$":
                found.append(Step(match["text"]))
                here = "END" if match["text"].endswith("<<'END'") else None
            elif match and match["mark"] == "tine>":
                found[-1].lines.append(Step(match["text"] or ""))
            elif match and match["mark"] == ">":
                last = found[-1]
                (last.lines[-1] if last.lines else last).shown.append(
                    match["text"])
    return found


def expect(step, output):
    """Each line that the document shows has come, in that order."""
    at = 0
    for text in step.shown:
        found = output.find(text, at)
        assert found >= 0, (step.text, text, output[-3000:])
        at = found + len(text)


def converse(step):
    """Type lines to scripts/run, the last of which ends it."""
    program, *arguments = step.text.split()
    assert program == "scripts/run", step.text
    terminal = Terminal("--no-build", *arguments)
    terminal.until(PROMPT)
    for line in step.lines[:-1]:
        terminal.type(line.text.encode() + b"\r")
        expect(line, terminal.until(PROMPT).decode(errors="replace"))
    terminal.type(step.lines[-1].text.encode() + b"\r")
    terminal.end(0)


def do(step):
    """One command, without a terminal."""
    done = subprocess.run(
        ["sh", "-euc", step.text], cwd=claims.TOP, check=False, timeout=LONG,
        stdin=subprocess.DEVNULL, text=True, errors="replace",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, (step.text, done.stdout[-3000:])
    expect(step, done.stdout)


def follow(name):
    """Do all that docs/NAME tells to type."""
    path = os.path.join(claims.TOP, "docs", name)
    found = steps(path)
    assert found, name
    with tempfile.TemporaryDirectory() as directory:
        for step in found:
            step.text = step.text.replace("/tmp/", directory + "/")
            if step.lines:
                converse(step)
            else:
                do(step)

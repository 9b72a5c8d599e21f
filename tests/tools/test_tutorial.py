# SPDX-License-Identifier: BSD-2-Clause
"""test_tutorial.py - what documents for beginners tell to type works."""

import os
import sys
import tempfile

import claims
import typed


def written(text):
    """The steps of a document with this text."""
    with tempfile.NamedTemporaryFile("w", suffix=".md") as file:
        file.write(text)
        file.flush()
        return typed.steps(file.name)


def test_commands_their_input_and_output_are_found():
    first, second = written(
        "text\n    $ cat <<'END'\n    one\n      two\n    END\n    > one\n\n"
        "    $ scripts/run\n    tine> ps\n    > init\n    tine> exit\n")
    assert first.text == "cat <<'END'\none\n  two\nEND", first.text
    assert first.shown == ["one"] and not first.lines
    assert [line.text for line in second.lines] == ["ps", "exit"]
    assert second.lines[0].shown == ["init"] and not second.shown


def test_what_fails_or_shows_something_else_is_noticed():
    for text in ("    $ false\n", "    $ echo one two\n    > two\n    > one\n",
                 "    $ echo one\n    > two\n"):
        try:
            typed.do(written(text)[0])
        except AssertionError:
            continue
        raise AssertionError(text)
    typed.do(written("    $ echo one two\n    > one\n    > two\n")[0])


def test_what_the_tutorial_tells_to_type_works():
    typed.follow("tutorial.md")


def test_what_the_text_on_porting_tells_to_type_works():
    typed.follow("porting.md")


def test_the_program_in_the_tutorial_is_one_that_compiles_without_a_warning():
    steps = typed.steps(os.path.join(claims.TOP, "docs", "tutorial.md"))
    source = next(step.text for step in steps if "<<'END'" in step.text)
    with tempfile.TemporaryDirectory() as directory:
        compile_it = ("$PWD/build/sdk/bin/tine-cc -Wall -Wextra -Werror"
                      f" -c {directory}/adders.c -o {directory}/adders.o")
        typed.do(typed.Step(
            source.replace("/tmp/", directory + "/") + "\n" + compile_it))


if __name__ == "__main__":
    sys.exit(claims.main(sys.modules[__name__]))

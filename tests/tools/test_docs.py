# SPDX-License-Identifier: BSD-2-Clause
"""test_docs.py - the documents agree with what they are about."""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

import claims
import abi
import definitions
import machine
import plots

LINK = re.compile(r"\]\(([^)\s]+)\)", re.DOTALL)
# In backquotes: a path from the top of the tree, without a pattern in it.
PATH = re.compile(r"`((?:kernel|platform|libipc|servers|libc|user|examples"
                  r"|tests|scripts|docs|cmake|\.ci)/[\w./+-]*)")


def documents():
    yield from glob.glob(os.path.join(claims.TOP, "*.md"))
    yield from glob.glob(os.path.join(claims.TOP, "docs", "**", "*.md"),
                         recursive=True)


def text(path):
    with open(path) as file:
        return file.read()


def prose(path):
    """A document without its blocks of code."""
    return re.sub(r"^(?:    |\t).*$", "", text(path), flags=re.MULTILINE)


def anchors(path):
    """What links can name in a document: its headings."""
    for heading in re.findall(r"^#+ (.*)$", text(path), re.MULTILINE):
        words = re.sub(r"[^\w\- ]", "", heading.lower())
        yield words.replace(" ", "-")


def test_what_is_made_of_something_else_is_current():
    done = subprocess.run(
        [os.path.join(claims.SCRIPTS, "document"), "--check"], check=False,
        capture_output=True, text=True)
    assert done.returncode == 0, (
        "run scripts/document: " + done.stdout + done.stderr)


def test_links_lead_somewhere():
    for path in documents():
        for link in LINK.findall(prose(path)):
            file, _, anchor = link.partition("#")
            if "://" in file:
                continue
            target = os.path.normpath(
                os.path.join(os.path.dirname(path), file)) if file else path
            assert os.path.exists(target), (path, link)
            assert not anchor or anchor in anchors(target), (path, link)


def test_files_that_are_named_exist():
    for path in documents():
        for name in PATH.findall(text(path)):
            assert os.path.exists(os.path.join(claims.TOP, name)), (path, name)


def test_each_document_is_in_the_index():
    index = text(os.path.join(claims.TOP, "docs", "README.md"))
    for path in glob.glob(os.path.join(claims.TOP, "docs", "*.md")):
        name = os.path.basename(path)
        assert name == "README.md" or f"({name})" in index, name


def test_each_program_that_tests_the_target_is_in_the_table():
    table = text(os.path.join(claims.TOP, "docs", "testing.md"))
    for name in re.findall(r"^tine_system_test\((\w+)", text(os.path.join(
            claims.TOP, "tests", "system", "CMakeLists.txt")), re.MULTILINE):
        assert re.search(rf"^\| .*`{name}`.* \|", table, re.MULTILINE), name


def test_the_readme_is_one_screen():
    lines = text(os.path.join(claims.TOP, "README.md")).splitlines()
    assert len(lines) <= 60, len(lines)
    assert max(map(len, lines)) <= 80


def defined(definition):
    """The file that has this text."""
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "some.def")
        with open(path, "w") as file:
            file.write(definition)
        return definitions.File(path)


SOME = """\
/* SPDX-License-Identifier: none */
/*
 * some.def - some.
 */

/* A part.  And more. */

/* Do it,
 * please. */
CALL_WINDOW(1, act, BY_THREAD, WINDOW_IN,
	FIELD(uint32_t, a)	/* one,
				 * two */
	FIELD(char, b[4]),	/* (three) */
	FIELD(uint64_t, c))	/* four */
/* Not any more. */
GONE(2, old)
CALL(3, rest, BY_SPACE,
	,
	)
"""


def test_definitions_are_read_with_their_comments():
    file = defined(SOME)
    act, _, rest = file.items
    assert file.header == "some.def - some."
    assert act.part == rest.part == "A part. And more."
    assert act.comment == "Do it, please."
    assert (act.number(), act.called()) == (1, "act")
    assert act.arguments[2:4] == ["BY_THREAD", "WINDOW_IN"]
    assert [(field.type, field.name, field.comment)
            for field in act.fields[4]] == [
                ("uint32_t", "a", "one, two"), ("char", "b[4]", "(three)")]
    assert act.fields[5][0].comment == "four"
    assert not rest.comment and not rest.fields


def test_a_request_that_nothing_is_said_of_is_refused():
    for definition, word in ((SOME, "rest"),
                             ("/* A. */\nCALL(1, a, BY_THREAD, , )\n"
                              "/* B. */\nCALL(1, b, BY_THREAD, , )\n", "b")):
        try:
            abi.described(defined(definition))
        except machine.Error as error:
            assert f": {word}" in str(error), error
            continue
        raise AssertionError(definition)


def test_each_call_and_request_is_in_the_text():
    made = abi.generate()
    for number, name in re.findall(r"^(?:IPC|SYSCALL)\((\d+), (\w+)", text(
            os.path.join(claims.TOP, abi.ABI, "syscalls.def")), re.MULTILINE):
        assert re.search(rf"^\| {number} \| `{name}\b", made, re.MULTILINE)
    for protocol, *_ in abi.SERVERS:
        for number, name in re.findall(
                r"^CALL(?:_WINDOW)?\((\d+), (\w+)", text(os.path.join(
                    claims.TOP, abi.IPC, protocol + ".def")), re.MULTILINE):
            assert f"#### {number}: `{protocol}_{name}`\n" in made, name


def test_a_plot_is_drawn_anew_when_a_figure_changes():
    for plot in plots.PLOTS:
        drawn = text(plot.path())
        assert plots.source(drawn) == plot.digest()
        figures = plots.Figures()
        figures.tine = {name: value + 1 for name, value
                        in figures.tine.items()}
        assert plot.make(figures) != plot.program(), plot.name


def test_a_plot_drawn_twice_is_the_same():
    if not shutil.which("gnuplot"):
        raise claims.Skip("gnuplot is not installed")
    for plot in plots.PLOTS:
        drawn = plot.draw()
        assert drawn == plot.draw(), plot.name
        assert plots.source(drawn) == plot.digest()


def test_a_table_has_tines_figures():
    figures = plots.Figures()
    figures.tine["fork+exit+wait small"] = 123456.0
    assert "| small program | 123,456 |" in plots.memory_table(figures)
    del figures.tine["fork+exit+wait small"]
    assert "| small program | – |" in plots.memory_table(figures)
    assert "| fork+exit+wait small | 70,000 | – | missed |" in (
        plots.targets_table(figures))


if __name__ == "__main__":
    sys.exit(claims.main(sys.modules[__name__]))

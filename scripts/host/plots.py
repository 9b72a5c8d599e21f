# SPDX-License-Identifier: BSD-2-Clause
"""plots.py - the tables and plots of docs/benchmarks.md.

All figures come from tests/bench/baseline.json (Tine's) and peers.json (the
others').  A plot is a program for gnuplot with its data in it, whose digest
stands in the SVG that was drawn.
"""

import hashlib
import json
import os
import re
import subprocess

import machine

TEXT = os.path.join(machine.TOP, "docs", "benchmarks.md")
BENCH = os.path.join(machine.TOP, "tests", "bench")
COLOURS = {"Tine": "#c0392b", "Linux": "#2c6fbb", "Linux, 2 MiB pages":
           "#8ab4e0", "xv6 COW": "#3a9a5b", "xv6": "#9bcfae",
           "seL4": "#7d5ba6"}
NONE = "–"

# Names of figures, and what they are called in the text.
MEMORY = (("small", "small program", "fork+exit+wait small", None),
          *((f"{size} MiB", f"{size} MiB written",
             f"fork+exit+wait {size}MiB 4K",
             f"fork+exit+wait {size}MiB default/THP")
            for size in (16, 64, 256)))
MESSAGES = (
    ("call, answer:\\n0 words", "IPC round trip, 0 words",
     "IPC round trip, 0 words"),
    ("4 words", "IPC round trip, 4 words", "IPC round trip, 4 words"),
    ("6 words\\n(seL4: 5)", "IPC round trip, 6 words",
     "IPC round trip, 5 words"),
    ("cheapest\\nkernel call", "kernel call", "kernel call"),
    ("fault, pager\\nonly answers", "page fault, pager answers",
     "page fault, pager answers"),
    ("fault, pager\\nmaps a page", "page fault, pager maps",
     "page fault, pager maps"),
)
OPERATIONS = (
    ("fork, exit, wait", "fork+exit+wait small"),
    ("fork's return", "fork() return only small"),
    ("vfork, exit, wait", "vfork+exit+wait small"),
    ("vfork, exec, wait", "vfork+exec(tiny nolibc)+wait"),
    ("fork, exec, wait", "fork+exec(tiny nolibc)+wait"),
    ("copy-on-write fault", "copy-on-write fault, copy"),
    ("rewrite after a fork, a page", "rewrite after fork /4K 64MiB 4K"),
    ("first touch of a page", "first touch /4K page 16MiB 4K"),
    ("munmap, a page", "munmap /4K page 16MiB 4K"),
    ("mmap, munmap, untouched", "mmap+munmap 64KiB untouched"),
    ("mmap, touch 16 pages, munmap", "mmap+touch16pg+munmap 64KiB"),
    ("cheapest call of a service", "getppid (null syscall)"),
    ("clock_gettime", "clock_gettime"),
    ("sigaction", "sigaction install"),
    ("sigprocmask", "sigprocmask"),
    ("signal to itself", "kill(self)+handler+sigreturn"),
    ("signal there and back", "signal ping-pong round trip"),
)


def load(name):
    with open(os.path.join(BENCH, name)) as file:
        return json.load(file)


class Figures:
    """Retired instructions for one operation, by system and name."""

    def __init__(self):
        known = load("peers.json")
        baseline = load("baseline.json")
        self.peers = known["peers"]
        self.targets = known["targets"]
        self.notes = known["notes"]
        self.qemu = baseline["qemu"]
        self.tine = {name: figure["min"]
                     for name, figure in baseline["figures"].items()}

    def of(self, system, name):
        """None: it is not known."""
        if system == "Tine":
            return self.tine.get(name)
        return self.peers[system].get(name)


def number(value):
    return NONE if value is None else f"{value:,.0f}"


def quoted(text):
    """For gnuplot, in double quotes: \\n is a new line there."""
    return '"' + text.replace('"', '\\"') + '"'


def datum(value):
    """For gnuplot; a question mark is what it leaves out."""
    return "?" if value is None else f"{value:g}" if value < 100 else (
        f"{value:.0f}")


def block(name, rows):
    """Data with a name, inside of the program."""
    lines = "\n".join(" ".join(row) for row in rows)
    return f"${name} << END\n{lines}\nEND\n"


SETTINGS = """\
set terminal svg size {size} dynamic font "sans-serif,13" background "#ffffff"
set datafile missing "?"
set border 3 lc rgb "#666666"
set tics nomirror textcolor rgb "#222222"
set grid ytics lc rgb "#dddddd" lt 1 lw 1
set key {key}
set title "{title}"
set ylabel "{label}"
"""


class Plot:
    """One SVG file; the program is a function of the figures."""

    def __init__(self, name, program):
        self.name = name
        self.make = program

    def path(self):
        return os.path.join(machine.TOP, "docs", "plots", self.name + ".svg")

    def program(self):
        return self.make(Figures())

    def digest(self):
        return hashlib.sha256(self.program().encode()).hexdigest()

    def draw(self):
        """The SVG, with what it was drawn from named in it."""
        try:
            done = subprocess.run(
                ["gnuplot", "-d"], input=self.program(), text=True,
                capture_output=True, check=False, timeout=60)
        except OSError as error:
            raise machine.Error(f"gnuplot: {error.strerror}") from error
        if done.returncode or "<svg" not in done.stdout:
            raise machine.Error(f"gnuplot: {done.stderr}")
        head, declaration, body = done.stdout.partition("?>\n")
        return (head + declaration + "<!-- SPDX-License-Identifier:"
                " BSD-2-Clause -->\n<!-- scripts/document drew this;"
                f" source {self.digest()} -->\n" + body)


def source(svg):
    """What an SVG says it was drawn from; None if it does not."""
    match = re.search(r"<!-- .* source ([0-9a-f]{64}) -->", svg or "")
    return match and match[1]


def curve(block_name, column, title):
    colour = COLOURS[title]
    return (f"${block_name} using 0:{column} with linespoints lw 2 pt 7 ps 0.6"
            f" lc rgb {quoted(colour)} title {quoted(title)}")


def memory_program(figures):
    """Fork's cost against the memory that its process has written."""
    columns = ("Tine", "Linux", "Linux, 2 MiB pages", "xv6 COW", "xv6")
    rows = []
    for name, _, plain, huge in MEMORY:
        values = [figures.of("Tine", plain), figures.of("Linux", plain),
                  figures.of("Linux", huge),
                  figures.of("xv6 COW", plain), figures.of("xv6", plain)]
        rows.append([quoted(name), *map(datum, values)])
    curves = ", \\\n  ".join(curve("memory", at, title)
                            for at, title in enumerate(columns, 2))
    return (block("memory", rows) + SETTINGS.format(
        size="800,440", key="outside right center reverse Left",
        title="fork, exit and wait",
        label="retired instructions") + f"""\
set logscale y
set yrange [10000:30000000]
set format y "10^{{%L}}"
set xrange [-0.3:3.3]
set xtics ({", ".join(f'{row[0]} {at}' for at, row in enumerate(rows))})
set xlabel "memory that the process has written before"
plot {curves}
""")


def bars(block_name, column, title):
    return (f"${block_name} using {column}:xtic(1) lc rgb"
            f" {quoted(COLOURS[title])} title {quoted(title)}")


def messages_program(figures):
    """Messages and faults beside seL4's."""
    rows = [[quoted(name), datum(figures.of("Tine", ours)),
             datum(figures.of("seL4", theirs))]
            for name, ours, theirs in MESSAGES]
    return (block("messages", rows) + SETTINGS.format(
        size="860,420", key="top left reverse Left",
        title="messages and page faults between two address spaces",
        label="retired instructions") + f"""\
set style data histograms
set style histogram clustered gap 1
set style fill solid
set bmargin 3.5
set xrange [-0.6:{len(rows) - 0.4:g}]
set yrange [0:*]
plot {bars("messages", 2, "Tine")}, \\
  {bars("messages", 3, "seL4")}
""")


def operations_program(figures):
    """What Tine takes for each instruction that Linux takes."""
    rows = []
    for name, figure in reversed(OPERATIONS):
        ours, theirs = figures.of("Tine", figure), figures.of("Linux", figure)
        if ours is not None and theirs is not None:
            rows.append([quoted(name), datum(ours / theirs)])
    return (block("operations", rows) + SETTINGS.format(
        size="760,480", key="off",
        title="instructions of Tine's for one of Linux's",
        label="") + f"""\
set grid noytics xtics
set style fill solid
set boxwidth 0.6
set ytics noenhanced
set logscale x 2
set xrange [0.0625:8]
set yrange [-0.7:{len(rows) - 0.3:g}]
set xtics ("1/16" 0.0625, "1/8" 0.125, "1/4" 0.25, "1/2" 0.5, \\
  "1" 1, "2" 2, "4" 4, "8" 8)
set arrow from 1, graph 0 to 1, graph 1 nohead lc rgb "#222222" lw 1
plot $operations using (1):0:(1):2:($0 - 0.3):($0 + 0.3):ytic(1) \\
  with boxxyerror lc rgb {quoted(COLOURS["Tine"])}
""")


PLOTS = (Plot("fork-memory", memory_program),
         Plot("messages", messages_program),
         Plot("operations", operations_program))


def table(heads, rows, words=False):
    """All columns but the first are numbers, and words in the last if so."""
    lines = ["| " + " | ".join(heads) + " |",
             "|---|" + "--:|" * (len(heads) - 1 - words) + "---|" * words]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def memory_table(figures):
    rows = []
    for _, name, plain, huge in MEMORY:
        rows.append([name] + [number(figures.of(system, figure)) for
                              system, figure in (
            ("Tine", plain), ("Linux", plain), ("Linux", huge),
            ("xv6 COW", plain), ("xv6", plain))])
    return table(("fork, exit, wait", "Tine", "Linux", "Linux, 2 MiB pages",
                  "xv6 COW", "xv6"), rows)


def messages_table(figures):
    return table(("", "Tine", "seL4"), [
        [name.replace("\\n", " "), number(figures.of("Tine", ours)),
         number(figures.of("seL4", theirs))]
        for name, ours, theirs in MESSAGES])


def operations_table(figures):
    return table(("", "Tine", "Linux"), [
        [name, number(figures.of("Tine", figure)),
         number(figures.of("Linux", figure))]
        for name, figure in OPERATIONS])


def targets_table(figures):
    rows = []
    for name, target in figures.targets.items():
        ours = figures.of("Tine", name)
        missed = ours is None or ours > target
        rows.append([name, number(target), number(ours),
                     "missed" if missed else "met"])
    return table(("", "target", "Tine", "state"), rows, words=True)


def parts_table(_figures):
    """Where the instructions of a fork are spent, the dearest first."""
    parts = load("baseline.json")["breakdown"]["fork+exit+wait"]
    spent = {part: sum(functions.values())
             for part, functions in parts.items()}
    rows = []
    for part in sorted(spent, key=spent.get, reverse=True):
        dearest = sorted(parts[part].items(), key=lambda pair: -pair[1])[:3]
        rows.append([part, number(spent[part]),
                     f"{100 * spent[part] / sum(spent.values()):.0f} %",
                     ", ".join(f"`{name}` {number(value)}"
                               for name, value in dearest)])
    return table(("part", "instructions", "", "most of it in"), rows,
                 words=True)


def counters_table(_figures):
    """What the kernel counted for one operation of the tine-bench kind."""
    known = load("baseline.json")["counters"]
    names = [name for name in next(iter(known.values()))
             if any(each[name] >= 0.5 for each in known.values())]
    return table(("for one", *(name.replace("_", " ") for name in names)), [
        [operation, *(f"{counters[name]:.1f}" for name in names)]
        for operation, counters in known.items()])


def notes(figures):
    paragraphs = " ".join(line or "\n\n" for line in figures.notes)
    text = "\n\n".join(" ".join(each.split())
                       for each in paragraphs.split("\n\n"))
    return text + f"\n\nTine: {figures.qemu}.\n"


TABLES = {"memory": memory_table, "messages": messages_table,
          "operations": operations_table, "targets": targets_table,
          "parts": parts_table, "counters": counters_table,
          "notes": notes}
MARKED = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->\n)", re.DOTALL)


def tables(text):
    """The text with what stands between its marks made anew."""
    figures = Figures()
    names = [match[2] for match in MARKED.finditer(text)]
    if sorted(names) != sorted(TABLES):
        raise machine.Error("docs/benchmarks.md: its marks are not"
                            f" {' '.join(TABLES)}")
    return MARKED.sub(lambda match: match[1] + "\n"
                      + TABLES[match[2]](figures) + "\n" + match[3], text)

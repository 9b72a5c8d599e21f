# SPDX-License-Identifier: BSD-2-Clause
"""bench.py - what scripts/bench does once Python is there.

Programs report a figure for an operation as

  R NAME n=OPERATIONS b=BATCHES min=... med=... max=...

in nanoseconds, which under -icount are retired instructions, and may add what
the kernel counted meanwhile, for one operation too:

  C NAME COUNTER=... COUNTER=...
"""

import argparse
import json
import os
import re
import subprocess
import sys

import instructions
import machine

HERE = os.path.join(machine.TOP, "tests", "bench")
OUT = os.path.join(machine.TOP, "build", "bench.json")
BASELINE = os.path.join(HERE, "baseline.json")
RUNS = (
    # By its full path, because it executes itself again.
    # Of its sections, cow, pipe and storm need pipes.
    "/bin/osbench 3 basic fork exec mem touch sig",
    "/bin/tine-bench",
)
# Programs that those execute and whose failure they would not notice.
PROBES = ("/tiny", "/bin/osbench x")
# A figure that includes an exec, and one without that it has to exceed.
EXECS = {
    "vfork+exec(tiny nolibc)+wait": "vfork+exit+wait small",
    "vfork+exec(self static)+wait": "vfork+exit+wait small",
    "fork+exec(tiny nolibc)+wait": "fork+exit+wait small",
    "fork+exec(self static)+wait": "fork+exit+wait small",
}
# tine-bench, one batch and two, of so many operations.
BREAKDOWNS = {"fork+exit+wait": 50, "kill(self)+handler": 500}
TIMEOUT = 900
TOLERANCE = 0.03

FIGURE = re.compile(r"R (.+?)\s+n=(\d+)\s+b=(\d+)\s+"
                    r"min=([\d.]+)\s+med=([\d.]+)\s+max=([\d.]+)")
COUNTERS = re.compile(r"C (.+?)((?:\s+[\w-]+=-?[\d.]+)+)\s*$")


class Results:
    """Figures and counters, by name, in the order they came."""

    def __init__(self):
        self.figures = {}
        self.counters = {}
        self.remarks = []
        self.breakdown = {}

    def read(self, text):
        for line in text.splitlines():
            figure = FIGURE.match(line)
            counters = COUNTERS.match(line)
            if figure:
                self.add(figure)
            elif counters:
                pairs = (pair.split("=") for pair in counters[2].split())
                self.counters[counters[1].strip()] = {
                    key: float(value) for key, value in pairs}
            elif line.startswith("#"):
                self.remarks.append(line)

    def add(self, match):
        name, n, batches, least, median, most = match.groups()
        self.figures[name.strip()] = {
            "n": int(n), "b": int(batches), "min": float(least),
            "med": float(median), "max": float(most)}

    def least(self, name):
        figure = self.figures.get(name)
        return figure["min"] if figure else None


def boot(command, timeout, *options):
    """What a program printed, run under icount."""
    done = subprocess.run(
        [sys.executable, "-B",
         os.path.join(machine.TOP, "scripts", "host", "run.py"),
         "--no-build", "--icount", "--mem", "1G",
         "--timeout", str(timeout), "--batch", command, *options],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
    text = done.stdout.decode(errors="replace")
    if done.returncode:
        sys.stderr.write(text[-2000:])
        raise machine.Error(f"'{command}' ended with status"
                            f" {done.returncode}", 1)
    return text


def measure():
    results = Results()
    for command in PROBES:
        boot(command, 60)
    print("running kernelbench", flush=True)
    results.read(boot("kernelbench", TIMEOUT, "--archive", "kernelbench.cpio"))
    for command in RUNS:
        print(f"running {command}", flush=True)
        text = boot(command, TIMEOUT)
        failure = re.search(r"^FAIL.*$", text, re.MULTILINE)
        if failure:
            raise machine.Error(f"'{command}': {failure[0]}", 1)
        before = len(results.figures)
        results.read(text)
        if len(results.figures) == before:
            raise machine.Error(f"'{command}' printed no figure", 1)
    for name, without in EXECS.items():
        if (results.least(name) or 0) <= (results.least(without) or 0):
            raise machine.Error(f"'{name}' costs no more than '{without}':"
                                " the exec must have failed", 1)
    return results


def load(path):
    with open(path) as file:
        return json.load(file)


def number(value):
    return "" if value is None else f"{value:,.0f}"


def print_table(results, known):
    peers, targets = known["peers"], known["targets"]
    heads = ["instructions for one", "Tine", "target", *peers]
    print("\n{:36}{:>13}{:>11}".format(*heads[:3])
          + "".join(f"{head:>13}" for head in heads[3:]))
    for name in results.figures:
        least, target = results.least(name), targets.get(name)
        line = f"{name:36}{number(least):>13}{number(target):>11}"
        for peer in peers.values():
            line += f"{number(peer.get(name)):>13}"
        if target and least > target:
            line += "  missed"
        print(line.rstrip())
    for name in targets:
        if name not in results.figures:
            print(f"{name:36}{'no figure':>13}{number(targets[name]):>11}")


def print_counters(results):
    """A line for each operation, a column for each counter that moved."""
    heads = []
    for counters in results.counters.values():
        heads += [head for head, value in counters.items()
                  if abs(value) >= 0.05 and head not in heads]
    print(f"\n{'counted by the kernel, for one':36}"
          + "".join(f"{head:>12}" for head in heads))
    for name, counters in results.counters.items():
        print(f"{name:36}" + "".join(
            f"{counters.get(head, 0):12.1f}" for head in heads))


def change(before, now):
    """By how much a figure changed, as a part of what it was."""
    if before is None or now is None:
        return None
    return now / before - 1 if before else float(now > 0)


def verdict(part):
    """What is to be said of a change."""
    if part is None:
        return ""
    words = f"{100 * part:+.1f} %"
    return words + "  WORSE" if part > TOLERANCE else words


def compare(results, baseline):
    """A line for each figure with its change; how many are worse or gone."""
    known = baseline["figures"]
    names = [*known, *(each for each in results.figures if each not in known)]
    print(f"\n{'compared with the baseline':40}{'before':>13}{'now':>13}"
          f"{'change':>10}")
    worse = 0
    for name in names:
        before = known[name]["min"] if name in known else None
        now = results.least(name)
        part = change(before, now)
        words = verdict(part)
        if now is None:
            words = "gone  WORSE"
        elif before is None:
            words = "new"
        worse += words.endswith("WORSE")
        amount, _, mark = words.partition("  ")
        line = (f"{name:40}{number(before):>13}{number(now):>13}"
                f"{amount:>10}  {mark}")
        print(line.rstrip())
    return worse


def break_down(name, operations):
    """Where the instructions of one of tine-bench's operations go."""
    print(f"tracing {name}", flush=True)
    parts = instructions.breakdown(
        "tine-bench", f"/bin/tine-bench 1 {name}",
        f"/bin/tine-bench 2 {name}", operations)
    instructions.print_breakdown(name, parts)
    return {part: {function: round(value, 1)
                   for function, value in spent.items() if value >= 0.05}
            for part, spent in parts.items()}


def store(results, path):
    version = subprocess.run([machine.QEMU, "--version"], check=True,
                             capture_output=True, text=True).stdout
    content = {"qemu": version.splitlines()[0], "figures": results.figures,
               "counters": results.counters,
               "breakdown": results.breakdown}
    with open(path, "w") as file:
        json.dump(content, file, indent=1)
        file.write("\n")


def parse():
    parser = argparse.ArgumentParser(
        prog="scripts/bench", allow_abbrev=False,
        description="Count the instructions of fork and its kin, and compare"
        " them with other systems and with the last time.")
    parser.add_argument("--update", action="store_true",
                        help="keep the figures as those to compare with")
    return parser.parse_args()


def bench(options):
    machine.build("--release")
    results = measure()
    print_table(results, load(os.path.join(HERE, "peers.json")))
    print_counters(results)
    results.breakdown = {name: break_down(name, operations)
                         for name, operations in BREAKDOWNS.items()}
    print()
    for remark in results.remarks:
        print(remark)
    store(results, OUT)
    print(f"written: {os.path.relpath(OUT)}")
    if options.update:
        store(results, BASELINE)
        print(f"written: {os.path.relpath(BASELINE)}; now run"
              " scripts/document, which has tables and plots of it")
        return 0
    if not os.path.exists(BASELINE):
        print("no figures to compare with: see --update")
        return 0
    worse = compare(results, load(BASELINE))
    print(f"\n{worse or 'no'} figure{'s' * (worse > 1)} more than"
          f" {100 * TOLERANCE:.0f} % worse than the baseline")
    return 1 if worse else 0


def main():
    options = parse()
    machine.interruptible()
    try:
        return bench(options)
    except machine.Error as error:
        print(f"bench: {error}", file=sys.stderr)
        return error.status
    except machine.Interrupted as error:
        return error.status


if __name__ == "__main__":
    sys.exit(main())

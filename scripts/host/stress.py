# SPDX-License-Identifier: BSD-2-Clause
"""stress.py - what scripts/stress does once Python is there.

What goes wrong on several harts goes wrong once in a while.  So tests of
tests/system run again and again, on both boards, with and without assertions
by turns, until the time is up or one fails.  Without a name they are those
that have a long version: "stress" in tests.json, which says how it differs;
and the simulators of tests/unit/sim, each time with other seeds.
"""

import argparse
import glob
import itertools
import os
import sys
import time

import machine
import test


# Operations of one run of a simulator: about half a minute.
OPERATIONS = 400000


def simulators():
    """Names of the simulators' programs."""
    pattern = os.path.join(machine.TOP, "build", "unit", "sim", "*_sim")
    return sorted(os.path.basename(path) for path in glob.glob(pattern))


def simulation(name, number):
    """A run with seeds that there were in no earlier one."""
    seed = int(time.time()) * 1000 + number
    job = test.Job("stress", f"{name} from seed {seed}", [
        os.path.join(machine.TOP, "build", "unit", "sim", name),
        "--seed", str(seed), "--operations", str(OPERATIONS)], 600)
    job.log = os.path.join(test.LOGS, f"stress-{name}")
    return job


def parse():
    parser = argparse.ArgumentParser(
        prog="scripts/stress", allow_abbrev=False,
        description="Run tests on the target until one fails.")
    add = parser.add_argument
    add("name", nargs="*", help="a program of tests/system, or a simulator")
    add("--seconds", type=float, default=600, metavar="N",
        help="start no more runs after so long (default: 600)")
    add("--smp", type=int, default=4, metavar="N",
        help="harts (default: 4)")
    add("--platform", action="append", choices=list(machine.PLATFORMS),
        help="on this board only")
    add("--build", action="append", choices=test.BUILDS,
        help="of this build only")
    add("--jobs", type=int, default=1, metavar="N",
        help="machines at a time (default: 1)")
    options = parser.parse_args()
    options.platform = options.platform or list(machine.PLATFORMS)
    options.build = options.build or list(test.BUILDS)
    return options


def endless(options):
    """Jobs without end, all kinds by turns."""
    table = test.read_table()
    names = options.name or [name for name in sorted(table)
                             if "stress" in table[name]] + simulators()
    if not names:
        raise machine.Error("no test has a long version: name one")
    kinds = itertools.product(options.platform, options.build, names)
    for number, kind in enumerate(itertools.cycle(kinds), 1):
        platform, build, name = kind
        if name in simulators():
            yield simulation(name, number)
            continue
        entry = {key: value for key, value in table.get(name, {}).items()
                 if key != "also"}
        entry.update(entry.pop("stress", {}), harts=options.smp)
        # One with counted instructions would have to have one hart.
        entry.pop("icount", None)
        job = test.Job("stress", f"{name} {platform} {build} {number}",
                       test.system_command(name, platform, build, entry),
                       entry.get("timeout", 120))
        # All runs of one kind have one log, that of the last.
        job.log = os.path.join(test.LOGS, f"stress-{name}-{platform}-{build}")
        yield job


def stress(options):
    machine.build("--all")
    os.makedirs(test.LOGS, exist_ok=True)
    end = time.monotonic() + options.seconds
    passed = failed = 0
    jobs = endless(options)
    while not failed and (passed == 0 or time.monotonic() < end):
        batch = list(itertools.islice(jobs, options.jobs))
        test.run_jobs(batch, options.jobs, False)
        failed += sum(job.failures() for job in batch)
        passed += sum(len(job.report.passed) for job in batch)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def main():
    options = parse()
    machine.interruptible()
    try:
        return stress(options)
    except machine.Error as error:
        print(f"stress: {error}", file=sys.stderr)
        return error.status
    except machine.Interrupted as error:
        return error.status


if __name__ == "__main__":
    sys.exit(main())

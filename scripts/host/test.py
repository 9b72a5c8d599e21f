# SPDX-License-Identifier: BSD-2-Clause
"""test.py - what scripts/test does once Python is there.

Five kinds of programs are run, all of which print TAP (tap.py):

  unit    build/unit/tests.txt: the kernel's and servers' files, on the host
  fuzz    build/fuzz/tests.txt: the fuzzers, each for some seconds (fuzz.py)
  tools   tests/tools/test_*.py: scripts/run and its kin, on the host
  kernel  tests/kernel, in place of vmsrv: on each board, asserts on and off,
          on one hart and on four
  system  /test/* of the boot archive: the same (ways() says which)

docs/testing.md says how to add one.
"""

import argparse
import glob
import itertools
import json
import os
import signal
import subprocess
import sys
import time

import conformance
import machine
import newc
import tap

TESTS = os.path.join(machine.TOP, "tests")
LOGS = os.path.join(machine.TOP, "build", "test-logs")
BUILDS = ("release", "debug")
# How many harts; and where most programs are run on several.
SMP = 4
HARTS = (1, SMP)
SMP_WAYS = (("qemu-virt", "debug"), ("hifive-unleashed", "release"))
# QEMUs at a time; each takes a processor of the host's.
JOBS_MAX = 2
# What run.py may take beyond the time that the guest was given.
GRACE = 30
# Seconds that a program on the target may take, unless tests.json says more:
# many times what it takes, as the host may be slow, and busy.
TIMEOUT = 180


class Job:
    """One program to run, and then how it went."""

    def __init__(self, kind, name, command, timeout):
        self.kind = kind
        self.name = name
        self.command = command
        self.timeout = timeout
        self.process = None
        file = f"{kind}-{name}".replace(" ", "-").replace("/", "-")
        self.log = os.path.join(LOGS, file)

    def start(self):
        self.began = time.monotonic()
        environment = dict(os.environ, CMOCKA_MESSAGE_OUTPUT="TAP",
                           UBSAN_OPTIONS="print_stacktrace=1")
        with open(self.log, "wb") as log:
            self.process = machine.Process(
                self.command, signal.SIGTERM, cwd=machine.TOP,
                stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, env=environment)
        self.child = self.process.child

    def stop(self):
        if self.process:
            self.process.__exit__()

    def finished(self):
        """Whether it ended, by itself or for having taken too long."""
        took = time.monotonic() - self.began
        if self.child.poll() is None and took > self.timeout + GRACE:
            self.stop()
        if self.child.poll() is None:
            return False
        with open(self.log, errors="replace") as log:
            self.output = log.read()
        self.took = took
        self.report = tap.Report(self.output)
        self.problem = self.report.problem(self.child.returncode)
        return True

    def failures(self):
        return len(self.report.failed) + (self.problem is not None)

    def tell(self, verbose):
        """The progress line, and what there is to say about failures."""
        verdict = "FAIL" if self.failures() else "ok"
        print(f"{verdict:4} {self.kind:6} {self.name:54}"
              f" {len(self.report.passed):3}  {self.took:5.1f} s")
        for name in self.report.failed:
            print(f"     not ok: {name}")
        if self.problem:
            print(f"     {self.problem}")
        if self.failures() or verbose:
            lines = self.output.splitlines()
            kept = lines if verbose else lines[-25:]
            print("".join(f"     | {line}\n" for line in kept), end="")
        if self.failures():
            print(f"     log: {os.path.relpath(self.log)}")
        sys.stdout.flush()


def unit_jobs():
    directory = os.path.join(machine.TOP, "build", "unit")
    with open(os.path.join(directory, "tests.txt")) as file:
        for path in sorted(file.read().split()):
            name = path.replace("/test_", "/")
            yield Job("unit", name, [os.path.join(directory, path)], 120)


def fuzz_jobs():
    program = os.path.join(machine.TOP, "scripts", "host", "fuzz.py")
    with open(os.path.join(machine.TOP, "build", "fuzz", "tests.txt")) as file:
        for name in file.read().split():
            yield Job("fuzz", name, [sys.executable, "-B", program, name], 180)


def tools_jobs():
    for path in sorted(glob.glob(os.path.join(TESTS, "tools", "test_*.py"))):
        name = os.path.basename(path)[len("test_"):-len(".py")]
        yield Job("tools", name, [sys.executable, "-B", path], 300)


def read_table():
    path = os.path.join(TESTS, "system", "tests.json")
    if not os.path.exists(path):
        return {}
    with open(path) as file:
        return json.load(file)


def system_command(name, platform, build, options):
    command = [
        sys.executable, "-B",
        os.path.join(machine.TOP, "scripts", "host", "run.py"),
        "--no-build", "--platform", platform,
        "--mem", options.get("memory", "256M"),
        "--smp", str(options.get("harts", 1)),
        "--timeout", str(options.get("timeout", TIMEOUT)),
        "--batch", f"/test/{name} {options.get('args', '')}".strip()]
    for word in options.get("words", []):
        command += ["--boot-arg", word]
    if options.get("icount"):
        command += ["--icount"]
    if build == "debug":
        command += ["--debug-build"]
    return command


def wanted(selection, platform, build, harts):
    return (platform in selection.platform and build in selection.build
            and harts in selection.smp)


def kernel_jobs(selection):
    for name, harts, words in (("calls", 1, []),
                               ("calls/noasid", 1, ["noasid"]),
                               ("calls/smp", SMP, [])):
        for platform, build in itertools.product(machine.PLATFORMS, BUILDS):
            if not wanted(selection, platform, build, harts):
                continue
            limit = 60 if harts == 1 else 120
            command = system_command(
                name, platform, build,
                {"words": words, "harts": harts, "timeout": limit})
            command += ["--archive", "kerneltest.cpio"]
            yield Job("kernel", f"{name} {platform} {build}", command, limit)


def runs_of(name, table):
    """The ways in which a program is run: plain, and those "also" lists."""
    plain = {key: value for key, value in table.get(name, {}).items()
             if key != "also"}
    if plain.get("helper"):
        return
    yield name, plain
    for more in table.get(name, {}).get("also", []):
        yield f"{name}/{more['name']}", {**plain, **more}


def ways(options):
    """Board, build and number of harts of each run of a program.

    With one hart it is run in every way; with several, where no run is like
    another, once on each board, unless "smp" asks for all of these too.
    """
    platforms = options.get("platforms", list(machine.PLATFORMS))
    builds = options.get("builds", BUILDS)
    for platform, build in itertools.product(platforms, builds):
        if 1 in options.get("harts", HARTS):
            yield platform, build, 1
        if (SMP in options.get("harts", HARTS) and not options.get("icount")
                and (options.get("smp") or (platform, build) in SMP_WAYS)):
            yield platform, build, SMP


def system_jobs(selection):
    table = read_table()
    archive = newc.read(machine.Setup("release").archive)
    names = [entry.path[len("test/"):] for entry in archive
             if entry.path.startswith("test/")]
    for unknown in sorted(set(table) - set(names)):
        raise machine.Error(f"tests.json: there is no test '{unknown}'")
    for name in sorted(names):
        for label, options in runs_of(name, table):
            for platform, build, harts in ways(options):
                if not wanted(selection, platform, build, harts):
                    continue
                suffix = f" {harts} harts" if harts > 1 else ""
                limit = options.get("timeout", TIMEOUT)
                yield Job("system", f"{label} {platform} {build}{suffix}",
                          system_command(
                              name, platform, build,
                              {**options, "harts": harts, "timeout": limit}),
                          limit)


def run_jobs(jobs, limit, verbose):
    """All jobs, some at a time; each is told about as it ends."""
    waiting, running = list(jobs), []
    try:
        while waiting or running:
            while waiting and len(running) < limit:
                running.append(waiting.pop(0))
                running[-1].start()
            for job in [job for job in running if job.finished()]:
                running.remove(job)
                job.tell(verbose)
            time.sleep(0.02)
    finally:
        for job in running:
            job.stop()


def parse():
    parser = argparse.ArgumentParser(
        prog="scripts/test", allow_abbrev=False,
        description="Build everything, run the tests.")
    add = parser.add_argument
    add("name", nargs="*", help="only tests whose name contains this")
    add("--unit", action="store_true", help="the unit tests")
    add("--fuzz", action="store_true", help="the fuzzers")
    add("--tools", action="store_true", help="the tests of the scripts")
    add("--kernel", action="store_true", help="the tests of kernel calls")
    add("--system", action="store_true", help="the tests on the target")
    add("--platform", action="append", choices=list(machine.PLATFORMS),
        help="on this board only")
    add("--build", action="append", choices=BUILDS,
        help="of this build only")
    add("--smp", action="append", type=int, choices=HARTS,
        help="on so many harts only")
    add("--jobs", type=int, default=min(JOBS_MAX, os.cpu_count() or 1),
        metavar="N", help="how many at a time")
    add("--verbose", action="store_true", help="show what tests print")
    options = parser.parse_args()
    options.platform = options.platform or list(machine.PLATFORMS)
    options.build = options.build or list(BUILDS)
    options.smp = options.smp or list(HARTS)
    # Rows of fork1's table are spread over unit tests and those on a target.
    options.complete = not options.name and (
        options.unit and options.system or not (
            options.unit or options.fuzz or options.tools or options.kernel
            or options.system))
    if not (options.unit or options.fuzz or options.tools or options.kernel
            or options.system):
        options.unit = options.fuzz = options.tools = True
        options.kernel = options.system = True
    return options


def build(options):
    print("building", flush=True)
    kinds = []
    if options.unit:
        kinds.append("--unit")
    if options.fuzz:
        kinds.append("--fuzz")
    if options.tools or options.kernel or options.system:
        kinds += ["--release", "--debug"]
    machine.build(*kinds)


def select(options):
    jobs = []
    if options.unit:
        jobs += unit_jobs()
    if options.fuzz:
        jobs += fuzz_jobs()
    if options.tools:
        jobs += tools_jobs()
    if options.kernel:
        jobs += kernel_jobs(options)
    if options.system:
        jobs += system_jobs(options)
    if options.name:
        jobs = [job for job in jobs
                if any(name in job.name for name in options.name)]
    if not jobs:
        raise machine.Error("no such test")
    return jobs


def conform(jobs):
    """Tell of due rows of fork1's table without a test; how many."""
    found = list(conformance.problems(
        [name for job in jobs for name in job.report.passed],
        [name for job in jobs for name in job.report.failed]))
    print(f"{'FAIL' if found else 'ok':4} fork1's table,"
          f" {len(conformance.due())} rows due")
    for problem in found:
        print(f"     {problem}")
    return len(found)


def total(jobs, complete):
    """The summary; the last line has a form that other programs read."""
    nonconforming = conform(jobs) if complete else 0
    skipped = sum(len(job.report.skipped) for job in jobs)
    if skipped:
        print(f"{skipped} skipped")
    passed = sum(len(job.report.passed) for job in jobs)
    failed = sum(job.failures() for job in jobs) + nonconforming
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def main():
    options = parse()
    machine.interruptible()
    try:
        build(options)
        os.makedirs(LOGS, exist_ok=True)
        jobs = select(options)
        run_jobs(jobs, options.jobs, options.verbose)
        return total(jobs, options.complete)
    except machine.Interrupted as error:
        return error.status
    except (machine.Error, OSError, ValueError) as error:
        print(f"test: {error}", file=sys.stderr, flush=True)
        print("0 passed, 1 failed")
        return 1


if __name__ == "__main__":
    sys.exit(main())

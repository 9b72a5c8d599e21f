# SPDX-License-Identifier: BSD-2-Clause
"""test_sdk.py - tine-cc, as somebody with a program of theirs uses it."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

import claims

SDK = os.path.realpath(os.path.join(claims.TOP, "build", "sdk"))
CC = os.path.join(claims.TOP, "build", "sdk", "bin", "tine-cc")
RUN = os.path.join(claims.SCRIPTS, "run")
LONG = 60

MAIN = """
#include <math.h>
#include <stdio.h>
#include "twice.h"
int main(int argc, char **argv)
{
    printf("%s %d %.3f\\n", argv[argc - 1], twice(VALUE), sqrt(2.0));
    return 0;
}
"""
TWICE = """
#include "twice.h"
int twice(int n) { return 2 * n; }
"""
FORK = """
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    int status;
    if (fork() == 0)
        _exit(7);
    wait(&status);
    printf("%d\\n", WEXITSTATUS(status));
}
"""


def write(directory, name, text):
    path = os.path.join(directory, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def cc(directory, *arguments, compiler=CC, **keywords):
    return subprocess.run([compiler, *arguments], cwd=directory, text=True,
                          stdin=subprocess.DEVNULL, check=False,
                          capture_output=True, **keywords)


def compile_all(directory, *arguments, **keywords):
    done = cc(directory, *arguments, **keywords)
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr


def guest(command, *options):
    done = subprocess.run([RUN, "--no-build", *options, "--batch", command],
                          stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=LONG, text=True, check=False)
    return done.returncode, done.stdout


def test_it_takes_what_cc_takes_in_any_directory_through_a_link():
    with tempfile.TemporaryDirectory(suffix=" with blanks") as top:
        os.symlink(CC, os.path.join(top, "tcc"))
        link = os.path.join(top, "tcc")
        write(top, "main.c", MAIN)
        write(top, "twice.c", TWICE)
        write(top, "headers/twice.h", "int twice(int);\n")
        # Step by step, with -D, -I, -c, -o, -g, -O and -l...
        compile_all(top, "-g", "-O2", "-Iheaders", "-DVALUE=21", "-c",
                    "main.c", compiler=link)
        compile_all(top, "-Iheaders", "-c", "twice.c", "-o", "other.o",
                    compiler=link)
        compile_all(top, "main.o", "other.o", "-lm", "-o", "steps",
                    compiler=link)
        program = os.path.join(top, "steps")
        assert guest("steps a", "--add", program) == (0, "a 42 1.414\n")
        # ...and all at once.
        compile_all(top, "-Iheaders", "-D", "VALUE=4", "main.c", "twice.c",
                    "-o", "once", "-lm", "-Wall", "-Wextra", "-Werror",
                    compiler=link)
        program = os.path.join(top, "once")
        assert guest("once b", "--add", program) == (0, "b 8 1.414\n")


def test_an_sdk_works_wherever_it_is_copied_to():
    with tempfile.TemporaryDirectory(suffix=" with blanks") as top:
        sdk = os.path.join(top, "my sdk")
        shutil.copytree(SDK, sdk, symlinks=True)
        write(top, "fork.c", FORK)
        compile_all(top, "-O2", "fork.c", "-o", "forks",
                    compiler=os.path.join(sdk, "bin", "tine-cc"))
        program = os.path.join(top, "forks")
        assert guest("forks", "--add", program) == (0, "7\n")


def test_mistakes_are_told_as_cc_tells_them():
    with tempfile.TemporaryDirectory() as top:
        write(top, "wrong.c", "int main(void) { return nonesuch; }\n")
        done = cc(top, "-c", "wrong.c")
        assert done.returncode != 0 and "nonesuch" in done.stderr
        done = cc(top, "missing.c")
        assert done.returncode != 0 and "missing.c" in done.stderr
        write(top, "undefined.c",
              "int nonesuch(void);\nint main(void) { return nonesuch(); }\n")
        done = cc(top, "undefined.c", "-o", "x")
        assert done.returncode != 0 and "nonesuch" in done.stderr
        assert not os.path.exists(os.path.join(top, "x"))
        done = cc(top, "wrong.c", env={**os.environ, "TINE_GCC": "no-gcc"})
        assert done.returncode == 127 and "no-gcc" in done.stderr


def test_a_library_is_made_where_a_path_has_blanks():
    with tempfile.TemporaryDirectory(suffix=" with: blanks") as top:
        write(top, "ours.c", "int raise(int n) { return n; }\n")
        compile_all(top, "-c", "ours.c")
        library = os.path.join(top, "libc.a")
        subprocess.run(
            [os.path.join(claims.TOP, "libc", "mklibc"),
             "riscv64-unknown-elf-", library,
             os.path.join(SDK, "lib", "libc.a"),
             os.path.join(top, "ours.o")], check=True)
        names = subprocess.run(
            ["riscv64-unknown-elf-nm", "-A", "-g", "--defined-only", library],
            capture_output=True, text=True, check=True).stdout.splitlines()
        found = [line for line in names if line.endswith(" T raise")]
        assert len(found) == 1 and "ours.o" in found[0], found


def defined():
    """Pairs of member and function of the C library."""
    lines = subprocess.run(
        ["riscv64-unknown-elf-nm", "-A", "-g", "--defined-only",
         os.path.join(SDK, "lib", "libc.a")],
        capture_output=True, text=True, check=True).stdout.splitlines()
    found = re.findall(r":([^:]+):\S+ T (\w+)$", "\n".join(lines), re.MULTILINE)
    assert len(found) > 500
    return found


def test_docs_status_lists_what_the_posix_layer_has_and_nothing_else():
    with open(os.path.join(claims.TOP, "docs", "status.md")) as file:
        text = file.read()
    words = set(re.findall(r"\w+", text))
    functions = defined()
    # picolibc's members end in .o; what begins so is not for programs.
    ours = {name for member, name in functions if member.endswith(".obj")
            and not re.match(r"__(tine|retarget)|(ipc|sys)_", name)}
    assert "fork" in ours and not ours - words, ours - words
    names = {name for _, name in functions}
    items = re.findall(r"^- ([^:]+): ((?:.+\n)(?:  .+\n)*)", text, re.MULTILINE)
    listed = [(name, state) for names_of, state in items
              for name in re.findall(r"`(\w+)`", names_of)]
    assert len(listed) > 300, len(listed)
    for name, state in listed:
        assert (name in names) == ("not exist" not in state), (name, state)


def test_the_examples_do_what_they_say():
    status, out = guest("primes 3 20000")
    assert status == 0 and out.endswith("2262 primes below 20000\n"), out
    for harts in ("1", "4"):
        status, out = guest("primes", "--smp", harts)
        assert status == 0 and out.count("worker ") == int(harts), out
    status, out = guest("buffer 3 5 500", "--smp", "4")
    assert status == 0 and "1500 items" in out, out
    status, out = guest("forktree 2")
    assert status == 0 and out.endswith("7 processes\n"), out
    status, out = guest("hello")
    assert status == 0 and out.endswith("The child said 42.\n"), out


if __name__ == "__main__":
    sys.exit(claims.main(sys.modules[__name__]))

# SPDX-License-Identifier: BSD-2-Clause
"""test_archive.py - boot archives as scripts/mkarchive writes them."""

import io
import os
import shutil
import subprocess
import sys
import tempfile

import claims
import newc

ENTRIES = [
    newc.Entry("boot/vmsrv", b"\x7fROOT" * 1000, 0o755),
    newc.Entry("/bin/empty", b"", 0o644),
    newc.Entry("sbin/init", b"x" * 4096, 0o700),
    newc.Entry("tiny", b"1", 0o755),
]


def written(entries):
    out = io.BytesIO()
    newc.write(out, entries)
    return out.getvalue()


def raises(error, function, *arguments):
    try:
        function(*arguments)
    except error:
        return
    raise AssertionError(f"{error.__name__} was not raised")


def mkarchive(*arguments):
    return subprocess.run(
        [sys.executable, "-B", os.path.join(claims.SCRIPTS, "mkarchive"),
         *arguments], capture_output=True, text=True, check=False)


def test_what_was_written_is_read_back():
    read = list(newc.parse(written(ENTRIES)))
    assert [(e.path, e.data, e.mode) for e in read] == \
        [(e.path, e.data, e.mode) for e in ENTRIES]


def test_data_starts_on_a_page_and_the_end_is_on_one():
    archive = written(ENTRIES)
    assert len(archive) % newc.PAGE == 0
    for entry in ENTRIES[:1] + ENTRIES[2:3]:
        assert archive.find(entry.data) % newc.PAGE == 0


def test_the_same_files_give_the_same_bytes():
    assert written(ENTRIES) == written(list(ENTRIES))


def test_a_later_entry_replaces_an_earlier_one_in_its_place():
    read = list(newc.parse(written(
        ENTRIES + [newc.Entry("bin/empty", b"full")])))
    assert [e.path for e in read] == [e.path for e in ENTRIES]
    assert read[1].data == b"full"


def test_the_root_task_has_to_come_first():
    raises(ValueError, written, ENTRIES[1:])
    raises(ValueError, written, [])


def test_paths_that_lead_elsewhere_are_refused():
    for path in ("", "/", "a//b", "../x", "a/./b"):
        raises(ValueError, newc.Entry, path, b"")


def test_cpio_reads_what_was_written():
    if not shutil.which("cpio"):
        raise claims.Skip("there is no cpio")
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(["cpio", "-idm", "--quiet"], input=written(ENTRIES),
                       cwd=directory, check=True)
        for entry in ENTRIES:
            with open(os.path.join(directory, entry.path), "rb") as file:
                assert file.read() == entry.data


def test_a_damaged_archive_is_refused():
    archive = written(ENTRIES)
    raises(ValueError, list, newc.parse(archive[1:]))
    raises(ValueError, list, newc.parse(archive[:8192]))
    raises(ValueError, list, newc.parse(b""))


def test_mkarchive_adds_to_an_archive_and_keeps_modes():
    with tempfile.TemporaryDirectory() as directory:
        file = os.path.join(directory, "file")
        first = os.path.join(directory, "first.cpio")
        second = os.path.join(directory, "second.cpio")
        with open(file, "w") as out:
            out.write("text")
        done = mkarchive("-o", first, f"boot/vmsrv={file}")
        assert done.returncode == 0, done.stderr
        done = mkarchive("-o", second, "--base", first,
                         f"etc/text={file}:640")
        assert done.returncode == 0, done.stderr
        read = newc.read(second)
        assert [(e.path, e.mode) for e in read] == \
            [("boot/vmsrv", 0o755), ("etc/text", 0o640)]


def test_mkarchive_says_what_is_wrong_and_leaves_no_file():
    with tempfile.TemporaryDirectory() as directory:
        out = os.path.join(directory, "out.cpio")
        for argument in ("boot/vmsrv", "boot/vmsrv=/nonexistent",
                         f"bin/x={__file__}"):
            done = mkarchive("-o", out, argument)
            assert done.returncode == 1
            assert done.stderr.startswith("mkarchive: ")
            assert not os.path.exists(out)


if __name__ == "__main__":
    sys.exit(claims.main(sys.modules[__name__]))

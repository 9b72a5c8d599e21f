# SPDX-License-Identifier: BSD-2-Clause
"""test_mkimage.py - disk images, and what U-Boot makes of them."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

import claims
import machine
import mkimage
import test_run

MKIMAGE = os.path.join(claims.SCRIPTS, "mkimage")
PATH = os.pathsep.join([os.environ["PATH"], "/usr/sbin", "/sbin"])
SPL = b"first stage" * 1000
LOADER = b"second stage" * 1000


def make(*arguments):
    """Run mkimage to its end; the status and what it said."""
    done = subprocess.run(
        [MKIMAGE, "--no-build", *arguments], check=False, text=True,
        stdin=subprocess.DEVNULL, capture_output=True)
    assert done.stdout == "", done
    return done.returncode, done.stderr


def made(directory, *arguments):
    """The path of a new image."""
    path = os.path.join(directory, "disk.img")
    result = make("--output", path, *arguments)
    assert result[0] == 0, result
    return path


def boot(image, *arguments):
    """Boot an image; the status, and what came after U-Boot's last words."""
    status, out, error = test_run.run(
        "--timeout", "100", "--image", image, *arguments)
    before, _, after = out.partition(b"Starting kernel ...")
    assert b"U-Boot" in before, (status, out, error)
    return status, after


def directory_with_firmware(directory, spl=SPL, loader=LOADER):
    firmware = os.path.join(directory, "firmware")
    os.makedirs(os.path.join(firmware, "spl"))
    for name, data in (("spl/u-boot-spl.bin", spl), ("u-boot.itb", loader)):
        with open(os.path.join(firmware, name), "wb") as file:
            file.write(data)
    return firmware


def partitions(image):
    """The partition table; an error if its check sums are wrong."""
    output = subprocess.run(
        [shutil.which("sfdisk", path=PATH), "--json", image],
        check=True, capture_output=True).stdout
    return json.loads(output)["partitiontable"]


def file_on(image, path):
    """A file's bytes, of the boot partition."""
    start = partitions(image)["partitions"][-1]["start"] * 512
    return subprocess.run(
        ["mtype", "-i", f"{image}@@{start}", "::/" + path],
        check=True, capture_output=True).stdout


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def test_u_boot_starts_the_program_and_its_status_comes_out():
    source = """
        #include <stdio.h>
        #include <sys/wait.h>
        #include <unistd.h>
        int main(int argc, char **argv)
        {
            int status;
            if (fork() == 0) {
                printf("child of %s\\n", argv[argc - 1]);
                return 40;
            }
            wait(&status);
            printf("parent\\n");
            return WEXITSTATUS(status) + argc;
        }"""
    with tempfile.TemporaryDirectory() as directory:
        program = test_run.compiled(directory, "forks", source)
        image = made(directory, "--add", program, "--batch", "forks a b=\"c\"")
        status, out = boot(image, "--smp", "4")
        assert status == 43, (status, out)
        assert out.endswith(b"child of b=\"c\"\nparent\n"), out
        assert b" of 4, " in out, out


def test_an_image_boots_to_the_prompt():
    with tempfile.TemporaryDirectory() as directory:
        terminal = test_run.Terminal("--image", made(directory))
        terminal.until(test_run.PROMPT)
        terminal.type(b"poweroff 5\r")
        terminal.end(5)


def test_a_device_tree_takes_the_place_of_u_boots():
    """Without Sstc in the tree the kernel uses the firmware's timer."""
    with tempfile.TemporaryDirectory() as directory:
        tree = os.path.join(directory, "virt.dtb")
        subprocess.run(
            [machine.QEMU, "-M", f"virt,dumpdtb={tree}", "-m", "256M",
             "-cpu", "rv64,sstc=off", "-display", "none"],
            check=True, capture_output=True)
        image = made(directory, "--device-tree", tree, "--batch", "true",
                     "--boot-arg", "noasid")
        assert file_on(image, "board.dtb") == contents(tree)
        status, out = boot(image)
        assert status == 0, (status, out)
        assert b" 0 ASID bits, SBI timer" in out, out


def test_u_boot_finds_what_the_build_made():
    with tempfile.TemporaryDirectory() as directory:
        image = made(directory, "--boot-arg", "noasid", "--batch", "echo a")
        assert file_on(image, "extlinux/extlinux.conf") == (
            b"default tine\nlabel tine\n\tkernel /tine\n"
            b"\tinitrd /boot.cpio\n\tappend noasid -- /bin/echo a\n")
        release = machine.build_directory("release")
        for name, built in (("tine", "tine.bin"), ("boot.cpio", "boot.cpio")):
            assert file_on(image, name) == \
                contents(os.path.join(release, built)), name


def test_sifives_boards_find_u_boot_where_they_look_for_it():
    for board in ("hifive-unleashed", "hifive-unmatched"):
        with tempfile.TemporaryDirectory() as directory:
            image = made(directory, "--platform", board, "--firmware",
                         directory_with_firmware(directory))
            first, second, boot_files = partitions(image)["partitions"]
            assert first["type"] == "5B193300-FC78-40CD-8002-E86C45580B47"
            assert second["type"] == "2E54B353-1271-4842-806F-E436D6AF6985"
            assert (first["start"], second["start"]) == (34, 2082)
            assert boot_files["attrs"] == "LegacyBIOSBootable"
            data = contents(image)
            assert data[34 * 512:].startswith(SPL)
            assert data[2082 * 512:].startswith(LOADER)
            # What emulates a card wants a power of two.
            assert len(data) & (len(data) - 1) == 0


def test_the_same_files_give_the_same_image():
    with tempfile.TemporaryDirectory() as directory:
        first = contents(made(directory))
        assert contents(made(directory)) == first
        assert contents(made(directory, "--boot-arg", "noasid")) != first


def test_large_files_make_a_larger_image():
    with tempfile.TemporaryDirectory() as directory:
        large = os.path.join(directory, "large")
        with open(large, "wb") as file:
            file.truncate(64 << 20)
        image = made(directory, "--add", large)
        assert os.path.getsize(image) == 256 << 20
        assert len(file_on(image, "boot.cpio")) > 64 << 20


def test_mistakes_are_explained_and_leave_nothing_behind():
    with tempfile.TemporaryDirectory() as directory:
        firmware = directory_with_firmware(
            directory, spl=b"x" * (2048 * 512 + 1))
        cases = [
            (["--nonsense"], 2, "--nonsense"),
            (["--platform", "pdp11"], 2, "hifive-unmatched"),
            (["--batch", " "], 2, "name of a program"),
            (["--batch", "nonesuch"], 127, "/bin/nonesuch"),
            (["--batch", "echo $x"], 2, "'$'"),
            (["--batch", "echo a\nb"], 2, "\\n"),
            (["--batch", "echo " + "x" * 255], 2, "too long"),
            (["--add", "/nonexistent"], 2, "No such file"),
            (["--device-tree", "/nonexistent"], 2, "No such file"),
            (["--device-tree", __file__], 2, "dtc"),
            (["--firmware", firmware], 2, "--platform"),
            (["--platform", "hifive-unmatched", "--firmware", "/nonexistent"],
             2, "u-boot-spl.bin"),
            (["--platform", "hifive-unmatched", "--firmware", firmware],
             2, "there is room for"),
            (["--output", "/dev/null"], 2, "not a file"),
            (["--output", "/nonexistent/image"], 125, "No such file"),
        ]
        before = sorted(os.listdir(directory))
        for arguments, status, text in cases:
            if "--output" not in arguments:
                arguments += ["--output", os.path.join(directory, "image")]
            result = make(*arguments)
            assert result[0] == status and text in result[1], \
                (arguments, result)
            assert sorted(os.listdir(directory)) == before, arguments


def test_a_longest_line_comes_through_u_boot():
    """One byte more is refused, so this one has to arrive whole."""
    prefix = "-- /bin/echo "
    word = "x" * (mkimage.APPEND_MAX - len(prefix))
    with tempfile.TemporaryDirectory() as directory:
        status, out = boot(made(directory, "--batch", "echo " + word))
        assert status == 0 and out.endswith(f"\n{word}\n".encode()), out


def test_an_image_that_cannot_be_written_leaves_the_old_one():
    """mformat refuses; the one that was there is as it was."""
    with tempfile.TemporaryDirectory() as directory:
        image = made(directory)
        before = contents(image)
        tools = os.path.join(directory, "tools")
        os.mkdir(tools)
        with open(os.path.join(tools, "mformat"), "w") as file:
            file.write("#!/bin/sh\necho out of order >&2; exit 1\n")
        os.chmod(file.name, 0o755)
        done = subprocess.run(
            [MKIMAGE, "--no-build", "--output", image], check=False,
            text=True, capture_output=True,
            env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"})
        assert done.returncode == 125 and "out of order" in done.stderr, done
        assert contents(image) == before
        assert sorted(os.listdir(directory)) == ["disk.img", "tools"]


def test_what_is_in_an_image_is_not_asked_for_beside_it():
    with tempfile.TemporaryDirectory() as directory:
        image = made(directory)
        for arguments, text in (
                (["--batch", "true"], "--batch"),
                (["--boot-arg", "noasid"], "--boot-arg"),
                (["--add", image], "--add"),
                (["--debug-build"], "--debug-build"),
                (["--platform", "hifive-unleashed"], "qemu-virt only")):
            test_run.expect(
                test_run.run("--image", image, *arguments), 2, b"", text)
    test_run.expect(test_run.run("--image", image), 2, b"", "no such file")


if __name__ == "__main__":
    sys.exit(claims.main(sys.modules[__name__]))

# SPDX-License-Identifier: BSD-2-Clause
"""test_port.py - a board that nobody wrote a line of C for; docs/porting.md."""

import os
import subprocess
import sys
import tempfile

import claims
import machine

TREE = os.path.join(claims.TOP, "tests", "tools", "icicle.dts")
# What the board has at least, and harts for the kernel.
MEMORY = "1537M"
HARTS = 4
LONG = 120


def boot(command):
    """Status, the kernel's log and what a program wrote, on all harts."""
    setup = machine.Setup("debug")
    marker = machine.new_marker()
    with tempfile.TemporaryDirectory() as directory:
        tree = os.path.join(directory, "tree.dtb")
        subprocess.run(["dtc", "-q", "-o", tree, TREE], check=True)
        report = os.path.join(directory, "report")
        qemu = [machine.QEMU, "-M", "microchip-icicle-kit",
                "-smp", str(HARTS + 1), "-m", MEMORY, "-dtb", tree,
                "-display", "none", "-no-reboot", "-nic", "none",
                "-chardev", f"file,id=log,path={report}",
                "-semihosting-config", "enable=on,target=native,chardev=log",
                "-serial", "stdio", "-monitor", "none",
                "-kernel", setup.kernel, "-initrd", setup.archive,
                "-append", f"marker={marker} semihosting -- {command}"]
        done = subprocess.run(qemu, check=False, timeout=LONG, text=True,
                              errors="replace", stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        with open(report) as file:
            assert not file.read(), done.stdout[-2000:]
    log, _, output = done.stdout.partition(marker)
    return done.returncode, log, output


def test_a_board_of_known_parts_needs_its_device_tree_alone():
    status, log, output = boot("/bin/primes 8 20000")
    assert status == 0, (status, log[-2000:], output)
    assert "1024 MiB of RAM" in log, log[-500:]
    # Not the one without an MMU.
    assert f" of {HARTS}, " in log, log[-500:]
    assert "2262 primes below 20000" in output, output


if __name__ == "__main__":
    sys.exit(claims.main(sys.modules[__name__]))

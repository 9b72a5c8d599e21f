# SPDX-License-Identifier: BSD-2-Clause
"""mkimage.py - what scripts/mkimage does once Python is there.

A disk image has a GPT partition table and a FAT file system with what U-Boot
looks for: extlinux/extlinux.conf, which names the kernel, the boot archive as
initrd and, if it has to be another than U-Boot's own, the device tree.  For
boards whose ROM takes U-Boot itself from the card there are two partitions
more.

The same files give the same image.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import uuid

import machine
import newc
import run

EPILOG = """\
exit status: 0; 125 when the system could not be built or the image not be
written; 127 when there is no such program; 2 for a wrong command line.

examples:
  scripts/mkimage && scripts/run --image build/tine.img
  scripts/mkimage --batch 'echo hello' --output hello.img
  scripts/mkimage --platform hifive-unmatched --firmware u-boot/
"""

SECTOR = 512
MIB = 1 << 20
# Room for the table and the boot loader, on all boards alike.
BOOT_START = 8 * MIB
# The copy of the table at the end, with a margin.
TABLE_ROOM = MIB
# Emulated cards have a power of two; FAT16 has to have enough clusters.
SIZE_MIN = 64 * MIB
# Data that any system can read; bootable for U-Boot, which else takes the
# first partition.
BOOT_TYPE = "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"
LABEL = "tine"

# Where the ROM and the first stage of SiFive's boards look (doc/board/sifive
# in U-Boot's source): file, partition type, first sector, sectors.
SIFIVE = (
    ("u-boot-spl.bin", "5B193300-FC78-40CD-8002-E86C45580B47", 34, 2048),
    ("u-boot.itb", "2E54B353-1271-4842-806F-E436D6AF6985", 2082, 8192),
)
# A board's partitions, and where Debian's u-boot-sifive has their contents.
FIRMWARE = {
    "qemu-virt": ((), None),
    "hifive-unleashed": (SIFIVE, "/usr/lib/u-boot/sifive_unleashed"),
    "hifive-unmatched": (SIFIVE, "/usr/lib/u-boot/sifive_unmatched"),
}
# So long a line has U-Boot's buffer, with a NUL (SYS_CBSIZE on the boards).
APPEND_MAX = 255
# What U-Boot's shell makes something else of.
APPEND_ODD = "$'\\"


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="scripts/mkimage", allow_abbrev=False, epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Write a disk image from which U-Boot starts Tine.")
    add = parser.add_argument
    add("--output", metavar="FILE",
        default=os.path.join(machine.TOP, "build", "tine.img"),
        help="the image (default: build/tine.img)")
    add("--batch", metavar="'PROGRAM ARGS'", type=run.command,
        help="have it run one program and power off")
    add("--platform", default="qemu-virt", choices=FIRMWARE,
        help="the board (default: qemu-virt, which also does for boards that"
        " have U-Boot in their flash)")
    add("--firmware", metavar="DIRECTORY",
        help="where the board's U-Boot is: u-boot-spl.bin and u-boot.itb"
        " (default: where Debian's u-boot-sifive puts it)")
    add("--device-tree", metavar="FILE",
        help="a device tree in place of U-Boot's")
    run.add_system(add)
    parser.set_defaults(archive=None)
    return parser.parse_args(arguments)


def contents(path, option):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise machine.Error(f"{option} {path}: {error.strerror}") from error


def loaders(options):
    """The boot loader's partitions: (type, start, sectors, bytes) each."""
    partitions, directory = FIRMWARE[options.platform]
    if options.firmware and not partitions:
        raise machine.Error(f"--firmware: {options.platform} takes none from"
                            " a disk; name a board with --platform")
    directory = options.firmware or directory
    result = []
    for name, kind, start, sectors in partitions:
        # U-Boot's own build has the first stage in a directory below.
        paths = [os.path.join(directory, name),
                 os.path.join(directory, "spl", name)]
        path = next(filter(os.path.exists, paths), None)
        if not path:
            raise machine.Error(
                f"{directory} has no {name}: build U-Boot, or unpack Debian's"
                " u-boot-sifive,\nand name the directory with --firmware"
                " (docs/boards.md)")
        data = contents(path, "--firmware")
        if not 0 < len(data) <= sectors * SECTOR:
            raise machine.Error(f"{path} has {len(data)} bytes; there is room"
                                f" for 1 to {sectors * SECTOR}")
        result.append((kind, start, sectors, data))
    return result


def device_tree(options):
    """The device tree's bytes, if one is named."""
    if not options.device_tree:
        return None
    data = contents(options.device_tree, "--device-tree")
    if data[:4] != b"\xd0\x0d\xfe\xed":
        raise machine.Error(f"--device-tree {options.device_tree}: not a"
                            " compiled device tree (dtc makes one)")
    return data


def boot_arguments(words, command):
    """The kernel's boot arguments, if they come through U-Boot unchanged."""
    text = " ".join([*words, "--", command] if command else words)
    odd = [c for c in text if c in APPEND_ODD or not c.isprintable()]
    if odd:
        raise machine.Error(f"U-Boot would change the {odd[0]!r} in '{text}'")
    if len(text.encode()) > APPEND_MAX:
        raise machine.Error(f"'{text}' is too long: U-Boot passes on no more"
                            f" than {APPEND_MAX} bytes")
    return text


def extlinux(arguments, tree):
    """What U-Boot reads to know what to load."""
    lines = ["default tine", "label tine", "\tkernel /tine",
             "\tinitrd /boot.cpio"]
    if tree:
        lines.append("\tfdt /board.dtb")
    if arguments:
        lines.append("\tappend " + arguments)
    return "\n".join(lines).encode() + b"\n"


def boot_files(options, additions, tree):
    """The boot partition's files, by path."""
    setup = machine.Setup("debug" if options.debug_build else "release")
    kernel = os.path.join(os.path.dirname(setup.kernel), "tine.bin")
    run.fill(setup, options, additions)
    files = {
        "tine": contents(kernel, "the kernel's image"),
        "boot.cpio": contents(setup.archive, "the boot archive"),
        "extlinux/extlinux.conf": extlinux(
            boot_arguments(setup.words + options.boot_arg, setup.command),
            tree),
    }
    if tree:
        files["board.dtb"] = tree
    return files


def tool(name, *arguments, **keywords):
    """Run a program that writes into the image."""
    # Not every user has the sbin directories in PATH.
    path = shutil.which(name, path=os.pathsep.join(
        [os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"]))
    if not path:
        raise machine.Error(f"there is no {name}; scripts/setup image"
                            " installs it", machine.FAILED)
    # The files' times are the beginning of FAT's time, everywhere.
    environment = dict(os.environ, SOURCE_DATE_EPOCH="315532800", TZ="UTC",
                       LC_ALL="C")
    done = subprocess.run([path, *arguments], env=environment, text=True,
                          check=False, capture_output=True, **keywords)
    if done.returncode:
        raise machine.Error(f"{name} failed:\n{done.stderr.rstrip()}",
                            machine.FAILED)


def identifier(digest, what):
    """A UUID that is as good as random, but follows from the contents."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"tine {digest} {what}")


def digest_of(files, firmware):
    whole = hashlib.sha256()
    for path, data in sorted(files.items()):
        whole.update(path.encode() + b"\0" + hashlib.sha256(data).digest())
    for kind, _, _, data in firmware:
        whole.update(kind.encode() + hashlib.sha256(data).digest())
    return whole.hexdigest()


def size_for(files):
    """The image's size: a power of two with room to replace a file."""
    needed = BOOT_START + 2 * sum(map(len, files.values())) + TABLE_ROOM
    size = SIZE_MIN
    while size < needed:
        size *= 2
    return size


def partition_table(size, firmware, digest):
    """sfdisk's input."""
    boot_sectors = (size - BOOT_START - TABLE_ROOM) // SECTOR
    lines = ["label: gpt", "first-lba: 34",
             f"label-id: {identifier(digest, 'disk')}"]
    rows = [(kind, start, sectors, "loader", "")
            for kind, start, sectors, _ in firmware]
    rows.append((BOOT_TYPE, BOOT_START // SECTOR, boot_sectors, LABEL,
                 ", attrs=LegacyBIOSBootable"))
    for kind, start, sectors, name, more in rows:
        lines.append(f"start={start}, size={sectors}, type={kind},"
                     f" uuid={identifier(digest, start)}, name={name}{more}")
    return "\n".join(lines) + "\n", boot_sectors


def write_files(image, files):
    """Copy files into the image's file system."""
    with tempfile.TemporaryDirectory() as directory:
        for path, data in files.items():
            whole = os.path.join(directory, path)
            os.makedirs(os.path.dirname(whole), exist_ok=True)
            with open(whole, "wb") as file:
                file.write(data)
        tops = sorted({path.split("/")[0] for path in files})
        tool("mcopy", "-s", "-i", f"{image}@@{BOOT_START}",
             *[os.path.join(directory, top) for top in tops], "::/")


def write_image(image, files, firmware):
    digest = digest_of(files, firmware)
    size = size_for(files)
    with open(image, "wb") as file:
        file.truncate(size)
    table, sectors = partition_table(size, firmware, digest)
    tool("sfdisk", "--quiet", image, input=table)
    tool("mformat", "-i", f"{image}@@{BOOT_START}", "-T", str(sectors),
         "-h", "64", "-s", "32", "-H", str(BOOT_START // SECTOR),
         "-v", LABEL.upper(), "-N", digest[:8], "::")
    write_files(image, files)
    with open(image, "r+b") as file:
        for _, start, _, data in firmware:
            file.seek(start * SECTOR)
            file.write(data)


def make(options):
    output = options.output
    if os.path.exists(output) and not os.path.isfile(output):
        raise machine.Error(f"{output} is not a file; docs/boards.md says how"
                            " an image gets onto a card")
    firmware = loaders(options)
    tree = device_tree(options)
    additions = [run.added(text) for text in options.add]
    if not options.no_build:
        machine.build("--debug" if options.debug_build else "--release")
    files = boot_files(options, additions, tree)
    # mtools would take a relative name with a colon for a drive.
    partial = os.path.abspath(output) + ".new"
    try:
        write_image(partial, files, firmware)
        os.replace(partial, output)
    except OSError as error:
        raise machine.Error(f"{output}: {error.strerror}",
                            machine.FAILED) from error
    finally:
        if os.path.exists(partial):
            os.remove(partial)
    print(f"mkimage: {os.path.relpath(output)}, "
          f"{os.path.getsize(output) // MIB} MiB", file=sys.stderr)
    return 0


def main():
    options = parse(sys.argv[1:])
    machine.interruptible()
    try:
        return make(options)
    except machine.Error as error:
        print(f"mkimage: {error}", file=sys.stderr)
        return error.status
    except machine.Interrupted as error:
        return error.status


if __name__ == "__main__":
    sys.exit(main())

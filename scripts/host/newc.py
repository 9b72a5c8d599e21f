# SPDX-License-Identifier: BSD-2-Clause
"""newc.py - boot archives: read them, write them.

A boot archive is in cpio's "newc" format.  File data starts on a page
boundary, so that pages can be mapped where they lie: the name is padded with
NULs, which its size counts and other readers ignore.
"""

import stat

PAGE = 4096
MAGIC = b"070701"
HEADER = 110
TRAILER = "TRAILER!!!"
ROOT_TASK = "boot/vmsrv"


class Entry:
    """A file of an archive."""

    def __init__(self, path, data, mode=0o755):
        self.path = clean(path)
        self.data = data
        self.mode = mode


def clean(path):
    """A path without its leading slash; ValueError if it is a strange one."""
    result = path.strip("/")
    if {"", ".", ".."} & set(result.split("/")):
        raise ValueError(f"'{path}' is not a plain path")
    return result


def padding(length, unit):
    """How many bytes bring a length to a multiple of the unit."""
    return -length % unit


def header(inode, mode, size, namesize):
    """A header; all that differs from build to build is 0."""
    fields = (inode, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, namesize, 0)
    return MAGIC + b"".join(b"%08x" % field for field in fields)


def member(offset, inode, path, mode, data, unit):
    """The bytes of one entry at an offset; its data is on a multiple of unit."""
    name = path.encode() + b"\0"
    name += b"\0" * padding(offset + HEADER + len(name), unit)
    body = header(inode, mode, len(data), len(name)) + name + data
    return body + b"\0" * padding(offset + len(body), 4)


def write(out, entries):
    """Write an archive to a binary file; the root task has to come first."""
    # A later entry with the path of an earlier one takes its place.
    entries = list({entry.path: entry for entry in entries}.values())
    if not entries or entries[0].path != ROOT_TASK:
        raise ValueError(f"the first entry must be {ROOT_TASK}")
    offset = 0
    for inode, entry in enumerate(entries):
        mode = stat.S_IFREG | entry.mode
        offset += out.write(member(
            offset, inode, entry.path, mode, entry.data, PAGE))
    offset += out.write(member(offset, 0, TRAILER, 0, b"", 4))
    out.write(b"\0" * padding(offset, PAGE))


def parse(archive):
    """The entries of an archive's bytes."""
    offset = 0
    while True:
        if archive[offset:offset + len(MAGIC)] != MAGIC:
            raise ValueError(f"not a newc header at offset {offset}")
        text = archive[offset + len(MAGIC):offset + HEADER]
        fields = [int(text[i:i + 8], 16) for i in range(0, len(text), 8)]
        mode, size, namesize = fields[1], fields[6], fields[11]
        offset += HEADER
        name = archive[offset:offset + namesize].split(b"\0")[0].decode()
        offset += namesize + padding(offset + namesize, 4)
        if name == TRAILER:
            return
        if stat.S_ISREG(mode):
            data = archive[offset:offset + size]
            yield Entry(name, data, stat.S_IMODE(mode))
        offset += size + padding(offset + size, 4)


def read(path):
    """The entries of an archive in a file."""
    with open(path, "rb") as file:
        return list(parse(file.read()))

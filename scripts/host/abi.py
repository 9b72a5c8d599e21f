# SPDX-License-Identifier: BSD-2-Clause
"""abi.py - docs/abi.md, made of the definitions of calls and requests."""

import os
import re

import definitions
import machine

OUT = os.path.join(machine.TOP, "docs", "abi.md")
ABI = "kernel/abi"
IPC = "libipc/include/ipc"
SERVERS = (("proc", "procsrv", "processes, signals, time, threads"),
           ("vm", "vmsrv", "memory"),
           ("tty", "ttysrv", "the console"))

INTRODUCTION = """\
# The ABI

`scripts/document` makes this page from `kernel/abi/` and `libipc/include/ipc/`,
where all of it is written; a test fails when the two differ. So do not edit
it: edit the definition, or the comment in it.

- [Messages](#messages): what is in which register
- [Kernel calls](#kernel-calls), [errors](#errors) and [numbers](#numbers)
- What the servers can be asked: [procsrv](#procsrv), [vmsrv](#vmsrv),
  [ttysrv](#ttysrv)

A program need not know any of it: the C library does. Calls of the kernel that
need a right are for servers, since the one capability space that all programs
share holds only what is in `enum user_slot` below. The ABI may change from
version to version; CHANGELOG.md says when. A number is never used again.
"""

SENDERS = {
    "BY_THREAD": "any process",
    "BY_SPACE": "any process",
    "BY_SERVER": "any server",
    "BY_BADGE(BADGE_PROC)": "procsrv",
    "BY_BADGE(BADGE_TTY)": "ttysrv",
    "BY_FORWARD(BADGE_VM)": "vmsrv, which hands a caller on",
}
WINDOWS = {
    "WINDOW_IN": "a window that the server reads",
    "WINDOW_OUT": "a window that the server writes",
}


def path(*parts):
    return os.path.join(machine.TOP, *parts)


def escaped(text):
    """For a cell of a table, or a line of text."""
    text = re.sub(r"([*<>|])", r"\\\1", text)
    # What is a name in C is set as such.
    return re.sub(r"(?<![\w`])((?:enum |struct )?\w*_\w*(?:\(\))?"
                  r"(?:\\\*)?)(?![\w`])",
                  lambda match: "`" + match[1].replace("\\", "") + "`", text)


def block(text):
    return "".join(f"    {line}".rstrip() + "\n" for line in text.splitlines())


def parts(items):
    """The items of each part, in order."""
    order = []
    for item in items:
        if not order or order[-1][0] != item.part:
            order.append((item.part, []))
        order[-1][1].append(item)
    return order


def described(file):
    """The items; each has to be explained, and its number to be new."""
    seen = {}
    for item in file.items:
        where = f"{os.path.relpath(file.path, machine.TOP)}: {item.called()}"
        if item.name != "GONE" and not item.comment:
            raise machine.Error(f"{where}: no comment says what it does")
        if item.number() in seen:
            raise machine.Error(f"{where} has the number of"
                                f" {seen[item.number()]}")
        seen[item.number()] = item.called()
    return [item for item in file.items if item.name != "GONE"]


def authority(item):
    if item.name == "IPC":
        return "–"
    right, kind = (re.sub(r"^(RIGHT|KIND)_", "", each)
                   for each in item.arguments[2:4])
    return "–" if right == "0" else f"{right} of {kind}"


def heading(part):
    """A part's title and what else its comment says."""
    title, _, rest = part.partition(". ")
    text = f"### {title.rstrip('.')}\n\n"
    return text + (escaped(rest) + "\n\n" if rest else "")


def call_text(item):
    arguments = item.arguments[4] if item.name == "SYSCALL" else ""
    return (f"| {item.number()} | `{item.called()}{arguments}`"
            f" | {authority(item)} | {escaped(item.comment)} |\n")


def kernel_text():
    file = definitions.File(path(ABI, "syscalls.def"))
    text = "## Kernel calls\n\n" + block(file.header) + "\n"
    for part, items in parts(described(file)):
        text += heading(part)
        text += "| number | call | needs | what it does |\n|--:|---|---|---|\n"
        text += "".join(call_text(item) for item in items) + "\n"
    return text


def errors_text():
    file = definitions.File(path(ABI, "errors.def"))
    text = "## Errors\n\n" + block(file.header) + "\n"
    text += "| error | number | |\n|---|--:|---|\n"
    for item in file.items:
        name, number, words = item.arguments
        text += f"| {name} | {number} | {words} |\n"
    return text + "\n"


def numbers_text(title, directory, *headers):
    text = f"### {title}\n\n| name | value | |\n|---|---|---|\n"
    for header in headers:
        for name, value, comment in definitions.constants(
                path(directory, header)):
            value = re.sub(r"\b(\w+?)u?l?\b", r"\1", value)
            value = value.replace("|", "\\|")
            # What the generator of stubs is told is no number.
            if not name.startswith("IPC_"):
                text += f"| `{name}` | `{value}` | {escaped(comment)} |\n"
    return text + "\n"


def messages_text():
    return ("## Messages\n\n"
            + block(definitions.header_comment(path(ABI, "msg.h"))) + "\n"
            + block(definitions.header_comment(path(ABI, "types.h"))) + "\n")


def fields_text(what, fields):
    if not fields:
        return f"- {what}: nothing\n"
    text = f"- {what}:\n"
    for field in fields:
        text += f"  - `{field.type} {field.name}`"
        text += f": {escaped(field.comment)}\n" if field.comment else "\n"
    return text


def request_text(protocol, item):
    window = item.name == "CALL_WINDOW"
    senders = [SENDERS[each.strip()] for each in item.arguments[2].split("|")]
    text = f"#### {item.number()}: `{protocol}_{item.called()}`\n\n"
    text += escaped(item.comment) + "\n\n"
    text += f"- by {' or '.join(senders)}"
    text += f", with {WINDOWS[item.arguments[3]]}\n" if window else "\n"
    first = 4 if window else 3
    text += fields_text("request", item.fields.get(first))
    return text + fields_text("reply", item.fields.get(first + 1)) + "\n"


def server_text(protocol, server, subject):
    file = definitions.File(path(IPC, protocol + ".def"))
    about = file.header.partition("\n")[2].strip()
    text = f"## {server}\n\nFor {subject}; `{IPC}/{protocol}.def`.\n\n"
    if about:
        text += block(about) + "\n"
    for part, items in parts(described(file)):
        if part:
            text += heading(part)
        text += "".join(request_text(protocol, item) for item in items)
    numbers = numbers_text(f"Numbers of {server}", IPC, protocol + ".h")
    return text + (numbers if numbers.count("\n") > 5 else "")


def generate():
    """The text of docs/abi.md."""
    text = INTRODUCTION + "\n" + messages_text() + kernel_text() + errors_text()
    text += "## Numbers\n\nThose of the kernel.\n\n"
    text += numbers_text("Objects, rights and sizes", ABI, "types.h")
    text += numbers_text("Messages and those who send them", ABI, "msg.h")
    text += numbers_text("Pages, threads, counters", ABI, "page.h")
    text += numbers_text("Slots, badges, priorities", IPC, "slots.h")
    text += numbers_text("The boot", ABI, "boot.h")
    for server in SERVERS:
        text += server_text(*server)
    return text.rstrip("\n") + "\n"

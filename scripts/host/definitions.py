# SPDX-License-Identifier: BSD-2-Clause
"""definitions.py - what the .def files define, and the comments in them say.

A file is a list of items such as CALL(1, fork, BY_THREAD, ...).  The comment
right before an item is what is said of it; one with a blank line after it
begins a part; the one with the file's name in it is what is said of the whole.
A comment within an item, or behind it on its line, belongs to the FIELD before.
"""

import os
import re

TOKEN = re.compile(
    r"/\*(?P<comment>.*?)\*/|\"(?P<string>[^\"]*)\"|(?P<word>\w+)"
    r"|(?P<mark>[(),])|(?P<blank>\n[ \t]*\n)|(?P<other>\s|.)", re.DOTALL)


class Item:
    """One use of a macro: NAME(arguments); fields by the argument's place."""

    def __init__(self, name, part, comment):
        self.name = name
        self.part = part
        self.comment = comment
        self.arguments = [""]
        self.fields = {}

    def number(self):
        return int(self.arguments[0])

    def called(self):
        return self.arguments[1]


class Field:
    def __init__(self, words):
        self.type, self.name = (word.strip() for word in words.split(",", 1))
        self.comment = ""

    def add(self, comment):
        self.comment = " ".join([self.comment, paragraph(comment)]).strip()


def plain(comment):
    """A comment's text without the stars, blank lines kept."""
    lines = [re.sub(r"^\s*\* ?", "", line).rstrip()
             for line in comment.strip().splitlines()]
    return "\n".join(lines).strip("\n").rstrip()


def paragraph(comment):
    """The same as one line."""
    return " ".join(plain(comment).split())


def tokens(text):
    for match in TOKEN.finditer(text):
        yield match.lastgroup, match[match.lastgroup]


class File:
    """The items of a definition, in order, and what is said of the whole."""

    def __init__(self, path):
        self.path = path
        self.header = ""
        self.items = []
        self.part = ""
        with open(path) as file:
            self.read(tokens(file.read()))

    def read(self, stream):
        comment, last = "", None
        for kind, text in stream:
            if kind == "comment" and text.lstrip().startswith("SPDX"):
                continue
            if kind == "comment" and last:
                last.add(text)
            elif kind == "comment" and os.path.basename(self.path) in text:
                self.header = plain(text)
            elif kind == "comment":
                comment = text
            elif kind == "blank" and comment:
                self.part, comment = paragraph(comment), ""
            elif kind == "word":
                item = Item(text, self.part, paragraph(comment))
                last = self.fill(item, stream)
                self.items.append(item)
                comment = ""
            if "\n" in text:
                last = None

    def fill(self, item, stream):
        """An item's arguments, up to its last parenthesis; its last field."""
        depth, field, last = 0, None, None
        for kind, text in stream:
            if kind == "comment":
                last.add(text)
                continue
            if text == "FIELD" and depth == 1:
                field = ""
                continue
            depth += {"(": 1, ")": -1}.get(text, 0)
            if depth == 0:
                break
            if text == "(" and depth == (1 if field is None else 2):
                continue
            if field is not None and text == ")" and depth == 1:
                last, field = Field(field), None
                item.fields.setdefault(
                    len(item.arguments) - 1, []).append(last)
            elif field is not None:
                field += text
            elif text == "," and depth == 1:
                item.arguments.append("")
            else:
                item.arguments[-1] += text
        item.arguments = [" ".join(each.split()) for each in item.arguments]
        return last


# Enumerators, and macros that are numbers, of a header.
CONSTANT = re.compile(
    r"^(?:#define (?P<macro>[A-Z]\w*)(?= )|\t(?P<name>[A-Z]\w*) =)"
    r" (?P<value>[^/\n]*?),?[ \t]*(?:/\*(?P<comment>.*?)\*/)?$",
    re.MULTILINE | re.DOTALL)


def constants(path):
    """Name, value and comment of each number that a header defines."""
    with open(path) as file:
        text = file.read()
    for match in CONSTANT.finditer(text):
        yield (match["macro"] or match["name"], match["value"].strip(),
               paragraph(match["comment"] or ""))


def header_comment(path):
    """The comment that a header begins with, after its licence."""
    with open(path) as file:
        comments = re.findall(r"/\*(.*?)\*/", file.read(), re.DOTALL)
    return plain(comments[1])

"""The table of languages: nothing else decides what language a file is written in."""

from __future__ import annotations

import re
from typing import NamedTuple


class Language(NamedTuple):
    """One row of the table."""

    name: str
    """As pages and JSON write it."""
    suffixes: tuple[str, ...] = ()
    """With the dot; tried as written first, then in lower case, the longest first (`.d.ts` before `.ts`)."""
    names: tuple[str, ...] = ()
    """Whole file names: `Makefile`."""
    interpreters: tuple[str, ...] = ()
    """Programs after `#!`, without folder and version: `python` stands for `/usr/bin/python3.12`."""
    fence: str = ""
    """The word after the backticks of a Markdown fence."""
    analyser: str = ""
    """Key of the analyser that reads it."""
    cookie: bool = False
    """Whether a `coding:` comment on line 1 or 2 names the encoding (PEP 263)."""


LANGUAGES: tuple[Language, ...] = (
    Language(
        "Python",
        suffixes=(".py", ".pyi", ".pyw"),
        interpreters=("python", "pypy", "uv"),
        fence="python",
        analyser="python",
        cookie=True,
    ),
)

BY_NAME = {row.name: row for row in LANGUAGES}
_BY_SUFFIX = {suffix: row for row in LANGUAGES for suffix in row.suffixes}
_BY_FILE_NAME = {name: row for row in LANGUAGES for name in row.names}
_BY_INTERPRETER = {program: row for row in LANGUAGES for program in row.interpreters}

_CELL = re.compile(r"In\[\d+\]")
_SHEBANG = re.compile(rb"(?:\xef\xbb\xbf)?#![ \t]*([^\r\n]*)")
_LONG_SHEBANG = re.compile(rb"#!/bin/sh\n'''exec' [^\n]*python")
"""What pip writes where the path is too long for the kernel."""
_VERSION = re.compile(r"[\d.]*(?:\.exe)?$")


def language_of(path: str, head: bytes | None = None) -> Language | None:
    """The language of a file by its name; by its first bytes, where the name has no suffix and *head* is given."""
    name = path.rpartition("/")[2]
    row = _BY_FILE_NAME.get(name) or _by_suffix(name)
    if row is None and head is not None and may_be_script(name):
        row = _by_shebang(head)
    if row is None and _CELL.fullmatch(path):  # what the magics read was typed into a Python kernel
        row = BY_NAME["Python"]
    return row


def may_be_script(name: str) -> bool:
    """Whether only the first line of a file of this name can tell its language."""
    return "." not in name and name not in _BY_FILE_NAME


def _by_suffix(name: str) -> Language | None:
    dot = name.find(".", 1)  # from 1: `.py` is a hidden file without a suffix
    while dot > 0:
        suffix = name[dot:]
        if row := _BY_SUFFIX.get(suffix) or _BY_SUFFIX.get(suffix.lower()):
            return row
        dot = name.find(".", dot + 1)
    return None


def _by_shebang(head: bytes) -> Language | None:
    match = _SHEBANG.match(head)
    if match is None:
        return None
    if _LONG_SHEBANG.match(head):
        return _BY_INTERPRETER.get("python")
    words = match[1].decode("utf-8", "replace").replace("\\", "/").split()
    if words and words[0].endswith("/env"):  # `env -S VAR=1 python3 -u`
        words = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    program = words[0].rpartition("/")[2] if words else ""
    return _BY_INTERPRETER.get(_VERSION.sub("", program))

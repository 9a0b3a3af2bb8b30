"""`objects.inv`: the names of a site for the cross-references of others, in version 2 of the format of Sphinx.

A line is `name domain:role priority URI display name`; the name may not hold what could be taken for the rest.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kwmagic.anchors import quoted
from kwmagic.kinds import TYPES
from kwmagic.mdtext import one_line
from kwmagic.model import FILE, Kind, Symbol

_PYTHON = {
    Kind.FUNCTION: "py:function",
    Kind.METHOD: "py:method",
    Kind.PROPERTY: "py:property",
    Kind.ATTRIBUTE: "py:attribute",
    Kind.CONSTANT: "py:data",
    Kind.VARIABLE: "py:data",
    Kind.TYPE_ALIAS: "py:type",
} | dict.fromkeys(TYPES, "py:class")
_C = {
    Kind.FUNCTION: "c:function",
    Kind.STRUCT: "c:struct",
    Kind.UNION: "c:union",
    Kind.ENUM: "c:enum",
    Kind.ENUMERATOR: "c:enumerator",
    Kind.TYPEDEF: "c:type",
    Kind.VARIABLE: "c:var",
    Kind.CONSTANT: "c:var",
    Kind.FIELD: "c:member",
    Kind.MACRO: "c:macro",
}
_CPP = {
    Kind.CLASS: "cpp:class",
    Kind.STRUCT: "cpp:class",
    Kind.UNION: "cpp:union",
    Kind.CONCEPT: "cpp:concept",
    Kind.ENUM: "cpp:enum",
    Kind.ENUMERATOR: "cpp:enumerator",
    Kind.FUNCTION: "cpp:function",
    Kind.KERNEL: "cpp:function",
    Kind.METHOD: "cpp:function",
    Kind.CONSTRUCTOR: "cpp:function",
    Kind.TYPEDEF: "cpp:type",
    Kind.TYPE_ALIAS: "cpp:type",
    Kind.VARIABLE: "cpp:member",
    Kind.CONSTANT: "cpp:member",
    Kind.FIELD: "cpp:member",
    Kind.MACRO: "c:macro",
}
_ROLES: dict[str, dict[Kind, str]] = {"Python": _PYTHON, "Cython": _PYTHON, "C": _C} | dict.fromkeys(
    ("C++", "C/C++ header", "CUDA", "HIP", "Metal", "Objective-C++"), _CPP
)
"""Language -> kind -> role; names of other languages have no domain."""
_EXCEPTION = re.compile(
    "(?:Base)?Exception(?:Group)?|GeneratorExit|KeyboardInterrupt|Stop(?:Async)?Iteration|SystemExit"
    "|(?:(?:Bytes|Deprecation|Encoding|Future|Import|PendingDeprecation|Resource|Runtime|Syntax|Unicode|User)?Warning)"
    "|(?:Arithmetic|Assertion|Attribute|BlockingIO|BrokenPipe|Buffer|ChildProcess|Connection|ConnectionAborted"
    "|ConnectionRefused|ConnectionReset|EOF|Environment|FileExists|FileNotFound|FloatingPoint|IO|Import|Indentation"
    "|Index|Interrupted|IsADirectory|Key|Lookup|Memory|ModuleNotFound|Name|NotADirectory|NotImplemented|OS|Overflow"
    "|Permission|ProcessLookup|Recursion|Reference|Runtime|Syntax|System|Tab|Timeout|Type|UnboundLocal|Unicode"
    "|UnicodeDecode|UnicodeEncode|UnicodeTranslate|Value|ZeroDivision)Error"
)
"""The exceptions built into every Python that kwmagic runs on, so that all of them write the same."""
_C_NAME = re.compile(r"[A-Za-z_]\w*(?:::~?[A-Za-z_]\w*)*", re.ASCII)


class File(NamedTuple):
    """One source file, as its lines name it."""

    path: str
    language: str
    module: str
    """Dotted name; "" where it is no Python module."""
    page: str
    """Its documentation page, from the top of the output."""


def of_file(file: File, symbols: Iterable[tuple[Symbol, str]], target: str) -> list[str]:
    """The lines of a file's documentation page and of what is defined on it; symbols with their anchors."""
    lines = list(of_page(file.page, file.path, target))
    url = address(file.page, target)
    seen: set[str] = set()
    for symbol, anchor in symbols:
        if symbol.kind == Kind.HEADING and anchor:
            lines += _of_heading(file, symbol, f"{url}#{anchor}")
        name, role = _named(file, symbol)
        start = f"{name} {role}"
        if name and start not in seen:
            seen.add(start)
            lines.append(f"{start} 1 {url}#{anchor} -" if anchor else f"{start} 1 {url} -")
    return lines


def of_page(page: str, title: str, target: str) -> Iterator[str]:
    """The line of any page; *title* is text."""
    name = page.rpartition(".")[0]
    yield f"{name if _is_plain(name) else quoted(name)} std:doc -1 {address(page, target)} {_shown(title)}"


def address(page: str, target: str) -> str:
    """Where a page is once *target*, of `options.FORMATS`, is built; as part of a URL."""
    url = quoted(page)
    if target == "markdown":
        return url
    return f"{url.removesuffix('.md')}.html"


def inventory(project: str, version: str, lines: Iterable[str]) -> bytes:
    """The whole file. Lines in any order; of those for one name and role the first by its address stays."""
    known: dict[tuple[str, str], str] = {}
    for line in sorted(lines, key=_address):
        name, role, _ = line.split(" ", 2)
        known.setdefault((name, role), line)
    body = "".join(f"{line}\n" for line in known.values())
    head = (
        "# Sphinx inventory version 2\n"
        f"# Project: {one_line(project)}\n"
        f"# Version: {one_line(version)}\n"
        "# The remainder of this file is compressed using zlib.\n"
    )
    return head.encode() + zlib.compress(body.encode())


def _address(line: str) -> tuple[str, str]:
    return line.split(" ", 4)[3], line


def _named(file: File, symbol: Symbol) -> tuple[str, str]:
    """The name and role of a symbol; no name where others can't refer to it or it could be taken for another."""
    roles = _ROLES.get(file.language, {})
    if roles is _PYTHON:
        return _python(file, symbol)
    role = roles.get(Kind(symbol.kind), "")
    return (symbol.qualname if role and _C_NAME.fullmatch(symbol.qualname) else "", role)


def _python(file: File, symbol: Symbol) -> tuple[str, str]:
    if not file.module or not all(map(str.isidentifier, file.module.split("."))):
        return "", ""
    if FILE in symbol.flags:
        return file.module, "py:module"
    role = _PYTHON.get(Kind(symbol.kind), "")
    if not role or not all(map(str.isidentifier, symbol.qualname.split("."))):
        return "", ""  # `<locals>` is in the name of what nobody outside can name
    if role == "py:class" and any(map(_EXCEPTION.fullmatch, symbol.bases)):
        role = "py:exception"
    return f"{file.module}.{symbol.qualname}", role


def _of_heading(file: File, symbol: Symbol, url: str) -> Iterator[str]:
    """A label made of the path and the heading's anchor, since every README has a heading `Usage`."""
    name = f"{file.path}:{url.rpartition('#')[2].split('-', 2)[2]}"
    if _is_plain(name) and not name.endswith(":"):
        yield f"{name} std:label -1 {url} {_shown(symbol.name)}"


def _shown(title: str) -> str:
    return one_line(title).strip() or "-"


def _is_plain(name: str) -> bool:
    """Whether a name is one word in an inventory."""
    return name.isprintable() and " " not in name

"""What a Python file is for, from signals that are exact; each comes with the line it stands on (0: the whole file)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from kwmagic.analysers.python_detail import Detail
from kwmagic.languages import BY_NAME, GENERIC
from kwmagic.model import FILE, FileFacts, Kind, Symbol
from kwmagic.provenance import generated

TEST_PATH = re.compile(r"(?:^|/)(?P<folder>tests?|testing)/|(?:^|/)(?:test_[^/]*|[^/]*_test|tests)\.py$")
PLACES = re.compile(
    r"(?:^|/)(_vendor|vendor|third_party|_vendored|examples?|demos?|tutorials?|benchmarks?)/(?:.*/)?[^/]+$"
)
_ERRORS = re.compile(r"(?:Exception|Error|Warning)$")
_NO_ARGUMENT = re.compile(r"\(\w+\)")
"""The signature of a method that is given nothing but its object."""
_ENUMS = {"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"}
_FUNCTIONS = (Kind.FUNCTION, Kind.METHOD, Kind.PROPERTY)


class Signal(NamedTuple):
    """One statement about a file."""

    text: str
    line: int


def signals(facts: FileFacts, detail: Detail, text: str) -> list[Signal]:
    """All that is surely true of a file's purpose, most telling first; often nothing."""
    top = [symbol for symbol in facts.symbols if symbol.qualname == symbol.name and FILE not in symbol.flags]
    return [
        *_generated(facts, text),
        *_test(facts),
        *_package(facts, detail, top),
        *_content(facts, detail, top),
        *_script(facts, detail),
        *_place(facts.path),
    ]


def _generated(facts: FileFacts, text: str) -> Iterator[Signal]:
    if found := generated(text, BY_NAME.get(facts.language, GENERIC)):
        yield Signal(f"Generated file, by its header comment: {found.text}", found.line)
    if "minified" in facts.flags:
        yield Signal("Minified: written for machines.", 0)


_NO_COMMENT = re.compile(
    r"copyright|licen[sc]e|spdx|all rights reserved|-\*-|coding[:=]|^#!|\bowners?\b"
    r"|\b(?:mypy|ruff|pylint|flake8|type|isort|yapf|fmt): ?",
    re.IGNORECASE,
)


def header_comment(text: str) -> str:
    """The comment block at the top of a file, where it stands alone and tells neither of law nor of tools."""
    lines = text.split("\n", 60)[:60]
    while lines and (lines[0].startswith("#!") or "coding" in lines[0] or not lines[0].strip()):
        lines.pop(0)
    block = []
    for line in lines:
        if not line.startswith("#"):
            break
        block.append(line)
    stands_alone = len(block) == len(lines) or not lines[len(block)].strip()
    comment = "\n".join(line.lstrip("#").removeprefix(" ").rstrip() for line in block).strip()
    is_telling = stands_alone and 15 <= len(comment) <= 400 and not any(map(_NO_COMMENT.search, block))
    return comment if is_telling else ""


def _test(facts: FileFacts) -> Iterator[Signal]:
    found = TEST_PATH.search(facts.path)
    if not found:
        return
    functions, methods = tests_in(facts)
    if functions or methods:
        counts = [count(len(functions), "test function"), count(len(methods), "test method")]
        first = min(symbol.line for symbol in (*functions, *methods))
        yield Signal(f"Test module: {', '.join(part for part in counts if part)}.", first)
    elif found["folder"] and facts.path.rpartition("/")[2] != "__init__.py":
        yield Signal(f"In a directory named `{found['folder']}`, without tests of its own.", 0)


def tests_in(facts: FileFacts) -> tuple[list[Symbol], list[Symbol]]:
    """The test functions of a file at a test's path, and its test methods.

    A class that is neither derived nor called `Test…` can only be mixed into a test case, whose tests take nothing.
    Of a file that is not called as tests are, only test cases are collected, not functions.
    """
    is_named = TEST_PATH.search(facts.path.rpartition("/")[2]) is not None
    functions = [s for s in facts.symbols if s.kind == Kind.FUNCTION and s.qualname.startswith("test_") and is_named]
    functions = [s for s in functions if s.qualname == s.name]
    bare = {s.qualname for s in facts.symbols if s.kind == Kind.CLASS and not s.bases and not s.name.startswith("Test")}
    methods = [
        s
        for s in facts.symbols
        if s.kind == Kind.METHOD
        and s.name.startswith("test")
        and "<" not in s.qualname
        and (
            (is_named and s.qualname.rpartition(".")[0] not in bare)
            or s.decorators
            or _NO_ARGUMENT.match(s.signature or "")
        )
    ]
    return functions, methods


def tests_called_as(path: str, paths: Iterable[str]) -> set[str]:
    """Those of the *paths* that are called as tests of the module at *path*: `test_queue.py`, `queue_test.py`."""
    names = _test_names(path)
    return {each for each in paths if each.endswith(names) and each.rpartition("/")[2] in names} if names else set()


def tests_called_as_in(path: str, paths: frozenset[str]) -> set[str]:
    """The same of all files of a project, which is asked for each of them."""
    by_name = _by_name(paths)
    return {each for name in _test_names(path) for each in by_name.get(name, ())}


def _test_names(path: str) -> tuple[str, ...]:
    folder, _, file = path.rpartition("/")
    stem = file.rpartition(".")[0]
    stem = (folder.rpartition("/")[2] if stem == "__init__" else stem).lstrip("_")
    return (f"test_{stem}.py", f"{stem}_test.py") if stem else ()


@lru_cache(maxsize=2)
def _by_name(paths: frozenset[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(path.rpartition("/")[2], []).append(path)
    return found


def _package(facts: FileFacts, detail: Detail, top: Sequence[Symbol]) -> Iterator[Signal]:
    if facts.path.rpartition("/")[2] not in ("__init__.py", "__init__.pyi") or not detail.parsed:
        return
    names = {each.alias or each.name or each.module for each in facts.imports}
    others = [symbol for symbol in top if not symbol.name.startswith("__")]
    if not facts.imports and not top and not detail.other_code:
        yield Signal("Package initializer without code.", 0)
    elif names and not others and not detail.other_code:
        yield Signal(f"Package initializer that only imports {count(len(names), 'name')}.", facts.imports[0].line)
    else:
        yield Signal("Package initializer with code of its own.", 0)


def _content(facts: FileFacts, detail: Detail, top: Sequence[Symbol]) -> Iterator[Signal]:
    if not detail.parsed or detail.other_code or not top or facts.path.endswith("__init__.py"):
        return
    classes = [symbol for symbol in top if symbol.kind == Kind.CLASS]
    has_functions = any(symbol.kind in _FUNCTIONS for symbol in facts.symbols)
    top_functions = any(symbol.kind == Kind.FUNCTION for symbol in top)
    if not classes and not has_functions:
        yield Signal(f"Only data: {count(len(top), 'assigned name')}, no functions or classes.", top[0].line)
    elif classes and not top_functions and all(any(map(_ERRORS.search, symbol.bases)) for symbol in classes):
        yield Signal(f"Exceptions only: {count(len(classes), 'class')}.", classes[0].line)
    elif classes and not has_functions and all(_is_enum(symbol) for symbol in classes):
        yield Signal(f"Enums only: {count(len(classes), 'class')}.", classes[0].line)


def _is_enum(symbol: Symbol) -> bool:
    return any(base.rpartition(".")[2] in _ENUMS for base in symbol.bases)


def _script(facts: FileFacts, detail: Detail) -> Iterator[Signal]:
    if facts.path.rpartition("/")[2] == "__main__.py":
        yield Signal("Runs with `python -m` and the package's name.", 0)
    if detail.main:
        line, source = detail.main
        yield Signal(f"Runs as a script: `{source}`" if source else "Runs as a script.", line)


def _place(path: str) -> Iterator[Signal]:
    if found := PLACES.search(path):
        yield Signal(f"In a directory named `{found[1]}`.", 0)


def count(number: int, noun: str) -> str:
    """`1 class`, `2 classes`; empty for none."""
    if not number:
        return ""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {plural(noun)}"


def plural(noun: str) -> str:
    """The English plural of the nouns that pages use."""
    if noun.endswith(("s", "x")):
        return noun + "es"
    return noun[:-1] + "ies" if noun.endswith("y") else noun + "s"

"""The doctest examples in docstrings: found by their prompts, and whether their code can be parsed."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from typing import NamedTuple

_PROMPT = re.compile(r"[ \t]*>>>(?: |$)")
_SKIP = re.compile(r"#\s*x?doctest:.*\+SKIP\b")
_IMPORTS = (ast.Import, ast.ImportFrom)


class Example(NamedTuple):
    """A run of prompts with what they print; blank lines between two prompts do not end it."""

    text: str
    """As written, without its indentation."""
    parses: bool
    """Whether this Python can parse its code, all prompts of the run together."""
    skipped: bool
    """Whether it is marked `+SKIP`: doctest would not run it."""
    telling: bool
    """Whether it does more than import."""


def examples(doc: str) -> Iterator[Example]:
    """The examples of one docstring, in order; never raises."""
    if ">>>" not in doc:
        return
    lines = doc.expandtabs().split("\n")
    start = 0
    while start < len(lines):
        if not _PROMPT.match(lines[start]):
            start += 1
            continue
        end = _end(lines, start)
        indent = len(lines[start]) - len(lines[start].lstrip())
        yield _example([line[indent:] for line in lines[start:end]])
        start = end


def _end(lines: list[str], start: int) -> int:
    """The line behind the example that starts at *start*: behind its last line that is not blank."""
    indent = len(lines[start]) - len(lines[start].lstrip())
    end = start
    for number in range(start, len(lines)):
        line = lines[number]
        if not line.strip():
            continue
        goes_on = end == number or _PROMPT.match(line)  # right behind the line before, or after blank lines a prompt
        if not goes_on or len(line) - len(line.lstrip()) < indent:
            break
        end = number + 1
    return end


def _example(lines: list[str]) -> Example:
    text = "\n".join(line.rstrip() for line in lines)
    nodes = _parsed("\n".join(_code(lines)))
    is_telling = any(not isinstance(node, _IMPORTS) for node in nodes or ())
    return Example(text, nodes is not None, _SKIP.search(text) is not None, is_telling)


def _code(lines: list[str]) -> Iterator[str]:
    """The code of an example: continuation lines begin with `...`, in many docstrings with another `>>>`."""
    in_code = False
    for line in lines:
        in_code = line.startswith(">>>") or (in_code and line.startswith("..."))
        if in_code:
            yield line[4:]


def _parsed(code: str) -> list[ast.stmt] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the target's escapes are not the reader's concern
            return ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None

"""The parts a docstring is made of. The parser makes them, the renderer writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeAlias


class Paragraph(NamedTuple):
    """Prose with inline markup."""

    text: str
    """Stripped lines, joined by newlines."""


class Title(NamedTuple):
    """The name of a section, shown in bold: a heading would join the outline of the page around it."""

    text: str


class Code(NamedTuple):
    """One line of code standing alone, such as a signature."""

    text: str


class Fence(NamedTuple):
    """Lines kept as they are."""

    text: str
    language: str
    """What the author said; empty where unknown, `verbatim` where it must not be guessed."""


class Math(NamedTuple):
    """A formula of its own."""

    tex: str


class Quote(NamedTuple):
    """An admonition (note, warning, …); without a title, an indented passage."""

    title: str
    body: tuple[Block, ...]


class Item(NamedTuple):
    """One entry of a list: a bullet, or a documented name."""

    body: tuple[Block, ...]
    names: tuple[str, ...] = ()
    type: str = ""
    marker: str = "-"


class Items(NamedTuple):
    """A list."""

    items: tuple[Item, ...]


class Reference(NamedTuple):
    """`.. _name: https://…`: where a name that is used in the prose leads."""

    name: str
    url: str


Block: TypeAlias = Paragraph | Title | Code | Fence | Math | Quote | Items | Reference
Lines: TypeAlias = Sequence[str]
Parse: TypeAlias = Callable[[Lines], tuple[Block, ...]]
"""Reads the dedented lines inside a block."""
Found: TypeAlias = tuple[Iterable[Block], int] | None
"""What a rule read and the line after it; None where the rule does not apply."""


def indent_of(line: str) -> int:
    """The number of leading spaces."""
    return len(line) - len(line.lstrip(" "))


def dedent(lines: Lines) -> list[str]:
    """`lines` without their common indentation."""
    margin = min((indent_of(line) for line in lines if line), default=0)
    return [line[margin:] for line in lines] if margin else list(lines)


def skip_blank(lines: Lines, at: int) -> int:
    """The first line from `at` on that is not blank."""
    while at < len(lines) and not lines[at]:
        at += 1
    return at


def indented_end(lines: Lines, at: int) -> int:
    """The line after the run of indented lines that starts at `at`, blank lines inside included; `at` if none."""
    end = at
    for number in range(at, len(lines)):
        if lines[number].startswith(" "):
            end = number + 1
        elif lines[number]:
            break
    return end


def closing_parenthesis(text: str, start: int) -> int:
    """Where the bracket that opens at `start` closes; -1 if it does not."""
    depth = 0
    for position in range(start, len(text)):
        depth += (text[position] in "([{") - (text[position] in ")]}")
        if depth == 0:
            return position
    return -1

"""A source cut at its definitions, so that a page can show it in pieces that links lead to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kwmagic.kinds import ASSIGNED, CALLED
from kwmagic.model import Symbol

_LONG = 120
"""Lines of a definition that is cut where those inside of it begin; of a piece that takes in what stands behind it."""
_SHORT = 40
"""Lines of a piece that takes in the next definition too."""
_DEPTH = 8
"""Definitions inside of one another that are cut; machines nest them by the thousand."""
_QUOTES = ('"""', "'''", "`")
"""What a string of several lines may end with: no comment, though the line begins like one."""


class Piece(NamedTuple):
    """Lines of a source, 1-based, the last one included."""

    first: int
    last: int
    numbers: tuple[int, ...] = ()
    """Of the symbols that begin here, without those that the same piece holds inside of others."""


class _Span(NamedTuple):
    """A definition with the decorators and comments right above it."""

    first: int
    last: int
    number: int
    is_called: bool
    is_assigned: bool


def pieces(symbols: Sequence[Symbol], lines: Sequence[str], comments: Sequence[str]) -> list[Piece]:
    """All lines, each once and in order. *symbols*: by line; *comments*: what starts a comment of one line.

    A piece begins where a statement does; where no definition stands it may be of any length.
    """
    found: list[Piece] = []
    for piece in _cut(1, len(lines), _spans(symbols, lines, comments), 0):
        if found and _belong_together(found[-1], piece, lines):
            found[-1] = Piece(found[-1].first, piece.last, found[-1].numbers + piece.numbers)
        else:
            found.append(piece)
    return found


def _belong_together(before: Piece, piece: Piece, lines: Sequence[str]) -> bool:
    length = piece.last - before.first + 1
    if length <= _SHORT:
        return True
    is_blank = not any(lines[number].strip() for number in range(piece.first - 1, piece.last))
    return is_blank or (length <= _LONG and not piece.numbers)


def _cut(first: int, last: int, spans: Sequence[_Span], depth: int) -> Iterator[Piece]:
    """The outermost definitions among the spans, the long ones cut further, and what stands between them."""
    at, index = first, 0
    while index < len(spans):
        span, index = spans[index], index + 1
        if span.first < at or span.first > last:
            continue
        if span.first > at:
            yield Piece(at, span.first - 1)
        end = min(max(span.last, span.first), last)
        inner_from = index
        while index < len(spans) and spans[index].first <= end:
            index += 1
        numbers = () if span.is_assigned else (span.number,)
        inner = [each for each in spans[inner_from:index] if not (span.is_called and each.is_assigned)]
        if end - span.first < _LONG or not inner or depth == _DEPTH:
            yield Piece(span.first, end, numbers)
        else:
            head, *rest = _cut(span.first, end, inner, depth + 1)
            yield head._replace(numbers=numbers + head.numbers)
            yield from rest
        at = end + 1
    if at <= last:
        yield Piece(at, last)


def _spans(symbols: Sequence[Symbol], lines: Sequence[str], comments: Sequence[str]) -> list[_Span]:
    spans, floor = [], 0
    for number, symbol in enumerate(symbols):
        if 0 < symbol.line <= len(lines) and not symbol.cell:
            first = _first(symbol, lines, comments, floor)
            kind = symbol.kind
            spans.append(_Span(first, symbol.end_line, number, kind in CALLED, kind in ASSIGNED))
            floor = max(floor, symbol.line)
    return sorted(spans, key=lambda span: (span.first, -span.last))


def _first(symbol: Symbol, lines: Sequence[str], comments: Sequence[str], floor: int) -> int:
    """The first line of its decorators, and of the comment above; *floor*: the last line that is of something else."""
    first, left, line = symbol.line, len(symbol.decorators), symbol.line
    while left and line - 1 > floor:
        line -= 1
        if lines[line - 1].lstrip().startswith("@"):
            first, left = line, left - 1
    indent = _indent(lines[first - 1])
    while first - 1 > floor and _is_comment(lines[first - 2], indent, comments):
        first -= 1
    return first


def _is_comment(line: str, indent: str, comments: Sequence[str]) -> bool:
    text = line.lstrip()
    starts = any(text.startswith(mark) for mark in comments)
    return starts and _indent(line) == indent and not any(quote in text for quote in _QUOTES)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]

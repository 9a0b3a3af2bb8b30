"""How many lines of a text are code, comment and blank, in any language that the table knows the comments of."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from kwmagic.languages import Language

_STRING = r""""(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'"""
"""Strings end with their line at the latest: an apostrophe in a text opens none."""


class LineCounts(NamedTuple):
    """They add up to the number of lines."""

    code: int
    comment: int
    blank: int


def line_counts(text: str, language: Language) -> LineCounts:
    """Lines with nothing but comment count as comment, blank ones inside of comments as blank."""
    lines = text.removesuffix("\n").split("\n") if text else []
    blank = sum(not line.strip() for line in lines)
    pattern = _pattern(language.comment, language.block_comment)
    if pattern is None:
        return LineCounts(len(lines) - blank, 0, blank)
    rest = pattern.sub(_without_comment, text)
    code = sum(bool(line.strip()) for line in rest.split("\n"))
    return LineCounts(code, len(lines) - blank - code, blank)


def _without_comment(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n") if match["comment"] is not None else match[0]


@cache
def _pattern(comment: str, block_comment: str) -> re.Pattern[str] | None:
    """Comments and, since they may hold what looks like one, strings."""
    ways = []
    if block_comment:
        start, end = map(re.escape, block_comment.split())
        ways.append(rf"{start}(?s:.*?)(?:{end}|\Z)")
    # a `#` inside a word starts no comment in shells, and hardly in any other language
    ways += [rf"(?<![\w$]){re.escape(mark)}[^\n]*+" for mark in comment.split()]
    return re.compile(rf"(?P<comment>{'|'.join(ways)})|{_STRING}") if ways else None

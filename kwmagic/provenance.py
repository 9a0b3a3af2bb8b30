"""Where a text comes from: written by a program, squeezed by one, or by a person."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from kwmagic.languages import Language
from kwmagic.mdtext import PAGE_MARK

PAGE = "page"
"""The flag of a file that kwmagic wrote: a file of `_MARKED` says so in its last line, a JSON file in its first."""
_MARKED = frozenset(("Markdown", "JavaScript"))
"""Languages of pages, and of the scripts of pages of HTML."""
_TWIN = '{"kwmagic": 1,'
_HEAD = 4096
"""Characters in which a generator signs."""
_SIGNATURE = re.compile(
    r"@generated\b|\bdo not (?:edit|modify)\b"
    r"|^\W*(?:(?:this|the) (?:file|code|header|module|is)\b[^\n]{0,40}?\b)?"
    r"(?:auto(?:matically)?[ -]?|code )?generated (?:by|from|using|with)\b",
    re.IGNORECASE | re.MULTILINE,
)
_PREAMBLE = r"\#!?[ \t]*+(?:pragma|if\w*+|define|include|/)[^\n]*+|<\?php\b|'use strict';?|\"use strict\";?"
"""What may stand before the first comment: include guards, `#!`, modes."""
_LONG = 300
"""Characters of an average line that nobody types."""
_SQUEEZED = frozenset(("JavaScript", "TypeScript", "JSON", "PHP", "Lua"))
"""Languages that are minified to travel."""
_SMALL = 2_000
"""Characters of which nobody says that they are minified."""


class Signature(NamedTuple):
    """What a generator wrote of itself."""

    line: int
    """1-based."""
    text: str


def flags(text: str, path: str, language: Language, engine: str) -> tuple[str, ...]:
    """Sorted, of: generated, low confidence, minified, page."""
    found = []
    if generated(text, language):
        found.append("generated")
    if engine == "generic":
        found.append("low confidence")
    if language.name in _SQUEEZED and (".min." in path.rpartition("/")[2] or is_squeezed(text)):
        found.append("minified")
    is_page = language.name in _MARKED and text.rstrip().rpartition("\n")[2].startswith(PAGE_MARK)
    if is_page or (language.name == "JSON" and text.startswith(_TWIN)):
        found.append(PAGE)
    return tuple(found)


def generated(text: str, language: Language) -> Signature | None:
    """The line of the comments at the top of a text that says that a program wrote it."""
    pattern = _comments(language.comment, language.block_comment, language.docs == "python")
    head = pattern.match(text[:_HEAD]) if pattern else None
    found = _SIGNATURE.search(head[0]) if head else None
    if not head or not found:
        return None
    before, comments = found.end(), head[0]
    line = comments[comments.rfind("\n", 0, before) + 1 :].partition("\n")[0]
    return Signature(comments.count("\n", 0, before) + 1, line.strip(" \t/*#-!<>;%\"'"))


def is_squeezed(text: str) -> bool:
    """Whether its lines are longer than people write them."""
    return len(text) > _SMALL and len(text) > _LONG * (text.count("\n") + 1)


@cache
def _comments(comment: str, block_comment: str, docstring: bool) -> re.Pattern[str] | None:
    """Blank lines, comments and, in Python, the docstring at the start of a text; cut ones too."""
    ways = [rf"{re.escape(mark)}[^\n]*+" for mark in comment.split()] + [_PREAMBLE] * bool(comment)
    if block_comment:
        start, end = map(re.escape, block_comment.split())
        ways.append(rf"{start}(?s:.*?)(?:{end}|\Z)")
    if docstring:
        ways += [rf"[rR]?{quotes}(?s:.*?)(?:{quotes}|\Z)" for quotes in ('"""', "'''")]
    return re.compile(rf"(?:\s++|{'|'.join(ways)})*+") if ways else None

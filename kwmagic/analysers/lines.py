"""What the analysers by line patterns share: numbers of lines, code without comments and strings, doc comments."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from inspect import cleandoc

from kwmagic.analysers.comments import clean

_LONG = 80
"""Characters of a value that a signature shows."""
_DEEP = 200
"""Columns behind which no comment counts as alone on its line."""
_LEGAL = re.compile(
    r"^[^\w\n]*+copyright\b|copyright (?:\(c\)|©|holder|notice|\d|by\b|owner)|\(c\) ?\d{4}|all rights reserved|\bspdx-"
    r"|licen[sc]ed (?:under|to)\b|under the [\w\s\"',.-]{0,60}\blicen[sc]e|(?:public|mit|bsd|apache|isc) licen[sc]e"
    r"|licen[sc]e:|(?:copy of|see|with|in) the licen[sc]e\b|licen[sc]e information|/licenses/|redistribut"
    r"|\bwarrant(?:y|ies)\b|permission is hereby|permission to use, copy|software is provided|file is part of"
    r"|(?:automatically |auto-?)generated|generated automatically|do not edit"
    r"|^[^\w\n]*+(?:authors?|maintainers?)\b[^\n]*@[^\n]*$".replace(" ", r"\s+"),
    re.IGNORECASE | re.MULTILINE,
)
"""Marks of paragraphs that are of the file, not of what it holds: its licence, where it comes from."""
_INSTRUCTION = re.compile(
    r"^(?:!.*|.*-\*-.*-\*-.*|(?:ex|vim?|vim\d+):.*|.*\bset (?:ts|sw|ft|et)=.*|shellcheck .*|(?:syntax|escape|check)=.*"
    r"|shfmt .*|kate:.*|~~~.*|-{2,}\[.*|file: *\S+|\$(?:Id|Header|Revision|FreeBSD|NetBSD|OpenBSD)\b[^$]*\$)$",
    re.MULTILINE,
)
"""Lines for editors and tools, not for readers."""
_BLOCKS = frozenset(("/*", "#["))
_BRACKETS = re.compile(r"#\[(=*+)\[(?:\.rst:)?(.*?)(?:\#?\]\1\])?\Z", re.DOTALL)
"""A bracket comment of CMake."""
_PARAGRAPH = re.compile(r"\n[ \t]*+\n(?:[ \t]*+\n)*+")


class Lines:
    """The 1-based numbers of a text's lines."""

    def __init__(self, text: str) -> None:
        self.starts = [0, *(newline.end() for newline in re.finditer("\n", text))]

    def of(self, offset: int) -> int:
        """The line that *offset* is in."""
        return bisect_right(self.starts, offset)

    def start(self, line: int) -> int:
        """The offset at which *line* begins."""
        return self.starts[line - 1]


class Comments:
    """The comments of a text, found by the line that they speak of; each is given once."""

    def __init__(self, text: str, lines: Lines, spans: Iterable[tuple[int, int]]) -> None:
        self._text = text
        self._lines = lines
        self._above: dict[int, tuple[int, int]] = {}
        self._behind: dict[int, tuple[int, int]] = {}
        for start, end in spans:
            line = lines.of(start)
            column = start - lines.start(line)
            if column > _DEEP or text[start - column : start].strip():
                self._behind[line] = start, end
                continue
            begin = start
            if line in self._above and self._continues(self._above[line][0], start):
                begin, _ = self._above.pop(line)
            self._above[lines.of(end - 1) + 1] = begin, end

    def _continues(self, begin: int, start: int) -> bool:
        """Whether two comments of adjacent lines are of one style, and neither is a block of its own."""
        marks = self._text[begin : begin + 2], self._text[start : start + 2]
        return marks[0][:1] == marks[1][:1] and _BLOCKS.isdisjoint(marks)

    def above(self, line: int, apart: tuple[str, ...] = ()) -> str | None:
        """What the comment says that ends on the line before; licences, shebangs and blank ones say nothing.

        One that begins with a mark of *apart* may have one blank line behind it.
        """
        start, end = self._above.get(line, (0, 0))
        if start == end and apart and line > 1 and self._is_blank(line - 1):
            line -= 1
            start, end = self._above.get(line, (0, 0))
            if not self._text.startswith(apart, start):
                return None
        if start == end or self._text.startswith("#!", start):
            return None
        del self._above[line]
        return said(self._text[start:end])

    def _is_blank(self, line: int) -> bool:
        start = self._lines.start(line)
        return not self._text[start : start + _DEEP].partition("\n")[0].strip()

    def behind(self, line: int) -> str | None:
        """What the last comment says that stands behind the code of *line*."""
        start, end = self._behind.pop(line, (0, 0))
        return said(self._text[start:end])

    def header(self, code: int) -> str | None:
        """What the first comment says that ends before *code*, the offset of the first code, and is no other's doc."""
        for start, end in self._above.values():
            if end > code:
                break
            if text := said(self._text[start:end]):
                return text
        return None


def said(comment: str) -> str | None:
    """A comment's text without paragraphs of legal matter or origin and lines for tools; None where nothing is left."""
    if comment.startswith("#!"):
        comment = comment.partition("\n")[2]
    brackets = _BRACKETS.match(comment)
    text = cleandoc(brackets[2]) if brackets else clean(comment)
    paragraphs = _PARAGRAPH.split(_INSTRUCTION.sub("", text))
    kept = [paragraph for paragraph in paragraphs if not _LEGAL.search(paragraph)]
    text = "\n\n".join(kept).strip("\n")
    return text if any(map(str.isalnum, text)) else None


Span = tuple[int, int, bool]
"""Where something stands that is no code, and whether it is a comment."""


class Code:
    """A text taken apart: what is code, what comments say, and which line is where."""

    def __init__(self, text: str, spans: Iterable[Span], quote: str = '"') -> None:
        self.text = text
        self.lines = Lines(text)
        parts: list[str] = []
        comments: list[tuple[int, int]] = []
        done = 0
        for start, end, is_comment in spans:
            parts += [text[done:start], _filled(text[start:end], " " if is_comment else quote)]
            done = end
            if is_comment:
                comments.append((start, end))
        self.bare = "".join(parts) + text[done:]
        """The text with spaces for comments and *quote* for every character of strings; nothing moves."""
        self.comments = Comments(text, self.lines, comments)

    def header(self) -> str | None:
        """What the first comment says that stands before all code and is no definition's."""
        return self.comments.header(len(self.bare) - len(self.bare.lstrip()))


def spans(text: str, lexis: re.Pattern[str]) -> Iterator[Span]:
    """What *lexis* matches is no code; comments are its group `comment`."""
    for found in lexis.finditer(text):
        yield found.start(), found.end(), found.lastgroup == "comment"


def _filled(text: str, filler: str) -> str:
    if "\n" in text:
        return "\n".join([filler * len(line) for line in text.split("\n")])
    return filler * len(text)


def squeeze(text: str) -> str:
    """*text* on one line, runs of space one space, none inside the edges of brackets."""
    text = " ".join(text.split())
    for bracket in "([":
        text = text.replace(f"{bracket} ", bracket)
    for bracket in ")],":
        text = text.replace(f" {bracket}", bracket)
    return text


def shortened(value: str) -> str:
    """A value for a signature: on one line and no longer than a reader takes in."""
    value = " ".join(value[: 4 * _LONG].split())
    return value if len(value) <= _LONG else f"{value[: _LONG - 1]}…"

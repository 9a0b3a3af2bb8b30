"""Which comment belongs to which definition of a C-family text."""

from __future__ import annotations

import re
from bisect import bisect_right

from kwmagic.analysers.comments import clean

_NO_DOC = re.compile(
    r"(?i)//[ \t]*+(?:nolint|clang-format|iwyu|namespace\b|\})"
    r"|[/*! \t]*+([-=*#~_+])\1{2,}+[^\n]*+\Z"
    r"|(?s:.{0,400}?)(?:\bcopyright\b|\bspdx-|\blicense[ds]?\b)"
)
"""Directions to tools, section banners, licences."""
_FILE = re.compile(r"[@\\]file\b")
_BEHIND = ("/**<", "/*!<", "///<", "//!<")


class Comments:
    """The comments of a text; asked for in rising order, so each is looked at once."""

    def __init__(self, text: str, spans: list[tuple[int, int]]) -> None:
        self.text = text
        self.spans = spans
        self.next = 0
        self.trailing = [span for span in spans if text.startswith(_BEHIND, span[0])]
        self.next_trailing = 0

    def above(self, start: int) -> str | None:
        """What the comment directly above the code at *start* says."""
        spans, index = self.spans, self.next
        last = len(spans)
        while index < last and spans[index][1] <= start:
            index += 1
        self.next = index
        return self.ending_before(index - 1, start) if index else None

    def above_earlier(self, start: int) -> str | None:
        """As `above`, in any order."""
        index = bisect_right(self.spans, (start, start))
        return self.ending_before(index - 1, start) if index else None

    def ending_before(self, index: int, start: int) -> str | None:
        """What comment number *index* says of the code at *start*, if it stands directly above."""
        text, (opening, end) = self.text, self.spans[index]
        newline = text.find("\n", end, start)
        if (newline >= 0 and text.find("\n", newline + 1, start) >= 0) or text[end:start].strip():
            return None
        line = text.rfind("\n", 0, opening) + 1
        if line != opening and not text[line:opening].isspace():  # it begins behind other code
            opening = text.find("\n", opening, end) + 1
            if not opening or text.startswith("/*", opening):
                return None
        comment = text[opening:end]
        if comment.startswith(_BEHIND) or _NO_DOC.match(comment) or _FILE.search(comment):
            return None
        return clean(comment) or None

    def behind(self, end: int) -> str | None:
        """What a `///<` comment behind the code that ends at *end* says, on the same line."""
        trailing, index = self.trailing, self.next_trailing
        while index < len(trailing) and trailing[index][0] < end:
            index += 1
        self.next_trailing = index
        if index == len(trailing):
            return None
        opening, closing = trailing[index]
        if "\n" in self.text[end : min(opening, end + 400)] or opening > end + 400:
            return None
        return clean(self.text[opening:closing]) or None

    def of_file(self) -> str | None:
        """What the comment with a `@file` in it says of the whole text."""
        for opening, end in self.spans[:5]:
            if _FILE.search(self.text, opening, end):
                return clean(self.text[opening:end]) or None
        return None

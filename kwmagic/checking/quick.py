"""Links and anchors of Markdown, fast: what can be told line by line is, and only the rest is parsed.

A page is cut at its top level, where no list, quotation or paragraph is open: before a fence that starts its line, and
after blank lines where a line without indentation follows. What lies between two cuts means the same wherever it
stands, as long as the page has no reference definitions and no HTML that blank lines don't end. A stretch of plain
lines, whose code spans, links and tags each begin and end on their line, is read with one regular expression: it finds
what markdown-it-py would, since no such line has a say in what another holds.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from kwmagic.checking.exact import Found, found_in


def _token(stop: str, begin: str = "", end: str = "") -> str:
    """What is more than the characters it is made of, and on one line without *stop*; *begin* and *end* of a group."""
    escaped = rf"\\[^\n{stop}]"
    code = rf"`(?!`)[^`\n{stop}]++`(?!`)|``(?!`)(?:[^`\n{stop}]|`(?!`))++``(?!`)"
    label = rf"(?:[^\n\\`\[\]<{stop}]|{escaped}|{code}|</?code>)*+"
    anchor = rf'<a id="{begin}[^"<>&\n{stop}]*+{end}"></a>'
    address = rf"<https?://[^\s<>\x00-\x20\x7f{stop}]*+>"
    return (
        rf"{escaped}|{code}|</?code>|{address}|{anchor}|\[{label}\]\({begin}(?:https?://)?[^\s()<>\\&:{stop}]*+{end}\)"
    )


_END = r"(?:\n|\Z)"
_INLINE = rf"(?:[^\n\\`\[<]|{_token('')})*+"
_CELL = rf"(?:[^\n\\`\[<|]|{_token('|')})*+"
_MARKS = r"[-+*>#.)\d]"
"""What lists, quotations and headings begin with."""
_START = (
    rf"(?! )(?!(?:{_MARKS}| (?!   ))*+    )"
    rf'(?!(?:{_MARKS}| )*+(?:\t|\||```|~~~|<(?!a id="[^"<>&\n]*+"></a>|code>\S)))'
    rf"(?![^\n|]*+\|[^\n]*+\n[ \t]*+[|:-][ \t|:-]*+{_END})"
)
"""Not what makes a line code, HTML or part of a table, behind whatever marks."""
_LINE = rf"{_START}(?=[^\n]){_INLINE}{_END}"
_ITEM = rf"(?:[-*+]|\d{{1,2}}[.)]) {_START}{_INLINE}{_END}"
_ITEMS = rf"{_ITEM}(?>    (?:{_ITEM}(?>        (?:{_ITEM}(?>            {_LINE})*+|{_LINE}))*+|{_LINE}))*+"
"""A list; four blanks more than its own are never code in an entry whose text is at most four blanks in."""
_HTML = (
    r'(?:<details(?: markdown="1")?>\n<summary>(?:[^<\[`\n]|</?code>)*+</summary>|</details>'
    rf"|<!--(?:(?!-->)[^<\[`\n])*+-->){_END}(?={_END})"
)
_PLAIN = re.compile(rf"(?>(?>{_HTML}|(?>{_ITEMS}|{_LINE})++)(?=```|\Z|\n++(?:[^ \t\n]|\Z))|\n)*+")
"""As many whole pieces between two cuts as are plain."""
_FENCE = re.compile(rf"(`{{3,}})[^`\n]*\n(?s:.*?)^ {{0,3}}\1`*[ \t]*{_END}", re.MULTILINE)
_CUT = re.compile(r"\n(?:(?:[ \t]*\n)+(?=[^ \t\n])|(?=```))")
_TOKENS = re.compile(_token("", "(", ")"))
_ROW = rf"\|{_CELL}(?:\|{_CELL})*+{_END}"
_TABLE = re.compile(rf"{_ROW}\|(?: -{{3,}} \|)+{_END}(?>{_ROW})*+")
_FAR = re.compile(
    rf"^(?:~~~|[ ]{{1,3}}(?:```|~~~)|(?:{_MARKS}|[ \t])*<(?:script|pre|style|textarea|[!?]))|\]:",
    re.MULTILINE | re.IGNORECASE,
)
"""What may reach over a cut."""
_FRONT_MATTER = re.compile(r"---\n(?:[^\n]*\n)*?---(?:\n|\Z)")


def found_on(page: str) -> list[Found]:
    """All that a page links to and can be linked to by, in order."""
    text = page.replace("\r\n", "\n").replace("\r", "\n")
    if front := _FRONT_MATTER.match(text):
        text = "\n" * front[0].count("\n") + text[front.end() :]
    try:
        return list(_found(text))
    except _FarReachingError:
        return list(found_in(text))


class _FarReachingError(Exception):
    """The page can't be cut."""


def _found(text: str) -> Iterator[Found]:
    ends = [match.start() for match in re.finditer("\n", text)]
    at = 0
    while at < len(text):
        end = _PLAIN.match(text, at).end()  # type: ignore[union-attr]  # it always matches
        for match in _TOKENS.finditer(text, at, end):
            if match.lastindex:
                yield Found(bisect_left(ends, match.start()) + 1, match[match.lastindex], match.lastindex == 1)
        if fence := _FENCE.match(text, end):
            at = fence.end()
        elif end < len(text):
            at = _next_cut(text, end)
            if text.startswith("```", at) and not text.endswith("\n\n", end, at) and "<" in text[end:at]:
                raise _FarReachingError  # HTML that goes on until a blank line takes the fence in
            yield from _in_piece(text[end:at], bisect_left(ends, end) + 1)
        else:
            at = end


def _next_cut(text: str, at: int) -> int:
    cut = _CUT.search(text, at)
    return cut.end() if cut else len(text)


def _in_piece(piece: str, line: int) -> Iterator[Found]:
    if _is_table(piece):
        for number, row in enumerate(piece.split("\n")):
            for match in _TOKENS.finditer(row):
                if match.lastindex:
                    yield Found(line + number, match[match.lastindex], match.lastindex == 1)
    elif _FAR.search(piece) or piece.startswith("```"):
        raise _FarReachingError
    else:
        yield from found_in(piece, line)


def _is_table(piece: str) -> bool:
    rows = piece.rstrip("\n")
    return _TABLE.fullmatch(rows) is not None and len({row.count("|") for row in rows.split("\n")}) == 1

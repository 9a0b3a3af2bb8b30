"""kwmagic's own outputs as content of the page: Markdown for cells made into Markdown for pages.

A reader sees the same text; but titles are headings at the level of the place where they stand, links are Markdown, and
what is escaped is escaped as lightly as a page allows.
"""

from __future__ import annotations

import re
from html import unescape
from string import punctuation

from kwmagic import mdtext
from kwmagic.foreign import inert_code
from kwmagic.mdtext import Dest

_DEEPEST = 6
_ID = re.compile(r'(?<=<a id=")[A-Za-z0-9._:-]+(?=">)')
_FENCE = re.compile(r"^(?P<ticks>`{3,})[^`\n]*\n(?:.*?\n)??(?P=ticks)$", re.MULTILINE | re.DOTALL)
_PIECE = re.compile(
    r"""
    (?P<code>`(?<!``)(?P<run>`*+)(?P<span>[^`]++(?:(?!`(?P=run)(?!`))`++[^`]++)*+)`(?P=run)(?!`))
    | <a\ href="(?P<href>[^"<>]*+)">(?P<inner>(?:(?!</a>)[^\n])*+)</a>
    | (?m:^)<pre><code>(?P<block>[^<>]*+)</code></pre>
    | <code>(?P<escaped>[^<>\n]*+)</code>
    | <span>&\#(?P<spanned>36|92);</span>
    | (?P<markup><summary>[^\n]*+|<[a-z/][^<>]*+>)
    | &\#(?P<entity>\d{2,3});
    """,
    re.VERBOSE,
)
_UNSAFE_CODE = re.compile(r"&#12[34];|[|{]")
"""A pipe may stand in a table; a brace may be closed by what follows."""
_ANCHOR = re.compile(r'<a id="([A-Za-z0-9._:-]+)"></a>')
_TITLE = re.compile(
    r"(?P<anchor>(?:<a id=\"[^\"<>]*\"></a>\n\n)?)"
    r"\*\*(?P<bold>[^*\n]+)\*\*(?P<rest>[^\n]*)(?=\n\n|\Z)"
)
"""The first line of an output: bold, since entries of cells are no headings."""
_HEADING = re.compile(r"^#{1,6}(?=[ \t])", re.MULTILINE)
_ELEMENT = re.compile(r"<(?!/?(?:code|span)>)[A-Za-z/]")
_AT_START = re.compile(r"[ ]*+(?:[-*+] |\d+[.)] |> ?)*+[ ]*+\d*+")
_ONLY_AT_START = frozenset("#+=-:.)")
_MARKS = frozenset("\\`*[]{|")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "$": "&#36;", "~": "&#126;", "&": "&amp;"}


def lifted(markdown: str, level: int, *, named: str = "", anchor: str = "a") -> str:
    """An output of kwmagic's, which is inert already, below a heading of this *level*.

    *named*: the text of that heading, if nothing is between; the title of an output about just this is none again;
    *anchor*: the tag of places to link to.
    """
    parts, end = [], 0
    levels = _Levels(level)
    text = _TITLE.sub(lambda title: _title(title, named), markdown.strip("\n"), count=1)
    for fence in _FENCE.finditer(text):
        parts += [_prose(text[end : fence.start()], levels, anchor), fence[0]]
        end = fence.end()
    return "".join([*parts, _prose(text[end:], levels, anchor)])


def _title(found: re.Match[str], named: str) -> str:
    is_named = named and unescape(found["rest"]).strip(" `") == named
    return found[0] if is_named else f"{found['anchor']}# {found['bold']}{found['rest']}"


class _Levels:
    """The levels of an output's headings on its page: none is jumped over, none is deeper than there are."""

    def __init__(self, around: int) -> None:
        self._around = around
        self._last = around

    def of(self, level: int) -> str:
        self._last = min(self._around + level, self._last + 1, _DEEPEST)
        return "#" * self._last


def unique_ids(markdown: str, taken: set[str]) -> str:
    """An output with ids that the page doesn't have yet, and its own links to them.

    *taken*: the ids that the page has; those of the output are added.
    """
    renamed: dict[str, str] = {}
    for found in dict.fromkeys(_ID.findall(markdown)):
        new, number = found, 2
        while new in taken:
            new, number = f"{found}-{number}", number + 1
        taken.add(new)
        if new != found:
            renamed[found] = new
    if not renamed:
        return markdown
    places = re.compile(r'(?<=<a (?:id)=")[A-Za-z0-9._:-]+(?=")|(?<= href="#)[A-Za-z0-9._:-]+(?=")')
    return places.sub(lambda found: renamed.get(found[0], found[0]), markdown)


def _prose(text: str, levels: _Levels, anchor: str) -> str:
    if anchor != "a":
        text = _ANCHOR.sub(rf'<{anchor} id="\1"></{anchor}>', text)
    return _PIECE.sub(_piece, _HEADING.sub(lambda marks: levels.of(len(marks[0])), text))


def _piece(found: re.Match[str]) -> str:
    if found["href"] is not None and not _ELEMENT.search(found["inner"]):
        return mdtext.link(_PIECE.sub(_piece, found["inner"]), unescape(found["href"]), Dest.PAGE)
    if found["block"] is not None:
        return mdtext.fence(unescape(found["block"]), "", Dest.PAGE)
    if found["escaped"] is not None and not _UNSAFE_CODE.search(found["escaped"]):
        return inert_code(unescape(found["escaped"]))
    if number := found["spanned"] or found["entity"]:
        return _character(chr(int(number)), found)
    return found[0]


def _character(char: str, found: re.Match[str]) -> str:
    """A character that was an entity, escaped only where it would be markup, or would be with what is before it."""
    text, following = found.string, found.string[found.end() : found.end() + 1]
    before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
    if char in _ONLY_AT_START and (_AT_START.fullmatch(before) or "{" in before):
        return found[0]
    if (char in "(:" and before.endswith("]")) or (char == "#" and before.startswith("#")):  # it may end a heading
        return found[0]
    if char == "_":
        return "_" if before[-1:].isalnum() and following.isalnum() else "\\_"
    if char == "!":
        return found[0] if following in ("[", "<", "&") else "!"
    if char not in punctuation:
        return found[0]
    return _ENTITIES.get(char, f"\\{char}" if char in _MARKS else char)

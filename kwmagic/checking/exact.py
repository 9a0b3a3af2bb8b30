"""Links and anchors of Markdown as markdown-it-py parses it: right for anything, and slow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from markdown_it.token import Token


class Found(NamedTuple):
    """A link or an anchor."""

    line: int
    """1-based."""
    target: str
    """The URL as written, entities resolved; the identifier of an anchor."""
    is_anchor: bool = False


_TAG = re.compile(r"""<(?P<name>[A-Za-z][A-Za-z0-9-]*+)(?P<rest>(?:[^<>"']|"[^"]*+"|'[^']*+')*+)>""")
_ATTRIBUTE = re.compile(
    r"""(?<![^\s"'])(?P<name>id|name|href|src)\s*+=\s*+(?P<value>"[^"]*+"|'[^']*+'|[^\s"'<>=`]++)""", re.IGNORECASE
)
_NO_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<name>script|style|textarea)\b.*?(?:</(?P=name)>|\Z)", re.DOTALL | re.IGNORECASE
)
_NESTING = 200
"""Levels of lists and quotations, two a list, of which links count: a table of contents has one a folder."""
_WHAT = {
    ("a", "href"): False,
    ("area", "href"): False,
    ("img", "src"): False,
    ("a", "name"): True,
}
"""Whether an attribute of an element makes an anchor; `id` always does."""


def found_in(text: str, line: int = 1) -> Iterator[Found]:
    """All that a whole Markdown text links to and can be linked to by, in order; *line*: that of its beginning."""
    for token in _parse()(text):
        start = line + (token.map[0] if token.map else 0)
        if token.type == "inline":
            yield from _in_inline(token.children or [], start)
        elif token.type == "html_block":
            yield from _in_html(token.content, start)


def _in_inline(children: list[Token], line: int) -> Iterator[Found]:
    for child in children:
        match child.type:
            case "link_open":
                yield Found(line, str(child.attrs.get("href", "")))
            case "image":
                yield Found(line, str(child.attrs.get("src", "")))
            case "html_inline":
                yield from _in_html(child.content, line)
                line += child.content.count("\n")
            case "softbreak" | "hardbreak":
                line += 1


def _in_html(html: str, line: int) -> Iterator[Found]:
    html = _NO_MARKUP.sub(lambda match: "\n" * match[0].count("\n"), html)
    for tag in _TAG.finditer(html):
        at = line + html.count("\n", 0, tag.start())
        for attribute in _ATTRIBUTE.finditer(tag["rest"]):
            key = attribute["name"].lower()
            is_anchor = True if key == "id" else _WHAT.get((tag["name"].lower(), key))
            if is_anchor is not None:
                yield Found(at, unescape(attribute["value"].strip("\"'")), is_anchor)


@cache
def _parse() -> Callable[[str], list[Token]]:
    from markdown_it import MarkdownIt  # noqa: PLC0415  # slow to import

    return MarkdownIt("commonmark", {"html": True, "maxNesting": _NESTING}).enable("table").parse

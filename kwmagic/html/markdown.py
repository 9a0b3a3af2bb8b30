"""Markdown -> HTML that is inert: the body of a page, with an address for every heading and every line of source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from kwmagic.foreign import filtered
from kwmagic.html.parser import make_parser
from kwmagic.html.rules import RULES

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_OWN_ANCHOR = re.compile(r'<(a|span) id="[\w.-]+">|</(?:a|span)>')
_ID = re.compile(r'(<[a-z][a-z0-9]*(?: [^<>]*?)?) id="([^"]*)"')
_TAKEN = re.compile(r"L\d+|kw-(?![0-9a-f]{6}-).*")
"""Ids of lines, and of a page's frame."""
_FAR_IMAGE = re.compile(
    r'(<a [^>]*>\s*)?<img\b(?=[^>]*? src="((?:https?:)?//[^"]*)")(?:(?=[^>]*? alt="([^"]*)"))?[^>]*>'
)
_NO_SLUG = re.compile(r"[^\w\- ]")


class Heading(NamedTuple):
    """A heading of a page."""

    level: int
    identifier: str
    title: str
    """Plain text."""


class Body(NamedTuple):
    """What a page says."""

    html: str
    headings: tuple[Heading, ...]
    description: str
    """The first paragraph that is more than links, as plain text; empty where there is none."""


def rendered(markdown: str, *, trusted: bool = False, mermaid: bool = False) -> Body:
    """The HTML of a page. *trusted*: raw HTML stays as it is; *mermaid*: a script draws what `diagrams.svg` can't."""
    parsed = tokens(markdown, trusted=trusted)
    parser = _parser()
    html = parser.renderer.render(parsed, parser.options, {"trusted": trusted, "mermaid": mermaid, "line": 0})
    html += "</table>\n" * (html.count("<table") - html.count("</table>"))  # one left open takes in all behind it
    return Body(html, tuple(headings(parsed)), _description(parsed))


def tokens(markdown: str, *, trusted: bool = False) -> list[Token]:
    """The page as markdown-it's tokens: raw HTML is inert (unless *trusted*), every `heading_open` has its `id`.

    Ids are unique in the page, and none is one of the page's frame.
    """
    parsed = _parser().parse(markdown, {})
    ids: set[str] = set()
    for token in parsed:
        if token.type == "html_block":
            token.content = _inert(token.content, ids, trusted=trusted)
        for before, child in pairwise([token, *(token.children or ())]):
            if child.type == "html_inline":
                is_linked = before.type == "html_inline" and before.content.startswith("<a ")
                child.content = _inert(child.content, ids, trusted=trusted, is_linked=is_linked)
    return _with_ids(parsed, ids)


def headings(parsed: Sequence[Token]) -> list[Heading]:
    """Those of `tokens`, in order."""
    return [
        Heading(int(token.tag[1]), str(token.attrs["id"]), plain(parsed[number + 1]))
        for number, token in enumerate(parsed)
        if token.type == "heading_open"
    ]


def plain(inline: Token) -> str:
    """The text of an `inline` token, on one line."""
    shown = (child for child in inline.children or () if child.type != "html_inline")
    return " ".join("".join(child.content if child.tag != "br" else " " for child in shown).split())


@lru_cache(1)
def _parser() -> MarkdownIt:
    return make_parser(RULES)


def _inert(html: str, ids: set[str], *, trusted: bool, is_linked: bool = False) -> str:
    """Raw HTML made harmless, without ids that the page has already; those it keeps are added to *ids*.

    *is_linked*: it stands right behind the start of a link.
    """
    if trusted:
        ids.update(match[2] for match in _ID.finditer(html))
        return html
    if not _OWN_ANCHOR.fullmatch(html):
        html = _FAR_IMAGE.sub(lambda image: _far_image(image, is_linked=is_linked), filtered(html))

    def unique(match: re.Match[str]) -> str:
        if match[2] in ids or _TAKEN.fullmatch(match[2]):
            return match[1]
        ids.add(match[2])
        return match[0]

    return _ID.sub(unique, html)


def _far_image(match: re.Match[str], *, is_linked: bool) -> str:
    """Pages ask no other host for anything, so a picture elsewhere is a link; inside of a link, its text."""
    before, source, alt = match[1] or "", match[2], match[3] or "image"
    return f"{before}{alt}" if before or is_linked else f'<a href="{source}" rel="noopener">{alt}</a>'


def _with_ids(parsed: Sequence[Token], ids: set[str]) -> list[Token]:
    """The tokens with an id on every heading: that of kwmagic's own anchor just before it, else made from its text."""
    result: list[Token] = []
    for number, token in enumerate(parsed):
        if token.type == "heading_open":
            anchors = _anchors(result[-3:])
            if anchors:
                del result[-3:]
            identifier = next((each for each in anchors if each.startswith("kw-")), None)
            token.attrSet("id", identifier or _slug(plain(parsed[number + 1]), ids))
            others = "".join(f'<a id="{each}"></a>' for each in anchors if each != identifier)
            token.meta["anchors"] = others
        result.append(token)
    return result


def _anchors(before: Sequence[Token]) -> list[str]:
    """The ids in a paragraph that holds nothing but anchors; in any other none."""
    if [token.type for token in before] != ["paragraph_open", "inline", "paragraph_close"]:
        return []
    children = before[1].children or []
    if not all(child.type == "softbreak" or _OWN_ANCHOR.fullmatch(child.content) for child in children):
        return []
    return [match[2] for child in children if (match := _ID.search(child.content))]


def _slug(title: str, ids: set[str]) -> str:
    """An id as GitHub makes it from a heading, not yet among *ids*; added to them."""
    slug = _NO_SLUG.sub("", title.lower()).replace(" ", "-") or "section"
    if _TAKEN.fullmatch(slug):
        slug = f"section-{slug}"
    unique, number = slug, 0
    while unique in ids:
        number += 1
        unique = f"{slug}-{number}"
    ids.add(unique)
    return unique


def _description(parsed: Sequence[Token]) -> str:
    for opening, inline in pairwise(parsed):
        if opening.type == "paragraph_open" and opening.level == 0 and _linked(inline) < 0.5:
            return plain(inline)
    return ""


def _linked(inline: Token) -> float:
    """How much of a text is in links."""
    depth = linked = length = 0
    for child in inline.children or ():
        depth += child.nesting if child.type.startswith("link_") else 0
        length += len(child.content)
        linked += len(child.content) * depth
    return linked / length if length else 1

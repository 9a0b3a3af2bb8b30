"""The author's Markdown around a document: which section each part of it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from kwmagic.markup import Authored, Block, Paragraph, Text, Title, Words
from kwmagic.options import SECTIONS

SECTION_TITLES = {
    "metadata": "File Metadata",
    "purpose": "File Purpose",
    "overview": "High-Level Overview",
    "analysis": "Detailed Analysis",
    "architecture": "Architecture & Design",
    "dependencies": "Dependencies",
    "patterns": "Code Patterns & Idioms",
    "performance": "Performance Considerations",
    "security": "Security & Safety",
    "testing": "Testing & Usage",
    "related": "Related Files",
    "references": "Cross-References",
    "source": "Original Source",
}
"""Section key -> heading, in page order."""


class Part(NamedTuple):
    """A piece of the author's text."""

    key: str
    """The section it opens; empty for the text before all sections and for sections of the author's own."""
    title: str
    """The heading of a section of the author's own; empty otherwise."""
    markdown: str


def parts(body: str) -> list[Part]:
    """Cut the text at headings that name a section, and at other headings of level 1 and 2."""
    from markdown_it import MarkdownIt  # noqa: PLC0415  # 30 ms, needed by few

    lines = body.split("\n")
    tokens = MarkdownIt("commonmark").parse(body)
    found, start, key, title = [], 0, "", ""
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open" or opening.level or opening.map is None:
            continue
        named = section_key(inline.content)
        if not named and opening.tag > "h2" and (key or title):
            continue
        found.append(Part(key, title, "\n".join(lines[start : opening.map[0]]).strip("\n")))
        start, key, title = opening.map[1], named, "" if named else inline.content
    found.append(Part(key, title, "\n".join(lines[start:]).strip("\n")))
    return [part for part in found if part.title or part.markdown.strip()]


def section_key(heading: str) -> str:
    """The key of the section that a heading names, by its key, its title or a word of it; empty for none."""
    words = heading.strip().strip("#*_ ").lower()
    for key, title in SECTION_TITLES.items():
        if words in (key, title.lower(), title.lower().replace("&", "and"), title.split(" & ")[0].lower()):
            return key
    return _SHORT.get(words, "")


_SHORT = {"file": "metadata", "code structure": "analysis", "structure": "analysis", "design": "architecture"} | {
    "imports": "dependencies",
    "tests": "testing",
    "usage": "testing",
    "cross references": "references",
    "source code": "source",
}
"""Other headings that authors give these sections."""


def merged(
    authored: Sequence[Part], make: Callable[[str], Sequence[Block]], titles: Mapping[str, str] = SECTION_TITLES
) -> Iterator[Block]:
    """All sections in order: the author's words first in each, then what `make` gives for its key."""
    yield from _own_sections(authored, "")
    is_empty = not authored
    for key in SECTIONS:
        blocks = make(key)
        words = [Authored(part.markdown) for part in authored if part.key == key and part.markdown]
        if blocks or words:
            yield Title(2, [Words(titles[key])])
            yield from (*words, *blocks)
            is_empty = False
        yield from _own_sections(authored, key)
    if is_empty:
        yield Paragraph([Words("There is nothing to show for the sections that were asked for.")])


def _own_sections(authored: Sequence[Part], after: str) -> Iterator[Block]:
    """The author's text before all sections, and sections of the author's own, behind the section they follow."""
    previous = ""
    for part in authored:
        previous = part.key or previous
        if not part.key and previous == after:
            if part.title:
                yield Title(2, [Text(part.title)])
            if part.markdown:
                yield Authored(part.markdown)

"""A page as data: blocks made of inlines, and the three ways to write them (cell, page, plain text).

Pages build blocks and know nothing of escaping; writers know nothing of code. So a cell, a page and a terminal say the
same, and no string of the scanned code reaches Markdown unescaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from kwmagic import docstrings, mdtext
from kwmagic.mdtext import Dest


class Text(NamedTuple):
    """Prose."""

    text: str


class Words(NamedTuple):
    """Words of our own: plain text, numbers and punctuation that need no escaping anywhere."""

    text: str


class Strong(NamedTuple):
    """Words of our own that stand out; never code, which some front ends print raw inside bold."""

    text: str


class Code(NamedTuple):
    """A name or a piece of source, on one line."""

    text: str


class Link(NamedTuple):
    """A link; where `href` is None only what is inside shows."""

    inner: Sequence[Text | Words | Code]
    href: str | None


class Anchor(NamedTuple):
    """A place that links lead to."""

    identifier: str


class Summary(NamedTuple):
    """The first sentence of a docstring; nothing at all where it has none."""

    doc: str
    lead: str = ""
    """Words of our own in front of it."""


JUMP = Words(" ↓")
"""Ends a link to another place of the same output; said only where there are links."""
OPEN = Words(" ↗")
"""Ends a link to a file of which nothing but the name is shown."""
Inline = Text | Words | Strong | Code | Link | Anchor | Summary
Inlines = Sequence[Inline]


class Title(NamedTuple):
    """A heading on a page; in a cell a bold line, or a `##` heading where it opens a section."""

    level: int
    inlines: Inlines


class Paragraph(NamedTuple):
    """One line of prose."""

    inlines: Inlines


class Item(NamedTuple):
    """A list entry; depth 0 is the outermost."""

    depth: int
    inlines: Inlines


class Fence(NamedTuple):
    """Source code; `language` is a Pygments name."""

    text: str
    language: str


class Docstring(NamedTuple):
    """A whole docstring, converted to Markdown."""

    doc: str


class Authored(NamedTuple):
    """Markdown that the notebook's author wrote, passed through as it is."""

    markdown: str


class Fold(NamedTuple):
    """Blocks folded away behind a line of text."""

    summary: str
    blocks: Sequence[Block]


class Table(NamedTuple):
    """A table on a page; a list in a cell, where some front ends show raw pipes."""

    header: Sequence[str]
    rows: Sequence[Sequence[Inlines]]


Block = Title | Paragraph | Item | Fence | Docstring | Authored | Fold | Table
Resolve = Callable[[str], str | None]
"""The URL of a name that a docstring refers to, where it is known."""


_LIST = re.compile(r"^- ", re.MULTILINE)


class Writer:
    """Blocks -> Markdown for one destination; *anchor*: the tag of places that links lead to."""

    def __init__(self, dest: Dest, *, headings: bool = True, resolve: Resolve | None = None, anchor: str = "a") -> None:
        self.dest = dest
        self.anchor = anchor
        self.headings = headings
        self.resolve = resolve

    def write(self, blocks: Iterable[Block]) -> str:
        """The whole text, ending in a newline; entries of one list stand on adjacent lines."""
        parts: list[str] = []
        after_item = False
        bullet, depth = "-", 0
        for block in blocks:
            if isinstance(block, Item):  # nothing is above the first entry of a list
                depth = depth if after_item else block.depth
                block = block._replace(depth=max(0, block.depth - depth))  # noqa: PLW2901
            text = self.block(block)
            if not text:
                continue
            is_item = isinstance(block, Item)
            if is_item and not after_item:  # a list right behind a docstring's own would go on with that one
                bullet = "*" if parts and _LIST.search(parts[-1]) else "-"
            if parts:
                parts.append("\n" if is_item and after_item else "\n\n")
            parts.append(text.replace("-", bullet, 1) if is_item else text)
            after_item = is_item
        return "".join(parts) + "\n"

    def block(self, block: Block) -> str:
        """One block without the blank lines around it."""
        match block:
            case Title(level, inlines):
                return self.title(level, inlines)
            case Paragraph(inlines):
                return self.inlines(inlines).lstrip(" ")  # four spaces would make it code
            case Item(depth, inlines):
                return f"{'    ' * depth}- {self.inlines(inlines).lstrip(' ')}"
            case Fence(text, language):
                return mdtext.fence(text, language, self.dest)
            case Docstring(doc):
                return docstrings.to_markdown(doc, self.dest, self.resolve).strip("\n")
            case Authored(markdown):
                return markdown.strip("\n")
            case Fold(summary, inner):
                return mdtext.details(mdtext.escape(mdtext.one_line(summary), Dest.CELL), self.write(inner).strip("\n"))
            case Table(header, rows):
                return self.table(header, rows)

    def title(self, level: int, inlines: Inlines) -> str:
        if self.dest is Dest.PAGE or (level == 2 and self.headings):
            return f"{'#' * level} {self.inlines(inlines)}"
        return self.inlines([Strong(part.text) if isinstance(part, Words) else part for part in inlines])

    def table(self, header: Sequence[str], rows: Sequence[Sequence[Inlines]]) -> str:
        if self.dest is Dest.CELL:
            separator = [Words(" · ")]
            items = (_joined([cell for cell in row if cell], separator) for row in rows)
            return "\n".join(f"- {self.inlines(item)}" for item in items)
        cells = [[self.inlines(cell, in_table=True) for cell in row] for row in rows]
        return mdtext.table(header, cells)

    def inlines(self, inlines: Inlines, *, in_table: bool = False) -> str:
        """Inlines one after the other; in a table no bare pipe."""
        return "".join(self.inline(part, in_table=in_table) for part in inlines)

    def inline(self, part: Inline, *, in_table: bool) -> str:
        match part:
            case Text(text):
                return mdtext.escape(mdtext.one_line(text), self.dest)
            case Words(text):
                return text
            case Strong(text):
                return f"**{text.strip()}**{' ' if text.endswith(' ') else ''}"  # `**a **` would not close
            case Code(text):
                return mdtext.html_code(text) if in_table and "|" in text else mdtext.code(text, self.dest)
            case Link(inner, href):
                text = self.inlines(inner, in_table=in_table)
                return mdtext.link(text, href, self.dest) if href else text
            case Anchor(identifier):
                return mdtext.anchor(identifier, self.anchor)
            case Summary(doc, lead):
                sentence = docstrings.summary_markdown(doc, self.dest, self.resolve)
                return lead + sentence if sentence else ""


def plain(blocks: Iterable[Block]) -> str:
    """Blocks -> readable text for terminals, logs and screen readers; links keep their text, folds stay open."""
    lines: list[str] = []
    for block in blocks:
        match block:
            case Title(level, inlines):
                title = plain_inlines(inlines)
                lines += ["", title, ("=" if level == 1 else "-") * len(title)] if level < 3 else ["", title]
            case Paragraph(inlines):
                lines.append(plain_inlines(inlines))
            case Item(depth, inlines):
                lines.append(f"{'  ' * (depth + 1)}{plain_inlines(inlines)}")
            case Fence(text, _):
                lines += ["", *(f"    {line}" for line in mdtext.visible(text).split("\n")), ""]
            case Docstring(doc):
                lines += [f"    {line}" for line in docstrings.to_text(doc).split("\n")]
            case Authored(markdown):
                lines += ["", mdtext.visible(markdown).strip("\n")]
            case Fold(summary, inner):
                lines += [mdtext.one_line(summary), plain(inner).rstrip("\n")]
            case Table(_, rows):
                separator = [Words("  ")]
                lines += [f"  {plain_inlines(_joined([cell for cell in row if cell], separator))}" for row in rows]
    return "\n".join(lines).strip("\n") + "\n"


def plain_inlines(inlines: Inlines) -> str:
    """The text of inlines."""
    return "".join(_plain_inline(part) for part in inlines)


def _plain_inline(part: Inline) -> str:
    match part:
        case Link(inner, _):
            return plain_inlines([part for part in inner if part is not JUMP and part is not OPEN])
        case Anchor():
            return ""
        case Summary(doc, lead):
            sentence = docstrings.summary(doc)
            return lead + sentence if sentence else ""
        case _:
            return mdtext.one_line(part.text)


def _joined(groups: Sequence[Inlines], separator: Inlines) -> list[Inline]:
    joined: list[Inline] = []
    for number, group in enumerate(groups):
        joined += [*(separator if number else ()), *group]
    return joined

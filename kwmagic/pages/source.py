"""The source of a file: whole, folded or linked; on a page of a site in pieces that lines and definitions lead to."""

from __future__ import annotations

from collections.abc import Iterator

from kwmagic.evidence.purpose import count
from kwmagic.languages import BY_NAME
from kwmagic.markup import Anchor, Block, Code, Fence, Fold, Inline, Link, Paragraph, Words
from kwmagic.pages.entry import in_page
from kwmagic.pages.places import joined
from kwmagic.pages.source_pieces import Piece
from kwmagic.pages.subject import View

_FOLDED = 64 * 1024
"""Characters of source that a cell holds, folded; more is linked."""


def section(view: View) -> Iterator[Block]:
    if not view.has_source:
        return
    subject, facts = view.subject, view.facts
    is_linked = view.source == "link" or not view.amount.source
    if subject.options.source is None and subject.in_cell and len(subject.text) > _FOLDED:
        is_linked = is_linked or subject.target.focus is None
    if view.pieces and not is_linked:
        yield from _in_pieces(view)
        return
    for first, last in subject.spans:
        if is_linked:
            url = view.reader.source(facts.ref, first, last)
            yield Paragraph([Link([Code(facts.path)], url), Words(f" ({count(last - first + 1, 'line')})")])
        else:
            yield _lines(view, first, last)


def _in_pieces(view: View) -> Iterator[Block]:
    for identifier, piece in view.pieces:
        yield Paragraph([Anchor(identifier), *_head(view, piece)])
        yield _lines(view, piece.first, piece.last)


def _head(view: View, piece: Piece) -> list[Inline]:
    """`Lines 120–180: `f`, `g`: to the source itself, and back to what is said of these definitions."""
    site = view.reader.site
    url = None if site is None or site.closed else site.source(view.facts.ref, piece.first, piece.last)
    words = f"Line {piece.first}" if piece.last == piece.first else f"Lines {piece.first}–{piece.last}"
    symbols = [view.symbols[number] for number in piece.numbers]
    names = [[in_page(each.qualname, view.href(each.qualname, each.line), in_cell=False)] for each in symbols]
    return [Link([Words(words)], url), *([Words(": ")] if names else []), *joined(names)]


def _lines(view: View, first: int, last: int) -> Block:
    language = BY_NAME.get(view.facts.language)
    text = "\n".join(view.lines[first - 1 : last])
    name = language.fence if language else ""
    is_html = view.reader.site is not None and view.reader.site.is_html
    fence = Fence(text, f"{name or 'text'} first={first}" if is_html else name)
    return fence if view.source == "full" else Fold(f"{view.facts.path}, lines {first:,} to {last:,}", [fence])

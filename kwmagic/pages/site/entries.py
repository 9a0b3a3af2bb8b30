"""The entries that a file has in the lists of its folders and of the site, ready but for what is relative to a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from kwmagic.kinds import MEMBERS, OUTLINE
from kwmagic.markup import Code, Inline, Summary, Text, Words, Writer
from kwmagic.mdtext import Dest
from kwmagic.model import FILE, Symbol
from kwmagic.pages.entry import doc_of, marks, shortened, title
from kwmagic.pages.select import owner_of
from kwmagic.pages.subject import View

OTHERS = "0"
"""The letter of what begins with none of a to z."""
LETTERS = (*"abcdefghijklmnopqrstuvwxyz", OTHERS)
_MAX_SIGNATURE = 80
"""Characters of a name with its signature in a list of thousands; a longer name stands alone."""


class SiteEntry(NamedTuple):
    """One symbol; of strings only, since a site has 100,000 of them, which are kept from one build to the next."""

    kind: str
    letter: str
    """Of `LETTERS`."""
    key: str
    """What it is sorted by before its path and line: the name without case and leading underscores."""
    anchor: str
    """Its section on the documentation page of its file; "" for the page itself."""
    label: str
    """Name and signature, as Markdown."""
    about: str
    """What it belongs to and what is special about it, as Markdown behind its kind: ` of `Decoder` (async)`."""
    spot: str
    """Where in the file, as it stands behind the path: `:12`."""
    summary: str
    """First sentence of its docstring, as Markdown; "" where it has none."""


def entries(view: View) -> list[SiteEntry]:
    """Every symbol of a file, the module itself first where it is one; the others by line."""
    writer = Writer(Dest.PAGE)
    return [_entry(view, symbol, anchor, writer) for symbol, anchor in anchored(view)]


def anchored(view: View) -> Iterator[tuple[Symbol, str]]:
    """Every symbol of a file with the anchor of its section; "" for the module, which is the whole page, and where the
    page has no sections."""
    has_sections = view.subject.options.shows("analysis")
    anchors = iter(view.anchors)
    for symbol in view.facts.symbols:
        anchor = "" if FILE in symbol.flags else next(anchors)
        yield symbol, anchor if has_sections else ""


def letter(name: str) -> str:
    """The letter that a name is listed under."""
    first = folded(name)[:1]
    return first if "a" <= first <= "z" else OTHERS


def folded(name: str) -> str:
    """A name as lists are sorted: without case and leading underscores."""
    return name.lstrip("_").lower()


def to_entries(rows: Any) -> list[SiteEntry]:
    """The entries that were written as JSON or with marshal."""
    return [SiteEntry._make(row) for row in rows]


def _entry(view: View, symbol: Symbol, anchor: str, writer: Writer) -> SiteEntry:
    name, owner = symbol.name, owner_of(symbol)
    if FILE in symbol.flags and view.subject.around.module:
        owner, _, name = view.subject.around.module.rpartition(".")
    named = symbol._replace(name=name, kind=str(symbol.kind))
    doc = doc_of(symbol, view.facts)
    return SiteEntry(
        str(symbol.kind),
        letter(name),
        f"{folded(name)}\0{name}",
        anchor,
        writer.inlines([Code(_label(named))]),
        writer.inlines([*_owner(symbol, owner), Text(marks(symbol))]),
        f", cell {symbol.cell}, L{symbol.line}" if symbol.cell else f":{symbol.line}" if symbol.line else "",
        writer.inlines([Summary(doc)]) if doc else "",
    )


def _label(symbol: Symbol) -> str:
    """Name and signature; the value of a long assignment tells nobody what to look for."""
    return shortened(title(symbol, qualified=False), max(len(symbol.name), _MAX_SIGNATURE))


def _owner(symbol: Symbol, owner: str) -> list[Inline]:
    if not owner:
        return []
    return [Words(" of " if symbol.kind in MEMBERS | OUTLINE else " in "), Code(shortened(owner))]

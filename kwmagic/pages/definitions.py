"""Sections of a document that tell of its definitions: each one in order, and how its classes are related."""

from __future__ import annotations

from collections.abc import Iterator

from kwmagic.kinds import ASSIGNED, CALLED, OUTLINE
from kwmagic.markup import (
    Anchor,
    Block,
    Code,
    Docstring,
    Inline,
    Inlines,
    Item,
    Link,
    Paragraph,
    Strong,
    Summary,
    Text,
    Title,
    Words,
)
from kwmagic.model import Kind, Symbol
from kwmagic.pages.entry import doc_of, entry, listed, marks, place, title
from kwmagic.pages.places import keep_whole
from kwmagic.pages.sections import TITLED, described
from kwmagic.pages.select import owner_of
from kwmagic.pages.subject import View

_HIGH_COMPLEXITY = 10
"""McCabe numbers above this are printed; the limit that McCabe (1976) proposes, and ruff's default."""
_MAX_HEAD = 4_000
"""Characters of a definition's name and signature; longer ones are made by machines, for no reader."""


def analysis(view: View) -> Iterator[Block]:
    is_whole = view.amount.docs == "full" and view.subject.target.focus is None
    is_own = view.facts.doc not in (symbol.doc for symbol in view.symbols if symbol.kind == Kind.PACKAGE)
    if is_whole and is_own and view.facts.language not in TITLED and (doc := doc_of(view.facts, view.facts)):
        shown = described(view) if view.subject.options.shows("purpose") else ""
        if rest := doc.strip().removeprefix(shown).strip():
            yield Docstring(rest)
    yield from _outline(view)
    level = 3
    for number, symbol in enumerate(view.symbols):
        if number in view.shown and symbol.kind not in OUTLINE:
            for block in _definition(view, symbol, view.anchors[number], level):
                level = 4 if isinstance(block, Title) else level
                yield block
    held = len(view.symbols) - len(view.shown)
    if held or view.amount.docs != "full":
        yield Paragraph(_held_back(view, held))


def _outline(view: View) -> Iterator[Block]:
    """Headings, sections and keys, one inside the other."""
    depths: dict[str, int] = {}
    for number, symbol in enumerate(view.symbols):
        if symbol.kind in OUTLINE:
            depths[symbol.qualname] = depth = depths.get(owner_of(symbol), -1) + 1
            if number in view.shown:
                line = entry(symbol, view.facts, view.reader, qualified=depth == 0)
                yield Item(depth, [Anchor(view.anchors[number]), *line])


def _held_back(view: View, held: int) -> Inlines:
    docs = {"full": "", "summary": "only the first sentence of each docstring", "none": "no docstrings"}
    parts = [f"{held:,} definitions not listed" if held else "", docs[view.amount.docs]]
    said = ", ".join(part for part in parts if part)
    lead = f"Shortened to keep this cell small ({said}). Name one definition for all of it, or keep the whole: "
    return [Words(lead), *keep_whole(view), Words(".")]


def _definition(view: View, symbol: Symbol, anchor: str, deepest: int) -> Iterator[Block]:
    """One definition: in a cell one without docstring is a list entry, on a page each has its heading, of the level
    *deepest* at most, as what it is in may have none."""
    doc = doc_of(symbol, view.facts).strip("\n") if view.amount.docs != "none" else ""
    is_short = symbol.kind in ASSIGNED
    name = Code(title(symbol, qualified=True, most=_MAX_HEAD))
    kind = [] if is_short else [Strong(f"{symbol.kind.replace('_', ' ')} ")]
    about = [*_where(view, symbol), *listed(" · ", [f"@{decorator}" for decorator in symbol.decorators])]
    if not doc and (is_short or view.subject.in_cell):
        yield Item(0, [Anchor(anchor), *kind, name, *about])
        return
    if is_short and "\n" not in doc and ". " not in doc:
        yield Item(0, [Anchor(anchor), name, *about, Summary(doc, " — ")])
        return
    yield Paragraph([Anchor(anchor)])
    if view.subject.in_cell or is_short:
        yield Paragraph([*kind, name, *about])
    else:
        is_inner = symbol.qualname not in (symbol.name, view.subject.target.focus)
        yield Title(
            min(4 if is_inner else 3, deepest), [Words(f"{symbol.kind.replace('_', ' ')} "), Code(symbol.qualname)]
        )
        written = title(symbol, qualified=False, most=_MAX_HEAD)
        yield Paragraph([Code(written), *about] if written != symbol.qualname else _without_lead(about))
    if doc:
        yield Docstring(doc) if view.amount.docs == "full" else Paragraph([Summary(doc)])


def _without_lead(about: Inlines) -> list[Inline]:
    """What follows a name, without the dot that parts them."""
    parts = [part for part in about if part != Text("")]
    return parts[1:] if parts[:1] == [Words(" · ")] else parts


def _where(view: View, symbol: Symbol) -> list[Inline]:
    complexity = view.subject.detail.complexity.get(symbol.line, 0)
    is_high = complexity > _HIGH_COMPLEXITY and symbol.kind in CALLED
    note = [Words(f" · McCabe complexity {complexity} (over {_HIGH_COMPLEXITY})")] if is_high else []
    where = place(view.reader, view.facts.ref, symbol.line, symbol.end_line, symbol.cell)
    return [Text(marks(symbol)), *where, *_source(view, symbol), *note]


def _source(view: View, symbol: Symbol) -> list[Inline]:
    """Where the page itself has the source of a definition, unless that is what its lines are linked to."""
    site = view.reader.site
    if site is None or not site.pieces or symbol.kind in ASSIGNED or (site.closed and not site.template):
        return []
    return [Words(" · "), Link([Words("source")], site.piece(symbol.line))]

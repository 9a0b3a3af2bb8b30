"""Sections of a document that tell of its definitions: each one in order, and how its classes are related."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kwmagic.evidence.classes import ClassFacts, classes, edges, subclasses
from kwmagic.kinds import ASSIGNED, CALLED, OUTLINE
from kwmagic.markup import (
    Anchor,
    Block,
    Code,
    Docstring,
    Fence,
    Inline,
    Inlines,
    Item,
    Paragraph,
    Strong,
    Summary,
    Text,
    Title,
    Words,
)
from kwmagic.mdtext import mermaid_label
from kwmagic.model import Kind, Symbol
from kwmagic.pages.entry import doc_of, entry, in_page, listed, marks, place, title
from kwmagic.pages.sections import TITLED, described
from kwmagic.pages.select import owner_of
from kwmagic.pages.subject import View

_HIGH_COMPLEXITY = 10
"""McCabe numbers above this are printed; the limit that McCabe (1976) proposes, and ruff's default."""
_MAX_HEAD = 4_000
"""Characters of a definition's name and signature; longer ones are made by machines, for no reader."""
_DIAGRAM = range(3, 26)
"""Numbers of classes that a diagram shows legibly."""


def analysis(view: View) -> Iterator[Block]:
    is_whole = view.amount.docs == "full" and view.subject.target.focus is None
    is_own = view.facts.doc not in (symbol.doc for symbol in view.symbols if symbol.kind == Kind.PACKAGE)
    if is_whole and is_own and view.facts.language not in TITLED and (doc := doc_of(view.facts, view.facts)):
        shown = described(view) if view.subject.options.shows("purpose") else ""
        if rest := doc.strip().removeprefix(shown).strip():
            yield Docstring(rest)
    yield from _outline(view)
    for number, symbol in enumerate(view.symbols):
        if number in view.shown and symbol.kind not in OUTLINE:
            yield from _definition(view, symbol, view.anchors[number])
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
    text = view.subject.target.text or view.subject.target.label
    return [
        Words(f"Shortened to keep this cell small ({said}). Name one definition for all of it, or keep the whole: "),
        Code(f"doc = %docfile {text}"),
        Words(" and "),
        Code("print(doc.to_markdown())"),
        Words("."),
    ]


def _definition(view: View, symbol: Symbol, anchor: str) -> Iterator[Block]:
    """One definition: in a cell one without docstring is a list entry, on a page each has its heading."""
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
        yield Title(4 if is_inner else 3, [Words(f"{symbol.kind.replace('_', ' ')} "), Code(symbol.qualname)])
        yield Paragraph([Code(title(symbol, qualified=False, most=_MAX_HEAD)), *about])
    if doc:
        yield Docstring(doc) if view.amount.docs == "full" else Paragraph([Summary(doc)])


def _where(view: View, symbol: Symbol) -> list[Inline]:
    complexity = view.subject.detail.complexity.get(symbol.line, 0)
    is_high = complexity > _HIGH_COMPLEXITY and symbol.kind in CALLED
    note = [Words(f" · McCabe complexity {complexity} (over {_HIGH_COMPLEXITY})")] if is_high else []
    return [Text(marks(symbol)), *place(view.reader, view.facts.ref, symbol.line, symbol.end_line, symbol.cell), *note]


def architecture(view: View) -> Iterator[Block]:
    found = classes([view.facts])
    derived = subclasses(found)
    for each in found[: view.amount.most]:
        yield from _related(view, each, derived.get(each.symbol.qualname, []))
    wants = view.subject.options.diagram
    if wants or (wants is None and not view.subject.in_cell):
        yield from _diagram(found)


def _related(view: View, each: ClassFacts, derived: Sequence[ClassFacts]) -> Iterator[Block]:
    symbol = each.symbol
    bases = [base for base in each.bases if base != "object"]
    if not (derived or each.abstract or any(base not in symbol.bases for base in bases)):
        return  # the class's own line says as much
    line: list[Inline] = [_linked(view, symbol.qualname, symbol.line)]
    if bases:
        line += _listed(view, " derives from ", bases)
    line += place(view.reader, view.facts.ref, symbol.line)
    if derived:
        line += _listed(view, "; subclasses here: ", list(dict.fromkeys(one.symbol.qualname for one in derived)))
    if each.abstract:
        line += listed("; abstract: ", [one.name for one in each.abstract])
    yield Item(0, line)


def _linked(view: View, name: str, line: int = 0) -> Inline:
    return in_page(name, view.href(name, line), in_cell=view.subject.in_cell)


def _listed(view: View, lead: str, names: Sequence[str]) -> list[Inline]:
    line: list[Inline] = [Words(lead)]
    for number, name in enumerate(names):
        line += [Words(", " if number else ""), _linked(view, name)]
    return line


def _diagram(found: Sequence[ClassFacts]) -> Iterator[Block]:
    """The classes and their bases as a Mermaid diagram, where it is neither trivial nor illegible."""
    pairs = edges(found)
    names = list(dict.fromkeys(name for pair in pairs for name in pair[::-1]))
    if len(names) not in _DIAGRAM:
        return
    number = {name: index for index, name in enumerate(names)}
    lines = ["---", "config:", "  class:", "    hideEmptyMembersBox: true", "---", "classDiagram", "direction LR"]
    lines += [f'class c{index}["{mermaid_label(name)}"]' for name, index in number.items()]
    lines += [f"c{number[base]} <|-- c{number[name]}" for name, base in pairs]
    yield Fence("\n".join(lines), "mermaid")

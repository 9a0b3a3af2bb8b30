"""How the classes of a file are related to others of the project, and its module to those it imports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from kwmagic.evidence.classes import ClassFacts, classes, edges, subclasses
from kwmagic.evidence.surroundings import Cycle, Spot
from kwmagic.kinds import CALLED
from kwmagic.markup import Block, Code, Fence, Inline, Inlines, Item, Link, Words
from kwmagic.mdtext import mermaid_label
from kwmagic.model import Symbol
from kwmagic.pages.entry import in_page, lines_of, listed, place
from kwmagic.pages.places import at, every_use, joined
from kwmagic.pages.subject import View

_DIAGRAM = range(3, 26)
"""Numbers of classes that a diagram shows legibly."""
_CONFIGURED = '%%{init: {"class": {"hideEmptyMembersBox": true}}}%%'
"""Not as front matter between `---`, which MyST takes for the options of a directive."""
_SUBCLASSES = 15
"""Subclasses that a cell names for each class; a page, whose line must still be read, some more."""
_SUBCLASSES_ON_PAGE = 50
_ALIKE = 3
"""Classes with the same bases that are told of together."""
_PROTOCOLS = {"typing.Protocol", "typing_extensions.Protocol"}


def section(view: View) -> Iterator[Block]:
    found = classes([view.facts])
    derived = subclasses(found)
    told = [_class(view, each, derived.get(each.symbol.qualname, [])) for each in found]
    groups = list(_groups([each for each in told if each]))
    yield from (Item(0, _line(view, group)) for group in groups[: view.amount.most])
    if view.amount.most is not None and (left := sum(map(len, groups[view.amount.most :]))):
        yield Item(0, [Words(f"… and {left:,} more classes")])
    if view.subject.target.focus is None:
        yield from (Item(0, _cycle(view, each)) for each in view.subject.around.cycles)
    if view.draws:
        yield from _diagram([replace(each, bases=tuple(name for name, _ in _bases(view, each))) for each in found])


class _Told(NamedTuple):
    """What is said of a class."""

    symbol: Symbol
    bases: tuple[tuple[str, Spot | None], ...]
    rest: Inlines
    """What there is beside its bases."""


def _class(view: View, each: ClassFacts, derived: Sequence[ClassFacts]) -> _Told | None:
    """What a class derives from and what derives from it; nothing where its own line says as much."""
    symbol = each.symbol
    bases = tuple(base for base in _bases(view, each) if base[0] != "object")
    below = view.subject.around.subclasses.get(symbol.qualname, ())
    names = list(dict.fromkeys(one.symbol.qualname for one in derived))
    protocol = _members(view, each) if any(base in _PROTOCOLS for base, _ in bases) else []
    if "<locals>" in symbol.qualname:  # a class of one function, such as a test, tells only of what is outside of it
        names = []
    resolved = any(base not in symbol.bases and "<locals>" not in base for base, _ in bases)
    if not (below or names or each.abstract or resolved):
        return None
    rest: list[Inline] = []
    if below:
        rest += _below(view, symbol.qualname, below)
    elif names:
        rest += [Words("; subclasses here: "), *joined([[_linked(view, name)] for name in names])]
    rest += listed("; abstract: ", [one.name for one in each.abstract])
    return _Told(symbol, bases, [*rest, *listed("; protocol of ", protocol)])


def _groups(told: Sequence[_Told]) -> Iterator[list[_Told]]:
    """Classes of which nothing is said but the same bases together, where the first of them stands; else one by one."""
    alike: dict[tuple[tuple[str, Spot | None], ...], list[_Told]] = {}
    for each in told:
        if each.bases and not each.rest:
            alike.setdefault(each.bases, []).append(each)
    for each in told:
        group = alike.get(each.bases, []) if not each.rest else []
        if len(group) < _ALIKE:
            yield [each]
        elif each is group[0]:
            yield group


def _line(view: View, group: Sequence[_Told]) -> list[Inline]:
    first = group[0]
    bases = joined([_base(view, *base) for base in first.bases])
    if len(group) == 1:
        lead: list[Inline] = [Words(" derives from "), *bases] if bases else []
        where = place(view.reader, view.facts.ref, first.symbol.line)
        return [_linked(view, first.symbol.qualname, first.symbol.line), *lead, *where, *first.rest]
    most = view.limit(_SUBCLASSES) or len(group)
    names = [_named(view, each.symbol) for each in group[:most]]
    left = f" and {len(group) - most:,} more" if len(group) > most else ""
    return [*joined(names), Words(f"{left} derive from "), *bases]


def _named(view: View, symbol: Symbol) -> list[Inline]:
    lines = lines_of(view.reader, view.facts.ref, [symbol])
    return [_linked(view, symbol.qualname, symbol.line), Words(" ("), *lines, Words(")")]


def _bases(view: View, each: ClassFacts) -> Sequence[tuple[str, Spot | None]]:
    """The bases as the project resolves them, else as the file alone does."""
    known = view.subject.around.bases.get(each.symbol.line)
    if known is None:
        return [(base, None) for base in each.bases]
    return [(_short(view, name, spot), spot) for name, spot in known]


def _short(view: View, name: str, spot: Spot | None) -> str:
    """The name of a definition; one of this file goes without its module."""
    return spot.scope if spot and spot.scope and _is_here(view, spot) else name


def _is_here(view: View, spot: Spot) -> bool:
    """Whether a place is in the file itself, whose path starts elsewhere than those of the project's files."""
    own = view.facts.ref
    return spot.file.file == own.file if spot.file.file and own.file else spot.file.path == own.path


def _base(view: View, name: str, spot: Spot | None) -> list[Inline]:
    if spot is None or _is_here(view, spot):
        return [_linked(view, name)]
    return _elsewhere(view, name, spot)


def _elsewhere(view: View, name: str, spot: Spot) -> list[Inline]:
    """A definition of another file."""
    return [Link([Code(name)], view.reader.document(spot.file, spot.scope, spot.line)), *at(view.reader, *spot[:2])]


def _below(view: View, qualname: str, found: Sequence[tuple[str, Spot]]) -> list[Inline]:
    most = view.limit(_SUBCLASSES) or _SUBCLASSES_ON_PAGE
    number = "1 subclass" if len(found) == 1 else f"{len(found):,} subclasses"
    parts = [_subclass(view, name, spot) for name, spot in found[:most]]
    return [
        Words(f"; {number} in this project: "),
        *joined(parts),
        *every_use(view, qualname, len(found) - most),
    ]


def _subclass(view: View, name: str, spot: Spot) -> list[Inline]:
    if _is_here(view, spot):
        return [_linked(view, _short(view, name, spot))]
    return _elsewhere(view, name, spot)


def _members(view: View, each: ClassFacts) -> list[str]:
    """The methods that a protocol asks for."""
    prefix = each.symbol.qualname + "."
    found = (one for one in view.facts.symbols if one.kind in CALLED and one.qualname == prefix + one.name)
    return list(dict.fromkeys(one.name for one in found if each.symbol.line < one.line <= each.symbol.end_line))


def _cycle(view: View, cycle: Cycle) -> list[Inline]:
    """Modules that import each other in a ring, each with the line that leads to the next."""
    ring: list[list[Inline]] = [
        [_module(view, name, spot), *(at(view.reader, spot.file, spot.line) if number else _here(view, spot))]
        for number, (name, spot) in enumerate(zip(cycle.modules, cycle.spots, strict=False))
    ]
    ring.append([Code(cycle.modules[0])])
    return [Words("Import cycle at module level: "), *joined(ring, " imports ")]


def _module(view: View, name: str, spot: Spot) -> Inline:
    """A module of a ring; the file itself is only named."""
    return Code(name) if _is_here(view, spot) else Link([Code(name)], view.reader.document(spot.file))


def _here(view: View, spot: Spot) -> list[Inline]:
    """A line of this very file."""
    return [Words(" ("), Link([Words(f"L{spot.line}")], view.reader.source(view.facts.ref, spot.line)), Words(")")]


def _linked(view: View, name: str, line: int = 0) -> Inline:
    return in_page(name, view.href(name, line), in_cell=view.subject.in_cell)


def _diagram(found: Sequence[ClassFacts]) -> Iterator[Block]:
    """The classes and their bases as a Mermaid diagram, where it is neither trivial nor illegible."""
    pairs = edges(found)
    names = list(dict.fromkeys(name for pair in pairs for name in pair[::-1]))
    if len(names) not in _DIAGRAM:
        return
    number = {name: index for index, name in enumerate(names)}
    lines = [_CONFIGURED, "classDiagram", "direction LR"]
    lines += [f'class c{index}["{mermaid_label(name)}"]' for name, index in number.items()]
    lines += [f"c{number[base]} <|-- c{number[name]}" for name, base in pairs]
    yield Fence("\n".join(lines), "mermaid")

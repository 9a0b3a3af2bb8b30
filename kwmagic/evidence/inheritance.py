"""The classes of a file in the project: where their bases are defined, and which classes derive from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kwmagic.evidence.classes import around, dotted
from kwmagic.evidence.definitions import Definitions
from kwmagic.evidence.surroundings import Spot
from kwmagic.evidence.uses import Uses
from kwmagic.kinds import TYPES
from kwmagic.model import FileFacts, Symbol

Bases = dict[int, tuple[tuple[str, Spot | None], ...]]
"""Line of a class -> its bases, each with the place of its definition where the project has it."""


def classes(facts: FileFacts) -> Iterator[Symbol]:
    """The classes of a file, nested, conditional and local ones too."""
    return (symbol for symbol in facts.symbols if symbol.kind in TYPES)


def raw_base(known: Definitions, path: str, base: str) -> str:
    """What a base stands for by the file's own imports and definitions: `nn.Module` -> `torch.nn.Module`; as written
    where it is no dotted name or comes from elsewhere."""
    plain = dotted(base)
    if not plain:
        return base
    first, dot, rest = plain.partition(".")
    table = known.table(path)
    own = table.symbols.get(first)
    for row in table.imports.get(first, ()) if own is None or "conditional" in own.flags else ():
        if row.name is None and row.alias is None:
            return plain
        module = row.module if row.name is None else f"{row.module}.{row.name}"
        return module + dot + rest
    return f"{known.index.names.get(path, '')}.{plain}".lstrip(".") if own is not None else plain


def bases(known: Definitions, facts: FileFacts) -> Bases:
    """The bases of every class of a file, by the name of their definition where that is found."""
    own = {symbol.qualname: symbol for symbol in facts.symbols}
    return {
        symbol.line: tuple(_base_of(known, facts.path, symbol, base, own) for base in symbol.bases)
        for symbol in classes(facts)
        if symbol.bases
    }


def _base_of(
    known: Definitions, path: str, symbol: Symbol, base: str, own: Mapping[str, Symbol]
) -> tuple[str, Spot | None]:
    inner = around(symbol.qualname, base, own)
    if inner in own:
        spot = Spot(known.index.ref(path), own[inner].line, inner)
        return f"{known.index.names.get(path, '')}.{inner}".lstrip("."), spot
    if symbol.qualname == symbol.name or _is_seen(known, path, base, symbol):
        return _base(known, path, base)
    return base, None


def _is_seen(known: Definitions, path: str, base: str, symbol: Symbol) -> bool:
    """Whether an inner class means what its file calls so at the top: a variable around it may have the same name."""
    raw = raw_base(known, path, base)
    found = [spots for name, user, spots in known.index.uses_of(raw) if name == raw and user == path]
    lines = range(symbol.line, symbol.end_line + 1)
    return any(spot[2] == "base" and spot[0] in lines for spots in found for spot in spots)


def _base(known: Definitions, path: str, base: str) -> tuple[str, Spot | None]:
    raw = raw_base(known, path, base)
    found = known.definition(raw, path)
    if found is None or not found[1]:
        return raw, None
    target, qualname = found
    line = known.table(target).symbols[qualname].line
    return f"{known.index.names[target]}.{qualname}", Spot(known.index.ref(target), line, qualname)


def subclasses(known: Definitions, facts: FileFacts, found: Uses) -> dict[str, tuple[tuple[str, Spot], ...]]:
    """The classes of the project that derive directly from one of the file's, by name; metaclasses are no bases."""
    derived = {}
    for symbol in classes(facts):
        listed = {
            spot: f"{known.index.names.get(user, '')}.{spot.scope}".lstrip(".")
            for user, places in found.get(symbol.qualname, {}).items()
            for place in places
            if place.how == "base"
            for spot in _deriving(known, user, place.line, (facts.path, symbol.qualname))
        }
        if listed:
            derived[symbol.qualname] = tuple(
                (name, spot)
                for spot, name in sorted(listed.items(), key=lambda each: (each[1], each[0].file.path, each[0].line))
            )
    return derived


def _deriving(known: Definitions, path: str, line: int, base: tuple[str, str]) -> Iterator[Spot]:
    """The class in the file at *path* whose head has *base* on this line."""
    facts = known.index.facts(path)
    around = [each for each in classes(facts) if each.line <= line <= each.end_line] if facts else []
    if around and any(known.definition(raw_base(known, path, each), path) == base for each in around[-1].bases):
        yield Spot(known.index.ref(path), around[-1].line, around[-1].qualname)

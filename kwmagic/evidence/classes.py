"""How the classes of some files are related: resolved bases, subclasses, abstract methods."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from kwmagic.evidence.importing import absolute
from kwmagic.kinds import TYPES
from kwmagic.model import FileFacts, Symbol

_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_ABSTRACT = {"abstractmethod", "abstractproperty", "abstractclassmethod", "abstractstaticmethod"}


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """One class with what its names stand for."""

    facts: FileFacts
    symbol: Symbol
    bases: tuple[str, ...]
    """Resolved through the file's imports where a base is a plain dotted name, else as written."""
    abstract: tuple[Symbol, ...]
    """Its own abstract methods and properties."""


def classes(files: Iterable[FileFacts]) -> list[ClassFacts]:
    """The classes of some files, in order, conditional and local ones too."""
    found = []
    for facts in files:
        known = {symbol.qualname for symbol in facts.symbols}
        for symbol in facts.symbols:
            if symbol.kind in TYPES:
                bases = tuple(around(symbol.qualname, base, known) or resolved(base, facts) for base in symbol.bases)
                found.append(ClassFacts(facts, symbol, bases, _abstract(facts, symbol)))
    return found


def around(qualname: str, base: str, known: Collection[str]) -> str:
    """The qualname of a base that is defined in what the class *qualname* is defined in, its function or class; "" for
    any other. *known*: the qualnames of the file. A method does not see the names of its class."""
    first, dot, rest = dotted(base).partition(".")
    scope = qualname.rpartition(".")[0]
    while first and scope:
        if f"{scope}.{first}" in known and (scope.endswith("<locals>") or scope == qualname.rpartition(".")[0]):
            return f"{scope}.{first}{dot}{rest}"
        scope = scope.rpartition(".")[0]
    return ""


def dotted(base: str) -> str:
    """The dotted name in a base class as it is written, `t.List` in `t.List[int]`; "" where it is none."""
    plain = base.partition("[")[0].strip()
    return plain if _DOTTED.fullmatch(plain) else ""


def resolved(name: str, facts: FileFacts) -> str:
    """What a dotted name in a file stands for: `nn.Module` -> `torch.nn.Module` after `import torch.nn as nn`.

    Relative imports keep their dots where the path of the file does not start at its package.
    """
    plain = dotted(name)
    if not plain:
        return name
    first, dot, rest = plain.partition(".")
    package = facts.path.rpartition("/")[0].replace("/", ".")
    for each in facts.imports:
        if "local" in each.flags or each.name == "*":
            continue
        if each.name is None:
            if each.alias == first:
                return each.module + dot + rest
        elif (each.alias or each.name) == first:
            module = absolute(each.module, package, is_package=True) or each.module
            return f"{module}{'' if module.endswith('.') else '.'}{each.name}{dot}{rest}"
    return plain


def _abstract(facts: FileFacts, owner: Symbol) -> tuple[Symbol, ...]:
    prefix = owner.qualname + "."
    return tuple(
        symbol
        for symbol in facts.symbols
        if owner.line < symbol.line <= owner.end_line
        and symbol.qualname == prefix + symbol.name
        and any(decorator.rpartition(".")[2] in _ABSTRACT for decorator in symbol.decorators)
    )


def subclasses(found: Sequence[ClassFacts]) -> dict[str, list[ClassFacts]]:
    """Class name as a base is written after resolution -> the classes that derive from it."""
    derived: dict[str, list[ClassFacts]] = {}
    for each in found:
        for base in dict.fromkeys(each.bases):
            derived.setdefault(base, []).append(each)
    return derived


def edges(found: Sequence[ClassFacts]) -> list[tuple[str, str]]:
    """The pairs (class, base) of a class diagram, each once, without `object`; base names resolved."""
    pairs = ((each.symbol.qualname, base) for each in found for base in each.bases)
    return [pair for pair in dict.fromkeys(pairs) if pair[1] not in ("object", pair[0])]

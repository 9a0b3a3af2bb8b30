"""How the classes of some files are related: resolved bases, subclasses, abstract methods."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
    return [
        ClassFacts(facts, symbol, _bases(facts, symbol), _abstract(facts, symbol))
        for facts in files
        for symbol in facts.symbols
        if symbol.kind in TYPES
    ]


def _bases(facts: FileFacts, symbol: Symbol) -> tuple[str, ...]:
    return tuple(resolved(base, facts) for base in symbol.bases)


def resolved(name: str, facts: FileFacts) -> str:
    """What a dotted name in a file stands for: `nn.Module` -> `torch.nn.Module` after `import torch.nn as nn`."""
    plain = name.partition("[")[0].strip()
    if not _DOTTED.fullmatch(plain):
        return name
    first, dot, rest = plain.partition(".")
    for each in facts.imports:
        if "local" in each.flags or each.name == "*":
            continue
        if each.name is None:
            if each.alias == first:
                return each.module + dot + rest
        elif (each.alias or each.name) == first:
            module = absolute(each.module, facts.path)
            return f"{module}{'' if module.endswith('.') else '.'}{each.name}{dot}{rest}"
    return plain


def absolute(module: str, path: str) -> str:
    """The dotted name of a module that the file at `path` names with leading dots; as written where `path`, which then
    does not start at the package, can't tell."""
    level = len(module) - len(module.lstrip("."))
    if not level:
        return module
    package = path.split("/")[:-level]
    if not package:
        return module
    return ".".join([*package, *filter(None, [module[level:]])])


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

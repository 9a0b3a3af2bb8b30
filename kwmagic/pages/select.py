"""Which of a file's symbols and imports an index shows, and how they nest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kwmagic.kinds import NAMESPACES, OUTLINE
from kwmagic.model import SEPARATORS, FileFacts, Import, Symbol
from kwmagic.options import IndexOptions, matcher


class Selected(NamedTuple):
    """What is left of one file after the options."""

    facts: FileFacts
    symbols: tuple[Symbol, ...]
    imports: tuple[Import, ...]


def select(files: Iterable[FileFacts], options: IndexOptions) -> list[Selected]:
    """Apply kind, name, private, local and depth to each file; files of a depth too great are left out."""
    matches = matcher(options.match)
    kinds = frozenset(options.kinds)
    is_plain = not (kinds or options.match) and options.private and options.local
    chosen = []
    for facts in files:
        if options.depth is not None and facts.path.count("/") >= options.depth:
            continue
        if is_plain:
            chosen.append(Selected(facts, facts.symbols, facts.imports))
            continue
        symbols = tuple(
            symbol
            for symbol in facts.symbols
            if _is_wanted(symbol, kinds, options) and matches(symbol.name, symbol.qualname)
        )
        takes_imports = not kinds or "import" in kinds
        imports = tuple(
            each
            for each in facts.imports
            if takes_imports and _is_wanted_import(each, options) and matches(*_bound(each))
        )
        chosen.append(Selected(facts, symbols, imports))
    return chosen


def _is_wanted(symbol: Symbol, kinds: frozenset[str], options: IndexOptions) -> bool:
    if kinds and symbol.kind not in kinds:
        return False
    if not options.local and "local" in symbol.flags:
        return False
    return options.private or not is_hidden(symbol)


def _is_wanted_import(each: Import, options: IndexOptions) -> bool:
    if not options.local and "local" in each.flags:
        return False
    return options.private or not is_private(_bound(each)[0])


def _bound(each: Import) -> tuple[str, str]:
    """The name that an import binds, and the full name of what it binds."""
    name = each.alias or each.name or each.module
    return name, f"{each.module}.{each.name}" if each.name else each.module


def owner_of(symbol: Symbol) -> str:
    """The qualname of what a symbol is defined in; empty at the top of a file."""
    owner = symbol.qualname[: -len(symbol.name)]
    for separator in SEPARATORS:
        owner = owner.removesuffix(separator)
    return owner.removesuffix(".<locals>").removesuffix("[]")  # `jobs[].name`: a key of the items of `jobs`


def top_level(symbols: Sequence[Symbol]) -> list[Symbol]:
    """What is defined in no other definition but a namespace."""
    open_to_all = {"", *(symbol.qualname for symbol in symbols if symbol.kind in NAMESPACES)}
    return [symbol for symbol in symbols if owner_of(symbol) in open_to_all]


def is_hidden(symbol: Symbol) -> bool:
    """Whether a symbol, or what it is defined in, is private by its name or its access level."""
    return "private" in symbol.flags or any(map(is_private, symbol.qualname.split(".")))


def is_private(name: str) -> bool:
    """One leading underscore or more, but not `__dunder__`."""
    return name.startswith("_") and not (name.startswith("__") and name.endswith("__"))


def order(symbols: Iterable[Symbol], sort: str) -> list[Symbol]:
    """By name without case and leading underscores (then by line), or by line."""
    if sort == "line":
        return sorted(symbols, key=lambda symbol: (symbol.cell, symbol.line))
    return sorted(symbols, key=lambda symbol: (symbol.name.lstrip("_").lower(), symbol.name, symbol.line))


class Node(NamedTuple):
    """A symbol and what is defined inside it."""

    symbol: Symbol
    children: list[Node]


def tree(symbols: Iterable[Symbol], sort: str) -> list[Node]:
    """Symbols (by line) nested as they are defined; one whose owner is not among them stands at the top."""
    top: list[Node] = []
    by_name: dict[str, Node] = {}
    for symbol in symbols:
        node = Node(symbol, [])
        owner = owner_of(symbol)
        (by_name[owner].children if owner in by_name else top).append(node)
        by_name[symbol.qualname] = node
    return _sorted(top, sort)


def _sorted(nodes: list[Node], sort: str) -> list[Node]:
    for node in nodes:
        if node.children:
            node.children[:] = _sorted(node.children, sort)
    return sorted(nodes, key=_by_line if sort == "line" else _by_name)


def _by_line(node: Node) -> tuple[int, int]:
    return node.symbol.cell, node.symbol.line


def _by_name(node: Node) -> tuple[str, str, int, int]:
    """Headings and keys keep the order of their file, in front of what has a name to look up."""
    name = "" if node.symbol.kind in OUTLINE else node.symbol.name
    return name.lstrip("_").lower(), name, *_by_line(node)

"""The imports between the modules of one folder: a list and a drawing where they are few, else the most imported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from kwmagic.evidence.module_graph import ModuleEdge
from kwmagic.evidence.purpose import count
from kwmagic.links import Reader
from kwmagic.markup import Block, Code, Fence, Inline, Item, Link, Words
from kwmagic.mdtext import mermaid_label
from kwmagic.model import FileFacts

_NODES = 12
"""Modules that a drawing shows legibly."""
_EDGES = 30
"""Imports that a drawing or a list shows."""
_MOST_IMPORTED = 10
"""Modules that are named where there are more imports than that."""


def section(edges: Sequence[ModuleEdge], reader: Reader, most: int | None, *, draws: bool) -> Iterator[Block]:
    """*most* is the number of entries of a list after which the rest is only counted."""
    if not edges:
        return
    if len(edges) > _EDGES:
        yield from _in_short(edges, min(_MOST_IMPORTED, most or _MOST_IMPORTED))
        return
    yield Item(0, [Words("Imports between these modules, at module level")])
    lines = [_imports(list(group), reader) for _, group in groupby(edges, lambda edge: edge.importer.path)]
    yield from (Item(1, line) for line in lines[:most])
    if most is not None and len(lines) > most:
        yield Item(1, [Words(f"… and {len(lines) - most:,} more")])
    nodes = _nodes(edges)
    if draws and len(nodes) <= _NODES:
        yield Fence("\n".join(_drawing(edges, nodes)), "mermaid")


def _in_short(edges: Sequence[ModuleEdge], most: int) -> Iterator[Block]:
    nodes = _nodes(edges)
    told = f"{count(len(edges), 'import')} at module level between {len(nodes):,} of these modules"
    numbers = Counter(edge.imported.path for edge in edges)
    ranked = sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
    line: list[Inline] = [Words(f"{told}; most imported: ")]
    for number, (path, importers) in enumerate(ranked[:most]):
        line += [Words(", " if number else ""), Code(path), Words(f" (by {importers:,})")]
    yield Item(0, line)


def _imports(edges: Sequence[ModuleEdge], reader: Reader) -> list[Inline]:
    """`a.py` imports `b.py` (L3), `c.py` (L5)."""
    line: list[Inline] = [Code(edges[0].importer.path), Words(" imports ")]
    for number, edge in enumerate(edges):
        spot = Link([Words(f"L{edge.line}")], reader.source(edge.importer.ref, edge.line))
        line += [Words(", " if number else ""), Code(edge.imported.path), Words(" ("), spot, Words(")")]
    return line


def _nodes(edges: Sequence[ModuleEdge]) -> list[FileFacts]:
    by_path = {each.path: each for edge in edges for each in (edge.importer, edge.imported)}
    return [by_path[path] for path in sorted(by_path)]


def _drawing(edges: Sequence[ModuleEdge], nodes: Sequence[FileFacts]) -> Iterator[str]:
    number = {each.path: index for index, each in enumerate(nodes)}
    yield "flowchart LR"
    yield from (f'm{index}["{mermaid_label(path)}"]' for path, index in number.items())
    yield from (f"m{number[edge.importer.path]} --> m{number[edge.imported.path]}" for edge in edges)

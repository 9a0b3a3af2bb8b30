"""Which modules import each other in a ring when they are imported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from kwmagic.evidence.importing import APART
from kwmagic.evidence.modules import Index, imported, importing, leads_to
from kwmagic.evidence.surroundings import Cycle, Spot

MOST = 10
"""Modules in a knot whose ring is shown; a larger one is a fact of the whole project, not of one file."""


class Graph(Protocol):
    """Which modules import which when they are imported themselves."""

    def targets(self, path: str) -> Mapping[str, int]:
        """The files that a file imports, each with the line of the first import."""

    def importers(self, files: Iterable[str]) -> set[str]:
        """The files that import any of these."""


class Whole:
    """The edges of all files, known beforehand: path -> path that it imports -> line."""

    def __init__(self, edges: Mapping[str, Mapping[str, int]]) -> None:
        self._edges = edges
        self._importers: dict[str, set[str]] = {}
        for path, targets in edges.items():
            for target in targets:
                self._importers.setdefault(target, set()).add(path)

    def targets(self, path: str) -> Mapping[str, int]:
        """The files that a file imports, each with the line of the first import."""
        return self._edges.get(path, {})

    def importers(self, files: Iterable[str]) -> set[str]:
        """The files that import any of these."""
        return {importer for file in files for importer in self._importers.get(file, ())}


class _Asked:
    """Edges that are asked for as a search goes on."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.lines: dict[str, dict[str, int]] = {}

    def targets(self, path: str) -> dict[str, int]:
        """The files that a file imports, each with the line of the first import."""
        if path not in self.lines:
            self.lines[path] = imported(self.index, path, at_once=True)
        return self.lines[path]

    def importers(self, files: Iterable[str]) -> set[str]:
        """The files that import any of these."""
        return {
            hit.path
            for hit in importing(self.index, files)
            if APART.isdisjoint(hit.row.flags.split())
            and (hit.is_whole or leads_to(self.index, hit.path, hit.row) == hit.target)
        }


def cycles(index: Index, path: str, graph: Graph | None = None) -> tuple[Cycle, ...]:
    """The pairs that the file at *path* is in; without one, the shortest ring of its knot, if that has at most `MOST`
    modules. Imports in functions and those for types only do not count.

    *graph*: where it is known as a whole, as for many files it pays to; None: asked of the index step by step.
    """
    graph = graph or _Asked(index)
    back = [target for target in graph.targets(path) if path in graph.targets(target)]
    if back:
        ordered = sorted(back, key=lambda each: index.names[each])
        return tuple(_cycle(index, graph, [path, other]) for other in ordered)
    knot = _knot(graph, path)
    return (_cycle(index, graph, _ring(graph, path, knot)),) if 2 < len(knot) <= MOST else ()


def _knot(graph: Graph, path: str) -> set[str]:
    """The files that both lead to *path* and are led to from it; where there are more than `MOST`, that many or more.

    The side with fewer files goes on, so a search ends early: a module that few import is soon done, and in a large
    knot the two sides soon meet.
    """
    ahead, behind = {path}, {path}
    front, rear = {path}, {path}
    while front and rear and len(ahead & behind) <= MOST:
        if len(front) <= len(rear):
            front = {target for each in front for target in graph.targets(each)} - ahead
            ahead |= front
        else:
            rear = graph.importers(rear) - behind
            behind |= rear
    if len(ahead & behind) > MOST:
        return ahead & behind
    return _closed(graph, path, ahead if not front else behind, forward=not front)


def _closed(graph: Graph, path: str, side: set[str], *, forward: bool) -> set[str]:
    """Of a side that is searched to its end, the files that are on the other side as well."""
    edges: dict[str, set[str]] = {each: set() for each in side}
    for each in side:
        for target in side & graph.targets(each).keys():
            edges[target if forward else each].add(each if forward else target)
    found, front = {path}, {path}
    while front:
        front = {other for each in front for other in edges[each]} - found
        found |= front
    return found


def _ring(graph: Graph, path: str, knot: set[str]) -> list[str]:
    """The shortest way from a file through its knot back to it; of several the first by path."""
    before: dict[str, str] = {}
    front = [path]
    while front:
        reached = []
        for each in front:
            for target in sorted(knot & graph.targets(each).keys()):
                if target == path:
                    return _way(before, path, each)
                if target not in before:
                    before[target] = each
                    reached.append(target)
        front = reached
    return [path]


def _way(before: dict[str, str], path: str, last: str) -> list[str]:
    way = [last]
    while way[-1] != path:
        way.append(before[way[-1]])
    return way[::-1]


def _cycle(index: Index, graph: Graph, ring: list[str]) -> Cycle:
    steps = zip(ring, [*ring[1:], ring[0]], strict=True)
    spots = (Spot(index.ref(here), graph.targets(here)[there]) for here, there in steps)
    return Cycle(tuple(index.names[each] for each in ring), tuple(spots))

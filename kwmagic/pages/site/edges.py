"""Which parts of a folder import each other when they are imported themselves, and the order that follows from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from kwmagic.pages.record import Record
from kwmagic.pages.site.folder import Edge


class Edges(NamedTuple):
    """Inside one folder, by path."""

    modules: tuple[Edge, ...] = ()
    """Between files of the folder itself."""
    packages: tuple[Edge, ...] = ()
    """Between its subfolders, with all that is in them."""


def edges(records: Iterable[Record]) -> dict[str, Edges]:
    """Folder -> the imports inside of it; a folder without any is missing. *records* by path."""
    modules: dict[str, list[Edge]] = defaultdict(list)
    packages: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for record in records:
        pairs: dict[tuple[str, str, str], None] = {}
        for each in record.imports:
            if not each.at_once:
                continue
            folder, here, there = apart(record.path, each.path)
            if here == record.path and there == each.path:
                modules[folder].append(Edge(here, there, each.line, 1))
            elif record.path not in (here, there) and each.path != there:
                pairs[folder, here, there] = None
        for folder, here, there in pairs:
            packages[folder][here, there] = packages[folder].get((here, there), 0) + 1
    return {
        folder: Edges(
            tuple(modules.get(folder, ())),
            tuple(Edge(*pair, 0, files) for pair, files in sorted(packages.get(folder, {}).items())),
        )
        for folder in {*modules, *packages}
    }


def apart(one: str, other: str) -> tuple[str, str, str]:
    """The innermost folder that two files share, and what of it each is, or is in."""
    start = 0
    for end, (here, there) in enumerate(zip(one, other, strict=False)):
        if here != there:
            break
        if here == "/":
            start = end + 1
    return one[: max(start - 1, 0)], _first(one, start), _first(other, start)


def _first(path: str, start: int) -> str:
    end = path.find("/", start)
    return path if end < 0 else path[:end]


def ranks(nodes: Iterable[str], found: Sequence[Edge]) -> list[list[str]]:
    """The nodes in an order in which each comes behind all that it imports: first what imports nothing, then what
    imports only that … Those that import each other in a ring stand together, what the rest of the ring imports most
    first. Otherwise by name."""
    targets: dict[str, set[str]] = {node: set() for node in sorted(nodes)}
    for edge in found:
        targets[edge.importer].add(edge.imported)
    knots = _knots(targets)
    number = {node: place for place, knot in enumerate(knots) for node in knot}
    waiting = {
        place: {number[to] for node in knot for to in targets[node]} - {place} for place, knot in enumerate(knots)
    }
    ordered: list[list[str]] = []
    while waiting:
        free = sorted((place for place, needs in waiting.items() if not needs), key=lambda place: min(knots[place]))
        ordered += [_in_knot(knots[place], found) for place in free]
        waiting = {place: needs.difference(free) for place, needs in waiting.items() if needs}
    return ordered


def _in_knot(knot: Set[str], found: Iterable[Edge]) -> list[str]:
    """What more of the others import than it imports of them, first."""
    balance = dict.fromkeys(knot, 0)
    for edge in found:
        if edge.importer in knot and edge.imported in knot:
            balance[edge.importer] += edge.files
            balance[edge.imported] -= edge.files
    return sorted(knot, key=lambda node: (balance[node], node))


def _knots(targets: Mapping[str, Set[str]]) -> list[set[str]]:
    """The nodes that lead to each other, and every other node alone (Kosaraju's two searches, without recursion)."""
    sources: dict[str, set[str]] = {node: set() for node in targets}
    for node, others in targets.items():
        for other in others:
            sources[other].add(node)
    seen: set[str] = set()
    finished = [node for start in targets for node in _after(start, targets, seen)]
    seen.clear()
    knots = ({*_after(start, sources, seen)} for start in reversed(finished))
    return [knot for knot in knots if knot]


def _after(start: str, targets: Mapping[str, Set[str]], seen: set[str]) -> Iterator[str]:
    """What can be reached and was not seen before, each behind what is reached from it."""
    if start in seen:
        return
    seen.add(start)
    way = [(start, iter(sorted(targets[start])))]
    while way:
        node, left = way[-1]
        following = next((each for each in left if each not in seen), None)
        if following is None:
            way.pop()
            yield node
        else:
            seen.add(following)
            way.append((following, iter(sorted(targets[following]))))

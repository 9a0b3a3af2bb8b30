"""Where the boxes and lines of a small directed graph go, drawn from left to right with few crossings.

The method is Sugiyama's: cycles are broken, each node gets the column after its last predecessor, lines over several
columns get a joint in each, and columns are ordered and shifted towards the mean of their neighbours.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

Edge = tuple[int, int]
_Neighbours = Mapping[int, Sequence[int]]

BOX = 28
"""Height of a box, in pixels, as all lengths here."""
_BETWEEN_BOXES = 14
_BETWEEN_COLUMNS = 72
LEVEL = 14
"""How far a line is level before and after a column: the place of its arrow."""
_SWEEPS = 12
"""Times that columns are ordered anew; more hardly ever help graphs of this size."""


class Box(NamedTuple):
    """Left edge, middle line and width of a node."""

    x: float
    y: float
    width: float


class Run(NamedTuple):
    """A level part of a line."""

    left: float
    right: float
    y: float


class Layout(NamedTuple):
    """Boxes in the order of the nodes, lines in that of the edges."""

    boxes: tuple[Box, ...]
    lines: tuple[tuple[Run, ...], ...]
    """Of each its level runs from left to right, from box to box; a curve joins one to the next."""
    width: float
    height: float


def layout(widths: Sequence[float], edges: Sequence[Edge]) -> Layout:
    """Unconnected parts stand one below another. The nodes are 0, 1 … with these widths; none is joined to itself."""
    boxes: dict[int, Box] = {}
    lines: dict[Edge, tuple[Run, ...]] = {}
    width = top = 0.0
    for members in _parts(len(widths), edges):
        inside = [edge for edge in edges if edge[0] in members]
        graph = _Graph(members, inside, len(widths))
        height = graph.place(widths, top, boxes, lines)
        width = max([width, *(boxes[node].x + widths[node] for node in members)])
        top += height + _BETWEEN_BOXES
    ordered = tuple(boxes[node] for node in range(len(widths)))
    return Layout(ordered, tuple(lines[edge] for edge in edges), width, top - _BETWEEN_BOXES)


class _Graph:
    """One connected part: its columns of nodes and joints."""

    def __init__(self, members: Iterable[int], edges: Sequence[Edge], first_joint: int) -> None:
        nodes = sorted(members)
        forward = _acyclic(nodes, edges)
        rank = _ranks(nodes, forward)
        self.first_joint = first_joint
        self.chains: dict[Edge, list[int]] = {}
        """Edge, as given -> its nodes from left to right, with a joint in each column between."""
        self.before: dict[int, list[int]] = defaultdict(list)
        self.after: dict[int, list[int]] = defaultdict(list)
        joint = first_joint
        for edge in dict.fromkeys(edges):
            left, right = edge if edge in forward else edge[::-1]
            joints = range(joint, joint + rank[right] - rank[left] - 1)
            joint += len(joints)
            rank |= {each: rank[left] + 1 + step for step, each in enumerate(joints)}
            self.chains[edge] = [left, *joints, right]
            for one, other in pairwise(self.chains[edge]):
                self.after[one].append(other)
                self.before[other].append(one)
        columns: list[list[int]] = [[] for _ in range(max(rank.values()) + 1)]
        for node in rank:
            columns[rank[node]].append(node)
        self.columns = _untangled(columns, self.before, self.after)

    def place(
        self, widths: Sequence[float], top: float, boxes: dict[int, Box], lines: dict[Edge, tuple[Run, ...]]
    ) -> float:
        """Fill *boxes* and *lines* from *top* on; the height it takes."""
        y = self._heights()
        highest = min(y[node] - self._height(node) / 2 for node in y)
        shift = top - highest
        sizes = [
            max((widths[node] for node in column if node < self.first_joint), default=0) for column in self.columns
        ]
        lefts = [0.0, *accumulate(size + _BETWEEN_COLUMNS for size in sizes)]
        spans: dict[int, tuple[float, float]] = {}
        for left, size, column in zip(lefts, sizes, self.columns, strict=False):
            spans |= dict.fromkeys(column, (left, left + size))
            boxes |= {node: Box(left, y[node] + shift, widths[node]) for node in column if node < self.first_joint}
        for edge, chain in self.chains.items():
            runs = [Run(spans[node][0] - LEVEL, spans[node][1] + LEVEL, y[node] + shift) for node in chain]
            first, last = boxes[chain[0]], boxes[chain[-1]]
            runs[0] = runs[0]._replace(left=first.x + first.width)
            runs[-1] = runs[-1]._replace(right=last.x)
            lines[edge] = tuple(runs)
        return max(y[node] + self._height(node) / 2 for node in y) - highest

    def _heights(self) -> dict[int, float]:
        """Node -> its middle line: near its neighbours, and clear of the others of its column."""
        y: dict[int, float] = {}
        for column in self.columns:
            y |= zip(column, self._clear(column, [0.0] * len(column)), strict=True)
        for sweep in range(_SWEEPS):
            toward = (self.after, self.before)[sweep % 2]
            for column in self.columns[:: 1 if sweep % 2 else -1]:
                wanted = [_mean([y[each] for each in toward[node]], y[node]) for node in column]
                y |= zip(column, self._clear(column, wanted), strict=True)
        return y

    def _clear(self, column: Sequence[int], wanted: Sequence[float]) -> list[float]:
        """The nearest places to those *wanted*, by least squares, that keep order and distance."""
        steps = ((self._height(one) + self._height(other)) / 2 + _BETWEEN_BOXES for one, other in pairwise(column))
        offsets = list(accumulate(steps, initial=0.0))
        pools: list[tuple[float, int]] = []  # sum and number of those that have met
        for place, offset in zip(wanted, offsets, strict=True):
            pools.append((place - offset, 1))
            while len(pools) > 1 and pools[-2][0] * pools[-1][1] > pools[-1][0] * pools[-2][1]:
                (low, some), (high, more) = pools.pop(), pools.pop()
                pools.append((low + high, some + more))
        level = [total / number for total, number in pools for _ in range(number)]
        return [base + offset for base, offset in zip(level, offsets, strict=True)]

    def _height(self, node: int) -> float:
        return BOX if node < self.first_joint else 0


def _parts(number: int, edges: Iterable[Edge]) -> Iterator[set[int]]:
    """The connected parts, that with the first node first."""
    part = {node: {node} for node in range(number)}
    for one, other in edges:
        if part[one] is not part[other]:
            part[one] |= part[other]
            for node in part[other]:
                part[node] = part[one]
    yield from {id(each): each for each in part.values()}.values()


def _acyclic(nodes: Iterable[int], edges: Sequence[Edge]) -> set[Edge]:
    """The edges without those that lead back to where the search for a way comes from."""
    onward: dict[int, list[int]] = defaultdict(list)
    for one, other in edges:
        onward[one].append(other)
    forward: set[Edge] = set()
    done: set[int] = set()
    entered = {other for _, other in edges}

    def visit(node: int, way: frozenset[int]) -> None:
        for other in onward[node]:
            if other not in way:
                forward.add((node, other))
                if other not in done:
                    visit(other, way | {other})
        done.add(node)

    for node in sorted(nodes, key=lambda each: each in entered):
        if node not in done:
            visit(node, frozenset((node,)))
    return forward


def _ranks(nodes: Sequence[int], forward: Iterable[Edge]) -> dict[int, int]:
    """Node -> column: after all its predecessors, and a node without any just before its first successor."""
    rank = dict.fromkeys(nodes, 0)
    ordered = sorted(forward)
    for _ in nodes:
        for one, other in ordered:
            rank[other] = max(rank[other], rank[one] + 1)
    entered = {other for _, other in ordered}
    for node in nodes:
        below = [rank[other] for one, other in ordered if one == node]
        if node not in entered and below:
            rank[node] = min(below) - 1
    return rank


def _untangled(columns: list[list[int]], before: _Neighbours, after: _Neighbours) -> list[list[int]]:
    """The order with fewest crossings of those that sweeps to and fro come to."""
    best, fewest = columns, _crossings(columns, after)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        columns = _swept(columns, before) if sweep % 2 == 0 else _swept(columns[::-1], after)[::-1]
        if (crossings := _crossings(columns, after)) < fewest:
            best, fewest = columns, crossings
    return best


def _swept(columns: Sequence[Sequence[int]], toward: _Neighbours) -> list[list[int]]:
    """Each column ordered by the mean place of the neighbours in the one before it."""
    swept = [list(columns[0])]
    for column in columns[1:]:
        place = {node: number for number, node in enumerate(swept[-1])}
        own = {node: float(number) for number, node in enumerate(column)}
        mean = {node: _mean([place[each] for each in toward[node]], own[node]) for node in column}
        swept.append(sorted(column, key=mean.__getitem__))
    return swept


def _crossings(columns: Sequence[Sequence[int]], after: _Neighbours) -> int:
    number = 0
    for column, following in pairwise(columns):
        place = {node: index for index, node in enumerate(following)}
        seen: list[int] = []
        for node in column:
            ends = [place[each] for each in after[node]]
            number += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return number


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default

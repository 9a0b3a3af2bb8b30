"""The diagrams that kwmagic itself writes, of classes and of imports, drawn as SVG that needs no script.

Colours are those of the text around, so that they fit light, dark and print; assistive technology reads the relations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple

from kwmagic.html.diagram_layout import BOX, Box, Edge, Layout, Run, layout
from kwmagic.mdtext import visible

_NODES = 60
_EDGES = 300
"""More than kwmagic draws; a diagram of others that is larger stays text."""
_CHARACTERS = 48
"""Of a name; of a longer one its end is shown."""
_ADVANCE = 7.3
"""Width of a character at 12 pixels in a monospaced font, the widest usual."""
_PADDING = 10
_HEAD = 10
"""Length and width of an arrow's head."""
_MARGIN = 2
_FIT = 1000
"""Width of a diagram that can be read still where it is made as narrow as the text; a wider one is scrolled."""
_SETTING = re.compile(r"%%\{init: [^\n]*\}%%|direction LR")
_NODE = re.compile(r'(?:class )?([cm]\d+)\["([^"]*)"\]')
_EDGE = re.compile(r"([cm]\d+) (<\|--|-->) ([cm]\d+)")
_ENTITY = re.compile(r"#(\w*);?")
_CHARACTER = {"quot": '"', "lt": "<", "gt": ">", "amp": "&", "35": "#", "96": "`"}
"""What `mdtext.mermaid_label` writes."""


class _Kind(NamedTuple):
    title: str
    relation: str
    arrow: str
    derives: bool
    """Whether the first of an edge is the base, to which its hollow arrow points."""


_KINDS = {
    "classDiagram": _Kind("Diagram of {} classes", "{1} derives from {0}", "<|--", derives=True),
    "flowchart LR": _Kind("Diagram of the imports between {} modules", "{0} imports {1}", "-->", derives=False),
}


class _Diagram(NamedTuple):
    kind: _Kind
    names: tuple[str, ...]
    edges: tuple[Edge, ...]


def svg(mermaid: str, title: str = "") -> str | None:
    """A Mermaid diagram as one SVG element; None: not one of those that kwmagic writes.

    *title* is what it is called where it can't be seen; else it is told by its kind and size.
    """
    diagram = _parsed(mermaid)
    if diagram is None:
        return None
    shown = [_shortened(name) for name in diagram.names]
    drawn = layout([round(len(name) * _ADVANCE) + 2 * _PADDING for name in shown], diagram.edges)
    title = title or diagram.kind.title.format(len(diagram.names))
    said = "; ".join(diagram.kind.relation.format(diagram.names[a], diagram.names[b]) for a, b in diagram.edges)
    return "".join(
        [_opening(drawn), _text("title", title), _text("desc", said), *_drawn(diagram, drawn, shown), "</svg>"]
    )


def _parsed(mermaid: str) -> _Diagram | None:
    """Line by line; None where one is not understood."""
    lines = [line for line in map(str.strip, mermaid.splitlines()) if line and not _SETTING.fullmatch(line)]
    kind = _KINDS.get(lines[0]) if lines else None
    if kind is None or len(lines) > _NODES + _EDGES:
        return None
    names: dict[str, str] = {}
    edges: dict[tuple[str, str], None] = {}
    for line in lines[1:]:
        if node := _NODE.fullmatch(line):
            names[node[1]] = node[2]
        elif (edge := _EDGE.fullmatch(line)) and edge[2] == kind.arrow:
            edges[edge[1], edge[3]] = None
        else:
            return None
    number = {name: index for index, name in enumerate(names)}
    if not edges or len(names) > _NODES or any(a == b or not {a, b} <= names.keys() for a, b in edges):
        return None
    if any(entity[1] not in _CHARACTER for name in names.values() for entity in _ENTITY.finditer(name)):
        return None
    labels = tuple(_ENTITY.sub(lambda found: _CHARACTER[found[1]], name) for name in names.values())
    return _Diagram(kind, labels, tuple((number[a], number[b]) for a, b in edges))


def _shortened(name: str) -> str:
    return name if len(name) <= _CHARACTERS else f"…{name[1 - _CHARACTERS :]}"


def _opening(drawn: Layout) -> str:
    width, height = (round(length) + 2 * _MARGIN for length in (drawn.width, drawn.height))
    fit = " kw-fit" if width <= _FIT else ""
    return (
        f'<svg class="kw-diagram{fit}" role="img" xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="{-_MARGIN} {-_MARGIN} {width} {height}" fill="none" stroke="currentColor">'
    )


def _text(tag: str, text: str) -> str:
    return f"<{tag}>{escape(visible(text))}</{tag}>"


def _drawn(diagram: _Diagram, drawn: Layout, shown: Sequence[str]) -> Iterator[str]:
    lines, heads = [], []
    for (first, second), runs in zip(diagram.edges, drawn.lines, strict=True):
        pointed, other = (first, second) if diagram.kind.derives else (second, first)
        line, head = _arrow(runs, to_left=drawn.boxes[pointed].x < drawn.boxes[other].x)
        lines.append(line)
        heads.append(head)
    yield f'<path stroke-opacity=".6" d="{"".join(lines)}"/>'
    fill = "" if diagram.kind.derives else ' fill="currentColor"'
    yield f'<path{fill} d="{"".join(dict.fromkeys(heads))}"/>'
    for box, name, short in zip(drawn.boxes, diagram.names, shown, strict=True):
        yield _box(box, name, short)


def _arrow(runs: Sequence[Run], *, to_left: bool) -> tuple[str, str]:
    """A line and its head, as path data; under the head, which may be hollow, there is no line."""
    first, last = runs[0], runs[-1]
    if to_left:
        head = _head(first.left, first.left + _HEAD, first.y)
        runs = [first._replace(left=first.left + _HEAD), *runs[1:]]
    else:
        head = _head(last.right, last.right - _HEAD, last.y)
        runs = [*runs[:-1], last._replace(right=last.right - _HEAD)]
    line = [f"M{_at(runs[0].left)} {_at(runs[0].y)}H{_at(runs[0].right)}"]
    for run, following in pairwise(runs):
        middle = _at((run.right + following.left) / 2)
        ends = f"{middle} {_at(following.y)} {_at(following.left)} {_at(following.y)}"
        line.append(f"C{middle} {_at(run.y)} {ends}H{_at(following.right)}")
    return "".join(line), head


def _head(tip: float, back: float, y: float) -> str:
    return f"M{_at(tip)} {_at(y)}L{_at(back)} {_at(y - _HEAD / 2)}V{_at(y + _HEAD / 2)}z"


def _box(box: Box, name: str, short: str) -> str:
    whole = _text("title", name) if short != name else ""
    return (
        f'<g>{whole}<rect x="{_at(box.x)}" y="{_at(box.y - BOX / 2)}" width="{_at(box.width)}" height="{BOX}" rx="4"'
        f' fill="currentColor" fill-opacity=".06" stroke-opacity=".5"/>'
        f'<text x="{_at(box.x + box.width / 2)}" y="{_at(box.y + 4)}" text-anchor="middle" fill="currentColor"'
        f' stroke="none" font-family="ui-monospace, monospace" font-size="12">{escape(visible(short))}</text></g>'
    )


def _at(length: float) -> str:
    """A coordinate, to a tenth of a pixel."""
    return f"{length + 0.0:.1f}".removesuffix(".0")

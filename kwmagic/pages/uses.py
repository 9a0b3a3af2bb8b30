"""Every use of one definition: by file, with the definition around it and how it is used there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kwmagic.anchors import anchor
from kwmagic.evidence.purpose import count
from kwmagic.evidence.uses import Place
from kwmagic.links import Reader
from kwmagic.markup import Anchor, Block, Code, Inline, Item, Link, Paragraph, Title, Words
from kwmagic.model import FileFacts, FileRef, Import, Symbol
from kwmagic.pages.entry import code_spans, entry, lines_of

_HOW = {
    "call": "called",
    "base": "as a base class",
    "decorator": "as a decorator",
    "annotation": "in annotations",
    "reference": "named",
}
"""In the order of pages."""
_LINES = 200
"""Lines of one kind in one definition that are named; more are counted."""


class UsingFile(NamedTuple):
    """A file that uses or imports a definition."""

    file: FileRef
    places: Sequence[Place]
    """By line."""
    imports: Sequence[Import]


class Uses(NamedTuple):
    """A definition and all its uses in a project."""

    place: str
    """The project, as pages name it."""
    name: str
    """The definition, as typed or found."""
    facts: FileFacts
    symbol: Symbol
    files: Sequence[UsingFile]
    """Its own first, then those with most uses."""
    read: int
    """How many Python files of the project were read."""
    notes: Sequence[str] = ()

    @property
    def total(self) -> int:
        """The number of uses; imports do not count."""
        return sum(len(each.places) for each in self.files)


def page(uses: Uses, reader: Reader, most: int) -> Iterator[Block]:
    """At most so many entries, and the number of what is left."""
    yield Paragraph([Anchor(top_anchor(uses))])
    yield Title(1, [Words("Uses: "), Code(uses.name)])
    own = entry(uses.symbol, uses.facts, reader, qualified=True, kind=True)
    where: list[Inline] = (
        [] if reader.source(uses.facts.ref, uses.symbol.line) is None else [Words(" in "), Code(uses.facts.path)]
    )
    yield Paragraph([*own[:2], *where, *own[2:]])
    read = f" {count(uses.read, 'Python file')} of "
    was = " was read." if uses.read == 1 else " were read."
    yield Paragraph([Words(_counted(uses) + read), Code(uses.place), Words(was)])
    for note in uses.notes:
        yield Paragraph(code_spans(note))
    left = most
    for number, each in enumerate(uses.files):
        if left <= 0:
            rest = uses.files[number:]
            many = f"{sum(len(one.places) for one in rest):,} more uses in {count(len(rest), 'more file')}"
            yield Item(0, [Words(f"… and {many}; the object that is returned has them all")])
            return
        lines = list(_lines(each, reader))
        yield Item(0, _head(each, uses, reader))
        yield from (Item(1, line) for line in lines)
        left -= 1 + len(lines)


def top_anchor(uses: Uses) -> str:
    """The anchor of the page's first line."""
    return anchor("uses", uses.facts.path, uses.symbol.qualname)


def _counted(uses: Uses) -> str:
    using = sum(bool(each.places) for each in uses.files)
    importing = sum(bool(each.imports) for each in uses.files)
    told = f"{count(uses.total, 'use')} in {count(using, 'file')}" if uses.total else "No use is known"
    kinds = Counter(place.how for each in uses.files for place in each.places)
    parts = [f"{kinds[how]:,} {_HOW[how]}" for how in _HOW if kinds[how]] if len(kinds) > 1 else []
    imported = f"; imported by name in {count(importing, 'file')}" if importing else ""
    return f"{told}{': ' if parts else ''}{', '.join(parts)}{imported}."


def _head(each: UsingFile, uses: Uses, reader: Reader) -> list[Inline]:
    told = f" · {count(len(each.places), 'use') or 'only imported'}"
    own = [Words(", its own file")] if each.file.path == uses.facts.path else []
    return [Link([Code(each.file.path), Words(told)], reader.source(each.file)), *own]


def _lines(each: UsingFile, reader: Reader) -> Iterator[list[Inline]]:
    if each.imports:
        yield [Words("imported "), *lines_of(reader, each.file, each.imports, _LINES)]
    by_scope: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
    for place in each.places:
        by_scope[place.scope][place.how].append(place)
    for scope, kinds in by_scope.items():
        line: list[Inline] = [Code(scope)] if scope else [Words("module level")]
        for number, how in enumerate(how for how in _HOW if how in kinds):
            line += [Words(f"{',' if number else ':'} {_HOW[how]} ")]
            line += lines_of(reader, each.file, kinds[how], _LINES)
        yield line

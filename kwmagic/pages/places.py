"""Places in other files, and lists that name only their beginning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kwmagic.links import Reader
from kwmagic.markup import Block, Code, Inline, Item, Link, Words
from kwmagic.model import FileRef
from kwmagic.pages.entry import Placed, lines_of, to_file
from kwmagic.pages.subject import View

_LINES = 5
"""Lines of one file that a cell names; the rest is counted."""


def at(reader: Reader, ref: FileRef, line: int) -> list[Inline]:
    """` (L12)` linked to another file's line; where no link can work ` (path:12)`, as a line alone says too little."""
    url = reader.source(ref, line)
    name: Inline = Link([Words(f"L{line}")], url) if line and url else Code(f"{ref.path}:{line}" if line else ref.path)
    return [Words(" ("), name, Words(")")]


def in_file(view: View, ref: FileRef, places: Iterable[Placed], notes: Sequence[Sequence[Inline]] = ()) -> list[Inline]:
    """`a/b.py` (L88, L91) and what is noted of these; the path itself is linked where no line is known."""
    lines = lines_of(view.reader, ref, places, *([_LINES] if view.subject.in_cell else []))
    told = joined([*([lines] if lines else []), *notes])
    url = view.reader.document(ref) if lines else view.reader.about(ref)
    name = to_file(ref.path, url, in_cell=view.subject.in_cell)
    return [name, Words(" ("), *told, Words(")")] if told else [name]


def joined(parts: Iterable[Sequence[Inline]], separator: str = ", ") -> list[Inline]:
    """Pieces of a line with a separator of our own words between them."""
    line: list[Inline] = []
    for part in parts:
        line += [*([Words(separator)] if line else []), *part]
    return line


def beginning(view: View, depth: int, lines: Sequence[Sequence[Inline]], usual: int) -> Iterator[Block]:
    """One entry a line; in a cell only *usual* many, the rest counted with the way to see it."""
    yield from beginning_of(view, depth, [[Item(depth, line)] for line in lines], usual)


def beginning_of(view: View, depth: int, entries: Sequence[Sequence[Block]], usual: int) -> Iterator[Block]:
    """The same of entries of several lines."""
    most = view.limit(usual)
    yield from (block for entry in entries[:most] for block in entry)
    if most is not None and len(entries) > most:
        yield Item(depth, [Words(f"… and {len(entries) - most:,} more; the whole: "), *keep_whole(view)])


def keep_whole(view: View) -> list[Inline]:
    """What to type to see all that a cell holds back."""
    text = view.subject.target.text or view.subject.target.label
    return [Code(f"doc = %docfile {text}"), Words(" and "), Code("print(doc.to_markdown())")]


def every_use(view: View, qualname: str, left: int) -> list[Inline]:
    """` and 21 more: `%kwindex torch.nn.Conv2d --uses``; nothing where nothing is left."""
    if left <= 0:
        return []
    module = view.subject.around.module
    command: list[Inline] = [Words(": "), Code(f"%kwindex {module}.{qualname} --uses")] if module else []
    return [Words(f" and {left:,} more"), *command]

"""What a document of a notebook tells beside its outline and definitions: kernel, cells, outputs, commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kwmagic.analysers.notebook_detail import CellCommand, NotebookDetail
from kwmagic.evidence.purpose import count
from kwmagic.markup import Block, Code, Inline, Item, Text, Words
from kwmagic.pages.entry import lines_of
from kwmagic.pages.subject import View


def metadata(found: NotebookDetail) -> Iterator[Block]:
    if found.kernel or found.display_name:
        shown = Text(f" ({found.display_name})" if found.display_name else "")
        yield Item(0, [Words("Kernel: "), Code(found.kernel or found.display_name), shown])
    if found.language:
        yield Item(0, [Text(f"Written in: {found.language} {found.language_version}".rstrip())])
    if found.nbformat:
        yield Item(0, [Text(f"Format: nbformat {found.nbformat}")])


def overview(view: View, found: NotebookDetail) -> Iterator[Block]:
    yield Item(0, [Words("Cells: "), *_numbers(found.cells)] if found.cells else [Words("No cells.")])
    if found.executed:
        order = "in order" if found.in_order else "not in the order in which they stand"
        rest = f", {found.unexecuted:,} with code were not" if found.unexecuted else ""
        yield Item(0, [Words(f"Executed: {count(found.executed, 'cell')}, {order}{rest}")])
    elif found.unexecuted:
        yield Item(0, [Words("Executed: no cell")])
    if found.outputs:
        size = f" · {found.output_size:,} characters"
        yield Item(0, [Words("Outputs: "), *_numbers(found.outputs), Words(size)])
    for name, cell in found.errors:
        yield Item(0, [Words("Shows an error: "), Code(name), Words(f" · cell {cell}")])
    if found.tags:
        yield Item(0, [Words("Tags: "), *_numbers(found.tags)])
    for name, cell in found.attachments:
        yield Item(0, [Words("Attached: "), Code(name), Words(f" · cell {cell}")])
    yield from _commands(view, found.commands)


def _numbers(pairs: Sequence[tuple[str, int]]) -> Iterable[Inline]:
    for index, (name, number) in enumerate(pairs):
        yield from (Words(f"{', ' if index else ''}{number:,} "), Code(name))


def _commands(view: View, found: Sequence[CellCommand]) -> Iterator[Block]:
    by_name: dict[str, list[CellCommand]] = {}
    for command in found:
        by_name.setdefault(command.name, []).append(command)
    if by_name:
        yield Item(0, [Words("Magics and shell commands")])
    for name, uses in sorted(by_name.items()):
        yield Item(1, [Code(name), Words(" · "), *lines_of(view.reader, view.facts.ref, uses)])

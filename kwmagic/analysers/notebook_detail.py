"""What a notebook's file tells beside what its cells define: kernel, execution, outputs, outline, commands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from kwmagic.analysers.notebook import Cell, Notebook, as_object, headings_by_cell, parse, python
from kwmagic.model import Problem

_SHOWN = ("data", "text", "traceback")
"""The parts of an output that are shown."""


class OutlineEntry(NamedTuple):
    """One heading of a Markdown cell."""

    level: int
    name: str
    cell: int
    line: int


class CellCommand(NamedTuple):
    """A magic or shell escape and where it stands."""

    name: str
    """Its first word: `%matplotlib`, `%%time`, `!pip`; `?` for `obj?`."""
    cell: int
    line: int


@dataclass(frozen=True, slots=True)
class NotebookDetail:
    """Details of one notebook; cells are numbered from 1, over all of them."""

    kernel: str = ""
    """The kernel's name, `python3`."""
    display_name: str = ""
    language: str = ""
    language_version: str = ""
    """As it was when the notebook was last run."""
    nbformat: str = ""
    """`4.5`; empty where the file doesn't say."""
    cells: tuple[tuple[str, int], ...] = ()
    """Kind of cell and how many there are, most first."""
    executed: int = 0
    """Cells of code that have an execution count."""
    unexecuted: int = 0
    """Those that have code and none."""
    in_order: bool = True
    """Whether the executed cells were last executed from top to bottom."""
    outputs: tuple[tuple[str, int], ...] = ()
    """`stream`, `error` or a MIME type and how many outputs have it, most first."""
    output_size: int = 0
    """Characters of all outputs' data: bytes, where it is base64."""
    errors: tuple[tuple[str, int], ...] = ()
    """Name of the exception and the cell that shows it."""
    outline: tuple[OutlineEntry, ...] = ()
    commands: tuple[CellCommand, ...] = ()
    """Of Python notebooks."""
    attachments: tuple[tuple[str, int], ...] = ()
    """Name of the attached file and its cell."""
    tags: tuple[tuple[str, int], ...] = ()
    """Tag and how many cells have it, most first."""
    problems: tuple[Problem, ...] = ()


def detail(text: str) -> NotebookDetail:
    """Details of one notebook's file; never raises."""
    notebook = parse(text)
    kernel, info = as_object(notebook.metadata, "kernelspec"), as_object(notebook.metadata, "language_info")
    code = [cell for cell in notebook.cells if cell.kind == "code"]
    counts = [number for cell in code if (number := _number(cell.fields.get("execution_count")))]
    outputs = [(cell.number, output) for cell in code for output in _objects(cell.fields.get("outputs"))]
    errors = [(str(each.get("ename")), cell) for cell, each in outputs if each.get("output_type") == "error"]
    return NotebookDetail(
        _word(kernel, "name"),
        _word(kernel, "display_name"),
        notebook.language,
        _word(info, "version"),
        ".".join(map(str, notebook.version)) if any(notebook.version) else "",
        _counted(cell.kind for cell in notebook.cells),
        len(counts),
        sum(bool(cell.source.strip()) and not _number(cell.fields.get("execution_count")) for cell in code),
        all(before <= after for before, after in pairwise(counts)),
        _counted(kind for _, output in outputs for kind in _kinds(output)),
        sum(_size([output.get(key) for key in _SHOWN]) for _, output in outputs),
        tuple(errors),
        tuple(_outline(notebook)),
        tuple(_commands(code)) if notebook.is_python else (),
        tuple((name, cell.number) for cell in notebook.cells for name in as_object(cell.fields, "attachments")),
        _counted(tag for cell in notebook.cells for tag in _tags(cell)),
        notebook.problems,
    )


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _word(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _objects(value: Any) -> Sequence[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _counted(words: Iterator[str]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(words).most_common())


def _kinds(output: dict[str, Any]) -> Iterator[str]:
    """The MIME types of what is shown, or the type of the output."""
    data = as_object(output, "data")
    if data:
        yield from data
    elif kind := _word(output, "output_type"):
        yield kind


def _size(value: Any) -> int:
    """Characters of all texts in a piece of JSON."""
    size, pending = 0, [value]
    while pending:
        match pending.pop():
            case str(text):
                size += len(text)
            case list(values):
                pending += values
            case dict(fields):
                pending += fields.values()
            case _:
                pass
    return size


def _outline(notebook: Notebook) -> Iterator[OutlineEntry]:
    for cell, found in headings_by_cell(notebook).items():
        yield from (OutlineEntry(each.level, each.name, cell, each.line) for each in found if each.name)


def _commands(code: Sequence[Cell]) -> Iterator[CellCommand]:
    for cell in code:
        for command in python(cell.source).commands:
            yield CellCommand(command.name, cell.number, command.line)


def _tags(cell: Cell) -> list[str]:
    tags = as_object(cell.fields, "metadata").get("tags")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []

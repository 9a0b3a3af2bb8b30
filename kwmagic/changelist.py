"""What users hold of a comparison: the changes of a target since a commit, shown as a Markdown cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

from kwmagic import jsonform
from kwmagic.evidence.differences import ADDED, CHANGED, MOVED, REMOVED, Change, FileChange
from kwmagic.links import Reader
from kwmagic.markup import Writer
from kwmagic.mdtext import Dest, page_mark
from kwmagic.model import Problem, Target
from kwmagic.options import IndexOptions
from kwmagic.pages import changes
from kwmagic.pages.compared import Comparison, amounts, size, summary
from kwmagic.results import Draft, Limits, cell


class Changes:
    """What was added, removed, moved and changed since a commit: iterable (`Change`), filterable."""

    def __init__(
        self, found: Comparison, options: IndexOptions, reader: Reader = Reader(), limits: Limits = Limits()
    ) -> None:
        self.options = options
        self._all = found
        self._reader = reader
        self._limits = limits

    @cached_property
    def _found(self) -> Comparison:
        return self._all.selected(self.options)

    @property
    def target(self) -> Target:
        """What was asked for."""
        return self._all.target

    @property
    def files(self) -> tuple[FileChange, ...]:
        """The files that differ, by path."""
        return self._found.files

    def __iter__(self) -> Iterator[Change]:
        return iter(self._found.changes)

    def __len__(self) -> int:
        return len(self._found.changes)

    def of(self, what: str) -> list[Change]:
        """Those that were `added`, `removed`, `moved` or `changed`."""
        return [each for each in self if each.what == what]

    added = property(lambda self: self.of(ADDED), doc="New definitions, in file and line order.")
    removed = property(lambda self: self.of(REMOVED), doc="Definitions that are gone.")
    moved = property(lambda self: self.of(MOVED), doc="Definitions that went to another file.")
    changed = property(lambda self: self.of(CHANGED), doc="Definitions that are not the same from the outside.")

    @property
    def problems(self) -> list[tuple[str, Problem]]:
        """(path, problem) of all that could not be compared."""
        return [(ref.path, problem) for ref, problem in self._all.problems]

    def find(self, pattern: str) -> Changes:
        """Only the names that match: a glob, or `/regex/`."""
        return self.filter(match=pattern)

    def filter(self, **options: Any) -> Changes:
        """The same changes with other options, by the names of `IndexOptions`."""
        return Changes(self._all, replace(self.options, **options), self._reader, self._limits)

    @property
    def label(self) -> str:
        """What it is of."""
        return self.target.label

    @property
    def anchor(self) -> str:
        """The identifier of the cell's first line."""
        return changes.top_anchor(self.target)

    def to_markdown(self) -> str:
        """The whole page, however long."""
        blocks = changes.page(self._found, self.options, self._reader.for_page())
        return f"{Writer(Dest.PAGE).write(blocks)}\n{page_mark(self.target.label)}\n"

    def to_dict(self) -> dict[str, Any]:
        """The JSON form; lists and dicts of plain values."""
        commit = self._found.commit
        return {
            "kwmagic": jsonform.VERSION,
            "target": self.target.label,
            "since": {"ref": self._found.ref, "commit": commit.digest, "date": commit.date},
            "files": [_file(each) for each in self.files],
            "problems": [
                {"path": path, "line": problem.line, "message": problem.message} for path, problem in self.problems
            ],
        }

    def json_text(self) -> Iterator[str]:
        """The same as ASCII text."""
        yield json.dumps(self.to_dict()) + "\n"

    @cached_property
    def _bundle(self) -> dict[str, str]:
        return cell(self._drafts(), self._limits, self.target)

    def _drafts(self) -> Iterator[Draft]:
        for amount in amounts(self._limits.entries):
            entries = size(self._found, amount)
            if entries <= self._limits.entries:
                blocks = list(changes.page(self._found, self.options, self._reader, amount))
                yield Draft(blocks, Writer(Dest.CELL, headings=False).write(blocks), entries)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:  # noqa: ARG002
        return self._bundle

    def __repr__(self) -> str:
        return f"<Changes of {self.target.label} since {self._found.ref}: {summary(self._found)}>"


def _file(each: FileChange) -> dict[str, Any]:
    old_path = each.old.path if each.old is not None and each.old.path != each.facts.path else None
    return {
        "path": each.facts.path,
        "old_path": old_path,
        "language": each.facts.language,
        "what": each.what,
        "changes": [_change(one) for one in each.changes],
    }


def _change(one: Change) -> dict[str, Any]:
    return {
        "what": one.what,
        "old": jsonform.of_symbol(one.old) if one.old else None,
        "new": jsonform.of_symbol(one.new) if one.new else None,
        "old_path": one.old_file.path if one.old_file is not None else None,
        "differences": [each._asdict() for each in one.differences],
    }

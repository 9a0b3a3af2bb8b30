"""What became of a target's files since a commit, as a whole, and how much of it one output holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from kwmagic.evidence.differences import ADDED, CHANGED, MOVED, REMOVED, Change, FileChange
from kwmagic.evidence.purpose import count
from kwmagic.model import FileRef, Problem, Target, is_part
from kwmagic.options import IndexOptions
from kwmagic.pages.select import select
from kwmagic.pages.subject import Commit


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of a target's files since a commit."""

    target: Target
    ref: str
    """The commit as the user wrote it."""
    commit: Commit
    files: tuple[FileChange, ...]
    """Every file that differs, by path, also those whose definitions do not."""
    problems: tuple[tuple[FileRef, Problem], ...]
    """What could not be compared."""

    @property
    def changes(self) -> list[Change]:
        """Of all files, in their order."""
        return [change for each in self.files for change in each.changes]

    def narrowed(self, target: Target) -> Comparison:
        """Only the definition that the target is about, and what is inside it."""
        focus = target.focus
        if focus is None:
            return replace(self, target=replace(target, notes=self.target.notes))
        files = [
            each._replace(changes=tuple(one for one in each.changes if is_part(one.symbol.qualname, focus)))
            for each in self.files
        ]
        about = replace(target, notes=self.target.notes)
        return replace(self, target=about, files=tuple(each for each in files if each.changes))

    def selected(self, options: IndexOptions) -> Comparison:
        """Only what an index of these options would show, of before or of now."""
        facts = [side for each in self.files for change in each.changes for side in (change.old_file, change.new_file)]
        sides = {id(each): each for each in facts if each is not None}
        kept = {id(symbol) for each in select(sides.values(), options) for symbol in each.symbols}
        files = []
        for each in self.files:
            changes = [one for one in each.changes if id(one.new) in kept or id(one.old) in kept]
            shallow = options.depth is None or each.facts.path.count("/") < options.depth
            if changes or (shallow and not (options.kinds or options.match)):
                files.append(each._replace(changes=tuple(changes)))
        return replace(self, files=tuple(files))


class Amount(NamedTuple):
    """How much of a listing one output holds."""

    summaries: bool = True
    entries: bool = True
    """Whether definitions are listed; else only files, with counts."""
    most: int | None = None
    """Entries after which the rest is only counted."""


def amounts(most: int) -> Iterator[Amount]:
    """What to try, most first."""
    yield from (Amount(), Amount(summaries=False), Amount(summaries=False, entries=False))
    while most > 0:
        yield Amount(summaries=False, entries=False, most=most)
        most //= 2


def size(found: Comparison, amount: Amount) -> int:
    """The number of entries, without writing them; a file stands under each heading that it has changes for."""
    if not amount.entries:
        return len(found.files) if amount.most is None else amount.most
    return sum(len(each.changes) + len({change.what for change in each.changes}) for each in found.files)


def summary(found: Comparison) -> str:
    """`12 added, 3 removed, 1 moved, 4 changed`, and what became of files."""
    numbers = Counter(change.what for change in found.changes)
    parts = [f"{numbers[what]:,} {what}" for what in (ADDED, REMOVED, MOVED, CHANGED) if numbers[what]]
    files = Counter(each.what for each in found.files)
    news = {ADDED: "new", REMOVED: "removed", MOVED: "renamed"}
    parts += [count(files[what], f"{word} file") for what, word in news.items() if files[what]]
    return ", ".join(parts) or "no definition changed"

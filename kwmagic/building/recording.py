"""What a page was made from: the questions that were put to the project's index for it, and which edits change answers.

An answer can change only with the rows of some file, so a page must be made anew only where a question about rows that
changed was asked for it. Which files there are is no question: where that changes, everything is asked again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from typing import Any, TypeVar

from kwmagic.evidence.importing import ImportRow
from kwmagic.evidence.modules import Index, Spots
from kwmagic.model import FILE, FileFacts, FileRef
from kwmagic.projects.indexing import unpacked
from kwmagic.rows import to_facts
from kwmagic.store.rows import Version

_Answer = TypeVar("_Answer")
_MOST = 500_000
"""Answers that are remembered; then all are forgotten, as memory must not grow with the project."""


class Recording:
    """An index that notes what it is asked, and asks each thing once: it looks at one state of the project."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.modules = index.modules
        self.names = index.names
        self.paths = index.paths
        self.extensions = index.extensions
        self.config = index.config
        self.found = index.found
        self._answers: dict[tuple[str, ...], tuple[int, Any]] = {}
        self._asked: set[int] = set()

    def start(self) -> set[int]:
        """Begin the notes of another page: the numbers of all that is asked from now on."""
        self._asked = set()
        return self._asked

    def ref(self, path: str) -> FileRef:
        """The file at *path*."""
        return self._index.ref(path)

    def facts(self, path: str) -> FileFacts | None:
        """The facts of one file, but how long it is; not remembered here, as they are large and the project keeps the
        last ones."""
        self._asked.add(number("facts", path))
        facts = self._index.facts(path)
        return None if facts is None else _unmeasured(facts)

    def source(self, path: str, first: int, last: int) -> str:
        """Lines of a file."""
        self._asked.add(number("source", path))
        return self._index.source(path, first, last)

    def imports_of(self, modules: Sequence[str]) -> Sequence[tuple[str, ImportRow]]:
        """The imports of these modules in all files."""
        ask = self._index.imports_of
        return _ordered([self._answer(("of", each), partial(ask, [each])) for each in dict.fromkeys(modules)])

    def imports_from(self, taken: Sequence[tuple[str, str | None]]) -> Sequence[tuple[str, ImportRow]]:
        """The imports, in all files, that take one of these names from its module."""
        ask = self._index.imports_from
        return _ordered([self._answer(_from(*each), partial(ask, [each])) for each in dict.fromkeys(taken)])

    def importers_from(self, taken: Sequence[tuple[str, str | None]]) -> frozenset[str]:
        """The paths of the files with such an import; they stay the same where it only moves."""
        ask = self._index.importers_from
        found = (self._answer(("by", *_from(*each)), partial(ask, [each])) for each in dict.fromkeys(taken))
        return frozenset().union(*found)

    def importer_count(self, module: str) -> int:
        """How many files import a module, or from it."""
        return self._answer(("count", module), partial(self._index.importer_count, module))

    def imports_in(self, path: str) -> Sequence[ImportRow]:
        """The imports of one file."""
        return self._answer(("in", path), partial(self._index.imports_in, path))

    def uses_of(self, name: str) -> Sequence[tuple[str, str, Spots]]:
        """The uses of a resolved name and of those below it."""
        return self._answer(("uses", name), partial(self._index.uses_of, name))

    def co_changed(self, path: str) -> Sequence[tuple[str, int, int]]:
        """The files that changed together with one; that hangs on the history alone, which is compared as a whole."""
        return self._index.co_changed(path)

    def _answer(self, key: tuple[str, ...], ask: Callable[[], _Answer]) -> _Answer:
        known = self._answers.get(key)
        if known is None:
            if len(self._answers) > _MOST:
                self._answers.clear()
            known = self._answers[key] = number(*key), ask()
        self._asked.add(known[0])
        answer: _Answer = known[1]
        return answer


def number(*key: str) -> int:
    """64 bits that stand for a question; two that share them cost work, never truth."""
    return int.from_bytes(blake2b("\0".join(key).encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def affected(path: str, before: Version, after: Version) -> Iterator[int]:
    """The questions to which the answer may differ, now that a file has another version."""
    yield number("source", path)
    if before.facts != after.facts and _unpacked(path, before) != _unpacked(path, after):
        yield number("facts", path)
    if before.imports != after.imports:
        yield number("in", path)
    for row, _ in _placed(before.imports) ^ _placed(after.imports):
        yield number("of", row.module)
        yield number(*_from(row.module, row.name))
    for module in {row.module for row in before.imports} ^ {row.module for row in after.imports}:
        yield number("count", module)
    for way in {(row.module, row.name) for row in before.imports} ^ {(row.module, row.name) for row in after.imports}:
        yield number("by", *_from(*way))
    for name, _ in before.uses ^ after.uses:
        yield number("uses", name)
        for place, char in enumerate(name):
            if char == ".":
                yield number("uses", name[:place])


def _unpacked(path: str, version: Version) -> FileFacts:
    return _unmeasured(to_facts(FileRef(path), unpacked(version.facts)))


def _unmeasured(facts: FileFacts) -> FileFacts:
    """Without what every edit changes and no page of another file tells: how long the file is."""
    symbols = facts.symbols
    if symbols and FILE in symbols[0].flags:
        symbols = (symbols[0]._replace(end_line=0), *symbols[1:])
    return replace(facts, size=0, lines=0, symbols=symbols)


def _placed(rows: Sequence[ImportRow]) -> set[tuple[ImportRow, int]]:
    """Each with its place among those of its line, as answers come in that order."""
    seen: Counter[int] = Counter()
    placed = set()
    for row in rows:
        placed.add((row, seen[row.line]))
        seen[row.line] += 1
    return placed


def _from(module: str, name: str | None) -> tuple[str, ...]:
    return ("module", module) if name is None else ("from", module, name)


def _ordered(found: Sequence[Sequence[tuple[str, ImportRow]]]) -> Sequence[tuple[str, ImportRow]]:
    if len(found) == 1:
        return found[0]
    rows = [row for each in found for row in each]
    rows.sort(key=lambda each: (each[0], each[1].line))
    return rows

"""What of a folder the rest of the tree uses most, and the words that mark its names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from kwmagic.pages.record import Definition, Record
from kwmagic.pages.site.folder import Concept, Important, Word

_CONCEPTS = 20
_IMPORTANT = 20
_WORDS = 8
_LEAST = 3
"""Names that share a word before it is one of the folder."""
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_FILLING = frozenset(("from", "have", "into", "than", "that", "this", "when", "with"))
_SHORTEST = 4
"""Letters of a word; shorter ones are mostly syllables of others."""


class Ranking(NamedTuple):
    """What is named of one folder, and the numbers of all there is."""

    public: int = 0
    documented: int = 0
    concepts: tuple[Concept, ...] = ()
    words: tuple[Word, ...] = ()
    important: tuple[Important, ...] = ()
    used: int = 0


class _Folder:
    """One folder while the records are read."""

    def __init__(self) -> None:
        self.public = self.documented = self.used = 0
        self.concepts: list[Concept] = []
        self.important: list[Important] = []
        self.words: Counter[str] = Counter()

    def add(self, inner: _Folder) -> None:
        """The numbers of a folder inside."""
        self.public += inner.public
        self.documented += inner.documented
        self.words.update(inner.words)


def ranking(records: Sequence[Record]) -> dict[str, Ranking]:
    """Folder -> what is told of it; *records* by path."""
    folders: dict[str, _Folder] = defaultdict(_Folder)
    for each in records:
        own = folders[each.path.rpartition("/")[0]]
        own.public += len(each.definitions)
        own.documented += sum(bool(one.summary) for one in each.definitions)
        own.words.update(word for one in each.definitions for word in words_of(one.qualname))
    for path in sorted({above for folder in folders for above in _around(f"{folder}/")} - {""}, reverse=True):
        folders[path.rpartition("/")[0]].add(folders[path])  # what is inside of it comes before
    for concept in sorted(_concepts(records), key=lambda one: (-one.files, one.path, one.line)):
        for folder in _around(concept.path):
            if len(folders[folder].concepts) < _CONCEPTS:
                folders[folder].concepts.append(concept)
    for file in sorted(_important(records), key=lambda one: (-max(one.importers, one.files), one.path)):
        for folder in _around(file.path):
            folders[folder].used += 1
            if len(folders[folder].important) < _IMPORTANT:
                folders[folder].important.append(file)
    marks = {path: _marking(folder, folders[""]) for path, folder in folders.items()}
    examples = _examples(records, marks)
    return {path: _ranked(path, folder, marks[path], examples) for path, folder in folders.items()}


def _ranked(path: str, folder: _Folder, marks: Sequence[str], examples: Mapping[tuple[str, str], Word]) -> Ranking:
    words = tuple(examples[path, word]._replace(names=folder.words[word]) for word in marks)
    return Ranking(
        folder.public, folder.documented, tuple(folder.concepts), words, tuple(folder.important), folder.used
    )


def _around(path: str) -> Iterator[str]:
    yield ""
    yield from (path[:end] for end, char in enumerate(path) if char == "/")


def _concepts(records: Iterable[Record]) -> Iterator[Concept]:
    for record in records:
        for each in record.definitions:
            if each.files:
                yield Concept(record.path, *each)


def _important(records: Iterable[Record]) -> Iterator[Important]:
    """Files that others import, or of which they use something that came to them another way; tests apart."""
    for record in records:
        most = max(record.definitions, key=lambda each: each.files, default=None)
        used = most if most and most.files else Definition("", "", 0, "", "", 0)
        if not record.is_test and (record.importers or used.files):
            yield Important(record.path, record.importers, used.qualname, used.anchor, used.files)


def _marking(own: _Folder, whole: _Folder) -> list[str]:
    """The words that two thirds of their names have here; where most of all names are here, none tells them apart."""
    if own.public * 2 > whole.public:
        return []
    words = (word for word, number in own.words.items() if number >= _LEAST and number * 3 > 2 * whole.words[word])
    return sorted(words, key=lambda word: (-own.words[word], word))[:_WORDS]


def _examples(records: Iterable[Record], marks: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], Word]:
    """(folder, word) -> the word with the name that stands for it."""
    wanted = {(folder, word) for folder, words in marks.items() for word in words}
    told = {word for _, word in wanted}
    named = ((record.path, each) for record in records for each in record.definitions)
    found: dict[tuple[str, str], Word] = {}
    for path, each in sorted(named, key=lambda one: -one[1].files):
        for word in words_of(each.qualname) & told:
            for folder in _around(path):
                if (folder, word) in wanted:
                    found.setdefault((folder, word), Word(word, 0, path, each.qualname, each.anchor))
    return found


@cache
def words_of(name: str) -> frozenset[str]:
    """The words that a name is made of, in lower case: `QuantizedLinear_v2` -> quantized, linear."""
    return frozenset(part.lower() for part in _PART.findall(name) if len(part) >= _SHORTEST) - _FILLING

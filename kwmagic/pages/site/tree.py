"""From the records of all files to what the pages of each folder are made from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from kwmagic.evidence.modules import is_package
from kwmagic.kinds import PLURALS
from kwmagic.pages.record import Record
from kwmagic.pages.site.crossing import Crossing, crossing
from kwmagic.pages.site.edges import Edges, edges
from kwmagic.pages.site.folder import Child, Entry, Folder, Introduction, Language, Listed, Tested
from kwmagic.pages.site.ranking import Ranking, ranking

_NAMES = 3
"""Names of a subfolder that stand for what it is about."""


class Names(Protocol):
    """How the pages of sources are called."""

    def docs(self, path: str) -> str:
        """The documentation page of a file."""

    def keywords(self, path: str) -> str:
        """The keyword page of a file."""

    def folder(self, path: str) -> str:
        """The folder in the output of a folder; "" for the top."""


class _Linked(NamedTuple):
    """What is known of all folders at once, by path."""

    label: str
    names: Names
    records: Mapping[str, Record]
    below: Mapping[str, Sequence[Record]]
    children: Mapping[str, Sequence[str]]
    ranking: Mapping[str, Ranking]
    edges: Mapping[str, Edges]
    crossing: Mapping[str, Crossing]


def tree(records: Mapping[str, Record], names: Names, label: str) -> dict[str, Folder]:
    """Path -> folder, for every folder that has files below it and for the top, which is ""; sorted by path.

    *label* is what the tree is called; *names*: of every path of the records and of their folders.
    """
    below: dict[str, list[Record]] = {"": []}
    for path in sorted(records):
        for folder in around(path):
            below.setdefault(folder, []).append(records[path])
    children: dict[str, list[str]] = defaultdict(list)
    for folder in sorted(below):
        if folder:
            children[folder.rpartition("/")[0]].append(folder)
    ordered = [records[path] for path in sorted(records)]
    linked = (ranking(ordered), edges(ordered), crossing(ordered, names.docs, names.folder))
    known = _Linked(label, names, records, below, children, *linked)
    return {path: _folder(path, known) for path in sorted(below)}


def around(path: str) -> list[str]:
    """The folders that a file or folder is in, the top first: `a/b/x` -> "", `a`, `a/b`."""
    return ["", *(path[:end] for end, char in enumerate(path) if char == "/")]


def plain(folder: Folder) -> Any:
    """The same as lists that JSON can write: where two are equal, so are the folder's pages."""
    return folder  # tuples all the way down


def _folder(path: str, known: _Linked) -> Folder:
    below, names = known.below[path], known.names
    ranked = known.ranking.get(path) or Ranking()
    own = [each for each in below if each.path.rpartition("/")[0] == path]
    told = known.edges.get(path, Edges())
    crossed = known.crossing.get(path, Crossing())
    tests, tested = _tests(below, known.records)
    made = Folder(
        path=path,
        name=path or known.label,
        page=names.folder(path),
        trail=(known.label, *path.split("/")) if path else (known.label,),
        introductions=_introductions(own),
        children=tuple(_child(each, known) for each in known.children.get(path, ())),
        listed=tuple(_listed(each, names) for each in own),
        files=len(below),
        lines=sum(each.lines for each in below),
        size=sum(each.size for each in below),
        languages=_languages(below),
        counts=_counts(below),
        public=ranked.public,
        documented=ranked.documented,
        concepts=ranked.concepts,
        words=ranked.words,
        important=ranked.important,
        used=ranked.used,
        modules=told.modules,
        packages=told.packages,
        entries=tuple(_entries(below)),
        test_modules=sum(each.is_test for each in below),
        tests=tests,
        tested=tested,
        importers=crossed.importers,
        imported=crossed.imported,
        third_parties=crossed.third_parties,
        pages=(),
    )
    return made._replace(
        pages=tuple((each, names.docs(each)) for each in sorted({*_named(made)} & known.records.keys()))
    )


def _named(folder: Folder) -> Iterator[str]:
    """The paths of all files that a folder's pages name."""
    yield from (each.path for each in folder.introductions)
    yield from (each.path for each in folder.listed)
    yield from (each.path for each in folder.concepts)
    yield from (each.path for each in folder.words)
    yield from (each.path for each in folder.important)
    yield from (path for edge in folder.modules for path in (edge.importer, edge.imported))
    yield from (each.path for each in folder.entries)
    yield from (each.path for each in folder.tests)


def _introductions(own: Iterable[Record]) -> tuple[Introduction, ...]:
    """A README speaks of the folder first, then the package's own file."""
    telling = sorted((each for each in own if each.role), key=lambda each: (is_package(each.path), each.path))
    return tuple(Introduction(each.path, each.role) for each in telling)


def _child(path: str, known: _Linked) -> Child:
    below = known.below[path]
    own = sorted(
        (each for each in below if each.lead and each.path.rpartition("/")[0] == path),
        key=lambda each: (is_package(each.path), each.path),
    )
    about = own[0].lead if own else below[0].about if len(below) == 1 else ""
    tests = sum(each.is_test for each in below)
    names = () if about else tuple(each.qualname for each in known.ranking[path].concepts[:_NAMES])
    return Child(
        path,
        known.names.folder(path),
        about,
        names,
        () if about or names or tests == len(below) else tuple((each.name, each.files) for each in _languages(below)),
        len(below),
        tests,
        sum(each.lines for each in below),
        sum(sum(each.counts.values()) for each in below),
    )


def _listed(record: Record, names: Names) -> Listed:
    numbers = record.lines, sum(record.counts.values())
    return Listed(record.path, names.keywords(record.path), record.language, record.about, *numbers)


def _languages(below: Iterable[Record]) -> tuple[Language, ...]:
    files: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    for each in below:
        if each.language:
            files[each.language] += 1
            lines[each.language] += each.lines
    return tuple(
        Language(name, files[name], lines[name]) for name in sorted(files, key=lambda name: (-lines[name], name))
    )


def _counts(below: Iterable[Record]) -> tuple[tuple[str, int], ...]:
    numbers: dict[str, int] = {}
    for each in below:
        for kind, number in each.counts.items():
            numbers[kind] = numbers.get(kind, 0) + number
    return tuple((kind, numbers[kind]) for kind in PLURALS if kind in numbers)


def _entries(below: Iterable[Record]) -> Iterator[Entry]:
    """What is run; test modules, most of which run themselves, stand with the tests."""
    for each in below:
        if each.scripts or (each.runs and not each.is_test):
            yield Entry(each.path, each.command if each.runs else "", each.scripts)


def _tests(below: Iterable[Record], records: Mapping[str, Record]) -> tuple[tuple[Tested, ...], int]:
    """The test modules of these files, and how many of the files they test."""
    numbers: Counter[str] = Counter()
    commands: dict[str, str] = {}
    tested = 0
    for each in below:
        if each.tests and not each.is_test:
            tested += 1
            numbers.update(each.tests)
            if each.command and not each.runs:  # else it runs the file itself
                commands.setdefault(each.tests[0], each.command)
    for path in numbers:
        if path in records:
            commands[path] = records[path].command
    ranked = sorted(numbers, key=lambda path: (-numbers[path], path))
    return tuple(Tested(path, numbers[path], commands.get(path, "")) for path in ranked), tested

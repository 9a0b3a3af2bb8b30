"""Which files belong together with a file, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log
from typing import NamedTuple

from kwmagic.evidence.definitions import Definitions
from kwmagic.evidence.importing import PYTHON
from kwmagic.evidence.inheritance import classes, raw_base
from kwmagic.evidence.modules import Index
from kwmagic.evidence.purpose import TEST_PATH, tests_called_as
from kwmagic.evidence.surroundings import Importer, Related, Tested

MOST = 10
"""Files that are named."""
_LEAST = 3
"""Commits in common, below which a change together may be chance."""
_FEW = 12
"""Files with a class of one base, above which that says nothing of two of them."""
_IMPORTERS = 60
"""Files that import it, above which these are not counted."""
_TESTS = 3
"""Tests that count as related: the rest stands with the tests."""
_TEST = 0.5
_LINKING = ("Markdown", "reStructuredText")
_SAME_BASE = 0.2
"""Weights for the ranking only; an import weighs 1 / ln(2 + how many import the same), half of that where a test
imports the file, a change together at most 1."""


class _Reason(NamedTuple):
    path: str
    weight: float
    text: str
    line: int


def related(
    index: Index,
    path: str,
    *,
    imported: Mapping[str, int],
    importers: Sequence[Importer],
    tests: Sequence[Tested] = (),
    tested: Mapping[str, int] = {},
    siblings: Iterable[tuple[str, str, int]] = (),
) -> tuple[Related, ...]:
    """The files most related to the one at *path*, best first.

    *imported*: file -> line of its first import here; *tested*: the same for what a test is of; *siblings*: (file,
    base, line of the class here) of classes with the same base.
    """
    reasons: dict[str, list[_Reason]] = defaultdict(list)
    for each in (
        *_changed(index, path),
        *_tests(path, tests, tested),
        *_imports(index, path, imported, importers),
        *(_Reason(file, _SAME_BASE, f"has a class derived from `{base}`, too", line) for file, base, line in siblings),
    ):
        if each.path != path and each.path in index.paths:
            reasons[each.path].append(each)
    ranked = sorted(reasons, key=lambda file: (-sum(each.weight for each in _distinct(reasons[file])), file))
    return tuple(Related(index.ref(file), _told(reasons[file])) for file in ranked[:MOST])


def _told(reasons: Sequence[_Reason]) -> tuple[tuple[str, int], ...]:
    return tuple((each.text, each.line) for each in _distinct(reasons))


def _distinct(reasons: Sequence[_Reason]) -> list[_Reason]:
    return list({each.text: each for each in reversed(reasons)}.values())[::-1]


def _changed(index: Index, path: str) -> Iterator[_Reason]:
    for other, together, of in index.co_changed(path):
        if together >= _LEAST:
            yield _Reason(other, together / of, f"changed together in {together} of {of} commits", 0)


def _tests(path: str, tests: Sequence[Tested], tested: Mapping[str, int]) -> Iterator[_Reason]:
    for place, each in enumerate(tests[:_TESTS]):
        text = "its tests" if tests_called_as(path, [each.file.path]) else "tests that use it"
        yield _Reason(each.file.path, _TEST / (1 + place), text, 0)
    for file, line in tested.items():
        yield _Reason(file, _TEST, "tested here", line)


def _imports(index: Index, path: str, imported: Mapping[str, int], importers: Sequence[Importer]) -> Iterator[_Reason]:
    facts = index.facts(path)
    language = facts.language if facts else ""
    how = "imported" if language in PYTHON else "linked" if language in _LINKING else "included"
    for file, line in imported.items():
        rivals = index.importer_count(index.names[file]) if file in index.names else 1
        yield _Reason(file, 1 / log(2 + rivals), f"{how} here", line)
    for importer in importers:
        weight = 1 / log(2 + len(importers)) / (2 if TEST_PATH.search(importer.file.path) else 1)
        yield _Reason(importer.file.path, weight, f"{importer.how} this file", 0)


def siblings(known: Definitions, path: str, bases: Iterable[tuple[str, int]]) -> Iterator[tuple[str, str, int]]:
    """(file, base, line of the class here) of the files that write the same base, where that is the project's own and
    these are few; *bases*: the resolved names of those here, each with the line of its class.

    Asked of imports and classes, which are known of every file, not of uses, which are known of some only.
    """
    for base, line in dict(bases).items():
        importers = _importers(known.index, base) - {path} if known.definition(base, path) else set()
        if 0 < len(importers) <= _IMPORTERS:
            users = [user for user in sorted(importers) if base in _bases(known, user)]
            if len(users) < _FEW:
                yield from ((user, base, line) for user in users)


def _importers(index: Index, name: str) -> frozenset[str]:
    """The files with an import by which they can write a dotted name."""
    parts = name.split(".")
    ways = [(".".join(parts[:length]), parts[length]) for length in range(1, len(parts))]
    return index.importers_from([*ways, *((module, None) for module, _ in ways)])


def _bases(known: Definitions, path: str) -> set[str]:
    facts = known.index.facts(path)
    return {raw_base(known, path, base) for each in (classes(facts) if facts else ()) for base in each.bases}

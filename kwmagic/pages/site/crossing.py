"""Who imports a folder from outside of it, and what it imports outside of itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from typing import NamedTuple

from kwmagic.pages.record import Record
from kwmagic.pages.site.edges import apart
from kwmagic.pages.site.folder import Group, Package

_Page = Callable[[str], str]
_Groups = dict[str, dict[str, set[str]]]
"""Folder -> file or folder elsewhere -> files in it."""


class Crossing(NamedTuple):
    """Of one folder; groups with most files first."""

    importers: tuple[Group, ...] = ()
    imported: tuple[Group, ...] = ()
    third_parties: tuple[Package, ...] = ()


def crossing(records: Iterable[Record], docs: _Page, folder_page: _Page) -> dict[str, Crossing]:
    """Folder -> what crosses its border; *docs* and *folder_page* say where the pages of a file and a folder are."""
    importers: _Groups = defaultdict(lambda: defaultdict(set))
    imported: _Groups = defaultdict(lambda: defaultdict(set))
    packages: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        for each in record.imports:
            shared, here, there = apart(record.path, each.path)
            for folder in _inside(shared, each.path):
                importers[folder][here].add(record.path)
            for folder in _inside(shared, record.path):
                imported[folder][there].add(each.path)
        for folder in ("", *_inside("", record.path)):
            packages[folder].update(record.packages)
            for path in record.outside:
                importers[folder][_place(path)].add(path)

    def page(path: str, files: Set[str]) -> str:
        return "" if path.startswith("../") else docs(path) if path in files else folder_page(path)

    return {
        folder: Crossing(
            _ranked(importers.get(folder, {}), page),
            _ranked(imported.get(folder, {}), page),
            tuple(Package(*each) for each in sorted(packages[folder].items(), key=lambda item: (-item[1], item[0]))),
        )
        for folder in {*importers, *imported, *packages}
    }


def _inside(shared: str, path: str) -> list[str]:
    """The folders around a file that are inside of another one."""
    start = len(shared) + 1 if shared else 0
    return [path[:end] for end in range(start, len(path)) if path[end] == "/"]


def _place(path: str) -> str:
    """The folder, or else the file, beside the tree or beside what is around it: `../tests` of `../tests/x.py`."""
    start = 0
    while path.startswith("../", start):
        start += 3
    end = path.find("/", start)
    return path if end < 0 else path[:end]


def _ranked(groups: Mapping[str, Set[str]], page: Callable[[str, Set[str]], str]) -> tuple[Group, ...]:
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(Group(path, page(path, files), path not in files, len(files)) for path, files in ordered)

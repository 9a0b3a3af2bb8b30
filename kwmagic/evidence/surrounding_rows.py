"""`Surroundings` as plain lists: what is compared with the last time, and crosses to the process that renders them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from kwmagic.evidence.surroundings import (
    CallSite,
    Cycle,
    Importer,
    Related,
    Spot,
    Surroundings,
    Tested,
    UsedIn,
)
from kwmagic.model import FileRef, Import, Statement

_Ref = Callable[[str], FileRef]


def of_surroundings(around: Surroundings, named: Callable[[str], str]) -> list[Any]:
    """All fields in order, as JSON and marshal can write them; *named*: how the path of a file is to be written."""

    def spot(each: Spot) -> list[Any]:
        return [named(each.file.path), each.line, each.scope]

    return [
        around.module,
        around.read,
        [[*each] for each in around.statements],
        [(name, named(file.path)) for name, file in around.targets.items()],
        [(named(file.path), [[*each] for each in imports]) for file, imports in around.importers],
        [(line, [(base, at and spot(at)) for base, at in each]) for line, each in around.bases.items()],
        [(name, [(each, spot(at)) for each, at in found]) for name, found in around.subclasses.items()],
        [(ring.modules, [spot(at) for at in ring.spots]) for ring in around.cycles],
        [
            (name, [(named(file.path), [spot(at) for at in spots], calls) for file, spots, calls in files])
            for name, files in around.uses.items()
        ],
        [(named(file.path), names, line) for file, names, line in around.tests],
        around.tests_read,
        [(named(file.path), *where) for file, *where in around.call_sites],
        around.command,
        [(named(file.path), reasons) for file, reasons in around.related],
    ]


def to_surroundings(row: list[Any]) -> Surroundings:
    """The same again; files are known by their paths alone."""
    refs: dict[str, FileRef] = {}

    def ref(path: str) -> FileRef:
        return refs.get(path) or refs.setdefault(path, FileRef(path))

    (module, read, statements, targets, importers, bases, subclasses, cycles, *rest) = row
    uses, tests, tests_read, call_sites, command, related = rest
    return Surroundings(
        module,
        read,
        tuple(Statement(*each) for each in statements),
        {name: ref(path) for name, path in targets},
        tuple(Importer(ref(path), tuple(map(_import, imports))) for path, imports in importers),
        {line: tuple((name, _spot(spot, ref)) for name, spot in each) for line, each in bases},
        {name: tuple((each, Spot(ref(spot[0]), *spot[1:])) for each, spot in found) for name, found in subclasses},
        tuple(Cycle(tuple(modules), _spots(spots, ref)) for modules, spots in cycles),
        {name: tuple(_used(each, ref) for each in files) for name, files in uses},
        tuple(Tested(ref(path), tuple(map(_triple, names)), line) for path, names, line in tests),
        tests_read,
        tuple(CallSite(ref(path), *where) for path, *where in call_sites),
        command,
        tuple(Related(ref(path), tuple(map(_pair, reasons))) for path, reasons in related),
    )


def _import(row: list[Any]) -> Import:
    module, name, alias, line, flags, cell = row
    return Import(module, name, alias, line, tuple(flags), cell)


def _spot(row: list[Any] | None, ref: _Ref) -> Spot | None:
    return None if row is None else Spot(ref(row[0]), *row[1:])


def _spots(rows: Iterable[list[Any]], ref: _Ref) -> tuple[Spot, ...]:
    return tuple(Spot(ref(path), *where) for path, *where in rows)


def _used(row: list[Any], ref: _Ref) -> UsedIn:
    path, spots, calls = row
    return UsedIn(ref(path), _spots(spots, ref), calls)


def _triple(row: list[Any]) -> tuple[str, int, int]:
    qualname, line, calls = row
    return qualname, line, calls


def _pair(row: list[Any]) -> tuple[str, int]:
    text, line = row
    return text, line

"""All that a project tells of one of its files, found by queries when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kwmagic.evidence import testing
from kwmagic.evidence.cycles import cycles
from kwmagic.evidence.definitions import Definitions
from kwmagic.evidence.importing import PYTHON, ImportRow, absolute
from kwmagic.evidence.includes import Includes
from kwmagic.evidence.inheritance import bases, classes, raw_base, subclasses
from kwmagic.evidence.modules import Index, importing, is_package, leads_to, module_file
from kwmagic.evidence.related import related, siblings
from kwmagic.evidence.surroundings import Importer, Spot, Surroundings, UsedIn
from kwmagic.evidence.uses import Place, Uses, uses
from kwmagic.model import FileFacts, FileRef, Import, Statement


def surroundings(
    index: Index, path: str, *, statements: Sequence[Statement] = (), runs: bool = False, read: int = 0
) -> Surroundings:
    """What the project tells of the file at *path*; empty where it does not have it.

    The uses in all files of `uses.reach` must be known to the index. *statements* are the file's own; *runs*: it has a
    `__main__` guard; *read*: how many files of its language the project has.
    """
    facts = index.facts(path)
    if facts is None:
        return Surroundings(statements=tuple(statements), read=read)
    if path not in index.names:
        return _other(index, facts, tuple(statements), read)
    known = Definitions(index)
    found = uses(known, path)
    importers = tuple(_importers(index, path, _of_module(index, path)))
    tests = testing.tests(known, path, found)
    imported = _imported(index, path)
    written = [(raw_base(known, path, base), each.line) for each in classes(facts) for base in each.bases]
    return Surroundings(
        index.names[path],
        read,
        tuple(statements),
        dict(_targets(index, facts)),
        importers,
        bases(known, facts),
        subclasses(known, facts, found),
        cycles(index, path),
        used_in(index, found, facts),
        tests,
        testing.tests_read(index),
        testing.call_sites(index, path, found),
        testing.command(index, path, tests, runs=runs),
        related(
            index,
            path,
            imported=imported,
            importers=importers,
            tests=tests,
            tested=testing.tested_by(index, path, imported),
            siblings=siblings(index, path, written),
        ),
    )


def _other(index: Index, facts: FileFacts, statements: tuple[Statement, ...], read: int) -> Surroundings:
    """Of a file that is no Python module: what it imports as a notebook, its includes and links."""
    includes = Includes(index)
    leading: dict[ImportRow, str] = {}
    for row in index.imports_in(facts.path):
        is_link = facts.language not in PYTHON or "link" in row.flags.split()
        target = includes.target(facts.path, row) if is_link else leads_to(index, facts.path, row)
        if target is not None and target != facts.path:
            leading[row] = target
    importers = tuple(_importers(index, facts.path, includes.importers(facts.path)))
    imported: dict[str, int] = {}
    for row, target in leading.items():
        imported.setdefault(target, row.line)
    return Surroundings(
        read=read,
        statements=statements,
        targets={row.module: index.ref(target) for row, target in leading.items()},
        importers=importers,
        related=related(index, facts.path, imported=imported, importers=importers, tests=(), tested={}, siblings=()),
    )


def _of_module(index: Index, path: str) -> Iterator[tuple[str, ImportRow]]:
    """The imports that lead to the module: of it, or of names that it has; not of its submodules."""
    for hit in importing(index, [path]):
        if hit.path != path and (hit.is_whole or leads_to(index, hit.path, hit.row) == path):
            yield hit.path, hit.row
    yield from ((other, row) for other, row in index.imports_of([path]) if "link" in row.flags.split())


def _importers(index: Index, path: str, rows: Iterable[tuple[str, ImportRow]]) -> Iterator[Importer]:
    by_file: dict[str, dict[ImportRow, None]] = {}
    for other, row in rows:
        by_file.setdefault(other, {})[row] = None
    for other in sorted(by_file.keys() - {path}):
        imports = (
            Import(row.module, row.name, row.alias, row.line, tuple(row.flags.split())) for row in by_file[other]
        )
        yield Importer(index.ref(other), tuple(sorted(imports, key=lambda each: each.line)))


def _targets(index: Index, facts: FileFacts) -> Iterator[tuple[str, FileRef]]:
    """Module as written -> its file; for a name that is a module, `.pkg.name` as well."""
    path = facts.path
    for each in facts.imports:
        module = absolute(each.module, index.names[path], is_package=is_package(path))
        if file := module_file(index, path, module):
            yield each.module, index.ref(file)
        if each.name and module and (file := module_file(index, path, f"{module}.{each.name}")):
            yield f"{each.module}{'' if each.module.endswith('.') else '.'}{each.name}", index.ref(file)


def _imported(index: Index, path: str) -> Mapping[str, int]:
    """The files that a file imports, each with the line of the first import."""
    lines: dict[str, int] = {}
    for row in index.imports_in(path):
        target = leads_to(index, path, row)
        if target is not None and target != path:
            lines.setdefault(target, row.line)
    return lines


def used_in(index: Index, found: Uses, facts: FileFacts) -> dict[str, tuple[UsedIn, ...]]:
    """The uses of the public definitions of a file in other files, those with most uses first."""
    public = {each.qualname for each in facts.symbols if "private" not in each.flags}
    return {
        qualname: others
        for qualname in sorted(found.keys() & public)
        if (others := all_uses(index, {each: places for each, places in found[qualname].items() if each != facts.path}))
    }


def all_uses(index: Index, by_file: Mapping[str, Sequence[Place]]) -> tuple[UsedIn, ...]:
    """The uses of one definition, file by file, those with most uses first."""
    listed = (
        UsedIn(
            index.ref(path),
            tuple(Spot(index.ref(path), place.line, place.scope) for place in places),
            sum(place.how == "call" for place in places),
        )
        for path, places in by_file.items()
    )
    return tuple(sorted(listed, key=lambda each: (-len(each.spots), each.file.path)))

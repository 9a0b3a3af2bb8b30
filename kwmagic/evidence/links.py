"""All that a project tells of one of its files, found by queries when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kwmagic.evidence import testing
from kwmagic.evidence.cycles import Graph, cycles
from kwmagic.evidence.definitions import Definitions
from kwmagic.evidence.importing import PYTHON, ImportRow, absolute
from kwmagic.evidence.includes import Includes
from kwmagic.evidence.inheritance import bases, classes, raw_base, subclasses
from kwmagic.evidence.modules import Index, bound, imported, is_package, leads_to, module_file
from kwmagic.evidence.related import related, siblings
from kwmagic.evidence.surroundings import Importer, Spot, Surroundings, UsedIn
from kwmagic.evidence.uses import Place, Uses, uses
from kwmagic.model import FileFacts, FileRef, Import


def surroundings(
    index: Index, path: str, *, runs: bool = False, read: int = 0, graph: Graph | None = None
) -> Surroundings:
    """What the project tells of the file at *path*; empty where it does not have it. The file's own statements are not
    among it.

    The uses in all files of `uses.reach` must be known to the index. *runs*: the file has a `__main__` guard; *read*:
    how many files of its language the project has; *graph*: which modules import which, where that is known already.
    """
    facts = index.facts(path)
    if facts is None:
        return Surroundings(read=read)
    if path not in index.names:
        return _other(index, facts, read)
    known = Definitions(index)
    found = uses(known, path)
    importers = tuple(_importers(index, path, _of_module(known, path)))
    tests = testing.tests(known, path, found)
    here = imported(index, path)
    written = [(raw_base(known, path, base), each.line) for each in classes(facts) for base in each.bases]
    return Surroundings(
        module=index.names[path],
        read=read,
        targets=dict(_targets(index, facts)),
        importers=importers,
        bases=bases(known, facts),
        subclasses=subclasses(known, facts, found),
        cycles=cycles(index, path, graph),
        uses=_used_in(index, found, facts),
        tests=tests,
        tests_read=testing.tests_read(index),
        call_sites=testing.call_sites(index, path, found),
        command=testing.command(index, path, tests, runs=runs),
        related=related(
            index,
            path,
            imported=here,
            importers=importers,
            tests=tests,
            tested=testing.tested_by(index, path, here),
            siblings=siblings(known, path, written),
        ),
    )


def _other(index: Index, facts: FileFacts, read: int) -> Surroundings:
    """Of a file that is no Python module: what it imports as a notebook, its includes and links."""
    includes = Includes(index)
    leading: dict[ImportRow, str] = {}
    for row in index.imports_in(facts.path):
        is_link = facts.language not in PYTHON or "link" in row.flags.split()
        target = includes.target(facts.path, row) if is_link else leads_to(index, facts.path, row)
        if target is not None and target != facts.path:
            leading[row] = target
    importers = tuple(_importers(index, facts.path, includes.importers(facts.path)))
    is_notebook = facts.language == "Jupyter notebook"  # whose lines count in its cells
    here = {target: 0 if is_notebook else row.line for row, target in reversed(leading.items())}  # the first one counts
    return Surroundings(
        read=read,
        targets={row.module: index.ref(target) for row, target in leading.items()},
        importers=importers,
        related=related(index, facts.path, imported=here, importers=importers),
    )


def _of_module(known: Definitions, path: str) -> Iterator[tuple[str, ImportRow]]:
    """The imports that lead to the module: of it, or of names that it has; not of its submodules.

    A module that is no package may have others as names: `import os.path`.
    """
    index = known.index
    for hit in known.importing([path]):
        if hit.path != path and (hit.is_whole or leads_to(index, hit.path, hit.row) == path):
            yield hit.path, hit.row
    yield from ((other, row) for other, row in index.imports_of([path]) if "link" in row.flags.split())
    if not is_package(path):
        named = {f"{index.names[path]}.{bound(row)}" for row in index.imports_in(path) if row.alias or row.name}
        yield from index.imports_of(sorted(named - index.modules.keys()))


def _importers(index: Index, path: str, rows: Iterable[tuple[str, ImportRow]]) -> Iterator[Importer]:
    by_file: dict[str, dict[ImportRow, None]] = {}
    for other, row in rows:
        by_file.setdefault(other, {})[row] = None
    for other in sorted(by_file.keys() - {path}):
        imports = [_placed(index, other, row) for row in by_file[other]]
        yield Importer(index.ref(other), tuple(sorted(imports, key=lambda each: (each.cell, each.line))))


def _placed(index: Index, path: str, row: ImportRow) -> Import:
    """An import with the cell that its line counts in, where it is a notebook's."""
    found = row.as_import()
    facts = index.facts(path) if path.endswith(".ipynb") else None
    if facts is None:
        return found
    same = (each for each in facts.imports if (each.name, each.alias, each.line) == (row.name, row.alias, row.line))
    return found._replace(cell=next((each.cell for each in same), 0))


def _targets(index: Index, facts: FileFacts) -> Iterator[tuple[str, FileRef]]:
    """Module as written -> its file; for a name that is a module, `.pkg.name` as well."""
    path = facts.path
    for each in facts.imports:
        module = absolute(each.module, index.names[path], is_package=is_package(path))
        if file := module_file(index, path, module):
            yield each.module, index.ref(file)
        if each.name and module and (file := module_file(index, path, f"{module}.{each.name}")):
            yield f"{each.module}{'' if each.module.endswith('.') else '.'}{each.name}", index.ref(file)


def _used_in(index: Index, found: Uses, facts: FileFacts) -> dict[str, tuple[UsedIn, ...]]:
    """The uses of the public definitions of a file in other files."""
    public = {each.qualname for each in facts.symbols if "private" not in each.flags}
    used = {qualname: _others(index, found[qualname], facts.path) for qualname in sorted(found.keys() & public)}
    return {qualname: others for qualname, others in used.items() if others}


def _others(index: Index, by_file: Mapping[str, Sequence[Place]], own: str) -> tuple[UsedIn, ...]:
    """The uses of one definition, those files first that have most; not in its *own* file."""
    listed = (
        UsedIn(
            index.ref(path),
            tuple(Spot(index.ref(path), place.line, place.scope) for place in places),
            sum(place.how == "call" for place in places),
        )
        for path, places in by_file.items()
        if path != own
    )
    return tuple(sorted(listed, key=lambda each: (-len(each.spots), each.file.path)))

"""Where the definitions of a file are used: in other files, under every name by which they can be reached there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kwmagic.evidence.definitions import Definitions
from kwmagic.evidence.importing import ImportRow
from kwmagic.evidence.modules import Index, bound, importing, is_package, local_names
from kwmagic.evidence.purpose import tests_called_as_in


class Place(NamedTuple):
    """One use, still without the record of its file."""

    line: int
    scope: str
    how: str
    """As in `Use.how`; `reference` where only something inside the definition is called."""
    first: int
    last: int
    is_inner: bool
    """Whether it is the use of a definition inside, which counts for that one as well."""


Uses = dict[str, dict[str, list[Place]]]
"""Qualname of a definition -> path of a file that uses it -> its uses there, by line."""


class Exposed(NamedTuple):
    """Under which names the definitions of one file can be reached in the others."""

    names: dict[str, set[str]]
    """File -> names at its top level that stand for top-level definitions; the file itself and all that import them at
    module level, one from another."""
    modules: dict[str, set[str]]
    """File -> names at its top level that stand for one of these files: `path` in `os`."""


def exposed(known: Definitions, path: str, only: str | None = None) -> Exposed:
    """Where the top-level definitions of the file at *path*, or the *only* one asked for, can be reached."""
    names: dict[str, set[str]] = {path: {only} if only else _own(known, path)}
    modules: dict[str, set[str]] = defaultdict(set)
    frontier = {path}
    while frontier:
        reached: set[str] = set()
        for importer, row, target, is_whole in known.importing(frontier):
            if importer == target or "local" in row.flags:
                continue
            if is_whole:
                modules[importer].update(_alias(known, importer, row, target))
            elif fresh := {*_taken(known, row, target, names[target])} - names.get(importer, set()):
                names.setdefault(importer, set()).update(fresh)
                reached.add(importer)
        frontier = reached
    return Exposed(names, modules)


def _own(known: Definitions, path: str) -> set[str]:
    """The names that a file defines, and those of its `__all__` that come from nowhere: they are made when it runs."""
    table = known.table(path)
    made = {name for name in table.exports or () if name not in table.imports}
    return made.union(name for name in table.symbols if "." not in name)


def _taken(known: Definitions, row: ImportRow, target: str, names: set[str]) -> Iterable[str]:
    """The names that an import from the file *target* gives to those of *names* that it takes."""
    if row.name == "*":
        return [name for name in names if known.exports(target, name)]
    return [bound(row)] if row.name in names else []


def _alias(known: Definitions, importer: str, row: ImportRow, target: str) -> Iterator[str]:
    """The name that an import gives to the module *target*, where that is not its own."""
    name = bound(row)
    is_module = row.alias or row.name or name == row.module
    if is_module and f"{known.index.names.get(importer)}.{name}" != known.index.names.get(target):
        yield name


def uses(known: Definitions, path: str, only: str | None = None) -> Uses:
    """The uses of every definition of the file at *path*, or of the *only* one asked for, by its qualname, and of what
    is inside it. Its own file is among the files; what uses a member, such as `Color.RED`, uses the class as well.

    A name that a star import brings is not seen: what it stands for is not certain in one file alone.
    """
    found: Uses = defaultdict(lambda: defaultdict(list))
    seen = set()
    for query in _queries(known, path, only):
        for name, user, spots in known.index.uses_of(query):
            if (name, user) in seen:
                continue
            seen.add((name, user))
            target = known.locate(name, user)
            if target is None or target.path != path or not target.qualname:
                continue
            places = [_place(spot, is_whole=not target.rest) for spot in spots]
            inner = [place._replace(how="reference", is_inner=True) for place in places]
            for qualname in _outward(target.qualname):
                if only is None or f"{qualname}.".startswith(f"{only}."):
                    found[qualname][user] += places if qualname == target.qualname else inner
    for files in found.values():
        for places in files.values():
            places.sort()
    return found


def _place(spot: Sequence[int | str], *, is_whole: bool) -> Place:
    line, scope, how, first, last = spot
    return Place(int(line), str(scope), str(how) if is_whole else "reference", int(first), int(last), False)


def _outward(qualname: str) -> Iterator[str]:
    """`A.B.c`, `A.B`, `A`."""
    while qualname:
        yield qualname
        qualname = qualname.rpartition(".")[0]


def _queries(known: Definitions, path: str, only: str | None) -> Iterator[str]:
    """The names that, with what is below them, may stand for definitions of the file."""
    index = known.index
    found = exposed(known, path, only.partition(".")[0] if only else None)
    for file, names in found.names.items():
        is_all = file == path and only is None and not is_package(path)
        for module in local_names(index, file):
            yield from [module] if is_all else [f"{module}.{name}" for name in sorted(names)]
    for file, aliases in found.modules.items():
        yield from (f"{module}.{name}" for module in local_names(index, file) for name in sorted(aliases))


def reach(known: Definitions, path: str) -> set[str]:
    """The files in which a use of what the file at *path* defines is possible, as far as their imports tell: all that
    import it, what is imported from it, a package around these, or a file that gives it another name; and the tests
    that are called as it is, since those may import it by its name in a text."""
    index = known.index
    found = exposed(known, path)
    users = {path, *tests_called_as_in(path, index.paths)}
    bound_names = {**found.modules}
    for file, names in found.names.items():
        bound_names[file] = names | bound_names.get(file, set())
    for hit in importing(index, bound_names):
        if hit.is_whole or hit.row.name == "*" or hit.row.name in bound_names[hit.target]:
            users.add(hit.path)
    named = [(index.names[file], names) for file, names in found.modules.items() if file in index.names]
    renamed = [f"{module}.{name}" for module, names in named for name in names]
    users.update(user for user, _ in index.imports_of(renamed))  # `import os.path`, which no file is called
    around = {above for file in found.names for name in local_names(index, file) for above in _outward(name)}
    packages = {index.modules[name] for name in around & index.modules.keys()}
    users.update(hit.path for hit in importing(index, packages) if hit.is_whole)
    users.update(_plain(index, {name for name in around if "." not in name}))
    return users & index.names.keys()


def _plain(index: Index, tops: set[str]) -> Iterator[str]:
    """The files with an `import top.x.y`, which binds `top` and so reaches all below it."""
    below = [name for name in (*index.modules, *index.extensions) if name.partition(".")[0] in tops]
    for path, row in index.imports_of(below):
        if row.name is None and row.alias is None:
            yield path

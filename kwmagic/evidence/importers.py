"""Which files import a definition by its name, from where it is or from where it is passed on."""

from __future__ import annotations

from collections import defaultdict

from kwmagic.evidence.definitions import Definitions
from kwmagic.evidence.modules import importing
from kwmagic.evidence.uses import exposed
from kwmagic.model import Import


def importers(known: Definitions, path: str, qualname: str) -> dict[str, tuple[Import, ...]]:
    """Path -> the imports that bind a definition of the file at *path*, or what it is defined in, by line."""
    names = exposed(known, path, qualname.partition(".")[0]).names
    found: dict[str, set[Import]] = defaultdict(set)
    for each in importing(known.index, names):
        row, reached = each.row, names[each.target]
        takes = any(known.exports(each.target, name) for name in reached) if row.name == "*" else row.name in reached
        if takes and not each.is_whole:
            found[each.path].add(row.as_import())
    return {user: tuple(sorted(imports, key=lambda each: each.line)) for user, imports in sorted(found.items())}

"""How much a project uses its definitions, as far as names tell it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from kwmagic.evidence.definitions import Definitions
from kwmagic.projects.project import Project
from kwmagic.searching import Key


def counts(project: Project, keys: Iterable[Key]) -> dict[Key, tuple[int, int]]:
    """The numbers of (files that use it, uses) of each definition that is used; what is used as a member of an object,
    whose type a name does not tell, is not counted."""
    wanted = frozenset(keys)
    known = Definitions(project)
    used: dict[Key, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for last in {qualname.rpartition(".")[2] for _, qualname in wanted}:
        for name, path, number in project.store.use_counts(last):
            key = known.definition(name)
            if key in wanted:
                used[key][path] += number
    return {key: (len(files), sum(files.values())) for key, files in used.items()}

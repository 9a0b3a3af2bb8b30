"""What is to be documented, and what became of it since the last build."""

from __future__ import annotations

import json
import os
from typing import NamedTuple

from kwmagic.building.gathering import Tree, digest_of
from kwmagic.building.naming import named
from kwmagic.building.places import Places
from kwmagic.building.recording import affected
from kwmagic.building.state import State
from kwmagic.evidence.modules import imported
from kwmagic.projects.project import Project


class Survey(NamedTuple):
    """One look at the project."""

    tree: Tree
    edges: dict[str, dict[str, int]]
    """Path in the project -> the files that it imports when it is imported -> line."""
    changed: frozenset[str]
    """Paths in the project of the files with another content than at the last build."""
    affected: frozenset[int]
    """The questions to which the answers may differ from those of the last build."""
    turned: bool
    """Whether any edge differs."""
    whole: bool
    """Whether all must be asked again: there was no build, or there are other files than then."""
    seen: bytes
    """To be remembered, under `SEEN`, once all pages are made from this."""


SEEN = "seen"


def surveyed(project: Project, places: Places, state: State, suffix: str = ".md") -> Survey:
    """Compare a project that is up to date with what the last build saw; *suffix* is that of pages."""
    tree = _tree(project, places, suffix)
    shape = digest_of(sorted(project.known), sorted(project.extensions), sorted(project.config), tree.prefix).hex()
    seen = json.loads(state.recall(SEEN) or b"{}")
    whole = seen.get("shape") != shape
    before: dict[str, tuple[str, dict[str, int]]] = {} if whole else seen["files"]
    digests = {path: known.digest.hex() for path, known in project.known.items()}
    changed = frozenset(path for path in digests if path not in before or before[path][0] != digests[path])
    edges = {path: _edges(project, path) if path in changed else before[path][1] for path in digests}
    questions: set[int] = set()
    for path in () if whole else changed:
        old, new = (project.store.version(bytes.fromhex(each)) for each in (before[path][0], digests[path]))
        if old is None or new is None:
            whole = True
            break
        questions.update(affected(path, old, new))
    return Survey(
        tree,
        edges,
        changed,
        frozenset(questions),
        any(path not in before or before[path][1] != edges[path] for path in changed),
        whole,
        json.dumps({"shape": shape, "files": {path: (digests[path], edges[path]) for path in digests}}).encode(),
    )


def _tree(project: Project, places: Places, suffix: str) -> Tree:
    way = os.path.relpath(places.source, project.root.folder).replace(os.sep, "/")
    prefix = "" if way == "." else f"{way}/"
    paths = {path[len(prefix) :]: path for path in project.known if path.startswith(prefix)}
    return Tree(places.source, prefix, named(paths, suffix), paths)


def _edges(project: Project, path: str) -> dict[str, int]:
    return imported(project, path, at_once=True) if path in project.names else {}

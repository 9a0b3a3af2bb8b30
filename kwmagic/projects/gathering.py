"""What the project around a file tells of it, brought up to date as far as that file needs it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple, TypeVar

from kwmagic.analysis import Progress
from kwmagic.evidence.definitions import Definitions
from kwmagic.evidence.importing import PYTHON
from kwmagic.evidence.imports import STANDARD
from kwmagic.evidence.links import surroundings
from kwmagic.evidence.surroundings import Surroundings
from kwmagic.evidence.uses import reach
from kwmagic.model import FileFacts, FileRef
from kwmagic.projects.project import Project, related_languages
from kwmagic.projects.roots import root_around
from kwmagic.store import LostError

FEW = 20
"""Files that are resolved sooner than it is found out whether they need to be."""
MANY = 50
"""Files from which on the index of a project is worth opening."""

_Answer = TypeVar("_Answer")


class How(NamedTuple):
    """How projects are opened."""

    cache: str | None = None
    """The folder of the stores; None for the user's."""
    trust_stat: bool = False
    progress: Progress | None = None


def gathered(facts: FileFacts, how: How) -> tuple[Surroundings | None, tuple[str, ...]]:
    """What the project tells of a file, and what is to be said of the store; None for what is no file of a project."""
    root = root_around([facts.ref])
    if root is None:
        return None, ()
    with Project(root, **how._asdict()) as project:
        found = asked(project, lambda: _around(project, facts))
        return found, tuple(project.store.notes)


def kept(refs: Sequence[FileRef], how: How) -> dict[FileRef, FileFacts]:
    """The facts of those of many files that a project knows by the same paths, out of its index; few are read faster.

    A path is part of what facts depend on: it names modules, and tells which imports are a package's own.
    """
    root = root_around(refs) if len(refs) >= MANY else None
    if root is None:
        return {}
    with Project(root, **how._asdict()) as project:
        shared = {ref.path: ref for ref in refs if project.disk.files.get(ref.path) == ref}

        def facts() -> dict[FileRef, FileFacts]:
            project.refresh(paths=shared)
            return {shared[path]: found for path, found in project.all_facts([*shared])}

        return asked(project, facts) if len(shared) >= MANY else {}


def distributions(facts: FileFacts) -> dict[str, str]:
    """Top-level module that a Python file imports -> the installed distribution that brings it, where that is called
    otherwise."""
    tops = {each.module.partition(".")[0] for each in facts.imports} - {""} if facts.language in PYTHON else set()
    known = _distributions() if tops - STANDARD else {}
    return {top: known[top] for top in sorted(tops) if top in known}


@cache
def _distributions() -> dict[str, str]:
    from importlib.metadata import packages_distributions  # noqa: PLC0415  # reads every installed distribution

    found = packages_distributions().items()
    # the name is None where an installation is broken
    sure = {module: next(iter({*names})) for module, names in found if len({*names}) == 1}
    return {module: name for module, name in sure.items() if name and _plain(name) != _plain(module)}


def _plain(name: str) -> str:
    """As the names of distributions are compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def asked(project: Project, question: Callable[[], _Answer]) -> _Answer:
    """The answer; asked again where the store turns out to be damaged, as it then goes on empty, at last in memory."""
    for _ in range(2):
        try:
            return question()
        except LostError:
            continue
        except (zlib.error, ValueError):  # of a row that was not what it seemed
            project.forget()
    return question()


def _around(project: Project, facts: FileFacts) -> Surroundings | None:
    path = project.disk.paths.get(facts.ref.file)
    if path is None:
        return None
    project.refresh(related_languages(facts.language))
    if path in project.names:
        project.trace(_needed(project, path))
    evidence = project.evidence(path)
    found = surroundings(project, path, runs=evidence.runs, read=project.count(facts.language))
    return replace(found, statements=evidence.statements)


def _needed(project: Project, path: str) -> Collection[str]:
    """The files to be resolved for one of them: those that can reach it; all, where few are left or most can."""
    left = project.untraced
    if len(left) <= FEW:
        return left
    users = reach(Definitions(project), path)
    return left if 2 * len(users) > len(project.names) else users

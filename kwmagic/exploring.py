"""The calls that ask a whole project: which definitions match some words, and where one definition is used."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kwmagic import analysis, documents, searching
from kwmagic.collecting import uncollected
from kwmagic.documents import Scene
from kwmagic.errors import OptionError, TargetError
from kwmagic.evidence.definitions import Definitions
from kwmagic.evidence.importers import importers
from kwmagic.evidence.importing import PYTHON
from kwmagic.evidence.uses import uses as uses_of
from kwmagic.found import SearchResult, UsesResult
from kwmagic.links import Reader
from kwmagic.model import FileFacts, Target
from kwmagic.pages.found import Match, Search
from kwmagic.pages.uses import Uses, UsingFile
from kwmagic.projects.counting import counts
from kwmagic.projects.gathering import asked
from kwmagic.projects.project import Project
from kwmagic.projects.roots import Root, root_around, root_of
from kwmagic.results import Limits
from kwmagic.searching import REASONS, Hit
from kwmagic.store import fulltext
from kwmagic.walking import one_look

MOST = 50
"""Matches that are listed where nothing else is said."""


@uncollected()
@one_look()
def search(
    words: str | Sequence[str],
    target: object = None,
    *,
    most: int = MOST,
    reader: Reader = Reader(),
    limits: Limits = Limits(),
    scene: Scene = Scene(),
) -> SearchResult:
    """The definitions of a project that match all *words*: in names, signatures and the first lines of docstrings.

    With a *target* only those in its files; without one the project around the working folder is searched. The *most*
    best are listed, the others counted. Raises `TargetError` where the target can't be found, and `OptionError` where
    there is no word to look for.
    """
    typed = [part for each in ([words] if isinstance(words, str) else words) for part in each.split()]
    if not searching.tokens(typed):
        raise OptionError("give words to search for: letters or digits")
    made = _search(typed, None if target is None else documents.resolve(target, scene), most, scene)
    ignored = [
        f"`{each}` has neither letters nor digits: it was left out." for each in typed if not searching.tokens([each])
    ]
    return SearchResult(made._replace(notes=(*made.notes, *ignored)), reader, limits)


@uncollected()
@one_look()
def uses(target: object, *, reader: Reader = Reader(), limits: Limits = Limits(), scene: Scene = Scene()) -> UsesResult:
    """Every use of one definition in its project, and who imports it by name.

    Raises `TargetError` where the target is no definition in a Python file of a project.
    """
    index = documents.index(target, scene=scene)
    focus = index.target.focus
    if focus is None:
        raise TargetError(f"uses are told of one definition: name one in {index.target.label}")
    facts = index.files[0]
    root = root_around([facts.ref])
    if root is None or facts.language not in PYTHON:
        raise TargetError(f"uses are only known of Python definitions in a project, not of {index.target.label}")
    with _opened(root, scene) as project:
        made = asked(project, lambda: _uses(project, facts, focus))
        return UsesResult(made._replace(notes=(*index.target.notes, *project.store.notes)), reader, limits)


def _opened(root: Root, scene: Scene) -> Project:
    return Project(root, cache=scene.cache, trust_stat=scene.trust_stat, progress=scene.progress)


# --- search ---------------------------------------------------------------------------------------------------------


def _search(words: Sequence[str], target: Target | None, most: int, scene: Scene) -> Search:
    """In the index of the project that the target's files belong to; else in these files alone."""
    refs = () if target is None else target.files
    root = root_of(os.path.join(scene.cwd or os.getcwd(), "file")) if target is None else root_around(refs)
    if root is None:
        return _among(words, target, most, scene) if target else Search(" ".join(words), [])
    with _opened(root, scene) as project:
        wanted = [project.disk.paths.get(ref.file) for ref in refs]
        if target is not None and not any(wanted):
            return _among(words, target, most, scene)
        found = asked(project, lambda: _in_project(words, project, wanted if target else None, most))
        notes = [*(target.notes if target else ()), *project.store.notes]
        if target is not None and target.focus is not None:
            notes.append(f"Searched is the whole file that `{target.focus}` is in.")
        if None in wanted:
            notes.append(f"{wanted.count(None):,} of the files are no part of the project, and were not searched.")
        return found._replace(place=target.label if target else root.label, notes=notes)


def _in_project(words: Sequence[str], project: Project, wanted: Sequence[str | None] | None, most: int) -> Search:
    chosen = project.paths if wanted is None else project.paths.intersection(wanted)
    languages = {project.disk.languages[path] for path in chosen}
    project.complete(frozenset(each.name for each in languages if each))
    files = {number: path for number, path in project.store.ids().items() if path in chosen}
    hits = project.store.read(lambda connection: searching.find(connection, words, files, most))
    unknown = {} if hits.total else project.store.read(lambda each: searching.unknown(each, words, files))
    best = searching.ordered(hits.candidates, words, counts(project, [hit[:2] for hit in hits.candidates]))[:most]
    facts = dict(project.all_facts([*dict.fromkeys(hit.path for hit in best)]))
    return _made(words, best, facts)._replace(total=hits.total, files=len(files), unknown=unknown)


def _among(words: Sequence[str], target: Target, most: int, scene: Scene) -> Search:
    """In files of no project: single modules, members of archives, cells; how much they are used is not known."""
    found = analysis.analyse_all(target.files, trust_stat=scene.trust_stat, progress=scene.progress)
    files = {number: each.path for number, each in enumerate(found, 1)}
    with fulltext.in_memory(found) as connection:
        hits = searching.find(connection, words, files, most)
        unknown = {} if hits.total else searching.unknown(connection, words, files)
    best = searching.ordered(hits.candidates, words, {})[:most]
    made = _made(words, best, {each.path: each for each in found})
    made = made._replace(place=target.label, notes=target.notes)
    return made._replace(total=hits.total, files=len(files), unknown=unknown)


def _made(words: Sequence[str], hits: Sequence[Hit], facts: Mapping[str, FileFacts]) -> Search:
    def match(hit: Hit) -> Match:
        found = facts[hit.path]
        return Match(found, found.symbols[hit.number], REASONS[hit.rank], hit.files, hit.uses)

    return Search(" ".join(words), [match(hit) for hit in hits])


# --- uses -----------------------------------------------------------------------------------------------------------


def _uses(project: Project, facts: FileFacts, qualname: str) -> Uses:
    project.complete(PYTHON)
    path = project.disk.paths.get(facts.ref.file)
    if path is None:
        raise TargetError(f"{facts.path} is left out of the project {project.root.label}, so its uses are not known")
    known = Definitions(project)
    used = uses_of(known, path, qualname).get(qualname, {})
    imported = importers(known, path, qualname)
    files = [UsingFile(project.ref(each), used.get(each, ()), imported.get(each, ())) for each in {**used, **imported}]
    files.sort(key=lambda each: (each.file.path != path, -len(each.places), each.file.path))
    symbol = next(each for each in facts.symbols if each.qualname == qualname)
    name = ".".join(filter(None, (project.names.get(path), qualname)))
    own = replace(facts, ref=project.ref(path))
    return Uses(project.root.label, name, own, symbol, files, len(project.names))

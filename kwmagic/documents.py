"""The calls behind magics, command line and API: from what the user typed to what the user holds."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from kwmagic import analysis, comparing, targets
from kwmagic.changelist import Changes
from kwmagic.collecting import uncollected
from kwmagic.drafting import Drafting, Early
from kwmagic.focusing import as_notebook, focus_of_both, focused
from kwmagic.links import Reader
from kwmagic.model import FileFacts, FileRef, Target
from kwmagic.options import DocOptions, IndexOptions
from kwmagic.pages.authored import parts
from kwmagic.projects.gathering import How, kept
from kwmagic.projects.roots import packages_above
from kwmagic.provenance import PAGE
from kwmagic.results import Document, Help, KeywordIndex, Limits
from kwmagic.targets.wording import pages_left_out
from kwmagic.walking import one_look


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a target is looked for, and how its files are read."""

    namespace: Mapping[str, Any] = field(default_factory=dict)
    """The user's names."""
    cells: Sequence[str] = ()
    """`cells[n]` is the source of `In[n]`."""
    cell_files: Mapping[str, int] | None = None
    """The file name that a cell was compiled under -> its number."""
    dot: Literal["cells", "folder"] = "folder"
    """What `.` means."""
    cwd: str | None = None
    """The folder that paths start from; None: the working folder."""
    everything: bool = False
    """Whether what a folder excludes counts too."""
    trust_stat: bool = False
    """Whether a file of unchanged size and times is taken as unchanged."""
    progress: analysis.Progress | None = None
    """Called with the number of files done and of all."""
    cache: str | None = None
    """The folder that indexes of projects are kept in; None: the user's."""
    early: Early | None = None


@uncollected()
@one_look()
def index(
    target: object,
    *,
    options: IndexOptions = IndexOptions(),
    reader: Reader = Reader(),
    limits: Limits = Limits(),
    scene: Scene = Scene(),
) -> KeywordIndex:
    """The keyword index of a target: text (a module, path, name …) or an object.

    Raises `TargetError` where the target can't be found; a file that can't be read is a problem of the index, never an
    error.
    """
    found = resolve(target, scene)
    found, files = _analysed(found, scene)
    if found.focus is not None and files:
        found, facts = focused(found, files[0])
        files = [replace(facts, imports=())]
    return KeywordIndex(found, files, options, reader, limits)


@uncollected()
@one_look()
def changes(
    target: object,
    since: str,
    *,
    options: IndexOptions = IndexOptions(),
    reader: Reader = Reader(),
    limits: Limits = Limits(),
    scene: Scene = Scene(),
) -> Changes:
    """What became of the definitions of a target since a git commit, named by *since*; the rest is as for `index`.

    Raises `OptionError` where there is no such commit, no repository or no git.
    """
    found = resolve(target, scene)
    compared = comparing.since(
        found, since, everything=scene.everything, trust_stat=scene.trust_stat, progress=scene.progress
    )
    if found.focus is not None:
        compared = compared.narrowed(focus_of_both(found, compared))
    return Changes(compared, options, reader, limits)


@uncollected()
@one_look()
def document(
    target: object,
    *,
    options: DocOptions = DocOptions(),
    reader: Reader = Reader(),
    limits: Limits = Limits(),
    scene: Scene = Scene(),
    body: str = "",
    headings: bool = True,
) -> Document:
    """The documentation of a target; *body* is the author's Markdown, merged into the sections it names.

    Without *headings*, the sections of a cell start with bold lines. The rest is as for `index`.
    """
    found = resolve(target, scene)
    drafting = Drafting(options, reader, parts(body) if body.strip() else (), headings)
    if len(found.files) == 1:
        return drafting.of_file(found, limits, _how(scene), scene.early)
    return drafting.of_files(*_analysed(found, scene), limits)


def index_source(
    source: str,
    *,
    label: str = "cell.py",
    language: str = "",
    options: IndexOptions = IndexOptions(),
    reader: Reader = Reader(),
    limits: Limits = Limits(),
) -> KeywordIndex:
    """The keyword index of source given as text; *language* names its language where the *label* does not tell it."""
    found = _of_source(source, label, language)
    return KeywordIndex(found, analysis.analyse_all(found.files), options, reader, limits)


def document_source(
    source: str,
    *,
    label: str = "cell.py",
    language: str = "",
    options: DocOptions = DocOptions(),
    reader: Reader = Reader(),
    limits: Limits = Limits(),
    headings: bool = True,
) -> Document:
    """The documentation of source given as text; *language* names its language where the *label* does not tell it."""
    return Drafting(options, reader, headings=headings).of_file(_of_source(source, label, language), limits)


def help_page() -> Help:
    """What a magic shows without a target."""
    return Help()


def _of_source(source: str, label: str, language: str) -> Target:
    data = source.encode("utf-8", "surrogatepass")
    return Target(label, label, "the code in this cell", (FileRef(label, data=data, language=language),))


def resolve(target: object, scene: Scene) -> Target:
    """What is meant, text or an object; raises `TargetError` where nothing is found."""
    where: dict[str, Any] = {
        "cells": scene.cells,
        "cell_files": scene.cell_files,
        "dot": scene.dot,
        "cwd": scene.cwd,
        "everything": scene.everything,
    }
    if isinstance(target, str | os.PathLike):
        found = targets.resolve(os.fsdecode(target), namespace=scene.namespace, **where)
    else:
        found = targets.resolve("object", namespace={"object": target}, **where)
        found = replace(found, how=found.how.replace("the object `object`", "the object given"))
    return replace(found, project=_packages(found))


def _packages(target: Target) -> tuple[str, ...]:
    """The top-level packages that the target's files lie in, by the `__init__` files around them."""
    inside: set[str] = set()
    tops = set()
    for folder in sorted({os.path.dirname(ref.file) for ref in target.files if ref.file and not ref.member}):
        if os.path.dirname(folder) in inside:  # of a package that is known already
            inside.add(folder)
        elif names := packages_above(folder):
            inside.add(folder)
            tops.add(names[0])
    return tuple(sorted(tops))


def _analysed(target: Target, scene: Scene) -> tuple[Target, list[FileFacts]]:
    """The facts of its files, and what is to be said of them; of many, those that are pages of our own are left out.

    Those of many come out of the project's index, where files may be trusted by their times: else reading and analysing
    them takes no longer.
    """
    known = kept(target.files, _how(scene)) if scene.trust_stat else {}
    rest = [ref for ref in target.files if ref not in known]
    known |= zip(rest, analysis.analyse_all(rest, trust_stat=scene.trust_stat, progress=scene.progress), strict=True)
    files = [known[ref] for ref in target.files]
    kept_out = 0 if scene.everything or len(files) == 1 else sum(PAGE in facts.flags for facts in files)
    if kept_out:
        files = [facts for facts in files if PAGE not in facts.flags]
        target = replace(target, notes=(*target.notes, pages_left_out(kept_out)))
    return as_notebook(target, files)


def _how(scene: Scene) -> How:
    return How(scene.cache, scene.trust_stat, scene.progress)

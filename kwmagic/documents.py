"""The two calls behind magics, command line and API: from what the user typed to what the user holds."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, Literal

from kwmagic import analysis, comparing, targets
from kwmagic.analysers import markdown_detail, notebook_detail
from kwmagic.analysers.line_counts import line_counts
from kwmagic.analysers.markdown_detail import MarkdownDetail
from kwmagic.analysers.notebook_detail import NotebookDetail
from kwmagic.analysers.python_detail import Detail, detail, parsed
from kwmagic.changelist import Changes
from kwmagic.collecting import uncollected
from kwmagic.errors import TargetError
from kwmagic.evidence.modules import is_package, module_names
from kwmagic.evidence.surroundings import Surroundings
from kwmagic.evidence.trace import trace_tree
from kwmagic.git import history
from kwmagic.languages import BY_NAME, GENERIC
from kwmagic.linkcheck import dead_links
from kwmagic.links import Reader
from kwmagic.markup import Writer
from kwmagic.mdtext import Dest
from kwmagic.model import FILE, FileFacts, FileRef, Problem, Statement, Symbol, Target
from kwmagic.options import DocOptions, IndexOptions
from kwmagic.pages import document as document_page
from kwmagic.pages import folder as folder_page
from kwmagic.pages.authored import Part, parts
from kwmagic.pages.compared import Comparison
from kwmagic.pages.subject import Amount, Subject, View
from kwmagic.projects.gathering import How, distributions, gathered, kept
from kwmagic.results import Document, Draft, Help, KeywordIndex, Limits
from kwmagic.walking import one_look

_OF_THE_PROJECT = ("architecture", "dependencies", "testing", "related", "references")
"""Sections that other files have a say in."""


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
    progress: Callable[[int, int], None] | None = None
    """Called with the number of files done and of all."""
    cache: str | None = None
    """The folder that indexes of projects are kept in; None: the user's."""
    early: Callable[[Callable[[], Document]], None] | None = None
    """Given what makes the document without the evidence from the project, to be shown while that is gathered."""


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
    found, files = _as_notebook(found, _analysed(found, scene))
    if found.focus is not None and files:
        found, facts = _focused(found, files[0])
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
        compared = compared.narrowed(_focus_of_both(found, compared))
    return Changes(compared, options, reader, limits)


def _focus_of_both(target: Target, compared: Comparison) -> Target:
    """What is asked for may be gone, or be new."""
    try:
        return _focused(target, analysis.analyse(target.files[0]))[0]
    except TargetError:
        before = [each.old for each in compared.files if each.old is not None]
        if not before:
            raise
        return _focused(target, before[0])[0]


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
    draft = _Draft(options, reader, parts(body) if body.strip() else [], headings)
    if len(found.files) == 1:
        return draft.of_file(found, limits, scene)
    return draft.of_files(*_as_notebook(found, _analysed(found, scene)), limits)


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
    return _Draft(options, reader, [], headings).of_file(_of_source(source, label, language), limits)


def help_page() -> Help:
    """What a magic shows without a target."""
    return Help()


def _of_source(source: str, label: str, language: str = "") -> Target:
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
    folders = sorted({os.path.dirname(ref.file) for ref in target.files if ref.file and not ref.member})
    tops: dict[str, str] = {}
    for folder in folders:
        if _is_package(folder):
            tops[folder] = tops.get(os.path.dirname(folder)) or _package_top(folder)
    return tuple(sorted({os.path.basename(top) for top in tops.values()}))


def _package_top(folder: str) -> str:
    """The outermost of the packages around a folder that is one."""
    outer = os.path.dirname(folder)
    return _package_top(outer) if outer != folder and _is_package(outer) else folder


def _is_package(folder: str) -> bool:
    return os.path.isfile(os.path.join(folder, "__init__.py"))


def _analysed(target: Target, scene: Scene) -> list[FileFacts]:
    """The facts of its files; those of many come out of the project's index, where files may be trusted by their times:
    else reading and analysing them takes no longer."""
    known = kept(target.files, _how(scene)) if scene.trust_stat else {}
    rest = [ref for ref in target.files if ref not in known]
    known |= zip(rest, analysis.analyse_all(rest, trust_stat=scene.trust_stat, progress=scene.progress), strict=True)
    return [known[ref] for ref in target.files]


def _how(scene: Scene) -> How:
    return How(scene.cache, scene.trust_stat, scene.progress)


def _focused(target: Target, facts: FileFacts) -> tuple[Target, FileFacts]:
    """Only the definition that was asked for, by name or by a line of it, with what is inside it."""
    focus = target.focus or ""
    if focus.startswith(":"):
        line = int(focus[1:])
        around = [each for each in _defined(facts) if each.line <= line <= each.end_line and not each.cell]
        if not around:
            return replace(target, focus=None), facts
        focus = around[-1].qualname  # the innermost, as symbols stand in the order of their lines
        target = replace(target, focus=focus, how=f"`{focus}` in the {target.how}")
    names = {each.qualname for each in _defined(facts)}
    if focus not in names:  # the last part of one will do: `Device` for `c10::Device`
        ends = sorted((each.qualname for each in _defined(facts) if each.name == focus), key=len)
        focus = ends[0] if ends and all(each.startswith(ends[0]) for each in ends) else focus
    inside = tuple(focus + separator for separator in (".", "::", " > "))
    found = tuple(each for each in facts.symbols if each.qualname == focus or each.qualname.startswith(inside))
    if found:
        how = f"`{focus}` in the file" if target.how == "file" else target.how
        return replace(target, focus=focus, how=how), replace(facts, symbols=found)
    close = get_close_matches(focus, sorted(names), 3)
    hint = f" Did you mean: {', '.join(close)}?" if close else ""
    raise TargetError(f"no '{focus}' is defined in {facts.path}.{hint}")


def _defined(facts: FileFacts) -> list[Symbol]:
    """All but the module itself."""
    return [each for each in facts.symbols if FILE not in each.flags]


def _as_notebook(target: Target, files: list[FileFacts]) -> tuple[Target, list[FileFacts]]:
    """For the notebook's own names: cells that define nothing are left out, names defined twice are said."""
    if target.root is not None or not all(facts.path.startswith("In[") for facts in files):
        return target, files
    kept = [replace(facts, symbols=facts.symbols[1:]) for facts in files]
    kept = [facts for facts in kept if facts.symbols or facts.imports or facts.problems]
    cells: dict[str, list[str]] = defaultdict(list)
    for facts in kept:
        for name in dict.fromkeys(each.qualname for each in facts.symbols if each.qualname == each.name):
            cells[name].append(facts.path)
    again = [
        f"`{name}` is defined in {', '.join(paths)}; the last one run counts."
        for name, paths in cells.items()
        if len(paths) > 1
    ]
    return replace(target, notes=(*target.notes, *again)), kept


def _read(ref: FileRef) -> tuple[FileFacts, str, Detail, tuple[Statement, ...]]:
    """Facts, text, details and statements of one file; what can't be read has a problem instead of a text."""
    facts, text = analysis.analyse_with_text(ref)
    if facts.language != "Python":
        return facts, text, Detail(*line_counts(text, BY_NAME.get(facts.language, GENERIC))), ()
    tree = parsed(text)
    details = detail(text, tree)
    if details.problem:
        facts = replace(facts, problems=(*facts.problems, details.problem))
    if isinstance(tree, Problem):
        return facts, text, details, ()
    return facts, text, details, trace_tree(tree, text, "", is_package=is_package(facts.path)).statements


def _content(facts: FileFacts, text: str) -> MarkdownDetail | NotebookDetail | None:
    """What only a file of this format holds."""
    match facts.engine:
        case "markdown":
            return markdown_detail.detail(text, is_mdx=facts.path.endswith(".mdx"))
        case "notebook":
            return notebook_detail.detail(text)
    return None


@dataclass(frozen=True, slots=True)
class _Draft:
    """How a document is to be written; makes the function that writes it, for a destination and an amount."""

    options: DocOptions
    reader: Reader
    authored: Sequence[Part]
    headings: bool

    def of_file(self, target: Target, limits: Limits, scene: Scene | None = None) -> Document:
        """With what the project tells of the file, where there is a *scene* to find it in."""
        ref = target.files[0]
        facts, text, details, statements = _read(ref)
        if target.focus is not None:
            target, facts = _focused(target, facts)
        commit = history.last_commit(ref.file) if ref.file and not ref.member else None
        content = _content(facts, text)
        dead = dead_links(ref, content) if isinstance(content, MarkdownDetail) else ()
        own = Surroundings(statements=statements)

        def made(around: Surroundings, pending: str = "", notes: tuple[str, ...] = ()) -> Document:
            noted = replace(target, notes=(*target.notes, *notes))

            def draft(dest: Dest, amount: Amount, limits: Limits | None) -> Draft | None:
                in_cell = dest is Dest.CELL
                reader = self.reader if in_cell else self.reader.for_page()
                about = (noted, facts, details, text, reader, self.options, in_cell, commit, content, dead)
                subject = Subject(*about, around, distributions(facts), pending)
                view = View(subject, amount)
                if limits and (len(view.shown) > limits.entries or view.weight > limits.bytes):
                    return None
                blocks = list(document_page.page(view, self.authored))
                writer = Writer(dest, headings=self.headings, resolve=view.resolve)
                return Draft(blocks, writer.write(blocks), len(view.shown))

            return Document(noted, [facts], draft, limits)

        if scene is None or not any(map(self.options.shows, _OF_THE_PROJECT)):
            return made(own)
        if scene.early is not None:
            scene.early(lambda: made(own, "What the rest of the project tells of it is being gathered."))
        around, notes = gathered(facts, _how(scene), runs=details.main is not None)
        return made(replace(around, statements=own.statements), notes=notes)

    def of_files(self, target: Target, files: Sequence[FileFacts], limits: Limits) -> Document:
        names = module_names(facts.path for facts in files)

        def draft(dest: Dest, amount: Amount, limits: Limits | None) -> Draft | None:
            in_cell = dest is Dest.CELL
            reader = self.reader if in_cell else self.reader.for_page()
            folder = folder_page.Folder(target, files, reader, self.options, in_cell, amount, names)
            if limits and folder.entries > limits.entries:
                return None
            blocks = list(folder_page.page(folder, self.authored))
            return Draft(blocks, Writer(dest, headings=self.headings).write(blocks), folder.entries)

        return Document(target, files, draft, limits)

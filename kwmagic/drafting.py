"""How the document of a target is written: what is read of its files, and the function that renders it on demand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kwmagic import analysis
from kwmagic.analysers.markdown_detail import MarkdownDetail
from kwmagic.analysers.python_detail import Detail
from kwmagic.detailing import content_of, detailed
from kwmagic.evidence.modules import is_package, module_names
from kwmagic.evidence.surroundings import Surroundings
from kwmagic.evidence.trace import trace_tree
from kwmagic.focusing import focused
from kwmagic.git import history
from kwmagic.linkcheck import dead_links
from kwmagic.links import Reader
from kwmagic.markup import Writer
from kwmagic.mdtext import Dest
from kwmagic.model import FileFacts, FileRef, Statement, Target
from kwmagic.options import DocOptions
from kwmagic.pages import document as document_page
from kwmagic.pages import folder as folder_page
from kwmagic.pages.authored import Part
from kwmagic.pages.subject import Amount, Subject, View
from kwmagic.projects.gathering import How, distributions, gathered
from kwmagic.projects.roots import packages_above
from kwmagic.results import Document, Draft, Limits

Early = Callable[[Callable[[], Document]], None]
"""Given what makes the document without the evidence from the project, to be shown while that is gathered."""
_OF_THE_PROJECT = ("architecture", "dependencies", "testing", "related", "references")
"""Sections that other files have a say in."""


@dataclass(frozen=True, slots=True)
class Drafting:
    """How documents are to be written: the author's part, the sections, where links lead."""

    options: DocOptions
    reader: Reader
    authored: Sequence[Part] = ()
    """The author's Markdown, by section."""
    headings: bool = True
    """Whether the sections of a cell start with headings; bold lines if not."""

    def of_file(self, target: Target, limits: Limits, how: How | None = None, early: Early | None = None) -> Document:
        """Of a target of one file; with what the project tells of it, where *how* says how to open one."""
        ref = target.files[0]
        facts, text, details, statements = _read(ref)
        if target.focus is not None:
            target, facts = focused(target, facts)
        commit = history.last_commit(ref.file) if ref.file and not ref.member else None
        content = content_of(facts, text)
        dead = dead_links(ref, content) if isinstance(content, MarkdownDetail) else ()

        def own() -> Surroundings:
            return Surroundings(statements=statements())

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

        if how is None or not any(map(self.options.shows, _OF_THE_PROJECT)):
            return made(own())
        if early is not None:
            early(lambda: made(own(), "What the rest of the project tells of this file is not in here yet."))
        around, notes = gathered(facts, how)
        return made(own() if around is None else around, notes=notes)

    def of_files(self, target: Target, files: Sequence[FileFacts], limits: Limits) -> Document:
        """Of a folder or package with these files."""
        names = dotted_names(target, files)

        def draft(dest: Dest, amount: Amount, limits: Limits | None) -> Draft | None:
            in_cell = dest is Dest.CELL
            reader = self.reader if in_cell else self.reader.for_page()
            folder = folder_page.Folder(target, files, reader, self.options, in_cell, amount, names)
            if limits and folder.entries > limits.entries:
                return None
            blocks = list(folder_page.page(folder, self.authored))
            return Draft(blocks, Writer(dest, headings=self.headings).write(blocks), folder.entries)

        return Document(target, files, draft, limits)


def _read(ref: FileRef) -> tuple[FileFacts, str, Detail, Callable[[], tuple[Statement, ...]]]:
    """Facts, text and details of one file, and what finds its statements; what can't be read has a problem instead of a
    text."""
    facts, text = analysis.analyse_with_text(ref)
    facts, details, tree = detailed(facts, text)
    if tree is None:
        return facts, text, details, tuple
    return facts, text, details, lambda: trace_tree(tree, text, "", is_package=is_package(facts.path)).statements


def dotted_names(target: Target, files: Sequence[FileFacts]) -> dict[str, str]:
    """Path -> dotted name of the Python files; a folder inside of packages begins with their names."""
    around = packages_above(target.root) if target.root else ()
    inside = "".join(f"{name}/" for name in around)
    above = ["/".join([*around[: depth + 1], "__init__.py"]) for depth in range(len(around))]
    names = module_names([*above, *(inside + facts.path for facts in files)])
    return {facts.path: names[inside + facts.path] for facts in files if inside + facts.path in names}

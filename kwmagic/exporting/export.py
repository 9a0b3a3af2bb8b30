"""Notebooks in, their pages out: what `kwmagic export` does."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from kwmagic.anchors import quoted
from kwmagic.building.lock import sole_build
from kwmagic.building.output import Output
from kwmagic.collecting import uncollected
from kwmagic.errors import ForeignError, OptionError, UnreadableError
from kwmagic.exporting.aiming import Surroundings, headings_linked
from kwmagic.exporting.beside import TWIN, Beside, opened
from kwmagic.exporting.choosing import Chosen, chosen
from kwmagic.exporting.executing import Executed, executed
from kwmagic.exporting.page import Exported, exported
from kwmagic.exporting.pictures import Pictures
from kwmagic.exporting.site import INDEX, OF_INDEX, Frame, Shown, index, nodes
from kwmagic.exporting.writing import pages_before, write_files, write_page
from kwmagic.html.assets import SHARED, static_files
from kwmagic.html.menu import menu_file
from kwmagic.html.page import html_page
from kwmagic.html.search import page_entries, search_files
from kwmagic.model import FileRef, Problem
from kwmagic.options import ExportOptions
from kwmagic.pages.frame import framed
from kwmagic.projects.roots import root_of
from kwmagic.sitelinks import Site
from kwmagic.sources import read
from kwmagic.store.folder import cache_folder

_FILES = "_files"
"""Behind the name of a page: the folder of its images."""
_LEFT = "is of an earlier export, and not in the menu any more; export its notebook with the others, or remove it"


class ExportReport(NamedTuple):
    """What an export did."""

    pages: tuple[str, ...]
    """The pages there are now, from the top of the output, in order; an index that was made is one of them."""
    written: int
    """How many of them."""
    unchanged: int
    problems: tuple[tuple[str, int, str], ...]
    """Path of a notebook or page, line (0: none) and reason, in order."""
    seconds: float
    """By the clock, from start to end."""


class _Order(NamedTuple):
    """What was asked for."""

    out: str
    options: ExportOptions
    execute: bool
    timeout: int | None
    beside: Beside | None
    mermaid: str | None
    tell: Callable[[str, int, int], None]

    @property
    def is_html(self) -> bool:
        return self.options.to == "html"

    @property
    def is_closed(self) -> bool:
        """Whether links must stay among the pages, as site generators demand."""
        return not self.is_html and self.options.format != "markdown"


def export(
    notebooks: Sequence[str],
    out: str,
    *,
    options: ExportOptions = ExportOptions(),
    execute: bool = False,
    timeout: int | None = None,
    with_pages: str | None = None,
    mermaid: str | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    say: Callable[[str], None] = print,
) -> ExportReport:
    """Write a page for each of the *notebooks*, files or folders that are searched for them, into the folder *out*.

    *execute*: they are run first, each cell for *timeout* seconds at most (None: as long as it takes), and stay as they
    are; *with_pages*: the folder of a build, to whose pages links to sources lead; *mermaid*: the file
    `mermaid.min.js`, for HTML; *progress* is told the phase, how many notebooks are done, and of how many; *say* what
    can't wait.

    A notebook that can't be read, run or written does not stop the others; the report names it. Raises `TargetError` or
    `OptionError` where the export can't be done as asked for, `ForeignError` where something else is in the place of
    what all pages share, `OSError` where the system refuses to write.
    """
    started = time.monotonic()
    if os.path.lexists(out) and not os.path.isdir(out):
        raise OptionError(f"the output {out} is no folder; choose another one with -o")
    suffix = f".{options.to}"
    found = chosen(notebooks, out, suffix)
    order = _Order(
        os.path.realpath(out),
        options,
        execute,
        timeout,
        opened(with_pages, out, suffix) if with_pages is not None else None,
        mermaid,
        progress or (lambda _phase, _done, _total: None),
    )
    if order.is_html and os.path.lexists(os.path.join(out, TWIN)):
        raise OptionError(f"{out} holds the pages of a build; choose another folder with -o, and --with-pages {out}")
    shared = dict(static_files(mermaid)) if order.is_html else {}
    with sole_build(order.out, cache_folder(), say):
        return _Export(order, found).run(shared)._replace(seconds=time.monotonic() - started)


class _Export:
    """One export, under way."""

    def __init__(self, order: _Order, found: Chosen) -> None:
        self._order = order
        self._found = found
        self._output = Output(order.out, {})
        self._folder = _slashed(found.folder)
        self._project = _project(found.folder)
        self._sources = _way(self._project, order.out)
        self._problems = [*found.problems]
        self._linked: defaultdict[str, set[str]] = defaultdict(set)
        self._pages: dict[str, str] = {}
        self._by_file: dict[str, str] = {}
        self._shown: list[Shown] = []
        self._written: dict[str, bool] = {}
        self._shared: set[str] = set()
        self._frame = Frame(
            order.options.site or os.path.basename(found.folder) or "Notebooks",
            (order.beside.way,) if order.beside is not None else (),
            order.mermaid is not None,
        )

    def run(self, shared: Mapping[str, bytes]) -> ExportReport:
        """Write everything; what all pages of a site need comes first, *shared* among it."""
        self._output.sweep()
        self._write_shared(shared.items())
        self._survey()
        for number, path in enumerate(self._pages):
            self._order.tell("exporting", number, len(self._pages))
            with uncollected():
                self._export(path)
        if self._order.is_html:
            self._finish()
        written = sum(self._written.values())
        problems = tuple(sorted(self._problems))
        return ExportReport(tuple(sorted(self._written)), written, len(self._written) - written, problems, 0.0)

    def _survey(self) -> None:
        """Look at all notebooks, for what can be read and which headings of each are linked to."""
        for path, page in self._found.pages.items():
            try:
                text = read(FileRef(path, self._found.file(path))).text
            except UnreadableError as error:
                self._problems.append((path, 0, str(error)))
                continue
            self._pages[path] = page
            self._by_file[f"{self._folder}/{path}"] = page
            for other, heading in headings_linked(text, self._folder_of(path)):
                self._linked[other].add(heading)

    def _export(self, path: str) -> None:
        """Write the page of one notebook and the files that it shows."""
        stem = self._pages[path].removesuffix(f".{self._order.options.to}")
        try:
            made = self._made(path, f"{quoted(stem.rpartition('/')[2])}{_FILES}")
            write_files(self._output, stem + _FILES, made.files)
            self._write_page(self._pages[path], made.markdown, made.title, path)
        except (UnreadableError, ForeignError) as error:
            self._problems.append((path, 0, str(error)))
            return
        self._problems += [(path, each.line, _told(each)) for each in made.problems]

    def _made(self, path: str, url: str) -> Exported:
        """The page of one notebook; *url*: the folder of its images as seen from it."""
        order, file = self._order, self._found.file(path)
        source = read(FileRef(path, file))
        text = source.text
        run = executed(text, file, self._project, order.timeout) if order.execute else Executed(text)
        pictures = Pictures(url, self._project, trusted=order.options.trusted)
        site = Site(self._pages[path], self._sources, order.options.source_url, closed=order.is_closed)
        around = Surroundings(self._folder_of(path), self._project, site, self._by_file, order.beside, pictures.url)
        linked = self._linked[f"{self._folder}/{path}"]
        made = exported(run.text, path=path, files=url, aim=around.aim, linked=linked, options=order.options)
        problems = (*source.problems, *run.problems, *made.problems, *pictures.problems)
        return made._replace(files={**made.files, **pictures.files}, problems=problems)

    def _write_page(self, page: str, markdown: str, title: str, of: str) -> None:
        options = self._order.options
        if self._order.is_html:
            text = html_page(markdown, self._frame.place(page, title, of), trusted=options.trusted)
        else:
            text = framed(markdown, of=of, title=title, format=options.format)
        self._written[page] = write_page(self._output, page, text, of)
        if self._order.is_html:
            self._shown.append(Shown(page, title, tuple(page_entries(markdown, page, title))))

    def _finish(self) -> None:
        """Write what an HTML site has besides the pages of notebooks, and remove what an older one had."""
        shown, name, before = tuple(self._shown), self._frame.site, pages_before(self._output)
        if INDEX not in self._pages.values():
            try:
                self._write_page(INDEX, index(name, shown), name, OF_INDEX)
            except ForeignError as error:
                self._problems.append((INDEX, 0, str(error)))
        self._problems += [(page, 0, _LEFT) for page in before - self._written.keys()]
        self._write_shared([menu_file(name, nodes(shown))])
        self._write_shared(search_files(entry for each in shown for entry in each.entries))
        for path in sorted(self._output.pages.keys() - self._shared - self._written.keys()):
            if path.startswith(f"{SHARED}/"):
                self._output.remove(path)

    def _write_shared(self, files: Iterable[tuple[str, bytes]]) -> None:
        for path, data in files:
            self._output.write(path, data)
            self._shared.add(path)

    def _folder_of(self, path: str) -> str:
        """The folder of a notebook, absolute."""
        return f"{self._folder}/{path}".rpartition("/")[0]


def _told(problem: Problem) -> str:
    return f"cell {problem.cell}: {problem.message}" if problem.cell else problem.message


def _slashed(folder: str) -> str:
    """An absolute folder, `/` separated, with no slash at its end."""
    return folder.replace(os.sep, "/").rstrip("/")


def _project(folder: str) -> str:
    """The folder of the project around a folder; the folder itself where it is in none."""
    root = root_of(os.path.join(folder, "file"))
    return _slashed(folder if root is None or root.shallow else os.path.join(root.folder, root.top))


def _way(project: str, out: str) -> str:
    """The project as seen from the output; empty where no relative path leads there."""
    try:
        return _slashed(os.path.relpath(project, out))
    except ValueError:  # Windows: on another drive
        return ""

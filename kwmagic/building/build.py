"""A project's sources in, its pages out: what `kwmagic build` does."""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from kwmagic import analysis, jsonform
from kwmagic.building.aside import Aside
from kwmagic.building.lock import sole_build
from kwmagic.building.making import Making, Tools
from kwmagic.building.naming import owner
from kwmagic.building.output import Output
from kwmagic.building.places import Places, checked
from kwmagic.building.report import Built, Step, count
from kwmagic.building.settings import Settings
from kwmagic.building.sitepages import Met, SitePages
from kwmagic.building.state import State
from kwmagic.building.survey import SEEN, Survey, surveyed
from kwmagic.collecting import uncollected
from kwmagic.options import SiteOptions
from kwmagic.pages.site.tree import around
from kwmagic.projects.disk import Disk
from kwmagic.projects.indexing import analyser_version
from kwmagic.projects.project import Project
from kwmagic.projects.roots import Root
from kwmagic.store import LostError
from kwmagic.store.folder import cache_folder
from kwmagic.walking import Listing, one_look, walk

if TYPE_CHECKING:
    from concurrent.futures import Executor

_ROUNDS = 4
"""Further looks at files that change while they are read."""


class _Order(NamedTuple):
    """What was asked for."""

    places: Places
    options: SiteOptions
    jobs: int | None
    executor: Executor | None
    everything: bool
    cache: str
    tell: Callable[[str, int, int], None]


def build(
    src: str,
    out: str,
    *,
    options: SiteOptions = SiteOptions(),
    jobs: int | None = None,
    executor: Executor | None = None,
    everything: bool = False,
    cache: str | None = None,
    progress: Callable[[Step], None] | None = None,
    say: Callable[[str], None] = print,
) -> Built:
    """Write the pages of all sources below the folder *src* into the folder *out*, and remove those of sources that are
    gone. Only what differs is made; the result is that of a build into an empty folder.

    *jobs*: processes to work in (None: as it takes); *executor*: works in their place, here or elsewhere; *everything*:
    also what is hidden, ignored or vendored; *cache*: the folder of indexes (None: the user's); *say*: is given what
    should be known at once.

    Raises `TargetError` or `OptionError` where the folders can't be those, `OSError` where the system refuses to write.
    """
    started = time.monotonic()

    def tell(phase: str, done: int, total: int) -> None:
        if progress is not None:
            progress(Step(phase, done, total))

    order = _Order(checked(src, out), options, jobs, executor, everything, cache or cache_folder(), tell)
    with sole_build(order.places.output, order.cache, say), one_look(), uncollected():
        return _built(order)._replace(seconds=time.monotonic() - started)


def _built(order: _Order) -> Built:
    """The same, begun again where what is kept turns out to be damaged: it then goes on empty, at last in memory."""
    disk = _disk(order)
    project = Project(
        disk.root,
        cache=order.cache,
        progress=lambda done, total: order.tell("analysing", done, total),
        executor=order.executor,
        jobs=order.jobs,
        disk=disk,
    )
    settings = Settings.of(order.places, order.options)
    with project:
        version = f"{analyser_version()} {order.places.source} {settings.packed()}"
        with closing(State(order.places.output, order.cache, version)) as state:
            for _ in range(4):
                try:
                    return _Build(order, project, state, settings).run()
                except LostError:
                    continue
                except (zlib.error, ValueError):  # of a row that was not what it seemed
                    project.forget()
                    state.forget()
            return _Build(order, project, state, settings).run()


class _Build:
    """One build, with all that it needs open; the project is brought up to date while the output is looked at."""

    def __init__(self, order: _Order, project: Project, state: State, settings: Settings) -> None:
        expected = {page: row[0] for page, row in state.pages().items()}
        looking = Aside(lambda: Output(order.places.output, expected))
        project.complete()
        self._order = order
        self._project = project
        self._state = state
        self._settings = settings
        self._output = looking.result()
        self._tools = Tools(project, state, self._output, settings.packed(), order.tell)
        self._letters: dict[str, set[str]] = {}
        self._written: set[str] = set()
        self._removed = 0

    def run(self) -> Built:
        self._output.sweep()
        before = dict(self._state.digests("entries"))
        survey, making = self._sources()
        met = self._met(survey, making)
        site = SitePages(self._state, self._output, self._settings, survey.tree.names, met)
        remembered = site.run(before, self._letters)
        if not making.late and self._state.recall(SEEN) != survey.seen:
            remembered[SEEN] = survey.seen
        self._state.remember(remembered)
        pages = site.kept.pages | survey.tree.pages
        stale = sorted(self._output.pages.keys() - pages)
        self._removed += count(filter(self._output.remove, stale))
        blocked = making.blocked | site.kept.blocked
        there, written = count(pages - blocked.keys()), count(self._written | site.kept.written)
        return Built(
            there,
            written,
            there - written,
            self._removed,
            tuple(met.problems),
            tuple(sorted({*blocked.values()})),
            (*self._project.notes, *self._project.store.notes, *self._state.notes, *self._odd(stale)),
            0.0,
            len(survey.tree.paths),
        )

    def _sources(self) -> tuple[Survey, Making]:
        """Make the pages of the sources; what changes meanwhile is looked at again."""
        survey = self._surveyed()
        self._remove(survey)
        making = self._made(survey)
        for left in reversed(range(_ROUNDS)):
            if not making.late:
                break
            self._project.refresh(paths=[survey.tree.paths[path] for path in making.late])
            self._project.trace(self._project.known)
            survey = self._surveyed()
            making = self._made(survey, is_last=not left)
        return survey, making

    def _surveyed(self) -> Survey:
        return surveyed(self._project, self._order.places, self._state, self._settings.suffix)

    def _odd(self, stale: Iterable[str]) -> Iterator[str]:
        """What there is in the output that the build could do nothing about."""
        for page in stale:
            if page in self._output.pages:
                yield f"{page} is no page any more, but is not as it was written, and is left."
        for page, reason in self._output.problems.items():
            yield f"{page} in the output can't be read: {reason}."

    def _made(self, survey: Survey, *, is_last: bool = False) -> Making:
        making = Making(self._tools, survey, is_last=is_last)
        making.run()
        self._written |= making.written
        for path, letters in making.letters.items():
            self._letters.setdefault(path, set()).update(letters)
        return making

    def _remove(self, survey: Survey) -> None:
        """Remove the pages of what is gone before any is written: a new one may need their place."""
        gone = self._state.paths() - survey.tree.paths.keys()
        for path in gone:
            self._letters[path] = {row[1] for row in self._state.entries(path)}
        self._state.drop(gone)
        names, pages = survey.tree.names, survey.tree.pages
        folders = {names.folder(folder) for path in survey.tree.paths for folder in around(path)}
        owners = {f"{folder or '.'}/" for folder in folders}
        stale = [page for page in self._output.pages if page not in pages and owner(page) not in owners]
        self._removed += count(filter(self._output.remove, sorted(stale)))

    def _met(self, survey: Survey, making: Making) -> Met:
        """What could not be read or written, and what was left out."""
        listing = self._listing()
        known, prefix = self._project.store.files(), survey.tree.prefix
        ours = sum(not row.language and path.startswith(prefix) for path, row in known.items())
        unread = [ref for ref in listing.files if ref.problem is not None]
        problems = [(ref.path, ref.problem.line, ref.problem.message) for ref in unread if ref.problem is not None]
        problems += [(path, 0, reason) for path, reason in making.failed.items()]
        problems += [(path, 0, "changed while it was read; build again") for path in making.late]
        records = self._state.records()
        problems += [(path, line, message) for path, each in records.items() for line, message in each.problems]
        return Met(
            sorted(problems),
            {**listing.left_out, **({"pages that kwmagic wrote": ours} if ours else {})},
            [jsonform.fragment(facts, "", ()) for facts in analysis.analyse_all(unread)],
            records,
        )

    def _listing(self) -> Listing:
        """What a walk finds in the source tree itself."""
        root = self._project.root
        if os.path.join(root.folder, root.top).rstrip(os.sep) == self._order.places.source:
            return self._project.disk.listing
        return walk(self._order.places.source, everything=self._order.everything)


def _disk(order: _Order) -> Disk:
    """The files of the project around the source tree; of the tree alone where the project leaves it out."""
    places = order.places
    if not order.everything:
        disk = Disk(places.root, without=places.output)
        inside = os.path.join(places.source, "")
        if any(file is not None and file.startswith(inside) for file in disk.paths):
            return disk
    return Disk(Root(places.source), everything=order.everything, without=places.output)

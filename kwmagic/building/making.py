"""The pages of the sources: what must be made is, in worker processes, and what comes out is written and kept."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from kwmagic import rows
from kwmagic.analysis import analyse
from kwmagic.building import rendering
from kwmagic.building.gathering import Gathered, Gathering
from kwmagic.building.output import Output
from kwmagic.building.rendering import Item, Rendered, rendered
from kwmagic.building.state import Inputs, Made, State
from kwmagic.building.survey import Survey
from kwmagic.errors import ForeignError, UnreadableError
from kwmagic.linkcheck import exists
from kwmagic.model import FileRef
from kwmagic.projects import indexing
from kwmagic.projects.project import Project
from kwmagic.sharing import Work
from kwmagic.sources import read_bytes

_UNKNOWN = Inputs(b"", b"", b"", b"", {})
"""Of pages that the next build must make again."""
_BATCH = 100
"""Sources after which what was made is kept, so that little is lost when the work is stopped."""


class Tools(NamedTuple):
    """What a build works with."""

    project: Project
    state: State
    output: Output
    settings: str
    """`Settings.packed`."""
    tell: Callable[[str, int, int], None]
    """Called with the phase, what is done and what there is to do."""


class Making:
    """One round over the sources that may need new pages."""

    def __init__(self, tools: Tools, survey: Survey, *, is_last: bool) -> None:
        """*is_last*: what changes while it is read is not to be looked at once more."""
        self._tools = tools
        self._is_last = is_last
        self._survey = survey
        self._gathering = Gathering(tools.project, survey.tree, survey.edges)
        self._before = tools.state.sources()
        self._pages = tools.state.pages()
        self._waiting: list[tuple[str, Inputs, bytes, Made]] = []
        self._hashes: dict[str, bytes] = {}
        self._same: list[tuple[str, Inputs, bytes]] = []
        self._pending: dict[int, Gathered] = {}
        self.late: set[str] = set()
        """Sources that changed while they were looked at."""
        self.blocked: dict[str, str] = {}
        """Page -> why it could not be written: something that is not ours is in its place."""
        self.failed: dict[str, str] = {}
        """Source -> why its pages say less than they should."""
        self.letters: dict[str, set[str]] = {}
        """Source -> the letters of the A–Z lists under which its entries are others than before."""
        self.written: set[str] = set()

    def run(self) -> None:
        """Make what is to be made; what was begun is kept when this is interrupted."""
        paths = [*self._candidates()]
        files = [self._survey.tree.paths[path] for path in paths]
        tools = self._tools
        items = _Items(lambda number: self._item(paths[number], number), len(paths))
        work = Work(
            rendering.__name__,
            items,
            [tools.project.disk.size(file) for file in files],
            made=lambda _, row: Rendered(*row) if row else None,
            alone=lambda number: rendered(Item(*item)) if (item := items[number]) else None,
        )
        done = 0
        try:
            for batch in tools.project.share(work):
                for number, found in batch:
                    if found is None or isinstance(found, Rendered):
                        self._take(paths[number], number, found)
                    else:
                        self.failed[paths[number]] = found.reason
                        self._pending[number] = self._pending[number]._replace(inputs=_UNKNOWN)
                        self._take(paths[number], number, _without(items[number]))
                    items.forget(number)
                done += len(batch)
                tools.tell("writing pages", done, len(paths))
                if len(self._waiting) >= _BATCH:
                    self._keep()
        finally:
            self._keep()

    def _candidates(self) -> Iterator[str]:
        """The sources that may need new pages: what they were made from differs, or a page is not as it was written."""
        survey = self._survey
        asked = () if survey.whole or not survey.affected else self._tools.state.asked()
        concerned = {path for path, numbers in asked if not survey.affected.isdisjoint(array("Q", numbers))}
        for path, place in survey.tree.paths.items():
            known = self._before.get(path)
            is_other = survey.whole or place in survey.changed or path in concerned
            if is_other or known is None or not self._is_whole(path) or self._is_turned(path, known):
                yield path

    def _is_whole(self, path: str) -> bool:
        """Whether its pages are there as they were written."""
        names, there, known = self._survey.tree.names, self._tools.output.pages, self._pages
        both = (names.docs(path), names.keywords(path))
        return all(page in known and there.get(page) == known[page][0] for page in both)

    def _is_turned(self, path: str, known: Inputs) -> bool:
        """Whether something outside of the project's index differs: the history, a cycle, a file that is linked to."""
        if self._gathering.history(path) != known.history:
            return True
        if self._survey.turned and self._gathering.rings(path) != known.rings:
            return True
        folder = self._survey.tree.folder
        return any(exists(f"{folder}/{other}") != was for other, was in known.looks.items())

    def _item(self, path: str, number: int) -> tuple[Any, ...]:
        """What a worker is to do; nothing where the pages are as they should be, or the source has just changed."""
        tools, tree = self._tools, self._survey.tree
        place = tree.paths[path]
        known = tools.project.known[place]
        piece = tools.project.piece(place)
        try:
            data = read_bytes(piece.file)
        except UnreadableError:
            data = None
        is_late = indexing.digest(piece, data) != known.digest
        if is_late:
            self.late.add(path)
            if not self._is_last:
                return ()
        gathered = self._gathering.gathered(path, data)
        before = self._before.get(path)
        if before is not None and before.inputs == gathered.inputs.inputs and self._is_whole(path):
            if before != gathered.inputs:
                self._same.append((path, gathered.inputs, gathered.asked))
            return ()
        if is_late:
            gathered = gathered._replace(inputs=_UNKNOWN, details=None)
            facts = indexing.packed(rows.of_facts(analyse(FileRef(place, data=data))))
        else:
            facts = next(blob for _, blob in tools.project.store.facts([place]))
        self._pending[number] = gathered
        about = (path, tree.names.docs(path), tree.names.keywords(path), data, facts)
        return tuple(Item(*about, gathered.around, gathered.details, tools.settings))

    def _take(self, path: str, number: int, found: Rendered | None) -> None:
        gathered = self._pending.pop(number, None)
        if found is None or gathered is None:
            return
        tools, names = self._tools, self._survey.tree.names
        for page, text in ((names.docs(path), found.document), (names.keywords(path), found.keywords)):
            data = text.encode("utf-8", "backslashreplace")
            try:
                if tools.output.write(page, data):
                    self.written.add(page)
            except ForeignError as error:
                self.blocked[page] = str(error)
                continue
            self._hashes[page] = tools.output.pages[page]
        old = {tuple(row) for row in tools.state.entries(path)} if path in self._before else set()
        entries = [tuple(row) for row in found.entries]
        self.letters[path] = {row[1] for row in old.symmetric_difference(entries)}
        made = Made(found.record, entries, found.fragment, found.inventory)
        self._waiting.append((path, gathered.inputs, gathered.asked, made))

    def _keep(self) -> None:
        waiting, self._waiting = self._waiting, []
        same, self._same = self._same, []
        hashes, self._hashes = self._hashes, {}
        if waiting:
            self._tools.state.put(waiting, hashes)
        if same:
            self._tools.state.touch(same)


def _without(item: tuple[Any, ...]) -> Rendered:
    """The pages of a source that ends the processes that look at its content, made without that."""
    return rendered(Item(*item)._replace(data=None, details=None))


class _Items(Sequence[tuple[Any, ...]]):
    """Items that are made when a worker is about to get them, and made once."""

    def __init__(self, make: Callable[[int], tuple[Any, ...]], length: int) -> None:
        self._make = make
        self._length = length
        self._made: dict[int, tuple[Any, ...]] = {}

    def forget(self, number: int) -> None:
        """It is not needed any more."""
        self._made.pop(number, None)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, number: Any) -> Any:
        if number not in self._made:
            self._made[number] = self._make(number)
        return self._made[number]

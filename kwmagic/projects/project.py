"""The files of a project and what is known of them: found by a walk, kept in the store, renewed where they changed.

A project is open for one call: it is listed, brought up to date as far as the call needs it, asked, and closed. What
links its files is not kept but found by queries, so an edited file changes nothing but its own rows.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from kwmagic import rows
from kwmagic.analysis import Progress
from kwmagic.errors import UnreadableError
from kwmagic.evidence.importing import PYTHON, ImportRow
from kwmagic.evidence.modules import Spots
from kwmagic.git.history import CoChanged, co_changed
from kwmagic.git.latest import LastCommits, last_commits
from kwmagic.languages import BY_NAME
from kwmagic.model import Evidence, FileFacts, FileRef
from kwmagic.pages.subject import Commit
from kwmagic.projects import indexing
from kwmagic.projects.disk import Disk
from kwmagic.projects.indexing import Indexed, Piece, Traced
from kwmagic.projects.roots import Root
from kwmagic.sharing import Work, shared
from kwmagic.sources import read, read_bytes
from kwmagic.store import Entry, Known, LostError, Store, opened
from kwmagic.store.folder import cache_folder
from kwmagic.store.rows import State

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from kwmagic.workers import Failure

BATCH = 200
"""Files after which what was found is written, so that little is lost when the work is stopped."""
VOLUME = 2_000_000
"""Bytes of source after which it is written, too, as writing is what Ctrl-C waits for."""
_TRACED = (".py", ".pyi", ".pyw")
_DECODED = 4_000
"""Files whose facts stay in memory."""
_Result = TypeVar("_Result")
_TEXTS = 100
"""Files whose lines stay in memory: tests are quoted from for many others."""
_decoded: OrderedDict[tuple[str, bytes], FileFacts] = OrderedDict()
"""By root and digest; the oldest go first."""
_DOCUMENTS = frozenset(("Markdown",))
_C_FAMILY = frozenset(name for name, language in BY_NAME.items() if language.analyser in ("c_family", "objective_c"))


def related_languages(language: str) -> frozenset[str]:
    """The languages whose files may have to do with a file of *language*: import, include or describe it."""
    for family in (PYTHON, _C_FAMILY):
        if language in family:
            return family | _DOCUMENTS
    return _DOCUMENTS


class Project:
    """One project, open; use it in a `with` statement."""

    def __init__(
        self,
        root: Root,
        *,
        cache: str | None = None,
        trust_stat: bool = False,
        progress: Progress | None = None,
        executor: Executor | None = None,
        jobs: int | None = None,
        disk: Disk | None = None,
    ) -> None:
        """*executor* works on many files, where there is one; else *jobs* processes here (None: as it takes)."""
        self.root = root
        self.disk = disk or Disk(root)
        self.trust_stat = trust_stat
        self.progress = progress
        self.executor = executor
        self.jobs = jobs
        self.notes: list[str] = []
        """A sentence where the executor was of no use any more; `executor` is None then."""
        self.found: dict[tuple[str, str, str], str | None] = {}
        """Import root, folder and name -> the file of the module (`evidence.modules.Index`)."""
        self._known: dict[str, Known] = {}
        self._lines = lru_cache(maxsize=_TEXTS)(self._read)
        self.store: Store = opened(
            os.path.join(root.folder, root.top), cache or cache_folder(), indexing.analyser_version()
        )

    def __enter__(self) -> Project:
        return self

    def __exit__(self, *exception: object) -> None:
        self.store.close()

    # --- bringing it up to date ---

    def refresh(self, languages: frozenset[str] | None = None, paths: Iterable[str] | None = None) -> None:
        """Have the facts of every file of these languages, or of these paths (None: of all), as the files are now."""
        known = self.store.files()
        wanted = [
            path
            for path in (self.disk.files if paths is None else paths)
            if (language := self.disk.languages[path]) is not None and (languages is None or language.name in languages)
        ]
        states = {path: self.disk.state(path) for path in wanted}
        touched: dict[str, State] = {}
        changed, reused = [], False
        for path in wanted:
            row, state = known.get(path), states[path]
            if row is None or row.module != self.disk.names.get(path, ""):
                changed.append(path)
            elif not (self.trust_stat and state is not None and row.state == state):
                digest = self._digest(path)
                if digest is None or (digest != row.digest and not self._reuse(row, digest, state)):
                    changed.append(path)
                elif digest != row.digest:
                    reused = True
                elif state is not None and row.state != state:
                    touched[path] = state
        if touched:
            self.store.touch(touched)
        gone = [path for path in known if path not in self.disk.files]
        if gone:
            self.store.put((), gone=gone)

        def write(found: list[tuple[str, Indexed]]) -> None:
            self.store.put([self._entry(path, each, states[path]) for path, each in found])

        self._lines.cache_clear()
        if changed:
            self._share("index", changed, write)
        self._known = self._listed(self.store.files() if changed or reused or touched or gone else known)

    def trace(self, paths: Iterable[str]) -> None:
        """Have the evidence of those of the files that are Python and have facts."""
        wanted = sorted(self.untraced.intersection(paths))

        def write(found: list[tuple[str, Traced]]) -> None:
            self.store.put_evidence((path, *each) for path, each in found)

        if wanted:
            self._share("trace", wanted, write)
            self._known = self._listed(self.store.files())

    @property
    def untraced(self) -> frozenset[str]:
        """The Python files that have facts and no evidence."""
        found = (path for path, row in self._known.items() if not row.traced and path in self.disk.files)
        return frozenset(path for path in found if path.endswith(_TRACED))

    @staticmethod
    def _listed(known: dict[str, Known]) -> dict[str, Known]:
        """What the store has, pages of our own aside."""
        return {path: row for path, row in known.items() if row.language}

    def complete(self, languages: frozenset[str] | None = None) -> None:
        """Have facts and evidence of everything."""
        self.refresh(languages)
        self.trace(self.disk.files)

    def _share(self, task: str, paths: Sequence[str], write: Callable[[list[tuple[str, Any]]], None]) -> None:
        """Have *task* done for each of the files, and what is done written now and then, also when stopped."""
        pieces = [self.piece(path) for path in paths]
        do, made = indexing.TASKS[task]
        work = Work(
            indexing.__name__,
            [(task, *piece) for piece in pieces],
            [self.disk.size(path) for path in paths],
            made=lambda _, row: made(*row),
            alone=lambda number: do(pieces[number]),
            carried=lambda number: _carried(task, pieces[number]),
        )
        found: list[tuple[str, Any]] = []
        done = size = 0
        try:
            for batch in self.share(work):
                found += [(paths[number], each) for number, each in batch if isinstance(each, made)]
                size += sum(work.sizes[number] for number, _ in batch)
                done += len(batch)
                if len(found) >= BATCH or size >= VOLUME:
                    write(found)  # where that is interrupted, nothing was written: it is done again below
                    found, size = [], 0
                if self.progress is not None:
                    self.progress(done, len(paths))
        finally:
            if found:
                write(found)

    def share(self, work: Work[_Result]) -> Iterator[list[tuple[int, _Result | Failure]]]:
        """Have work done wherever this project's is."""
        return shared(work, self.jobs, self.executor, self._gave_up)

    def _gave_up(self, note: str) -> None:
        """The executor is of no use for what follows, either."""
        self.executor = None
        self.notes.append(note)

    def _digest(self, path: str) -> bytes | None:
        """Of the content as it is now, whatever times and size say; None where it can't be read."""
        try:
            data = read_bytes(self.disk.files[path].file or "")
        except UnreadableError:
            return None
        return indexing.digest(self.piece(path), data)

    def _reuse(self, row: Known, digest: bytes, state: State | None) -> bool:
        """Whether the store had this content once, and has it again now."""
        return self.store.reuse(row.path, row.module, row.language, digest, state)

    def piece(self, path: str) -> Piece:
        """What a worker is told of a file."""
        return Piece(path, self.disk.files[path].file or "", self.disk.names.get(path, ""), indexing.analyser_version())

    def _entry(self, path: str, found: Indexed, state: State | None) -> Entry:
        about = (path, self.disk.names.get(path, ""), found.language, found.digest, state)
        return Entry(*about, found.facts, tuple(found.imports), tuple(found.words))

    # --- asking it ---

    @property
    def known(self) -> Mapping[str, Known]:
        """Path -> what the store has of it, as of the last refresh; pages of our own are not among them."""
        return self._known

    @property
    def paths(self) -> frozenset[str]:
        """All files."""
        return self.disk.listed

    @property
    def names(self) -> Mapping[str, str]:
        """Path -> dotted name, of Python files."""
        return self.disk.names

    @property
    def modules(self) -> Mapping[str, str]:
        """Dotted name -> path."""
        return self.disk.modules

    @property
    def extensions(self) -> frozenset[str]:
        """Dotted names of compiled modules."""
        return self.disk.extensions

    @property
    def config(self) -> frozenset[str]:
        """What configures the project's tests."""
        return self.disk.config

    def facts(self, path: str) -> FileFacts | None:
        """The facts of one file; None where the project has no such file, or it is not of a language asked for."""
        return next((facts for _, facts in self.all_facts([path])), None)

    def all_facts(self, paths: Sequence[str]) -> Iterator[tuple[str, FileFacts]]:
        """The facts of those of the files that are known, in any order."""
        missing = []
        for path in paths:
            if path in self._known and path in self.disk.files:
                key = self.root.folder, self._known[path].digest
                if key in _decoded:
                    yield path, _decoded[key]
                else:
                    missing.append(path)
        for path, blob in self.store.facts(missing):
            facts = rows.to_facts(self.ref(path), indexing.unpacked(blob))
            _decoded[self.root.folder, self._known[path].digest] = facts
            yield path, facts
        while len(_decoded) > _DECODED:
            _decoded.popitem(last=False)

    def evidence(self, path: str) -> Evidence:
        """What was traced in one file, without its uses."""
        return self.traced(path)[0]

    def traced(self, path: str) -> tuple[Evidence, Any]:
        """The same, and what `python_detail.to_detail` reads; None where the file was not traced."""
        blob = self.store.evidence(path)
        if not blob:
            return Evidence(), None
        evidence, details = indexing.unpacked(blob)
        return rows.to_evidence(evidence), details

    def ref(self, path: str) -> FileRef:
        """The file at *path*."""
        return self.disk.files[path]

    def count(self, language: str) -> int:
        """How many files there are of a language."""
        return self.disk.count[language]

    def source(self, path: str, first: int, last: int) -> str:
        """Lines *first* to *last*, 1-based and both included; "" where they can't be read."""
        return "\n".join(self._lines(path)[first - 1 : last])

    def _read(self, path: str) -> list[str]:
        try:
            return read(self.disk.files[path]).text.split("\n")
        except (UnreadableError, KeyError):
            return []

    def imports_of(self, modules: Sequence[str]) -> Sequence[tuple[str, ImportRow]]:
        """The imports of these modules in all files."""
        return self.store.imports_of(modules)

    def imports_from(self, taken: Sequence[tuple[str, str | None]]) -> Sequence[tuple[str, ImportRow]]:
        """The imports, in all files, that take one of these names from its module."""
        return self.store.imports_from(taken)

    def importers_from(self, taken: Sequence[tuple[str, str | None]]) -> frozenset[str]:
        """The paths of the files in which `imports_from` finds something."""
        return self.store.importers_from(taken)

    def importer_count(self, module: str) -> int:
        """How many files import a module, or from it."""
        return self.store.importer_count(module)

    def imports_in(self, path: str) -> Sequence[ImportRow]:
        """The imports of one file."""
        return self.store.imports_in(path)

    def co_changed(self, path: str) -> Sequence[tuple[str, int, int]]:
        """The files that changed together with one, as git knows."""
        return self._co_changed(path)

    @cached_property
    def _co_changed(self) -> CoChanged:
        return co_changed(self.root.folder, self.store.recall, self.store.remember)

    def last_commit(self, path: str) -> Commit | None:
        """The last commit that touched a file, as git knows."""
        return self._last_commits(path)

    @cached_property
    def _last_commits(self) -> LastCommits:
        return last_commits(self.root.folder, self.store.recall, self.store.remember)

    def uses_of(self, name: str) -> Sequence[tuple[str, str, Spots]]:
        """The uses of a resolved name and of those below it."""
        return self.store.uses_of(name)

    def forget(self) -> None:
        """Drop all that is kept, as it is damaged; what is asked next finds an empty store."""
        with suppress(LostError):
            self.store.damaged()


def _carried(task: str, piece: Piece) -> tuple[Any, ...] | None:
    """What a worker that can't read the file needs; None where it can't be read here either, and here is told why."""
    try:
        return (task, *piece._replace(data=read_bytes(piece.file)))
    except UnreadableError:
        return None

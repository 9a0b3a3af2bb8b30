"""From files to their facts: each read and given to the analyser of its language, many at once in processes."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from kwmagic import rows
from kwmagic.errors import UnreadableError
from kwmagic.languages import BY_NAME, GENERIC, Language, language_of
from kwmagic.model import FileFacts, FileRef, Findings, Problem, Source
from kwmagic.provenance import flags
from kwmagic.sharing import Work, shared
from kwmagic.sources import read
from kwmagic.trust import State, is_settled, state_of

if TYPE_CHECKING:
    from kwmagic.workers import Failure

Progress = Callable[[int, int], None]
"""Called with how many files are done, and of how many."""

STRICT = False
"""Tests set it: a failing analyser then raises, where it otherwise becomes a `Problem` of its file."""

_FAILED = "the analyser failed: "


class Interrupted(KeyboardInterrupt):
    """Ctrl-C while files were analysed."""

    def __init__(self, facts: Sequence[FileFacts]) -> None:
        super().__init__()
        self.facts = list(facts)
        """Of the files that were done, in the order given."""


def analyse(ref: FileRef, *, trust_stat: bool = False) -> FileFacts:
    """The facts of one file; whatever goes wrong is a `Problem` in them.

    With *trust_stat*, a file of unchanged size, times and inode is not read again.
    """
    status = _status(ref) if trust_stat else None
    known = _known.get(ref, status)
    if known is None:
        known, _ = analyse_with_text(ref)
        _known.put(known, status)
    return known


def analyse_all(
    refs: Sequence[FileRef], *, progress: Progress | None = None, jobs: int | None = None, trust_stat: bool = False
) -> list[FileFacts]:
    """The facts of many files, in the order given; Ctrl-C raises `Interrupted`, which holds those that were done."""
    statuses = [_status(ref) for ref in refs]
    facts = [_known.get(ref, status) if trust_stat else None for ref, status in zip(refs, statuses, strict=True)]
    missing = [index for index, known in enumerate(facts) if known is None]
    done = len(refs) - len(missing)
    try:
        for batch in _batches(refs, statuses, missing, jobs):
            for index, found in batch:
                facts[index] = found
                if trust_stat:
                    _known.put(found, statuses[index])
            done += len(batch)
            if progress is not None:
                progress(done, len(refs))
    except KeyboardInterrupt:
        raise Interrupted([found for found in facts if found is not None]) from None
    return [found for found in facts if found is not None]


def _batches(
    refs: Sequence[FileRef], statuses: Sequence[os.stat_result | None], missing: Sequence[int], jobs: int | None
) -> Iterator[list[tuple[int, FileFacts]]]:
    """The facts of the *missing* ones, (index, facts), in any order."""
    chosen = [refs[index] for index in missing]
    work = Work(
        __name__,
        [(ref.path, ref.file, ref.member, ref.data) for ref in chosen],
        [_size(refs[index], statuses[index]) for index in missing],
        made=lambda number, row: rows.to_facts(chosen[number], row),
        alone=lambda number: analyse_with_text(chosen[number])[0],
        stuck={number for number, ref in enumerate(chosen) if ref.live is not None or ref.problem is not None},
    )
    for batch in shared(work, jobs):
        yield [(missing[number], _checked(chosen[number], found)) for number, found in batch]


def answer(path: str, file: str | None, member: str | None, data: bytes | None) -> tuple[object, ...]:
    """The facts of one file as a plain row; runs in a worker."""
    return rows.of_facts(analyse(FileRef(path, file, member, data)))


def _checked(ref: FileRef, found: FileFacts | Failure) -> FileFacts:
    if not isinstance(found, FileFacts):
        return _without(ref, found.reason)
    if STRICT and found.problems and found.problems[0].message.startswith(_FAILED):
        raise RuntimeError(found.problems[0].message)
    return found


def analyse_with_text(ref: FileRef) -> tuple[FileFacts, str]:
    """The facts of one file and its decoded text, which is empty where it could not be read."""
    text = ""
    try:
        if ref.live is not None and ref.problem is None:
            from kwmagic.analysers import live  # noqa: PLC0415  # few need it

            return live.analyse(ref, ref.live), text
        source = read(ref)
        language = BY_NAME.get(ref.language) or language_of(ref.path, source.data[:256]) or GENERIC
        text = source.text
        return _facts(source, language, _analyser(language.analyser)(source, language)), text
    except UnreadableError as error:
        return _without(ref, str(error)), text
    except Exception as error:
        if STRICT:
            raise
        return _without(ref, f"{_FAILED}{type(error).__name__}: {' '.join(str(error).split())}"), text


@cache
def _analyser(name: str) -> Callable[[Source, Language], Findings]:
    """That of `Language.analyser`: imported when first needed, as few languages are."""
    return import_module(f"kwmagic.analysers.{name}").analyse  # type: ignore[no-any-return]


def _facts(source: Source, language: Language, found: Findings) -> FileFacts:
    return FileFacts(
        source.ref,
        language.name,
        found.engine,
        len(source.data),
        source.encoding,
        source.newline,
        source.lines,
        found.symbols,
        found.imports,
        found.exports,
        (*source.problems, *found.problems),
        found.doc,
        flags(source.text, source.ref.path, language, found.engine),
    )


def _without(ref: FileRef, reason: str) -> FileFacts:
    """The facts of a file of which nothing is known but why."""
    language = language_of(ref.path)
    line = ref.problem.line if ref.problem is not None else 0
    return FileFacts(ref, language.name if language else "", "none", problems=(Problem(line, reason),))


def _status(ref: FileRef) -> os.stat_result | None:
    if ref.file is None or ref.data is not None or ref.problem is not None:
        return None
    try:
        return os.stat(ref.file)
    except (OSError, ValueError):
        return None


def _size(ref: FileRef, status: os.stat_result | None) -> int:
    if ref.data is not None:
        return len(ref.data)
    return status.st_size if status is not None else 0


# --- what is known already ----------------------------------------------------------------------------------------

_Key = tuple[str | None, str | None, str]


class _Known:
    """Facts of files by their size, times and inode; the least recently asked for go first."""

    SIZE = 128 * 2**20
    """Bytes of source whose facts are kept; the facts of a megabyte take about as much."""
    FILES = 20_000

    def __init__(self) -> None:
        self.facts: OrderedDict[_Key, tuple[State, FileFacts]] = OrderedDict()
        self.size = 0
        self.lock = threading.Lock()

    def get(self, ref: FileRef, status: os.stat_result | None) -> FileFacts | None:
        if status is None:
            return None
        key = _key(ref)
        with self.lock:
            state, facts = self.facts.get(key, (None, None))
            if facts is None or state != state_of(status):
                return None
            self.facts.move_to_end(key)
            return facts

    def put(self, facts: FileFacts, status: os.stat_result | None) -> None:
        """Keep *facts*; *status* is from before the file was read."""
        if status is None or not is_settled(state_of(status)):
            return
        with self.lock:
            self._drop(_key(facts.ref))
            self.facts[_key(facts.ref)] = state_of(status), facts
            self.size += facts.size
            while len(self.facts) > self.FILES or self.size > self.SIZE:
                self._drop(next(iter(self.facts)))

    def _drop(self, key: _Key) -> None:
        if key in self.facts:
            self.size -= self.facts.pop(key)[1].size


def _key(ref: FileRef) -> _Key:
    """With the path, which names the module."""
    return ref.file, ref.member, ref.path


_known = _Known()

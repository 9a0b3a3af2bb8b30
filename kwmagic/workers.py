"""Work on many files in other processes: plain `subprocess` children that get chunks of items and send back rows.

Not `multiprocessing`: its children import the user's `__main__` again, or are forks of a process full of threads. Ours
know nothing of the user's program, and can be killed at any moment, which is what ends an endless regular expression.
"""

from __future__ import annotations

import contextlib
import gc
import marshal
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from queue import Empty, SimpleQueue
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypeVar

from kwmagic.collecting import uncollected

if TYPE_CHECKING:
    import subprocess

CHUNK = 512 * 1024
"""Bytes of source a worker gets at once; fewer where there is little to share out."""
MOST_FILES = 100
"""In a chunk: a thousand empty files are work too."""
PATIENCE = 60.0
"""Seconds a worker may take for a chunk, and one more for each megabyte."""
CHILD = """
import sys, types
kwmagic = types.ModuleType("kwmagic")  # without running what users import
kwmagic.__path__ = [sys.argv[1]]
sys.modules["kwmagic"] = kwmagic
sys.path += sys.argv[3:]  # installed packages, after the standard library
from importlib import import_module
from kwmagic.workers import serve
serve(import_module(sys.argv[2]).answer)
"""
"""What a worker runs."""
_READY = b"kwmagic worker\n"
_Result = TypeVar("_Result")


class Chunk(NamedTuple):
    indexes: tuple[int, ...]
    size: int
    retried: bool = False
    """Whether a worker has already died on it, or on the chunk it was part of."""


class _Reply(NamedTuple):
    chunk: Chunk
    rows: bytes
    """None arrived where `reason` says why."""
    reason: str = ""


class Failure(NamedTuple):
    """What came in place of a row."""

    reason: str


def run(
    task: str, items: Sequence[tuple[Any, ...]], sizes: Sequence[int], jobs: int, *, made: Callable[[int, Any], _Result]
) -> Generator[list[tuple[int, _Result | Failure]]]:
    """Give each of *items* to the function `answer` of the module *task*, in *jobs* processes.

    Items and what they are answered with are what marshal can write; *sizes* are bytes of source. An item is looked up
    here, in this thread, shortly before a worker gets it, so that it may be made only then. Batches of (index, what
    *made* makes of index and answer) come as they are done, in any order. Close it to kill the workers. An index
    that never comes could not be worked on in a process at all.
    """
    pool = _Pool(task, items, chunks(sizes, jobs))
    try:
        pool.start(jobs)
        for chunk, rows, reason in pool.replies():
            if reason:
                yield [(index, Failure(reason)) for index in chunk.indexes]
            else:
                yield _batch(chunk, rows, made)
    finally:
        pool.stop()


def available() -> bool:
    """Whether there is a Python to start: an application that embeds one would start itself again."""
    program = os.path.basename(sys.executable or "").lower()
    return not getattr(sys, "frozen", False) and ("python" in program or "pypy" in program)


def processors() -> int:
    """How many processes can run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def chunks(sizes: Sequence[int], jobs: int) -> list[Chunk]:
    """All indexes, the largest files first, so that no worker is left alone with one of them at the end."""
    most = min(CHUNK, sum(sizes) // (4 * jobs) + 1)
    chunks: list[Chunk] = []
    indexes: list[int] = []
    size = 0
    for index in sorted(range(len(sizes)), key=sizes.__getitem__, reverse=True):
        indexes.append(index)
        size += sizes[index]
        if size >= most or len(indexes) == MOST_FILES:
            chunks.append(Chunk(tuple(indexes), size))
            indexes, size = [], 0
    if indexes:
        chunks.append(Chunk(tuple(indexes), size))
    return chunks


# --- the parent ---------------------------------------------------------------------------------------------------


class _Pool:
    """One thread a worker: it writes a chunk, waits for the rows, takes the next chunk."""

    def __init__(self, task: str, items: Sequence[tuple[Any, ...]], chunks: Sequence[Chunk]) -> None:
        self.task = task
        self.items = items
        self.chunks = deque(chunks)
        """Those that no worker can have yet."""
        self.ready: deque[tuple[Chunk, list[tuple[Any, ...]]]] = deque()
        """The next ones, with their items."""
        self.changed = threading.Condition()
        """Of `chunks` and `ready`."""
        self.done: SimpleQueue[_Reply | None] = SimpleQueue()
        self.workers: set[_Worker] = set()
        self.threads: list[threading.Thread] = []
        self.lock = threading.Lock()
        self.stopped = False

    def start(self, jobs: int) -> None:
        for _ in range(min(jobs, len(self.chunks))):
            thread = threading.Thread(target=self._work, name="kwmagic worker", daemon=True)
            try:
                thread.start()
            except RuntimeError:  # no more threads, or none at all
                return
            self.threads.append(thread)

    def stop(self) -> None:
        """Kill what still runs and wait for the threads."""
        with self.lock:
            self.stopped = True
            for worker in self.workers:
                worker.process.kill()
        with self.changed:
            self.changed.notify_all()
        for thread in self.threads:
            thread.join()

    def replies(self) -> Iterator[_Reply]:
        """What the threads put down, until all have ended; workers past their deadline are killed meanwhile."""
        running = len(self.threads)
        while running:
            self._prepare()
            try:
                reply = self.done.get(timeout=0.1)  # on Windows Ctrl-C is only seen between waits
            except Empty:
                self._kill_overdue()
                continue
            if reply is None:
                running -= 1
            else:
                yield reply
        left = [*self.chunks, *(chunk for chunk, _ in self.ready)]
        yield from (_Reply(chunk, b"", "its worker process died") for chunk in left if chunk.retried)

    def _prepare(self) -> None:
        """Have a chunk or two ready for each worker."""
        while self.chunks and len(self.ready) < 2 * len(self.threads):
            chunk = self.chunks[0]
            items = [self.items[index] for index in chunk.indexes]
            with self.changed:
                self.chunks.popleft()
                self.ready.append((chunk, items))
                self.changed.notify_all()  # also those that find nothing left

    def _take(self) -> tuple[Chunk, list[tuple[Any, ...]]] | None:
        """The next chunk; None where there is none any more."""
        with self.changed:
            self.changed.wait_for(lambda: self.ready or not self.chunks or self.stopped)
            return self.ready.popleft() if self.ready and not self.stopped else None

    def _kill_overdue(self) -> None:
        with self.lock:
            for worker in self.workers:
                if time.monotonic() > worker.deadline:
                    worker.overdue = True
                    worker.process.kill()

    def _work(self) -> None:
        worker = None
        try:
            while (worker := worker or self._hire()) and (taken := self._take()):
                chunk, items = taken
                rows = worker.ask(items, chunk.size)
                if rows is not None:
                    self.done.put(_Reply(chunk, rows))
                    continue
                self._give_up(worker, chunk)
                worker = None
        finally:
            if worker:
                self._dismiss(worker)
            self.done.put(None)

    def _give_up(self, worker: _Worker, chunk: Chunk) -> None:
        """The worker is dead: try its files one by one, and a file that was alone no more."""
        self._dismiss(worker)
        if self.stopped:
            return
        if len(chunk.indexes) == 1 and chunk.retried:
            self.done.put(_Reply(chunk, b"", worker.epitaph()))
        else:
            each = chunk.size // len(chunk.indexes)
            with self.changed:
                self.chunks.extend(Chunk((index,), each, retried=True) for index in chunk.indexes)

    def _hire(self) -> _Worker | None:
        with self.lock:
            if self.stopped:
                return None
            try:
                worker = _Worker(_launch(self.task))
            except OSError:
                return None
            self.workers.add(worker)
        if worker.is_ready():
            return worker
        self._dismiss(worker)
        return None

    def _dismiss(self, worker: _Worker) -> None:
        with self.lock:
            self.workers.discard(worker)
        worker.end()


def _launch(task: str) -> subprocess.Popen[bytes]:
    import subprocess  # noqa: PLC0415  # a worker, which imports this module too, starts sooner without

    flags = ["-I", "-S", "-X", "utf8", *(["-B"] if sys.dont_write_bytecode else [])]
    return subprocess.Popen(
        [sys.executable, *flags, "-c", CHILD, os.path.dirname(os.path.abspath(__file__)), task, *_installed()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _installed() -> list[str]:
    """Where grammars and parsers are installed; no working folder, whose modules could take their names."""
    return [folder for folder in sys.path if os.path.basename(folder) in ("site-packages", "dist-packages")]


@dataclass(slots=True, eq=False)
class _Worker:
    process: subprocess.Popen[bytes]
    deadline: float = field(default_factory=lambda: time.monotonic() + PATIENCE)
    overdue: bool = False

    def is_ready(self) -> bool:
        """Whether it has come up and is one of ours: `sys.executable` may be anything."""
        assert self.process.stdout is not None
        is_ours = self.process.stdout.read(len(_READY)) == _READY
        self.deadline = inf  # it may have to wait for work
        return is_ours

    def ask(self, items: Sequence[tuple[Any, ...]], size: int) -> bytes | None:
        """The rows of items with so many bytes of source; None where the process died or was killed."""
        self.deadline = time.monotonic() + PATIENCE + size / 1e6
        try:
            _send(self.process.stdin, items)
        except (OSError, ValueError):  # dead; or a path that marshal can't write
            return None
        rows = self.receive()
        self.deadline = inf
        return rows

    def receive(self) -> bytes | None:
        try:
            return _receive(self.process.stdout)
        except OSError:
            return None

    def end(self) -> None:
        """Kill it, which loses nothing, and leave no zombie and no open pipe."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):  # what was not yet written to a dead process
                pipe.close()  # type: ignore[union-attr]  # both are pipes
        self.process.wait()

    def epitaph(self) -> str:
        if self.overdue:
            return "took too long to analyse"
        return f"the process that analysed it died (exit status {self.process.returncode})"


# --- between the two ----------------------------------------------------------------------------------------------


def _send(pipe: IO[bytes] | None, content: Any) -> None:
    assert pipe is not None
    data = marshal.dumps(content)
    pipe.write(len(data).to_bytes(8, "little"))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes] | None) -> bytes | None:
    """One message; None where the other side has ended."""
    assert pipe is not None
    size = int.from_bytes(pipe.read(8), "little")
    data = pipe.read(size)
    return data if data and len(data) == size else None


@uncollected()
def _batch(chunk: Chunk, rows: bytes, made: Callable[[int, Any], _Result]) -> list[tuple[int, _Result | Failure]]:
    """What is made of rows, in one go."""
    pairs = zip(chunk.indexes, marshal.loads(rows), strict=True)
    return [(index, made(index, row)) for index, row in pairs]


# --- the worker ---------------------------------------------------------------------------------------------------


def serve(answer: Callable[..., Any]) -> None:
    """Answer chunk after chunk until the parent closes the pipe; runs in the worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    gc.disable()  # facts hold no cycles, and the process is short-lived
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a stray print must not end up between the rows
    answers.write(_READY)
    answers.flush()
    while (data := _receive(questions)) is not None:
        _send(answers, [answer(*item) for item in marshal.loads(data)])
    os._exit(0)

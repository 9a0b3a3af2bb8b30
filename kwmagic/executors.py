"""Work on many files by an executor of `concurrent.futures`, whose workers may be on other machines.

A chunk of items goes out as bytes that marshal wrote, and its rows come back so: every executor passes bytes on as they
are. What it takes to read them, the same Python and the same kwmagic, is what results have to be made by anyway.
"""

from __future__ import annotations

import marshal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from itertools import count
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from kwmagic.collecting import uncollected
from kwmagic.errors import OptionError
from kwmagic.identity import Identity, identity
from kwmagic.mdtext import one_line
from kwmagic.workers import Chunk, chunks

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

WORKERS = 16
"""Taken for the number of workers where an executor does not tell it."""
IN_FLIGHT = 3
"""Chunks for each worker that are sent before the first of them is back: enough for none to wait, and few in memory."""
FAILURES = 20
"""Chunks lost one after the other that make an executor useless."""
PATIENCE = 600.0
"""Seconds without a reply after which no more are waited for: a regular expression may be endless there, too."""
FIRST = 3600.0
"""The same before the first reply: workers may be waiting in the queue of a cluster."""
_Result = TypeVar("_Result")


def run(
    executor: Executor,
    task: str,
    item: Callable[[int], tuple[Any, ...] | None],
    sizes: Sequence[int],
    *,
    made: Callable[[int, Any], _Result],
    jobs: int | None = None,
    note: Callable[[str], None] | None = None,
) -> Generator[list[tuple[int, _Result]]]:
    """Give each item to the function `answer` of the module *task*, by the workers of *executor*.

    *item* tells that of an index shortly before it is sent: what marshal can write and holds all that another machine
    needs, or None. *sizes* are bytes of source. Batches of (index, what *made* makes of index and answer) come as they
    are done, in any order; close it to cancel what is not yet begun. *jobs*: of workers, where an executor tells no
    number itself. An index that never comes is to be worked on here:
    its chunk was lost twice, or the executor gave up, which *note* is told in one sentence. `OptionError` where the
    workers have another Python or kwmagic, or none.
    """
    jobs = getattr(executor, "_max_workers", None) or jobs or WORKERS
    sender = _Sender(executor, task, item, deque(chunks(sizes, jobs)), IN_FLIGHT * jobs)
    try:
        for chunk, rows in sender.replies():
            with uncollected():
                batch = [(index, made(index, row)) for index, row in zip(chunk.indexes, rows, strict=True)]
            yield batch
    finally:
        sender.cancel()
        if sender.broken and note is not None:
            note(f"{sender.broken}; the rest of the work was done here.")


class _Sender:
    """Sends chunks and takes what comes back, all in one thread: an executor calls back only to fill a queue."""

    def __init__(
        self,
        executor: Executor,
        task: str,
        item: Callable[[int], tuple[Any, ...] | None],
        waiting: deque[Chunk],
        most: int,
    ) -> None:
        self.executor = executor
        self.task = task
        self.item = item
        self.waiting = waiting
        self.most = most
        self.flying: dict[int, tuple[Future[Any], Chunk]] = {}
        self.done: SimpleQueue[int] = SimpleQueue()
        """Numbers of what is flying: a future that was called back with itself would be kept, with its rows."""
        self.numbers = count()
        self.failures = 0
        """In a row."""
        self.deadline = time.monotonic() + FIRST
        self.broken = ""
        """Why the executor is of no use any more."""

    def replies(self) -> Iterator[tuple[Chunk, Sequence[Any]]]:
        while not self.broken:
            self._fill()
            if not self.flying:
                return
            try:
                number = self.done.get(timeout=0.1)  # on Windows Ctrl-C is only seen between waits
            except Empty:
                if time.monotonic() > self.deadline:
                    self.broken = "The executor gave no more answers"
                continue
            future, chunk = self.flying.pop(number)
            self.deadline = time.monotonic() + PATIENCE
            try:
                rows = _rows(future.result())
            except (KeyboardInterrupt, OptionError):  # Ctrl-C may have reached a worker
                raise
            except BaseException as error:  # what each executor has for a lost worker; asyncio's is no Exception
                self._lose(chunk, error)
            else:
                self.failures = 0
                yield chunk, rows

    def _fill(self) -> None:
        """Have enough on its way for every worker."""
        while self.waiting and len(self.flying) < self.most:
            self._send(self.waiting.popleft())

    def _send(self, chunk: Chunk) -> None:
        items = [(index, item) for index in chunk.indexes if (item := self.item(index)) is not None]
        if not items:
            return
        chunk = chunk._replace(indexes=tuple(index for index, _ in items))
        with suppress(ValueError):  # what marshal can't write stays here
            content = marshal.dumps([item for _, item in items])
            try:
                future = self.executor.submit(run_chunk, self.task, tuple(identity()), content)
            except Exception as error:
                self.broken = f"The executor takes no more work ({_reason(error)})"
                self.waiting.clear()
            else:
                number = next(self.numbers)
                self.flying[number] = future, chunk
                future.add_done_callback(lambda _: self.done.put(number))

    def _lose(self, chunk: Chunk, error: BaseException) -> None:
        """Try its halves again, once: a worker died, maybe of one file."""
        if any("No module named 'kwmagic" in str(each) for each in (error, error.__cause__)):
            raise OptionError("the workers of the executor have no kwmagic: install there what is installed here")
        self.failures += 1
        if self.failures >= FAILURES:
            self.broken = f"The executor lost {FAILURES} pieces of work in a row ({_reason(error)})"
        elif not chunk.retried:
            middle = (len(chunk.indexes) + 1) // 2
            halves = chunk.indexes[:middle], chunk.indexes[middle:]
            self.waiting.extendleft(Chunk(half, chunk.size // 2, retried=True) for half in halves if half)

    def cancel(self) -> None:
        """Take back what no worker has begun, and wait for nothing."""
        for future, _ in self.flying.values():
            with suppress(Exception):  # a connection that is gone
                future.cancel()


def _rows(reply: tuple[tuple[str, ...], bytes | None]) -> list[Any]:
    theirs, ours = Identity(*reply[0]), identity()
    if reply[1] is not None:
        return marshal.loads(reply[1])  # type: ignore[no-any-return]  # a list, as run_chunk made it
    if theirs[:2] == ours[:2]:
        raise OptionError(f"the workers run another build of kwmagic {ours.kwmagic}, or lack grammars that are here")
    there, here = (f"kwmagic {each.kwmagic} / Python {each.python}" for each in (theirs, ours))
    raise OptionError(f"the workers run {there}; here it is {here}: they must be the same")


def _reason(error: BaseException) -> str:
    """One line, not too long: some have the whole traceback of the worker in them."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return one_line(f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__)[:200]


# --- there --------------------------------------------------------------------------------------------------------


def run_chunk(task: str, sender: tuple[str, ...], content: bytes) -> tuple[tuple[str, ...], bytes | None]:
    """Who answers, and the rows of a chunk; None where *sender* is not the same. Runs in a worker."""
    mine = tuple(identity())
    if tuple(sender) != mine:
        return mine, None
    answer = import_module(task).answer
    with uncollected():
        return mine, marshal.dumps([answer(*item) for item in marshal.loads(content)])

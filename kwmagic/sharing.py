"""Work on many files shared out to processes where there is enough of it, and done here where not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from kwmagic.workers import Failure

SMALL = 3_000_000
"""Bytes of source below which processes cost more than they bring."""
MOST_JOBS = 8

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Work(Generic[_Result]):
    """What is to be done with some files."""

    task: str
    """The module whose function `answer` a process gives each item to."""
    items: Sequence[tuple[Any, ...]]
    """What marshal can write; each is looked up shortly before it is sent, so that it may be made only then."""
    sizes: Sequence[int]
    """Bytes of source of each."""
    made: Callable[[int, Any], _Result]
    """The result, of the index of an item and the answer."""
    alone: Callable[[int], _Result]
    """The result of the item at an index, worked out in this process."""
    stuck: Collection[int] = frozenset()
    """Indexes of files that can't leave this process; their items are not looked up."""
    carried: Callable[[int], tuple[Any, ...] | None] | None = None
    """The item at an index with all that it takes on another machine; None for one that can be answered only here.

    Where there is no such function, items are whole as they are.
    """


def shared(
    work: Work[_Result],
    jobs: int | None = None,
    executor: Executor | None = None,
    note: Callable[[str], None] | None = None,
) -> Iterator[list[tuple[int, _Result | Failure]]]:
    """Batches of (index, result) for every item, in any order.

    Worked out by *executor*, where there is one and more than one file; what it could not do, and all without it, in
    *jobs* processes here (None lets the sizes decide), else in this one. *note* is told that an executor gave up.
    """
    left = dict.fromkeys(range(len(work.items)))
    for way in (partial(_by_executor, executor=executor, note=note), _in_processes):
        movable = [index for index in left if index not in work.stuck]
        if len(work.items) > 1 and movable:
            with closing(way(work, movable, jobs)) as batches:
                for batch in batches:
                    for index, _ in batch:
                        del left[index]
                    yield batch
    for index in left:
        yield [(index, work.alone(index))]


def _by_executor(
    work: Work[_Result],
    movable: Sequence[int],
    jobs: int | None,
    *,
    executor: Executor | None,
    note: Callable[[str], None] | None,
) -> Generator[list[tuple[int, _Result | Failure]]]:
    if executor is None:
        return
    from . import executors  # noqa: PLC0415  # only where there is one

    item = work.carried or work.items.__getitem__
    run = executors.run(
        executor,
        work.task,
        lambda number: item(movable[number]),
        [work.sizes[index] for index in movable],
        made=lambda number, row: work.made(movable[number], row),
        jobs=jobs,
        note=note,
    )
    with closing(run) as batches:
        for batch in batches:
            yield [(movable[number], found) for number, found in batch]


def _in_processes(
    work: Work[_Result], movable: Sequence[int], jobs: int | None
) -> Generator[list[tuple[int, _Result | Failure]]]:
    """By processes that can be killed, where a file is endless; a few files, too, that are left of many."""
    if jobs == 1 or not (jobs or sum(work.sizes) >= SMALL):
        return
    from . import workers  # noqa: PLC0415  # only for many files

    jobs = jobs or min(workers.processors(), MOST_JOBS)
    if jobs == 1 or not workers.available():
        return
    sizes = [work.sizes[index] for index in movable]
    items = _Chosen(work.items, movable)
    run = workers.run(work.task, items, sizes, jobs, made=lambda number, row: work.made(movable[number], row))
    with closing(run) as batches:
        for batch in batches:
            yield [(movable[number], found) for number, found in batch]


class _Chosen(Sequence[tuple[Any, ...]]):
    """Some of the items, looked up when they are asked for."""

    def __init__(self, items: Sequence[tuple[Any, ...]], indexes: Sequence[int]) -> None:
        self.items = items
        self.indexes = indexes

    def __len__(self) -> int:
        return len(self.indexes)

    @overload
    def __getitem__(self, index: int) -> tuple[Any, ...]: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[Any, ...]]: ...

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return _Chosen(self.items, self.indexes[index])
        return self.items[self.indexes[index]]

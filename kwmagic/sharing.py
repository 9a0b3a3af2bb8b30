"""Work on many files shared out to processes where there is enough of it, and done here where not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
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
    items: Sequence[tuple[Any, ...] | None]
    """What marshal can write; None for a file that can't leave this process."""
    sizes: Sequence[int]
    """Bytes of source of each."""
    made: Callable[[int, Any], _Result]
    """The result, of the index of an item and the answer."""
    alone: Callable[[int], _Result]
    """The result of the item at an index, worked out in this process."""


def shared(work: Work[_Result], jobs: int | None = None) -> Iterator[list[tuple[int, _Result | Failure]]]:
    """Batches of (index, result) for every item, in any order; *jobs*: None lets the sizes decide."""
    left = dict.fromkeys(range(len(work.items)))
    movable = [index for index in left if work.items[index] is not None]
    if jobs != 1 and len(movable) > 1 and (jobs or sum(work.sizes) >= SMALL):
        for batch in _in_processes(work, movable, jobs):
            for index, _ in batch:
                del left[index]
            yield batch
    for index in left:
        yield [(index, work.alone(index))]


def _in_processes(
    work: Work[_Result], movable: Sequence[int], jobs: int | None
) -> Iterator[list[tuple[int, _Result | Failure]]]:
    from . import workers  # noqa: PLC0415  # only for many files

    jobs = jobs or min(workers.processors(), MOST_JOBS)
    if jobs == 1 or not workers.available():
        return
    items = [item for item in work.items if item is not None]
    sizes = [work.sizes[index] for index in movable]
    run = workers.run(work.task, items, sizes, jobs, made=lambda number, row: work.made(movable[number], row))
    with closing(run) as batches:
        for batch in batches:
            yield [(movable[number], found) for number, found in batch]

"""One build into an output folder at a time, over all processes that share a cache."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import BaseFileLock

WAITING = "another build into this folder is running; waiting for it to end"

_POLL = 0.1
"""Seconds between two looks at a lock that another process holds."""


@contextmanager
def sole_build(out: str, cache: str, tell: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock on the output folder *out*; its file is in the folder *cache*.

    Waits for another build to end, and says so once through *tell*. The system frees the lock of a process that dies.
    Where no lock can be made, the build goes on without one, and *tell* gets the reason.
    """
    from filelock import FileLock  # noqa: PLC0415  # slow to import

    lock = FileLock(_place(out, cache), thread_local=False)
    try:
        os.makedirs(cache, mode=0o700, exist_ok=True)
        if not _is_taken(lock):
            tell(WAITING)
            lock.acquire(timeout=-1, poll_interval=_POLL)
    except (OSError, NotImplementedError) as error:  # the second: a file system without locks
        why = (isinstance(error, OSError) and error.strerror) or str(error)
        tell(f"no lock can be made in the cache ({why}): do not build twice at once into the same folder")
    try:
        yield
    finally:
        lock.release()


def _is_taken(lock: BaseFileLock) -> bool:
    """Whether the lock was free and is ours now."""
    from filelock import Timeout  # noqa: PLC0415

    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    return True


def _place(out: str, cache: str) -> str:
    """The same for every name of one folder."""
    real = os.path.normcase(os.path.realpath(out))
    return os.path.join(cache, f"build-{sha256(real.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}.lock")

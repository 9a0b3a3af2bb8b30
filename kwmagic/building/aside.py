"""Work that goes on in a thread beside other work, where both wait for the disk and for checksums."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Aside(Generic[_T]):
    """One call, begun at once; nobody waits for its thread when the program ends."""

    def __init__(self, work: Callable[[], _T]) -> None:
        self._work = work
        self._made: list[_T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="kwmagic aside", daemon=True)
        self._thread.start()

    def result(self) -> _T:
        """What the call gave; raises what it raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._made[0]

    def _run(self) -> None:
        try:
            self._made.append(self._work())
        except BaseException as error:  # raised where it is waited for
            self._error = error

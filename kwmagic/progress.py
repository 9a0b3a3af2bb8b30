"""How far work is: one line on a terminal, erased when it is done; one line a phase where nobody watches."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

PAUSE = 0.1
"""Seconds between two states of a line that changes faster than anybody reads."""
_SOON = 1.0
"""Seconds of a phase after which its speed says something."""


class TerminalLine:
    """A line on standard error, written over itself; nothing where nobody can see it."""

    def __init__(self, pause: float = 0.0) -> None:
        """*pause*: seconds in which a line stays, whatever is to be written meanwhile."""
        self._pause = pause
        self._due = 0.0
        self._width = 0

    @property
    def is_seen(self) -> bool:
        """Whether there is a terminal."""
        return sys.stderr is not None and sys.stderr.isatty()

    def write(self, state: str) -> None:
        """Show the state in place of the last one."""
        now = time.monotonic()
        if now < self._due or not self.is_seen:
            return
        self._due = now + self._pause
        text = f"kwmagic: {state} ..."[: _columns() - 1]  # one that goes on below can't be written over
        sys.stderr.write(f"\r{text.ljust(self._width)}")
        sys.stderr.flush()
        self._width = len(text)

    def erase(self) -> None:
        """Leave the line empty."""
        if self._width:
            sys.stderr.write(f"\r{' ' * self._width}\r")
            sys.stderr.flush()
        self._width = 0


class Pace:
    """The words for how far the phases of some work are."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """*clock* tells seconds."""
        self._clock = clock
        self._phase: str | None = None
        self._began = 0.0
        self._first = 0

    def words(self, phase: str, done: int, total: int) -> str:
        """`analysing 812 of 2,328 files · 190/s · 8 s left`; speed and rest once they can be told.

        *done* and *total* are files, or pages where the phase says so.
        """
        now = self._clock()
        if phase != self._phase:
            self._phase, self._began, self._first = phase, now, done
        state = f"{phase} {done:,} of {total:,} files" if total else phase
        passed, since = now - self._began, done - self._first
        if passed < _SOON or since <= 0:
            return state
        speed = since / passed
        return f"{state} · {speed:,.{0 if speed >= 10 else 1}f}/s · {_duration((total - done) / speed)} left"


class Progress:
    """Progress on standard error: of each phase one line in all, or on a terminal all in one line."""

    def __init__(self, *, is_quiet: bool = False) -> None:
        self._is_quiet = is_quiet
        self._line = TerminalLine(PAUSE)
        self._pace = Pace()
        self._phase: str | None = None

    def step(self, phase: str, done: int, total: int) -> None:
        """Called by the work, as often as it likes; arguments as of `Pace.words`."""
        if self._is_quiet or sys.stderr is None:
            return
        if self._line.is_seen:
            self._line.write(self._pace.words(phase, done, total))
        elif phase != self._phase:
            print(f"kwmagic: {phase} {total:,} files" if total else f"kwmagic: {phase}", file=sys.stderr)
        self._phase = phase

    def say(self, sentence: str) -> None:
        """Say something on a line of its own."""
        self.close()
        if sys.stderr is not None:
            print(f"kwmagic: {sentence}", file=sys.stderr)

    def close(self) -> None:
        """Leave nothing behind."""
        self._line.erase()


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError, AttributeError):
        return 80


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"

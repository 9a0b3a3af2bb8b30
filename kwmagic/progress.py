"""One line of progress on a terminal, erased when the work is done."""

from __future__ import annotations

import sys


class TerminalLine:
    """A line on standard error, written over itself; nothing where nobody can see it."""

    def __init__(self) -> None:
        self._width = 0

    def write(self, state: str) -> None:
        """Show the state in place of the last one."""
        if sys.stderr is None or not sys.stderr.isatty():
            return
        text = f"kwmagic: {state} ..."
        sys.stderr.write(f"\r{text.ljust(self._width)}")
        sys.stderr.flush()
        self._width = max(self._width, len(text))

    def erase(self) -> None:
        """Leave the line empty."""
        if self._width:
            sys.stderr.write(f"\r{' ' * self._width}\r")
            sys.stderr.flush()
        self._width = 0

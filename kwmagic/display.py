"""Showing results in IPython: when a bare call shows by itself, one line of progress, JSON as a cell."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from dis import opmap
from enum import Enum, auto
from types import FrameType
from typing import TYPE_CHECKING, Any

from IPython.display import display

from kwmagic import mdtext
from kwmagic.progress import TerminalLine

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


class Fate(Enum):
    """What the calling code does with the value of a magic."""

    DROPPED = auto()
    """Nothing: a statement of its own in a loop, a function, or before the last line of a cell."""
    PRINTED = auto()
    """IPython shows it: the last line of a cell."""
    KEPT = auto()
    """It is assigned, returned, passed on."""


_FILLERS = {opmap.get("CACHE", 0), opmap["NOP"]}
_PRINT_EXPR = opmap.get("PRINT_EXPR")  # Python 3.11
_CALL_INTRINSIC = opmap.get("CALL_INTRINSIC_1")  # Python 3.12 and later; 1 is INTRINSIC_PRINT


def fate() -> Fate:
    """What becomes of the value of the magic that is running, from the instruction after its call.

    `co_code` holds the plain instructions even where the interpreter has specialised them or a debugger instruments
    them; the source, which `executing` would need, may be missing or edited.
    """
    frame = _calling_frame()
    if frame is None or frame.f_code.co_filename == "<magic-timeit>":  # a display for each repetition is no use
        return Fate.KEPT
    code, at = frame.f_code.co_code, frame.f_lasti + 2
    while code[at] in _FILLERS:
        at += 2
    if code[at] == opmap["POP_TOP"]:
        return Fate.DROPPED
    if code[at] == _PRINT_EXPR or (code[at] == _CALL_INTRINSIC and code[at + 1] == 1):
        return Fate.PRINTED
    return Fate.KEPT


def _calling_frame() -> FrameType | None:
    """The frame that called `run_line_magic` or `run_cell_magic`: the cell's, or a function's of the user."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and str(frame.f_globals.get("__name__")).startswith(("kwmagic.", "IPython.core.")):
        frame = frame.f_back
    return frame


class JsonView:
    """The JSON object as a cell shows it: text within `limit` bytes."""

    def __init__(self, data: Mapping[str, Any], limit: int) -> None:
        self._data = data
        self._limit = limit

    def _repr_mimebundle_(
        self,
        include: object = None,  # noqa: ARG002
        exclude: object = None,  # noqa: ARG002
    ) -> tuple[dict[str, str], dict[str, Any]]:
        text, note = json.dumps(self._data, indent=1), ""
        if (rest := len(text) - self._limit) > 0:
            text = text[: self._limit]
            note = f"\n\n… {rest:,} bytes more: `-o NAME` keeps all, `kwmagic … --format json -o FILE` writes all"
        markdown = mdtext.fence(text, "" if note else "json", mdtext.Dest.CELL)
        metadata = {"target": self._data["target"], "schema": 1}
        return {"text/markdown": markdown + note, "text/plain": text + note}, {"kwmagic": metadata}


class _Line:
    """One line of text, as an output."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


class Screen:
    """Where one call shows: progress once it takes longer than half a second, then its result in the same place."""

    def __init__(self, shell: InteractiveShell, *, patience: float = 0.5) -> None:
        self._shell = shell
        self._due = time.monotonic() + patience
        self._handle: Any = None
        self._early: Any = None
        self._first: Callable[[], object] | None = None
        self._terminal = TerminalLine()
        self._state = ""

    def offer(self, first: Callable[[], object]) -> None:
        """Give what makes a first view, which is shown below the progress and replaced by the result.

        Below, since the first view may be many screens long, and the progress would be out of sight at its end.
        """
        self._first = first

    def progress(self, done: int, total: int) -> None:
        """Called by the work, as often as it likes."""
        self.tell(f"{done:,} of {total:,} files")

    def tell(self, state: str) -> None:
        """The same, in words."""
        self._state = state
        now = time.monotonic()
        if now < self._due:
            return
        self._due = now + 0.2
        if getattr(self._shell, "kernel", None) is None:
            self._terminal.write(self._state)
        elif self._handle is None:
            self._handle = display(_Line(f"kwmagic: {self._state} …"), display_id=True)  # type: ignore[no-untyped-call]
            if self._first is not None:
                self._early = display(self._first(), display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(_Line(f"kwmagic: {self._state} …"))

    def end(self) -> None:
        """Nothing is to be shown: the progress goes, and leaves no text behind."""
        self._terminal.erase()
        for handle in filter(None, (self._handle, self._early)):
            handle.display({}, raw=True, update=True)

    def stop(self) -> None:
        """The work was cut short: how far it came stays."""
        self._terminal.erase()
        if self._handle is not None:
            self._handle.update(_Line(f"kwmagic: stopped after {self._state}"))

    def show(self, value: Any, view: Any, *, printed: bool) -> Any:
        """Show the view of a value once; what the magic has to return for that."""
        view._repr_mimebundle_()  # an error in it is one of the cell here; IPython's formatter would only print it
        self._terminal.erase()
        if self._early is not None:
            self._early.update(view)
            self._handle.display({}, raw=True, update=True)
        elif self._handle is not None:
            self._handle.update(view)
        elif printed and view is value:
            return value
        else:
            display(view)  # type: ignore[no-untyped-call]
        if printed:  # shown already, so only `_` and `Out` are still due
            self._shell.displayhook.update_user_ns(value)  # type: ignore[no-untyped-call]
        return None

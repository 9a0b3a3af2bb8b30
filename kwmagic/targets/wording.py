"""The words of a target: whether they have the form of a name, and how they are said back to the user."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kwmagic.walking import BINARY, OTHERS, UNKNOWN, VENDORED

_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*){0,99}")

_ONE = {
    VENDORED: "vendored, cache or environment folder",
    UNKNOWN: "file of an unknown kind",
    BINARY: "binary file",
    OTHERS: "file of another language",
}
_NEVER = (BINARY, UNKNOWN)
"""What `--all` does not show either."""


def is_name(text: str) -> bool:
    """Whether it may be a dotted name, of not more than 100 parts."""
    return _NAME.fullmatch(text) is not None


def quoted(text: str) -> str:
    """In quotes and on one line, whatever it holds."""
    shown = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
    return f"'{shown[:80]}…'" if len(shown) > 80 else f"'{shown}'"


def code(text: str, most: int = 120) -> str:
    """Between backticks and on one line, whatever it holds; cut after *most* characters."""
    shown = "".join(char if char.isprintable() and char != "`" else "?" for char in text[:most])
    return f"`{shown}…`" if len(text) > most else f"`{shown}`"


def counted_names(names: Sequence[str], most: int = 5) -> str:
    """`a`, `b` and `c`; the first *most* of them, the others counted."""
    if len(names) > most + 1:
        return f"{', '.join(map(code, names[:most]))} and {len(names) - most:,} more"
    *first, last = map(code, names)
    return f"{', '.join(first)} and {last}" if first else last


def left_out(counts: Mapping[str, int]) -> tuple[str, ...]:
    """One sentence; what `--all` would not show either comes last."""
    parts = [_counted(why, count) for why, count in counts.items() if why not in _NEVER]
    if parts:
        parts[-1] += " (`--all` includes them)"
    parts += [_counted(why, counts[why]) for why in _NEVER if why in counts]
    return (f"Left out: {'; '.join(parts)}.",) if parts else ()


def pages_left_out(count: int) -> str:
    """The same of pages that kwmagic wrote, which only reading tells."""
    return f"Left out: {count:,} {'page' if count == 1 else 'pages'} that kwmagic wrote (`--all` includes them)."


def _counted(why: str, count: int) -> str:
    return f"1 {_ONE[why]}" if count == 1 and why in _ONE else f"{count:,} {why}"

"""What a build tells of itself: how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kwmagic.html.assets import SHARED


class Step(NamedTuple):
    """How far a build is."""

    phase: str
    """What is being done, as it is shown: `analysing`."""
    done: int
    """Of `total`: files in the phases that go through files, else pages."""
    total: int


class Built(NamedTuple):
    """What a build did."""

    pages: int
    """Pages there are now, twins (`keywords.json`, `objects.inv`) among them; what pages of HTML share is none."""
    written: int
    unchanged: int
    removed: int
    problems: tuple[tuple[str, int, str], ...]
    """Path relative to the source folder, line (0: none) and reason, in order."""
    blocked: tuple[str, ...]
    """What is in the place of pages that were not written, a sentence each."""
    notes: tuple[str, ...]
    """What a reader of the pages should know and no page says, a sentence each."""
    seconds: float
    """By the clock, from start to end."""
    files: int
    """Source files that have pages."""


def count(files: Iterable[str]) -> int:
    """How many of these files of an output are pages."""
    return sum(not file.startswith(f"{SHARED}/") for file in files)

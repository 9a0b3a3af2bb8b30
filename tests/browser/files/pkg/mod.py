"""Boats and what they carry."""

from __future__ import annotations

import json
from pathlib import Path

LIMIT = 3


class Boat:
    """Something that floats.

    Example:
        >>> Boat("Ada").name
        'Ada'
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def load(self, cargo: list[str], *, limit: int = LIMIT) -> int:
        """Take the cargo on board and return how much there is now."""
        return min(len(cargo), limit)


class Ferry(Boat):
    """A boat that comes back."""


def launch(names: list[str]) -> dict[str, Boat]:
    """Return a boat for each name."""
    return {name: Boat(name) for name in names}


def save(boats: list[Boat], file: Path) -> None:
    """Write the names of some boats to a file."""
    file.write_text(json.dumps([boat.name for boat in boats]))

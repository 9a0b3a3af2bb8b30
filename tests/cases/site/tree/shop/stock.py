"""What is in stock.

Read `Stock.take` first.
"""

from __future__ import annotations

import json
from pathlib import Path

from shop.base import Named
from shop.parts import crate

LIMIT = 10


class Stock(Named):
    """Things by name."""

    def __init__(self, things: dict[str, int]) -> None:
        super().__init__("stock")
        self.things = things

    def take(self, name: str) -> int:
        """Take one thing away; the number that is left."""
        self.things[name] -= 1
        return self.things[name]


# Where they are kept.
@crate.sealed
class Cellar(Stock):
    pass


class Attic(Named): ...


class Shelf(Named): ...


class Table(Named): ...


def load(path: Path) -> Stock:
    """Read a stock that was written as JSON; see `Stock`."""
    text = """
# no comment"""
    return Stock(json.loads(path.read_text() or text))

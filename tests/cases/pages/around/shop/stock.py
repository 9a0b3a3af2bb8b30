"""What is in stock, and who may take it.

>>> from shop.stock import Stock
>>> Stock({"pear": 2}).take("pear")
1
"""

import asyncore
import os
import tomllib
from abc import abstractmethod
from typing import TYPE_CHECKING, Protocol

from shop.base import Named

from . import money

try:
    import yaml
except ImportError:
    yaml = None

if os.name == "nt":
    import winreg
else:
    import plistlib as winreg

if TYPE_CHECKING:
    from shop.orders import Order

LIMIT = 3


class Takes(Protocol):
    """Whoever takes things."""

    def take(self, what: str) -> int: ...


class Stock(Named):
    """So many of each.

    >>> Stock({})  # doctest: +SKIP
    Stock({})

    The rest of it:

        >>> stock = Stock({"apple": 3})
        >>> for _ in range(2):
        >>>     print(stock.take("apple"))
        2
        1

        >>> stock.take("apple")
        0

    >>> stock take
    """

    def __init__(self, things):
        self.things = things

    def take(self, what):
        """One less.

        >>> Stock({"fig": 1}).take("fig")
        0
        """
        os.environ.get("SHOP_LOG")
        self.things[what] -= 1
        return self.things[what]

    @abstractmethod
    def close(self): ...


class Cellar(Stock):
    def close(self):
        import shutil

        shutil.rmtree("cellar")


def load(path: "str", order: "Order | None" = None) -> Stock:
    """Read a file of things."""
    import money_of_others

    with open(path, "w") as file:
        file.write("")
    os.remove(path)
    return Stock(yaml.load(path) if yaml else {})


os.environ.get("SHOP_LOG")

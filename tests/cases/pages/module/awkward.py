#!/usr/bin/env python
# coding: utf-8
r"""A module whose words are awkward: $5 and $10, a|b, <b>, \(x\), `ticks` and __dunder__.

It documents itself in every convention at once, see `Reader.read` and :func:`late`.
"""

from __future__ import annotations

import os, sys as system
from collections.abc import (
    Iterator,
    Mapping as Map,
)
from typing import TYPE_CHECKING, TypeAlias, overload

try:
    import fast
except ImportError:
    fast = None

if TYPE_CHECKING:
    from .sibling import Thing

__all__ = ["LIMIT", "Reader", "late", "path"]

LIMIT: int = 3
PATTERN = r"\d+|`x`"
Pairs: TypeAlias = "dict[str, tuple[int, ...]]"
first, *rest = [1, 2, 3]


class Base:
    """The base of all; holds nothing."""

    __slots__ = ()


class Reader(Base, metaclass=type):
    """Reads things.

    Args:
        path: Where they are, e.g. ``C:\\new``.
        limit (int): At most so many; costs $5.

    Example:
        >>> Reader("a").read()
        'a'
    """

    path: str
    limit: int = LIMIT

    def __init__(self, path: str, limit: int = LIMIT) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """The last part of the path."""

    @name.setter
    def name(self, value: str) -> None: ...

    @overload
    def read(self, size: int) -> str: ...
    @overload
    def read(self, size: None = None) -> list[str]: ...
    def read(self, size=None):
        """Read up to *size* items | all of them.

        | a | b |
        |---|---|

        # Not a heading
        <script>alert(1)</script>
        """

        def inner(): ...

        return inner

    async def close(self) -> None:
        """Close <it>; `await` this."""


def late(a, /, b: "int | None" = None, *args, key: Map[str, int] = {"a|b": 1}, **options) -> Iterator[int]:
    '''Do it late.

    :param a: the *first*
    :returns: nothing `special`
    '''
    class Local:
        """Only here."""


if os.name == "nt":
    def path(): ...
else:
    def path(text: str = "`"):
        """Another one under a condition."""


def _private(): ...


if __name__ == "__main__":
    late(1)

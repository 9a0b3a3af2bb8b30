"""Areas of plane shapes."""

from __future__ import annotations

import math
from functools import cache

LIMIT = 1_000
UNITS: dict[str, float] = {"m": 1.0, "cm": 0.01}


class ShapeError(ValueError):
    """What is asked for is no shape."""


class Shape:
    """A shape | with a pipe, *stars* and <b>tags</b>. Nothing more."""

    name: str = "shape"

    def __init__(self, size: float) -> None:
        self.size = size

    @property
    def area(self) -> float:
        """The area in square metres."""
        return self.size**2

    def _check(self) -> None:
        def fail() -> None:
            raise ShapeError(self.name)

        eval("fail()")


@cache
def circle(radius: float) -> float:
    """The area of a circle, from `math.pi`."""
    return math.pi * radius**2


try:
    import numpy
except ImportError:

    def total(sizes: list[float]) -> float:
        """Their sum."""
        return sum(sizes)

else:

    async def total(sizes: list[float]) -> float:
        return numpy.sum(sizes)

import math

import numpy as np

from shapes.base import Shape


class Circle(Shape):
    """Round | <b>flat</b>."""

    radius: float = 1.0

    @property
    def area(self) -> float:
        return math.pi * self.radius**2


class Disk(Circle): ...

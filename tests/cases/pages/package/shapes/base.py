"""What all shapes share."""

import abc


class Shape(abc.ABC):
    """A shape has an area."""

    @property
    @abc.abstractmethod
    def area(self) -> float:
        """The area in m²."""


class _Hidden(Shape): ...

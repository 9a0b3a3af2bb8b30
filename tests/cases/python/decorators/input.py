"""Decorators, properties, overloads: one line each, outermost first."""

import functools
from typing import overload


@functools.lru_cache(
    maxsize=None,  # a comment
)
@ other . decorator
def cached(n): ...


@decorate(lambda f: f)

# a comment and a blank line between
@plain
class Decorated(metaclass=Meta): ...


class Shape:
    @property
    def area(self) -> float:
        """The area."""

    @area.setter
    def area(self, value): ...

    @functools.cached_property
    def edges(self): ...

    @overload
    def scale(self, by: int) -> int: ...
    @overload
    def scale(self, by: str) -> str: ...
    def scale(self, by): ...

    @staticmethod
    def make(): ...

    @classmethod
    async def load(cls, *, path): ...


matrix = a @ b

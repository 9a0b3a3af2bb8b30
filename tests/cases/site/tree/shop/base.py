"""What things of the shop are made from."""

from __future__ import annotations


class Named:
    """Something with a name."""

    def __init__(self, name: str) -> None:
        self.name = name


class Old(Named):
    pass

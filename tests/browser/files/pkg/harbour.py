"""Where boats lie."""

from pkg.mod import Boat, Ferry, launch


class Tug(Boat):
    """A boat that pulls others."""


def morning(names: list[str]) -> list[Boat]:
    """Launch what has a name, and the ferry."""
    return [*launch(names).values(), Ferry("Ada")]

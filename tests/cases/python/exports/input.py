"""`__all__` in the forms that tell what is in it."""

from .parts import part, other
from .tools import hidden
from . import tools as tools

__all__ = ["part"] + ["first"]
__all__ += ("second", "part")
__all__.extend(["third"])
__all__.append("fourth")
__all__.remove("first")


def second(): ...

"""`__all__` that is not written out tells nothing."""

from .parts import *
from . import parts

__all__ = ["a"] + parts.__all__

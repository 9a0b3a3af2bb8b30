"""Shapes and their areas: `Circle`, `Square` & co."""

from .base import Shape
from .flat.round import Circle

__all__ = ["Circle", "Shape"]

"""Plane shapes."""

from shapes.area import Shape, circle

__all__ = ["Shape", "circle"]

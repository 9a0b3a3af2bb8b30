"""A small ray tracer."""

from lumen.core import trace

__all__ = ["trace"]

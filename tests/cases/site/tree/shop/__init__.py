"""A shop."""

from shop.stock import Stock

__all__ = ["Stock"]

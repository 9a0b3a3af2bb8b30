r"""Harbours: <b>not bold</b>, __init__ & &lt;T&gt;, $5 and $10, a|b.

=======  ======
Berth    Price
=======  ======
small    $5
large    $10
=======  ======

The area of a berth is :math:`w \cdot l`, and of all of them

.. math:: \sum_i w_i l_i
"""

from __future__ import annotations

import abc


class Vessel(abc.ABC):
    """What floats."""

    def shorter(self, other: Vessel, text: str = "a|b <T> $HOME \\(x\\) [a](b)") -> bool:
        """Compare by length.

        >>> Boat(3).shorter(Boat(4))
        True

        Args:
            other: the vessel beside; its `__lt__` is *not* asked
            text: said <i>aloud</i>
        """
        return self.length < other.length


class Boat(Vessel):
    """A boat, see `Vessel`."""

    __slots__ = ("length",)

    def __init__(self, length: float) -> None:
        self.length = length


LIMIT__ = "**12** | # x"

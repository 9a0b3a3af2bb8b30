"""What is said where the packages that HTML pages need are not installed."""

from __future__ import annotations

from kwmagic.errors import OptionError


def needs_more() -> OptionError:
    """The error to raise."""
    return OptionError('HTML pages need more: pip install "kwmagic[export]"')

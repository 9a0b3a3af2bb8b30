"""Image files that a notebook shows, which go with its page."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from hashlib import blake2b

from kwmagic.errors import UnreadableError
from kwmagic.links import is_inside
from kwmagic.sources import read_bytes

_SUFFIXES = frozenset((".avif", ".bmp", ".gif", ".ico", ".jpeg", ".jpg", ".png", ".svg", ".webp"))
_LIMIT = 16 * 2**20
"""Bytes; a larger one stays where it is."""


class Pictures:
    """The images of one page, each read when a link to it is met."""

    def __init__(self, url: str, within: str) -> None:
        """*url*: the folder of the page's files as seen from the page; *within*: absolute folder, no image is taken
        from elsewhere.
        """
        self._url = url
        self._within = within
        self._found: dict[str, bytes] = {}

    @property
    def files(self) -> Mapping[str, bytes]:
        """Name in the folder of the page's files -> content, of all that were met."""
        return self._found

    def url(self, file: str) -> str | None:
        """The address that an image (absolute, `/` separated) has beside the page; None for what stays where it is."""
        suffix = posixpath.splitext(file)[1].lower()
        if suffix not in _SUFFIXES or not is_inside(file, self._within):
            return None
        try:
            data = read_bytes(file, limit=_LIMIT)
        except UnreadableError:
            return None
        name = named(data, suffix)
        self._found[name] = data
        return f"{self._url}/{name}"


def named(data: bytes, suffix: str) -> str:
    """What a file with that content is called; *suffix* with its dot."""
    return f"{blake2b(data, digest_size=8).hexdigest()}{suffix}"

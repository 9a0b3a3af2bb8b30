"""Image files that a notebook shows, which go with its page."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping

from kwmagic.errors import UnreadableError
from kwmagic.exporting.images import LIVE, is_live, named
from kwmagic.links import is_inside
from kwmagic.model import Problem
from kwmagic.sources import read_bytes

_SUFFIXES = frozenset((".avif", ".bmp", ".gif", ".ico", ".jpeg", ".jpg", ".png", ".svg", ".webp"))
_LIMIT = 16 * 2**20
"""Bytes; a larger one stays where it is."""


class Pictures:
    """The images of one page, each read when a link to it is met."""

    def __init__(self, url: str, within: str, *, trusted: bool) -> None:
        """*url*: the folder of the page's files as seen from the page; *within*: absolute folder, no image is taken
        from elsewhere; *trusted*: SVG files may have scripts.
        """
        self._url = url
        self._within = within
        self._trusted = trusted
        self._found: dict[str, bytes] = {}
        self._problems: dict[str, Problem] = {}

    @property
    def files(self) -> Mapping[str, bytes]:
        """Name in the folder of the page's files -> content, of all that were met."""
        return self._found

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Which images are missing or left out."""
        return tuple(self._problems.values())

    def url(self, file: str) -> str | None:
        """The address that an image (absolute, `/` separated) has beside the page; empty where there is none to show;
        None for what stays where it is.
        """
        suffix = posixpath.splitext(file)[1].lower()
        if suffix not in _SUFFIXES or not is_inside(file, self._within):
            return None
        try:
            data = read_bytes(file, limit=_LIMIT)
        except UnreadableError:
            return None if os.path.exists(file) else self._refused(file, "is missing")
        if suffix == ".svg" and not self._trusted and is_live(data):
            return self._refused(file, f"{LIVE}: it is left out")
        name = named(data, suffix)
        self._found[name] = data
        return f"{self._url}/{name}"

    def _refused(self, file: str, why: str) -> str:
        path = posixpath.relpath(file, self._within)
        self._problems[file] = Problem(0, f"the image {path} {why}")
        return ""

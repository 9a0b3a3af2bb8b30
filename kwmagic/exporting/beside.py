"""The pages of a build that stand beside those of notebooks, and which of them a line of a source is on."""

from __future__ import annotations

import json
import os
import posixpath
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from kwmagic.errors import OptionError, UnreadableError
from kwmagic.sources import read_bytes

TWIN = "keywords.json"
"""What a build makes for other programs."""
_LIMIT = 2**30
"""Bytes of the twin of a very large project."""
_HEAD = re.compile(r'\{"kwmagic": 1, "target": (?P<label>"(?:[^"\\]|\\.)*")')
_FILE = re.compile(r'^\{"path": (?P<path>"(?:[^"\\]|\\.)*").*?(?=,?$)', re.MULTILINE)
"""A file of the twin, which has a line for each."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A site of documentation pages, as its `keywords.json` tells it."""

    way: str
    """The site's folder as seen from the top of the output, `/` separated."""
    label: str
    """The name of the folder that the site is of."""
    files: dict[str, str]
    """Path of each source -> what the twin says of it, JSON."""

    def section(self, file: str, line: int = 0) -> tuple[str, str] | None:
        """The page that documents a file (absolute, `/` separated), from the top of the output, and the anchor of a
        line (1-based; 0: the file); None where the site is not about the file.
        """
        said = self._said(file)
        if said is None or not said["page"]:
            return None
        page = said["page"]
        return posixpath.normpath(f"{self.way}/{page}"), _anchor(said["symbols"], line, is_html=page.endswith(".html"))

    def _said(self, file: str) -> dict[str, Any] | None:
        """By the longest path that the site has below a folder of its name."""
        parts = file.split("/")
        for number, part in enumerate(parts, 1):
            said = self.files.get("/".join(parts[number:])) if part == self.label else None
            if said is not None:
                found: dict[str, Any] = json.loads(said)
                return found
        return None


def _anchor(symbols: list[dict[str, Any]], line: int, *, is_html: bool) -> str:
    """The section of what is defined at a line. What is not the first line of a definition, HTML pages have too."""
    sections = sorted((each["line"], each["anchor"], each["end_line"]) for each in symbols if each["anchor"])
    above = sections[: bisect_right(sections, line, key=lambda section: section[0])]
    for first, anchor, _ in above[-1:]:
        if first == line:
            return str(anchor)
    if is_html and line:
        return f"L{line}"
    return next((str(anchor) for _, anchor, last in reversed(above) if line <= last), "")


def opened(folder: str, out: str, suffix: str) -> Beside:
    """The site in *folder*, for pages with that suffix in *out*; raises `OptionError` where there is none for them."""
    try:
        twin = read_bytes(os.path.join(folder, TWIN), limit=_LIMIT).decode("utf-8", "replace")
    except UnreadableError as error:
        raise OptionError(
            f"{folder} holds no pages of a build ({TWIN}: {error}); make them with `kwmagic build`"
        ) from None
    head = _HEAD.match(twin)
    if head is None:
        raise OptionError(f"{folder} holds no pages of a build: its {TWIN} is another program's")
    if not os.path.lexists(os.path.join(folder, f"index{suffix}")):
        kind = suffix.removeprefix(".")
        raise OptionError(f"the pages in {folder} are of another kind; build them with --to {kind} as well")
    files = {json.loads(found["path"]): found[0] for found in _FILE.finditer(twin, head.end())}
    return Beside(_way(folder, out), json.loads(head["label"]), files)


def _way(folder: str, out: str) -> str:
    try:
        return os.path.relpath(os.path.realpath(folder), os.path.realpath(out)).replace(os.sep, "/")
    except ValueError:  # Windows
        raise OptionError(f"{folder} and {out} are on two drives; no link leads from one to the other") from None

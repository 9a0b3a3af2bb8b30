"""Files as links name them: exactly as they are written, also where a file system ignores case."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache

from kwmagic.checking.reading import read

PAGES = (".md", ".html")
"""How the names of pages end."""
_LINE_END = re.compile(rb"\r\n|\r|\n")


def page_files(folder: str) -> Iterator[tuple[str, int]]:
    """Path from the folder, `/` separated, and size of every file of Markdown or HTML below; links are not followed.

    Raises `OSError` where the folder itself can't be listed; one in it that can't is as if empty.
    """
    waiting = [""]
    while waiting:  # no recursion: folders may be deeper than Python's stack
        above = waiting.pop()
        try:
            with os.scandir(os.path.join(folder, above)) as entries:
                for entry in entries:
                    path = f"{above}/{entry.name}" if above else entry.name
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(path)
                    elif entry.name.endswith(PAGES) and entry.is_file(follow_symlinks=False):
                        yield path, entry.stat().st_size
        except OSError:
            if not above:
                raise


class Disk:
    """What there is, asked once."""

    def __init__(self) -> None:
        self.exists = cache(self._exists)
        self.lines = cache(self._lines)
        self._names = cache(_names)

    def _exists(self, file: str) -> bool:
        """Whether an absolute path without `..` leads to something, in exactly this spelling."""
        if not os.path.exists(file):
            return False
        folder, name = os.path.split(file)
        while name:
            names = self._names(folder)
            if names is not None and name not in names:
                return False
            folder, name = os.path.split(folder)
        return True

    def _lines(self, file: str) -> int | None:
        """How many lines a file has; None for what is no file, or can't be read."""
        try:
            content = read(file)
        except (OSError, ValueError):
            return None
        return len(_LINE_END.findall(content)) + (not content.endswith((b"\n", b"\r")))


def _names(folder: str) -> frozenset[str] | None:
    try:
        return frozenset(os.listdir(folder))
    except (OSError, ValueError):  # not there, or not ours to list
        return None

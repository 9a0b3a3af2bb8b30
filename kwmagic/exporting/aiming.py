"""Where the links of a notebook lead from its page. Asks no disk."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from kwmagic.exporting.beside import Beside
from kwmagic.exporting.headings import identifier
from kwmagic.model import FileRef
from kwmagic.sitelinks import Site

_WEB = frozenset(("http", "https", "mailto"))
_LINES = re.compile(r"L(?P<line>\d{1,9})(?:-L?(?P<end>\d{1,9}))?|line=(?P<before>\d{1,9})")
"""Lines as forges name them, and as JupyterLab does, from 0."""
_END = r"""\s()<>"'\\\[\]"""
"""What no address holds, in Markdown or HTML inside of JSON."""
_TO_HEADING = re.compile(rf"\.ipynb#([^{_END}]+)")
_BEFORE = re.compile(f"[{_END}]")
_LONGEST = 1_000
"""Characters of a path."""


class _Lines(NamedTuple):
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is around one notebook, and around its page. Paths are absolute, `/` separated, without `..`."""

    folder: str
    """The notebook's."""
    project: str
    """The folder of the project; no link leads to files elsewhere."""
    site: Site
    """How links look on the page; its sources are those of the project."""
    pages: Mapping[str, str]
    """Each notebook that is exported -> its page, from the top of the output."""
    beside: Beside | None
    """Documentation pages of the sources, where there are any."""
    picture: Callable[[str], str | None]
    """The address of an image beside the page; empty where there is none to show, None for what is no image."""

    def aim(self, url: str) -> str | None:
        """The address that a link or image of the notebook has on the page; None where it can lead nowhere."""
        try:
            parts = urlsplit(url.strip())
        except ValueError:  # as of `http://[`
            return None
        if parts.scheme in _WEB and (parts.netloc or parts.scheme == "mailto"):
            return self._from_forge(parts) or url.strip()
        if parts.scheme or parts.netloc or "\0" in unquote(parts.path):
            return None
        if not parts.path:
            return f"#{parts.fragment}" if parts.fragment else None
        return self._file(parts)

    def _file(self, parts: SplitResult) -> str | None:
        path = unquote(parts.path, errors="surrogateescape").replace("\\", "/")
        if path.startswith("/") or ":" in path.partition("/")[0]:  # another disk's, too
            return None
        file = posixpath.normpath(posixpath.join(self.folder, path))
        if file in self.pages:
            place = "" if _LINES.fullmatch(parts.fragment) else unquote(parts.fragment)
            return self.site.to(self.pages[file], identifier(place) if place else "")
        lines = _lines(parts.fragment)
        found = self._documented(file, lines) or self.picture(file)
        return self._source(file, parts.fragment, lines) if found is None else found or None

    def _documented(self, file: str, lines: _Lines) -> str | None:
        found = self.beside.section(file, lines.first) if self.beside is not None else None
        return self.site.to(*found) if found is not None else None

    def _source(self, file: str, fragment: str, lines: _Lines) -> str | None:
        """The file itself, of which a browser shows no lines."""
        path = file.removeprefix(f"{self.project.rstrip('/')}/")
        if path == file:
            return None
        shown = lines if self.site.template is not None or not self.site.is_html else _Lines()
        url = self.site.source(FileRef(path), *shown)
        return f"{url}#{fragment}" if url and fragment and not lines.first else url

    def _from_forge(self, parts: SplitResult) -> str | None:
        """The documentation of what a link to lines of a source leads to, and by the template to a file, too."""
        lines, path = _lines(parts.fragment), unquote(parts.path)
        if self.beside is None:
            return None
        if lines.first:
            return self._documented(path, lines)
        before, _, _ = (self.site.template or "").partition("{path}")
        url = parts._replace(query="", fragment="").geturl()
        if not before or not url.startswith(before):
            return None
        return self._documented(f"{self.project.rstrip('/')}/{unquote(url.removeprefix(before))}", lines)


def headings_linked(text: str, folder: str) -> Iterator[tuple[str, str]]:
    """Each notebook (absolute) with the place in it that the text of a notebook in *folder* has a link to."""
    for found in _TO_HEADING.finditer(text):
        path = _BEFORE.split(text[max(0, found.start() - _LONGEST) : found.start()])[-1]
        yield posixpath.normpath(posixpath.join(folder, unquote(f"{path}.ipynb"))), unquote(found[1])


def _lines(fragment: str) -> _Lines:
    found = _LINES.fullmatch(fragment)
    if found is None:
        return _Lines()
    first = int(found["before"]) + 1 if found["before"] else int(found["line"])
    return _Lines(first, int(found["end"] or first))

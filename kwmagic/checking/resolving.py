"""Whether the links of pages lead somewhere."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from urllib.parse import unquote_to_bytes

from kwmagic.analysers import markdown_detail
from kwmagic.checking.disk import Disk
from kwmagic.checking.found import Dead
from kwmagic.checking.reading import Page, read

_LINES = re.compile(r"L([0-9]{1,12})(?:-L?([0-9]{1,12}))?")
_NO_FILE = "no such file"
_NO_ANCHOR = "no such anchor on that page"


class Resolver:
    """Follows links between the pages of one folder, and out of it."""

    def __init__(self, folder: str, pages: Mapping[str, Page]) -> None:
        """*folder*: absolute, links resolved; *pages*: by path from there."""
        self._folder = folder
        self._pages = pages
        self._anchors = {path: frozenset(page.anchors) for path, page in pages.items()}
        self._disk = Disk()
        self._slugs = cache(_slugs)
        self.places = cache(self._places)

    def dead(self, path: str) -> Iterator[Dead]:
        """What is wrong with one page."""
        page = self._pages[path]
        is_ours = bool(page.mark)
        if page.problem:
            yield Dead(path, 0, "", page.problem, is_ours)
        if is_ours:
            yield from (Dead(path, line, f"#{anchor}", "anchor twice on one page") for line, anchor in page.twice)
        for written, fragments in page.links.items():
            for fragment, reason in self._reasons(path, written, fragments):
                target = f"{written}#{fragment}" if fragment else written
                yield from (Dead(path, line, target, reason, is_ours) for line in fragments[fragment])

    def has(self, path: str, anchor: str) -> bool:
        """Whether a page has an anchor, as a fragment names it."""
        anchors = self._anchors.get(path, frozenset())
        return anchor in anchors or ("%" in anchor and decoded(anchor) in anchors)

    def fragments(self, path: str, other: str) -> frozenset[str]:
        """The anchors of another page that a page links to."""
        links = self._pages[path].links.items()
        return frozenset(
            each for written, found in links if self.place(path, written) == other for each in found if each
        )

    def _places(self, path: str) -> frozenset[str]:
        """Where the links of a page lead."""
        return frozenset(self.place(path, written) for written in self._pages[path].links)

    def unmarked(self) -> Iterator[Dead]:
        """The pages that ours lead to and that have lost the mark."""
        ours = (path for path, page in self._pages.items() if page.mark)
        for path in sorted({place for each in ours for place in self.places(each)}):
            if path in self._pages and not self._pages[path].mark and not self._pages[path].problem:
                yield Dead(path, 0, "", "linked from our pages, but without their mark in its last line")

    def _reasons(self, path: str, written: str, fragments: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The fragments of links to one file that lead nowhere, each with the reason."""
        if written.startswith(("/", "\\")):
            if self._pages[path].mark:  # in others it starts at a root that only a server knows
                yield from ((fragment, "not relative") for fragment in fragments)
            return
        place = self.place(path, written)
        if place in self._pages:
            missing = [each for each in fragments if each and not self.has(place, each)]
            is_strict = bool(self._pages[path].mark and self._pages[place].mark)
            yield from ((each, _NO_ANCHOR) for each in missing if is_strict or not self._is_slug(place, each))
            return
        file = os.path.normpath(os.path.join(self._folder, place))
        if not self._disk.exists(file):
            yield from ((fragment, _NO_FILE) for fragment in fragments)
            return
        yield from ((each, reason) for each in fragments if each and (reason := self._no_line(file, each)))

    def place(self, path: str, written: str) -> str:
        """Where the path of a URL leads, from the folder; it may be above, `../src/x.py`."""
        if not written:
            return path
        return posixpath.normpath(posixpath.join(posixpath.dirname(path), decoded(written.partition("?")[0])))

    def _no_line(self, file: str, fragment: str) -> str:
        """Why a link into a file that is no page leads nowhere; "" where it does, or nobody can tell."""
        lines = _LINES.fullmatch(fragment)
        if lines is None:
            is_dead = file.endswith(".md") and not self._is_slug(file, fragment)
            return _NO_ANCHOR if is_dead else ""
        count = self._disk.lines(file)
        if count is None:
            return "not a file that has lines"
        last = max(int(number) for number in lines.groups("0"))
        return f"that file has {count:,} lines" if last > count or not int(lines[1]) else ""

    def _is_slug(self, place: str, fragment: str) -> bool:
        """Whether a Markdown file has a heading that forges give this anchor."""
        if not place.endswith(".md"):
            return False
        slugs = self._slugs(os.path.join(self._folder, place))
        fragment = decoded(fragment)
        return not fragment or slugs is None or fragment in slugs or fragment.lower() in slugs


def decoded(url: str) -> str:
    """A part of a URL as the name of a file; bytes that are no text as lone surrogates."""
    return unquote_to_bytes(url).decode("utf-8", "surrogateescape") if "%" in url else url


def _slugs(file: str) -> frozenset[str] | None:
    try:
        return frozenset(markdown_detail.detail(read(file).decode("utf-8", "replace")).anchors)
    except OSError:
        return None

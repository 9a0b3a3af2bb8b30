"""What is on one page, as a row that crosses the border of a process: the task of the workers of a check."""

from __future__ import annotations

import marshal
import os
import re
import stat
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from kwmagic.checking import html, quick
from kwmagic.checking.exact import Found
from kwmagic.mdtext import PAGE_MARK

_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")
"""On the web, or no place at all."""
Links = dict[str, dict[str, list[int]]]
"""Path as written -> fragment as written, "" for none -> lines."""


class Page(NamedTuple):
    """What a check needs to know of a page."""

    problem: str
    """Why it can't be read; "" where it can."""
    mark: str
    """The last line where it is the mark of a page of ours, else ""."""
    anchors: tuple[str, ...]
    twice: tuple[tuple[int, str], ...]
    """(line, identifier) of anchors that an earlier line has already."""
    number: int
    """Links to files and anchors."""
    packed: bytes
    """`Links`, marshalled: most of it is only needed once."""

    @classmethod
    def of(cls, row: Sequence[Any]) -> Page:
        """The page of a row."""
        return cls(*row)

    @classmethod
    def unread(cls, problem: str) -> Page:
        """A page that can't be read."""
        return cls(problem, "", (), (), 0, marshal.dumps({}))

    @property
    def links(self) -> Links:
        """Where it links to."""
        found: Links = marshal.loads(self.packed)
        return found


def answer(file: str) -> tuple[object, ...]:
    """The row of one file."""
    try:
        text = read(file).decode("utf-8", "replace")
    except OSError as error:
        return tuple(Page.unread(error.strerror or str(error)))
    mark, is_html = _mark(text), file.endswith(".html")
    found = html.found_on(text) if is_html else quick.found_on(text)
    anchors, twice = _anchors(found)
    links = _links(found) if mark or not is_html else {}  # sites that others made are theirs to check
    count = sum(len(lines) for fragments in links.values() for lines in fragments.values())
    return tuple(Page("", mark, anchors, twice, count, marshal.dumps(links)))


def read(file: str) -> bytes:
    """The content of a regular file; raises `OSError`, and never waits for a pipe."""
    descriptor = os.open(file, _READ)
    with open(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(0, "not a regular file", file)
        return stream.read()


def _mark(text: str) -> str:
    last = text[text.rstrip().rfind("\n") + 1 :].strip()
    return last if last.startswith(PAGE_MARK) else ""


def _anchors(found: Iterable[Found]) -> tuple[tuple[str, ...], tuple[tuple[int, str], ...]]:
    """All identifiers, and those that an earlier place has."""
    seen: set[str] = set()
    twice = []
    for each in found:
        if each.is_anchor and each.target in seen:
            twice.append((each.line, each.target))
        elif each.is_anchor:
            seen.add(each.target)
    return tuple(seen), tuple(twice)


def _links(found: Iterable[Found]) -> Links:
    links: Links = {}
    for each in found:
        if each.target and not each.is_anchor and not _ELSEWHERE.match(each.target):
            path, _, fragment = each.target.partition("#")
            links.setdefault(path, {}).setdefault(fragment, []).append(each.line)
    return links

"""What an HTML site of notebooks has around their pages: an index, a menu, breadcrumbs, what search finds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from kwmagic import docstrings
from kwmagic.anchors import quoted
from kwmagic.html.menu import Node
from kwmagic.html.page import Place
from kwmagic.html.search import Entry
from kwmagic.mdtext import Dest, escape, link, one_line

INDEX = "index.html"
OF_INDEX = "*.ipynb"
"""What the index is of, for its mark: no other page of ours has it."""
_DEEPEST = 32
"""Folders inside of one another in the menu; what is deeper stands in the last one."""


class Shown(NamedTuple):
    """The page of one notebook, as the site knows it."""

    page: str
    """From the top of the output."""
    title: str
    """Plain text."""
    entries: tuple[Entry, ...]
    """What search finds on it."""


class Frame(NamedTuple):
    """What all pages of the site have in common."""

    site: str
    """Its name."""
    beside: tuple[str, ...]
    """Other sites, which its menu and search show, too: folders from the top of the output."""
    mermaid: bool

    def place(self, page: str, title: str, of: str) -> Place:
        """Where a page is, for `html_page`."""
        up = page.count("/")
        folders = tuple((name, "") for name in page.split("/")[:-1])
        trail = ((self.site, f"{'../' * up}{INDEX}"), *folders, (title, "")) if page != INDEX else ()
        return Place(page, title, self.site, of, trail, self.beside, self.mermaid)


def nodes(shown: Sequence[Shown]) -> tuple[Node, ...]:
    """The menu: the index, then notebooks by their folders, at each level that folder's index first and folders last;
    else in the order of *shown*."""
    tree = _nodes(shown, 0)
    return tree if any(each.page == INDEX for each in shown) else (Node("Index", INDEX), *tree)


def _nodes(shown: Sequence[Shown], depth: int) -> tuple[Node, ...]:
    here = [each for each in shown if each.page.count("/") == depth or depth == _DEEPEST]
    here.sort(key=lambda each: each.page.rpartition("/")[2] != INDEX)
    folders: defaultdict[str, list[Shown]] = defaultdict(list)
    for each in shown:
        if each.page.count("/") > depth < _DEEPEST:
            folders[each.page.split("/")[depth]].append(each)
    return (
        *(Node(each.title, quoted(each.page)) for each in here),
        *(Node(name, "", _nodes(inner, depth + 1)) for name, inner in folders.items()),
    )


def index(site: str, shown: Sequence[Shown]) -> str:
    """The Markdown of the index: every notebook, folder by folder, and how it begins."""
    lines = [f"# {escape(one_line(site), Dest.PAGE)}"]
    for folder, inside in groupby(sorted(shown, key=_folders), key=_folders):
        if folder:
            lines += ["", f"## {escape(one_line('/'.join(folder)), Dest.PAGE)}"]
        lines += ["", *map(_line, inside)]
    return "\n".join(lines)


def _folders(shown: Shown) -> list[str]:
    return shown.page.split("/")[:-1]


def _line(shown: Shown) -> str:
    title = link(escape(one_line(shown.title), Dest.PAGE), quoted(shown.page), Dest.PAGE)
    about = docstrings.summary(shown.entries[0].text) if shown.entries else ""
    return f"- {title} — {escape(one_line(about), Dest.PAGE)}" if about else f"- {title}"

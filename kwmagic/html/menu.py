"""The tree of a site's pages, which the sidebar of every page shows: one file instead of a copy in each page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from kwmagic.html.assets import SHARED
from kwmagic.html.data import Data, data_script

MENU = f"{SHARED}/menu.js"
"""The file of the menu, from the top of the output."""


class Node(NamedTuple):
    """A line of the menu."""

    title: str
    """Plain text."""
    url: str
    """From the top of the output; empty for a mere group."""
    children: tuple[Node, ...] = ()


def menu_file(site: str, nodes: Sequence[Node]) -> tuple[str, bytes]:
    """Name (from the top of the output) and content of the file with the menu of the site of that name."""
    return MENU, data_script({"site": site, "nodes": _written(nodes)})


def urls(menu: Any) -> Iterator[str]:
    """The URLs in the data of such a file, in any order; raises `KeyError`, `TypeError` or `ValueError` for others."""
    waiting = [*menu["nodes"]]
    while waiting:
        _, url, *children = waiting.pop()
        waiting += children[0] if children else []
        yield url


def _written(nodes: Sequence[Node]) -> list[Data]:
    """`[title, url]`, or `[title, url, children]`."""
    return [[node.title, node.url, *([_written(node.children)] if node.children else [])] for node in nodes]

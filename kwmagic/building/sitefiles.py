"""What pages of HTML share: the tree in their sidebar, and what can be searched for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from itertools import chain
from typing import Any

from kwmagic.anchors import quoted
from kwmagic.building.naming import Names
from kwmagic.html.menu import Node, menu_file
from kwmagic.html.search import Entry, search_files
from kwmagic.model import FILE, Kind
from kwmagic.pages.record import Record
from kwmagic.pages.site.folder import Folder
from kwmagic.pages.site.wording import ALL, BOOK, INDEX

_DEEPEST = 32
"""Folders inside of one another in the menu; the page of the innermost leads on. Other trees are deeper than Python's
stack."""
_MARKS = re.compile(r"\\([^\w\s])|`|</?code>|(?<!\\)\[((?:[^]\\]|\\.)*)\]\([^)]*\)")
"""Markdown, as lines of a record hold it, around its text."""


def menu(label: str, folders: Mapping[str, Folder], names: Names) -> tuple[str, bytes]:
    """The file of the menu: the pages of the whole site, then its folders and files; a file is its documentation."""
    whole = [("Index", INDEX), ("All keywords", ALL), ("Book", BOOK)]
    nodes = [Node(title, names.page(name)) for title, name in whole]
    return menu_file(label, [*nodes, *_inside("", folders, names, 0)])


def _inside(path: str, folders: Mapping[str, Folder], names: Names, depth: int) -> Iterator[Node]:
    """What is in a folder, its subfolders first."""
    for child in folders[path].children:
        inner = _inside(child.path, folders, names, depth + 1) if depth < _DEEPEST else ()
        yield Node(_last(child.path), quoted(names.page(INDEX, child.page)), tuple(inner))
    for file in folders[path].listed:
        yield Node(_last(file.path), quoted(names.docs(file.path)))


def search(
    folders: Mapping[str, Folder], records: Mapping[str, Record], fragments: Iterable[bytes], names: Names
) -> Iterator[tuple[str, bytes]]:
    """The files of the search index; *fragments*: the sources as `keywords.json` has them."""
    of_folders = (_of_folder(each, folders[""].name, names) for each in folders.values())
    of_files = (_of_file(json.loads(each), records, folders[""].name) for each in fragments)
    return search_files(chain(of_folders, chain.from_iterable(of_files)))


def _of_folder(folder: Folder, label: str, names: Names) -> Entry:
    told = folder.introductions[0].text if folder.introductions else ""
    return Entry(folder.name, "folder", label, quoted(names.page(INDEX, folder.page)), _plain(told))


def _of_file(file: Mapping[str, Any], records: Mapping[str, Record], label: str) -> Iterator[Entry]:
    """The file itself, which is its module where it is one, and its symbols."""
    record = records[file["path"]]
    if not any(FILE in symbol["flags"] for symbol in file["symbols"]):
        yield Entry(record.path, "file", label, quoted(file["page"]), _plain(record.about))
    for symbol in file["symbols"]:
        title, kind = (FILE in symbol["flags"] and record.module) or symbol["qualname"], str(symbol["kind"])
        if kind == Kind.HEADING:
            title, kind = symbol["name"], "section"
        yield Entry(title, kind, record.path, _url(symbol), symbol["summary"] or "")


def _url(symbol: Mapping[str, Any]) -> str:
    page = quoted(symbol["page"])
    return f"{page}#{symbol['anchor']}" if symbol["anchor"] else page


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _plain(markdown: str) -> str:
    return unescape(_MARKS.sub(r"\1\2", markdown))

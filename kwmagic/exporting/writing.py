"""The files of exported pages: what is ours there already, what is written, what goes."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from urllib.parse import unquote

from kwmagic.building.output import Output, digest
from kwmagic.building.pagefile import FOLDER, Content, is_marked, kind_of, read
from kwmagic.errors import UnreadableError
from kwmagic.exporting.images import named
from kwmagic.html.data import data_of
from kwmagic.html.menu import MENU, urls
from kwmagic.mdtext import page_mark
from kwmagic.sources import read_bytes

_NAME = re.compile(r"[0-9a-f]{16}\.[a-z]+")
"""Of the files of a page."""


def write_page(output: Output, page: str, text: str, of: str) -> bool:
    """Write a page that ends with the mark of what it is *of*, over an older one of the same only; whether it was
    written. Raises `ForeignError`, as `Output.write` does.
    """
    there = _there(output, page)
    if there is not None and there.tail.rstrip().endswith(f"\n{page_mark(of)}".encode()):
        output.pages[page] = there.digest
    else:
        output.pages.pop(page, None)  # that of a build
    return output.write(page, text.encode("utf-8", "backslashreplace"))


def write_files(output: Output, folder: str, files: Mapping[str, bytes]) -> None:
    """Write the files that a page shows into its *folder*, and remove those that it showed before.

    They are called by their content, so one that is there already is as it should be.
    """
    for name, data in files.items():
        path = f"{folder}/{name}"
        there = _there(output, path)
        if there is not None and there.digest == digest(data):
            output.pages[path] = there.digest
        output.write(path, data)
    _remove_others(output, folder, files)


def pages_before(output: Output) -> set[str]:
    """The pages of an earlier export of HTML that are there, from the top of the output: those of its menu."""
    try:
        menu = data_of(read_bytes(os.path.join(output.folder, *MENU.split("/"))))
        named = {unquote(str(url)) for url in urls(menu)}
    except (UnreadableError, ValueError, TypeError, KeyError):  # there was none
        return set()
    found = {page: _there(output, page) for page in named}
    return {page for page, content in found.items() if content is not None and is_marked(page, content, anywhere=True)}


def _there(output: Output, path: str) -> Content | None:
    """What is in a place; None for nothing, and for what can't be read and so is not ours."""
    file = os.path.join(output.folder, *path.split("/"))
    try:
        return read(file) if kind_of(file) not in {None, FOLDER} else None
    except OSError:
        return None


def _remove_others(output: Output, folder: str, kept: Collection[str]) -> None:
    """Remove what was written by an earlier export, which is what is called by its content."""
    parts = [output.folder, *folder.split("/")]
    if any(kind_of(os.path.join(*parts[:number])) != FOLDER for number in range(2, len(parts) + 1)):
        return
    place = os.path.join(*parts)
    for name in sorted({*os.listdir(place)} - {*kept}):
        if _is_called_by_content(os.path.join(place, name)):
            os.remove(os.path.join(place, name))
    if not kept:
        with suppress(OSError):  # of somebody else's files in it
            os.rmdir(place)


def _is_called_by_content(file: str) -> bool:
    name = os.path.basename(file)
    if _NAME.fullmatch(name) is None or os.path.islink(file):
        return False
    try:
        return named(read_bytes(file), os.path.splitext(name)[1]) == name
    except UnreadableError:
        return False

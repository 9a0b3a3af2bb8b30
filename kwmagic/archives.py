"""Modules that lie in an archive (`a.zip/pkg/m.py`): which part of a path is the archive, and what is in it."""

from __future__ import annotations

import os
from collections.abc import Iterator

from kwmagic.languages import language_of
from kwmagic.model import FileRef


def split_archive(path: str) -> tuple[str, str | None]:
    """`a.zip/pkg/m.py` as the archive and the member; the member is None for a plain file."""
    archive = path
    while not os.path.lexists(archive):
        parent = os.path.dirname(archive)
        if parent == archive:
            return path, None
        archive = parent
    if archive == path or not os.path.isfile(archive):
        return path, None
    return archive, path[len(archive) + 1 :].replace(os.sep, "/")


def members(folder: str) -> Iterator[FileRef]:
    """The files below a folder inside an archive."""
    import zipfile  # noqa: PLC0415

    archive, member = split_archive(folder)
    prefix = f"{member}/"
    try:
        with zipfile.ZipFile(archive) as opened:
            names = opened.namelist()
    except (OSError, zipfile.BadZipFile):
        return
    for name in names:
        if name.startswith(prefix) and language_of(name) is not None:
            yield FileRef(name.removeprefix(prefix), archive, name)

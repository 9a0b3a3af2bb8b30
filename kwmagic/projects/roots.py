"""Where the project around a file begins."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kwmagic.model import FileRef

_INSTALLED = frozenset(("site-packages", "dist-packages"))
_MARKS = (".git", "pyproject.toml")
_STANDARD_LIBRARY = ("os.py", "site.py", "abc.py")
"""What lies in the folder of Python's own library, wherever that is."""


class Root(NamedTuple):
    """A project's place on disk."""

    folder: str
    """Absolute; paths are relative to it."""
    top: str = ""
    """The one package of the folder that is the project, where the folder holds other projects' too."""
    shallow: bool = False
    """Whether only the files of the folder itself belong to it, as nothing says how far a project goes."""

    @property
    def label(self) -> str:
        """How it is named."""
        return self.top or os.path.basename(self.folder) or self.folder


def root_around(refs: Sequence[FileRef]) -> Root | None:
    """The project that files are in together; None where none of them is a file on disk that can be read.

    The folder that they have in common tells it, where each alone may lie in a folder that is no package.
    """
    files = [ref.file for ref in refs if ref.file is not None and ref.member is None and ref.problem is None]
    if not files:
        return None
    if len(files) == 1:
        return root_of(files[0])
    try:
        folder = os.path.commonpath([os.path.dirname(file) for file in files])
    except ValueError:  # Windows: on several drives
        return None
    return root_of(os.path.join(folder, "file"))


def root_of(file: str) -> Root | None:
    """The project around a file: the nearest folder with `.git` or a `pyproject.toml`; an installed package; Python's
    library; the top of the package; else the file's own folder. None for a single installed module.

    A home folder or the top of a disk is no project, whatever lies in it.
    """
    file = os.path.abspath(file)
    inner = file
    for folder in upwards(os.path.dirname(file)):
        if os.path.basename(folder) in _INSTALLED:
            return Root(folder, os.path.basename(inner)) if os.path.isdir(inner) else None
        if _is_marked(folder):
            return Root(folder)
        inner = folder
    return _package_around(file)


def _is_marked(folder: str) -> bool:
    if folder == os.path.dirname(folder) or os.path.normcase(folder) == os.path.normcase(os.path.expanduser("~")):
        return False
    marked = any(os.path.lexists(os.path.join(folder, mark)) for mark in _MARKS)
    return marked or all(os.path.isfile(os.path.join(folder, name)) for name in _STANDARD_LIBRARY)


def _package_around(file: str) -> Root:
    """By the packages above; a folder without an `__init__.py` inside of one belongs to it."""
    outermost = ""
    for folder in upwards(os.path.dirname(file)):
        if os.path.isfile(os.path.join(folder, "__init__.py")):
            outermost = folder
        elif outermost:
            return Root(folder, os.path.basename(outermost))
    return Root(os.path.dirname(file), shallow=True)


def packages_above(folder: str) -> tuple[str, ...]:
    """The names of the packages that a folder is and lies in, outermost first."""
    names: list[str] = []
    for each in upwards(os.path.abspath(folder)):
        if not os.path.isfile(os.path.join(each, "__init__.py")):
            break
        names.insert(0, os.path.basename(each))
    return tuple(names)


def upwards(folder: str) -> Iterator[str]:
    """The folder itself and those above it, up to the top of the disk."""
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above

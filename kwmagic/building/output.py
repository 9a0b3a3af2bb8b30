"""The output folder: all pages are written and removed through it.

What is not ours is not touched. A page is ours where it carries the mark that belongs in its place, or where the last
build is known to have written it. Links in the output are never followed; the folder itself may be one.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b

from kwmagic.building.naming import owner
from kwmagic.building.pagefile import EMPTY, FOLDER, TEMPORARY, is_junction, is_marked, kind_of, read, replace
from kwmagic.errors import ForeignError
from kwmagic.sources import reason

_NOT_EMPTY = (errno.ENOTEMPTY, errno.EEXIST)
_UPWARD = re.compile(r"[\\:\0]" if os.name == "nt" else r"\0")
"""What no part of a path may hold: separators, drives, and what no system call takes."""


def digest(data: bytes) -> bytes:
    """The 16 bytes that stand for the content of a page."""
    return blake2b(data, digest_size=16).digest()


class Output:
    """One output folder, as found when this is made; the caller holds the lock on it.

    Pages are named by their paths from the folder, `/` separated. All methods raise `OSError` with the page's full path
    as `filename` where the system refuses. What goes is to be removed before anything is written: a page may come where
    a folder was, and to some file systems `m.py_docs.md` and `M.py_docs.md` are one.
    """

    def __init__(self, folder: str, expected: Mapping[str, bytes]) -> None:
        """Read every page below *folder*, which need not exist.

        *expected*: page -> digest of what the last build wrote there. It gives the right to write that page again, and
        to remove it where it is still the same and carries a mark of ours; it may be wrong.
        """
        self.folder = folder
        self.pages: dict[str, bytes] = {}
        """Page -> digest of what is there now, of all that are ours."""
        self.problems: dict[str, str] = {}
        """Path -> why the system did not let it be read, of folders and of what is named as a page, or did not let an
        empty folder be removed."""
        self._expected = expected
        self._temporary: list[str] = []
        self._folders: set[str] = set()
        """Those that are known to be there and no link."""
        if os.path.lexists(folder):
            self._look()

    def write(self, page: str, data: bytes) -> bool:
        """Write a page unless it is the same already; whether it was written.

        Raises `ForeignError` where something that is not ours is in its place or in that of one of its folders.
        """
        new = digest(data)
        if self.pages.get(page) == new:
            return False
        file = self._file(page)
        self._make_folder(page.rpartition("/")[0])
        found = None if page in self.pages else kind_of(file)
        if found not in {None, EMPTY}:  # of a page just written, a crash of the system may leave an empty file
            raise ForeignError(page, found)
        try:
            replace(file, data)
        except OSError as error:
            raise _about(error, file) from None
        self.pages[page] = new
        return True

    def remove(self, page: str) -> bool:
        """Remove a page of ours and the folders above that this leaves empty; False where it is no longer ours."""
        file = self._file(page)
        if page not in self.pages or not self._is_real(page.rpartition("/")[0]):
            return False
        try:
            content = read(file)
            if content is None:
                return False
            is_as_written = content.digest == self._expected.get(page)
            if not is_marked(page, content, anywhere=is_as_written):  # what is kept of the last build may be forged
                return False
            os.remove(file)
        except FileNotFoundError:
            pass  # as it should be
        except OSError as error:
            raise _about(error, file) from None
        del self.pages[page]
        self._remove_empty(page.rpartition("/")[0])
        return True

    def sweep(self) -> None:
        """Remove what a killed build left: half-written files, and emptied folders that had pages of ours."""
        while self._temporary:
            file = self._temporary.pop()
            try:
                os.remove(file)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise _about(error, file) from None
        gone = {page.rpartition("/")[0] for page in self._expected.keys() - self.pages.keys() if _is_inside(page)}
        for folder in sorted(gone):
            if self._is_real(folder):
                self._remove_empty(folder)

    # --- what there is --------------------------------------------------------------------------------------------

    def _look(self) -> None:
        waiting = [("", self.folder)]
        while waiting:  # no recursion: folders may be deeper than Python's stack
            folder, file = waiting.pop()
            try:
                with os.scandir(file) as scan:
                    entries = list(scan)
            except OSError as error:
                if not folder:
                    raise
                self.problems[folder] = reason(error)
                continue
            self._folders.add(folder)
            waiting += self._take(f"{folder}/" if folder else "", entries)

    def _take(self, start: str, entries: list[os.DirEntry[str]]) -> Iterator[tuple[str, str]]:
        """Note the files of one folder and give the folders in it, with their names for the system."""
        for entry in entries:
            path = start + entry.name
            try:
                if entry.is_dir(follow_symlinks=False):
                    if not is_junction(entry):
                        yield path, entry.path
                elif not entry.is_file(follow_symlinks=False):
                    continue
                elif TEMPORARY.fullmatch(entry.name):
                    self._temporary.append(entry.path)
                elif owner(path) is not None:
                    self._page(path, entry.path)
            except OSError as error:
                self.problems[path] = reason(error)

    def _page(self, page: str, file: str) -> None:
        content = read(file)
        if content is not None and (page in self._expected or is_marked(page, content)):
            self.pages[page] = content.digest

    # --- folders --------------------------------------------------------------------------------------------------

    def _make_folder(self, folder: str) -> None:
        missing = []
        while folder not in self._folders:
            missing.append(folder)
            if not folder:
                break
            folder = folder.rpartition("/")[0]
        for each in reversed(missing):
            self._make(each)
            self._folders.add(each)

    def _make(self, folder: str) -> None:
        file = self._file(folder)
        try:
            if folder:
                os.mkdir(file)
            else:
                os.makedirs(file, exist_ok=True)
        except FileExistsError:
            kind = kind_of(file) if folder else "is no folder"
            if kind != FOLDER:
                raise ForeignError(folder or self.folder, kind or "is gone again") from None

    def _is_real(self, folder: str) -> bool:
        """Whether neither a folder of the output nor one above it is a link or a file, now; it may be gone."""
        while folder and kind_of(self._file(folder)) in {FOLDER, None}:
            folder = folder.rpartition("/")[0]
        return not folder

    def _remove_empty(self, folder: str) -> None:
        """Remove a folder and those above it, as far as they are empty."""
        while folder:
            try:
                os.rmdir(self._file(folder))
            except FileNotFoundError:
                pass
            except PermissionError as error:  # on Windows also where somebody looks into it
                self.problems[folder] = reason(error)
                return
            except OSError as error:
                if error.errno in _NOT_EMPTY:
                    return
                raise
            self._folders.discard(folder)
            folder = folder.rpartition("/")[0]

    def _file(self, path: str) -> str:
        if not path:
            return self.folder
        if not _is_inside(path):
            raise ValueError(f"{path!r} is no path in the output")
        return os.path.join(self.folder, *path.split("/"))


def _is_inside(path: str) -> bool:
    """Whether a path has only parts that go down."""
    return all(part not in {"", ".", ".."} and not _UPWARD.search(part) for part in path.split("/"))


def _about(error: OSError, file: str) -> OSError:
    """The same error, with the file that it is about; it may have none or that of a file beside it."""
    return OSError(error.errno, error.strerror, file)

"""The files below a folder that are worth looking at, and a count of what was left out.

Nothing is opened but `.gitignore` files and the first bytes of files without a suffix; no link is followed.
"""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from kwmagic.errors import UnreadableError
from kwmagic.languages import is_binary, language_of, may_be_script
from kwmagic.model import FileRef, Problem
from kwmagic.sources import head, read_bytes, reason, special_kind

UNKNOWN = "files of unknown kinds"
BINARY = "binary files"
OTHERS = "files of other languages"
HIDDEN = "hidden"
IGNORED = "ignored by .gitignore"
VENDORED = "vendored, cache or environment folders"
LINKED = "links inside the folder"

_COMPILED = (".so", ".pyd")
_PYCACHE = "__pycache__"
"""Left out without being counted: every package has one, and it holds no source."""
_VENDORED = frozenset(("node_modules", "bower_components", "site-packages"))
_VENDORED_ENDS = (".dist-info", ".egg-info")
_VENDOR_MARKS = {
    "vendor": frozenset(("modules.txt", "autoload.php", "bundle")),  # of Go, Composer and Bundler
    "Pods": frozenset(("Manifest.lock",)),
}
"""What lies in a folder of this name where a package manager filled it."""
_ENVIRONMENT_MARKS = frozenset(("pyvenv.cfg", "conda-meta", ".cargo-checksum.json"))


@dataclass(frozen=True, slots=True)
class Listing:
    """What a walk found."""

    files: tuple[FileRef, ...]
    """Sorted by path; with a `Problem` where the walk already knows that it can't be read."""
    left_out: Mapping[str, int]
    """Reason -> how many entries; a folder that was not entered counts once. Sorted by reason."""
    compiled: tuple[str, ...] = ()
    """Paths of compiled Python modules, sorted."""


class _Pattern(NamedTuple):
    """One line of a `.gitignore`."""

    search: Callable[[str], re.Match[str] | None]
    include: bool
    """False for `!`."""
    only_folders: bool
    by_name: bool
    """No `/` inside: it speaks of names, wherever they are."""


class _Rules(NamedTuple):
    """One `.gitignore`."""

    base: str
    """Its folder, with a final separator."""
    patterns: tuple[_Pattern, ...]
    """The last one first: it decides."""


class _Folder(NamedTuple):
    file: str
    path: str
    """Relative to the root, with a final `/`; "" for the root."""
    rules: tuple[_Rules, ...]
    """Outermost first."""


def walk(folder: str, *, everything: bool = False, enter: Callable[[str], bool] | None = None) -> Listing:
    """List *folder*; with *everything*, also what is hidden, ignored, vendored.

    *enter* is asked with the path of each folder below whether to look inside.
    """
    known = _listings.get()
    key = os.path.abspath(folder), everything
    if enter is not None or known is None:
        return _walked(*key, enter)
    if key not in known:
        known[key] = _walked(*key, None)
    return known[key]


@contextmanager
def one_look() -> Iterator[None]:
    """Each folder is listed once in here: one call looks at one state of the disk. A decorator, too."""
    token = _listings.set({} if _listings.get() is None else _listings.get())
    try:
        yield
    finally:
        _listings.reset(token)


_listings: ContextVar[dict[tuple[str, bool], Listing] | None] = ContextVar("listings", default=None)


def _walked(root: str, everything: bool, enter: Callable[[str], bool] | None) -> Listing:
    walker = _Walker(root, everything, enter)
    waiting = [_Folder(root, "", () if everything else _rules_above(root))]
    while waiting:  # no recursion: trees may be deeper than Python's stack
        waiting += walker.enter(waiting.pop())
    files = sorted(walker.files, key=attrgetter("path"))
    return Listing(tuple(files), dict(sorted(walker.left_out.items())), tuple(sorted(walker.compiled)))


class _Walker:
    def __init__(self, root: str, everything: bool, enter: Callable[[str], bool] | None) -> None:
        self.root = root
        self.everything = everything
        self.wanted = enter
        self.files: list[FileRef] = []
        self.left_out: Counter[str] = Counter()
        self.compiled: list[str] = []

    def enter(self, folder: _Folder) -> Iterator[_Folder]:
        """Take in one folder's files and give the folders below it."""
        try:
            with os.scandir(folder.file) as scan:
                entries = list(scan)
        except OSError as error:
            self._report(folder.path.rstrip("/") or ".", folder.file, reason(error))
            return
        names = {entry.name for entry in entries}
        if folder.path and not self.everything and _is_filled(folder.path, names):
            self.left_out[VENDORED] += 1
            return
        rules = folder.rules if self.everything else _rules_of(folder, names)
        for entry in entries:
            if self._takes(entry, folder.path, rules):
                yield _Folder(entry.path, f"{folder.path}{entry.name}/", rules)

    def _takes(self, entry: os.DirEntry[str], prefix: str, rules: tuple[_Rules, ...]) -> bool:
        """Whether *entry* is a folder to enter; a file is taken in or counted here."""
        path = prefix + entry.name
        try:
            if entry.is_symlink():
                self._link(entry, path, rules)
            elif entry.is_dir(follow_symlinks=False):
                wanted = self.wanted is None or self.wanted(path)
                return wanted and not self._left_out(entry, rules, is_folder=True)
            elif not _is_known(entry):
                if entry.name.endswith(_COMPILED):
                    self.compiled.append(path)
                self.left_out[BINARY if is_binary(entry.name) else UNKNOWN] += 1
            elif not self._left_out(entry, rules, is_folder=False):
                self._file(entry, path)
        except OSError as error:
            self._report(path, entry.path, reason(error))
        return False

    def _left_out(self, entry: os.DirEntry[str], rules: tuple[_Rules, ...], *, is_folder: bool) -> bool:
        """Whether an exclusion holds; if so it is counted."""
        name = entry.name
        if self.everything:
            return False
        if name == _PYCACHE:
            return True
        if is_folder and (name in _VENDORED or name.endswith(_VENDORED_ENDS)):
            why = VENDORED
        elif name.startswith("."):
            why = HIDDEN
        elif rules and _is_ignored(entry.path, rules, is_folder=is_folder):
            why = IGNORED
        else:
            return False
        self.left_out[why] += 1
        return True

    def _file(self, entry: os.DirEntry[str], path: str) -> None:
        if entry.is_file(follow_symlinks=False):
            self.files.append(FileRef(path, entry.path))
        else:
            kind = special_kind(entry.stat(follow_symlinks=False).st_mode)
            self._report(path, entry.path, kind or "is no regular file")

    def _link(self, entry: os.DirEntry[str], path: str, rules: tuple[_Rules, ...]) -> None:
        """Links are never followed: inside the tree their target is listed by itself, outside they are reported."""
        try:
            is_folder = stat.S_ISDIR(entry.stat().st_mode)
            problem = "" if _is_inside(entry.path, self.root) else "is a link out of the folder, not followed"
        except OSError as error:  # dangling, or a circle of links
            is_folder = False
            problem = "is a link to nothing" if isinstance(error, FileNotFoundError) else reason(error)
        if not is_folder and language_of(entry.name) is None:
            self.left_out[BINARY if is_binary(entry.name) else UNKNOWN] += 1
        elif self._left_out(entry, rules, is_folder=False):  # to git a link is a file
            pass
        elif problem:
            self._report(path, entry.path, problem)
        else:
            self.left_out[LINKED] += 1

    def _report(self, path: str, file: str, message: str) -> None:
        self.files.append(FileRef(path, file, problem=Problem(0, message)))


def _is_filled(path: str, names: set[str]) -> bool:
    """Whether a program filled the folder: an environment, or a package manager's copies of other projects."""
    marks = _VENDOR_MARKS.get(path.rstrip("/").rpartition("/")[2], frozenset()) | _ENVIRONMENT_MARKS
    return not marks.isdisjoint(names)


def _is_known(entry: os.DirEntry[str]) -> bool:
    if language_of(entry.name) is not None:
        return True
    return may_be_script(entry.name) and language_of(entry.name, head(entry.path)) is not None


def _is_inside(link: str, root: str) -> bool:
    target, top = os.path.realpath(link), os.path.realpath(root)
    return target == top or target.startswith(top.rstrip(os.sep) + os.sep)


# --- .gitignore ---------------------------------------------------------------------------------------------------


def _is_ignored(file: str, rules: tuple[_Rules, ...], *, is_folder: bool) -> bool:
    """git's meaning: the innermost `.gitignore` that speaks of this entry decides, and in it the last pattern.

    Entries only, not what lies below a folder: the walk never enters an ignored one, so `!` can't rescue its files.
    """
    for base, patterns in reversed(rules):
        path = file[len(base) :] if os.sep == "/" else file[len(base) :].replace(os.sep, "/")
        name = path.rpartition("/")[2]
        for search, include, only_folders, by_name in patterns:
            if only_folders and not is_folder:
                continue
            match = search(name if by_name else path)
            if match and match.lastgroup is None:  # a group would say: matched by a folder above
                return include
    return False


def _rules_of(folder: _Folder, names: set[str]) -> tuple[_Rules, ...]:
    """The rules inside *folder*: a repository of its own starts afresh."""
    rules = folder.rules
    if ".git" in names:
        rules = _excludes(folder.file)
    if ".gitignore" in names:
        rules += _read_rules(folder.file, ".gitignore")
    return rules


def _rules_above(root: str) -> tuple[_Rules, ...]:
    """The rules of the repository around *root*; none where they ignore the root itself, as an environment's is."""
    parents = _repository_above(root)
    rules = _excludes(parents[0]) if parents else ()
    for parent, child in pairwise([*parents, root]):
        rules += _read_rules(parent, ".gitignore")
        if _is_ignored(child, rules, is_folder=True):
            return ()
    return rules


def _repository_above(root: str) -> list[str]:
    """The folders from the top of the repository down to the one that holds *root*; none outside a repository."""
    parents: list[str] = []
    folder = root
    while not os.path.lexists(os.path.join(folder, ".git")):
        if folder == os.path.dirname(folder):
            return []
        folder = os.path.dirname(folder)
        parents.insert(0, folder)
    return parents


def _excludes(repository: str) -> tuple[_Rules, ...]:
    return _read_rules(repository, os.path.join(".git", "info", "exclude"))


def _read_rules(folder: str, name: str) -> tuple[_Rules, ...]:
    file = os.path.join(folder, name)
    if os.path.islink(file):  # git does not follow it either
        return ()
    try:
        text = read_bytes(file).decode("utf-8-sig", "surrogateescape")
    except UnreadableError:
        return ()
    patterns = tuple(_patterns(text))[::-1]
    return (_Rules(os.path.join(folder, ""), patterns),) if patterns else ()


def _patterns(text: str) -> Iterator[_Pattern]:
    # 30 ms, and only where there is a .gitignore
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern  # noqa: PLC0415

    for raw in text.split("\n"):  # not splitlines: git ends lines at \n only
        line = raw.removesuffix("\r")
        line = line if line.endswith("\\ ") else line.rstrip(" ")
        glob = line.removesuffix("/")  # pathspec would match what is below the folder, not the folder
        try:
            pattern = GitIgnoreSpecPattern(glob)
        except (ValueError, re.error):  # git passes over what it can't read
            continue
        if pattern.regex is not None and pattern.include is not None:
            yield _Pattern(pattern.regex.search, pattern.include, glob != line, "/" not in glob)

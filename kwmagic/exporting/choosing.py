"""Which notebooks are exported, and what their pages are called."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kwmagic.building.naming import named
from kwmagic.errors import OptionError, TargetError
from kwmagic.projects.roots import root_of
from kwmagic.walking import walk

SUFFIX = ".ipynb"

_SUFFIX_IN_NAME = re.compile(r"\.ipynb(~\d+)?\Z", re.IGNORECASE)
"""The suffix in a name that may have been made unique."""


class Chosen(NamedTuple):
    """The notebooks of one export."""

    folder: str
    """Absolute, links resolved: the deepest folder around all that was given; paths start there."""
    pages: dict[str, str]
    """Path of a notebook -> its page from the top of the output, both `/` separated; in the order given, those of a
    folder by path."""
    problems: tuple[tuple[str, int, str], ...]
    """Of what can't be read: path, 0 and reason."""

    def file(self, path: str) -> str:
        """Where a notebook is on disk."""
        return os.path.join(self.folder, *path.split("/"))


def chosen(given: Sequence[str], out: str, suffix: str) -> Chosen:
    """The notebooks that are *given*, and those in the folders that are; none in the folder *out*, or that a walk
    leaves out.

    Pages lie to each other as their notebooks do; where these are several of no one project, each is by itself, as how
    they lie on this disk says nothing. *suffix*: of the pages, `.md` or `.html`. Raises `TargetError` where something
    given is no notebook and holds none, `OptionError` where no folder is around all of them, or two would have the same
    page.
    """
    folder = _around(given)
    is_mirrored = len(given) == 1 or _is_in_project(folder)
    problems: dict[str, str] = {}
    places: dict[str, str] = {}
    for each in given:
        start = os.path.relpath(_real(each), folder).replace(os.sep, "/")
        place = start if is_mirrored else os.path.basename(_real(each))
        if not os.path.isdir(each):
            places.setdefault(_checked(each, start), place)
            continue
        found = dict(sorted(_in_folder(_real(each), os.path.realpath(out))))
        if not found:
            raise TargetError(f"there is no notebook in {each}")
        for path, problem in found.items():
            whole = _below(start, path)
            if problem:
                problems[whole] = problem
            else:
                places.setdefault(whole, _below(place, path))
    return Chosen(folder, _pages(places, suffix), tuple((path, 0, problems[path]) for path in sorted(problems)))


def _around(given: Sequence[str]) -> str:
    """A folder alone is its own."""
    if not given:
        raise TargetError("no notebook is given")
    if len(given) == 1 and os.path.isdir(given[0]):
        return os.path.realpath(given[0])
    try:
        return os.path.commonpath([os.path.dirname(_real(each)) for each in given])
    except ValueError:  # Windows
        raise OptionError("the notebooks are on several drives; export those of one drive at a time") from None


def _is_in_project(folder: str) -> bool:
    root = root_of(os.path.join(folder, "file"))
    return root is not None and not root.shallow


def _below(folder: str, path: str) -> str:
    return path if folder == "." else f"{folder}/{path}"


def _real(given: str) -> str:
    """Absolute, the links above it resolved: relative links start from where it really is, under its own name."""
    if os.path.isdir(given):
        return os.path.realpath(given)
    folder, name = os.path.split(os.path.abspath(given))
    return os.path.join(os.path.realpath(folder), name)


def _checked(given: str, path: str) -> str:
    if not os.path.lexists(given):
        raise TargetError(f"there is no {given}; give notebooks, or folders with notebooks")
    if not given.lower().endswith(SUFFIX):
        raise TargetError(f"{given} is no notebook ({SUFFIX}); `kwmagic doc` documents other files")
    return path


def _in_folder(folder: str, out: str) -> Iterator[tuple[str, str]]:
    """Each notebook of a folder with "", or with the reason why it can't be read; of folders only these."""
    listing = walk(folder, enter=lambda path: os.path.join(folder, *path.rstrip("/").split("/")) != out)
    for ref in listing.files:
        problem = ref.problem.message if ref.problem is not None else ""
        if ref.path.lower().endswith(SUFFIX) or (problem and os.path.isdir(ref.file or "")):
            yield ref.path, problem


def _pages(places: Mapping[str, str], suffix: str) -> dict[str, str]:
    """A place `a/x.ipynb` has the page `a/x.md`; where not every system takes the name, it is changed as in a build."""
    unique = _unique(places)
    changed = named(unique.values()).irregular
    pages = {path: _SUFFIX_IN_NAME.sub(r"\1", changed.get(place, place)) + suffix for path, place in unique.items()}
    owners: dict[str, str] = {}
    for path, page in pages.items():
        other = owners.setdefault(page.casefold(), path)
        if other != path:
            raise OptionError(f"{other} and {path} would have the same page; rename one of them")
    return pages


def _unique(places: Mapping[str, str]) -> dict[str, str]:
    """Path -> place; of several with one place, others than the first get `~2`, `~3` …"""
    numbers: Counter[str] = Counter()
    found: dict[str, str] = {}
    for path, place in places.items():
        numbers[place] += 1
        found[path] = f"{place}~{numbers[place]}" if numbers[place] > 1 else place
    return found

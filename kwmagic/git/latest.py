"""The last commit of every file of a folder, found in one pass over the history instead of one question for each.

It is the commit `git log -1 -- FILE` tells of: from HEAD down, a file goes on to the first parent that has it with the
same content, and where there is none, this commit is its last. What each commit changed, against each of its parents,
is asked of git for thousands of commits at once.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple

from kwmagic.git.asking import ask
from kwmagic.git.history import LOG, WHAT
from kwmagic.pages.subject import Commit

LastCommits = Callable[[str], Commit | None]
"""Path from the root, `/` separated -> the last commit that touched it; None where none is known."""

_MOST = 200_000
"""Commits of a history; a longer one is not read at all, rather than to a point that differs from day to day."""
_PORTION = 4_000
"""Comparisons of a commit with a parent that are asked for at once."""
_SECONDS = 60.0
_BYTES = 512 * 2**20
_LINK = b"160000 "
"""The mode of a submodule, in a listing of a tree."""


class _Place(NamedTuple):
    head: str
    prefix: str
    """The folder's path in its repository, with a final slash; empty for the top."""
    shallow: bool


class _Kept(NamedTuple):
    """What is known at a HEAD."""

    head: str
    commits: Sequence[Sequence[str]]
    """Digest, date and subject."""
    files: Mapping[str, int]
    """Path -> index of its last commit."""
    links: Sequence[str]
    """Paths of submodules."""


def last_commits(
    root: str, recall: Callable[[str], bytes | None], remember: Callable[[str, bytes], None]
) -> LastCommits:
    """What is asked for the last commit of a file below *root*.

    Found once for each HEAD, from what was known at the one before where that is an ancestor, and kept under a key that
    *recall* finds again. None for a file that HEAD does not hold; and, in a shallow clone, for one that was there
    before the oldest commit it has. Where git knows no history of *root*, no file has one.
    """
    place = _place(root)
    if place is None:
        return lambda _path: None
    key = f"last commits {place.prefix}"
    kept = None if place.shallow else _loaded(recall(key))
    if kept is None or kept.head != place.head:
        kept = _found(root, place, kept)
        if kept is None:
            return lambda _path: None
        if not place.shallow:  # may be deepened at the same HEAD
            remember(key, zlib.compress(json.dumps(kept).encode("ascii"), 1))

    @cache
    def inside(link: str) -> LastCommits:
        folder = os.path.join(root, *link.split("/"))
        if not os.path.lexists(os.path.join(folder, ".git")):  # not checked out: git would take ours for its own
            return lambda _path: None
        return last_commits(
            folder, lambda key: recall(f"{link}: {key}"), lambda key, value: remember(f"{link}: {key}", value)
        )

    return lambda path: _answer(path, kept, inside)


def _answer(path: str, kept: _Kept, inside: Callable[[str], LastCommits]) -> Commit | None:
    if path in kept.files:
        return Commit(*kept.commits[kept.files[path]])
    link = next((link for link in kept.links if path.startswith(f"{link}/")), None)
    return inside(link)(path[len(link) + 1 :]) if link is not None else None


def _place(root: str) -> _Place | None:
    words = ("--is-shallow-repository", "--show-prefix", "--verify", "HEAD^{commit}")
    answer = ask(root, "rev-parse", *words, seconds=2.0)
    if answer is None or not answer.succeeded:
        return None
    shallow, _, rest = _text(answer.out).removesuffix("\n").partition("\n")
    prefix, _, head = rest.rpartition("\n")
    return _Place(head, prefix, shallow == "true")


def _loaded(value: bytes | None) -> _Kept | None:
    try:
        return _Kept(*json.loads(zlib.decompress(value))) if value else None
    except (ValueError, TypeError, zlib.error):
        return None


# --- finding them -------------------------------------------------------------------------------------------------


def _found(root: str, place: _Place, before: _Kept | None) -> _Kept | None:
    """The last commit of each file that HEAD holds; None where git does not answer."""
    listed = _listed(root)
    if listed is None:
        return None
    files, links = listed
    traced = before and _traced(root, place, files, before.head)
    if before is None or traced is None or not traced.left <= {before.head}:  # HEAD is no heir of the one before
        before, traced = None, _traced(root, place, files)
    if traced is None:
        return None
    about = _described(root, {*traced.last.values()})
    if about is None:
        return None
    known = {_text(path): about[commit] for path, commit in traced.last.items() if commit in about}
    if before is not None:
        names = {_text(path) for path in files} - {*known}
        known |= {path: tuple(before.commits[before.files[path]]) for path in names if path in before.files}
    commits = sorted({*known.values()})
    numbers = {commit: number for number, commit in enumerate(commits)}
    return _Kept(place.head, commits, {path: numbers[known[path]] for path in sorted(known)}, sorted(map(_text, links)))


def _listed(root: str) -> tuple[set[bytes], set[bytes]] | None:
    """The files below *root* at HEAD, and the submodules."""
    answer = ask(root, "ls-tree", "-r", "-z", "HEAD", seconds=_SECONDS, most=_BYTES)
    if answer is None or not answer.succeeded:
        return None
    files: set[bytes] = set()
    links: set[bytes] = set()
    for row in answer.out.split(b"\0")[:-1]:
        about, _, path = row.partition(b"\t")
        (links if about.startswith(_LINK) else files).add(path)
    return files, links


class _Traced(NamedTuple):
    last: dict[bytes, str]
    """Path -> digest of its last commit."""
    left: set[str]
    """Commits not looked at that have files whose last commit is further down."""


def _traced(root: str, place: _Place, files: set[bytes], since: str | None = None) -> _Traced | None:
    """Follow the files from HEAD down to their last commits, or to *since*; None where git does not answer."""
    parents = _parents(root, since)
    if parents is None:
        return None
    waiting = {place.head: set(files)} if files else {}
    last: dict[bytes, str] = {}
    order = iter(parents)
    while waiting.keys() & parents.keys():
        portion = [*islice(order, _PORTION)]
        changes = _changes(root, [(commit, parent) for commit in portion for parent in parents[commit]])
        if changes is None:
            return None
        for commit in portion:
            rest = waiting.pop(commit, set())
            for parent, changed in zip(parents[commit], changes, strict=False):  # those of the next commits follow
                rest = _passed_on(rest, changed, waiting, parent)
            if parents[commit] or not place.shallow:
                last.update(dict.fromkeys(rest, commit))
    return _Traced(last, {*waiting})


def _passed_on(rest: set[bytes], changed: set[bytes], waiting: dict[str, set[bytes]], parent: str) -> set[bytes]:
    """Have the files that a parent has with the same content wait there; those that it has not."""
    differing = rest & changed
    rest -= differing  # in place, and most go on: thousands of files for thousands of commits
    there = waiting.get(parent)
    if there is None or len(there) < len(rest):
        there, rest = rest, there or set()
    there |= rest
    if there:
        waiting[parent] = there
    return differing


def _parents(root: str, since: str | None) -> dict[str, list[str]] | None:
    """Commit -> its parents, every commit before its parents; without those of *since* and older ones."""
    words = ("--topo-order", "--parents", f"--max-count={_MOST + 1}", "HEAD", *([f"^{since}"] if since else []), "--")
    answer = ask(root, "rev-list", *words, seconds=_SECONDS, most=_BYTES)
    if answer is None or not answer.succeeded:
        return None
    rows = [line.split(" ") for line in answer.out.decode("ascii", "replace").splitlines()]
    return {commit: parents for commit, *parents in rows} if len(rows) <= _MOST else None


def _changes(root: str, pairs: Sequence[tuple[str, str]]) -> Iterator[set[bytes]] | None:
    """The paths below *root* that a commit has otherwise than its parent, or only one of the two has, of each pair."""
    words = ("--stdin", "-r", "-z", "--raw", "--always", "--no-renames", "--no-ext-diff", "--no-textconv", "--relative")
    given = "".join(f"{commit} {parent}\n" for commit, parent in pairs).encode("ascii")
    answer = ask(root, "diff-tree", *words, "--", ".", given=given, seconds=_SECONDS, most=_BYTES)
    if answer is None or not answer.succeeded:
        return None
    return _sets(answer.out.split(b"\0")[:-1])


def _sets(records: Iterable[bytes]) -> Iterator[set[bytes]]:
    """A commit's digest, then for each path a record that starts with a colon, and the path; and again."""
    paths: set[bytes] | None = None
    following = iter(records)
    for record in following:
        if record.startswith(b":"):
            assert paths is not None
            paths.add(next(following))
        else:
            if paths is not None:
                yield paths
            paths = set()
    if paths is not None:
        yield paths


def _described(root: str, commits: set[str]) -> dict[str, tuple[str, ...]] | None:
    """Commit -> what is shown of it."""
    given = "".join(f"{commit}\n" for commit in sorted(commits)).encode("ascii")
    words = ("--no-walk=unsorted", "--stdin", "-z", f"--format=%H%x00{WHAT}")
    answer = ask(root, "log", *LOG, *words, given=given, seconds=_SECONDS, most=_BYTES) if commits else None
    if answer is None:
        return None if commits else {}
    parts = answer.out.decode("utf-8", "replace").split("\0")
    rows = zip(*([iter(parts)] * 4), strict=False)
    return {commit: tuple(about) for commit, *about in rows} if answer.succeeded else None


def _text(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")

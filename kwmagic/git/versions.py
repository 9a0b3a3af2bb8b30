"""What git holds of a folder as it was at a commit: its files, and what was in them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from hashlib import sha1, sha256
from typing import NamedTuple

from kwmagic.errors import OptionError
from kwmagic.git.asking import Answer, ask
from kwmagic.mdtext import one_line

LARGEST = 64 * 2**20
"""Bytes of one old file; larger ones are not read."""
_PORTION = 128 * 2**20
"""Bytes of old files that are asked for at once."""
_SECONDS = 30.0
"""For one question that reads many objects."""
_LFS = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\n")
_UNFINISHED = {
    "MERGE_HEAD": "A merge",
    "rebase-merge": "A rebase",
    "rebase-apply": "A rebase",
    "CHERRY_PICK_HEAD": "A cherry-pick",
    "REVERT_HEAD": "A revert",
}
"""What stands in git's folder meanwhile."""


class Commit(NamedTuple):
    """A commit that something is compared with."""

    ref: str
    """As the user wrote it."""
    digest: str
    short: str
    date: str
    """Of the committer, `2026-01-31`."""
    subject: str
    notes: tuple[str, ...] = ()
    """One sentence each on the state the repository is in."""


class Tree(NamedTuple):
    """The files below a folder at a commit."""

    files: Mapping[str, str]
    """Path from the folder, `/` separated -> digest of its content; links and submodules are no files."""
    whole: bool
    """False where there were too many to list."""


def commit(folder: str, ref: str) -> Commit:
    """The commit that *ref* names in the repository around *folder*; `OptionError` says why there is none."""
    state = _state(folder)
    answer = None if ref.startswith("-") else ask(folder, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
    if answer is None or not answer.succeeded:
        raise OptionError(_unknown(folder, ref, state))
    digest = answer.out.decode("ascii", "replace").strip()
    about = ask(folder, "log", "-1", "--no-ext-diff", "--no-textconv", "--encoding=UTF-8", _FORMAT, digest, "--")
    parts = about.out.decode("utf-8", "replace").strip("\n").split("\0") if about and about.succeeded else []
    short, date, subject = parts if len(parts) == 3 else (digest[:10], "", "")
    return Commit(ref, digest, short, date, subject, tuple(_notes(state)))


_FORMAT = "--format=%h%x00%cs%x00%s"


class _State(NamedTuple):
    shallow: bool
    folder: str
    """git's own."""


def _state(folder: str) -> _State:
    answer = ask(folder, "rev-parse", "--is-inside-work-tree", "--is-shallow-repository", "--absolute-git-dir")
    if answer is None:
        raise OptionError("--since needs git, which is not on PATH")
    inside, _, rest = answer.out.decode("utf-8", "surrogateescape").partition("\n")
    shallow, _, git_folder = rest.partition("\n")
    if not answer.succeeded:
        raise OptionError(f"--since: {_refusal(answer, folder)}")
    if inside != "true":
        raise OptionError("--since needs a working tree to compare, and this is git's own folder or a bare repository")
    return _State(shallow == "true", git_folder.removesuffix("\n"))


def _refusal(answer: Answer, folder: str) -> str:
    if "not a git repository" in answer.error:
        return f"{one_line(folder)} is in no git repository"
    if "dubious ownership" in answer.error:
        where = re.search(r"repository at '(.*?)'", answer.error)
        place = where[1] if where else folder
        return (
            f"git trusts no repository of another user; to allow it: git config --global --add safe.directory {place}"
        )
    lines = answer.error.splitlines()
    return f"git says: {lines[0].removeprefix('fatal: ')}" if lines else "git gave no answer"


def _notes(state: _State) -> Iterator[str]:
    found = {what for name, what in _UNFINISHED.items() if os.path.lexists(os.path.join(state.folder, name))}
    for what in sorted(found):
        yield f"{what} is in progress in this repository."


def _unknown(folder: str, ref: str, state: _State) -> str:
    head = ask(folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if head is not None and not head.succeeded:
        return "--since: this repository has no commit yet"
    known = names(folder)
    close = get_close_matches(ref[:200], known if ref.startswith("HEAD") else [*known, "HEAD"], 3)
    hint = f" The newest names are: {', '.join(known[:3])}." if known else ""
    hint = f" Did you mean: {', '.join(close)}?" if close else hint
    cut = " (a shallow clone, which lacks older commits)" if state.shallow else ""
    return f"--since: '{one_line(ref)}' names no commit of this repository{cut}.{hint}"


def names(folder: str) -> list[str]:
    """The branches and tags of the repository around a folder, newest first; none where git tells none."""
    words = ("--count=10000", "--sort=-creatordate", "--format=%(refname:short)")
    answer = ask(folder, "for-each-ref", *words, "refs/heads", "refs/tags", "refs/remotes")
    return answer.out.decode("utf-8", "replace").splitlines() if answer and answer.succeeded else []


def tree(folder: str, digest: str, name: str | None = None) -> Tree:
    """The files below *folder* at a commit, or of these only the one of that *name*."""
    only = ("--", name) if name is not None else ()
    answer = ask(folder, "ls-tree", "-r", "-z", digest, *only, seconds=_SECONDS, most=256 * 2**20)
    if answer is None:
        return Tree({}, whole=False)
    rows = answer.out.split(b"\0")[:-1]
    return Tree(dict(_files(rows)), answer.succeeded)


def _files(rows: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    for row in rows:
        about, _, path = row.partition(b"\t")
        mode, kind, digest = about.decode("ascii", "replace").split(" ")
        if kind == "blob" and mode.startswith("100"):
            yield path.decode("utf-8", "surrogateescape"), digest


def contents(folder: str, digests: Sequence[str]) -> dict[str, bytes]:
    """Digest -> content, as it is stored; without those that are missing, or larger than `LARGEST`."""
    found: dict[str, bytes] = {}
    for portion in _portions(_sizes(folder, digests)):
        most = 2 * _PORTION
        answer = ask(folder, "cat-file", "--batch", given=_lines(portion), seconds=_SECONDS, most=most)
        if answer is not None:
            found.update(_objects(answer.out))
    return found


def _sizes(folder: str, digests: Sequence[str]) -> dict[str, int]:
    """Of what there is; a partial clone lacks contents, and stops git at the first it lacks."""
    answer = ask(folder, "cat-file", "--batch-check", given=_lines(dict.fromkeys(digests)), seconds=_SECONDS)
    lines = answer.out.decode("ascii", "replace").splitlines() if answer else []
    rows = (line.split(" ") for line in lines)
    return {row[0]: int(row[2]) for row in rows if len(row) == 3 and row[1] == "blob" and int(row[2]) <= LARGEST}


def _portions(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    portion: list[str] = []
    total = 0
    for digest, size in sizes.items():
        if portion and total + size > _PORTION:
            yield portion
            portion, total = [], 0
        portion.append(digest)
        total += size
    if portion:
        yield portion


def _lines(digests: Iterable[str]) -> bytes:
    return "".join(f"{digest}\n" for digest in digests).encode("ascii")


def _objects(answer: bytes) -> Iterator[tuple[str, bytes]]:
    """`<digest> blob <size>`, a line end, the content, a line end; and again."""
    start = 0
    while (end := answer.find(b"\n", start)) >= 0:
        words = answer[start:end].decode("ascii", "replace").split(" ")
        start = end + 1
        if len(words) == 3 and words[1] == "blob":
            size = int(words[2])
            content = answer[start : start + size]
            if len(content) == size:
                yield words[0], content
            start += size + 1


def is_unchanged(data: bytes, digest: str) -> bool:
    """Whether a file of the working tree has the stored content of that digest, or would have with git's line ends."""
    if _digest(data, digest) == digest:
        return True
    return b"\r\n" in data and _digest(data.replace(b"\r\n", b"\n"), digest) == digest


def digest_like(data: bytes, other: str) -> str:
    """The digest git would give a content, of the same kind as another."""
    return _digest(data, other)


def _digest(data: bytes, like: str) -> str:
    head = b"blob %d\0" % len(data)
    if len(like) == 64:
        return sha256(head + data).hexdigest()
    return sha1(head + data, usedforsecurity=False).hexdigest()


def kept_elsewhere(stored: bytes) -> str | None:
    """The SHA-256 of the real content where git only holds a pointer to it (Git LFS)."""
    match = _LFS.match(stored[:1000])
    return match[1].decode("ascii") if match else None


def is_ignored(folder: str, name: str) -> bool:
    """Whether `.gitignore` and the like tell git to ignore a file or folder."""
    answer = ask(folder, "check-ignore", "--quiet", "--", f"./{name}", literal=False)
    return answer is not None and answer.code == 0

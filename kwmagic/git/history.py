"""What git's history tells of a file: its last commit, and the files that changed together with it."""

from __future__ import annotations

import json
import os
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

from kwmagic.git.asking import Answer, ask
from kwmagic.pages.subject import Commit

CoChanged = Callable[[str], list[tuple[str, int, int]]]
"""Path from the root, `/` separated -> (other path, commits that changed both, commits that changed the first)."""

_COMMITS = 5_000
"""As far back as co-change looks."""
_LARGEST = 25
"""Files of a commit above which it says nothing of any two of them."""
_LEAST = 3
"""Commits that two files must have in common."""
_SECONDS = 10.0
_BYTES = 256 * 2**20
LOG = ("--no-ext-diff", "--no-textconv", "--encoding=UTF-8", "--abbrev=10")
WHAT = "%h%x00%cs%x00%s"
"""Of a commit. Ten digits, as git's own number of them grows with the repository and differs between clones."""
_LOCKS = (".lock", ".lockb", "-lock.json", "-lock.yaml", "npm-shrinkwrap.json", "go.sum", "packages.lock.json")
_CHANGELOGS = ("change", "changelog", "changes", "history", "news", "releases", "whatsnew")
_COMMIT = re.compile(rb"\x01(?:[0-9a-f]{40}|[0-9a-f]{64})")
"""What stands in front of the paths of each commit."""


def last_commit(file: str) -> Commit | None:
    """The last commit that touched a file.

    None where there is no git, no repository, no commit, or no answer; or only the oldest commit of a shallow clone,
    which has every file and touched few.
    """
    folder, name = os.path.split(file)
    answer = ask(folder, "log", "-1", *LOG, f"--format=%P%x00{WHAT}", "--", name, seconds=2.0)
    if answer is None or not answer.succeeded:
        return None
    parents, *about = answer.out.decode("utf-8", "replace").strip("\n").split("\0")
    return Commit(*about) if len(about) == 3 and (parents or not _is_shallow(folder)) else None


def _is_shallow(folder: str) -> bool:
    answer = ask(folder, "rev-parse", "--is-shallow-repository", seconds=2.0)
    return answer is None or answer.out.strip() != b"false"


def co_changed(root: str, recall: Callable[[str], bytes | None], remember: Callable[[str, bytes], None]) -> CoChanged:
    """What is asked for the files that changed together with one, the most closely tied first.

    Counted once for each HEAD, and kept under a key that *recall* finds again. Where git knows no history of *root*, or
    only the end of one (a shallow clone), nothing changed together with anything.
    """
    head = _head(root)
    if head is None:
        return lambda _path: []
    key = f"co-change {_COMMITS} {head}"
    counts = _loaded(recall(key))
    if counts is None:
        counts = _counted(root)
        remember(key, zlib.compress(json.dumps(counts).encode("ascii"), 1))
    commits, pairs = counts
    return lambda path: _ranked(path, commits, pairs.get(path, {}))


_Counts = tuple[dict[str, int], dict[str, dict[str, int]]]
"""Path -> commits; path -> other path -> commits that changed both, both ways round."""


def _ranked(path: str, commits: Mapping[str, int], together: Mapping[str, int]) -> list[tuple[str, int, int]]:
    """By the cosine of both files' commits: n / √(a·b)."""
    own = commits.get(path, 0)

    def strength(other: str) -> tuple[float, str]:
        return -together[other] / (own * commits[other]) ** 0.5, other

    return [(other, together[other], own) for other in sorted(together, key=strength)]


def _head(root: str) -> str | None:
    """The commit and the folder that counts hold for; None where there is no whole history."""
    answer = ask(
        root, "rev-parse", "--is-shallow-repository", "--verify", "HEAD^{commit}", "--show-prefix", seconds=2.0
    )
    if answer is None or not answer.succeeded:
        return None
    shallow, _, rest = answer.out.decode("utf-8", "surrogateescape").partition("\n")
    return rest.strip("\n").replace("\n", " ") if shallow == "false" else None


def _loaded(kept: bytes | None) -> _Counts | None:
    try:
        commits, pairs = json.loads(zlib.decompress(kept)) if kept else (None, None)
    except (ValueError, TypeError, zlib.error):
        return None
    return (commits, pairs) if isinstance(commits, dict) and isinstance(pairs, dict) else None


def _counted(root: str) -> _Counts:
    """One pass over the history below *root*."""
    listed = ask(root, "ls-tree", "-r", "-z", "--name-only", "HEAD", seconds=_SECONDS, most=_BYTES)
    words = ("--no-merges", "--no-renames", "--name-only", "--relative", "-z", f"-n{_COMMITS}", "--format=%x01%H")
    log = ask(root, "log", *LOG, *words, "--", ".", seconds=_SECONDS, most=_BYTES)
    if listed is None or not listed.succeeded or log is None or (log.whole and log.code):
        return {}, {}
    known = {path for path in map(_text, listed.out.split(b"\0")) if path and not _is_kept_in_step(path)}
    commits: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    for paths in _commits(log):
        if len(paths) <= _LARGEST:
            chosen = sorted(known.intersection(paths))
            commits.update(chosen)
            together.update(combinations(chosen, 2))
    return dict(commits), _both_ways(together)


def _commits(log: Answer) -> Iterator[list[str]]:
    """The paths of each commit, newest first; where time ran out, without the one that may be cut short."""
    paths: list[str] = []
    for record in log.out.split(b"\0"):
        if _COMMIT.fullmatch(record):
            yield paths
            paths = []
        elif record:
            paths.append(_text(record if paths else record.removeprefix(b"\n")))
    if log.whole:
        yield paths


def _both_ways(together: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    pairs: dict[str, dict[str, int]] = defaultdict(dict)
    for (one, other), number in together.items():
        if number >= _LEAST:
            pairs[one][other] = pairs[other][one] = number
    return dict(pairs)


def _is_kept_in_step(path: str) -> bool:
    """Lock files and changelogs change with everything, and so say nothing."""
    name = path.rpartition("/")[2].lower()
    return name.endswith(_LOCKS) or name.partition(".")[0] in _CHANGELOGS


def _text(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")

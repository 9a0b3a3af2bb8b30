"""Which files of the project a C include or a Markdown link leads to, and where these come from."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from kwmagic.evidence.importing import ImportRow
from kwmagic.evidence.modules import Index

_UP = 4
"""How many `../` an include that is looked for may begin with."""


class Includes:
    """Answers from one state of the index."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def target(self, path: str, row: ImportRow) -> str | None:
        """The file that an include or link in the file at *path* leads to, where the project has it.

        A quoted include leads to the file beside first; else, and for angle brackets, the written path must be the end
        of exactly one file's path.
        """
        flags = row.flags.split()
        if "link" in flags:
            return row.module if row.module in self.index.paths else None
        if "own" not in flags and "system" not in flags:
            return None
        written = posixpath.normpath(row.module)
        if "own" in flags:
            beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), row.module))
            if beside in self.index.paths:
                return beside
        called = _by_name(self.index.paths).get(posixpath.basename(written), ())
        found = [each for each in called if f"/{each}".endswith(f"/{written}")]
        return found[0] if len(found) == 1 else None

    def importers(self, path: str) -> Iterator[tuple[str, ImportRow]]:
        """The includes and links in all files that lead to the one at *path*, by path and line."""
        for other, row in self.index.imports_of(_spellings(path)):
            if other != path and self.target(other, row) == path:
                yield other, row


@lru_cache(maxsize=1)  # one project is asked about all its files, each with an `Includes` of its own
def _by_name(paths: frozenset[str]) -> Mapping[str, Sequence[str]]:
    """Name of a file -> the paths that end in it."""
    found = defaultdict(list)
    for path in paths:
        found[path.rpartition("/")[2]].append(path)
    return found


def _spellings(path: str) -> list[str]:
    """The ways in which an include may write the path of a file: its ends, as they are and from folders beside."""
    parts = path.split("/")
    ends = ["/".join(parts[start:]) for start in range(len(parts))]
    return [f"{'../' * up}{end}" for end in ends for up in range(_UP + 1)] + [f"./{end}" for end in ends]

"""Which definitions match some words, and in which order: by how they match, then by how much they are used."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from kwmagic.pages.select import is_private
from kwmagic.store.fulltext import SHIFT, cut, squashed

if TYPE_CHECKING:
    import sqlite3

REASONS = (
    "name",
    "qualified name",
    "beginning of the name",
    "words of the name",
    "beginnings of words of the name",
    "qualified name",
    "signature",
    "docstring or value",
)
"""How something matches, best first."""
_NAME, _QUALIFIED, _BEGINNING, _WORDS, _BEGINNINGS, _AROUND, _SIGNATURE, _DOC = range(len(REASONS))
_COLUMNS = {_AROUND: "parts owner", _SIGNATURE: "parts owner signature", _DOC: "parts owner signature doc"}
_MATCHING = "SELECT rowid FROM words WHERE words MATCH ?"
_WEIGHED = 2_000
"""Matches of one kind that are compared by their uses, those outside of tests first; rarely are there more."""
_NAMES = re.compile(r"\w+")
_TEST_PATH = re.compile(r"(?:^|/)(?:tests?|testing)/|(?:^|/)(?:test_[^/]*|[^/]*_test|tests)\.\w+$")

Key = tuple[str, str]
"""Path and qualname of a definition."""


class Hit(NamedTuple):
    """A definition that matches."""

    path: str
    qualname: str
    number: int
    """Index of the symbol in its file's `FileFacts.symbols`."""
    rank: int
    """Index in `REASONS`."""
    files: int = 0
    """How many files use it."""
    uses: int = 0


class Hits(NamedTuple):
    """What matches."""

    candidates: list[Hit]
    """In no order; among them, whatever their uses are, those that come first."""
    total: int
    """How many match, with those that are no candidates."""


def tokens(words: Iterable[str]) -> list[str]:
    """The words to look for, each once; `Decoder.read_json` is `decoder` and `readjson`."""
    found = (squashed(name) for word in words for name in _NAMES.findall(word))
    return [*dict.fromkeys(filter(None, found))]


def find(connection: sqlite3.Connection, words: Sequence[str], files: Mapping[int, str], most: int) -> Hits:
    """The definitions in *files* (path by id in the store) that match every one of *words* somewhere: in the name or
    what it is defined in, the signature, the first lines of the docstring, or the path beside one of these; enough of
    them to tell the first *most*.

    A word matches where a word, or a part of a name, begins with it; all together also where a name begins with them
    joined. Syntax of full-text queries has no meaning.
    """
    sought = tokens(words)
    ranks = _ranks(connection, sought, files, most) if sought else {}
    return Hits(_weighed(connection, ranks, files, most), len(ranks))


def ordered(hits: Iterable[Hit], words: Iterable[str], counts: Mapping[Key, tuple[int, int]]) -> list[Hit]:
    """Best first: by rank, by *counts* of (files that use it, uses), tests and private ones last, by path and line."""
    counted = (hit._replace(files=of[0], uses=of[1]) for hit in hits if (of := counts.get(hit[:2], (0, 0))))
    written = {name for word in words for name in _NAMES.findall(word) if not name.islower()}
    return sorted(counted, key=lambda hit: _order(hit, written))


def _order(hit: Hit, written: set[str]) -> tuple[object, ...]:
    """Who writes capitals means them; lower case says nothing."""
    parts = _NAMES.findall(hit.qualname)
    differs = bool(written) and hit.rank <= _QUALIFIED and parts[-1:] != [] and parts[-1] not in written
    hidden = any(map(is_private, parts))
    return hit.rank, differs, -hit.files, -hit.uses, hidden, is_test(hit.path), hit.path, hit.number


def is_test(path: str) -> bool:
    """Whether a path looks like that of a test."""
    return _TEST_PATH.search(path) is not None


# --- matching -------------------------------------------------------------------------------------------------------


def _ranks(
    connection: sqlite3.Connection, sought: Sequence[str], files: Mapping[int, str], most: int
) -> dict[int, int]:
    """Row id -> rank, for all rows that match; where *most* match better, all others have the last rank."""
    ranks: dict[int, int] = {}
    for rank, expression, within in _questions(sought, files):
        if len(ranks) >= most and _BEGINNINGS < rank < _DOC:
            continue
        for (row,) in connection.execute(_MATCHING, (expression,)):
            if row not in ranks and row >> SHIFT in within:
                ranks[row] = rank
    return ranks


def _questions(
    sought: Sequence[str], files: Mapping[int, str]
) -> Iterator[tuple[int, str, Mapping[int, str] | set[int]]]:
    """(rank, FTS5 expression, the files that it is asked of), best rank first.

    A word that the path of a file matches need not be found again in the row.
    """
    whole = "".join(sought)
    yield _NAME, f'name : "{whole}"', files
    if len(sought) > 1:
        for missing, within in _groups(sought[:-1], files, " ").items():
            yield (
                _QUALIFIED,
                " AND ".join([f'name : "{sought[-1]}"', *(f'owner : "{word}"' for word in missing)]),
                within,
            )
    yield _BEGINNING, f"name : {_beginning(whole)}", files
    yield _WORDS, " AND ".join(f'parts : "{word}"' for word in sought), files
    yield _BEGINNINGS, f"parts : ({' AND '.join(map(_beginning, sought))})", files
    groups = _groups(sought, files, "")
    some = " OR ".join(map(_beginning, sought))
    for rank, columns in _COLUMNS.items():
        for missing, within in groups.items():
            wanted = " AND ".join(map(_beginning, missing)) or some
            yield rank, f"{{{columns}}} : ({wanted})" + (f" AND parts : ({some})" if rank == _AROUND else ""), within


def _beginning(word: str) -> str:
    """What a word of a row may go on behind; nothing does behind a single letter."""
    return f'"{word}"' if len(word) == 1 and word.isascii() else f'"{word}" *'


def _groups(sought: Sequence[str], files: Mapping[int, str], end: str) -> dict[tuple[str, ...], set[int]]:
    """The words that the path does not have, with *end* behind -> the files of which that is so."""
    groups: dict[tuple[str, ...], set[int]] = defaultdict(set)
    ended = [(word, f" {word}{end or ' ' * (len(word) == 1)}") for word in sought]
    for number, path in files.items():
        text = _path_words(path)
        groups[tuple(word for word, written in ended if written not in text)].add(number)
    return groups


@lru_cache(65_536)
def _path_words(path: str) -> str:
    """Of the folders and the stem, a space before and behind each."""
    head, dot, _ = path.rpartition(".")
    return f" {' '.join(word for part in (head if dot else path).split('/') for word in cut(part))} "


def _weighed(
    connection: sqlite3.Connection, ranks: Mapping[int, int], files: Mapping[int, str], most: int
) -> list[Hit]:
    """Whole ranks, best first, until there are *most*; of what is too much to compare those outside of tests."""
    by_rank: dict[int, list[int]] = defaultdict(list)
    for row, rank in ranks.items():
        by_rank[rank].append(row)
    hits: list[Hit] = []
    for rank in sorted(by_rank):
        if len(hits) >= most:
            break
        rows = by_rank[rank]
        if len(rows) > _WEIGHED:
            rows = sorted(rows, key=lambda row: (is_test(files[row >> SHIFT]), row))[:_WEIGHED]
        for row in rows:
            ((qualname,),) = connection.execute("SELECT qualname FROM words WHERE rowid = ?", (row,))
            hits.append(Hit(files[row >> SHIFT], qualname, row & (1 << SHIFT) - 1, rank))
    return hits


# --- what else may be meant -----------------------------------------------------------------------------------------


def unknown(connection: sqlite3.Connection, words: Sequence[str], files: Mapping[int, str]) -> dict[str, list[str]]:
    """The words that nothing in *files* matches, each with names that are like it, the closest first."""
    return {word: _close(connection, word, files) for word in tokens(words) if not _is_known(connection, word, files)}


def _is_known(connection: sqlite3.Connection, word: str, files: Mapping[int, str]) -> bool:
    return any(row >> SHIFT in files for (row,) in connection.execute(_MATCHING, (_beginning(word),)))


def _close(connection: sqlite3.Connection, word: str, files: Mapping[int, str]) -> list[str]:
    """Names like a word; such as begin with its first letter, or, of two letters swapped, with its second."""
    known: set[str] = set()
    for first in dict.fromkeys(word[:2]):
        found = connection.execute(
            "SELECT term FROM vocabulary WHERE term >= ? AND term < ? AND col = 'parts'", (first, chr(ord(first) + 1))
        )
        known.update(term for (term,) in found if abs(len(term) - len(word)) <= 1 + len(word) // 4)
    close = get_close_matches(word, sorted(known), 9, 0.7)
    return [*dict.fromkeys(name for term in close if (name := _as_written(connection, term, files)))][:3]


def _as_written(connection: sqlite3.Connection, term: str, files: Mapping[int, str]) -> str:
    """The name that is this word, or else the word itself, as a part of names; empty where no file has it any more."""
    for column in ("name", "parts"):
        found = connection.execute("SELECT rowid, qualname FROM words WHERE words MATCH ?", (f'{column} : "{term}"',))
        for row, qualname in found:
            if row >> SHIFT in files:
                return _NAMES.findall(qualname)[-1] if column == "name" else term
    return ""

"""The rows by which definitions are found in SQLite's full-text search (FTS5).

Words are cut here and not by SQLite, so that rows and questions are cut alike: into runs of letters and digits without
case, and identifiers also at their humps. `readJSONFile` is found by every beginning of `readjsonfile`, `jsonfile` and
`file`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import closing
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

from kwmagic.kinds import ASSIGNED
from kwmagic.model import FILE, FileFacts, Kind, Symbol

if TYPE_CHECKING:
    import sqlite3

SCHEMA = """
CREATE VIRTUAL TABLE words USING fts5(
    name, parts, owner, signature, doc, qualname UNINDEXED,
    tokenize = 'ascii', detail = column, columnsize = 0
);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab('words', 'col');
"""
"""`ascii` leaves letters beyond ASCII alone: they are folded already."""
SHIFT = 24
"""A row's id is its file's id and, in these bits, the number of its symbol: a file's rows are a range."""
MOST_DOC = 400
"""Characters of a docstring that are searched: its first lines."""
_MOST_SIGNATURE = 400
_MOST_NAME = 400
_MOST_RUNS = 12
_VALUED = ASSIGNED | {Kind.KEY}
_IDENTIFIER = re.compile(r"\w+")
_WORD = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[0-9])(?=[A-Z][a-z]|[A-Z]{3})|(?<=[A-Z])(?=[A-Z][a-z])")


class SearchRow(NamedTuple):
    """What one definition is found by; each text is of words with spaces between."""

    number: int
    """Index of the symbol in the file's `FileFacts.symbols`."""
    name: str
    """The whole name as one word."""
    parts: str
    """The words that the name is made of, and what begins with each of them: `read json readjson`."""
    owner: str
    """The same of what it is defined in."""
    signature: str
    """Of what is called or has bases."""
    doc: str
    """The first lines of the docstring; before them the value of what has one."""
    qualname: str
    """As it is, for the order of what is found."""


def rows(facts: FileFacts) -> tuple[SearchRow, ...]:
    """One row a definition, the file itself among them where it is one."""
    return tuple(_row(number, symbol) for number, symbol in enumerate(facts.symbols))


def _row(number: int, symbol: Symbol) -> SearchRow:
    name = symbol.name.rpartition(".")[2] if FILE in symbol.flags else symbol.name
    owner = "" if symbol.qualname == symbol.name else symbol.qualname[: -len(symbol.name) or None]
    signature, doc = (symbol.signature or "")[:_MOST_SIGNATURE], (symbol.doc or "")[:MOST_DOC]
    return SearchRow(
        number,
        squashed(name[:_MOST_NAME]),
        _text(name[:_MOST_NAME]),
        _text(owner[:_MOST_NAME].replace("<locals>", " ")),
        "" if symbol.kind in _VALUED else _text(signature),
        _text(f"{signature} {doc}" if symbol.kind in _VALUED else doc),
        symbol.qualname.encode("utf-8", "replace").decode("utf-8"),
    )


def _text(text: str) -> str:
    """The words of a text with spaces between, each once."""
    return " ".join(dict.fromkeys(chain.from_iterable(map(cut, _IDENTIFIER.findall(text)))))


@lru_cache(65_536)
def cut(identifier: str) -> tuple[str, ...]:
    """The words in an identifier, then what begins with each of them: `read`, `json`, `readjson`."""
    humps = [word for piece in _WORD.findall(identifier) for hump in _HUMP.split(piece) for word in folded(hump)]
    return *humps, *("".join(humps[start:]) for start in range(min(len(humps), _MOST_RUNS)))


def folded(text: str) -> list[str]:
    """The runs of letters and digits in a text, without case and compatibility forms."""
    if not text.isascii():
        text = normalize("NFKC", normalize("NFKC", text.casefold()).casefold())
    return _WORD.findall(text.lower())


def squashed(name: str) -> str:
    """`read_json`, `readJson` and `READ_JSON` as `readjson`; empty where there is neither letter nor digit."""
    return "".join(folded(name))


# --- in the store ---------------------------------------------------------------------------------------------------


def insert(connection: sqlite3.Connection, file_id: int, rows: Iterable[SearchRow]) -> None:
    """Add the rows of one file, which has none yet."""
    start = file_id << SHIFT
    connection.executemany(
        "INSERT INTO words (rowid, name, parts, owner, signature, doc, qualname) VALUES (?, ?, ?, ?, ?, ?, ?)",
        ((start + number, *texts) for number, *texts in rows),
    )


def delete(connection: sqlite3.Connection, file_ids: Iterable[int]) -> None:
    """Remove the rows of some files."""
    ranges = ((each << SHIFT, (each + 1 << SHIFT) - 1) for each in file_ids)
    connection.executemany("DELETE FROM words WHERE rowid BETWEEN ? AND ?", ranges)


def in_memory(files: Iterable[FileFacts]) -> closing[sqlite3.Connection]:
    """A database of these files alone, numbered from 1, closed at the end of a `with` statement."""
    import sqlite3  # noqa: PLC0415  # what is kept comes from the store

    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    for number, facts in enumerate(files, 1):
        insert(connection, number, rows(facts))
    return closing(connection)

"""The tables of a store, and how a file's rows come into them and go."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from kwmagic.evidence.importing import ImportRow
from kwmagic.store import fulltext
from kwmagic.store.fulltext import SearchRow

if TYPE_CHECKING:
    import sqlite3

FORMAT = 1
"""To be raised with each change of the tables."""
SCHEMA = f"""
CREATE TABLE kept (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE files (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, module TEXT NOT NULL, language TEXT NOT NULL,
    digest BLOB NOT NULL, state TEXT, traced INTEGER NOT NULL
);
CREATE TABLE retired (number INTEGER PRIMARY KEY, file INTEGER NOT NULL, digest BLOB NOT NULL);
CREATE INDEX retired_digest ON retired (digest);
CREATE TABLE facts (file INTEGER PRIMARY KEY, blob BLOB NOT NULL);
CREATE TABLE evidence (file INTEGER PRIMARY KEY, blob BLOB NOT NULL);
CREATE TABLE imports (
    file INTEGER, number INTEGER, module TEXT NOT NULL, name TEXT, alias TEXT, line INTEGER NOT NULL,
    flags TEXT NOT NULL, PRIMARY KEY (file, number)
) WITHOUT ROWID;
CREATE INDEX imports_module ON imports (module, name);
CREATE TABLE uses (
    file INTEGER, name TEXT, last TEXT NOT NULL, number INTEGER NOT NULL, spots TEXT NOT NULL, PRIMARY KEY (file, name)
) WITHOUT ROWID;
CREATE INDEX uses_name ON uses (name);
CREATE INDEX uses_last ON uses (last);
{fulltext.SCHEMA}
"""
"""`files` has what holds now. An old version of a file is in `retired`; its rows stay everywhere else, by its id."""

State = str
"""Size, mtime_ns, ctime_ns and inode of a file, as a text that is only compared."""
_encoded = json.JSONEncoder(separators=(",", ":")).encode


class UseRow(NamedTuple):
    """The places where one file names one thing."""

    name: str
    """Resolved inside that file: `torch.nn.functional.relu`."""
    spots: list[Any]
    """Each `[line, scope, how, first, last]`, as in `Use`."""


class Entry(NamedTuple):
    """One file to be written."""

    path: str
    """Relative to the project's root, `/` separated."""
    module: str
    """Dotted name; "" where it is no Python module."""
    language: str
    digest: bytes
    """Of all that the facts depend on: content, path, module, language, analysers."""
    state: State | None
    """None where these are not to be trusted."""
    facts: bytes
    imports: Sequence[ImportRow]
    words: Sequence[SearchRow]


class Known(NamedTuple):
    """One file as it was last seen; see `Entry`."""

    path: str
    module: str
    language: str
    digest: bytes
    state: State | None
    traced: bool
    """Whether its evidence is there, too."""


class Version(NamedTuple):
    """What was found in one version of a file."""

    facts: bytes
    """As they were packed."""
    imports: tuple[ImportRow, ...]
    """In the order of the file."""
    uses: frozenset[tuple[str, str]]
    """(name, spots as they are written) of each."""


def retire(connection: sqlite3.Connection, path: str) -> None:
    """What is known of a file no longer holds."""
    where = "FROM files WHERE path = CAST(? AS TEXT)"
    connection.execute(f"INSERT INTO retired (file, digest) SELECT id, digest {where}", (bound(path),))
    connection.execute(f"DELETE {where}", (bound(path),))


def prune(connection: sqlite3.Connection) -> None:
    """Forget the oldest of the retired as soon as they are more than those that hold."""
    sql = """
        SELECT number, file FROM retired ORDER BY number
        LIMIT max(0, (SELECT count(*) FROM retired) - (SELECT count(*) FROM files))
    """
    pruned = connection.execute(sql).fetchall()
    if not pruned:
        return
    connection.execute("DELETE FROM retired WHERE number <= ?", (pruned[-1][0],))
    for table in ("facts", "evidence", "imports", "uses"):
        connection.executemany(f"DELETE FROM {table} WHERE file = ?", ((file,) for _, file in pruned))
    fulltext.delete(connection, [file for _, file in pruned])


def last_id(connection: sqlite3.Connection) -> int:
    """The highest number of a file, of any version of it."""
    sql = "SELECT max((SELECT ifnull(max(id), 0) FROM files), (SELECT ifnull(max(file), 0) FROM retired))"
    return int(connection.execute(sql).fetchone()[0])


def insert(connection: sqlite3.Connection, file: int, entry: Entry) -> None:
    """All that is known of a new version of a file; the one before it is retired already."""
    insert_file(connection, file, entry)
    connection.execute("INSERT INTO facts VALUES (?, ?)", (file, entry.facts))
    connection.executemany(
        "INSERT INTO imports VALUES (?, ?, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), ?, CAST(? AS TEXT))",
        (
            (file, number, bound(module), name and bound(name), alias and bound(alias), line, bound(flags))
            for number, (module, name, alias, line, flags) in enumerate(entry.imports)
        ),
    )
    fulltext.insert(connection, file, entry.words)


def insert_file(connection: sqlite3.Connection, file: int, row: Entry | Known) -> None:
    """The row of what holds now; there may be evidence from before."""
    connection.execute(
        """
        INSERT INTO files VALUES (?, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), ?, ?,
            EXISTS (SELECT 1 FROM evidence WHERE file = ?))
        """,
        (file, bound(row.path), bound(row.module), bound(row.language), row.digest, row.state, file),
    )


def insert_evidence(connection: sqlite3.Connection, file: int, blob: bytes, uses: Iterable[UseRow]) -> None:
    """Evidence in place of what there was of this version of the file."""
    connection.execute("UPDATE files SET traced = 1 WHERE id = ?", (file,))
    connection.execute("INSERT OR REPLACE INTO evidence VALUES (?, ?)", (file, blob))
    connection.execute("DELETE FROM uses WHERE file = ?", (file,))
    connection.executemany(
        "INSERT INTO uses VALUES (?, CAST(? AS TEXT), CAST(? AS TEXT), ?, ?)",
        ((file, bound(name), bound(name.rpartition(".")[2]), len(spots), _encoded(spots)) for name, spots in uses),
    )


def bound(text: str) -> bytes:
    """As a text is bound, with CAST: Python's `sqlite3` refuses lone surrogates in a `str`."""
    return text.encode("utf-8", "surrogatepass")

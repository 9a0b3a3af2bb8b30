"""What the last build into a folder knew and wrote, kept in the cache; without it all pages are made anew, and no more
than that is lost."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from kwmagic.pages.record import Record, to_record
from kwmagic.store.database import Database, Layout, LostError
from kwmagic.store.rows import bound

if TYPE_CHECKING:
    import sqlite3

FORMAT = 1
"""To be raised with each change of the tables."""
SCHEMA = """
CREATE TABLE kept (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
CREATE TABLE sources (
    path TEXT PRIMARY KEY, digest BLOB NOT NULL, inputs BLOB NOT NULL, history BLOB NOT NULL, rings BLOB NOT NULL,
    looks TEXT NOT NULL, asked BLOB NOT NULL, record TEXT NOT NULL, entries BLOB NOT NULL,
    fragment BLOB NOT NULL, inventory BLOB NOT NULL
);
CREATE TABLE chapters (path TEXT PRIMARY KEY, inputs BLOB NOT NULL, text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE pages (page TEXT PRIMARY KEY, hash BLOB NOT NULL, inputs BLOB NOT NULL) WITHOUT ROWID;
"""


class Inputs(NamedTuple):
    """What the pages of one source were made from."""

    digest: bytes
    """Of the source, as the project's index has it."""
    inputs: bytes
    """Digest of everything, the source and what the project tells of it."""
    history: bytes
    """Digest of what git tells of it."""
    rings: bytes
    """Digest of the import cycles it is in."""
    looks: Mapping[str, bool]
    """Path from the source tree -> whether it was there, of what the source links to."""


class Made(NamedTuple):
    """What came out of one source besides its pages."""

    record: str
    """JSON."""
    entries: list[Any]
    fragment: str
    inventory: list[str]


class State:
    """The state of one output folder. Any method may raise `LostError`: the state is then empty."""

    def __init__(self, out: str, folder: str | None, version: str) -> None:
        meta = {"out": bound(out), "version": bound(version)}
        self._database = Database(os.path.join(out, "pages of kwmagic"), folder, Layout(SCHEMA, FORMAT, meta))

    @property
    def notes(self) -> list[str]:
        """What the user should know of the state itself, one line each."""
        return self._database.notes

    def sources(self) -> dict[str, Inputs]:
        """Every source that has pages."""
        sql = "SELECT path, digest, inputs, history, rings, looks FROM sources ORDER BY path"
        return {
            path: Inputs(digest, inputs, history, rings, json.loads(looks))
            for path, digest, inputs, history, rings, looks in self._rows(sql)
        }

    def paths(self) -> set[str]:
        """The sources that have pages."""
        return {path for (path,) in self._rows("SELECT path FROM sources")}

    def asked(self) -> Iterator[tuple[str, bytes]]:
        """Path, and the numbers of the questions that were asked for its pages, 8 bytes each."""
        yield from self._rows("SELECT path, asked FROM sources ORDER BY path")

    def records(self) -> dict[str, Record]:
        """The record of every source, by path."""
        return {
            path: to_record(json.loads(row))
            for path, row in self._rows("SELECT path, record FROM sources ORDER BY path")
        }

    def entries(self, path: str) -> list[Any]:
        """The entries of one source; none where it is not known."""
        sql = "SELECT entries FROM sources WHERE path = CAST(? AS TEXT)"
        rows = self._database.read(lambda connection: connection.execute(sql, (bound(path),)).fetchall())
        return _unpacked(rows[0][0]) if rows else []

    def fragments(self) -> list[bytes]:
        """The JSON fragment of every source, by path: not packed, as all are written where one differs."""
        return [fragment for (fragment,) in self._rows("SELECT fragment FROM sources ORDER BY path")]

    def unpacked(self, column: str) -> Iterator[tuple[str, Any]]:
        """Path and `entries` or `inventory` of every source, by path."""
        for path, blob in self._rows(f"SELECT path, {column} FROM sources ORDER BY path"):
            yield path, _unpacked(blob)

    def digests(self, column: str) -> Iterator[tuple[str, bytes]]:
        """Path and digest, 16 bytes, of what is in a column, of every source by path."""
        for path, blob in self._rows(f"SELECT path, CAST({column} AS BLOB) FROM sources ORDER BY path"):
            yield path, blake2b(blob, digest_size=16).digest()

    def put(self, rows: Iterable[tuple[str, Inputs, bytes, Made]], pages: Mapping[str, bytes]) -> None:
        """Keep sources (path, inputs, what was asked, what came out) and the hashes of pages, all or nothing."""
        values = [_row(*row) for row in rows]

        def work(connection: sqlite3.Connection) -> None:
            marks = ", ".join(["CAST(? AS TEXT)", *["?"] * 10])
            connection.executemany(f"INSERT OR REPLACE INTO sources VALUES ({marks})", values)
            _put_pages(connection, {page: (digest, b"") for page, digest in pages.items()})

        self._database.write(work)

    def touch(self, rows: Iterable[tuple[str, Inputs, bytes]]) -> None:
        """Keep what was asked for pages that came out the same."""
        sql = """
            UPDATE sources SET digest = ?, inputs = ?, history = ?, rings = ?, looks = ?, asked = ?
            WHERE path = CAST(? AS TEXT)
        """
        values = [(*_plain(inputs), asked, bound(path)) for path, inputs, asked in rows]
        self._database.write(lambda connection: connection.executemany(sql, values))

    def drop(self, paths: Iterable[str]) -> None:
        """Forget sources."""
        values = [(bound(path),) for path in paths]
        sql = "DELETE FROM sources WHERE path = CAST(? AS TEXT)"
        if values:
            self._database.write(lambda connection: connection.executemany(sql, values))

    def pages(self) -> dict[str, tuple[bytes, bytes]]:
        """Page -> hash of what was written, and digest of what it was made from where that is kept with it."""
        return {page: (digest, inputs) for page, digest, inputs in self._rows("SELECT page, hash, inputs FROM pages")}

    def chapters(self) -> dict[str, tuple[bytes, str]]:
        """Folder -> digest of what its chapter was made from, and the chapter."""
        return {path: (inputs, text) for path, inputs, text in self._rows("SELECT path, inputs, text FROM chapters")}

    def put_pages(
        self,
        pages: Mapping[str, tuple[bytes, bytes]],
        gone: Iterable[str],
        chapters: Mapping[str, tuple[bytes, str]],
    ) -> None:
        """Keep the hashes and inputs of pages, forget those that are gone; keep chapters."""

        def work(connection: sqlite3.Connection) -> None:
            _put_pages(connection, pages)
            sql = "DELETE FROM pages WHERE page = CAST(? AS TEXT)"
            connection.executemany(sql, [(bound(page),) for page in gone])
            sql = "INSERT OR REPLACE INTO chapters VALUES (CAST(? AS TEXT), ?, CAST(? AS TEXT))"
            rows = [(bound(path), inputs, bound(text)) for path, (inputs, text) in chapters.items()]
            connection.executemany(sql, rows)

        self._database.write(work)

    def remember(self, values: Mapping[str, bytes]) -> None:
        """Keep something small in place of what each key named before."""
        sql = "INSERT OR REPLACE INTO kept VALUES (?, ?)"
        if values:
            self._database.write(lambda connection: connection.executemany(sql, values.items()))

    def recall(self, key: str) -> bytes:
        """What was remembered; empty where nothing was."""
        rows = self._database.read(
            lambda connection: connection.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchall()
        )
        return rows[0][0] if rows else b""

    def forget(self) -> None:
        """Drop all, as it is damaged."""
        with suppress(LostError):
            self._database.lose()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def _rows(self, sql: str) -> list[Any]:
        return self._database.read(lambda connection: connection.execute(sql).fetchall())


def _row(path: str, inputs: Inputs, asked: bytes, made: Made) -> tuple[Any, ...]:
    packed = (_packed(made.entries), made.fragment.encode(), _packed(made.inventory))
    return bound(path), *_plain(inputs), asked, made.record, *packed


def _plain(inputs: Inputs) -> tuple[Any, ...]:
    return *inputs[:4], json.dumps(inputs.looks)


def _put_pages(connection: sqlite3.Connection, pages: Mapping[str, tuple[bytes, bytes]]) -> None:
    sql = "INSERT OR REPLACE INTO pages VALUES (CAST(? AS TEXT), ?, ?)"
    connection.executemany(sql, [(bound(page), *row) for page, row in pages.items()])


def _packed(value: Any) -> bytes:
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode(), 1)


def _unpacked(blob: bytes) -> Any:
    return json.loads(zlib.decompress(blob))

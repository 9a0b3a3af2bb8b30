"""What is known of a project's files, kept from one call to the next in SQLite.

Nothing here is needed for the truth: what can't be kept works in memory, what was lost is said by `LostError` and made
anew. Only plain columns, JSON and what the caller packed are stored, so nothing that is loaded can run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import starmap
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from kwmagic.evidence.importing import ImportRow
from kwmagic.store.database import Database, Layout, LostError
from kwmagic.store.rows import (
    FORMAT,
    SCHEMA,
    Entry,
    Known,
    State,
    UseRow,
    Version,
    bound,
    insert,
    insert_evidence,
    insert_file,
    last_id,
    prune,
    retire,
)

if TYPE_CHECKING:
    import sqlite3

__all__ = ["Entry", "Known", "LostError", "Store", "UseRow", "Version", "opened"]

_T = TypeVar("_T")
_TAKEN = "imports.module = CAST(? AS TEXT) AND imports.name IS CAST(? AS TEXT)"
"""The imports that take a name from a module; NULL: those of the module itself."""


def opened(root: str, folder: str | None, version: str) -> Store:
    """The store of the project at *root*, to be closed; what another *version* of the analysers wrote is dropped.

    Never raises: without a *folder*, or where it can't be used, the store is in memory.
    """
    return Store(root, folder, version)


class Store:
    """The files of one project: facts, evidence, and the rows by which these are found.

    Any method may raise `LostError`, and nothing else: the store is then empty, and all is to be put again. For one
    user at a time: other processes, and other stores of this one, work in memory meanwhile.
    """

    def __init__(self, root: str, folder: str | None, version: str) -> None:
        meta = {"root": bound(root), "version": bound(version)}
        self._database = Database(root, folder, Layout(SCHEMA, FORMAT, meta))

    @property
    def notes(self) -> list[str]:
        """What the user should know of the store itself, one line each."""
        return self._database.notes

    # --- files ------------------------------------------------------------------------------------------------------

    def files(self) -> dict[str, Known]:
        """Every file that was put and is not gone, by path and in the order of paths."""
        sql = "SELECT path, module, language, digest, state, traced FROM files ORDER BY path"
        return {
            path: Known(path, module, language, digest, state, bool(traced))
            for path, module, language, digest, state, traced in self._rows(sql)
        }

    def ids(self) -> dict[int, str]:
        """The same files by the number that full-text search knows them by; it is another one after each change."""
        return dict(self._rows("SELECT id, path FROM files ORDER BY path"))

    def put(self, entries: Iterable[Entry], *, gone: Iterable[str] = ()) -> None:
        """Write files and forget others, all or nothing; what was known of older versions stays for `reuse`."""
        entries, gone = [*entries], [*gone]

        def work(connection: sqlite3.Connection) -> None:
            for path in gone:
                retire(connection, path)
            for number, entry in enumerate(entries, last_id(connection) + 1):
                retire(connection, entry.path)
                insert(connection, number, entry)
            if entries:  # what only goes may be on its way to another place
                prune(connection)

        self._database.write(work)

    def reuse(self, path: str, module: str, language: str, digest: bytes, state: State | None) -> bool:
        """Take back an older version of a file, with all that was known of it; False where there is none."""
        row = Known(path, module, language, digest, state, traced=False)

        def work(connection: sqlite3.Connection) -> bool:
            sql = "SELECT number, file FROM retired WHERE digest = ? ORDER BY number DESC LIMIT 1"
            found = connection.execute(sql, (digest,)).fetchone()
            if found is None:
                return False
            number, file = found
            retire(connection, path)
            connection.execute("DELETE FROM retired WHERE number = ?", (number,))
            insert_file(connection, file, row)
            return True

        return self._database.write(work)

    def touch(self, states: Mapping[str, State | None]) -> None:
        """Note new sizes, times and inodes of files whose content is the same."""
        rows = [(state, bound(path)) for path, state in states.items()]
        sql = "UPDATE files SET state = ? WHERE path = CAST(? AS TEXT)"
        self._database.write(lambda connection: connection.executemany(sql, rows))

    def facts(self, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Path and facts of those of the files that are known, in the order given."""
        sql = "SELECT blob FROM files JOIN facts ON file = id WHERE path = CAST(? AS TEXT)"
        for path in paths:
            for (blob,) in self._rows(sql, bound(path)):
                yield path, blob

    # --- evidence ---------------------------------------------------------------------------------------------------

    def put_evidence(self, rows: Iterable[tuple[str, bytes, bytes, Sequence[UseRow]]]) -> None:
        """Write (path, digest, evidence, uses); what belongs to another version of its file is left out."""
        rows = [*rows]

        def work(connection: sqlite3.Connection) -> None:
            sql = "SELECT id FROM files WHERE path = CAST(? AS TEXT) AND digest = ?"
            for path, digest, blob, uses in rows:
                for (file,) in connection.execute(sql, (bound(path), digest)).fetchall():
                    insert_evidence(connection, file, blob, uses)

        self._database.write(work)

    def evidence(self, path: str) -> bytes | None:
        """The evidence of a file; None where there is none yet."""
        sql = "SELECT blob FROM files JOIN evidence ON file = id WHERE path = CAST(? AS TEXT)"
        return next((blob for (blob,) in self._rows(sql, bound(path))), None)

    def uses_of(self, name: str) -> list[tuple[str, str, list[Any]]]:
        """(name, path, spots) of each file that names this or what is below it (`name.other`), by path and name."""
        sql = """
            SELECT name, path, spots FROM uses CROSS JOIN files ON id = file WHERE name = CAST(? AS TEXT)
            UNION ALL
            SELECT name, path, spots FROM uses CROSS JOIN files ON id = file
            WHERE name > CAST(? AS TEXT) AND name < CAST(? AS TEXT)
            ORDER BY 2, 1
        """
        bounds = bound(name), bound(f"{name}."), bound(f"{name}/")  # "/" comes right after "."
        return self.read(
            lambda connection: [
                (name, path, json.loads(spots)) for name, path, spots in connection.execute(sql, bounds).fetchall()
            ]
        )

    def use_counts(self, last: str) -> list[tuple[str, str, int]]:
        """(name, path, number of places) of each file that names something whose last part is this."""
        sql = "SELECT name, path, number FROM uses CROSS JOIN files ON id = file WHERE last = CAST(? AS TEXT)"
        return [(name, path, number) for name, path, number in self._rows(sql, bound(last))]

    def version(self, digest: bytes) -> Version | None:
        """What was found in one version of a file, also one that no longer holds; None where that is forgotten."""

        def work(connection: sqlite3.Connection) -> Version | None:
            sql = "SELECT id FROM files WHERE digest = ? UNION SELECT file FROM retired WHERE digest = ?"
            for (file,) in connection.execute(sql, (digest, digest)):
                facts = connection.execute("SELECT blob FROM facts WHERE file = ?", (file,)).fetchone()
                uses = connection.execute("SELECT name, spots FROM uses WHERE file = ?", (file,)).fetchall()
                sql = "SELECT module, name, alias, line, flags FROM imports WHERE file = ? ORDER BY number"
                imports = connection.execute(sql, (file,)).fetchall()
                if facts is not None:
                    return Version(facts[0], tuple(starmap(ImportRow, imports)), frozenset(uses))
            return None

        return self.read(work)

    # --- imports ----------------------------------------------------------------------------------------------------

    def imports_of(self, modules: Iterable[str]) -> list[tuple[str, ImportRow]]:
        """(path, row) of every import of one of these very modules, by path and line."""
        where = "imports.module = CAST(? AS TEXT)"
        return self._imports(where, [(bound(module),) for module in dict.fromkeys(modules)])

    def imports_from(self, taken: Iterable[tuple[str, str | None]]) -> list[tuple[str, ImportRow]]:
        """The same of the imports that take one of these names from its module; None: those of the module itself."""
        return self._imports(_TAKEN, [_taken(*each) for each in dict.fromkeys(taken)])

    def importers_from(self, taken: Iterable[tuple[str, str | None]]) -> frozenset[str]:
        """The paths of the files in which `imports_from` finds something."""
        sql = f"SELECT DISTINCT path FROM imports CROSS JOIN files ON id = file WHERE {_TAKEN}"
        return frozenset(path for each in dict.fromkeys(taken) for (path,) in self._rows(sql, *_taken(*each)))

    def importer_count(self, module: str) -> int:
        """In how many files `imports_of` finds this module."""
        sql = """
            SELECT count(DISTINCT file) FROM imports CROSS JOIN files ON id = file
            WHERE imports.module = CAST(? AS TEXT)
        """
        ((number,),) = self._rows(sql, bound(module))
        return int(number)

    def _imports(self, where: str, values: Iterable[tuple[bytes | None, ...]]) -> list[tuple[str, ImportRow]]:
        sql = f"""
            SELECT path, line, number, imports.module, name, alias, flags FROM imports CROSS JOIN files ON id = file
            WHERE {where}
        """
        rows = [row for each in values for row in self._rows(sql, *each)]
        rows.sort(key=itemgetter(0, 1, 2))
        return [
            (path, ImportRow(module, name, alias, line, flags)) for path, line, _, module, name, alias, flags in rows
        ]

    def imports_in(self, path: str) -> list[ImportRow]:
        """What a file imports, by line."""
        sql = """
            SELECT imports.module, name, alias, line, flags FROM files JOIN imports ON file = id
            WHERE path = CAST(? AS TEXT) ORDER BY line, number
        """
        return [ImportRow(*row) for row in self._rows(sql, bound(path))]

    # --- small things -----------------------------------------------------------------------------------------------

    def remember(self, key: str, value: bytes) -> None:
        """Keep something small in place of what *key* named before."""
        sql = "INSERT OR REPLACE INTO kept VALUES (CAST(? AS TEXT), ?)"
        self._database.write(lambda connection: connection.execute(sql, (bound(key), value)))

    def recall(self, key: str) -> bytes | None:
        """What was remembered; None where nothing was."""
        rows = self._rows("SELECT value FROM kept WHERE key = CAST(? AS TEXT)", bound(key))
        return next((value for (value,) in rows), None)

    # --- the database -----------------------------------------------------------------------------------------------

    def read(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """What *work*, which may be called twice, makes of the connection; for reading only."""
        return self._database.read(work)

    def damaged(self) -> NoReturn:
        """To be called where what was read can't be unpacked; raises `LostError`."""
        self._database.lose()

    def close(self) -> None:
        """Let go of the file, which is quickest to open again after that; a second time does nothing."""
        self._database.close()

    def _rows(self, sql: str, *values: bytes | None) -> list[Any]:
        return self._database.read(lambda connection: connection.execute(sql, values).fetchall())


def _taken(module: str, name: str | None) -> tuple[bytes, bytes | None]:
    """The values of `_TAKEN`."""
    return bound(module), None if name is None else bound(name)

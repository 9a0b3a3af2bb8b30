"""A database that is always there: in its file where that can be used, else in memory; damage empties it.

Faults of two sorts are told apart. Where the file can't be written or read (a full disk, no permission), all that was
written is taken into memory and goes on there. Whatever else SQLite complains of means that the file is damaged: it is
made anew, and the caller is told that all is lost.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import NamedTuple, NoReturn, TypeVar

from kwmagic.errors import KwmagicError
from kwmagic.sources import reason
from kwmagic.store.file import BusyError, StoreFile, connect, copied, is_environment, place

APPLICATION = 0x6B776D67
"""Marks the file as one of kwmagic's, `kwmg`."""
_META = "CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;"
_FAILURES = (sqlite3.Error, UnicodeDecodeError, json.JSONDecodeError)
"""What reading what is damaged raises."""
_T = TypeVar("_T")


class LostError(KwmagicError):
    """What was stored is damaged; the store is empty now and can be filled anew."""


class Layout(NamedTuple):
    """What a file has to be to be used."""

    schema: str
    """The statements that make the tables."""
    number: int
    """Counts the changes of the schema."""
    meta: Mapping[str, bytes]
    """Whose content it is, and who wrote it."""


class Database:
    """A connection that guards itself: `read` and `write` raise `LostError` and nothing else of their own."""

    def __init__(self, root: str, folder: str | None, layout: Layout) -> None:
        self.notes: list[str] = []
        """What the user should know of, one line each."""
        self._layout = layout
        self._file: StoreFile | None = None
        self._may_rebuild = True
        connection = None if folder is None else self._in_file(root, folder)
        self._connection = connection or self._made(connect())

    def read(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """What *work* makes of the connection; it may be called twice."""
        while True:
            try:
                return work(self._connection)
            except _FAILURES as error:
                if not (is_environment(error) and self._into_memory(error)):
                    self.lose(error)

    def write(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """The same as one transaction: all of it or nothing."""
        if self._file is not None:
            self._file.writing()
        result = self.read(lambda connection: _in_transaction(connection, work))
        if self._file is not None:
            with suppress(OSError):  # the file is then made anew by whoever opens it next
                self._file.written()
        return result

    def lose(self, error: Exception | None = None) -> NoReturn:
        """Throw all away, go on with an empty file, the second time in memory; raises `LostError`."""
        self._disconnect()
        file, connection = self._file, None
        if file is not None and self._may_rebuild and not is_environment(error):
            self._may_rebuild = False
            self.notes.append(f"The index {file.path} was damaged; it is built anew.")
            try:
                connection = self._made_in(file)
            except (OSError, sqlite3.Error) as why:
                self._leave(why)
        elif file is not None:
            self._leave(error)
        self._connection = connection or self._made(connect())
        raise LostError("the index was damaged") from error

    def close(self) -> None:
        """Let go of the file; a second time does nothing."""
        self._disconnect()
        if self._file is not None:
            self._release()

    # --- opening ----------------------------------------------------------------------------------------------------

    def _in_file(self, root: str, folder: str) -> sqlite3.Connection | None:
        """A connection to the project's file in a folder; where that can't be, a note, and one to a copy, if any."""
        path = place(root, folder)
        try:
            self._file = StoreFile(path)
        except (OSError, ValueError) as error:
            self._say_in_memory(path if isinstance(error, BusyError) else folder, error)
            return self._copied(path)
        try:
            return self._opened(self._file) or self._made_in(self._file)
        except (OSError, sqlite3.Error) as error:
            self._leave(error)
            return None

    def _opened(self, file: StoreFile) -> sqlite3.Connection | None:
        """A connection to what an earlier session left; None where it is of no use."""
        if not file.exists():
            return None
        if not file.is_whole():
            self.notes.append(f"The index {file.path} was damaged or left unfinished; it is built anew.")
            return None
        connection = file.connect()
        unfit: str | None = "can't be read"
        try:
            unfit = self._unfit(connection)
        except sqlite3.Error as error:
            if is_environment(error):
                raise
        finally:
            if unfit is not None:
                connection.close()
        if unfit:
            self.notes.append(f"The index {file.path} {unfit}; it is built anew.")
        return connection if unfit is None else None

    def _copied(self, path: str) -> sqlite3.Connection | None:
        """A connection to what the file holds, so that little is to be done again; None where it is of no use."""
        connection = copied(path)
        unfit: str | None = "can't be copied"
        if connection is not None:
            with suppress(sqlite3.Error):
                unfit = self._unfit(connection)
            if unfit is not None:
                connection.close()
        return connection if unfit is None else None

    def _unfit(self, connection: sqlite3.Connection) -> str | None:
        """What a file that is whole lacks to be used; empty where that need not be said."""
        (application,), (number,) = (
            connection.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")
        )
        if application != APPLICATION:
            return "is of another program"
        if number != self._layout.number:
            return "is of a newer kwmagic" if number > self._layout.number else ""
        meta = dict(connection.execute("SELECT key, value FROM meta"))
        return None if meta == self._layout.meta else ""

    def _made_in(self, file: StoreFile) -> sqlite3.Connection:
        """A connection to an empty file in place of what was there."""
        file.remove()
        file.writing()
        connection = self._made(file.connect())
        file.sign()
        return connection

    def _made(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        """The same connection, with tables."""
        pragmas = f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {self._layout.number};"
        try:
            connection.executescript(f"BEGIN; {pragmas} {_META} {self._layout.schema}")
            connection.executemany("INSERT INTO meta VALUES (?, ?)", self._layout.meta.items())
            connection.execute("COMMIT")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    # --- leaving ----------------------------------------------------------------------------------------------------

    def _into_memory(self, error: Exception) -> bool:
        """Go on in memory with all that was written; False where that can't be read."""
        if self._file is None:
            return False
        copy = connect()
        try:
            self._connection.backup(copy)
        except sqlite3.Error:
            copy.close()
            return False
        self._disconnect()
        self._leave(error)
        self._connection = copy
        return True

    def _leave(self, error: Exception | None) -> None:
        """Give up the file, which may be of use another time."""
        if self._file is not None:
            self._say_in_memory(self._file.path, error)
            self._release()

    def _release(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            with suppress(OSError):  # it could not be signed: it is then made anew by whoever opens it next
                file.release()

    def _disconnect(self) -> None:
        with suppress(sqlite3.Error):
            self._connection.close()

    def _say_in_memory(self, path: str, error: Exception | None) -> None:
        why = reason(error) if isinstance(error, OSError) and not isinstance(error, BusyError) else str(error)
        # in place of what was said of a file that was to be built anew
        self.notes[:] = [f"{path} can't be used ({' '.join(why.split())}); the index is kept in memory only."]


def _in_transaction(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], _T]) -> _T:
    connection.execute("BEGIN IMMEDIATE")
    try:
        result = work(connection)
        connection.execute("COMMIT")
    except BaseException:  # Ctrl-C, too
        if connection.in_transaction:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
        raise
    return result

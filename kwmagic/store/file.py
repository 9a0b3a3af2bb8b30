"""The file that a store is kept in: named, locked, checked as a whole, opened, thrown away.

Beside `NAME.sqlite` stand `NAME.sqlite.lock` and `NAME.sqlite.sum`. The sum is of all bytes, since SQLite notices
little of what can happen to its file, and it is checked before SQLite reads a byte. It also makes waiting for the disk
needless: what a crash of the system tears no longer fits it.
"""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import time
import zlib
from collections.abc import Iterable
from contextlib import closing, suppress
from hashlib import sha256

from kwmagic.errors import UnreadableError
from kwmagic.sources import head, read_bytes
from kwmagic.trust import State, is_settled, state_of

WAIT = 1.0
"""Seconds to wait for another process to let go of the file."""
FREE = 0.25
"""Seconds of each session in which what was written is signed at once."""
SHARE = 0.1
"""Beyond these, signing takes this part of the time at most; what is left unsigned is signed with the next or at the
end."""

COPIED = 2**30
"""Bytes of a file from which on it is not copied into memory."""

_ENVIRONMENT = {
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
_BLOCK = 2**20
_FLAGS = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_checked: dict[str, State] = {}
"""Files that this process found whole, or left so, and long enough after their last change to know of the next."""


class BusyError(OSError):
    """Another process holds the file."""


def place(root: str, folder: str) -> str:
    """The file in *folder* for the project at *root*: a name that every system takes."""
    real = os.path.realpath(root)
    label = re.sub(r"[^A-Za-z0-9_-]+", "-", os.path.basename(real)).strip("-")[:40] or "root"
    key = sha256(os.path.normcase(real).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return os.path.join(folder, f"{label}-{key}.sqlite")


def connect(path: str = ":memory:") -> sqlite3.Connection:
    """A connection without transactions of its own; texts may hold lone surrogates (bound as bytes and CAST)."""
    connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None, check_same_thread=False)
    try:
        connection.text_factory = _text
        for pragma in ("journal_mode = DELETE", "synchronous = OFF", "trusted_schema = OFF", "temp_store = MEMORY"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def copied(path: str) -> sqlite3.Connection | None:
    """A connection to a copy in memory of a file that can't be taken; None where that is not whole just now."""
    try:
        data = read_bytes(path, limit=COPIED)
    except (UnreadableError, ValueError):
        return None
    connection = connect()
    if head(f"{path}.sum", 64) == _sum_of([data]) and hasattr(connection, "deserialize"):
        with suppress(sqlite3.Error, MemoryError):
            connection.deserialize(data)
            return connection
    connection.close()
    return None


def is_environment(error: Exception | None) -> bool:
    """Whether SQLite says that the file can't be used, whatever is in it; any other error means that it is damaged."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _ENVIRONMENT


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


class StoreFile:
    """One database file, held against every other process until `release`.

    Each method may raise `OSError`, `ValueError` (a path that no system takes) or `sqlite3.Error`.
    """

    def __init__(self, path: str) -> None:
        """Take the file; raises `BusyError` where another process has it."""
        from filelock import FileLock, Timeout  # noqa: PLC0415  # slow to import

        self.path = path
        self._fitted: State | None = None
        """The state of the file in which its sum was seen to fit."""
        self._unsigned = False
        """Whether it was written since."""
        self._opened = time.monotonic()
        self._spent = self._cost = 0.0
        """Seconds that signing took, in all and the last time."""
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        self._lock = FileLock(f"{path}.lock", timeout=WAIT, thread_local=False)
        try:
            self._lock.acquire()
        except Timeout:
            raise BusyError("another process uses it") from None
        except NotImplementedError as error:  # a file system without locks
            raise OSError(str(error)) from None

    def exists(self) -> bool:
        """Whether there is anything in its place."""
        return os.path.lexists(self.path)

    def is_whole(self) -> bool:
        """Whether the file is byte for byte as it was left; a write that was cut short is undone before."""
        if not stat.S_ISREG(os.lstat(self.path).st_mode):
            return False
        if os.path.lexists(f"{self.path}-journal"):
            try:
                with closing(connect(self.path)) as connection:
                    connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
            except sqlite3.DatabaseError as error:
                if is_environment(error):
                    raise
                return False
        state = self._state()
        if _checked.get(self.path) != state and head(f"{self.path}.sum", 64) != self._sum():
            return False
        self._fitted = state
        return True

    def connect(self) -> sqlite3.Connection:
        """A connection to the file, which is made where there is none."""
        return connect(self.path)

    def writing(self) -> None:
        """To be said before each write: until it is signed, the file is not to be trusted."""
        self._unsigned = True

    def written(self) -> None:
        """To be said after each write; signs, unless that was done too often already: it reads the whole file."""
        if self._spent + self._cost <= FREE + SHARE * (time.monotonic() - self._opened):
            self.sign()

    def sign(self) -> None:
        """Note that the file is right as it is."""
        start = time.monotonic()
        self._fitted = self._state()
        data = self._sum()
        descriptor = os.open(f"{self.path}.sum", _FLAGS, 0o600)
        try:
            os.write(descriptor, data)  # in place: what a full disk allows, and no moment without one
        finally:
            os.close(descriptor)
        self._unsigned = False
        self._cost = time.monotonic() - start
        self._spent += self._cost

    def remove(self) -> None:
        """Delete the file and what belongs to it; never a folder that stands there."""
        self._unsigned = False
        for suffix in (".sum", "", "-journal", "-wal", "-shm"):
            try:
                os.remove(self.path + suffix)
            except FileNotFoundError:
                continue

    def release(self) -> None:
        """Let go; no connection may be open any more."""
        try:
            if self._unsigned and not os.path.lexists(f"{self.path}-journal"):
                self.sign()
            state = self._state()
            if state == self._fitted and not self._unsigned and is_settled(state):
                _checked[self.path] = state
        finally:
            self._lock.release()

    def _sum(self) -> bytes:
        with open(self.path, "rb") as stream:
            return _sum_of(iter(lambda: stream.read(_BLOCK), b""))

    def _state(self) -> State:
        return state_of(os.lstat(self.path))


def _sum_of(blocks: Iterable[bytes]) -> bytes:
    """Size and checksum; of constant length."""
    size = checksum = 0
    for block in blocks:
        checksum = zlib.crc32(block, checksum)
        size += len(block)
    return f"{size:016x} {checksum:08x}".encode()

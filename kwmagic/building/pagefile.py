"""The file of one page: read, known for ours, replaced.

A page appears at once and whole: it is written beside its place and moved there. Nothing waits for the disk, since
every build reads what the last one left, and writes again what a crash of the system tore.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import time
from contextlib import suppress
from hashlib import blake2b
from typing import NamedTuple

from kwmagic.building.naming import fits
from kwmagic.mdtext import PAGE_MARK

TEMPORARY = re.compile(r"\.kwmagic-[0-9a-f]{16}\.tmp")
"""The name of a page that is being written."""
FOLDER, EMPTY = "is a folder", "is an empty file"

_TWINS = {"keywords.json": b'{"kwmagic": 1,', "objects.inv": b"# Sphinx inventory version 2"}
"""Pages without a mark, and how they begin."""
_MARK = PAGE_MARK.encode()
_BLOCK = 2**20
_TAIL = 2**16
"""Bytes at the end of a page in which its mark is looked for."""
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_JUNCTION = 0xA0000003
"""`IO_REPARSE_TAG_MOUNT_POINT`, which `stat` has on Windows only."""
_PATIENCE = 0.2
"""Seconds until a file that another program holds open is tried again; Windows replaces no open file."""


class Content(NamedTuple):
    """What is needed to tell whose a file is."""

    digest: bytes
    """As `output.digest` makes it."""
    head: bytes
    tail: bytes


def read(file: str) -> Content | None:
    """None where it is no regular file, or not any more; raises `OSError`. Never waits, as on a FIFO."""
    try:
        descriptor = os.open(file, _READ)
    except OSError as error:
        if error.errno == errno.ELOOP:  # a link by now
            return None
        raise
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return None
        block = head = os.read(descriptor, min(status.st_size, _BLOCK) + 1)
        tail = b""
        hashed = blake2b(block, digest_size=16)
        while block:
            tail = tail[-_TAIL:] + block
            block = os.read(descriptor, _BLOCK)
            hashed.update(block)
    finally:
        os.close(descriptor)
    return Content(hashed.digest(), head, tail)


def is_marked(page: str, content: Content, *, anywhere: bool = False) -> bool:
    """Whether a file is a page of ours by what it holds; with *anywhere* its mark may be that of another place."""
    if page in _TWINS:
        return content.head.startswith(_TWINS[page])
    mark = content.tail[max(content.tail.rfind(b"\n" + _MARK), 0) :].strip()
    if not mark.startswith(_MARK) or b"\n" in mark:
        return False
    return anywhere or fits(page, mark.decode("utf-8", "replace"))


def replace(file: str, data: bytes) -> None:
    """Put a page in its place, in that of an older one too."""
    temporary = os.path.join(os.path.dirname(file), f".kwmagic-{secrets.token_hex(8)}.tmp")
    descriptor = os.open(temporary, _WRITE, 0o666)  # less what the umask takes, as for any new file
    try:
        try:
            _write(descriptor, data)
        finally:
            os.close(descriptor)
        _move(temporary, file)
    except BaseException:
        with suppress(OSError):
            os.remove(temporary)
        raise


def _write(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _move(temporary: str, file: str) -> None:
    try:
        os.replace(temporary, file)
    except PermissionError:
        if os.name != "nt":
            raise
        time.sleep(_PATIENCE)
        os.replace(temporary, file)


def kind_of(file: str) -> str | None:
    """What is there, to follow its name: `is a folder`; None for nothing."""
    try:
        status = os.lstat(file)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _JUNCTION:
        return "is a link"
    if stat.S_ISDIR(status.st_mode):
        return FOLDER
    if not stat.S_ISREG(status.st_mode):
        return "is no regular file"
    return "was not written by kwmagic" if status.st_size else EMPTY


def is_junction(entry: os.DirEntry[str]) -> bool:
    """Whether it is one of Windows' links that look like folders."""
    return os.name == "nt" and getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0) == _JUNCTION

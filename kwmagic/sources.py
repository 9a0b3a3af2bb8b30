"""From a `FileRef` to its decoded text: the only module that reads what files hold.

Nothing it is pointed at may block, fill the memory or come back torn: files are opened without waiting, only regular
ones are read, one that changes meanwhile is read again. Decoding follows CPython (BOM, PEP 263), but goes on where
CPython stops: what is wrong becomes a `Problem`, and only what isn't text at all an `UnreadableError`.
"""

from __future__ import annotations

import codecs
import errno
import os
import re
import stat
import warnings
from typing import NamedTuple

from kwmagic.errors import UnreadableError
from kwmagic.languages import language_of
from kwmagic.model import FileRef, Problem, Source

LIMIT = 64 * 2**20
"""Bytes; larger files are reported without being read."""
TRIES = 5
"""How often a file that changes under the reader is read."""

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
_KINDS = {stat.S_IFIFO: "is a FIFO", stat.S_IFSOCK: "is a socket", stat.S_IFDIR: "is a folder"}
_REASONS = {
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ENOENT: "no such file",
    errno.ENOTDIR: "no such file",
    errno.ELOOP: "is a link that leads to itself",
    errno.ENAMETOOLONG: "the path is too long for this system",
    errno.ENXIO: "is a socket or a device",
    errno.EISDIR: "is a folder",
}

_WIDE_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.ASCII)
_BLANK = re.compile(rb"[ \t\f]*(?:#|$)")
_LINE = re.compile(rb"[^\r\n]*")


class _Text(NamedTuple):
    text: str
    encoding: str
    problems: tuple[Problem, ...] = ()


def read(ref: FileRef) -> Source:
    """Read and decode; raise `UnreadableError` with one line that says why not."""
    data = _content(ref)
    language = language_of(ref.path, data[:256])
    text, encoding, problems = _decode(data, cookie=language is not None and language.cookie)
    newline = _newline(text)
    if newline not in {"LF", "none"}:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Source(ref, data, text, encoding, newline, problems)


def read_bytes(file: str, *, limit: int = LIMIT) -> bytes:
    """The whole of one regular file, as it was at one moment."""
    for _ in range(TRIES):
        try:
            data = _read_once(file, limit)
        except OSError as error:
            raise UnreadableError(reason(error)) from None
        if data is not None:
            return data
    raise UnreadableError(f"changed each of the {TRIES} times it was read")


def head(file: str, size: int = 256) -> bytes:
    """The first bytes of a regular file; nothing where it can't be read."""
    try:
        descriptor = os.open(file, _FLAGS)
    except (OSError, ValueError):
        return b""
    try:
        return os.read(descriptor, size) if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def reason(error: OSError) -> str:
    """Why the system refused, in a few words without the path."""
    known = _REASONS.get(error.errno or 0)
    return known or (error.strerror or type(error).__name__).lower()


def special_kind(mode: int) -> str | None:
    """`is a FIFO` and the like for what is no regular file; None for a regular file."""
    return None if stat.S_ISREG(mode) else _KINDS.get(stat.S_IFMT(mode), "is a device")


# --- bytes --------------------------------------------------------------------------------------------------------


def _content(ref: FileRef) -> bytes:
    if ref.problem is not None:
        raise UnreadableError(ref.problem.message)
    if ref.data is not None:
        return ref.data
    if ref.file is None:
        raise UnreadableError("has no source")
    if ref.member is not None:
        return _read_member(ref.file, ref.member)
    return read_bytes(ref.file)


def _read_once(file: str, limit: int) -> bytes | None:
    """None where the file changed between the first byte and the last."""
    descriptor = _open_regular(file, _FLAGS)
    try:
        before = os.fstat(descriptor)
        data = _read_all(descriptor, before.st_size, limit)
        after = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    return data if data is not None and _state(before) == _state(after) else None


def _read_all(descriptor: int, size: int, limit: int) -> bytes | None:
    """None as soon as there is more than *size*: a file may grow as fast as it is read. (In /proc all sizes are 0.)"""
    chunks: list[bytes] = []
    total = 0
    while total <= limit and size <= limit:
        chunk = os.read(descriptor, max(size - total, 0) + 4096)  # one read and one that finds the end
        if not chunk:
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)
        chunks.append(chunk)
        total += len(chunk)
        if 0 < size < total:
            return None
    raise UnreadableError(f"larger than {limit / 2**20:g} MB, not read")


def _state(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _read_member(file: str, member: str) -> bytes:
    import zipfile  # noqa: PLC0415  # only for what lies in an archive

    try:
        with (
            open(file, "rb", opener=_open_regular) as stream,
            zipfile.ZipFile(stream) as archive,
            archive.open(member) as unpacked,
        ):
            data = unpacked.read(LIMIT + 1)  # the size in the directory may lie
    except UnreadableError:
        raise
    except KeyError:
        raise UnreadableError("no such member of the archive") from None
    except Exception as error:  # zipfile lets out zlib's, struct's and its own errors
        why = reason(error) if isinstance(error, OSError) else " ".join(str(error).split()) or type(error).__name__
        raise UnreadableError(f"can't be unpacked: {why}") from None
    if len(data) > LIMIT:
        raise UnreadableError(f"larger than {LIMIT / 2**20:g} MB, not read")
    return data


def _open_regular(file: str, _flags: int) -> int:
    descriptor = os.open(file, _FLAGS)
    if kind := special_kind(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnreadableError(kind)
    return descriptor


# --- text ---------------------------------------------------------------------------------------------------------


def _decode(data: bytes, *, cookie: bool) -> _Text:
    for bom, encoding in _WIDE_BOMS:
        if data.startswith(bom):
            return _decode_wide(data, encoding, refuse=cookie)
    if b"\0" in data[:8000]:  # git's test
        raise UnreadableError("binary content")
    has_bom = data.startswith(codecs.BOM_UTF8)
    body = data[3:] if has_bom else data
    if cookie and (declared := _declared(body)):
        return _decode_declared(body, *declared, has_bom=has_bom)
    return _decode_utf8(body, has_bom=has_bom)


def _decode_wide(data: bytes, encoding: str, *, refuse: bool) -> _Text:
    """By the BOM; refused where the language wants a superset of ASCII: no Python can import such a file."""
    if refuse:
        raise UnreadableError(f"{encoding.upper()} text, which Python can't import; save it as UTF-8")
    text = data.decode(encoding, "replace")
    if "\0" in text[:4000]:
        raise UnreadableError("binary content")
    return _Text(text, encoding, _replaced(text, encoding))


def _declared(body: bytes) -> tuple[bytes, str, int] | None:
    """The comment up to the name, the codec it names and its line (PEP 263: line 1, or 2 below a blank or comment)."""
    start = 0
    for line in (1, 2):
        text = _first_line(body, start)
        if match := _COOKIE.match(text):
            return match[0], match[1].decode("ascii"), line
        if not _BLANK.match(text):
            return None
        start += len(text)
        start += 2 if body.startswith(b"\r\n", start) else 1
    return None


def _first_line(body: bytes, start: int) -> bytes:
    match = _LINE.match(body, start)
    return match[0] if match else b""


def _decode_declared(body: bytes, comment: bytes, name: str, line: int, *, has_bom: bool) -> _Text:
    encoding = _normal_name(name)
    if encoding == "utf-8":
        return _decode_utf8(body, has_bom=has_bom)
    if has_bom:
        wrong = f"the coding cookie says {name}, the byte order mark UTF-8; read as UTF-8"
    elif not _is_source_codec(encoding, comment):
        wrong = f"the coding cookie {name} names no encoding of source text; read as UTF-8"
    else:
        return _decode_as(body, encoding, name, line)
    found = _decode_utf8(body, has_bom=has_bom)
    return found._replace(problems=(Problem(line, wrong), *found.problems))


def _normal_name(name: str) -> str:
    """As CPython's tokenizer: case, `_` and Emacs's `-unix`, `-dos`, `-mac` do not matter for these two."""
    short = name[:12].lower().replace("_", "-")
    if short == "utf-8" or short.startswith("utf-8-"):
        return "utf-8"
    latin = ("latin-1", "iso-8859-1", "iso-latin-1")
    if short in latin or short.startswith(tuple(f"{each}-" for each in latin)):
        return "iso-8859-1"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return name


def _is_source_codec(encoding: str, comment: bytes) -> bool:
    """Whether it decodes bytes to text and, as PEP 263 demands, reads its own cookie; `rot13`, `utf-16` do not."""
    declaration = comment[comment.rindex(b"coding") :]  # letters of the encoding itself may stand before it
    try:
        return declaration.decode(encoding) == declaration.decode("ascii")
    except (LookupError, ValueError):  # unknown, or no text encoding; ValueError covers UnicodeError
        return False


def _decode_as(body: bytes, encoding: str, name: str, line: int) -> _Text:
    try:
        with warnings.catch_warnings():  # unicode_escape warns of each unknown escape
            warnings.simplefilter("ignore")
            return _Text(body.decode(encoding), encoding)
    except ValueError:
        pass
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode(encoding, "replace")
        return _Text(text, encoding, _replaced(text, name))
    wrong = f"the coding cookie says {name}, which can't decode it; read as UTF-8"
    return _Text(text, "utf-8", (Problem(line, wrong),))


def _decode_utf8(body: bytes, *, has_bom: bool) -> _Text:
    encoding = "utf-8-sig" if has_bom else "utf-8"
    try:
        return _Text(body.decode("utf-8"), encoding)
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    if text.count("\ufffd", 0, 8000) > 0.3 * min(len(text), 8000):  # EBCDIC, compressed data without a NUL
        raise UnreadableError("binary content (not UTF-8)")
    return _Text(text, encoding, _replaced(text, "UTF-8"))


def _replaced(text: str, name: str) -> tuple[Problem, ...]:
    first = text.find("\ufffd")
    if first < 0:
        return ()
    count = text.count("\ufffd")
    what = "1 place does" if count == 1 else f"{count} places do"
    message = f"{what} not decode as {name}, shown as \ufffd"
    return (Problem(1 + _line_ends(text[:first]), message),)


def _line_ends(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _newline(text: str) -> str:
    if "\r" not in text:  # three counts take as long as to read the file
        return "LF" if "\n" in text else "none"
    pairs = text.count("\r\n")
    counts = {"CRLF": pairs, "LF": text.count("\n") - pairs, "CR": text.count("\r") - pairs}
    present = [name for name, count in counts.items() if count]
    return present[0] if len(present) == 1 else "mixed" if present else "none"

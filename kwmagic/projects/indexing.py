"""What a project's index holds of one file, made from its content alone; most of it runs in workers."""

from __future__ import annotations

import json
import posixpath
import zlib
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from platform import python_version
from typing import Any, NamedTuple

from kwmagic import analysis, rows
from kwmagic.analysers.markdown_detail import detail, local_path
from kwmagic.analysers.python_detail import detail as python_detail
from kwmagic.analysers.python_detail import of_detail, parsed
from kwmagic.errors import UnreadableError
from kwmagic.evidence.importing import ImportRow, import_rows
from kwmagic.evidence.modules import is_package
from kwmagic.evidence.trace import trace_tree
from kwmagic.identity import grammars, own_files
from kwmagic.model import Evidence, FileFacts, FileRef, Problem
from kwmagic.provenance import PAGE
from kwmagic.sources import read, read_bytes
from kwmagic.store.fulltext import SearchRow
from kwmagic.store.fulltext import rows as search_rows
from kwmagic.store.rows import UseRow


class Piece(NamedTuple):
    """One file of a project, as far as a walk knows it."""

    path: str
    file: str
    module: str
    """Dotted name; empty where it is no Python module."""
    version: str
    """Of the analysers."""
    data: bytes | None = None
    """The content, where it goes to another machine; else `file` is read."""


class Indexed(NamedTuple):
    """The facts of one file, ready to be stored."""

    digest: bytes
    language: str
    """Empty for a page that kwmagic made, which is no file of the project."""
    facts: bytes
    imports: list[ImportRow]
    words: list[SearchRow]


class Traced(NamedTuple):
    """The evidence of one file, ready to be stored."""

    digest: bytes
    evidence: bytes
    uses: list[UseRow]


def answer(task: str, *piece: Any) -> tuple[Any, ...]:
    """What a worker is asked: `index` or `trace` of a piece, as a plain row."""
    return _plain(TASKS[task][0](Piece(*piece)))


def indexed(piece: Piece) -> Indexed:
    """The facts of a file; one that can't be read has a problem for a fact, and a digest that no content has."""
    data, ref = _read(piece)
    facts, text = analysis.analyse_with_text(ref)
    if PAGE in facts.flags:
        return Indexed(digest(piece, data), "", b"", [], [])
    imports = [*import_rows(facts, piece.module, is_package=is_package(piece.path))]
    if facts.engine == "markdown":
        imports += _links(facts, text)
    return Indexed(digest(piece, data), facts.language, packed(rows.of_facts(facts)), imports, [*search_rows(facts)])


def traced(piece: Piece) -> Traced:
    """The evidence of a Python file; none where it can't be read or parsed."""
    data, ref = _read(piece)
    found, details = Evidence(), None
    with suppress(UnreadableError):
        text = read(ref).text
        tree = parsed(text)
        details = of_detail(python_detail(text, tree))
        if not isinstance(tree, Problem):
            found = trace_tree(tree, text, piece.module, is_package=is_package(piece.path))
    uses: dict[str, list[Any]] = defaultdict(list)
    for name, *spot in found.uses:
        uses[name].append(spot)
    return Traced(
        digest(piece, data),
        packed(((found.statements, found.runs), details)),
        [UseRow(*each) for each in uses.items()],
    )


TASKS: dict[str, tuple[Callable[[Piece], Any], type[Any]]] = {"index": (indexed, Indexed), "trace": (traced, Traced)}
"""What is asked of a worker: the function, and the type of what it gives."""


def digest(piece: Piece, data: bytes | None) -> bytes:
    """What tells one content of a file, as these analysers see it, from every other."""
    about = json.dumps([piece.version, piece.path, piece.module, data is None]).encode()
    return sha256(about + b"\0" + (data or b"")).digest()


def packed(row: Any) -> bytes:
    """Plain data as it is stored."""
    return zlib.compress(json.dumps(row, separators=(",", ":")).encode(), 1)


def unpacked(blob: bytes) -> Any:
    """What was packed; raises `zlib.error` or `ValueError` where it is damaged."""
    return json.loads(zlib.decompress(blob))


@cache
def analyser_version() -> str:
    """Changes with all that facts depend on besides the content: our own sources, Python, the grammars there are."""
    files = [*own_files(), *grammars()]
    states = sorted((file.name, status.st_size, status.st_mtime_ns) for file in files for status in [file.stat()])
    return f"{python_version()} {sha256(json.dumps(states).encode()).hexdigest()}"


def _read(piece: Piece) -> tuple[bytes | None, FileRef]:
    """The content, read once, so that digest and facts speak of the same; None where it can't be read."""
    try:
        data = read_bytes(piece.file) if piece.data is None else piece.data
    except UnreadableError:
        return None, FileRef(piece.path, piece.file)
    return data, FileRef(piece.path, data=data)


def _links(facts: FileFacts, text: str) -> list[ImportRow]:
    """The files that a Markdown text links to, as paths in the project."""
    folder = posixpath.dirname(facts.path)
    found = []
    for link in detail(text, is_mdx=facts.path.endswith(".mdx")).links:
        path = local_path(link.target)[0] if link.kind in ("file", "image") else ""
        if path and not path.startswith("/"):
            found.append(ImportRow(posixpath.normpath(posixpath.join(folder, path)), None, None, link.line, "link"))
    return found


def _plain(result: Indexed | Traced) -> tuple[Any, ...]:
    """In types that marshal writes."""
    match result:
        case Indexed(imports=imports, words=words):
            return *result[:3], [tuple(each) for each in imports], [tuple(each) for each in words]
        case Traced(uses=uses):
            return *result[:2], [tuple(each) for each in uses]

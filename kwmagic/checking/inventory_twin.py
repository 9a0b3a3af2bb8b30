"""Whether `objects.inv` says the same as the pages and `keywords.json`."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kwmagic import inventory
from kwmagic.checking.found import Dead
from kwmagic.checking.keyword_twin import INDEX, Source
from kwmagic.checking.keyword_twin import NAME as KEYWORDS
from kwmagic.checking.reading import Page
from kwmagic.checking.resolving import Resolver, decoded
from kwmagic.model import FILE

NAME = "objects.inv"
_HEAD = re.compile(rb"# Sphinx inventory version 2\n#[^\n]*\n#[^\n]*\n#[^\n]*zlib[^\n]*\n")
_FIRST = 5
"""Line of the first entry."""
_MODULES = (".py", ".pyi", ".pyw", ".pyx")
"""How the names of files end that can be imported."""
_ENTRY = re.compile(r"(?P<name>.+?) (?P<role>\S+:\S+) -?[0-9]+ (?P<url>\S*) .+")


class Entry(NamedTuple):
    """One line."""

    line: int
    name: str
    role: str
    url: str


def parsed(content: bytes) -> list[Entry]:
    """The entries of an inventory; raises `ValueError` where it is another thing."""
    head = _HEAD.match(content)
    if head is None:
        raise ValueError("not an inventory of version 2")
    try:
        lines = zlib.decompress(content[head.end() :]).decode().splitlines()
    except (zlib.error, UnicodeDecodeError) as error:
        raise ValueError(f"damaged: {error}") from None
    entries = []
    for number, line in enumerate(lines, start=_FIRST):
        entry = _ENTRY.fullmatch(line)
        if entry is None:
            raise ValueError(f"line {number:,} is not an entry: {line[:100]}")
        url = entry["url"]
        url = url[:-1] + entry["name"] if url.endswith("$") else url
        entries.append(Entry(number, entry["name"], entry["role"], url))
    return entries


def dead(
    entries: Sequence[Entry], sources: Sequence[Source], pages: Mapping[str, Page], resolver: Resolver
) -> Iterator[Dead]:
    """Everything in which the inventory differs from the pages and from `keywords.json`."""
    listed: set[str] = set()
    modules: dict[str, str] = {}
    for entry in entries:
        written, _, anchor = entry.url.partition("#")
        page = next((each for each in _meant(decoded(written)) if each in pages), None)
        if page is None:
            yield Dead(NAME, entry.line, entry.name, f"no such page: {written}")
        elif anchor and not resolver.has(page, decoded(anchor)):
            yield Dead(NAME, entry.line, entry.name, f"no such anchor: {entry.url}")
        elif entry.role == "std:doc":
            listed.add(page)
        elif entry.role == "py:module":
            modules[page] = entry.name
    for path, page_of_it in pages.items():
        if page_of_it.mark and path not in listed and not path.endswith(INDEX):
            yield Dead(NAME, 0, path, "has no entry")
    names = {f"{entry.name} {entry.role}" for entry in entries}
    for source, module in zip(sources, _modules(sources, modules), strict=True):
        if source.page in modules and not any(FILE in symbol.flags for symbol, _, _ in source.symbols):
            yield Dead(KEYWORDS, 0, source.path, f"lacks the module {module}, which {NAME} has")
        yield from _missing(source, module, names)


def _modules(sources: Sequence[Source], known: Mapping[str, str]) -> Iterator[str]:
    """The dotted name of each file: that of its entry, else what those of the files beside it let expect."""
    packages: dict[str, str] = {}
    for source in sources:
        if name := known.get(source.page):
            folder, stem = _split(source.path)
            packages[folder] = name if stem == "__init__" else name.rpartition(".")[0]
    for source in sources:
        folder, stem = _split(source.path)
        package = packages.get(folder) if source.path.endswith(_MODULES) else None
        expected = "" if package is None else package if stem == "__init__" else f"{package}.{stem}".lstrip(".")
        yield known.get(source.page, expected)


def _split(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name.partition(".")[0]


def _meant(path: str) -> Iterator[str]:
    """The pages that a path may mean, whatever the pages will be built with."""
    yield path
    if path.endswith(".html"):
        yield f"{path.removesuffix('.html')}.md"


def _missing(source: Source, module: str, names: set[str]) -> Iterator[Dead]:
    """The symbols of a file that should have an entry and have none."""
    about = inventory.File(source.path, source.language, module, source.page)
    symbols = [(symbol, anchor) for symbol, _, anchor in source.symbols]
    for line in inventory.of_file(about, symbols, "markdown"):
        name, role, _ = line.split(" ", 2)
        if role != "std:doc" and f"{name} {role}" not in names:
            yield Dead(NAME, 0, name, f"no entry, though {source.path} defines it")

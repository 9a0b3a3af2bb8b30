"""Whether `keywords.json` says the same as the pages."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kwmagic.checking.found import Dead
from kwmagic.checking.reading import Page
from kwmagic.checking.resolving import Resolver
from kwmagic.mdtext import page_mark
from kwmagic.model import Symbol

NAME = "keywords.json"
DOCUMENT, INDEX = ("_docs.md", "_docs.html"), ("_kw.md", "_kw.html")
"""How the names of the two pages of a source end, as Markdown and as HTML."""
_OF_THE_PAGE = re.compile(r"kw-[0-9a-f]{6}-(?:section-[a-z]+|l[0-9]+)?(?:-[0-9]+)?|L[0-9]+")
"""Anchors that are no symbol's: of a page, its sections, pieces and lines of the source."""


class Source(NamedTuple):
    """One file, as `keywords.json` has it."""

    path: str
    language: str
    page: str
    symbols: tuple[tuple[Symbol, str, str], ...]
    """Each with its page and anchor, "" for none."""


def parsed(content: bytes) -> list[Source]:
    """The files of a `keywords.json`; raises `ValueError` where it is another thing."""
    try:
        data = json.loads(content)
        if data["kwmagic"] != 1:
            raise ValueError("of another version")
        return [_source(each) for each in data["files"] if each.get("page")]
    except (KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError("not in the form that kwmagic writes") from None


def _source(data: Mapping[str, Any]) -> Source:
    symbols = ((_symbol(each), str(each["page"]), str(each["anchor"] or "")) for each in data["symbols"])
    return Source(str(data["path"]), str(data["language"]), str(data["page"]), tuple(symbols))


def _symbol(data: Mapping[str, Any]) -> Symbol:
    about = (data["kind"], data["name"], data["qualname"], data["line"], data["end_line"])
    return Symbol(*about, bases=tuple(data["bases"]), flags=tuple(data["flags"]))


def dead(sources: Sequence[Source], pages: Mapping[str, Page], resolver: Resolver) -> Iterator[Dead]:
    """Everything in which the file and the pages differ."""
    for source in sources:
        page = pages.get(source.page)
        if page is None:
            yield Dead(NAME, 0, source.path, f"no such page: {source.page}")
        elif page.mark != page_mark(source.path):
            yield Dead(source.page, 0, "", f"not marked as page of {source.path}")
        for symbol, place, anchor in source.symbols:
            if place in pages and anchor and not resolver.has(place, anchor):
                yield Dead(NAME, 0, f"{source.path}: {symbol.qualname}", f"no such anchor: {place}#{anchor}")
        yield from _differences(source, pages, resolver)
    known = {source.page for source in sources}
    documents = (path for path, page in pages.items() if page.mark and path.endswith(DOCUMENT))
    yield from (Dead(page, 0, "", f"not in {NAME}") for page in documents if page not in known)


def _differences(source: Source, pages: Mapping[str, Page], resolver: Resolver) -> Iterator[Dead]:
    """What only one of `keywords.json` and the keyword index has."""
    index = _index_of(source.page)
    if index not in pages or source.page not in pages:
        return
    told = {anchor for _, place, anchor in source.symbols if anchor and place == source.page}
    linked = resolver.fragments(index, source.page)
    yield from (Dead(index, 0, f"{source.page}#{anchor}", f"only in {NAME}") for anchor in told - linked)
    for anchor in linked - told:
        if not _OF_THE_PAGE.fullmatch(anchor):
            yield Dead(NAME, 0, source.path, f"lacks {source.page}#{anchor}, which the keyword index has")


def _index_of(document: str) -> str:
    """The keyword index beside a documentation page."""
    for one, other in zip(DOCUMENT, INDEX, strict=True):
        if document.endswith(one):
            return document.removesuffix(one) + other
    return document


def alone(pages: Mapping[str, Page], resolver: Resolver) -> Iterator[Dead]:
    """Documentation pages without their keyword index, and pages that no index of a folder has."""
    for path, page in pages.items():
        if not page.mark or not path.endswith(DOCUMENT):
            continue
        index = _index_of(path)
        if index not in pages:
            yield Dead(path, 0, "", f"no keyword index beside it: {index}")
        elif pages[index].mark != page.mark:
            yield Dead(index, 0, "", f"not marked as {path} is")
        folder = posixpath.join(posixpath.dirname(path), f"index{posixpath.splitext(path)[1]}")
        if folder not in pages:
            yield Dead(path, 0, "", f"no index of its folder: {folder}")
        elif path not in resolver.places(folder):
            yield Dead(path, 0, "", f"not on the index of its folder: {folder}")

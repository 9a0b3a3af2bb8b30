"""What the pages of a folder say alike: names linked to pages, counts, where its pages are."""

from __future__ import annotations

from dataclasses import replace

from kwmagic.evidence.purpose import count
from kwmagic.kinds import noun
from kwmagic.markup import Authored, Block, Code, Inline, Link, Paragraph, Words
from kwmagic.model import FileRef
from kwmagic.pages.navigation import navigation
from kwmagic.pages.site.folder import Folder
from kwmagic.sitelinks import Site

_KINDS = 8
"""Kinds of symbols that one line names."""
INDEX, DOC, KEYWORDS = "index", "doc", "sub"
"""The pages of every folder, without suffix."""
ALL, BOOK = "keywords", "book"
"""Those of the whole site."""


def sited(folder: Folder, site: Site) -> Site:
    """The links of a page that speaks of a folder."""
    return replace(site, pages=dict(folder.pages))


def ready(markdown: str) -> Inline:
    """A line that a writer has made Markdown already, as records hold it."""
    return Words(markdown)


def ways(folder: Folder, site: Site) -> Block:
    """The line under the title: the folders around this one, its other pages, and those of the whole tree."""
    labels = {INDEX: "Index", DOC: "Documentation", KEYWORDS: "Keywords"}
    pages = [(label, site.named(name, folder.page)) for name, label in labels.items()]
    whole = [("All keywords", site.named(ALL)), ("Book", site.named(BOOK))]
    parts = [(label, page) for label, page in [*pages, *whole] if page != site.page]
    return navigation(replace(site, trail=folder.trail), parts)


def inside(folder: Folder, path: str) -> str:
    """A path as the folder's own pages call it: without the folder's in front."""
    return path.removeprefix(f"{folder.path}/") if folder.path else path


def to_document(site: Site, path: str, text: str, fragment: str = "") -> Inline:
    """A name linked to the documentation of a file, or to a place on it; outside of the tree, to the file."""
    page = site.pages.get(path)
    return Link([Code(text)], site.source(FileRef(path)) if page is None else site.to(page, fragment))


def to_source(site: Site, path: str, line: int, text: str = "") -> Inline:
    """A line of a file, linked where a link can work."""
    return Link([Words(text or f"L{line}")], site.source(FileRef(path), line))


def to_index(site: Site, page_folder: str, text: str) -> Inline:
    """A folder's name linked to its index."""
    return Link([Code(text)], site.to(site.named(INDEX, page_folder)))


def numbers(folder: Folder) -> list[str]:
    """`12 files`, `3,400 lines`, and how many symbols of each kind."""
    kinds = ", ".join(f"{number:,} {noun(kind, number)}" for kind, number in folder.counts)
    return [part for part in (count(folder.files, "file"), count(folder.lines, "line"), kinds) if part]


def in_short(folder: Folder) -> list[str]:
    """The same; of many kinds only how many symbols there are."""
    files, lines, *kinds = (count(folder.files, "file"), count(folder.lines, "line"), *numbers(folder)[2:])
    if len(folder.counts) > _KINDS:
        kinds = [f"{sum(number for _, number in folder.counts):,} symbols of {len(folder.counts):,} kinds"]
    return [part for part in (files, lines, *kinds) if part]


def introduced(folder: Folder, site: Site, most: int | None = None) -> list[Block]:
    """What READMEs and packages say of the folder, each with its source."""
    told: list[Block] = []
    for each in folder.introductions[:most]:
        told.append(Authored(each.text))
        name = each.path.rpartition("/")[2]
        told.append(Paragraph([Words("From "), to_document(site, each.path, name), Words(".")]))
    return told

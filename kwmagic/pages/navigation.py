"""The ways from one page of a site to those around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kwmagic.markup import Block, Code, Inline, Link, Paragraph, Words
from kwmagic.pages.places import joined
from kwmagic.sitelinks import Site

_ENDS = 8
"""Folders of a trail that are named at either end of it: pages in deep folders would else be mostly trail."""


def navigation(site: Site, parts: Sequence[tuple[str, str]]) -> Block:
    """The line under a page's title: the folders around it, then (label, page) pairs of our own words."""
    ways: list[list[Inline]] = [trail(site)] if site.trail else []
    ways += [[to_page(site, label, page)] for label, page in parts]
    return Paragraph(joined(ways, " · "))


def trail(site: Site) -> list[Inline]:
    """The folders around a page, from the top, each linked to its index; one whose index this is only named. Of very
    many those in the middle are counted: the page of each leads on upwards."""
    folders = site.page.split("/")[:-1]
    indexes = ["/".join([*folders[:depth], "index.md"]) for depth in range(len(folders) + 1)]
    ways = [*zip(site.trail, indexes, strict=False)]
    links: list[list[Inline]] = [
        [Link([Code(name)], site.to(index))] for name, index in ways[:_ENDS] + ways[_ENDS:][-_ENDS:]
    ]
    if (between := len(ways) - len(links)) > 0:
        links.insert(_ENDS, [Words(f"… {between:,} folders …")])
    return joined(links, " / ")


def to_page(site: Site, label: str, page: str) -> Inline:
    """A label of our own words linked to a page of the site; the page itself is only named."""
    return Link([Words(label)], site.to(page))


def of_file(site: Site) -> Block:
    """The line under the title of a file's documentation."""
    return navigation(site, [("Keyword index", site.keywords), *_of_folder(site)])


def around(site: Site) -> list[list[Inline]]:
    """Links to the keyword index of a file, and to the pages of its folder."""
    pages = [("keyword index", site.keywords), *((label.lower(), page) for label, page in _of_folder(site))]
    return [[to_page(site, label, page)] for label, page in [*pages, ("folder index", _beside(site, "index.md"))]]


def _of_folder(site: Site) -> Iterator[tuple[str, str]]:
    yield "Folder documentation", _beside(site, "doc.md")
    yield "Folder keywords", _beside(site, "sub.md")


def _beside(site: Site, name: str) -> str:
    return "/".join([*site.page.split("/")[:-1], name])

"""The ways from one page of a site to those around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kwmagic.markup import Block, Code, Inline, Link, Paragraph, Words
from kwmagic.pages.places import joined
from kwmagic.sitelinks import Site

_LABELS = {"doc": "Documentation", "sub": "Keywords", "keywords": "All keywords", "book": "Book"}
"""Page of a folder or of the site -> what breadcrumbs call it; those of an index end with the folder."""
_ENDS = 8
"""Folders of a trail that are named at either end of it: pages in deep folders would else be mostly trail."""


def navigation(site: Site, parts: Sequence[tuple[str, str]]) -> Block:
    """The line under a page's title: the folders around it, which a page of HTML has in its breadcrumbs, then
    (label, page) pairs of our own words."""
    ways: list[list[Inline]] = [trail(site)] if site.trail and not site.is_html else []
    ways += [[to_page(site, label, page)] for label, page in parts]
    return Paragraph(joined(ways, " · "))


def trail(site: Site) -> list[Inline]:
    """The folders around a page, from the top, each linked to its index; one whose index this is only named. Of very
    many those in the middle are counted: the page of each leads on upwards."""
    ways = _folders(site)
    links: list[list[Inline]] = [[Link([Code(name)], url)] for name, url in ways[:_ENDS] + ways[_ENDS:][-_ENDS:]]
    if (between := len(ways) - len(links)) > 0:
        links.insert(_ENDS, [Words(_left(between))])
    return joined(links, " / ")


def breadcrumbs(site: Site) -> tuple[tuple[str, str], ...]:
    """The same as (name, URL) pairs that end with the page itself, whose URL is empty."""
    ways = _folders(site)
    if (between := len(ways) - 2 * _ENDS) > 0:
        ways[_ENDS:-_ENDS] = [(_left(between), "")]
    name = site.page.rpartition("/")[2].removesuffix(site.suffix)
    if site.path:
        document = site.to(site.pages[site.path])
        ways.append((site.path.rpartition("/")[2], document))
        return (*ways, ("Keyword index", "")) if document else tuple(ways)
    whole, _, part = name.partition("-")
    if (label := _LABELS.get(whole)) is None:
        return tuple(ways)
    folder = site.page.rpartition("/")[0]
    ways.append((label, site.to(site.named(whole, folder))))
    letter, _, number = part.partition("-")
    return (*ways, (f"{lettered(letter)}{number and f', page {number}'}", "")) if part else tuple(ways)


def lettered(letter: str) -> str:
    """What the pages of a letter are called, as that stands in their names."""
    return letter.upper() if letter.isalpha() else "0–9 and others"


def _folders(site: Site) -> list[tuple[str, str]]:
    """The folders around a page, each with the URL of its index, which is empty for this page itself."""
    folders = site.page.split("/")[:-1]
    indexes = [site.named("index", "/".join(folders[:depth])) for depth in range(len(folders) + 1)]
    return [(name, site.to(index)) for name, index in zip(site.trail, indexes, strict=False)]


def _left(between: int) -> str:
    return f"… {between:,} folders …"


def to_page(site: Site, label: str, page: str) -> Inline:
    """A label of our own words linked to a page of the site; the page itself is only named."""
    return Link([Words(label)], site.to(page))


def of_file(site: Site) -> Block:
    """The line under the title of a file's documentation."""
    return navigation(site, [("Keyword index", site.keywords), *_of_folder(site)])


def around(site: Site) -> list[list[Inline]]:
    """Links to the keyword index of a file, and to the pages of its folder."""
    pages = [("keyword index", site.keywords), *((label.lower(), page) for label, page in _of_folder(site))]
    return [[to_page(site, label, page)] for label, page in [*pages, ("folder index", _beside(site, "index"))]]


def _of_folder(site: Site) -> Iterator[tuple[str, str]]:
    yield "Folder documentation", _beside(site, "doc")
    yield "Folder keywords", _beside(site, "sub")


def _beside(site: Site, name: str) -> str:
    return site.named(name, site.page.rpartition("/")[0])

"""The lists of all symbols: `sub` of a folder, by kind, and `keywords` of the site, A to Z."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from kwmagic.evidence.purpose import count
from kwmagic.kinds import PLURALS, noun
from kwmagic.markup import Block, Code, Inline, Item, Link, Paragraph, Strong, Title, Words, Writer
from kwmagic.mdtext import Dest
from kwmagic.pages.navigation import lettered, navigation
from kwmagic.pages.places import joined
from kwmagic.pages.site.entries import LETTERS
from kwmagic.pages.site.letters import MOST, Line, Listed, Totals, first_name, lines, starts, totals
from kwmagic.pages.site.wording import ALL, BOOK, DOC, KEYWORDS
from kwmagic.sitelinks import Site

LONG = 1_000
"""Entries beyond which a list is split into a front page and a page a letter."""


class Listing(NamedTuple):
    """One list: of what, and where."""

    label: str
    """The folder or the project, as pages name it."""
    site: Site
    """Of the list's front page; the pages of its letters lie beside it."""
    by_kind: bool
    """Whether entries stand under their kind (`sub`) or one after the other (`keywords`)."""

    def page_of(self, letter: str, number: int = 1) -> str:
        """A page of a letter: `nn/sub-a.md`, `nn/sub-a-2.md`."""
        stem, _, suffix = self.site.page.rpartition(".")
        return f"{stem}-{letter}{f'-{number}' if number > 1 else ''}.{suffix}"

    def pages_of(self, letter: str, entries: int) -> list[str]:
        """All pages of a letter."""
        return [self.page_of(letter, number + 1) for number in range(-(-entries // MOST))]

    def menu_title(self, page: str) -> str:
        """What the menus of a site generator call a page of the list: `nn: keywords A–Z, T, page 2`."""
        part = page.rpartition(".")[0][len(self.site.page.rpartition(".")[0]) + 1 :]
        letter, _, number = part.partition("-")
        ways = "by kind" if self.by_kind else "A–Z"
        return f"{self.label}: keywords {ways}{letter and f', {lettered(letter)}'}{number and f', page {number}'}"


def is_split(found: Totals) -> bool:
    """Whether the list is too long for one page."""
    return found.entries > LONG


def pages(
    listing: Listing, files: Sequence[Listed], letters: Collection[str] | None = None
) -> Iterator[tuple[str, str]]:
    """(page from the top of the output, its Markdown) of the list of these files; always the front page.

    *letters*: only the pages of these, where the list is split; None for all. The pages of a letter depend on its
    entries and on which letters there are. Files may come in any order.
    """
    found = totals(files)
    if not is_split(found):
        groups = lines(files, listing.site, LETTERS, kinds=not listing.by_kind)
        body = [line for letter in LETTERS for line in groups.get(letter, ())]
        yield listing.site.page, _page(listing, "", _told(found), _entries(listing, body))
        return
    yield listing.site.page, _page(listing, "", [*_told(found), *_contents(listing, files, found)], [])
    groups = lines(files, listing.site, LETTERS if letters is None else letters, kinds=not listing.by_kind)
    for letter in found.letters:
        if letter in groups:
            yield from _letter(listing, found, letter, groups[letter])


def _letter(listing: Listing, found: Totals, letter: str, group: Sequence[Line]) -> Iterator[tuple[str, str]]:
    """The pages of one letter."""
    names = listing.pages_of(letter, len(group))
    firsts = [first_name(line.key) for line in group[::MOST]]
    for number, name in enumerate(names):
        here = listing._replace(site=replace(listing.site, page=name))
        head: list[Block] = [Paragraph([Words(f"{count(len(group), 'keyword')}.")]), _bar(here, listing, found, letter)]
        if len(names) > 1:
            head.append(Paragraph(joined(_parts(here, names, firsts))))
        yield name, _page(here, letter, head, _entries(listing, group[number * MOST : (number + 1) * MOST]))


def _page(listing: Listing, letter: str, head: Sequence[Block], body: Sequence[str]) -> str:
    name = "Keyword Index" if listing.by_kind else "Keywords A–Z"
    of = [Words(f", {lettered(letter)}")] if letter else []
    blocks = [Title(1, [Words(f"{name}: "), Code(listing.label), *of]), _navigation(listing), *head]
    return "\n".join([Writer(Dest.PAGE).write(blocks), *body]).rstrip("\n") + "\n"


def _navigation(listing: Listing) -> Block:
    site = listing.site
    if not listing.by_kind:
        return navigation(site, [("Keywords by kind", site.named(KEYWORDS)), ("Book", site.named(BOOK))])
    document = site.named(DOC, site.page.rpartition("/")[0])
    return navigation(site, [("Folder documentation", document), ("All keywords", site.named(ALL))])


def _told(found: Totals) -> list[Block]:
    if not found.entries:
        return [Paragraph([Words("Nothing is defined in the files of this folder.")])]
    kinds = ", ".join(f"{number:,} {noun(kind, number)}" for kind, number in found.kinds.items())
    return [Paragraph([Words(f"{count(found.entries, 'keyword')} in {count(found.files, 'file')}: {kinds}.")])]


def _entries(listing: Listing, found: Sequence[Line]) -> list[str]:
    """The lines of a page; by kind, or as they come."""
    if not listing.by_kind:
        return [line.text for line in found]
    groups: dict[str, list[str]] = defaultdict(list)
    for line in found:
        groups[line.kind].append(line.text)
    body: list[str] = []
    for kind, heading in PLURALS.items():
        if kind in groups:
            body += [f"## {heading} ({len(groups[kind]):,})", "", *groups[kind], ""]
    return body


def _contents(listing: Listing, files: Sequence[Listed], found: Totals) -> Iterator[Block]:
    """A line a letter, with links to all its pages."""
    firsts = starts(files, [letter for letter, entries in found.letters.items() if entries > MOST])
    for letter, entries in found.letters.items():
        line: list[Inline] = [Link([Words(lettered(letter))], listing.site.to(listing.page_of(letter)))]
        if letter in firsts:
            parts = _parts(listing, listing.pages_of(letter, entries), firsts[letter])
            line = [Words(f"{lettered(letter)}: "), *joined(parts)]
        yield Item(0, [*line, Words(f" · {count(entries, 'keyword')}")])


def _parts(listing: Listing, names: Sequence[str], firsts: Sequence[str]) -> list[list[Inline]]:
    """Links to the pages of one letter, each with the name that it begins with."""
    links = (
        Link([Words("from "), Code(first)], listing.site.to(name)) for name, first in zip(names, firsts, strict=True)
    )
    return [[link if link.href else Strong("this page")] for link in links]


def _bar(here: Listing, listing: Listing, found: Totals, letter: str) -> Block:
    """Links to the front page and to the other letters."""
    line: list[list[Inline]] = [[Link([Words("All letters")], here.site.to(listing.site.page))]]
    for each in found.letters:
        page = here.site.to(listing.page_of(each))
        line.append([Strong(lettered(each)) if each == letter else Link([Words(lettered(each))], page)])
    return Paragraph(joined(line, " · "))

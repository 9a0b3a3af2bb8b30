"""The lines of a list of symbols: joined from ready parts, since every folder above a file lists it anew."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from kwmagic.kinds import PLURALS, noun
from kwmagic.mdtext import Dest, code, link
from kwmagic.pages.entry import shortened
from kwmagic.pages.site.entries import LETTERS, SiteEntry
from kwmagic.sitelinks import Site

MOST = 2_500
"""Entries of one letter on a page, the next ones are on another: half a megabyte, which forges and browsers show."""


_LABEL = 40
"""Characters of a name that says where a page begins."""


class Listed(NamedTuple):
    """One file in a list."""

    path: str
    """Of the source, from the folder that the list is of."""
    page: str
    """Its documentation page, from the top of the output."""
    entries: Sequence[SiteEntry]


class Totals(NamedTuple):
    """How much there is to list."""

    files: int
    """Those that have entries."""
    kinds: Mapping[str, int]
    """Kind -> number of entries, in the order of `PLURALS`."""
    letters: Mapping[str, int]
    """Letter -> number of entries, in the order of `LETTERS`."""

    @property
    def entries(self) -> int:
        return sum(self.kinds.values())


def totals(files: Iterable[Listed]) -> Totals:
    """Counted over the entries themselves, so that a list agrees with what stands in it."""
    number = 0
    kinds: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    for each in files:
        number += bool(each.entries)
        kinds.update(map(itemgetter(0), each.entries))
        letters.update(map(itemgetter(1), each.entries))
    return Totals(
        number,
        {kind: kinds[kind] for kind in PLURALS if kinds[kind]},
        {letter: letters[letter] for letter in LETTERS if letters[letter]},
    )


def starts(files: Iterable[Listed], letters: Collection[str]) -> dict[str, list[str]]:
    """Letter -> the first name of each of its pages."""
    keys: dict[str, list[str]] = {letter: [] for letter in letters}
    for file in files:
        for each in file.entries:
            if each[1] in keys:
                keys[each[1]].append(each[2])
    return {letter: [first_name(key) for key in sorted(keys[letter])[::MOST]] for letter in keys}


def first_name(key: str) -> str:
    """The name that an entry is sorted by, as a label."""
    return shortened(key.partition("\0")[2], _LABEL)


class Line(NamedTuple):
    """One entry as it stands in a list."""

    key: str
    kind: str
    text: str


def lines(files: Iterable[Listed], site: Site, letters: Collection[str], *, kinds: bool) -> dict[str, list[Line]]:
    """Letter -> its entries by name, path and line; *kinds*: whether each says its kind."""
    found: dict[str, list[Line]] = defaultdict(list)
    for each in sorted(files, key=itemgetter(0)):
        before, after = _around(each.path)
        page = link("", site.to(each.page), Dest.PAGE)[3:-1]
        for kind, letter, key, anchor, label, about, spot, summary in each.entries:
            if letter in letters:
                href = f"{page}#{anchor}" if anchor else page
                what = f" {_NOUNS[kind]}{about}" if kinds else about
                says = f" — {summary}" if summary else ""
                found[letter].append(Line(key, kind, f"- [{label}]({href}){what} · {before}{spot}{after}{says}"))
    for group in found.values():
        group.sort(key=itemgetter(0))  # stable: files come by path, entries by line
    return found


_NOUNS = {kind: noun(kind, 1) for kind in PLURALS}


def _around(path: str) -> tuple[str, str]:
    """The code span of a path, cut where the line goes: written once, not for each entry of the file."""
    before, _, after = code(f"{path}:0", Dest.PAGE).rpartition(":0")
    return before, after

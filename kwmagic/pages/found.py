"""What a search found: definitions grouped by how they match, and what may be meant where nothing does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from kwmagic.anchors import anchor
from kwmagic.evidence.purpose import count
from kwmagic.links import Reader
from kwmagic.markup import Anchor, Block, Code, Inline, Item, Paragraph, Summary, Title, Words
from kwmagic.model import FileFacts, Symbol
from kwmagic.pages.entry import code_spans, doc_of, entry, listed, shortened


class Match(NamedTuple):
    """A definition that matches."""

    facts: FileFacts
    symbol: Symbol
    reason: str
    """What of it matches: `name`, `signature`, `docstring` …"""
    files: int = 0
    """How many files use it."""
    uses: int = 0

    @property
    def path(self) -> str:
        """Of its file."""
        return self.facts.path

    def __repr__(self) -> str:
        return f"<{self.path}:{self.symbol.line} {self.symbol.kind} {self.symbol.qualname} by {self.reason}>"


class Search(NamedTuple):
    """What was looked for, where, and what there is."""

    words: str
    """As typed."""
    matches: Sequence[Match]
    """The best."""
    place: str = ""
    """What was searched, as pages name it."""
    total: int = 0
    """How many match, with those that are not among the best."""
    files: int = 0
    """How many files were searched."""
    unknown: Mapping[str, Sequence[str]] = {}
    """The words that match nothing, each with names that are like it."""
    notes: Sequence[str] = ()
    """One sentence each, code between backticks."""


def page(search: Search, reader: Reader, most: int) -> Iterator[Block]:
    """The best matches, at most so many, and the number of the others."""
    yield Paragraph([Anchor(top_anchor(search))])
    yield Title(1, [Words("Search: "), Code(shortened(search.words))])
    searched = f" in {count(search.files, 'file')} of " if search.files else ": there is no file to search in "
    told = f"{count(search.total, 'definition')} {'match' if search.total != 1 else 'matches'}" if search.total else ""
    yield Paragraph([Words(f"{told or 'Nothing matches'}{searched}"), Code(search.place), Words(".")])
    yield from _meant(search)
    for note in search.notes:
        yield Paragraph(code_spans(note))
    shown = search.matches[:most]
    for reason, group in groupby(shown, key=lambda match: match.reason):
        yield Title(2, [Words(f"By {reason}")])
        for match in group:
            yield Item(0, _line(match, reader))
    if search.total > len(shown):
        rest = f"… and {search.total - len(shown):,} more"
        yield Paragraph([Words(f"{rest}; give more words, or a package, folder or file to search in.")])


def top_anchor(search: Search) -> str:
    """The anchor of the page's first line."""
    return anchor("search", f"{search.words}\0{search.place}", "")


def _line(match: Match, reader: Reader) -> list[Inline]:
    symbol, facts = match.symbol, match.facts
    line = entry(symbol, facts, reader, qualified=True, kind=True, summary=False)
    if not symbol.line or symbol.cell or reader.source(facts.ref, symbol.line) is not None:
        line += [Words(" · "), Code(facts.path)]  # without a link the place itself tells the path
    if match.uses:
        line.append(Words(f" · {count(match.uses, 'use')} in {count(match.files, 'file')}"))
    return [*line, Summary(doc_of(symbol, facts), " — ")]


def _meant(search: Search) -> Iterator[Block]:
    if search.total:
        return
    for word, names in search.unknown.items():
        line: list[Inline] = [Words("Nothing has "), Code(shortened(word))]
        yield Item(0, [*line, *(listed("; did you mean ", names) or [Words(" or a name like it")]), Words(".")])
    if search.files and not search.unknown:
        yield Paragraph([Words("Each word is somewhere, but no definition has them all.")])

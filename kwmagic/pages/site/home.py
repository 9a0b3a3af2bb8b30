"""The first page of a site: the index of the top folder, and how to go on from there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kwmagic.evidence.purpose import count
from kwmagic.markup import Block, Code, Fold, Inline, Item, Link, Paragraph, Table, Text, Title, Words
from kwmagic.model import FileRef
from kwmagic.pages.entry import code_spans, sentence
from kwmagic.pages.site.folder import Folder
from kwmagic.pages.site.folder_doc import entries
from kwmagic.pages.site.folder_index import files, overview, subfolders
from kwmagic.pages.site.wording import ALL, BOOK, DOC, KEYWORDS, sited, ways
from kwmagic.sitelinks import Site

Problems = Sequence[tuple[str, int, str]]
"""(path, line or 0, message) each."""
_PROBLEMS = 20
"""Problems that are listed openly; more are folded away."""


def home(folder: Folder, site: Site, problems: Problems, left_out: Mapping[str, int]) -> list[Block]:
    """The whole page; *problems* were met in the files; *left_out*: reason -> number of files and folders."""
    here = sited(folder, site)
    return [
        Title(1, [Words("Documentation: "), Code(folder.name)]),
        ways(folder, here),
        *overview(folder, here),
        Title(2, [Words("How to read these pages")]),
        *_how_to_read(here),
        *subfolders(folder, here),
        *_entry_points(folder, here),
        *files(folder, here),
        *_problems(problems, here),
        *_left_out(left_out),
    ]


def _how_to_read(site: Site) -> Iterator[Block]:
    def page(label: str, name: str) -> Inline:
        return Link([Words(label)], site.to(site.named(name)))

    yield Item(0, [Words("To look up a name: "), page("all keywords", ALL), Words(", from A to Z.")])
    yield Item(
        0,
        [Words("To look around: a folder below, then a file; or "), page("all keywords by kind", KEYWORDS), Words(".")],
    )
    told = Words(": what is used most, what imports what, what is run and tested. Each folder has such a page.")
    yield Item(0, [Words("To understand the whole: "), page("its documentation", DOC), told])
    yield Item(0, [Words("To read on from there, or to print: "), page("the book", BOOK), Words(".")])
    json, inventory = (Link([Words(name)], site.to(name)) for name in ("keywords.json", "objects.inv"))
    yield Item(0, [Words("For programs: "), json, Words(" and "), inventory, Words(" (a Sphinx inventory).")])


def _entry_points(folder: Folder, site: Site) -> Iterator[Block]:
    if blocks := list(entries(folder, site)):
        yield Title(2, [Words("Entry points")])
        yield from blocks


def _problems(problems: Problems, site: Site) -> Iterator[Block]:
    if not problems:
        return
    yield Title(2, [Words("Problems")])
    rows: list[list[list[Inline]]] = [
        [_place(site, path, line), code_spans(message)] for path, line, message in sorted(problems)
    ]
    table = Table(("Where", "What"), rows)
    yield Paragraph([Words(f"{count(len(rows), 'problem')} met in reading; the rest of these files is documented.")])
    yield table if len(rows) <= _PROBLEMS else Fold(f"{count(len(rows), 'problem')}", [table])


def _place(site: Site, path: str, line: int) -> list[Inline]:
    return [Link([Code(f"{path}:{line}" if line else path)], site.source(FileRef(path), line))]


def _left_out(left_out: Mapping[str, int]) -> Iterator[Block]:
    if left_out:
        yield Title(2, [Words("Left out")])
        yield from (Item(0, [Text(f"{sentence(why)}: {number:,}")]) for why, number in sorted(left_out.items()))

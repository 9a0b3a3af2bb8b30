"""The keyword index of one file as a page of a site: names lead to their own sections of the documentation page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from kwmagic.evidence.purpose import count
from kwmagic.markup import (
    Anchor,
    Block,
    Code,
    Fence,
    Fold,
    Inline,
    Inlines,
    Item,
    Link,
    Paragraph,
    Summary,
    Table,
    Text,
    Title,
    Words,
)
from kwmagic.pages import extent
from kwmagic.pages.authored import SECTION_TITLES
from kwmagic.pages.dependencies import project
from kwmagic.pages.entry import counts, doc_of
from kwmagic.pages.keywords import problems
from kwmagic.pages.listing import by_kind
from kwmagic.pages.navigation import navigation
from kwmagic.pages.places import joined
from kwmagic.pages.sections import TITLED
from kwmagic.pages.site.entries import anchored, folded
from kwmagic.pages.subject import View
from kwmagic.sitelinks import Site

_NAMED = 12
"""Keywords of a section that are named even where they are more than half of all."""


def page(view: View, index: extent.Index, docs_blocks: Iterable[Block], site: Site) -> list[Block]:
    """The whole page. *index*: of this one file; *docs_blocks*: its documentation page; *site*: as seen from here."""
    facts, path = view.facts, view.facts.path
    document = site.pages[path]
    url = site.to(document)
    sections = {id(symbol): f"{url}#{found}" for symbol, found in anchored(view) if found}
    reader = index.reader
    if view.reader.site is not None:  # the view knows where on its page each line of the source stands
        reader = replace(reader, site=replace(site, pieces=view.reader.site.pieces))
    index = index._replace(
        target=replace(index.target, project=tuple(sorted(project(view.subject)))),
        reader=reader,
        section=lambda symbol: sections.get(id(symbol)),
        module=lambda name: _page_of(view, index, name),
    )
    return [
        Title(1, [Words("Keyword Index: "), Code(path)]),
        _navigation(site, document),
        *_information(view, index),
        *by_kind(index, extent.EVERYTHING),
        *_sections(view, docs_blocks, url),
        *problems([facts], index.reader),
    ]


def _page_of(view: View, index: extent.Index, module: str) -> str | None:
    target = view.subject.around.targets.get(module)
    return index.reader.about(target) if target else None


def _navigation(site: Site, document: str) -> Block:
    folder = site.page.rpartition("/")[0]
    pages = [
        ("Documentation", document),
        ("Folder documentation", site.named("doc", folder)),
        ("Folder keywords", site.named("sub", folder)),
    ]
    return navigation(site, pages)


def _information(view: View, index: extent.Index) -> Iterator[Block]:
    facts = view.facts
    yield Item(0, [Words("Original file: "), Link([Code(facts.path)], index.reader.source(facts.ref))])
    length = count(facts.lines, "line") if facts.engine not in ("none", "notebook") else ""
    if told := ", ".join(filter(None, [facts.language, length, *facts.flags])):
        yield Item(0, [Words(f"Language: {told}")])
    told = counts(facts.symbols, len(facts.imports))
    yield Item(0, [Words(f"Keywords: {told}" if told else "Nothing is defined or imported")])
    if facts.language not in TITLED and (doc := doc_of(facts, facts)).strip():
        yield Paragraph([Summary(doc)])


class _Section(NamedTuple):
    """One section of the documentation page."""

    title: Inlines
    anchor: str
    numbers: frozenset[int]
    """Places, in `View.symbols`, of what it speaks of."""

    def link(self, url: str) -> Inline:
        words = [part for part in self.title if isinstance(part, Words | Code | Text)]
        return Link(words, f"{url}#{self.anchor}" if self.anchor else url)


def _sections(view: View, docs_blocks: Iterable[Block], url: str) -> Iterator[Block]:
    """Which section of the documentation, the page at *url*, speaks of which keywords."""
    every = len(view.symbols)
    found = [each for each in _spoken_of(view, docs_blocks) if each.numbers]
    if not found:
        return
    yield Title(2, [Words("Sections of the documentation")])
    for each in found:
        if len(each.numbers) < every:
            yield Item(0, [each.link(url), Words(": "), *_keywords(view, each.numbers, url)])
    if whole := [[each.link(url)] for each in found if len(each.numbers) == every]:
        yield Item(0, [*joined(whole), Words(f": all {every:,} keywords" if every > 1 else ": the only keyword")])


def _keywords(view: View, numbers: frozenset[int], url: str) -> list[Inline]:
    """The keywords of a section, linked; only counted where it has most of them anyway."""
    if len(numbers) > max(_NAMED, len(view.symbols) / 2):
        return [Words(f"{len(numbers):,} of {len(view.symbols):,} keywords")]
    first: dict[str, int] = {}
    for number in sorted(numbers):
        first.setdefault(view.symbols[number].qualname, number)
    names = sorted(first, key=lambda name: (folded(name), name))
    return joined([[Link([Code(name)], f"{url}#{view.anchors[first[name]]}")] for name in names])


def _spoken_of(view: View, blocks: Iterable[Block]) -> Iterator[_Section]:
    """The sections of a documentation page with what is linked, anchored or named in each; prose says nothing sure."""
    by_anchor = {anchor: number for number, anchor in enumerate(view.anchors)}
    by_name: dict[str, int] = {}
    for number, symbol in enumerate(view.symbols):
        by_name.setdefault(symbol.qualname, number)
    for title, place, inside in _cut(blocks):
        parts = [part for block in inside for part in _parts(block)]
        found = [
            by_anchor.get(part.identifier) if isinstance(part, Anchor) else by_name.get(part.text) for part in parts
        ]
        if title == [Words(SECTION_TITLES["source"])] and any(isinstance(block, Fence) for block in inside):
            found = list(range(len(view.symbols)))
        yield _Section(title, place, frozenset(number for number in found if number is not None))


def _cut(blocks: Iterable[Block]) -> Iterator[tuple[Inlines, str, list[Block]]]:
    """(title, the anchor right before it, blocks) of each section."""
    title: Inlines = []
    place = before = ""
    inside: list[Block] = []
    for block in blocks:
        if isinstance(block, Title) and block.level == 2:
            if title:
                yield title, place, inside
            title, place, inside = block.inlines, before, []
        inside.append(block)
        before = _only_anchor(block)
    if title:
        yield title, place, inside


def _only_anchor(block: Block) -> str:
    """The anchor that a block is nothing else than."""
    match block:
        case Paragraph([Anchor(identifier)]):
            return identifier
    return ""


def _parts(block: Block) -> Iterator[Anchor | Code]:
    """Every anchor, every link inside the page (as the anchor it leads to) and every piece of code that is no link to
    elsewhere."""
    match block:
        case Title(_, inlines) | Item(_, inlines) | Paragraph(inlines):
            yield from _of_line(inlines)
        case Table(_, rows):
            yield from (part for row in rows for cell in row for part in _of_line(cell))
        case Fold(_, inner):
            yield from (part for each in inner for part in _parts(each))


def _of_line(inlines: Sequence[Inline]) -> Iterator[Anchor | Code]:
    for part in inlines:
        match part:
            case Anchor() | Code():
                yield part
            case Link(_, str(href)) if href.startswith("#"):
                yield Anchor(href[1:])
            case Link(inner, None):
                yield from _of_line(inner)

"""The documentation of one file: its sections in order, the author's words in their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from kwmagic.markup import Anchor, Block, Code, Link, Paragraph, Title, Words
from kwmagic.options import SECTIONS
from kwmagic.pages import (
    architecture,
    definitions,
    dependencies,
    evidence,
    navigation,
    references,
    related,
    sections,
    source,
    testing,
)
from kwmagic.pages.authored import SECTION_TITLES, Part, merged
from kwmagic.pages.entry import code_spans, sentence
from kwmagic.pages.keywords import problems
from kwmagic.pages.places import joined
from kwmagic.pages.subject import View
from kwmagic.sitelinks import Site

_MAKERS: dict[str, Callable[[View], Iterator[Block]]] = {
    "metadata": sections.metadata,
    "purpose": sections.purpose,
    "overview": sections.overview,
    "analysis": definitions.analysis,
    "architecture": architecture.section,
    "dependencies": dependencies.section,
    "patterns": partial(evidence.section, key="patterns"),
    "performance": partial(evidence.section, key="performance"),
    "security": partial(evidence.section, key="security"),
    "testing": testing.section,
    "related": related.section,
    "references": references.section,
    "source": source.section,
}
_OF_ONE_DEFINITION = (
    *("analysis", "architecture", "patterns", "performance", "security", "testing", "references", "source"),
)
"""Sections that make sense where not the file but one definition in it was asked for."""
_SHORT = 40
"""Blocks of a page that needs no table of contents; pages of HTML have one at their side."""


def page(view: View, authored: Sequence[Part] = ()) -> Iterator[Block]:
    """The whole document."""
    subject = view.subject
    if view.reader.site is not None:
        yield from _of_site(view, view.reader.site)
        return
    yield Paragraph([Anchor(view.top)])
    yield from _title(view)
    yield Paragraph([*code_spans(sentence(subject.target.how)), Words(sections.in_short(view))])
    if subject.pending:
        yield Paragraph(code_spans(subject.pending))
    for note in subject.target.notes:
        yield Paragraph(code_spans(note))
    yield from merged(authored, partial(_made, view))
    yield from problems([subject.facts], view.reader)


def _title(view: View) -> Iterator[Block]:
    yield Title(1, [Words("Documentation: "), Code(view.subject.target.label)])


def _made(view: View, key: str) -> list[Block]:
    """A section without its title."""
    shows = key in _MAKERS and view.subject.options.shows(key)
    fits = view.subject.target.focus is None or key in _OF_ONE_DEFINITION
    return list(_MAKERS[key](view)) if shows and fits else []


def _of_site(view: View, site: Site) -> Iterator[Block]:
    """The same as a page of a site: with the ways to others, and an anchor for each section."""
    made = [(key, blocks) for key in SECTIONS if (blocks := _made(view, key))]
    yield from _title(view)
    yield navigation.of_file(site)
    if sum(len(blocks) for _, blocks in made) > _SHORT and not site.is_html:
        links = [[Link([Words(SECTION_TITLES[key])], f"#{view.sections[key]}")] for key, _ in made]
        yield Paragraph([Words("On this page: "), *joined(links, " · ")])
    for key, blocks in made:
        yield Paragraph([Anchor(view.sections[key])])
        yield Title(2, [Words(SECTION_TITLES[key])])
        yield from blocks
    yield from problems([view.facts], view.reader)

"""The documentation of one file: its sections in order, the author's words in their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from kwmagic.markup import Anchor, Block, Code, Paragraph, Title, Words
from kwmagic.pages import (
    architecture,
    definitions,
    dependencies,
    evidence,
    references,
    related,
    sections,
    testing,
)
from kwmagic.pages.authored import Part, merged
from kwmagic.pages.entry import code_spans, sentence
from kwmagic.pages.keywords import problems
from kwmagic.pages.subject import View

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
    "source": sections.source,
}
_OF_ONE_DEFINITION = (
    *("analysis", "architecture", "patterns", "performance", "security", "testing", "references", "source"),
)
"""Sections that make sense where not the file but one definition in it was asked for."""


def page(view: View, authored: Sequence[Part] = ()) -> Iterator[Block]:
    """The whole document."""
    subject = view.subject
    yield Paragraph([Anchor(view.top)])
    yield Title(1, [Words("Documentation: "), Code(subject.target.label)])
    yield Paragraph([*code_spans(sentence(subject.target.how)), Words(sections.in_short(view))])
    if subject.pending:
        yield Paragraph(code_spans(subject.pending))
    for note in subject.target.notes:
        yield Paragraph(code_spans(note))

    def make(key: str) -> list[Block]:
        shows = key in _MAKERS and subject.options.shows(key)
        fits = subject.target.focus is None or key in _OF_ONE_DEFINITION
        return list(_MAKERS[key](view)) if shows and fits else []

    yield from merged(authored, make)
    yield from problems([subject.facts], view.reader)

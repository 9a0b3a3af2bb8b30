"""The documentation of one file: its sections in order, the author's words in their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kwmagic.markup import Anchor, Authored, Block, Code, Paragraph, Text, Title, Words
from kwmagic.options import SECTIONS
from kwmagic.pages import definitions, sections
from kwmagic.pages.authored import SECTION_TITLES, Part
from kwmagic.pages.entry import code_spans, sentence
from kwmagic.pages.keywords import problems
from kwmagic.pages.subject import View

_MAKERS: dict[str, Callable[[View], Iterator[Block]]] = {
    "metadata": sections.metadata,
    "purpose": sections.purpose,
    "overview": sections.overview,
    "analysis": definitions.analysis,
    "architecture": definitions.architecture,
    "dependencies": sections.dependencies_,
    "source": sections.source,
}
_OF_ONE_DEFINITION = ("analysis", "architecture", "source")
"""Sections that make sense where not the file but one definition in it was asked for."""


def page(view: View, authored: Sequence[Part] = ()) -> Iterator[Block]:
    """The whole document."""
    subject = view.subject
    yield Paragraph([Anchor(view.top)])
    yield Title(1, [Words("Documentation: "), Code(subject.target.label)])
    yield Paragraph([*code_spans(sentence(subject.target.how)), Words(sections.in_short(view))])
    for note in subject.target.notes:
        yield Paragraph(code_spans(note))
    yield from own_sections(authored, "")
    is_empty = not authored
    for key in SECTIONS:
        shows = (
            key in _MAKERS and subject.options.shows(key) and (not subject.target.focus or key in _OF_ONE_DEFINITION)
        )
        blocks = list(_MAKERS[key](view)) if shows else []
        words = [Authored(part.markdown) for part in authored if part.key == key and part.markdown]
        if blocks or words:
            yield Title(2, [Words(SECTION_TITLES[key])])
            yield from (*words, *blocks)
            is_empty = False
        yield from own_sections(authored, key)
    if is_empty:
        yield Paragraph([Words("There is nothing to show for the sections that were asked for.")])
    yield from problems([subject.facts], view.reader)


def own_sections(authored: Sequence[Part], after: str) -> Iterator[Block]:
    """The author's text before all sections, and sections of the author's own, behind the section they follow."""
    previous = ""
    for part in authored:
        previous = part.key or previous
        if not part.key and previous == after:
            if part.title:
                yield Title(2, [Text(part.title)])
            if part.markdown:
                yield Authored(part.markdown)

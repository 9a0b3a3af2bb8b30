"""The files of a project that belong together with one of them, each with the reasons."""

from __future__ import annotations

from collections.abc import Iterator

from kwmagic.evidence.related import MOST
from kwmagic.markup import Block, Inline, Item, Link, Words
from kwmagic.pages.authored import SECTION_TITLES
from kwmagic.pages.entry import code_spans, to_file
from kwmagic.pages.places import beginning, joined
from kwmagic.pages.subject import View

_FILES = 15
"""Files that a cell names."""


def section(view: View) -> Iterator[Block]:
    lines = [
        [
            to_file(each.file.path, view.reader.about(each.file), in_cell=view.subject.in_cell),
            Words(" — "),
            *joined([_reason(view, text, line) for text, line in each.reasons], "; "),
        ]
        for each in view.subject.around.related
    ]
    yield from beginning(view, 0, lines, _FILES)
    if len(lines) == MOST:
        yield Item(0, [Words(f"At most {MOST} files are named, the closest first{_rest(view)}")])


def _rest(view: View) -> str:
    """Where the others stand."""
    has_others = view.facts.language != "Markdown" and (view.facts.imports or view.subject.around.importers)
    return f"; {SECTION_TITLES['dependencies']} has all that it imports and that import it" if has_others else ""


def _reason(view: View, text: str, line: int) -> list[Inline]:
    """What a reason says, and its line in the file that the page is about."""
    where: list[Inline] = []
    if line:
        where = [Words(" ("), Link([Words(f"L{line}")], view.reader.source(view.facts.ref, line)), Words(")")]
    return [*code_spans(text), *where]

"""What a file's syntax tells of patterns, performance and security, in the words of the statements themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from kwmagic.markup import Block, Code, Inline, Item, Text, Words
from kwmagic.model import Statement
from kwmagic.pages.entry import code_spans, lines_of
from kwmagic.pages.places import beginning, joined
from kwmagic.pages.subject import View

_TEXTS = 15
"""Different statements of one topic that a cell holds."""
_PLACES = 15
"""Scopes in which one statement is true that a cell names."""


def section(view: View, key: str) -> Iterator[Block]:
    """The statements of one section: by topic, then those of the same words in one entry."""
    topics: dict[str, dict[str, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    for each in view.subject.around.statements:
        if each.section == key and view.subject.covers(each.scope, each.line):
            topics[each.topic][each.text].append(each)
    for topic, texts in topics.items():
        yield Item(0, [Text(topic)])
        lines = [[*code_spans(text), *_where(view, text, found)] for text, found in texts.items()]
        yield from beginning(view, 1, lines, _TEXTS)


def _where(view: View, text: str, found: Sequence[Statement]) -> list[Inline]:
    """` in `f` (L125), `g` (L787)`; what stands in no definition, or in one that the words name, has its line only."""
    scopes: dict[str, list[Statement]] = {}
    for each in found:
        scopes.setdefault("" if f"`{each.scope}`" in text else each.scope, []).append(each)
    top = scopes.pop("", [])
    line: list[Inline] = [Words(" ("), *lines_of(view.reader, view.facts.ref, top), Words(")")] if top else []
    most = view.limit(_PLACES)
    parts = [[Code(scope), *_lines(view, places)] for scope, places in list(scopes.items())[:most]]
    line += [Words(", in " if top else " in "), *joined(parts)] if parts else []
    if most is not None and len(scopes) > most:
        line.append(Words(f" and {len(scopes) - most:,} more"))
    return line


def _lines(view: View, places: Sequence[Statement]) -> list[Inline]:
    return [Words(" ("), *lines_of(view.reader, view.facts.ref, places), Words(")")]

"""What a document of a Markdown file tells beside its outline: what it holds, and where its links lead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from kwmagic.analysers import markdown_detail
from kwmagic.analysers.markdown_detail import CodeBlock, MarkdownDetail
from kwmagic.evidence.purpose import count
from kwmagic.markup import Block, Code, Inline, Item, Link, Paragraph, Text, Words
from kwmagic.pages.entry import lines_of, place
from kwmagic.pages.subject import View

_KINDS = {
    "file": "Files of this repository",
    "anchor": "Headings and anchors of this file",
    "web": "Web",
    "mail": "Mail",
    "image": "Images",
}
"""Kind of link -> its group, in page order."""
_LINES = 20
"""Lines that are named for one target or language; the rest is counted."""


def front_matter(found: MarkdownDetail) -> Iterator[Block]:
    for key, value in found.front_matter:
        yield Item(0, [Text(f"Front matter, {key}: "), Code(value)] if value else [Text(f"Front matter: {key}")])


def overview(view: View, found: MarkdownDetail) -> Iterator[Block]:
    tasks = f"{found.done:,} of {count(found.tasks, 'task')} done" if found.tasks else ""
    numbers = (
        count(len(found.headings), "heading"),
        count(len(found.links), "link"),
        count(len(found.code), "code block"),
        count(found.tables, "table"),
        tasks,
    )
    if any(numbers):
        yield Paragraph([Words(f"Holds {', '.join(filter(None, numbers))}.")])
    by_language: dict[str, list[CodeBlock]] = {}
    for block in found.code:
        by_language.setdefault(block.language, []).append(block)
    for language, blocks in sorted(by_language.items()):
        name: Inline = Code(language) if language else Words("no language")
        size = f": {count(len(blocks), 'code block')}, {count(sum(block.lines for block in blocks), 'line')}"
        yield Item(0, [name, Words(f"{size} · "), *lines_of(view.reader, view.facts.ref, blocks, _LINES)])


def links(view: View, found: MarkdownDetail, dead: Sequence[tuple[markdown_detail.Link, str]]) -> Iterator[Block]:
    """Those that lead nowhere first, then all by kind and target."""
    if dead:
        yield Item(0, [Words(f"Lead nowhere ({len(dead):,})")])
    for link, reason in dead:
        yield Item(1, [Code(link.target), *place(view.reader, view.facts.ref, link.line), Text(f" — {reason}")])
    nowhere = {link for link, _ in dead}
    numbers = Counter(link.kind for link in found.links if link not in nowhere)
    for kind, heading in _KINDS.items():
        if numbers[kind]:
            yield Item(0, [Words(f"{heading} ({numbers[kind]:,})")])
            yield from _targets(view, [link for link in found.links if link.kind == kind and link not in nowhere])


def _targets(view: View, found: Sequence[markdown_detail.Link]) -> Iterator[Block]:
    by_target: dict[str, list[markdown_detail.Link]] = {}
    for link in found:
        by_target.setdefault(link.target, []).append(link)
    pages = {file.path: view.reader.document(file) for file in view.subject.around.targets.values()}
    most = view.amount.most
    for target, uses in list(by_target.items())[:most]:
        lines = lines_of(view.reader, view.facts.ref, uses, _LINES)
        yield Item(1, [Link([Code(target)], pages.get(_path(view, target))), Words(" · "), *lines])
    if most is not None and len(by_target) > most:
        yield Item(1, [Words(f"… and {len(by_target) - most:,} more")])


def _path(view: View, target: str) -> str:
    """The path that a link in the file leads to."""
    return normpath(join(dirname(view.facts.path), unquote(target.partition("#")[0].partition("?")[0])))

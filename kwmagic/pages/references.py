"""Where other files use what a file defines; where the links of a document lead, and which lead to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kwmagic.analysers.markdown_detail import MarkdownDetail
from kwmagic.evidence.purpose import count
from kwmagic.evidence.surroundings import UsedIn
from kwmagic.markup import Block, Inline, Words
from kwmagic.pages import markdown
from kwmagic.pages.dependencies import importers
from kwmagic.pages.entry import in_page
from kwmagic.pages.places import beginning, every_use, in_file, joined
from kwmagic.pages.subject import View

_NAMES = 15
"""Names that a cell lists."""
_FILES = 10
"""Files that a cell names for each; a page, whose line must still be read, some more."""
_FILES_ON_PAGE = 50


def section(view: View) -> Iterator[Block]:
    content = view.subject.content
    if isinstance(content, MarkdownDetail):
        yield from markdown.links(view, content, view.subject.dead_links)
        yield from importers(view)
    uses = view.subject.around.uses
    names = [name for name, files in uses.items() if files and view.subject.covers(name)]
    names.sort(key=lambda name: (-len(uses[name]), name))
    yield from beginning(view, 0, [_uses(view, name, uses[name]) for name in names], _NAMES)


def _uses(view: View, name: str, files: Sequence[UsedIn]) -> list[Inline]:
    most = view.limit(_FILES) or _FILES_ON_PAGE
    return [
        in_page(name, view.href(name), in_cell=view.subject.in_cell),
        Words(f" is used in {count(len(files), 'file')}: "),
        *joined([in_file(view, each.file, each.spots) for each in files[:most]]),
        *every_use(view, name, len(files) - most),
    ]

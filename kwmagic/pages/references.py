"""Where other files use what a file defines; where the links of a document lead, and which lead to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kwmagic.analysers.markdown_detail import MarkdownDetail
from kwmagic.evidence.purpose import count
from kwmagic.evidence.surroundings import UsedIn
from kwmagic.markup import Block, Item, Words
from kwmagic.pages import markdown, navigation
from kwmagic.pages.dependencies import importers
from kwmagic.pages.entry import in_page
from kwmagic.pages.places import beginning_of, every_use, in_file, joined
from kwmagic.pages.subject import View

_NAMES = 15
"""Names that a cell lists."""
_FILES = 10
"""Files that a cell names for each; a page, which must still be read, some more."""
_FILES_ON_PAGE = 50
_IN_LINE = 3
"""Files that are named in one line; more stand below each other."""


def section(view: View) -> Iterator[Block]:
    if view.reader.site is not None:
        yield Item(0, joined(navigation.around(view.reader.site), " · "))
    content = view.subject.content
    if isinstance(content, MarkdownDetail):
        yield from markdown.links(view, content, view.subject.dead_links)
        yield from importers(view)
    uses = view.subject.around.uses
    names = [name for name, files in uses.items() if files and view.subject.covers(name)]
    names.sort(key=lambda name: (-len(uses[name]), name))
    yield from beginning_of(view, 0, [_used(view, name, uses[name]) for name in names], _NAMES)


def _used(view: View, name: str, files: Sequence[UsedIn]) -> list[Item]:
    """One line, or a line and one for each file."""
    most = view.limit(_FILES) or _FILES_ON_PAGE
    users = [in_file(view, each.file, each.spots) for each in files[:most]]
    said = Words(f" is used in {count(len(files), 'file')}")
    lead = [in_page(name, view.href(name), in_cell=view.subject.in_cell), said]
    if len(users) <= _IN_LINE:
        return [Item(0, [*lead, Words(": "), *joined(users), *every_use(view, name, len(files) - most)])]
    rest = every_use(view, name, len(files) - most)
    return [Item(0, lead), *(Item(1, each) for each in users), *([Item(1, [Words("…"), *rest])] if rest else [])]

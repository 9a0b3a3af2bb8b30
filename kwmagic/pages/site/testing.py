"""What tests a folder, and the commands that run these tests."""

from __future__ import annotations

from collections.abc import Iterator

from kwmagic.evidence.purpose import count
from kwmagic.markup import Block, Code, Fold, Inline, Item, Words
from kwmagic.pages.site.folder import Folder, Tested
from kwmagic.pages.site.wording import to_document
from kwmagic.sitelinks import Site

_NAMED = 12
"""Test modules that are named openly; the rest is folded."""


def section(folder: Folder, site: Site) -> Iterator[Block]:
    """The test modules, those that test most of the folder first."""
    if folder.test_modules:
        yield Item(0, [Words(f"In this folder: {count(folder.test_modules, 'test module')}")])
    if not folder.tests:
        return
    are = "are" if folder.tested > 1 else "is"
    by = count(len(folder.tests), "test module")
    yield Item(0, [Words(f"{count(folder.tested, 'file')} of this folder {are} tested by {by}")])
    lines = [_tested(each, site) for each in folder.tests]
    yield from (Item(1, line) for line in lines[:_NAMED])
    if rest := lines[_NAMED:]:
        yield Fold(f"{count(len(rest), 'more test module')}", [Item(0, line) for line in rest])


def _tested(each: Tested, site: Site) -> list[Inline]:
    line = [to_document(site, each.path, each.path), Words(f" tests {count(each.files, 'file')}")]
    return [*line, Words(": "), Code(each.command)] if each.command else line

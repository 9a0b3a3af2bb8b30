"""The whole site as one document: a chapter a folder, those first that the others stand on; glossary and file list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kwmagic.anchors import anchor
from kwmagic.evidence.purpose import count
from kwmagic.kinds import noun
from kwmagic.markup import Anchor, Block, Code, Fold, Inline, Item, Link, Paragraph, Table, Title, Words
from kwmagic.pages.navigation import navigation
from kwmagic.pages.record import Definition, Record
from kwmagic.pages.site.edges import ranks
from kwmagic.pages.site.folder import Folder
from kwmagic.pages.site.folder_doc import sections
from kwmagic.pages.site.wording import ALL, DOC, INDEX, in_short, ready, sited, to_document, to_source
from kwmagic.sitelinks import Site

_GLOSSARY, _FILES = anchor("book", "", "the-glossary"), anchor("book", "", "the-files")
_TERMS = 1_000
"""Documented names that make a glossary one can read; of more, those that several other files use."""
_SEVERAL = 2


def chapters(folders: Mapping[str, Folder]) -> list[str]:
    """The folders in the order of the book: each before what is in it, and of the folders in one folder each behind
    those that it imports at module level."""
    ordered: list[str] = []
    waiting = [""]
    while waiting:
        path = waiting.pop()
        ordered.append(path)
        waiting += reversed([each for knot in _ranks(folders[path]) for each in knot])
    return ordered


def _ranks(folder: Folder) -> list[list[str]]:
    return ranks((child.path for child in folder.children), folder.packages)


def front(folders: Mapping[str, Folder], site: Site) -> list[Block]:
    """Title, how to read the book, and its table of contents."""
    top = folders[""]
    rings = [knot for folder in folders.values() for knot in _ranks(folder) if len(knot) > 1]
    said = (
        "A chapter a folder. Folders that import nothing of those beside them come first, those that import them after"
    )
    ring = (
        f"; {count(len(rings), 'group')} of folders import each other in a ring, so the most imported come first there"
    )
    return [
        Title(1, [Words("The book of "), Code(top.name)]),
        navigation(
            site, [("Index", site.named(INDEX)), ("Documentation", site.named(DOC)), ("All keywords", site.named(ALL))]
        ),
        Paragraph([Words(f"{' · '.join(in_short(top))}.")]),
        Paragraph([Words(f"{said}{ring if rings else ''}. Imports at module level count.")]),
        Title(2, [Words("Contents")]),
        *(_entry(folders[path], site) for path in chapters(folders)),
        *([Item(0, [Link([Words("Glossary")], f"#{_GLOSSARY}")])] if top.documented else []),
        Item(0, [Link([Words("All files")], f"#{_FILES}")]),
    ]


def _entry(folder: Folder, site: Site) -> Block:
    href = f"#{_place(folder.path)}" if tells(folder) else site.to(site.named(INDEX, folder.page))
    name = Link([Code(folder.trail[-1])], href)
    return Item(len(folder.trail) - 1, [name, Words(f" · {count(folder.files, 'file')}")])


def tells(folder: Folder) -> bool:
    """Whether there is more to tell of a folder than how much it holds; else the table of contents leads to its
    index."""
    return bool(
        folder.introductions or folder.concepts or folder.modules or folder.packages or folder.entries or folder.tests
    )


def _place(path: str) -> str:
    return anchor("book", path, path)


def chapter(folder: Folder, site: Site) -> list[Block]:
    """What the documentation of a folder says, under one heading; nothing where it says little."""
    if not tells(folder):
        return []
    here = sited(folder, site)
    return [
        Paragraph([Anchor(_place(folder.path))]),
        Title(2, [Code(folder.name)]),
        *(_unfolded(block, folder, here) for block in sections(folder, here, 3)),
    ]


def _unfolded(block: Block, folder: Folder, site: Site) -> Block:
    """What the folder's own page folds away stays there: nothing opens on paper."""
    if not isinstance(block, Fold):
        return block
    link = Link([Words("in the folder's documentation")], site.to(site.named(DOC, folder.page)))
    return Paragraph([Words(f"{block.summary}: "), link, Words(".")])


def glossary(records: Mapping[str, Record], site: Site) -> list[Block]:
    """The documented public names with what they are and where; *site* knows the pages of all files."""
    found = [(path, each) for path in sorted(records) for each in records[path].definitions if each.summary]
    if not found:
        return []
    told = found if len(found) <= _TERMS else [(path, each) for path, each in found if each.files >= _SEVERAL]
    ordered = sorted(
        told, key=lambda term: (term[1].qualname.lstrip("_").casefold(), term[1].qualname, term[0], term[1].line)
    )
    return [
        Paragraph([Anchor(_GLOSSARY)]),
        Title(2, [Words("Glossary")]),
        *_scope(len(found), len(told), site),
        *(Item(0, _term(path, each, site)) for path, each in ordered),
    ]


def _scope(documented: int, told: int, site: Site) -> Iterator[Block]:
    if told < documented:
        left = documented - told
        are = "is" if left == 1 else "are"
        said = f"The documented names that at least {_SEVERAL} other files use; {left:,} more {are} in "
        yield Paragraph([Words(said), Link([Words("all keywords")], site.to(site.named(ALL))), Words(".")])


def _term(path: str, each: Definition, site: Site) -> list[Inline]:
    where = [Code(path), Words(", "), to_source(site, path, each.line)]
    name = to_document(site, path, each.qualname, each.anchor)
    return [name, Words(f" ({noun(each.kind, 1)}, "), *where, Words(") — "), ready(each.summary)]


def file_list(records: Mapping[str, Record], site: Site) -> list[Block]:
    """Every file; *site* knows the pages of all."""
    rows = [_row(records[path], site) for path in sorted(records)]
    return [
        Paragraph([Anchor(_FILES)]),
        Title(2, [Words("All files")]),
        Table(("File", "Language", "Lines", "Symbols"), rows),
    ]


def _row(record: Record, site: Site) -> list[list[Inline]]:
    symbols = sum(record.counts.values())
    return [
        [to_document(site, record.path, record.path)],
        [Words(record.language)],
        [to_source(site, record.path, 0, f"{record.lines:,}")],
        [Words(f"{symbols:,}")],
    ]

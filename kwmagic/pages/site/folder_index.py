"""The index of a folder: what it is about, its subfolders, its files."""

from __future__ import annotations

from collections.abc import Iterator

from kwmagic.evidence.purpose import count
from kwmagic.markup import Block, Code, Inline, Inlines, Link, Paragraph, Table, Title, Words
from kwmagic.pages.entry import listed
from kwmagic.pages.places import joined
from kwmagic.pages.site.folder import Child, Folder, Listed
from kwmagic.pages.site.wording import (
    DOC,
    KEYWORDS,
    in_short,
    introduced,
    ready,
    sited,
    to_document,
    to_index,
    to_source,
    ways,
)
from kwmagic.sitelinks import Site


def index_page(folder: Folder, site: Site) -> list[Block]:
    """The index of any folder but the top, whose page is `home.home`."""
    here = sited(folder, site)
    title = Title(1, [Words("Folder: "), Code(folder.name)])
    return [title, ways(folder, here), *overview(folder, here), *subfolders(folder, here), *files(folder, here)]


def overview(folder: Folder, site: Site) -> Iterator[Block]:
    """What is said of the folder, and how much is in it."""
    yield from introduced(folder, site, most=1)
    yield Paragraph([Words(f"{' · '.join(in_short(folder))}.")])
    if len(folder.languages) > 1:
        told = [f"{each.name} {each.files:,} ({count(each.lines, 'line')})" for each in folder.languages]
        yield Paragraph([Words(f"Files by language: {', '.join(told)}.")])


def subfolders(folder: Folder, site: Site) -> Iterator[Block]:
    """A table of them."""
    if folder.children:
        yield Title(2, [Words("Subfolders")])
        header = ("Folder", "Description", "Documentation", "Keywords", "Files", "Lines", "Symbols")
        yield Table(header, [_child(each, site) for each in folder.children])


def _child(child: Child, site: Site) -> list[Inlines]:
    name = child.path.rpartition("/")[2]
    return [
        [to_index(site, child.page, f"{name}/")],
        about(child),
        [Link([Words("doc")], site.to(site.named(DOC, child.page)))],
        [Link([Words("keywords")], site.to(site.named(KEYWORDS, child.page)))],
        *([Words(f"{number:,}")] for number in (child.files, child.lines, child.symbols)),
    ]


def about(child: Child) -> Inlines:
    """What is said of a subfolder, else what of it is used most, else its languages; and that it holds tests."""
    told: list[list[Inline]] = [[ready(child.about)]] if child.about else []
    if child.names:
        told.append(listed("Most used: ", child.names))
    if child.languages:
        told.append([Words(", ".join(f"{name}: {count(files, 'file')}" for name, files in child.languages))])
    if child.tests:
        told.append([Words(count(child.tests, "test module"))])
    return joined(told, " · ")


def files(folder: Folder, site: Site) -> Iterator[Block]:
    """A table of the files in the folder itself."""
    if folder.listed:
        yield Title(2, [Words("Files")])
        header = ("File", "Description", "Documentation", "Keywords", "Lines", "Symbols")
        yield Table(header, [_file(each, site) for each in folder.listed])


def _file(file: Listed, site: Site) -> list[Inlines]:
    name = file.path.rpartition("/")[2]
    return [
        [to_document(site, file.path, name)],
        [ready(file.about)] if file.about else [],
        [Link([Words("documentation")], site.document(file.path))],
        [Link([Words("keywords")], site.to(file.keywords))],
        [to_source(site, file.path, 0, f"{file.lines:,}")],
        [Words(f"{file.symbols:,}")],
    ]

"""The documentation of a folder: its role, what matters in it, how its parts hang together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kwmagic.evidence.purpose import count
from kwmagic.kinds import noun
from kwmagic.markup import Block, Code, Inline, Item, Link, Paragraph, Table, Title, Words
from kwmagic.pages.places import joined
from kwmagic.pages.sections import size
from kwmagic.pages.site import imports, testing
from kwmagic.pages.site.folder import Concept, Entry, Folder, Group, Important, Word
from kwmagic.pages.site.wording import (
    INDEX,
    KEYWORDS,
    inside,
    introduced,
    numbers,
    ready,
    sited,
    to_document,
    to_index,
    to_source,
    ways,
)
from kwmagic.sitelinks import Site


def doc_page(folder: Folder, site: Site) -> list[Block]:
    """The whole page."""
    here = sited(folder, site)
    title = Title(1, [Words("Folder documentation: "), Code(folder.name)])
    return [title, ways(folder, here), *sections(folder, here, 2)]


def sections(folder: Folder, site: Site, level: int) -> Iterator[Block]:
    """Those that have something to say, under headings of this level; *site* knows the pages of the folder's files."""
    for title, make in _SECTIONS.items():
        if blocks := list(make(folder, site)):
            yield Title(level, [Words(title)])
            yield from blocks


def _contents(folder: Folder, site: Site) -> Iterator[Block]:
    del site
    told = [*numbers(folder), size(folder.size)]
    if folder.public:
        public = count(folder.public, "public definition")
        told.append(f"{public} at the top level of files, {folder.documented:,} documented")
    yield from (Item(0, [Words(each)]) for each in told)
    if len(folder.languages) > 1:
        rows = [
            [[Words(each.name)], [Words(f"{each.files:,}")], [Words(f"{each.lines:,}")]] for each in folder.languages
        ]
        yield Table(("Language", "Files", "Lines"), rows)


def _concepts(folder: Folder, site: Site) -> Iterator[Block]:
    yield from (Item(0, _concept(each, folder, site)) for each in folder.concepts)
    left = folder.public - len(folder.concepts)
    if folder.concepts and left > 0:
        where = Link([Words("keywords of the folder")], site.to(site.named(KEYWORDS, folder.page)))
        yield Item(0, [Words(f"… and {count(left, 'more public definition')}, in the "), where])
    if folder.words:
        named = joined([_word(each, site) for each in folder.words])
        yield Paragraph([Words("Words in names that are rare outside of this folder: "), *named, Words(".")])


def _concept(each: Concept, folder: Folder, site: Site) -> list[Inline]:
    name = to_document(site, each.path, each.qualname, each.anchor)
    used = f" · used in {count(each.files, 'file')}"
    line = [name, Words(f" · {noun(each.kind, 1)} in "), Code(inside(folder, each.path)), Words(" · ")]
    line += [to_source(site, each.path, each.line), Words(used)]
    return [*line, Words(" — "), ready(each.summary)] if each.summary else line


def _word(each: Word, site: Site) -> list[Inline]:
    example = to_document(site, each.path, each.qualname, each.anchor)
    return [Code(each.word), Words(f" ({each.names:,} names, such as "), example, Words(")")]


def _important(folder: Folder, site: Site) -> Iterator[Block]:
    for each in folder.important:
        name = to_document(site, each.path, inside(folder, each.path))
        yield Item(0, [name, Words(" — "), *joined(_reasons(each, site), "; ")])
    if (left := folder.used - len(folder.important)) > 0:
        yield Item(0, [Words(f"… and {count(left, 'more file')} that others use; their own pages say which.")])


def _reasons(each: Important, site: Site) -> Iterator[list[Inline]]:
    if each.importers:
        yield [Words(f"imported by {count(each.importers, 'file')}")]
    if each.files:
        name = to_document(site, each.path, each.qualname, each.anchor)
        yield [name, Words(f" is used in {count(each.files, 'file')}")]


def entries(folder: Folder, site: Site) -> Iterator[Block]:
    """What is run: commands that are installed, and files that run as scripts."""
    for each in folder.entries:
        yield from (Item(0, line) for line in _entry(each, folder, site))


def _entry(each: Entry, folder: Folder, site: Site) -> Iterator[list[Inline]]:
    name = to_document(site, each.path, inside(folder, each.path))
    for script in each.scripts:
        where = to_source(site, each.path, script.line)
        yield [
            Code(script.name),
            Words(" calls "),
            Code(script.call),
            Words(" ("),
            name,
            Words(", "),
            where,
            Words(")"),
        ]
    if not each.scripts:
        yield [name, *([Words(": "), Code(each.command)] if each.command else [Words(" runs as a script")])]


def _references(folder: Folder, site: Site) -> Iterator[Block]:
    importers = sum(each.files for each in folder.importers)
    if importers:
        lead = Words(f"Imported by {count(importers, 'file')} outside of the folder: ")
        yield Item(0, [lead, *_groups(folder.importers, site)])
    imported = sum(each.files for each in folder.imported)
    if imported:
        lead = Words(f"Imports {count(imported, 'file')} outside of the folder: ")
        yield Item(0, [lead, *_groups(folder.imported, site)])
    if folder.third_parties:
        yield Item(0, [Words("Third parties, each with the number of files that import it: "), *_packages(folder)])
    index, keywords = (site.to(site.named(name, folder.page)) for name in (INDEX, KEYWORDS))
    yield Item(
        0, [Words("More: "), Link([Words("its index")], index), Words(", "), Link([Words("its keywords")], keywords)]
    )


def _packages(folder: Folder) -> list[Inline]:
    """`numpy` (12), `yaml` (1)."""
    return joined([[Code(each.name), Words(f" ({each.files:,})")] for each in folder.third_parties])


def _groups(groups: Sequence[Group], site: Site) -> list[Inline]:
    """`torch/distributed/` (120), `torch/hub.py` (1)."""
    return joined([[_group(each, site), Words(f" ({each.files:,})")] for each in groups])


def _group(each: Group, site: Site) -> Inline:
    if each.is_folder:
        name = f"{each.path}/"
        return to_index(site, each.page, name) if each.page else Code(name)
    return Link([Code(each.path)], site.to(each.page) if each.page else None)


_SECTIONS: dict[str, Callable[[Folder, Site], Iterator[Block]]] = {
    "Role": lambda folder, site: iter(introduced(folder, site)),
    "Contents": _contents,
    "Key concepts": _concepts,
    "Architecture": imports.section,
    "Important files": _important,
    "Entry points": entries,
    "Tests": testing.section,
    "Cross-references": _references,
}
"""In page order; those without true content are left out."""

"""How the parts of a folder import each other: a drawing where they are few, else a list; what stands on what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from kwmagic.evidence.purpose import count
from kwmagic.markup import Block, Code, Fence, Fold, Inline, Item, Paragraph, Words
from kwmagic.mdtext import mermaid_label
from kwmagic.pages.places import joined
from kwmagic.pages.site.edges import ranks
from kwmagic.pages.site.folder import Edge, Folder
from kwmagic.pages.site.wording import inside, to_document, to_index, to_source
from kwmagic.sitelinks import Site

_NODES = range(3, 13)
"""Numbers of modules or folders that a drawing tells more of than a line, and legibly."""
_MOST_IMPORTED = 8
_LINES = 15
"""Importers beyond which a list is folded away."""


def section(folder: Folder, site: Site) -> Iterator[Block]:
    """Both graphs, all imports at module level, and what follows for the subfolders."""
    if folder.packages:
        yield from _layers(folder, site)
        yield from _graph(
            folder, folder.packages, "subfolders", [_packages(folder, site, each) for each in _grouped(folder.packages)]
        )
    if folder.modules:
        yield from _graph(
            folder, folder.modules, "files", [_modules(folder, site, each) for each in _grouped(folder.modules)]
        )


def _grouped(edges: Sequence[Edge]) -> list[list[Edge]]:
    return [list(group) for _, group in groupby(edges, lambda edge: edge.importer)]


def _graph(folder: Folder, edges: Sequence[Edge], what: str, lines: Sequence[list[Inline]]) -> Iterator[Block]:
    nodes = sorted({path for edge in edges for path in (edge.importer, edge.imported)})
    said = f"Imports at module level between {len(nodes):,} of the folder's {what}"
    items = [Item(0, line) for line in lines]
    if len(nodes) in _NODES:
        yield Paragraph([Words(f"{said}:")])
        yield Fence("\n".join(_drawing(folder, edges, nodes)), "mermaid")
        yield Fold(f"The same as a list ({count(len(edges), 'import')})", items)
    elif len(items) > _LINES:
        yield Paragraph([Words(f"{said}; most imported: "), *_most_imported(folder, edges), Words(".")])
        yield Fold(f"All as a list ({count(len(edges), 'import')})", items)
    else:
        yield Paragraph([Words(f"{said}:")])
        yield from items


def _most_imported(folder: Folder, edges: Sequence[Edge]) -> list[Inline]:
    """`error.py` (by 12), `page.py` (by 3)."""
    numbers = Counter(edge.imported for edge in edges)
    ranked = sorted(numbers.items(), key=lambda item: (-item[1], item[0]))[:_MOST_IMPORTED]
    return joined([[Code(inside(folder, path)), Words(f" (by {number:,})")] for path, number in ranked])


def _modules(folder: Folder, site: Site, edges: Sequence[Edge]) -> list[Inline]:
    """`a.py` imports `b.py` (L3), `c.py` (L5)."""
    importer = edges[0].importer
    told = [
        [to_document(site, each.imported, inside(folder, each.imported)), *_at(site, importer, each.line)]
        for each in edges
    ]
    return [to_document(site, importer, inside(folder, importer)), Words(" imports "), *joined(told)]


def _at(site: Site, path: str, line: int) -> list[Inline]:
    return [Words(" ("), to_source(site, path, line), Words(")")] if line else []


def _packages(folder: Folder, site: Site, edges: Sequence[Edge]) -> list[Inline]:
    """`a/` imports `b/` (in 12 files)."""
    told = [
        [_folder(folder, site, each.imported), Words(f" (in {count(each.files, 'file')})")]
        for each in sorted(edges, key=lambda edge: (-edge.files, edge.imported))
    ]
    return [_folder(folder, site, edges[0].importer), Words(" imports "), *joined(told)]


def _folder(folder: Folder, site: Site, path: str) -> Inline:
    page = next((child.page for child in folder.children if child.path == path), None)
    name = f"{inside(folder, path)}/"
    return Code(name) if page is None else to_index(site, page, name)


def _layers(folder: Folder, site: Site) -> Iterator[Block]:
    """What stands on nothing, what nothing stands on, and what can't be told apart."""
    importers = {edge.importer for edge in folder.packages}
    imported = {edge.imported for edge in folder.packages}
    if len(importers | imported) < _NODES.start:
        return
    for said, paths in (
        ("Import nothing of the other subfolders, and are imported: ", imported - importers),
        ("Import others, and are imported by none of them: ", importers - imported),
    ):
        if paths:
            yield Item(0, [Words(said), *joined([[_folder(folder, site, path)] for path in sorted(paths)])])
    for knot in ranks(importers | imported, folder.packages):
        if len(knot) > 1:
            said = "Import each other, directly or in a ring: "
            yield Item(0, [Words(said), *joined([[_folder(folder, site, path)] for path in sorted(knot)])])


def _drawing(folder: Folder, edges: Sequence[Edge], nodes: Sequence[str]) -> Iterator[str]:
    number = {path: index for index, path in enumerate(nodes)}
    yield "flowchart LR"
    yield from (f'm{index}["{mermaid_label(inside(folder, path))}"]' for path, index in number.items())
    yield from (f"m{number[edge.importer]} --> m{number[edge.imported]}" for edge in edges)

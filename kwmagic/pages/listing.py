"""The entries of an index: grouped by kind, by file, or only counted by folder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from kwmagic.evidence.imports import ORIGINS, dependencies, project_names
from kwmagic.evidence.purpose import count
from kwmagic.kinds import ASSIGNED, MEMBERS, OUTLINE, PLURALS, noun
from kwmagic.links import Reader
from kwmagic.markup import Block, Code, Inline, Item, Link, Summary, Text, Title, Words
from kwmagic.model import FILE, FileFacts, Import, Symbol
from kwmagic.pages.entry import (
    counts,
    dependency,
    doc_of,
    entry,
    lines_of,
    marks,
    place,
    title,
)
from kwmagic.pages.extent import Index, Shown, folders, shows
from kwmagic.pages.select import Node, Selected, order, owner_of, tree


def by_kind(index: Index, shown: Shown) -> Iterator[Block]:
    groups: dict[str, list[tuple[FileFacts, Symbol]]] = defaultdict(list)
    hide_file = len(index.selected) == 1 and "module" not in index.options.kinds
    for each in index.selected:
        for symbol in order(each.symbols, index.options.sort):
            if shows(symbol, shown) or (FILE in symbol.flags and not hide_file):
                groups[symbol.kind].append((each.facts, symbol))
    left = shown.most
    for kind, heading in PLURALS.items():
        group = groups.get(kind, [])
        if not group:
            continue
        yield Title(2, [Words(f"{heading} ({len(group):,})")])
        yield from _group(index, shown, kind, group[:left])
        if left is not None and len(group) > left:
            yield Item(0, [Words(f"… and {len(group) - left:,} more {noun(kind, 2)}")])
        left = None if left is None else max(0, left - len(group))
    if "import" not in shown.hidden:
        yield from _imports(index)
        yield from _decorators(index)


def _group(index: Index, shown: Shown, kind: str, group: Sequence[tuple[FileFacts, Symbol]]) -> Iterator[Block]:
    if kind in OUTLINE:
        yield from _outline(index, shown, group)
        return
    nested = kind in MEMBERS
    owner = None
    if nested and index.options.sort == "name":
        group = sorted(group, key=lambda each: owner_of(each[1]).lower())
    for facts, symbol in group:
        depth = 1 if nested and owner_of(symbol) else 0
        if depth and (facts.path, owner_of(symbol)) != owner:
            owner = (facts.path, owner_of(symbol))
            yield Item(0, [Code(owner_of(symbol))])
        inner = FILE not in symbol.flags and symbol.qualname != symbol.name and not depth
        yield Item(depth, _entry(index, shown, facts, symbol, qualified=inner))


def _entry(
    index: Index, shown: Shown, facts: FileFacts, symbol: Symbol, *, qualified: bool, kind: bool = False
) -> list[Inline]:
    """One definition: the name leads to its section, where it has one, and the line to the source."""
    url = index.section(symbol)
    if url is None:
        return entry(symbol, facts, index.reader, qualified=qualified, kind=kind, summary=shown.summaries)
    line: list[Inline] = [Words(f"{symbol.kind.replace('_', ' ')} ")] if kind else []
    line += [Link([Code(title(symbol, qualified=qualified))], url), Text(marks(symbol))]
    line += place(index.reader, facts.ref, symbol.line, symbol.end_line, symbol.cell)
    if shown.summaries and (doc := doc_of(symbol, facts)):
        line.append(Summary(doc, " — "))
    return line


def _outline(index: Index, shown: Shown, group: Sequence[tuple[FileFacts, Symbol]]) -> Iterator[Block]:
    """Headings, sections and keys: in the order of their file, one inside the other."""
    for path, pairs in groupby(sorted(group, key=lambda each: each[0].path), key=lambda each: each[0].path):
        found = list(pairs)
        depth = 0
        if len(index.selected) > 1:
            yield Item(0, [Code(path)])
            depth = 1
        symbols = sorted((symbol for _, symbol in found), key=lambda each: (each.cell, each.line, len(each.qualname)))
        yield from _nodes(tree(symbols, "line"), found[0][0], index, shown, depth)


def _imports(index: Index) -> Iterator[Block]:
    project = project_names(each.facts.path for each in index.selected) | set(index.target.project)
    found = [(each.facts, one) for each in index.selected for one in dependencies(each.facts, project, each.imports)]
    if not found:
        return
    names = sum(len(one.imports) for _, one in found)
    if all(one.origin.endswith("includes") for _, one in found):
        yield Title(2, [Words(f"Includes ({names:,})")])
    else:
        yield Title(2, [Words(f"Imports ({count(names, 'name')} from {count(len(found), 'module')})")])
    for origin in ORIGINS:
        group = [each for each in found if each[1].origin == origin]
        if group:
            yield Item(0, [Words(origin)])
            for facts, one in group:
                yield Item(1, dependency(one, facts, index.reader, index.module(one.module)))


def _decorators(index: Index) -> Iterator[Block]:
    if index.options.kinds and "decorator" not in index.options.kinds:
        return
    found: dict[str, list[tuple[FileFacts, Symbol]]] = defaultdict(list)
    for each in index.selected:
        for symbol in each.symbols:
            for decorator in symbol.decorators:
                found[decorator.partition("(")[0]].append((each.facts, symbol))
    if found:
        yield Title(2, [Words(f"{PLURALS['decorator']} ({len(found):,})")])
    for name, uses in sorted(found.items(), key=lambda item: (item[0].lower(), item[0])):
        line: list[Inline] = [Code(f"@{name}"), Words(f" · {_uses([symbol for _, symbol in uses])}")]
        if len(index.selected) == 1:
            line += [Words(": "), *lines_of(index.reader, uses[0][0].ref, [symbol for _, symbol in uses])]
        yield Item(0, line)


def _uses(symbols: Sequence[Symbol]) -> str:
    """`4 uses`; of how many definitions, where some have the decorator more than once: the lines are theirs."""
    lines = len({(symbol.cell, symbol.line) for symbol in symbols})
    apart = f" on {count(lines, 'definition')}" if lines < len(symbols) else ""
    return count(len(symbols), "use") + apart


def by_file(index: Index, shown: Shown) -> Iterator[Block]:
    files = index.selected
    if index.options.kinds or index.options.match:
        files = [each for each in files if each.symbols or each.imports]
    left = shown.most
    for number, each in enumerate(files):
        if left is not None and left <= 0:
            rest = sum(shows(symbol, shown) for later in files[number:] for symbol in later.symbols)
            yield Item(0, [Words(f"… and {rest:,} more keywords in {len(files) - number:,} more files")])
            return
        yield Item(0, _file(each, index.reader, shown))
        left = None if left is None else left - 1
        if shown.unit != "entry":
            continue
        symbols = [symbol for symbol in each.symbols if shows(symbol, shown)]
        yield from _nodes(tree(symbols[:left], index.options.sort), each.facts, index, shown)
        if left is not None and len(symbols) > left:
            yield Item(1, [Words(f"… and {len(symbols) - left:,} more")])
        left = None if left is None else left - len(symbols)
        if "import" not in shown.hidden:
            yield from _import_line(each, index.reader)


def _file(each: Selected, reader: Reader, shown: Shown) -> list[Inline]:
    facts = each.facts
    length = f" · {count(facts.lines, 'line')}" if facts.lines else ""
    line: list[Inline] = [Link([Code(facts.path), Words(length)], reader.source(facts.ref))]
    if shown.unit == "file" and (told := counts(each.symbols, len(each.imports))):
        line.append(Words(f" · {told}"))
    if facts.flags:
        line.append(Words(f" ({', '.join(facts.flags)})"))
    if shown.summaries and (doc := doc_of(facts, facts)):
        line.append(Summary(doc, " — "))
    return line


def _nodes(
    nodes: Sequence[Node], facts: FileFacts, index: Index, shown: Shown, depth: int = 1, *, top: bool = True
) -> Iterator[Block]:
    for symbol, children in nodes:
        kind = symbol.kind not in ASSIGNED | OUTLINE
        yield Item(depth, _entry(index, shown, facts, symbol, qualified=top, kind=kind))
        yield from _nodes(children, facts, index, shown, depth + 1, top=False)


def _import_line(each: Selected, reader: Reader) -> Iterator[Block]:
    by_module: dict[str, list[Import]] = defaultdict(list)
    for one in each.imports:
        by_module[one.module].append(one)
    line: list[Inline] = []
    for module, imports in sorted(by_module.items()):
        line += [Words(", " if line else "imports "), Code(module), Words(" ")]
        line += lines_of(reader, each.facts.ref, imports, most=5)
    if line:
        yield Item(1, line)


def by_folder(index: Index) -> Iterator[Block]:
    for folder, files in sorted(folders(index.selected).items()):
        symbols = [symbol for each in files for symbol in each.symbols]
        number = count(len(files), "file")
        yield Item(0, [Code(folder), Words(" · " + " · ".join(part for part in (number, counts(symbols)) if part))])

"""The keyword index of one file, of a folder or package, or of the notebook."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kwmagic.evidence.imports import ORIGINS, dependencies, project_names
from kwmagic.evidence.purpose import count
from kwmagic.links import Reader, anchor
from kwmagic.markup import Anchor, Block, Code, Inline, Item, Link, Paragraph, Summary, Title, Words
from kwmagic.model import FileFacts, Import, Kind, Symbol, Target
from kwmagic.options import IndexOptions
from kwmagic.pages.entry import (
    ASSIGNED,
    PLURALS,
    code_spans,
    counts,
    dependency,
    entry,
    lines_of,
    noun,
    place,
    sentence,
)
from kwmagic.pages.select import Node, Selected, order, tree


class Shown(NamedTuple):
    """How much of an index one output holds."""

    hidden: tuple[str, ...] = ()
    """Kinds left out, `local` for definitions inside functions."""
    summaries: bool = True
    """Whether each definition is followed by the first sentence of its docstring."""
    unit: str = "entry"
    """`entry`: definitions; `file`: one line a file; `folder`: one line a folder."""
    most: int | None = None
    """The number of entries after which the rest is only counted."""


EVERYTHING = Shown()
_LESS = (
    ("import", "decorator"),
    ("attribute", "variable"),
    ("local",),
    ("method", "property"),
    ("constant", "type_alias"),
    ("function",),
)
_HIDDEN = [tuple(kind for kinds in _LESS[:number] for kind in kinds) for number in range(len(_LESS) + 1)]
LEVELS = (
    *(Shown(hidden, summaries) for hidden in _HIDDEN for summaries in (True, False)),
    Shown(unit="file"),
    Shown(unit="file", summaries=False),
    Shown(unit="folder"),
)
"""From everything to next to nothing: an output that must stay small takes the first that fits."""


def levels(index: Index, most: int) -> Iterator[Shown]:
    """What to try, most first; in the end ever shorter beginnings, of at most `most` entries."""
    unfiltered = not (index.options.kinds or index.options.match)
    has_units = unfiltered and index.by_file
    yield from (shown for shown in (LEVELS if unfiltered else LEVELS[:2]) if has_units or shown.unit == "entry")
    while most > 0:
        yield Shown(_LESS[0], summaries=False, unit="file" if has_units else "entry", most=most)
        most //= 2


class Index(NamedTuple):
    """What an index page is made from."""

    target: Target
    selected: Sequence[Selected]
    options: IndexOptions
    reader: Reader

    @property
    def by_file(self) -> bool:
        """Whether entries stand under their file."""
        return (self.options.group or ("file" if len(self.selected) > 1 else "kind")) == "file"


class Census(NamedTuple):
    """The numbers that decide how much of an index fits."""

    symbols: Counter[tuple[str, bool]]
    """By kind, and whether they are inside a function."""
    imports: int


def census(index: Index) -> Census:
    """Counted once: each of the many sizes tried is a sum of these."""
    symbols = Counter((symbol.kind, "local" in symbol.flags) for each in index.selected for symbol in each.symbols)
    imports = sum(len({one.module for one in each.imports}) for each in index.selected)
    return Census(symbols, imports)


def size(index: Index, shown: Shown, census: Census) -> int:
    """The number of entries of a page, without making it."""
    if shown.unit != "entry":
        return len(index.selected) if shown.unit == "file" else len(_folders(index.selected))
    number = len(index.selected) if index.by_file else 0
    number += sum(many for (kind, local), many in census.symbols.items() if _takes(shown, kind, local))
    return number + (0 if "import" in shown.hidden else census.imports)


def page(index: Index, shown: Shown = EVERYTHING) -> Iterator[Block]:
    """The whole index."""
    yield Paragraph([Anchor(top_anchor(index.target))])
    yield Title(1, [Words("Keyword index: "), Code(index.target.label)])
    yield from _information(index)
    if shown.unit == "folder":
        yield from _folder_list(index)
    elif index.by_file:
        yield from _by_file(index, shown)
    else:
        yield from _by_kind(index, shown)
    yield from _held_back(index, shown)
    yield from problems([each.facts for each in index.selected], index.reader)


def top_anchor(target: Target) -> str:
    """The anchor of the page's first line."""
    return anchor("index", target.label, "")


def _information(index: Index) -> Iterator[Block]:
    files = index.selected
    symbols = [symbol for each in files for symbol in each.symbols]
    imports = sum(len(each.imports) for each in files)
    facts = files[0].facts if len(files) == 1 else None
    unit = "cell" if index.target.files and index.target.files[0].path.startswith("In[") else "file"
    parts = [count(len(files), unit)] if facts is None else _language(facts)
    lines = sum(each.facts.lines for each in files)
    parts += [count(lines, "line")] if lines and index.target.focus is None else []
    parts.append(counts(symbols, imports) or "nothing is defined or imported")
    yield Paragraph([*code_spans(sentence(index.target.how)), Words(" · ".join(["", *filter(None, parts)]))])
    if facts and (module := module_of(facts)) and module.doc and module.doc.strip():
        yield Paragraph([Summary(module.doc)])
    for note in index.target.notes:
        yield Paragraph(code_spans(note))


def _language(facts: FileFacts) -> list[str]:
    if facts.engine == "live":
        return [f"{facts.language}, from the live module"]
    return [facts.language] if facts.language else []


def module_of(facts: FileFacts) -> Symbol | None:
    """The symbol that stands for the file itself."""
    return next((symbol for symbol in facts.symbols[:1] if symbol.kind == Kind.MODULE), None)


def _shows(symbol: Symbol, shown: Shown) -> bool:
    return _takes(shown, symbol.kind, "local" in symbol.flags)


def _takes(shown: Shown, kind: str, local: bool) -> bool:
    return kind not in shown.hidden and kind != Kind.MODULE and not (local and "local" in shown.hidden)


# By kind


def _by_kind(index: Index, shown: Shown) -> Iterator[Block]:
    groups: dict[str, list[tuple[FileFacts, Symbol]]] = defaultdict(list)
    hide_modules = len(index.selected) == 1 and "module" not in index.options.kinds
    for each in index.selected:
        for symbol in order(each.symbols, index.options.sort):
            if (symbol.kind == Kind.MODULE and not hide_modules) or _shows(symbol, shown):
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
    nested = kind in (Kind.METHOD, Kind.PROPERTY, Kind.ATTRIBUTE)
    owner = None
    if nested and index.options.sort == "name":
        group = sorted(group, key=lambda each: _owner(each[1]).lower())
    for facts, symbol in group:
        if nested and (facts.path, _owner(symbol)) != owner:
            owner = (facts.path, _owner(symbol))
            yield Item(0, [Code(_owner(symbol))])
        inner = symbol.kind != Kind.MODULE and "." in symbol.qualname and not nested
        line = entry(symbol, facts, index.reader, qualified=inner, summary=shown.summaries)
        yield Item(1 if nested else 0, line)


def _owner(symbol: Symbol) -> str:
    return symbol.qualname[: -len(symbol.name) - 1]


def _imports(index: Index) -> Iterator[Block]:
    project = project_names(each.facts.path for each in index.selected) | set(index.target.project)
    found = [(each.facts, one) for each in index.selected for one in dependencies(each.imports, project)]
    if not found:
        return
    names = sum(len(one.imports) for _, one in found)
    yield Title(2, [Words(f"Imports ({names:,} names from {len(found):,} module{'s' if len(found) > 1 else ''})")])
    for origin in ORIGINS:
        group = [each for each in found if each[1].origin == origin]
        if group:
            yield Item(0, [Words(origin)])
            for facts, one in group:
                yield Item(1, dependency(one, facts, index.reader))


def _decorators(index: Index) -> Iterator[Block]:
    if index.options.kinds and "decorator" not in index.options.kinds:
        return
    found: dict[str, list[tuple[FileFacts, int]]] = defaultdict(list)
    for each in index.selected:
        for symbol in each.symbols:
            for decorator in symbol.decorators:
                found[decorator.partition("(")[0]].append((each.facts, symbol.line))
    if found:
        yield Title(2, [Words(f"{PLURALS['decorator']} ({len(found):,})")])
    for name, uses in sorted(found.items(), key=lambda item: (item[0].lower(), item[0])):
        line: list[Inline] = [Code(f"@{name}"), Words(f" · {len(uses)} use{'s' if len(uses) > 1 else ''}")]
        if len(index.selected) == 1:
            line += [Words(": "), *lines_of(index.reader, uses[0][0].ref, [number for _, number in uses])]
        yield Item(0, line)


# By file


def _by_file(index: Index, shown: Shown) -> Iterator[Block]:
    files = index.selected
    if index.options.kinds or index.options.match:
        files = [each for each in files if each.symbols or each.imports]
    left = shown.most
    for number, each in enumerate(files):
        if left is not None and left <= 0:
            rest = sum(_shows(symbol, shown) for later in files[number:] for symbol in later.symbols)
            yield Item(0, [Words(f"… and {rest:,} more keywords in {len(files) - number:,} more files")])
            return
        yield Item(0, _file(each, index.reader, shown))
        left = None if left is None else left - 1
        if shown.unit != "entry":
            continue
        symbols = [symbol for symbol in each.symbols if _shows(symbol, shown)]
        yield from _nodes(tree(symbols[:left], index.options.sort), each.facts, index, shown)
        if left is not None and len(symbols) > left:
            yield Item(1, [Words(f"… and {len(symbols) - left:,} more")])
        left = None if left is None else left - len(symbols)
        if "import" not in shown.hidden:
            yield from _import_line(each, index.reader)


def _file(each: Selected, reader: Reader, shown: Shown) -> list[Inline]:
    facts = each.facts
    line: list[Inline] = [Link([Code(facts.path)], reader.source(facts.ref))]
    about = [
        f"{facts.lines:,} lines" if facts.lines else "",
        counts(each.symbols, len(each.imports)) if shown.unit == "file" else "",
    ]
    line += [Words(f" · {part}") for part in about if part]
    module = module_of(facts)
    if shown.summaries and module and module.doc:
        line.append(Summary(module.doc, " — "))
    return line


def _nodes(nodes: Sequence[Node], facts: FileFacts, index: Index, shown: Shown, depth: int = 1) -> Iterator[Block]:
    for symbol, children in nodes:
        kind = symbol.kind not in ASSIGNED
        line = entry(symbol, facts, index.reader, qualified=depth == 1, kind=kind, summary=shown.summaries)
        yield Item(depth, line)
        yield from _nodes(children, facts, index, shown, depth + 1)


def _import_line(each: Selected, reader: Reader) -> Iterator[Block]:
    by_module: dict[str, list[Import]] = defaultdict(list)
    for one in each.imports:
        by_module[one.module].append(one)
    line: list[Inline] = []
    for module, imports in sorted(by_module.items()):
        line += [Words(", " if line else "imports "), Code(module), Words(" ")]
        line += lines_of(reader, each.facts.ref, list(dict.fromkeys(one.line for one in imports)), most=5)
    if line:
        yield Item(1, line)


def _folders(selected: Sequence[Selected]) -> dict[str, list[Selected]]:
    folders: dict[str, list[Selected]] = defaultdict(list)
    for each in selected:
        folders[each.facts.path.rpartition("/")[0] or "."].append(each)
    return folders


def _folder_list(index: Index) -> Iterator[Block]:
    for folder, files in sorted(_folders(index.selected).items()):
        symbols = [symbol for each in files for symbol in each.symbols]
        number = count(len(files), "file")
        yield Item(0, [Code(folder), Words(" · " + " · ".join(part for part in (number, counts(symbols)) if part))])


# What is not there


def _held_back(index: Index, shown: Shown) -> Iterator[Block]:
    """What this output leaves out to stay small, counted, and how to see it."""
    if shown == EVERYTHING:
        return
    numbers = Counter(
        str(symbol.kind)
        for each in index.selected
        for symbol in each.symbols
        if symbol.kind != Kind.MODULE and (shown.unit != "entry" or not _shows(symbol, shown))
    )
    parts = [f"{numbers[kind]:,} {noun(kind, numbers[kind])}" for kind in PLURALS if numbers[kind]]
    imports = sum(len(each.imports) for each in index.selected)
    if imports and (shown.unit != "entry" or "import" in shown.hidden):
        parts.append(f"{imports:,} imported names")
    if not shown.summaries:
        parts.append("the first sentences of docstrings")
    if not parts and shown.most is None:
        return
    text = index.target.text or index.target.label
    held = f"Held back to keep this cell small: {', '.join(parts)}. " if parts else "Cut to keep this cell small. "
    example = f"%kwindex {text} -k {next((kind for kind in PLURALS if numbers[kind]), 'class')}"
    yield Paragraph(
        [
            Words(held + "See one kind with "),
            Code(example),
            Words(", narrow it to one module or folder, or take all of it with "),
            Code(f"idx = %kwindex {text}"),
            Words(" and "),
            Code("print(idx.to_markdown())"),
            Words("."),
        ]
    )


def problems(files: Sequence[FileFacts], reader: Reader, most: int = 200) -> Iterator[Block]:
    """What could not be read or parsed, each with its reason."""
    found = [(facts, problem) for facts in files for problem in facts.problems]
    if not found:
        return
    yield Title(2, [Words(f"Problems ({len(found):,})")])
    for facts, problem in found[:most]:
        where = place(reader, facts.ref, problem.line)
        path: list[Inline] = [] if where and reader.source(facts.ref, problem.line) is None else [Code(facts.path)]
        yield Item(0, [*path, *where, *code_spans(f" — {problem.message}")])
    if len(found) > most:
        yield Item(0, [Words(f"… and {len(found) - most:,} more; `.problems` of the returned object holds them all")])

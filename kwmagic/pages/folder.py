"""The documentation of several files together: a package, a folder, a pattern of paths, the notebook's cells."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kwmagic.anchors import anchor
from kwmagic.evidence.classes import ClassFacts, classes, subclasses
from kwmagic.evidence.imports import ORIGINS, dependencies, project_names
from kwmagic.evidence.module_graph import module_edges
from kwmagic.evidence.purpose import count
from kwmagic.kinds import CALLED, TYPES
from kwmagic.links import Reader
from kwmagic.markup import (
    Anchor,
    Block,
    Code,
    Docstring,
    Inline,
    Item,
    Link,
    Paragraph,
    Summary,
    Table,
    Title,
    Words,
)
from kwmagic.model import FileFacts, Symbol, Target
from kwmagic.options import DocOptions
from kwmagic.pages import module_graph
from kwmagic.pages.authored import SECTION_TITLES, Part, merged
from kwmagic.pages.entry import code_spans, counts, doc_of, entry, listed, place, sentence
from kwmagic.pages.keywords import problems
from kwmagic.pages.sections import size
from kwmagic.pages.select import is_hidden, top_level
from kwmagic.pages.subject import Amount

_FILES_NAMED = 5
"""Files named for each imported module; the rest is counted."""
_TITLES = {"metadata": "Metadata", "purpose": "Purpose", "overview": "Contents"}


@dataclass(frozen=True, slots=True)
class Folder:
    """What one such document is made from."""

    target: Target
    files: Sequence[FileFacts]
    reader: Reader
    options: DocOptions
    in_cell: bool
    amount: Amount
    modules: Mapping[str, str] = field(default_factory=dict)
    """Path -> dotted name, for files whose path does not start at their package."""

    @property
    def entries(self) -> int:
        """Files and definitions listed, known without writing anything."""
        files = self.files[: self.amount.most]
        listed = 0 if self.amount.docs == "none" else sum(len(_public(facts)) for facts in files)
        return len(files) + listed


def page(folder: Folder, authored: Sequence[Part] = ()) -> Iterator[Block]:
    """The whole document."""
    target = folder.target
    yield Paragraph([Anchor(anchor("doc", target.label, ""))])
    yield Title(1, [Words("Documentation: "), Code(target.label)])
    yield Paragraph(code_spans(sentence(target.how)))
    for note in target.notes:
        yield Paragraph(code_spans(note))

    def make(key: str) -> list[Block]:
        return list(_MAKERS[key](folder)) if key in _MAKERS and folder.options.shows(key) else []

    yield from merged(authored, make, {**SECTION_TITLES, **_TITLES})
    yield from problems(folder.files, folder.reader)


def _metadata(folder: Folder) -> Iterator[Block]:
    files = folder.files
    lines, total = sum(facts.lines for facts in files), sum(facts.size for facts in files)
    unit = "cell" if files and files[0].path.startswith("In[") else "file"
    numbers = (count(len(files), unit), count(lines, "line"), size(total))
    yield Item(0, [Words(", ".join(part for part in numbers if part))])
    symbols = [symbol for facts in files for symbol in facts.symbols]
    if told := counts(symbols):
        yield Item(0, [Words(told)])
    languages = Counter(facts.language for facts in files if facts.language)
    if len(languages) > 1:
        for language, number in sorted(languages.items(), key=lambda item: (-item[1], item[0])):
            lines = sum(facts.lines for facts in files if facts.language == language)
            yield Item(
                0, [Words(f"{language}: {', '.join(filter(None, (count(number, 'file'), count(lines, 'line'))))}")]
            )


def _purpose(folder: Folder) -> Iterator[Block]:
    """The docstring of the package itself."""
    top = min(folder.files, key=lambda facts: facts.path.count("/"), default=None)
    if top and top.path.endswith("__init__.py") and (top.doc or "").strip():
        yield Docstring(top.doc or "")


def _overview(folder: Folder) -> Iterator[Block]:
    if not folder.files:
        return
    rows: list[list[list[Inline]]] = []
    most = folder.amount.most
    for facts in folder.files[:most]:
        doc = doc_of(facts, facts)
        about: list[Inline] = [Summary(doc)] if doc.strip() else []
        link: list[Inline] = [Link([Code(facts.path)], folder.reader.source(facts.ref))]
        numbers = (count(facts.lines, "line"), counts(facts.symbols))
        cells: list[list[Inline]] = [[Words(number)] if number else [] for number in numbers]
        rows.append([link, *cells, about])
    yield Table(("File", "Lines", "Defines", "About"), rows)
    if most is not None and len(folder.files) > most:
        yield Paragraph([Words(f"… and {count(len(folder.files) - most, 'more file')}")])


def _analysis(folder: Folder) -> Iterator[Block]:
    """The public classes and functions of each file, one line each; what is in one of them is for its own page."""
    if folder.amount.docs == "none":
        yield Paragraph([Words("Too many definitions for one cell; name one module to see its own.")])
        return
    for facts in folder.files:
        public = _public(facts)
        if public:
            yield Item(0, [Code(facts.path)])
            yield from (Item(1, entry(each, facts, folder.reader, qualified=False, kind=True)) for each in public)


def _public(facts: FileFacts) -> list[Symbol]:
    return [each for each in top_level(facts.symbols) if each.kind in TYPES | CALLED and not is_hidden(each)]


def _architecture(folder: Folder) -> Iterator[Block]:
    """Classes from which others here derive, with those."""
    found = classes(folder.files)
    yield from _cut(folder, 0, list(_derivations(folder, found)))
    yield from module_graph.section(
        module_edges(folder.files, folder.modules), folder.reader, folder.amount.most, draws=_draws(folder)
    )


def _derivations(folder: Folder, found: Sequence[ClassFacts]) -> Iterator[list[Inline]]:
    derived = subclasses(found)
    for each in found:
        below = _derived_from(each, derived)
        if below and "local" not in each.symbol.flags:
            names = list(dict.fromkeys(one.symbol.qualname for one in below))
            line: list[Inline] = [Code(each.symbol.qualname), Words(" in "), Code(each.facts.path)]
            if folder.reader.source(each.facts.ref, each.symbol.line):
                line += place(folder.reader, each.facts.ref, each.symbol.line)
            yield [*line, Words(f" — {count(len(names), 'subclass')}"), *listed(": ", names)]


def _cut(folder: Folder, depth: int, lines: Sequence[list[Inline]]) -> Iterator[Block]:
    """One entry a line, as many as there is room for; the rest is counted."""
    most = folder.amount.most
    yield from (Item(depth, line) for line in lines[:most])
    if most is not None and len(lines) > most:
        yield Item(depth, [Words(f"… and {len(lines) - most:,} more")])


def _draws(folder: Folder) -> bool:
    wanted = folder.options.diagram
    return not folder.in_cell if wanted is None else wanted


def _derived_from(each: ClassFacts, derived: dict[str, list[ClassFacts]]) -> list[ClassFacts]:
    """The subclasses of a class: those that name it in its own file, and by its dotted name elsewhere."""
    module = each.facts.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    name = each.symbol.qualname
    here = [one for one in derived.get(name, []) if one.facts is each.facts]
    return [*here, *derived.get(f"{module}.{name}", [])]


def _dependencies(folder: Folder) -> Iterator[Block]:
    project = project_names(facts.path for facts in folder.files) | set(folder.target.project)
    users: dict[tuple[str, str], list[str]] = defaultdict(list)
    for facts in folder.files:
        for each in dependencies(facts, project):
            if each.origin != "this project":
                users[each.origin, each.module.partition(".")[0]].append(facts.path)
    for origin in ORIGINS:
        group = sorted((module, paths) for (of, module), paths in users.items() if of == origin)
        if group:
            yield Item(0, [Words(origin)])
        yield from _cut(folder, 1, [_imported(module, list(dict.fromkeys(paths))) for module, paths in group])


def _imported(module: str, paths: Sequence[str]) -> list[Inline]:
    more = f" and {len(paths) - _FILES_NAMED:,} more" if len(paths) > _FILES_NAMED else ""
    used = f" · {count(len(paths), 'file')}"
    return [Code(module), Words(used), *listed(": ", paths[:_FILES_NAMED]), Words(more)]


_MAKERS: dict[str, Callable[[Folder], Iterator[Block]]] = {
    "metadata": _metadata,
    "purpose": _purpose,
    "overview": _overview,
    "analysis": _analysis,
    "architecture": _architecture,
    "dependencies": _dependencies,
}

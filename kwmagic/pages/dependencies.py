"""What a file imports, from where and how, and which files of the project import it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kwmagic.analysers.python_conditions import OPTIONAL
from kwmagic.evidence.imports import ORIGINS, STANDARD, Dependency, dependencies, project_names, standard_note
from kwmagic.evidence.purpose import count
from kwmagic.markup import Block, Code, Inline, Inlines, Item, Table, Text, Words
from kwmagic.model import Import
from kwmagic.pages.entry import lines_of, listed, shortened, to_file
from kwmagic.pages.places import beginning, in_file, joined
from kwmagic.pages.subject import Subject, View

_PYTHON = ("Python", "Cython", "Jupyter notebook")
_IMPORTED = {"imports": "Imported by", "includes": "Included by", "links to": "Linked from"}
"""What an importer does -> how that is said of the file."""
_COLUMNS = ("Module", "Origin", "Names", "Lines", "How")
"""Of a page's table; one that would be empty is left out."""
_IMPORTERS = 15
"""Importing files that a cell names."""
_UNSAID = {"conditional", "local", "own", "star", "system", "typing-only"}
"""Flags that are said in words of their own, or by the names or the group."""
_MAX_TEST = 60
"""Characters of a condition."""
Conditions = Mapping[int, tuple[str, ...]]


def section(view: View) -> Iterator[Block]:
    found = modules(view.subject)
    if found and view.subject.in_cell:
        for origin in ORIGINS:
            group = [each for each in found if each.origin == origin]
            if group:
                yield Item(0, [Words(origin)])
                yield from (Item(1, _entry(view, each)) for each in group)
    elif found:
        rows = [_row(view, each) for each in found]
        told = [number for number, _ in enumerate(_COLUMNS) if any(row[number] for row in rows)]
        yield Table(tuple(_COLUMNS[number] for number in told), [[row[number] for number in told] for row in rows])
    if view.facts.language != "Markdown":  # links between documents are cross-references
        yield from importers(view)


def modules(subject: Subject) -> list[Dependency]:
    """The modules imported, each with its origin."""
    return dependencies(subject.facts, project(subject))


def project(subject: Subject) -> frozenset[str]:
    """Top-level names of this project; what leads to a file of the project is this project's, whatever its name."""
    path = subject.facts.path
    tops = {module.partition(".")[0] for module in subject.around.targets} - {""}
    if subject.around.module.partition(".")[0] in STANDARD:  # the library itself is read: its modules are no project
        tops -= STANDARD
    own = project_names([path]) if "/" in path else frozenset()
    if subject.reader.site is not None:  # whose paths begin inside of the package
        own = frozenset((subject.around.module.partition(".")[0],))
    return own | tops | frozenset(subject.target.project)


def importers(view: View) -> Iterator[Block]:
    """Who imports, includes or links to the file."""
    for how, said in _IMPORTED.items():
        found = [each for each in view.subject.around.importers if each.how == how]
        if found:
            yield Item(0, [Words(f"{said} {count(len(found), 'file')}")])
            lines = [in_file(view, each.file, each.imports, _places(each.imports)) for each in found]
            yield from beginning(view, 1, lines, _IMPORTERS)


def _entry(view: View, each: Dependency) -> list[Inline]:
    line = [*_module(view, each), *listed(" as ", each.aliases), *listed(": ", each.names)]
    how = _how(view, each)
    line += _in_parentheses([*_notes(view, each), *([] if how == [[_EVERYWHERE]] else how)])
    lines = lines_of(view.reader, view.facts.ref, each.imports)
    return [*line, Words(" · "), *lines] if lines else line


def _row(view: View, each: Dependency) -> list[Inlines]:
    return [
        [*_module(view, each), *_in_parentheses(_notes(view, each))],
        [Words(each.origin)],
        joined([part for part in (listed("as ", each.aliases), listed("", each.names)) if part]),
        lines_of(view.reader, view.facts.ref, each.imports),
        joined(_how(view, each)),
    ]


def _module(view: View, each: Dependency) -> list[Inline]:
    target = view.subject.around.targets.get(each.module)
    return [to_file(each.module, view.reader.about(target) if target else None, in_cell=view.subject.in_cell)]


def _notes(view: View, each: Dependency) -> list[Inlines]:
    """Since or until when it is in the standard library; the distribution it is in, where that is called otherwise."""
    if view.facts.language not in _PYTHON:
        return []
    if each.origin == "standard library":
        note = standard_note(each.module)
        return [[Words(note)]] if note else []
    top = each.module.partition(".")[0]
    name = view.subject.distributions.get(top, "") if each.origin == "third party" else ""
    return [[Text(f"distribution {name}")]] if name else []


_EVERYWHERE = Words("module level")


def _how(view: View, each: Dependency) -> list[Inlines]:
    """Where its imports stand, under which tests, and what else their flags say."""
    if view.facts.language not in _PYTHON:
        return [[Words(flag)] for flag in _flags(each.imports)]
    is_conditional = view.facts.language == "Python" and any("conditional" in one.flags for one in each.imports)
    conditions = view.subject.detail.conditions if is_conditional else {}
    told = [*_places(each.imports), *_tests(each.imports, conditions)]
    return [*(told or [[_EVERYWHERE]]), *([Words(flag)] for flag in _flags(each.imports))]


def _places(imports: Sequence[Import]) -> list[Inlines]:
    """`only in functions`, `typing only`; nothing where all stand at module level."""
    typing = sum("typing-only" in each.flags for each in imports)
    local = sum("local" in each.flags and "typing-only" not in each.flags for each in imports)
    others = len(imports) - typing - local
    words = [
        "module level" if others and (typing or local) else "",
        "" if not local else "in functions" if others else "only in functions",
        "" if not typing else "typing only" if not (others or local) else "for typing",
    ]
    return [[Words(word)] for word in words if word]


def _tests(imports: Sequence[Import], conditions: Conditions) -> Iterator[Inlines]:
    """What conditional imports depend on, each once."""
    told: dict[str, Inlines] = {}
    for each in imports:
        if "conditional" not in each.flags or "typing-only" in each.flags:
            continue
        tests = conditions.get(each.line, ())
        if not tests:
            told["conditional"] = [Words("conditional")]
        elif OPTIONAL in tests:
            told[OPTIONAL] = [Words(OPTIONAL)]
        if code := " / ".join(test for test in tests if test != OPTIONAL):
            told[code] = [Code(shortened(code, _MAX_TEST))]
    yield from told.values()


def _flags(imports: Sequence[Import]) -> list[str]:
    return sorted({flag for each in imports for flag in each.flags} - _UNSAID)


def _in_parentheses(parts: Sequence[Inlines]) -> list[Inline]:
    return [Words(" ("), *joined(parts), Words(")")] if parts else []

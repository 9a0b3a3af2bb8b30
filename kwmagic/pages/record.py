"""What the pages of folders and of the whole site are made from: one record a file, plain enough to be stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from kwmagic.evidence.importing import APART, PYTHON
from kwmagic.evidence.purpose import TEST_PATH, signals, tests_called_as, tests_in
from kwmagic.kinds import NAMESPACES, OUTLINE
from kwmagic.markup import Inline, Summary, Writer
from kwmagic.mdtext import Dest
from kwmagic.model import FILE, Import, Kind
from kwmagic.pages.dependencies import modules
from kwmagic.pages.entry import code_spans, doc_of
from kwmagic.pages.introduction import introduction
from kwmagic.pages.select import is_hidden, top_level
from kwmagic.pages.subject import View

_NO_TERMS = OUTLINE | NAMESPACES | {Kind.LABEL}
"""Kinds whose names are no terms of a program."""
_OUTSIDE = "../"
_SCRIPTS = ("project.scripts.", "project.gui-scripts.")
"""Where a `pyproject.toml` names the commands that are installed."""


class Definition(NamedTuple):
    """A public definition at the top level of a file."""

    qualname: str
    kind: str
    line: int
    anchor: str
    """On the file's documentation page."""
    summary: str
    """First sentence of its docstring, as Markdown on one line; "" where it has none."""
    files: int
    """Other files that use it."""


class Imported(NamedTuple):
    """A file of the tree that a file imports, includes or links to."""

    path: str
    line: int
    """Of the first such import; 0 where it is not known."""
    at_once: bool
    """Whether one happens when the file itself is imported: not in a function, not for types only."""


class Script(NamedTuple):
    """A command that is installed with the project, as its `pyproject.toml` says."""

    name: str
    call: str
    """What it calls, as written: `package.module:function`."""
    line: int


class Record(NamedTuple):
    """One source file, as the pages around it speak of it."""

    path: str
    """Relative to the source tree, `/` separated."""
    language: str
    engine: str
    lines: int
    size: int
    """In bytes."""
    module: str
    """Dotted name; "" where it is no Python module."""
    about: str
    """One line of Markdown: the first sentence of the docstring, the title of a text, or what the file is for."""
    lead: str
    """One line of Markdown that tells of the whole folder: the first sentence of a README's text or of the docstring of
    a package's own file; "" in any other file."""
    role: str
    """The first paragraphs of the same, as Markdown."""
    counts: Mapping[str, int]
    """Kind -> number of symbols."""
    definitions: tuple[Definition, ...]
    """Those that are public, by line, each name once; none of a test module."""
    imports: tuple[Imported, ...]
    """By path."""
    importers: int
    """Other files that import it."""
    outside: tuple[str, ...]
    """Those of them that are not in the tree, by path."""
    packages: tuple[str, ...]
    """Top-level modules of third parties that it imports, by name."""
    tests: tuple[str, ...]
    """Paths of the test modules that test it; the one that `command` runs first, then the best."""
    is_test: bool
    """Whether it is called as tests are, and has some."""
    runs: bool
    """Whether it has code for when it is run as a script."""
    command: str
    """The command form that runs it or its tests; "" where none is known."""
    scripts: tuple[Script, ...]
    flags: tuple[str, ...]
    problems: tuple[tuple[int, str], ...]
    """(line, message) of each."""


def record(view: View) -> Record:
    """What the pages around a file need to know of it."""
    facts, around = view.facts, view.subject.around
    is_test = bool(TEST_PATH.search(facts.path)) and any(tests_in(facts))
    lead, role = introduction(view)
    tests = [each.file.path for each in around.tests]
    best = tests_called_as(facts.path, tests)
    return Record(
        path=facts.path,
        language=facts.language,
        engine=facts.engine,
        lines=facts.lines,
        size=facts.size,
        module=around.module,
        about=_about(view),
        lead=lead,
        role=role,
        counts=dict(sorted(Counter(symbol.kind for symbol in view.symbols).items())),
        definitions=() if is_test else tuple(_definitions(view)),
        imports=tuple(_imports(view)),
        importers=len(around.importers),
        outside=tuple(sorted(each.file.path for each in around.importers if each.file.path.startswith(_OUTSIDE))),
        packages=tuple(_packages(view)),
        tests=tuple(sorted(tests, key=lambda path: path not in best)),
        is_test=is_test,
        runs=view.subject.detail.main is not None or facts.path.rpartition("/")[2] == "__main__.py",
        command=around.command,
        scripts=tuple(_scripts(view)),
        flags=facts.flags,
        problems=tuple((each.line, each.message) for each in facts.problems),
    )


def _line(*inlines: Inline) -> str:
    """One line of Markdown that fits into a table, too."""
    return Writer(Dest.PAGE).inlines(inlines, in_table=True)


def _about(view: View) -> str:
    facts = view.facts
    if told := _line(Summary(doc_of(facts, facts))):
        return told
    purpose = signals(facts, view.subject.detail, view.subject.text)
    return _line(*code_spans(purpose[0].text)) if purpose else ""


def _definitions(view: View) -> Iterator[Definition]:
    """The first of each name has the plain anchor, so that one is told of."""
    uses = view.subject.around.uses
    anchors = dict(reversed([(id(each), anchor) for each, anchor in zip(view.symbols, view.anchors, strict=True)]))
    told: set[str] = set()
    for each in top_level(view.symbols):
        is_term = each.kind not in _NO_TERMS and not is_hidden(each) and not each.name.startswith("__")
        if is_term and each.qualname not in told:
            told.add(each.qualname)
            summary = _line(Summary(doc_of(each, view.facts))) if each.doc else ""
            files = len(uses.get(each.qualname, ()))
            yield Definition(each.qualname, str(each.kind), each.line, anchors[id(each)], summary, files)


def _imports(view: View) -> Iterator[Imported]:
    """What the imports of a file lead to in the tree; links of documents are known without their lines."""
    targets = view.subject.around.targets
    reached: dict[str, list[Import]] = {
        ref.path: [] for ref in targets.values() if not ref.path.startswith(_OUTSIDE) and ref.path != view.facts.path
    }
    for each in view.facts.imports:
        inner = f"{each.module}{'' if each.module.endswith('.') else '.'}{each.name}" if each.name else each.module
        ref = targets.get(inner) or targets.get(each.module)
        if ref is not None and ref.path in reached:
            reached[ref.path].append(each)
    for path, imports in sorted(reached.items()):
        at_once = any(APART.isdisjoint(each.flags) for each in imports)
        if imports or view.facts.language not in PYTHON:  # there a package may be known that no statement leads to
            yield Imported(path, min((each.line for each in imports if not each.cell), default=0), at_once)


def _packages(view: View) -> list[str]:
    others = (each for each in modules(view.subject) if each.origin == "third party")
    return sorted({each.module.partition(".")[0] for each in others if view.facts.language in PYTHON})


def _scripts(view: View) -> Iterator[Script]:
    if view.facts.path.rpartition("/")[2] == "pyproject.toml":
        for each in view.facts.symbols:
            if each.qualname.startswith(_SCRIPTS) and FILE not in each.flags:
                yield Script(each.name, (each.signature or "").removeprefix("=").strip(" \"'"), each.line)


def to_record(row: Any) -> Record:
    """The record that was written as JSON."""
    made = Record(*row)
    return made._replace(
        definitions=tuple(Definition(*each) for each in made.definitions),
        imports=tuple(Imported(*each) for each in made.imports),
        outside=tuple(made.outside),
        packages=tuple(made.packages),
        tests=tuple(made.tests),
        scripts=tuple(Script(*each) for each in made.scripts),
        flags=tuple(made.flags),
        problems=tuple((line, message) for line, message in made.problems),
    )

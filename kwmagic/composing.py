"""The notebook that `kwmagic notebook` writes of a package, module or folder: a start for the author's own words."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from kwmagic import analysis, documents
from kwmagic.detailing import detailed
from kwmagic.drafting import dotted_names
from kwmagic.errors import TargetError
from kwmagic.evidence.module_graph import module_edges, module_name
from kwmagic.evidence.modules import is_package
from kwmagic.evidence.purpose import PLACES, TEST_PATH, count
from kwmagic.kinds import CALLED, TYPES
from kwmagic.links import Reader
from kwmagic.mdtext import Dest, code, escape, one_line
from kwmagic.model import FileFacts, Kind, Symbol, Target
from kwmagic.options import DocOptions
from kwmagic.pages.introduction import README, introduction
from kwmagic.pages.select import is_hidden, top_level
from kwmagic.pages.subject import Amount, Subject, View
from kwmagic.provenance import PAGE

if TYPE_CHECKING:
    import nbformat

_SECTIONS = 8
"""Files that get a section."""
_FULL = 15
"""Public definitions up to which a section shows the docstrings of them all."""
_WITHOUT_INPUT = ("remove-input",)
_FOR_THE_AUTHOR = ("remove-cell",)
_PATTERN = "files that match a pattern"
"""How such a target is understood."""
_TYPED = re.compile(r"[\w./-]+")
"""Words that a magic takes without quotes."""
_SKIPPED = frozenset(("generated", "minified", PAGE))


class _Cell(NamedTuple):
    source: str
    is_code: bool = False
    tags: tuple[str, ...] = ()


class _Important(NamedTuple):
    """A file that gets a section."""

    facts: FileFacts
    importers: int
    public: int


def notebook_text(target: str, *, folder: str | None = None) -> str:
    """The notebook as the content of its file, the same each time; the rest is as for `compose`."""
    import nbformat  # noqa: PLC0415  # heavy

    return str(nbformat.writes(compose(target, folder=folder))) + "\n"  # type: ignore[no-untyped-call]


def compose(target: str, *, folder: str | None = None) -> nbformat.NotebookNode:
    """A notebook about a package, a module, a folder or a file, none of whose cells has been run.

    *target* is understood as on the command line, but a folder comes before a package; *folder* is where the notebook
    will be, from which its cells name files (None: the working folder). Nothing of the target is imported. Raises
    `TargetError` where it can't be found, has no files, or is a name inside of one.
    """
    path = os.path.expanduser(target)
    if os.path.isdir(path):  # also where Python would find a package of that name, in this folder only
        target = os.path.join(path, "")
    found = documents.resolve(target, documents.Scene())
    if found.focus is not None or found.how == _PATTERN:
        raise TargetError(
            f"a notebook is about a package, a module, a folder or a file; {target} is none ({found.how})"
        )
    if found.root is None or not found.files:
        raise TargetError(f"{target} has no files that can be read ({found.how})")
    about = _About(found, os.path.abspath(folder or os.curdir))
    return _notebook(list(about.cells()))


class _About:
    """What the cells tell of one target, and how they name it."""

    def __init__(self, target: Target, folder: str) -> None:
        self.target = target
        self.folder = folder
        self.is_module = target.how.endswith((" module", " package"))
        self.files = [facts for facts in analysis.analyse_all(target.files) if _SKIPPED.isdisjoint(facts.flags)]
        self.is_one = len(target.files) == 1 and not is_package(target.files[0].path)

    def cells(self) -> Iterator[_Cell]:
        title = self.target.label if self.is_module else self.target.label.rstrip("/").rpartition("/")[2]
        yield _Cell(f"# {escape(one_line(title), Dest.PAGE)}\n\n{self._introduction()}".rstrip())
        yield _Cell(_HOW_TO, tags=_FOR_THE_AUTHOR)
        yield _Cell("%load_ext kwmagic", is_code=True, tags=_FOR_THE_AUTHOR)
        yield from self._of_one() if self.is_one else self._of_many()
        yield _Cell(_TO_PUBLISH, tags=_FOR_THE_AUTHOR)

    def _of_one(self) -> Iterator[_Cell]:
        word = self._word(self.target.files[0].path)
        yield _Cell(f"## What it holds\n\n{_ASK_WHY}")
        yield _documented(word, "purpose,overview")
        yield _Cell(f"## How it works\n\n{_ASK_HOW}")
        yield _documented(word, "analysis,architecture,dependencies")
        yield _Cell("## What tests it, what belongs to it")
        yield _documented(word, "testing,related,references")

    def _of_many(self) -> Iterator[_Cell]:
        word = self._word_of_all()
        yield _Cell(f"## What is in it\n\n{_ASK_WHY}")
        yield _documented(word, "metadata,overview")
        yield _Cell(f"## How it is built\n\n{_ASK_HOW}")
        yield _documented(word, "architecture,dependencies")
        yield from self._sections()
        if kinds := {each.kind for facts in self.files for each in _public(facts)}:
            chosen = " ".join(f"-k {kind}" for kind in Kind if kind in kinds)
            yield _Cell("## The keyword index\n\nThe public definitions that are in no other one.")
            yield _Cell(f"%kwindex {word} {chosen} --no-private --no-local", is_code=True, tags=_WITHOUT_INPUT)

    def _sections(self) -> Iterator[_Cell]:
        ranked = self._ranked()
        told = ranked[:_SECTIONS]
        if not told:
            return
        lead = f"Those that {'most of the other files import' if told[0].importers else 'define most'} come first."
        if left := len(ranked) - len(told):
            lead += f" {count(left, 'more file')} that define{'s' if left == 1 else ''} something public"
            lead += f" {'has' if left == 1 else 'have'} no section here."
        yield _Cell(f"## The important files\n\n{lead}")
        for each in told:
            name = self._name(each.facts.path)
            users = f"Imported by {count(each.importers, 'other file')} here. " if each.importers else ""
            yield _Cell(f"### {code(name, Dest.PAGE)}\n\n{users}{_ASK_FILE}")
            sections = "purpose,overview,analysis" if each.public <= _FULL else "purpose,overview,architecture"
            yield _documented(self._word(each.facts.path), sections)

    def _ranked(self) -> list[_Important]:
        """The files that define something public, tests and examples apart; the most imported first."""
        edges = module_edges(self.files, dotted_names(self.target, self.files))
        importers = Counter(edge.imported.path for edge in edges if not TEST_PATH.search(edge.importer.path))
        found = [
            _Important(facts, importers[facts.path], len(_public(facts)))
            for facts in self.files
            if not TEST_PATH.search(facts.path) and not PLACES.search(facts.path) and one_line(facts.path) == facts.path
        ]
        own = [each for each in found if each.public and not self._is_own(each.facts)]
        return sorted(own, key=lambda each: (-each.importers, -each.public, each.facts.path))

    def _introduction(self) -> str:
        """What the README says first, or else the docstring."""
        tops = [facts for facts in self.files if self._is_top(facts)]
        readmes = [facts for facts in tops if README.fullmatch(facts.path.rpartition("/")[2])]
        told = (_introduced(self.target, facts) for facts in [*readmes, *filter(self._is_own, tops)])
        return next(filter(None, told), "")

    def _is_top(self, facts: FileFacts) -> bool:
        """Whether a file lies in the target itself, not in a folder of it."""
        return facts.path.count("/") == (self.target.label.count(".") + 1 if self.is_module else 0)

    def _is_own(self, facts: FileFacts) -> bool:
        """Whether a file is the one that makes the target a package: what it says stands at the top already."""
        return is_package(facts.path) and self._is_top(facts)

    def _name(self, path: str) -> str:
        """A file as its heading names it: the dotted name of a module, else the path in the target."""
        return (module_name(path) or path) if self.is_module else path

    def _word(self, path: str) -> str:
        """A file as a target of a cell."""
        return _quoted(self._name(path) if self.is_module else self._from_here(path))

    def _word_of_all(self) -> str:
        return _quoted(self.target.label if self.is_module else self._from_here(""))

    def _from_here(self, path: str) -> str:
        """A path from the notebook's folder; with a slash, so that it can't be taken for a module or a name."""
        full = os.path.join(self.target.root or "", path)
        try:
            relative = os.path.relpath(full, self.folder)
        except ValueError:  # on another drive of Windows
            relative = full
        relative = relative.replace(os.sep, "/")
        return relative + "/" if not path else relative if "/" in relative else f"./{relative}"


def _documented(word: str, sections: str) -> _Cell:
    return _Cell(f"%docfile {word} --only {sections}", is_code=True, tags=_WITHOUT_INPUT)


def _quoted(word: str) -> str:
    if _TYPED.fullmatch(word):
        return word
    return f'"{word}"' if "'" in word else f"'{word}'"


def _public(facts: FileFacts) -> list[Symbol]:
    """The public types and functions of a file."""
    return [each for each in top_level(facts.symbols) if each.kind in TYPES | CALLED and not is_hidden(each)]


def _introduced(target: Target, facts: FileFacts) -> str:
    told, text = analysis.analyse_with_text(facts.ref)
    told, detail, _ = detailed(told, text)
    subject = Subject(target, told, detail, text, Reader(), DocOptions(), in_cell=False)
    return introduction(View(subject, Amount()))[1]


def _notebook(cells: Sequence[_Cell]) -> nbformat.NotebookNode:
    """With ids made from the cells' sources, so that a notebook of the same project is the same file."""
    from nbformat import v4  # noqa: PLC0415  # heavy

    seen: Counter[str] = Counter()
    nodes = []
    for cell in cells:
        seen[cell.source] += 1
        name = sha256(f"{seen[cell.source]} {cell.source}".encode()).hexdigest()[:8]
        new: Any = v4.new_code_cell if cell.is_code else v4.new_markdown_cell
        nodes.append(new(cell.source, id=name, metadata={"tags": [*cell.tags]} if cell.tags else {}))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return v4.new_notebook(cells=nodes, metadata=metadata)  # type: ignore[no-any-return, no-untyped-call]


_ASK_WHY = "*What is it for, and who uses it?*"
_ASK_HOW = "*Which ideas is it made of, and where does a call go first?*"
_ASK_FILE = "*What should one know before reading it?*"
_HOW_TO = """\
> **For the author.** Run all cells: each shows what the files say today. Put your own words in place of the lines in
> *italics*, take out sections, add others: `%docfile NAME` shows any file, `%docfile?` and `%kwindex?` tell all that
> cells can show. Those with the tag `remove-cell`, like this one, are not on the exported page; of those with
> `remove-input` it has what they show."""
_TO_PUBLISH = """\
> **To publish it.** `kwmagic export NOTEBOOK -o OUT` writes this notebook as a Markdown page, with `--to html` as a
> site that opens from disk; with `--execute` its cells are run before. `kwmagic build SOURCE -o OUT` documents every
> file."""

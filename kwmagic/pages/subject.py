"""What one document is made from, and how much of it one output holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from kwmagic.analysers.markdown_detail import Link, MarkdownDetail
from kwmagic.analysers.notebook_detail import NotebookDetail
from kwmagic.analysers.python_detail import Detail
from kwmagic.anchors import Anchors
from kwmagic.evidence.surroundings import Surroundings
from kwmagic.kinds import ASSIGNED
from kwmagic.languages import BY_NAME
from kwmagic.links import Reader
from kwmagic.model import FILE, FileFacts, Symbol, Target, is_part
from kwmagic.options import SECTIONS, DocOptions
from kwmagic.pages.select import is_hidden
from kwmagic.pages.source_pieces import Piece, pieces


class Commit(NamedTuple):
    """The last commit that touched a file."""

    digest: str
    date: str
    subject: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What one document is about, with all it is made from."""

    target: Target
    facts: FileFacts
    detail: Detail
    text: str
    reader: Reader
    options: DocOptions
    in_cell: bool
    commit: Commit | None = None
    content: MarkdownDetail | NotebookDetail | None = None
    """What only a file of this format holds."""
    dead_links: tuple[tuple[Link, str], ...] = ()
    """The links of a Markdown file that lead nowhere, each with the reason."""
    around: Surroundings = field(default_factory=Surroundings)
    """What the project tells of the file."""
    distributions: Mapping[str, str] = field(default_factory=dict)
    """Top-level module -> the installed distribution that it comes from, where that is called otherwise."""
    pending: str = ""
    """One sentence, code between backticks, while `around` is still being gathered; empty once it is whole."""

    def covers(self, qualname: str, line: int = 0) -> bool:
        """Whether a definition, or what stands on a line of the file, is part of what was asked for."""
        focus = self.target.focus
        if focus is None or is_part(qualname, focus):
            return True
        return bool(line) and any(first <= line <= last for first, last in self.spans)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """First and last line of what is documented: the file, or each definition of the name with its decorators."""
        if self.target.focus is None:
            return [(1, self.facts.lines)]
        lines = self.text.split("\n")
        found = [each for each in self.facts.symbols if each.qualname == self.target.focus]
        return [(_first_line(symbol, lines), symbol.end_line) for symbol in found]


def _first_line(symbol: Symbol, lines: Sequence[str]) -> int:
    """The line of the first decorator, found above the definition."""
    left, line = len(symbol.decorators), symbol.line
    while left and line > 1:
        line -= 1
        left -= lines[line - 1].lstrip().startswith("@")
    return line


class Amount(NamedTuple):
    """How much of a document one output holds."""

    docs: str = "full"
    """`full`, `summary` or `none`: how much of each docstring."""
    local: bool = True
    private: bool = True
    members: bool = True
    """Whether attributes and members of classes are listed."""
    source: bool = True
    most: int | None = None
    """The number of entries of a list after which the rest is only counted."""


AMOUNTS = (
    Amount(),
    Amount(source=False),
    Amount("summary", source=False),
    Amount("summary", local=False, source=False),
    Amount("none", local=False, source=False),
    Amount("none", local=False, private=False, source=False),
    Amount("none", local=False, members=False, source=False),
)
"""From everything to the bare outline."""
_FEW = 5
"""Entries of a list that a cell names once it has no room for docstrings."""


def amounts(entries: int) -> Iterator[Amount]:
    """What to try for an output that must stay small, most first; in the end ever shorter beginnings."""
    yield from AMOUNTS
    while entries > 0:
        yield AMOUNTS[-1]._replace(most=entries)
        entries //= 2


class View:
    """A subject with a place of its own for each definition; the sections of one document share it."""

    def __init__(self, subject: Subject, amount: Amount) -> None:
        anchors = Anchors("doc")
        self.subject = subject
        self.facts = subject.facts
        self.reader = subject.reader
        self.amount = amount
        self.symbols = [symbol for symbol in self.facts.symbols if FILE not in symbol.flags]
        self.top = anchors.new(subject.target.label, "")  # the label, as files of one name differ in it
        self.anchors = [anchors.new(subject.target.label, symbol.qualname) for symbol in self.symbols]
        self.shown = {number for number, symbol in enumerate(self.symbols) if _is_shown(symbol, amount)}
        if amount.most is not None:
            self.shown = set(sorted(self.shown)[: amount.most])
        self._numbers: dict[tuple[str, int], int] = {}
        for number, symbol in enumerate(self.symbols):
            self._numbers.setdefault((symbol.qualname, 0), number)  # by name alone: the first of several
            self._numbers[symbol.qualname, symbol.line] = number
        self.sections: dict[str, str] = {}
        """Section key -> its anchor, on pages of a site; after those of definitions, whose names others know."""
        self.pieces: list[tuple[str, Piece]] = []
        """What the source is cut into where it is shown on a page of a site, each with its anchor."""
        if (site := self.reader.site) is not None:
            label = subject.target.label
            self.sections = {key: anchors.new(label, f"section-{key}") for key in SECTIONS}
            if self.has_source and self.source != "link":
                cut = pieces(self.symbols, self.lines, _comments(self.facts))
                self.pieces = [(anchors.new(label, f"l{piece.first}"), piece) for piece in cut]
            places = tuple((piece.first, identifier) for identifier, piece in self.pieces)
            self.reader = replace(self.reader, site=replace(site, pieces=places))

    @cached_property
    def lines(self) -> list[str]:
        """Of the source; without an empty one behind the last line end."""
        return self.subject.text.removesuffix("\n").split("\n")

    @property
    def source(self) -> str:
        """How the source is shown: `full`, `fold`, `link` or `none`."""
        return self.subject.options.source or ("fold" if self.subject.in_cell else "full")

    @property
    def has_source(self) -> bool:
        """Whether there is a source to show, and it is asked for."""
        is_text = self.facts.engine not in ("live", "none", "notebook") and bool(self.subject.text.strip())
        return is_text and self.source != "none" and self.subject.options.shows("source")

    @property
    def weight(self) -> int:
        """Bytes that a cell has at least, known without writing it."""
        shown = [self.symbols[number] for number in self.shown]
        docs = sum(len(symbol.doc or "") for symbol in shown) if self.amount.docs == "full" else 0
        names = sum(len(symbol.qualname) + len(symbol.signature or "") for symbol in shown)
        return docs + names if self.subject.options.shows("analysis") else 0

    @property
    def draws(self) -> bool:
        """Whether diagrams are asked for; without a word of it, on pages only."""
        wanted = self.subject.options.diagram
        return not self.subject.in_cell if wanted is None else wanted

    def limit(self, usual: int) -> int | None:
        """How many entries of a list are named before the rest is counted; None, which is all, on a page."""
        if not self.subject.in_cell:
            return None
        most = min(usual, _FEW) if self.amount.docs == "none" else usual
        return most if self.amount.most is None else min(most, self.amount.most)

    def href(self, qualname: str, line: int = 0) -> str | None:
        """The in-page URL of a definition, if it has a place here; *line* tells those of one name apart."""
        number = self._numbers.get((qualname, line))
        if number is None or number not in self.shown or not self.subject.options.shows("analysis"):
            return None
        return f"#{self.anchors[number]}"

    def resolve(self, name: str) -> str | None:
        """The in-page URL of a name that a docstring refers to: `Class.method`, or with its module in front."""
        module, _, rest = name.partition(".")
        stem = self.facts.path.rpartition("/")[2].partition(".")[0]
        return self.href(name) or (self.href(rest) if rest and module == stem else None)


def _comments(facts: FileFacts) -> list[str]:
    """What starts a comment that ends with its line."""
    language = BY_NAME.get(facts.language)
    return language.comment.split() if language else []


def _is_shown(symbol: Symbol, amount: Amount) -> bool:
    if not amount.local and "local" in symbol.flags:
        return False
    if not amount.private and is_hidden(symbol):
        return False
    return amount.members or (symbol.qualname == symbol.name and symbol.kind not in ASSIGNED)

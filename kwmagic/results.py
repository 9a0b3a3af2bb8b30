"""What users hold: a keyword index or a document of some target, and the calls that make them.

One record, several renders: the cell, the page, the plain text and the JSON are made from the same facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

from kwmagic import jsonform
from kwmagic.anchors import anchor
from kwmagic.evidence.purpose import count
from kwmagic.links import Reader
from kwmagic.markup import Block, Writer, plain
from kwmagic.mdtext import Dest, page_mark
from kwmagic.model import FileFacts, Import, Kind, Problem, Symbol, Target
from kwmagic.options import IndexOptions
from kwmagic.pages import extent, keywords, usage
from kwmagic.pages.entry import title
from kwmagic.pages.select import Selected, select
from kwmagic.pages.subject import AMOUNTS, Amount, amounts


class Limits(NamedTuple):
    """How much one cell may hold; what is beyond is counted, and how to see it is said."""

    bytes: int = 200_000
    entries: int = 2_000


class Draft(NamedTuple):
    """One render of a document."""

    blocks: list[Block]
    markdown: str
    entries: int


MakeDraft = Callable[[Dest, Amount, Limits | None], Draft | None]
"""Writes a document; None where it can be told without writing it that it would be beyond the limits."""


class Keyword(NamedTuple):
    """A symbol and the file it is in."""

    path: str
    symbol: Symbol

    def __repr__(self) -> str:
        return f"<{self.path}:{self.symbol.line} {self.symbol.kind} {title(self.symbol, qualified=True)}>"


def _all(kind: Kind) -> property:
    return property(lambda index: index.of_kind(kind), doc=f"The keywords of kind `{kind}`, in file and line order.")


class KeywordIndex:
    """The keywords of a target: iterable (`Keyword`), filterable, shown as a Markdown cell."""

    def __init__(
        self,
        target: Target,
        files: Sequence[FileFacts],
        options: IndexOptions,
        reader: Reader = Reader(),
        limits: Limits = Limits(),
    ) -> None:
        self.target = target
        self.files = tuple(files)
        """The facts of every file, unfiltered."""
        self.options = options
        self._reader = reader
        self._limits = limits

    @cached_property
    def selected(self) -> list[Selected]:
        """What the options leave of each file."""
        return select(self.files, self.options)

    def __iter__(self) -> Iterator[Keyword]:
        return (Keyword(each.facts.path, symbol) for each in self.selected for symbol in each.symbols)

    def __len__(self) -> int:
        return sum(len(each.symbols) for each in self.selected)

    def of_kind(self, *kinds: str) -> list[Keyword]:
        """The keywords of these kinds, in file and line order."""
        return [keyword for keyword in self if keyword.symbol.kind in kinds]

    modules = _all(Kind.MODULE)
    classes = _all(Kind.CLASS)
    functions = _all(Kind.FUNCTION)
    methods = _all(Kind.METHOD)
    properties = _all(Kind.PROPERTY)
    constants = _all(Kind.CONSTANT)
    variables = _all(Kind.VARIABLE)
    attributes = _all(Kind.ATTRIBUTE)
    type_aliases = _all(Kind.TYPE_ALIAS)

    @property
    def imports(self) -> list[tuple[str, Import]]:
        """(path, import) of every name that an import binds."""
        return [(each.facts.path, one) for each in self.selected for one in each.imports]

    @property
    def problems(self) -> list[tuple[str, Problem]]:
        """(path, problem) of all that could not be read or parsed."""
        return [(facts.path, problem) for facts in self.files for problem in facts.problems]

    def find(self, pattern: str) -> KeywordIndex:
        """The same index of only the names that match: a glob, or `/regex/`."""
        return self.filter(match=pattern)

    def filter(self, **options: Any) -> KeywordIndex:
        """The same index with other options, by the names of `IndexOptions`."""
        return KeywordIndex(self.target, self.files, replace(self.options, **options), self._reader, self._limits)

    @property
    def label(self) -> str:
        """What it is of."""
        return self.target.label

    @property
    def anchor(self) -> str:
        """The identifier of the cell's first line."""
        return keywords.top_anchor(self.target)

    def to_markdown(self) -> str:
        """The whole page, however long."""
        page = Writer(Dest.PAGE).write(keywords.page(self._page(self._reader.for_page())))
        return _marked(page, self.target, self.files)

    def to_dict(self) -> dict[str, Any]:
        """The JSON form; lists and dicts of plain values."""
        return jsonform.of_files(self.target, self.selected)

    def json_text(self) -> Iterator[str]:
        """The same as text, in pieces."""
        return jsonform.text(self.target, self.selected)

    def _page(self, reader: Reader) -> extent.Index:
        return extent.Index(self.target, self.selected, self.options, reader)

    @cached_property
    def _bundle(self) -> dict[str, str]:
        return cell(self._drafts(), self._limits, self.target)

    def _drafts(self) -> Iterator[Draft]:
        """Ever less of the index; what has too many entries is not even written."""
        index = self._page(self._reader)
        census = extent.census(index)
        for shown in extent.levels(index, self._limits.entries):
            entries = extent.size(index, shown, census)
            if entries <= self._limits.entries or shown.most is not None:
                blocks = list(keywords.page(index, shown))
                yield Draft(blocks, Writer(Dest.CELL, headings=False).write(blocks), shown.most or entries)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:  # noqa: ARG002
        return self._bundle

    def __repr__(self) -> str:
        return (
            f"<KeywordIndex of {self.target.label}: {count(len(self), 'keyword')} in {count(len(self.files), 'file')}>"
        )


class Document:
    """The documentation of a target, shown as a Markdown cell."""

    def __init__(self, target: Target, files: Sequence[FileFacts], draft: MakeDraft, limits: Limits) -> None:
        self.target = target
        self.files = tuple(files)
        """The facts of every file."""
        self._draft = draft
        self._limits = limits

    @property
    def problems(self) -> list[tuple[str, Problem]]:
        """(path, problem) of all that could not be read or parsed."""
        return [(facts.path, problem) for facts in self.files for problem in facts.problems]

    @property
    def label(self) -> str:
        """What it is of."""
        return self.target.label

    @property
    def anchor(self) -> str:
        """The identifier of the cell's first line."""
        return anchor("doc", self.target.label, "")

    def to_markdown(self) -> str:
        """The whole page, however long."""
        draft = self._draft(Dest.PAGE, AMOUNTS[0], None)
        assert draft is not None  # there are no limits
        return _marked(draft.markdown, self.target, self.files)

    def to_dict(self) -> dict[str, Any]:
        """The JSON form; lists and dicts of plain values."""
        return jsonform.of_files(self.target, select(self.files, IndexOptions()))

    def json_text(self) -> Iterator[str]:
        """The same as text, in pieces."""
        return jsonform.text(self.target, select(self.files, IndexOptions()))

    @cached_property
    def _bundle(self) -> dict[str, str]:
        drafts = (self._draft(Dest.CELL, amount, self._limits) for amount in amounts(self._limits.entries))
        return cell((draft for draft in drafts if draft), self._limits, self.target)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:  # noqa: ARG002
        return self._bundle

    def __repr__(self) -> str:
        return f"<Document of {self.target.label}>"


def _marked(page: str, target: Target, files: Sequence[FileFacts]) -> str:
    return f"{page}\n{page_mark(files[0].path if len(files) == 1 else target.label)}\n"


def cell(drafts: Iterable[Draft], limits: Limits, target: Target) -> dict[str, str]:
    """The MIME bundle of the first draft within the limits; where none is, of a line that says so."""
    for draft in drafts:
        if draft.entries <= limits.entries and len(draft.markdown.encode("utf-8")) <= limits.bytes:
            return {"text/markdown": draft.markdown, "text/plain": plain(draft.blocks)}
    blocks = list(usage.too_long(target))
    return {"text/markdown": Writer(Dest.CELL).write(blocks), "text/plain": plain(blocks)}


class Help:
    """One screen on what can be typed."""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:  # noqa: ARG002
        blocks = list(usage.page())
        return {"text/markdown": Writer(Dest.CELL, headings=False).write(blocks), "text/plain": plain(blocks)}

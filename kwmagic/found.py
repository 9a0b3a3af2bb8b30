"""What users hold after a search: the definitions that match, or the uses of one, shown as a Markdown cell."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from kwmagic import jsonform
from kwmagic.evidence.purpose import count
from kwmagic.links import Reader
from kwmagic.markup import Block, Writer, plain
from kwmagic.mdtext import Dest, page_mark
from kwmagic.model import Problem
from kwmagic.pages import found, uses
from kwmagic.pages.found import Match, Search
from kwmagic.pages.uses import Uses, UsingFile
from kwmagic.results import Limits

MakePage = Callable[[Reader, int], Iterator[Block]]
"""The page for a reader, with at most so many entries."""


class _Found:
    """One page in its forms: the cell, the whole, the plain text."""

    def __init__(self, page: MakePage, mark: str, reader: Reader, limits: Limits) -> None:
        self._page = page
        self._mark = mark
        self._reader = reader
        self._limits = limits
        self.problems: list[tuple[str, Problem]] = []
        """Always empty: the files' own problems are in their indexes."""

    def to_markdown(self) -> str:
        """The whole page."""
        text = Writer(Dest.PAGE).write(self._page(self._reader.for_page(), 10**9))
        return f"{text}\n{page_mark(self._mark)}\n"

    def to_dict(self) -> dict[str, Any]:
        """The JSON form; lists and dicts of plain values."""
        raise NotImplementedError

    def json_text(self) -> Iterator[str]:
        """The same as ASCII text."""
        yield json.dumps(self.to_dict()) + "\n"

    @cached_property
    def _bundle(self) -> dict[str, str]:
        most = self._limits.entries
        while True:
            blocks = list(self._page(self._reader, most))
            markdown = Writer(Dest.CELL, headings=False).write(blocks)
            if not most or len(markdown.encode("utf-8")) <= self._limits.bytes:
                return {"text/markdown": markdown, "text/plain": plain(blocks)}
            most //= 2

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:  # noqa: ARG002
        return self._bundle


class SearchResult(_Found):
    """The definitions that match some words, best first: iterable (`Match`)."""

    def __init__(self, search: Search, reader: Reader = Reader(), limits: Limits = Limits()) -> None:
        super().__init__(
            lambda reader, most: found.page(search, reader, most), f"a search in {search.place}", reader, limits
        )
        self.search = search

    def __iter__(self) -> Iterator[Match]:
        return iter(self.search.matches)

    def __len__(self) -> int:
        return len(self.search.matches)

    @property
    def total(self) -> int:
        """How many match, with those that are not listed."""
        return self.search.total

    @property
    def label(self) -> str:
        """What it is of."""
        return self.search.place

    @property
    def anchor(self) -> str:
        """The identifier of the cell's first line."""
        return found.top_anchor(self.search)

    def to_dict(self) -> dict[str, Any]:
        """The JSON form; lists and dicts of plain values."""
        return {
            "kwmagic": jsonform.VERSION,
            "target": self.search.place,
            "words": self.search.words,
            "total": self.search.total,
            "found": [
                {"path": each.path, "reason": each.reason, "uses": each.uses, "symbol": jsonform.of_symbol(each.symbol)}
                for each in self
            ],
            "unknown": {word: list(names) for word, names in self.search.unknown.items()},
        }

    def __repr__(self) -> str:
        found = count(self.total, "definition") or "nothing"
        return f"<SearchResult of {self.search.words!r} in {self.search.place}: {found}>"


class UsesResult(_Found):
    """The uses of one definition in its project, by file: iterable (`UsingFile`)."""

    def __init__(self, used: Uses, reader: Reader = Reader(), limits: Limits = Limits()) -> None:
        super().__init__(lambda reader, most: uses.page(used, reader, most), f"uses of {used.name}", reader, limits)
        self.uses = used

    def __iter__(self) -> Iterator[UsingFile]:
        return iter(self.uses.files)

    def __len__(self) -> int:
        return len(self.uses.files)

    @property
    def total(self) -> int:
        """The number of uses; imports do not count."""
        return self.uses.total

    @property
    def label(self) -> str:
        """What it is of."""
        return self.uses.name

    @property
    def anchor(self) -> str:
        """The identifier of the cell's first line."""
        return uses.top_anchor(self.uses)

    def to_dict(self) -> dict[str, Any]:
        """The JSON form; lists and dicts of plain values."""
        return {
            "kwmagic": jsonform.VERSION,
            "target": self.uses.name,
            "path": self.uses.facts.path,
            "symbol": jsonform.of_symbol(self.uses.symbol),
            "files": [
                {
                    "path": each.file.path,
                    "imports": [one.line for one in each.imports],
                    "uses": [{"line": one.line, "scope": one.scope, "how": one.how} for one in each.places],
                }
                for each in self
            ],
        }

    def __repr__(self) -> str:
        return f"<UsesResult of {self.uses.name}: {count(self.total, 'use') or 'no use'}>"

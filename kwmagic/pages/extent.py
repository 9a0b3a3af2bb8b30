"""How much of an index one output holds: from everything to one line a folder."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from kwmagic.links import Reader
from kwmagic.model import FILE, Symbol, Target
from kwmagic.options import IndexOptions
from kwmagic.pages.select import Selected


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
    ("attribute", "variable", "field", "enumerator", "column", "key", "label"),
    ("local",),
    ("method", "property", "constructor", "destructor", "operator", "event", "rpc"),
    ("constant", "type_alias", "typedef", "macro", "option", "index"),
    ("function", "kernel", "procedure", "heading"),
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


def _nowhere(named: Symbol | str) -> None:
    """Names lead to the source, and modules nowhere, where no documentation page belongs to the index."""
    del named


class Index(NamedTuple):
    """What an index page is made from."""

    target: Target
    selected: Sequence[Selected]
    options: IndexOptions
    reader: Reader
    section: Callable[[Symbol], str | None] = _nowhere
    """URL of the section of a documentation page that a definition has there."""
    module: Callable[[str], str | None] = _nowhere
    """URL of where to read of an imported module."""

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
    symbols = Counter(
        (symbol.kind, "local" in symbol.flags)
        for each in index.selected
        for symbol in each.symbols
        if FILE not in symbol.flags
    )
    imports = sum(len({one.module for one in each.imports}) for each in index.selected)
    return Census(symbols, imports)


def size(index: Index, shown: Shown, census: Census) -> int:
    """The number of entries of a page, without making it."""
    if shown.unit != "entry":
        return len(index.selected) if shown.unit == "file" else len(folders(index.selected))
    number = len(index.selected) if index.by_file else 0
    number += sum(many for (kind, local), many in census.symbols.items() if _takes(shown, kind, local))
    return number + (0 if "import" in shown.hidden else census.imports)


def shows(symbol: Symbol, shown: Shown) -> bool:
    return FILE not in symbol.flags and _takes(shown, symbol.kind, "local" in symbol.flags)


def _takes(shown: Shown, kind: str, local: bool) -> bool:
    return kind not in shown.hidden and not (local and "local" in shown.hidden)


def folders(selected: Sequence[Selected]) -> dict[str, list[Selected]]:
    folders: dict[str, list[Selected]] = defaultdict(list)
    for each in selected:
        folders[each.facts.path.rpartition("/")[0] or "."].append(each)
    return folders

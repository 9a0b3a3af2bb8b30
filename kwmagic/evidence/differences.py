"""What changed between two states of one file: definitions added, removed, and changed on the outside.

What a function does inside is not compared, nor is its docstring.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import NamedTuple

from kwmagic.model import FILE, FileFacts, Symbol

ADDED = "added"
REMOVED = "removed"
MOVED = "moved"
CHANGED = "changed"

_UNSAID = frozenset(("conditional", "declaration", "exported", "local", "overload", "private"))
"""Flags that follow from the name, the place or the condition."""
_CUT = "…"
"""In a signature that holds only the beginning of a long value."""


class Version(NamedTuple):
    """One state of one file."""

    facts: FileFacts
    digest: str
    """Of its content."""
    text: Callable[[], str] = str
    """Its source; asked for where facts hold only the beginning of a value."""


class Pair(NamedTuple):
    """A file before and now; None where there was or is none of that path."""

    old: Version | None
    new: Version | None


class Difference(NamedTuple):
    """One thing that is not the same in both states of a definition."""

    what: str
    """`kind`, `signature`, `bases`, `decorators`, `condition` or `flags`; `source` where the signature is cut short."""
    old: str
    """"" for none."""
    new: str


class Change(NamedTuple):
    """What became of one definition."""

    what: str
    """`added`, `removed`, `moved` or `changed`."""
    old: Symbol | None
    new: Symbol | None
    old_file: FileFacts | None
    """The file it was in."""
    new_file: FileFacts | None
    differences: tuple[Difference, ...] = ()

    @property
    def symbol(self) -> Symbol:
        """As it is now, or was."""
        symbol = self.new or self.old
        assert symbol is not None  # one of both is always there
        return symbol


class FileChange(NamedTuple):
    """A file with a change."""

    what: str
    """Of the file itself; `moved` where it was renamed."""
    old: FileFacts | None
    new: FileFacts | None
    changes: tuple[Change, ...]
    """By line; of what was removed behind the rest."""

    @property
    def facts(self) -> FileFacts:
        """As it is now, or was."""
        facts = self.new or self.old
        assert facts is not None  # one of both is always there
        return facts


def within(pair: Pair) -> list[Change]:
    """The changes of one file's definitions, in no order."""
    old = pair.old.facts if pair.old else None
    new = pair.new.facts if pair.new else None
    changes = []
    for was, is_ in matched(old.symbols if old else (), new.symbols if new else ()):
        if was is None or is_ is None or outside(was) != outside(is_):
            changes.append(change(was, is_, old, new))
        elif pair.old and pair.new and _CUT in (is_.signature or "") and not is_.cell:
            both = Difference("source", _source(pair.old, was), _source(pair.new, is_))
            if both.old != both.new:
                changes.append(Change(CHANGED, was, is_, old, new, (both,)))
    return changes


def _source(version: Version, symbol: Symbol) -> str:
    lines = version.text().split("\n")[symbol.line - 1 : symbol.end_line]
    return " ".join(line.strip() for line in lines)


def change(before: Symbol | None, now: Symbol | None, old: FileFacts | None, new: FileFacts | None) -> Change:
    """What became of a definition that is not the same before and now; at least one of both is there."""
    if before is None:
        return Change(ADDED, None, now, None, new)
    if now is None:
        return Change(REMOVED, before, None, old, None)
    return Change(CHANGED, before, now, old, new, tuple(_differences(before, now)))


def matched(before: Iterable[Symbol], now: Iterable[Symbol]) -> Iterator[tuple[Symbol | None, Symbol | None]]:
    """Definitions of one name belong together: first those that are alike, then in their order."""
    old, new = _by_name(before), _by_name(now)
    for name in old | new:
        yield from _paired(old.get(name, []), new.get(name, []))


def _by_name(symbols: Iterable[Symbol]) -> dict[str, list[Symbol]]:
    found: dict[str, list[Symbol]] = {}
    for symbol in symbols:
        if FILE not in symbol.flags:
            found.setdefault(symbol.qualname, []).append(symbol)
    return found


def _paired(before: list[Symbol], now: list[Symbol]) -> Iterator[tuple[Symbol | None, Symbol | None]]:
    for like in (outside, lambda each: each.condition, lambda each: each.kind):
        pairs, before, now = _taken(before, now, like)
        yield from pairs
    shorter = min(len(before), len(now))
    yield from zip(before, now, strict=False)
    yield from ((each, None) for each in before[shorter:])
    yield from ((None, each) for each in now[shorter:])


def _taken(
    before: list[Symbol], now: list[Symbol], like: Callable[[Symbol], Hashable]
) -> tuple[list[tuple[Symbol, Symbol]], list[Symbol], list[Symbol]]:
    """(pairs that are alike, what is left of both)."""
    waiting: dict[Hashable, list[Symbol]] = defaultdict(list)
    for each in reversed(before):
        waiting[like(each)].append(each)
    pairs = [(waiting[like(each)].pop(), each) if waiting[like(each)] else (None, each) for each in now]
    taken = {id(old) for old, _ in pairs if old is not None}
    return (
        [(old, new) for old, new in pairs if old is not None],
        [each for each in before if id(each) not in taken],
        [new for old, new in pairs if old is None],
    )


def outside(symbol: Symbol) -> tuple[Hashable, ...]:
    """What others see of a definition, but for its name and place."""
    return symbol.kind, symbol.signature, symbol.bases, symbol.decorators, symbol.condition, _flags(symbol)


def _flags(symbol: Symbol) -> tuple[str, ...]:
    return tuple(flag for flag in symbol.flags if flag not in _UNSAID and not flag.startswith("level-"))


def _differences(before: Symbol, now: Symbol) -> Iterator[Difference]:
    both = (
        ("kind", before.kind.replace("_", " "), now.kind.replace("_", " ")),
        ("signature", before.signature or "", now.signature or ""),
        ("bases", ", ".join(before.bases), ", ".join(now.bases)),
        ("decorators", _decorators(before), _decorators(now)),
        ("condition", before.condition or "", now.condition or ""),
        ("flags", ", ".join(_flags(before)), ", ".join(_flags(now))),
    )
    for what, was, is_ in both:
        is_said = what == "bases" and before.signature != now.signature and was in (before.signature or "")
        if was != is_ and not is_said:
            yield Difference(what, was, is_)


def _decorators(symbol: Symbol) -> str:
    return " ".join(f"@{each}" for each in symbol.decorators)

"""The keys of a data file by path, as far as there are not too many: what all its formats have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kwmagic.analysers.lines import Comments, Lines, shortened
from kwmagic.model import Findings, Kind, Problem, Symbol

_LEVELS = 8
"""Levels of nesting whose keys are shown."""
_KEYS = 5_000
"""Keys of one file that are shown."""
_LONG_NAME = 200
"""Characters of a key that are a name; longer ones are data."""


@dataclass(slots=True)
class Key:
    """A key, while its file is read."""

    name: str
    qualname: str
    level: int
    start: int
    end: int
    """The offset after its value."""
    signature: str | None = None
    kind: str = Kind.KEY.value


@dataclass(slots=True)
class Scope:
    """A mapping or a list: where keys stand."""

    prefix: str = ""
    """What qualnames inside start with."""
    level: int = 1
    """Of the next key inside."""
    is_list: bool = False
    is_item: bool = False
    """Whether it is a mapping in a list of which no key was read: the first says which it is, the others are detail."""

    @staticmethod
    def outermost(is_list: bool) -> Scope:
        return Scope("[]" if is_list else "", is_list=is_list)

    def nested(self, key: Key | None, is_list: bool) -> Scope:
        """The collection that is an item of this list, or the value of this mapping's *key* (None: one not shown)."""
        end = "[]" if is_list else "."
        if self.is_list:
            level = self.level + is_list
            return Scope(self.prefix + end if level <= _LEVELS else "", level, is_list, not is_list)
        if key is None or key.level >= _LEVELS:
            return Scope("", _LEVELS + 1, is_list)
        return Scope(key.qualname + end, key.level + 1, is_list)


class Keys:
    """The keys of one file; where they are too many, those of the outer levels."""

    def __init__(self) -> None:
        self.total = 0
        self._levels: list[list[Key]] = [[] for _ in range(_LEVELS)]
        self._shown = 0

    def add(self, scope: Scope, parts: Sequence[str], start: int, end: int, kind: str = Kind.KEY.value) -> Key | None:
        """Note the key of *scope* that these *parts* of a path lead to; None where it is not shown.

        A key that is the empty text is in the path of others, but is none to look for.
        """
        level = scope.level + len(parts) - 1
        if scope.is_item:
            scope.is_item = False
            scope.level += 1
        self.total += parts[-1] != ""
        if level > len(self._levels) or (len(self._levels) == 1 and self._shown == _KEYS):
            return None
        parts = [shortened(part) if len(part) > _LONG_NAME else part for part in parts]
        key = Key(parts[-1], scope.prefix + ".".join(parts), level, start, end, kind=kind)
        if key.name:
            self._levels[level - 1].append(key)
            self._shown += 1
            self._bound()
        return key

    def _bound(self) -> None:
        while self._shown > _KEYS and len(self._levels) > 1:
            self._shown -= len(self._levels.pop())
        if self._shown > _KEYS:
            self._levels[0].pop()
            self._shown -= 1

    def findings(
        self, text: str, comments: Sequence[tuple[int, int]], problems: Sequence[tuple[int, str]] = ()
    ) -> Findings:
        """All that is told of a *text*, given the spans of its comments and its problems by offset."""
        lines = Lines(text)
        said = Comments(text, lines, comments)
        keys = sorted((key for level in self._levels for key in level), key=lambda key: key.start)
        symbols = []
        for key in keys:
            line, end = lines.of(key.start), lines.of(max(key.start, key.end - 1))
            doc = said.above(line) or said.behind(line)
            symbols.append(Symbol(key.kind, key.name, key.qualname, line, end, key.signature, doc))
        found = [Problem(lines.of(offset), message) for offset, message in problems]
        if self._shown < self.total:
            which = f"of the first {len(self._levels)} levels" if len(self._levels) > 1 else "of the outermost level"
            found.append(Problem(0, f"{self._shown:,} of {self.total:,} keys are shown, {which}"))
        doc = said.header(keys[0].start if keys else len(text))
        return Findings("patterns", tuple(symbols), problems=tuple(found), doc=doc)

"""What a dotted name stands for: the file and definition it leads to, through every re-export on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kwmagic.evidence.importing import ImportRow
from kwmagic.evidence.modules import Importing, Index, bound, importing, is_package, leads_to, module_file
from kwmagic.model import FILE, Symbol

_DEEPEST = 60
"""Parts of a name, and re-exports that are followed one after another; real ones are below ten."""
_Seen = set[tuple[str, tuple[str, ...]]]
"""Path and names that were looked for on the way to a name, which may lead in a circle."""


class Found(NamedTuple):
    """Where a name leads."""

    path: str
    qualname: str
    """"" for the module itself."""
    rest: tuple[str, ...]
    """The parts of the name behind it that are no definitions: an inherited method, an attribute of an object."""


class _Table(NamedTuple):
    """What one file binds at its top level, and its members."""

    symbols: Mapping[str, Symbol]
    """By qualname; the one without condition before the others."""
    imports: Mapping[str, Sequence[ImportRow]]
    """By the name they bind."""
    stars: tuple[ImportRow, ...]
    exports: frozenset[str] | None


class Definitions:
    """Answers from one state of the index; remembers them."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._tables: dict[str, _Table] = {}
        self._known: dict[tuple[str, str], Found | None] = {}
        self._importing: dict[frozenset[str], Sequence[Importing]] = {}

    def importing(self, files: Iterable[str]) -> Sequence[Importing]:
        """All imports of these files and from them (`modules.importing`)."""
        key = frozenset(files)
        if key not in self._importing:
            self._importing[key] = tuple(importing(self.index, key))
        return self._importing[key]

    def definition(self, name: str, near: str = "") -> tuple[str, str] | None:
        """(path, qualname) that a dotted name stands for, qualname "" for a module; None where the project does not
        have it. *near*: the path of the file that uses it, whose folder tells scripts of one name apart."""
        found = self.locate(name, near)
        return (found.path, found.qualname) if found is not None and not found.rest else None

    def locate(self, name: str, near: str = "") -> Found | None:
        """The same, but as far as the name is known: `Color.RED.value` leads to `Color.RED`."""
        key = name, near.rpartition("/")[0]
        if key not in self._known:
            self._known[key] = self._located(name, near)
        return self._known[key]

    def _located(self, name: str, near: str) -> Found | None:
        parts = tuple(name.split("."))
        for length in range(min(len(parts), _DEEPEST) - 1, 0, -1):
            path = module_file(self.index, near, ".".join(parts[:length]))
            if path is not None:
                found = self.member(path, parts[length:])
                if found is not None:
                    return found
        path = module_file(self.index, near, name) if len(parts) < _DEEPEST else None
        return None if path is None else Found(path, "", ())

    def member(self, path: str, parts: tuple[str, ...]) -> Found | None:
        """What the names *parts*, one inside the other, are in the module at *path*."""
        return self._member(path, parts, set(), 0)

    def _member(self, path: str, parts: tuple[str, ...], seen: _Seen, depth: int) -> Found | None:
        if not parts:
            return Found(path, "", ())
        if (path, parts) in seen or depth > _DEEPEST:
            return None
        seen.add((path, parts))
        head, rest = parts[0], parts[1:]
        table = self.table(path)
        own = table.symbols.get(head)
        imports = table.imports.get(head, ())
        if own is not None and not ("conditional" in own.flags and imports):
            return _inside(table, path, parts)
        for found in self._imported(path, imports, rest, seen, depth + 1):
            return found
        if own is not None:
            return _inside(table, path, parts)
        for row in table.stars:
            target = leads_to(self.index, path, row)
            taken = self._member(target, parts, seen, depth + 1) if target and self.exports(target, head) else None
            if taken is not None:
                return taken
        return self._submodule(path, head, rest, seen, depth + 1)

    def _imported(
        self, path: str, rows: Sequence[ImportRow], rest: tuple[str, ...], seen: _Seen, depth: int
    ) -> Iterator[Found]:
        for row in rows:
            if row.name is None:
                top = row.module if row.alias else bound(row)
                target = module_file(self.index, path, top)
                found = self._member(target, rest, seen, depth) if target else None
            else:
                target = module_file(self.index, path, row.module)
                found = self._member(target, (row.name, *rest), seen, depth) if target else None
                if found is None:
                    submodule = module_file(self.index, path, f"{row.module}.{row.name}")
                    found = self._member(submodule, rest, seen, depth) if submodule else None
            if found is not None:
                yield found

    def _submodule(self, path: str, name: str, rest: tuple[str, ...], seen: _Seen, depth: int) -> Found | None:
        if not is_package(path):
            return None
        target = module_file(self.index, path, f"{self.index.names.get(path, '')}.{name}")
        return None if target is None else self._member(target, rest, seen, depth)

    def exports(self, path: str, name: str) -> bool:
        """Whether a star import of the module at *path* takes *name*, if it has it."""
        exports = self.table(path).exports
        return not name.startswith("_") if exports is None else name in exports

    def table(self, path: str) -> _Table:
        """What a file binds at its top level."""
        if path not in self._tables:
            self._tables[path] = self._read(path)
        return self._tables[path]

    def _read(self, path: str) -> _Table:
        facts = self.index.facts(path)
        symbols: dict[str, Symbol] = {}
        for symbol in facts.symbols if facts else ():
            if FILE in symbol.flags or "local" in symbol.flags:
                continue
            known = symbols.get(symbol.qualname)
            if known is None or ("conditional" in known.flags and "conditional" not in symbol.flags):
                symbols[symbol.qualname] = symbol
        imports: dict[str, list[ImportRow]] = {}
        stars = []
        for row in self.index.imports_in(path):
            if "local" in row.flags.split():
                continue
            if row.name == "*":
                stars.append(row)
            else:
                imports.setdefault(bound(row), []).append(row)
        exports = None if facts is None or facts.exports is None else frozenset(facts.exports)
        return _Table(symbols, imports, tuple(stars), exports)


def _inside(table: _Table, path: str, parts: tuple[str, ...]) -> Found:
    """As far as the names lead into one another: class, method."""
    qualname, known = parts[0], 1
    while known < len(parts) and f"{qualname}.{parts[known]}" in table.symbols:
        qualname = f"{qualname}.{parts[known]}"
        known += 1
    return Found(path, qualname, parts[known:])

"""A project's index held in memory: what links are tested with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kwmagic import analysis
from kwmagic.evidence.importing import ImportRow, import_rows
from kwmagic.evidence.modules import Spots, extension_names, is_package, module_names, named_files
from kwmagic.evidence.trace import trace
from kwmagic.model import FileFacts, FileRef


class MemoryIndex:
    """The files of a folder, analysed and traced; the interface is `modules.Index`."""

    def __init__(
        self,
        root: Path,
        paths: Iterable[str],
        *,
        binaries: Iterable[str] = (),
        config: Iterable[str] = (),
        changed: Mapping[str, Sequence[tuple[str, int, int]]] | None = None,
        links: Mapping[str, Sequence[ImportRow]] | None = None,
    ) -> None:
        found = analysis.analyse_all([FileRef(path, str(root / path)) for path in sorted(paths)])
        self.known: dict[str, FileFacts] = {facts.path: facts for facts in found}
        self.paths = frozenset(self.known)
        self.names = module_names(self.paths)
        self.modules = named_files(self.names)
        self.extensions = extension_names(binaries, self.paths)
        self.config = frozenset(config)
        self.found: dict[tuple[str, str, str], str | None] = {}
        self.changed = changed or {}
        self.rows = {path: [*self._rows(facts), *(links or {}).get(path, ())] for path, facts in self.known.items()}
        self.by_module: dict[str, list[tuple[str, ImportRow]]] = defaultdict(list)
        for path, rows in self.rows.items():
            for row in rows:
                self.by_module[row.module].append((path, row))
        self.uses: dict[str, dict[str, list[list[int | str]]]] = {}
        self.texts: dict[str, str] = {}
        self.lines: dict[str, list[str]] = {}

    def _rows(self, facts: FileFacts) -> Iterator[ImportRow]:
        return import_rows(facts, self.names.get(facts.path, ""), is_package=is_package(facts.path))

    def traced(self, paths: Iterable[str] | None = None) -> MemoryIndex:
        """With the uses in these files, or in all."""
        for path in sorted(self.names if paths is None else paths):
            if path.endswith((".py", ".pyi")):
                self._add(path, trace(self.text(path), self.names[path], is_package=is_package(path)).uses)
        self.below: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self.uses):
            parts = name.split(".")
            for length in range(1, len(parts) + 1):
                self.below[".".join(parts[:length])].append(name)
        return self

    def _add(self, path: str, uses: Iterable[object]) -> None:
        for name, line, scope, how, first, last in uses:  # type: ignore[attr-defined]  # a tuple of these
            self.uses.setdefault(name, {}).setdefault(path, []).append([line, scope, how, first, last])

    def text(self, path: str) -> str:
        if path not in self.texts:
            self.texts[path] = analysis.analyse_with_text(self.ref(path))[1]
        return self.texts[path]

    def facts(self, path: str) -> FileFacts | None:
        return self.known.get(path)

    def ref(self, path: str) -> FileRef:
        return self.known[path].ref

    def source(self, path: str, first: int, last: int) -> str:
        if path not in self.lines:
            self.lines[path] = self.text(path).split("\n")
        return "\n".join(self.lines[path][first - 1 : last])

    def imports_of(self, modules: Sequence[str]) -> list[tuple[str, ImportRow]]:
        rows = [row for module in dict.fromkeys(modules) for row in self.by_module.get(module, ())]
        return sorted(rows, key=lambda row: (row[0], row[1].line))

    def imports_from(self, taken: Sequence[tuple[str, str | None]]) -> list[tuple[str, ImportRow]]:
        wanted = {*taken}
        rows = self.imports_of([module for module, _ in taken])
        return [each for each in rows if (each[1].module, each[1].name) in wanted]

    def importers_from(self, taken: Sequence[tuple[str, str | None]]) -> frozenset[str]:
        return frozenset(path for path, _ in self.imports_from(taken))

    def importer_count(self, module: str) -> int:
        return len({path for path, _ in self.imports_of([module])})

    def imports_in(self, path: str) -> Sequence[ImportRow]:
        return self.rows.get(path, ())

    def uses_of(self, name: str) -> list[tuple[str, str, Spots]]:
        found = [(each, path, spots) for each in self.below.get(name, ()) for path, spots in self.uses[each].items()]
        return sorted(found, key=lambda row: row[1])

    def co_changed(self, path: str) -> Sequence[tuple[str, int, int]]:
        return self.changed.get(path, ())


def index_of(folder: Path, files: Mapping[str, str], **known: Any) -> MemoryIndex:
    """The index of files that are given as text; they are written into *folder* and traced."""
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    return MemoryIndex(folder, files, **known).traced()

"""Which of some Python files import each other at module level, told from their facts alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kwmagic.evidence.importing import APART
from kwmagic.model import FileFacts, Import


class ModuleEdge(NamedTuple):
    """One file imports another."""

    importer: FileFacts
    imported: FileFacts
    line: int
    """Of the first import that does, in the importer."""


def module_name(path: str) -> str | None:
    """`json/decoder.py` -> `json.decoder`, `json/__init__.py` -> `json`; empty for the folder's own `__init__.py`, None
    for other files."""
    if not path.endswith(".py"):
        return None
    folder, _, name = path.removesuffix(".py").rpartition("/")
    return ".".join(filter(None, [*folder.split("/"), "" if name == "__init__" else name]))


def module_edges(files: Iterable[FileFacts], names: Mapping[str, str]) -> list[ModuleEdge]:
    """The pairs, each once, by importer and line; *names*: path -> dotted name, where the path does not tell it."""
    told = [(names.get(each.path, module_name(each.path)), each) for each in files]
    modules = {name: each for name, each in told if name is not None}
    edges: dict[tuple[str, str], ModuleEdge] = {}
    for name, facts in modules.items():
        parents = name.split(".") if name else []
        if facts.path.rpartition("/")[2] != "__init__.py":
            parents.pop()
        for each in facts.imports:
            target = APART.isdisjoint(each.flags) and _imported(each, parents, modules)
            if target and target is not facts:
                edges.setdefault((facts.path, target.path), ModuleEdge(facts, target, each.line))
    return sorted(edges.values(), key=lambda edge: (edge.importer.path, edge.line, edge.imported.path))


def _imported(each: Import, parents: list[str], modules: Mapping[str, FileFacts]) -> FileFacts | None:
    """The file that an import names: a submodule before the package that holds it; never a parent not named."""
    return next((modules[name] for name in _candidates(each, parents) if name in modules), None)


def _candidates(each: Import, parents: list[str]) -> Iterator[str]:
    module = each.module.lstrip(".")
    level = len(each.module) - len(module)
    if level > len(parents) + 1:
        return
    outer = parents[: len(parents) - level + 1] if level else []
    full = [*outer, *filter(None, [module])]
    if each.name and each.name != "*":
        yield ".".join([*full, each.name])
    yield ".".join(full)

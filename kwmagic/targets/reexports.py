"""Where a name that a module only imports is defined, read from the sources of the modules on the way."""

from __future__ import annotations

from collections.abc import Iterator

from kwmagic.analysers.python_scanner import Scan, scan
from kwmagic.errors import UnreadableError
from kwmagic.finders import Module, module_ref
from kwmagic.sources import read
from kwmagic.targets.scene import Scene


def definition(module: Module, rest: list[str], around: Scene, steps: int = 10) -> tuple[Module, list[str]]:
    """Follow `from .decoder import JSONDecoder` to where the name is defined; *steps* bounds rings of imports."""
    for source, name, is_sure in _imports_of(module, rest[0]) if rest and steps else ():
        if (inner := around.find_module(f"{source}.{name}")) is not None:
            return definition(inner, rest[1:], around, steps - 1)
        outer = around.find_module(source)
        if outer is not None:
            found = definition(outer, [name, *rest[1:]], around, steps - 1)
            if is_sure or _defines(found[0], found[1][0] if found[1] else ""):
                return found
    return module, rest


def _imports_of(module: Module, name: str) -> Iterator[tuple[str, str, bool]]:
    """(module, name there, sure) of each import of *module* that may bind *name*; a star is not sure."""
    found = _scanned(module)
    if found is None or _is_defined(found, name):
        return
    here = [each for each in found.imports if each.name and "local" not in each.flags]
    for each in here:
        if each.name and (each.alias or each.name) == name:
            yield _absolute(module, each.module), each.name, True
    for each in here:
        if each.name == "*":
            yield _absolute(module, each.module), name, False


def _defines(module: Module, name: str) -> bool:
    """Whether *module* defines or assigns *name* itself."""
    found = _scanned(module)
    return found is not None and _is_defined(found, name)


def _scanned(module: Module) -> Scan | None:
    ref = None if module.file is None else module_ref(module)
    try:
        return None if ref is None else scan(read(ref).text)
    except UnreadableError:
        return None


def _is_defined(found: Scan, name: str) -> bool:
    return any(symbol.qualname == name for symbol in found.symbols)


def _absolute(module: Module, source: str) -> str:
    """The dotted name of what *module* calls *source*."""
    level = len(source) - len(source.lstrip("."))
    if not level:
        return source
    parts = module.name.split(".")
    keep = max(len(parts) - level + (1 if module.folders else 0), 0)
    return ".".join([*parts[:keep], *filter(None, [source[level:]])])

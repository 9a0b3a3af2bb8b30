"""Where a name that a module only imports is defined, read from the sources of the modules on the way."""

from __future__ import annotations

from collections.abc import Iterator

from kwmagic.analysers.python_scanner import Scan, scan
from kwmagic.errors import UnreadableError
from kwmagic.evidence.importing import absolute
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
    for each in sorted(here, key=lambda each: each.name == "*"):
        source = absolute(each.module, module.name, is_package=bool(module.folders))
        if source and each.name == "*":
            yield source, name, False
        elif source and each.name and (each.alias or each.name) == name:
            yield source, each.name, True


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

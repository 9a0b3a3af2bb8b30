"""Modules as targets, and names in them as far as their sources tell."""

from __future__ import annotations

import os
from types import ModuleType

from kwmagic import finders
from kwmagic.errors import TargetError
from kwmagic.finders import Module
from kwmagic.inspection import module_dict
from kwmagic.model import FileRef, Target
from kwmagic.targets import live_facts
from kwmagic.targets.reexports import definition
from kwmagic.targets.scene import Scene
from kwmagic.targets.wording import is_name, left_out, quoted


def named_module(text: str, around: Scene) -> Target | None:
    """A module or package by its dotted name."""
    module = around.find_module(text) if is_name(text) else None
    return module and of_module(text, module, around)


def of_module(text: str, module: Module, around: Scene) -> Target:
    """All files of a package, the one file of a module."""
    state = "imported" if module.live is not None else "importable"
    if module.folders:
        files, counts = finders.package_refs(module, everything=around.everything)
        kind = "package" if module.file else "namespace package"
        if files:
            notes = (*left_out(counts), *live_facts.of_package(module, files, around))
            return Target(text, module.name, f"{state} {kind}", files, root(module), notes=notes)
    ref = _ref(module)
    how = "the live module (no source)" if ref.live is not None else f"{state} module"
    return Target(text, module.name, how, (ref,), root(module), notes=live_facts.of_module(module, ref))


def focused(text: str, module: Module, rest: list[str], around: Scene) -> Target:
    """The name *rest* in the module, or where the module imports it from."""
    module, rest = definition(module, rest, around)
    if not rest:
        return of_module(text, module, around)
    ref, focus = _ref(module), ".".join(rest)
    how = f"name in the {'imported' if module.live is not None else 'importable'} module `{module.name}`"
    notes = live_facts.of_name(module, rest[0])
    return Target(text, f"{module.name}.{focus}", how, (ref,), root(module), focus, notes=notes)


def live_module(value: ModuleType) -> Module:
    """The module behind a live one, by the name it gives itself."""
    name = module_dict(value).get("__name__")
    return finders.imported(name if type(name) is str else "module", value)


def root(module: Module) -> str | None:
    """The folder that holds the top of the package."""
    if module.file is None:
        if len(module.folders) != 1:
            return None
        return os.path.normpath(os.path.join(module.folders[0], *[".."] * (module.name.count(".") + 1)))
    return module.file[: -len(module.path)].rstrip("/" + os.sep) or os.sep


def _ref(module: Module) -> FileRef:
    ref = finders.module_ref(module)
    if ref is None:
        why = "holds no Python file" if module.folders else "is compiled and has no stub (.pyi)"
        raise TargetError(f"module {quoted(module.name)} {why}; import it first, then what it holds can be shown")
    return ref

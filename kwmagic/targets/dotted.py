"""Dotted names as targets: followed from a live value, a module or the built-in names to a definition."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

from kwmagic import inspection
from kwmagic.inspection import MISSING
from kwmagic.model import Target
from kwmagic.targets import members
from kwmagic.targets.modules import focused, live_module, named_module, of_module
from kwmagic.targets.objects import of_object
from kwmagic.targets.scene import Scene
from kwmagic.targets.wording import is_name


def followed(text: str, value: Any, rest: list[str], around: Scene) -> Target | None:
    """Follow *rest* from *value*, by what stands in `__dict__`s, to a definition or a module."""
    owner: Any = None
    for index, name in enumerate(rest):
        inner = inspection.member(value, name)
        if inspection.is_module(value) and (inner is MISSING or not _is_definition(inner)):
            return _in_module(text, value, rest[index:], around)
        if inner is MISSING:
            return None
        owner, value = value, inner
    if inspection.is_module(value):
        return of_module(text, live_module(value), around)
    target = of_object(text, value, around)
    notes = members.of_owner(owner, rest[-1], value, around) if rest else ()
    return replace(target, notes=(*target.notes, *notes))


def named_inside(text: str, around: Scene, deepest: str = "") -> Target | None:
    """A name in a module: the longest importable prefix is the module."""
    if not is_name(text) or "." not in text:
        return None
    parts = text.split(".")
    for count in range(len(parts) - 1, 0, -1):
        module = around.find_module(".".join(parts[:count]))
        if module is None:
            continue
        if module.live is not None and module.name != deepest:
            live = followed(text, module.live, parts[count:], replace(around, namespace={}))
            if live is not None:
                return live
        return focused(text, module, parts[count:], around)
    return None


def named_builtin(text: str, around: Scene) -> Target | None:
    """`len`, `str.join`: last, so that they never hide a module or a file."""
    builtins = around.modules.get("builtins")
    first, *rest = text.split(".")
    if not is_name(text) or not inspection.is_module(builtins):
        return None
    value = inspection.member(builtins, first)
    return None if value is MISSING else followed(text, value, rest, around)


def _in_module(text: str, value: ModuleType, rest: list[str], around: Scene) -> Target | None:
    """A submodule that is not imported yet, or a name that holds a plain value."""
    module = live_module(value)
    dotted = ".".join([module.name, *rest])
    target = named_module(dotted, around) or named_inside(dotted, around, deepest=module.name)
    return target and replace(target, text=text)


def _is_definition(value: Any) -> bool:
    return inspection.is_module(value) or inspection.place(inspection.unwrap(value)) is not None

"""Members of live classes and modules that are not the ones their source defines."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from types import BuiltinFunctionType, FunctionType
from typing import Any

from kwmagic import finders, inspection
from kwmagic.inspection import Place, functions_in, is_module, module_dict, place, unwrap
from kwmagic.targets.places import is_at, is_plain, label, source_of, written_in
from kwmagic.targets.scene import Scene
from kwmagic.targets.wording import code, counted_names
from kwmagic.targets.written import Definition, Written, bound_names, plain_definitions

_KEEPING = frozenset(("property", "staticmethod", "classmethod"))
"""Decorators that leave what they decorate in the class."""
_MOST = 5
"""Members named in one sentence."""

Body = Sequence[ast.stmt]


def of_class(kind: type, where: Place, now: Written, around: Scene) -> Iterator[str]:
    """Methods that were replaced or added at run time, or that only the source has.

    Of classes with a function that was written in them: one made by a call may only bear the name of another.
    """
    bodies = now.bodies(where.qualname)
    if not bodies or where.file is None or not is_plain(where, around):
        return
    held = list(functions_in(kind))
    replaced = [each for name, value, _ in held for each in _replacement(where, name, value, bodies, around)]
    if replaced:
        count = "1 method is not the one" if len(replaced) == 1 else f"{len(replaced):,} methods are not the ones"
        yield f"{count} that the source defines: {_listed(replaced)}."
    known = {name for body in bodies for name in bound_names(body)}
    added = [
        f"{code(name)} is {label(behind, around)}"
        for name, _, behind in held
        if name not in known
        and not name.startswith("_")
        and not is_at(place(behind), f"{where.qualname}.{name}", where)
    ]
    if added:
        count = "1 method is" if len(added) == 1 else f"{len(added):,} methods are"
        yield f"{count} not in the source of {code(where.qualname)}: {_listed(added)}."
    missing = [name for name in _expected(bodies) if inspection.holder(kind, name) is not kind]
    if missing:
        yield f"The live {code(where.qualname)} has no {counted_names(missing)}, which its source defines."


def of_owner(owner: Any, name: str, value: Any, around: Scene) -> Iterator[str]:
    """That *value*, found as *name* of a class, an object or a module, is not what the source there defines."""
    holder = inspection.holder(owner, name)
    if holder is None or not inspection.is_exactly(value, FunctionType, BuiltinFunctionType):
        return
    where = _place_of_module(holder) if is_module(holder) else place(holder)
    if where is None or is_at(place(value), f"{where.qualname}.{name}".lstrip("."), where):
        return
    if inspection.member(holder, name) is not value or not is_plain(where, around):
        return
    ref = source_of(where, around)
    now = written_in(ref) if ref is not None else None
    if now is not None:
        replaced = _replacement(where, name, value, now.bodies(where.qualname), around)
        yield from (f"This is not the function that the source defines: {each}." for each in replaced)


def _replacement(where: Place, name: str, value: Any, bodies: Sequence[Body], around: Scene) -> Iterator[str]:
    """Where each body of the source has a function of that name without decorators, and *value* is another.

    Metaclasses put a `__new__` of theirs into classes, as that of enumerations does.
    """
    full = f"{where.qualname}.{name}".lstrip(".")
    behind = unwrap(value)
    if inspection.is_exactly(value, staticmethod, classmethod):  # what Python itself makes of `__init_subclass__`
        value = behind
    written = [_plain_function(body, name) for body in bodies]
    lines = [each.lineno for each in written if each is not None]
    if bodies and len(lines) == len(bodies) and name != "__new__" and not is_at(place(value), full, where):
        inside = " around it" if is_at(place(behind), full, where) else ""
        yield f"{code(full)} (L{lines[0]}) is now {label(value, around)}{inside}"


def _listed(parts: Sequence[str]) -> str:
    more = f"; and {len(parts) - _MOST:,} more" if len(parts) > _MOST else ""
    return f"{'; '.join(parts[:_MOST])}{more}"


def _plain_function(body: Body, name: str) -> Definition | None:
    found = (each for each in plain_definitions(body) if each.name == name and not each.decorator_list)
    return next((each for each in found if not isinstance(each, ast.ClassDef)), None)


def _expected(bodies: Sequence[Body]) -> list[str]:
    """Public methods that a class made from any of these bodies has."""
    defined = [[each for each in plain_definitions(body) if _stays(each)] for body in bodies]
    everywhere = set.intersection(*({each.name for each in found} for found in defined))
    return [each.name for each in defined[0] if each.name in everywhere and not each.name.startswith("_")]


def _stays(node: Definition) -> bool:
    return all(isinstance(each, ast.Name) and each.id in _KEEPING for each in node.decorator_list)


def _place_of_module(module: Any) -> Place | None:
    name = module_dict(module).get("__name__")
    found = finders.imported(name, module) if type(name) is str else None
    return found and Place("module", found.name, "", found.file)

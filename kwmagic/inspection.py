"""Live objects looked at without being asked: what stands in their `__dict__`, and where they were written.

They may lie, loop or raise in every attribute, and so may their metaclasses, in `==` and `hash` too. So only slots of
the built-in types are read (`type.__dict__[…]`), never attributes that a class can define, and types are told apart by
identity.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple, TypeGuard

MISSING: Final = object()
"""Stands for an attribute that isn't there; None may be its value."""
_MODULE_DICT: Final[Any] = vars(types.ModuleType)["__dict__"]
_HOPS: Final[tuple[tuple[type, str], ...]] = (
    (types.MethodType, "__func__"),
    (staticmethod, "__func__"),
    (classmethod, "__func__"),
    (property, "fget"),
    (functools.partial, "func"),
    (types.GenericAlias, "__origin__"),
)
_HOLDERS = (functools.cached_property, functools.partialmethod, functools.singledispatchmethod)
_DESCRIPTORS = (
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.ClassMethodDescriptorType,
    types.GetSetDescriptorType,
    types.MemberDescriptorType,
)
_BUILTINS = (types.BuiltinFunctionType, types.MethodWrapperType)


class Place(NamedTuple):
    """Where an object was written, as far as it can be known without asking it."""

    kind: str
    """`class`, `function` or `method`."""
    module: str | None
    qualname: str
    file: str | None = None
    """`co_filename`: a path, or what a notebook calls its cell."""
    line: int = 0
    """Of a function: the 1-based line where it begins, with its decorators; else 0."""


def is_module(value: object) -> TypeGuard[types.ModuleType]:
    """Like `isinstance`, which would ask the value for its `__class__`."""
    return issubclass(type(value), types.ModuleType)


def is_class(value: object) -> TypeGuard[type]:
    """Like `isinstance(value, type)`, without asking the value."""
    return issubclass(type(value), type)


def is_exactly(value: object, *kinds: type) -> bool:
    """Whether its type is one of these; compared by identity, since a metaclass may define `==` and `hash`."""
    return any(type(value) is kind for kind in kinds)


def class_name(kind: type) -> str | None:
    """What `type` knows as the `__name__`, whatever a metaclass says; None where it is no plain text."""
    return _name(type.__dict__["__name__"].__get__(kind))


def module_dict(module: types.ModuleType) -> dict[str, Any]:
    """A module's names; reading them so wakes no lazy module."""
    facts: dict[str, Any] = _MODULE_DICT.__get__(module)
    return facts


def member(owner: object, name: str) -> Any:
    """The attribute as it stands in a `__dict__`, never computed; `MISSING` where there is none.

    Stricter than `inspect.getattr_static`, which calls the `__getattribute__` of a metaclass.
    """
    if is_module(owner):
        return module_dict(owner).get(name, MISSING)
    of_class = _first(type(owner), name)
    own = _first(owner, name) if is_class(owner) else _instance_dict(owner).get(name, MISSING)
    defined = of_class is not MISSING and (_inner(of_class) is not MISSING or place(of_class) is not None)
    return of_class if own is MISSING or (defined and not is_class(owner)) else own


def names_of(value: object) -> Iterator[str]:
    """What can follow the dot: the names in a module, or in a class and its bases."""
    if is_module(value):
        spaces: Sequence[Mapping[str, Any]] = (module_dict(value),)
    else:
        spaces = _class_dicts(value if is_class(value) else type(value))
    for names in spaces:
        yield from (name for name in list(names) if type(name) is str)


def unwrap(value: Any) -> Any:
    """What is behind methods, properties, partials and decorators that left `__wrapped__`; circles end."""
    return _layers(value)[-1]


def wrappers(value: Any) -> list[Any]:
    """What stands around the innermost function, outermost first: partials, what decorators put there."""
    pairs = pairwise(_layers(value))
    return [outer for outer, inner in pairs if is_partial(outer) or member(outer, "__wrapped__") is inner]


def is_partial(value: object) -> TypeGuard[functools.partial[Any]]:
    """Like `isinstance`, without asking the value."""
    return issubclass(type(value), functools.partial)


def functions_in(kind: type) -> Iterator[tuple[str, Any, types.FunctionType]]:
    """Name, value and innermost function of all that stands in the class itself and has a plain function behind it."""
    for name, value in list(_class_dicts(kind)[0].items()):
        behind = unwrap(value)
        if type(name) is str and not is_class(value) and type(behind) is types.FunctionType:
            yield name, value, behind


def holder(owner: object, name: str) -> type | types.ModuleType | None:
    """The module, or the class among an object's own and their bases, in which the name stands."""
    if is_module(owner):
        return owner if name in module_dict(owner) else None
    kind: type = owner if is_class(owner) else type(owner)
    mro = type.__dict__["__mro__"].__get__(kind)
    return next((each for each in mro if name in type.__dict__["__dict__"].__get__(each)), None)


def place(value: Any) -> Place | None:
    """Where a class or a function was written; None for every other object."""
    if is_class(value):
        return _place_of_class(value)
    if type(value) is types.FunctionType:
        return _place_of_function(value)
    if is_exactly(value, *_DESCRIPTORS):
        owner = _place_of_class(value.__objclass__)
        return Place("method", owner.module, f"{owner.qualname}.{value.__name__}")
    if is_exactly(value, *_BUILTINS):
        return _place_of_builtin(value)
    return None


def _class_dicts(kind: type) -> list[Mapping[str, Any]]:
    """Of the class and its bases, in the order of look-up."""
    return [type.__dict__["__dict__"].__get__(each) for each in type.__dict__["__mro__"].__get__(kind)]


def _first(kind: type, name: str) -> Any:
    return next((names[name] for names in _class_dicts(kind) if name in names), MISSING)


def _instance_dict(value: object) -> Mapping[str, Any]:
    slot = _first(type(value), "__dict__")
    names = slot.__get__(value) if type(slot) is types.GetSetDescriptorType else None
    return names if type(names) is dict else {}


def _layers(value: Any) -> list[Any]:
    """The value and what is behind it, layer by layer, until there is no more or it repeats."""
    found, seen = [value], {id(value)}
    while len(found) < 100:
        inner = _inner(found[-1])
        if inner is MISSING or inner is None or id(inner) in seen:
            break
        seen.add(id(inner))
        found.append(inner)
    return found


def _inner(value: Any) -> Any:
    if is_class(value):
        return MISSING
    for kind, slot in _HOPS:
        if issubclass(type(value), kind):
            return kind.__dict__[slot].__get__(value)
    if issubclass(type(value), _HOLDERS):
        return member(value, "func")
    if member(type(value), "__wrapped__") is MISSING:  # a proxy's own `__wrapped__` would have to be computed
        return member(value, "__wrapped__")
    return MISSING


def _place_of_class(value: type) -> Place:
    module = type.__dict__["__module__"].__get__(value)
    qualname = plain(type.__dict__["__qualname__"].__get__(value))
    facts = _class_dicts(value)[0]
    codes = [each.__code__ for each in map(unwrap, facts.values()) if type(each) is types.FunctionType]
    own = (plain(code.co_filename) for code in codes if plain(code.co_qualname).startswith(f"{qualname}."))
    return Place("class", _name(module), qualname, next(own, None))


def _place_of_function(value: types.FunctionType) -> Place:
    """By its code, which can't lie; but code made by `exec`, as dataclasses do, has no place of its own."""
    code = value.__code__
    file = plain(code.co_filename)
    made = file.startswith("<") and not file.startswith("<ipython-input-")
    qualname = plain(value.__qualname__ if made else code.co_qualname)
    scope = qualname.rpartition(".")[0]
    kind = "method" if scope and not scope.endswith("<locals>") else "function"
    module = _name(dict.get(value.__globals__, "__name__")) or _name(value.__module__)
    place_of_made = Place(kind, _name(value.__module__) or module, qualname)
    return place_of_made if made else Place(kind, module, qualname, file, code.co_firstlineno)


def _place_of_builtin(value: Any) -> Place:
    owner = value.__self__
    if owner is None or is_module(owner):
        return Place("function", _name(value.__module__), value.__qualname__)
    place_of_owner = _place_of_class(owner if is_class(owner) else type(owner))
    return Place("method", place_of_owner.module, f"{place_of_owner.qualname}.{value.__name__}")


def plain(text: str) -> str:
    """The text itself: names and files of functions and classes may be of a class that redefines what texts do."""
    return str.__str__(text)


def _name(value: object) -> str | None:
    return value if type(value) is str else None

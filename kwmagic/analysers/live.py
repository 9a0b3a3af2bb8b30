"""A module that has no source (`math`, C extensions, one made at run time): what stands in its `__dict__`.

Nothing of it is run. Objects lie: metaclasses define `__hash__` and `__eq__`, `__doc__` may be a property, and every
`__getattr__`, `__dir__`, `__repr__` and `__class__` is somebody's code. So values are told apart by the identity of
`type(value)`, and only attributes that C descriptors of built-in types answer are read.
"""

from __future__ import annotations

import functools
import inspect
import re
import types
from typing import Any, Final

from kwmagic.model import FILE, FileFacts, FileRef, Import, Kind, Problem, Symbol

MOST_SYMBOLS = 20_000
_MOST_LEVELS = 10
"""Of classes in classes."""
_DICT_OF_MODULE: Final[Any] = vars(types.ModuleType)["__dict__"]
_OF_CLASS: Final[dict[str, Any]] = dict(vars(type))
"""How `type` itself answers, whatever a metaclass says."""
_HEAP_TYPE = 1 << 9
"""Py_TPFLAGS_HEAPTYPE: not set for the types that are built into C code."""
_FROM_IMPORT = ("__name__", "__package__", "__loader__", "__spec__", "__path__", "__file__", "__cached__")
_MACHINERY = frozenset((*_FROM_IMPORT, "__doc__", "__builtins__", "__all__"))
_CLASS_MACHINERY = frozenset(
    ["__module__", "__doc__", "__dict__", "__weakref__", "__qualname__", "__firstlineno__", "__static_attributes__"]
)


def _ids(*kinds: type) -> frozenset[int]:
    """Types are compared by id: their own `==` and `hash` are a metaclass's to define."""
    return frozenset(map(id, kinds))


_BUILTINS = _ids(
    types.BuiltinFunctionType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.ClassMethodDescriptorType,
    types.MethodWrapperType,
)
_WRAPPERS = {id(staticmethod): "staticmethod", id(classmethod): "classmethod"}
_PROPERTIES = _ids(types.GetSetDescriptorType, types.MemberDescriptorType, property)
_PLAIN_VALUES = _ids(int, float, str, bytes, bool, type(None), tuple)
_FOREIGN_FUNCTIONS = frozenset(("cython_function_or_method", "fused_cython_function", "nb_func", "nb_method"))
"""Names of types whose values are functions, and not ours to ask: of Cython and nanobind."""


def analyse(ref: FileRef, module: Any) -> FileFacts:
    """The facts of a live module, without lines; never raises, and runs nothing of it."""
    names = _names_in_module(module)
    reader = _Reader({*_homes(ref.path), *_homes(_text(names.get("__name__")) or ref.path)}, names)
    name = ref.path.rpartition(".")[2]
    reader.add(Symbol(Kind.MODULE, name, name, 0, 0, doc=_text(names.get("__doc__")), flags=(FILE,)))
    for each, value in names.items():
        if each not in _MACHINERY:
            reader.read(each, value)
    problems = (Problem(0, f"{reader.more} more symbols are not shown"),) if reader.more else ()
    return FileFacts(
        ref,
        "Python",
        "live",
        symbols=tuple(reader.symbols),
        imports=tuple(reader.imports),
        exports=_exports(names.get("__all__")),
        problems=problems,
        doc=_text(names.get("__doc__")),
    )


class _Reader:
    def __init__(self, homes: set[str], names: dict[str, Any]) -> None:
        self.homes = homes
        self.names = names
        self.symbols: list[Symbol] = []
        self.imports: list[Import] = []
        self.expanded: set[int] = set()
        self.more = 0

    def add(self, symbol: Symbol) -> None:
        if len(self.symbols) < MOST_SYMBOLS:
            self.symbols.append(symbol)
        else:
            self.more += 1

    def read(self, name: str, value: Any) -> None:
        """One name of the module."""
        if issubclass(type(value), types.ModuleType):
            known_as = _text(_names_in_module(value).get("__name__")) or name
            self.imports.append(Import(known_as, None, None if known_as == name else name, 0))
            return
        home = _home(value)
        if home is not None and home not in self.homes:
            own_name = _own_name(value) or name
            self.imports.append(Import(home, own_name, None if own_name == name else name, 0, ("re-export",)))
        elif _is_class(value):
            self.read_class(name, value, "", 0)
        else:
            self.add(_symbol(name, value, ""))

    def read_class(self, name: str, value: type, prefix: str, level: int) -> None:
        """A class with its members; where it stands under its own name as well, only there."""
        qualname = prefix + name
        own_name = _qualname(value) or ""
        is_alias = id(value) in self.expanded or (own_name != qualname and self.names.get(own_name) is value)
        if is_alias:
            self.add(_data(name, value, prefix))
            return
        self.expanded.add(id(value))
        self.add(_class(name, value, prefix))
        if _home(value) not in self.homes or level == _MOST_LEVELS:
            return
        for each, member in _names_in_class(value).items():
            if each in _CLASS_MACHINERY:
                continue
            if _is_class(member) and _qualname(member) == f"{own_name}.{each}":
                self.read_class(each, member, f"{qualname}.", level + 1)
            else:
                self.add(_symbol(each, member, f"{qualname}."))


# --- symbols ------------------------------------------------------------------------------------------------------


def _class(name: str, value: type, prefix: str) -> Symbol:
    signature = _text(_OF_CLASS["__text_signature__"].__get__(value)) if type(value) is type else None
    bases = [base for base in _OF_CLASS["__bases__"].__get__(value) if base is not object]
    return Symbol(
        Kind.CLASS,
        name,
        prefix + name,
        0,
        0,
        signature=signature and _one_line(signature),
        doc=_text(_names_in_class(value).get("__doc__")),
        bases=tuple(filter(None, map(_qualname, bases))),
        flags=_flags(name),
    )


def _symbol(name: str, value: Any, prefix: str) -> Symbol:
    """Anything but a class; *prefix* is empty at module level."""
    wrapper = _WRAPPERS.get(id(type(value)))
    function = value.__func__ if wrapper or _is_instancemethod(value) else value
    decorators = (wrapper,) if wrapper else ()
    if id(type(value)) in _PROPERTIES or type(value) is functools.cached_property:
        doc = _text(value.__doc__) if id(type(value)) in _PROPERTIES else None
        return Symbol(Kind.PROPERTY, name, prefix + name, 0, 0, doc=doc, flags=_flags(name))
    if not wrapper and not _is_function(function):
        return _data(name, value, prefix)
    return Symbol(
        Kind.METHOD if prefix else Kind.FUNCTION,
        name,
        prefix + name,
        0,
        0,
        signature=_signature(function),
        doc=_text(function.__doc__) if _answers(function) else None,
        decorators=decorators,
        flags=_flags(name),
    )


def _data(name: str, value: Any, prefix: str) -> Symbol:
    is_plain = id(type(value)) in _PLAIN_VALUES
    kind = Kind.ATTRIBUTE if prefix else Kind.CONSTANT if is_plain or name.isupper() else Kind.VARIABLE
    shown = _qualname(value) if _is_class(value) else _repr(value)
    return Symbol(kind, name, prefix + name, 0, 0, signature=shown and f"= {shown}", flags=_flags(name))


def _flags(name: str) -> tuple[str, ...]:
    return ("private",) if name.startswith("_") and not (name.startswith("__") and name.endswith("__")) else ()


# --- reading without asking ---------------------------------------------------------------------------------------


def _is_class(value: Any) -> bool:
    return issubclass(type(value), type)


def _is_function(value: Any) -> bool:
    return _answers(value) or _text(_OF_CLASS["__name__"].__get__(type(value))) in _FOREIGN_FUNCTIONS


def _answers(value: Any) -> bool:
    """Whether it is a function whose attributes are C descriptors of its built-in type."""
    return type(value) is types.FunctionType or id(type(value)) in _BUILTINS


def _is_instancemethod(value: Any) -> bool:
    """What pybind11 makes its methods of; the type has a name in C only."""
    kind = type(value)
    is_static = not _OF_CLASS["__flags__"].__get__(kind) & _HEAP_TYPE
    return is_static and _OF_CLASS["__name__"].__get__(kind) == "instancemethod"


def _names_in_module(module: Any) -> dict[str, Any]:
    """`__dict__` as it is; empty for what only stands in `sys.modules` in place of a module and hides its own."""
    if issubclass(type(module), types.ModuleType):
        return _strings(_DICT_OF_MODULE.__get__(module))
    for kind in _OF_CLASS["__mro__"].__get__(type(module)):
        own = _OF_CLASS["__dict__"].__get__(kind).get("__dict__")
        if own is not None:
            return _strings(own.__get__(module)) if type(own) is types.GetSetDescriptorType else {}
    return {}


def _names_in_class(value: type) -> dict[str, Any]:
    return _strings(_OF_CLASS["__dict__"].__get__(value))


def _strings(names: Any) -> dict[str, Any]:
    """A copy, since other threads may add to it; what is no plain string is no name."""
    copy = names.copy() if type(names) is dict or type(names) is types.MappingProxyType else {}
    return {name: value for name, value in copy.items() if type(name) is str}


def _text(value: Any) -> str | None:
    return value if type(value) is str else None


def _home(value: Any) -> str | None:
    """The module an object says it is from."""
    if _is_class(value):
        return _text(_OF_CLASS["__module__"].__get__(value))
    if id(type(value)) in _ids(types.BuiltinFunctionType, types.FunctionType):
        return _text(value.__module__)
    return None


def _own_name(value: Any) -> str | None:
    return _qualname(value) if _is_class(value) else _text(value.__name__)


def _qualname(value: type) -> str | None:
    return _text(_OF_CLASS["__qualname__"].__get__(value))


def _homes(module: str) -> tuple[str, ...]:
    """What a module's own objects may name as theirs: `_collections.deque` says `collections`, `torch._C` `torch`."""
    package, _, name = module.rpartition(".")
    if not name.startswith("_"):
        return (module,)
    public = name.lstrip("_")
    return (module, *([package] if package else [public]))


def _exports(value: Any) -> tuple[str, ...] | None:
    if type(value) is not list and type(value) is not tuple:
        return None
    return tuple(name for name in tuple(value) if type(name) is str)


# --- signatures ---------------------------------------------------------------------------------------------------

_MOST_VALUE = 160
"""Characters of a value that are shown; a cut is marked with `…`."""
_BOUND = re.compile(r"\(\$\w+(?:, /)?(?:, )?")
_REPRS = _ids(int, float, str, bytes, bool, type(None))
"""Types whose `repr` is C code that asks no other object."""


def _signature(function: Any) -> str | None:
    if type(function) is types.FunctionType:
        return _of_code(function)
    text = _text(function.__text_signature__) if _answers(function) else None
    if text and type(function) is types.BuiltinFunctionType:  # of a module, or bound already: `($module, x, /)`
        text = _BOUND.sub("(", text)
    return text and _one_line(text)


def _one_line(text: str) -> str:
    return " ".join(text.replace("$", "").split())


def _of_code(function: types.FunctionType) -> str:
    """As it was written, except for annotations, and for defaults that only their own `repr` could show."""
    code = function.__code__
    count, keywords = code.co_argcount, code.co_kwonlyargcount
    named = list(code.co_varnames[: count + keywords])
    rest = list(code.co_varnames[count + keywords :])
    defaults = function.__defaults__ or ()
    values = dict(zip(named[:count][::-1], defaults[::-1], strict=False)) | (function.__kwdefaults__ or {})
    shown = [f"{name}={_repr(values[name]) or '…'}" if name in values else name for name in named]
    parts = shown[:count]
    if code.co_posonlyargcount:
        parts.insert(code.co_posonlyargcount, "/")
    if code.co_flags & inspect.CO_VARARGS:
        parts.append(f"*{rest.pop(0)}")
    elif keywords:
        parts.append("*")
    parts += shown[count:]
    if code.co_flags & inspect.CO_VARKEYWORDS:
        parts.append(f"**{rest.pop(0)}")
    return f"({', '.join(parts)})"


def _repr(value: Any) -> str | None:
    """Python's own `repr` of a plain value, cut; None for any other."""
    kind = type(value)
    if id(kind) not in _REPRS:
        return None
    if kind is int and value.bit_length() > 4 * _MOST_VALUE:  # Python refuses to write out the largest
        return f"{value >> (value.bit_length() - 64):#x}…"
    text = repr(value[:_MOST_VALUE]) if kind is str or kind is bytes else repr(value)
    is_cut = len(text) > _MOST_VALUE or ((kind is str or kind is bytes) and len(value) > _MOST_VALUE)
    return text[: _MOST_VALUE - 1] + "…" if is_cut else text

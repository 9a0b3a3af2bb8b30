"""The parameters of a live function and of one in a file, in one form: to compare and to show them."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from types import FunctionType, MappingProxyType
from typing import Any, NamedTuple

from kwmagic.inspection import MISSING, member
from kwmagic.targets.wording import code
from kwmagic.targets.written import Function

_KINDS = ("", "", "*", "", "**")
"""What stands before a name, by `inspect._ParameterKind`: positional-only, usual, `*`, keyword-only, `**`."""
_POSITIONAL, _USUAL, _REST, _KEYWORD, _KEYWORDS = range(5)
_SIGNATURE: Any = inspect.Signature.__dict__["_parameters"]
_NAME: Any = inspect.Parameter.__dict__["_name"]
_KIND: Any = inspect.Parameter.__dict__["_kind"]
_DEFAULT: Any = inspect.Parameter.__dict__["_default"]


class Parameter(NamedTuple):
    """One of them; of a default only that there is one."""

    name: str
    kind: int
    """As `inspect` numbers them."""
    has_default: bool = False


def of_live(function: FunctionType) -> list[Parameter]:
    """What the function takes, by its code and its defaults as they are now."""
    made, defaults, keywords = function.__code__, function.__defaults__, function.__kwdefaults__
    count, only = made.co_argcount, made.co_kwonlyargcount
    first_default = count - (tuple.__len__(defaults) if defaults is not None else 0)
    given = set() if keywords is None else {name for name in dict.__iter__(keywords) if type(name) is str}
    names = made.co_varnames
    found = [
        Parameter(name, _POSITIONAL if at < made.co_posonlyargcount else _USUAL, at >= first_default)
        for at, name in enumerate(names[:count])
    ]
    rest = count + only
    if made.co_flags & inspect.CO_VARARGS:
        found.append(Parameter(names[rest], _REST))
        rest += 1
    found += [Parameter(name, _KEYWORD, name in given) for name in names[count : count + only]]
    if made.co_flags & inspect.CO_VARKEYWORDS:
        found.append(Parameter(names[rest], _KEYWORDS))
    return found


def of_claim(function: FunctionType) -> list[Parameter] | None:
    """What its `__signature__` says; None without one, and where it is anything but a plain `inspect.Signature`."""
    claim = member(function, "__signature__")
    if claim is MISSING or type(claim) is not inspect.Signature:
        return None
    parameters = _read(_SIGNATURE, claim)
    held = list(parameters.values()) if type(parameters) is MappingProxyType else [None]
    if any(type(each) is not inspect.Parameter for each in held):
        return None
    empty = inspect.Parameter.empty
    found = [(_read(_NAME, each), _read(_KIND, each), _read(_DEFAULT, each) is not empty) for each in held]
    if any(type(name) is not str or type(kind) is not type(inspect.Parameter.VAR_KEYWORD) for name, kind, _ in found):
        return None
    return [Parameter(name, int(kind), has_default) for name, kind, has_default in found]


def of_written(node: Function) -> list[Parameter]:
    """What the definition in the file takes."""
    given, positional = node.args, [*node.args.posonlyargs, *node.args.args]
    first_default = len(positional) - len(given.defaults)
    found = [
        Parameter(each.arg, _POSITIONAL if at < len(given.posonlyargs) else _USUAL, at >= first_default)
        for at, each in enumerate(positional)
    ]
    if given.vararg:
        found.append(Parameter(given.vararg.arg, _REST))
    defaults = zip(given.kwonlyargs, given.kw_defaults, strict=True)
    found += [Parameter(each.arg, _KEYWORD, default is not None) for each, default in defaults]
    if given.kwarg:
        found.append(Parameter(given.kwarg.arg, _KEYWORDS))
    return found


def takes_anything(parameters: Sequence[Parameter]) -> bool:
    """Whether it is `(*args, **kwargs)`, whatever the names: what it hands on is not told by that."""
    return [each.kind for each in parameters] == [_REST, _KEYWORDS]


def is_mangled(parameters: Sequence[Parameter]) -> bool:
    """Whether a class would change one of the names: `__x` is `_Class__x` in the code."""
    return any(each.name.startswith("__") and not each.name.endswith("__") for each in parameters)


def shown(parameters: Sequence[Parameter]) -> str:
    """`(a, /, b=…, *rest, c, **more)`, between backticks."""
    parts: list[str] = []
    kinds = [each.kind for each in parameters]
    for at, each in enumerate(parameters):
        if each.kind == _KEYWORD and not {_REST, _KEYWORD} & {*kinds[:at]}:
            parts.append("*")
        parts.append(f"{_KINDS[each.kind]}{each.name}{'=…' if each.has_default else ''}")
        if each.kind == _POSITIONAL and kinds[at + 1 : at + 2] != [_POSITIONAL]:
            parts.append("/")
    return code(f"({', '.join(parts)})", 400)


def _read(slot: Any, value: object) -> Any:
    """`MISSING` where a slot was never set, as in what `object.__new__` made."""
    try:
        return slot.__get__(value)
    except AttributeError:
        return MISSING

"""Whether the code that is loaded is the code of the file now: functions compared with a fresh compilation of it.

What is compared are names, variables, constants and operators, since the order of instructions may differ between
two releases of Python that share their compiled files. So a change that only moves code within a function is missed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dis import opmap
from types import CodeType, FunctionType
from typing import Any, Final, NamedTuple

from kwmagic.inspection import plain
from kwmagic.targets.written import Written

_OPERATORS = (
    *("BINARY_OP", "COMPARE_OP", "IS_OP", "CONTAINS_OP", "UNARY_NEGATIVE", "UNARY_NOT", "UNARY_INVERT"),
    "LOAD_SMALL_INT",
)
_TELLING: Final = frozenset(opmap[name] for name in _OPERATORS if name in opmap)
_PLAIN = (int, bool, str, bytes, float, complex, type(None), type(...))
_MOST = 100_000
"""Constants looked at in one function; made by hand, they can hold one another without end."""


class Moved(NamedTuple):
    """A function that begins on another line now, decorators included; its code is the same."""

    name: str
    before: int
    now: int


class Drift(NamedTuple):
    """How loaded functions differ from the file."""

    changed: list[str]
    moved: list[Moved]
    gone: list[str]
    """Not in the file any more."""


def drift(functions: Iterable[FunctionType], now: Written) -> Drift:
    """Compare functions that were written in the file with what it holds."""
    found = Drift([], [], [])
    for function in functions:
        code = function.__code__
        name = plain(code.co_qualname)
        candidates = now.codes.get(name)
        if not candidates:
            found.gone.append(name)
            continue
        same = _same(code, candidates)
        if same is None:
            continue
        lines = [each.co_firstlineno for each in same]
        if not same:
            found.changed.append(name)
        elif code.co_firstlineno not in lines:
            found.moved.append(Moved(name, code.co_firstlineno, lines[0]))
    return found


def _same(code: CodeType, candidates: list[CodeType]) -> list[CodeType] | None:
    """Those of the same content; None where it is too much to tell."""
    here = _content(code)
    return None if here is None else [each for each in candidates if _content(each) == here]


def _content(code: CodeType) -> frozenset[Any] | None:
    """What the code and the functions inside it are made of; None where that is too much."""
    found: set[Any] = set()
    stack: list[Any] = [code]
    for _ in range(_MOST):
        if not stack:
            return frozenset(found)
        value = stack.pop()
        kind = type(value)
        if kind is CodeType:
            found.add(_facts(value))
            stack.extend(tuple.__iter__(value.co_consts))
        elif kind is tuple or kind is frozenset:
            found.add((kind.__name__, len(value)))
            stack.extend(value)
        elif kind is slice:
            stack.extend((value.start, value.stop, value.step))
        elif any(kind is each for each in _PLAIN):
            if value is not None:
                found.add((kind.__name__, repr(value) if kind is float or kind is complex else value))
        else:
            found.add(("an object", id(kind)))
    return None


def _facts(code: CodeType) -> tuple[Any, ...]:
    raw = code.co_code
    used = {(op, arg) for op, arg in zip(raw[::2], raw[1::2], strict=True) if op in _TELLING}
    return (
        plain(code.co_name),
        code.co_argcount,
        code.co_posonlyargcount,
        code.co_kwonlyargcount,
        code.co_flags & 0x2FF,  # kinds of function and parameters, not the `__future__` features
        frozenset(code.co_varnames),
        frozenset(code.co_names),
        frozenset(code.co_freevars),
        frozenset(code.co_cellvars),
        frozenset(used),
    )

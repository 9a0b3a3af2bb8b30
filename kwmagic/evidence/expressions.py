"""Every name that an expression reads, and those that it binds, in the scope that they belong to."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, NamedTuple

from kwmagic.evidence.scopes import Scope, Sort


class Place(NamedTuple):
    """Where a statement is."""

    first: int
    last: int
    step: int
    """Its number, counted from 1."""


class Seen(NamedTuple):
    """A name that was read, before it is resolved."""

    node: Any
    root: str
    scope: Scope
    how: str
    call: ast.Call | None
    place: Place


class _Fields(dict[type, tuple[str, ...]]):
    """Kind of node -> the fields with nodes; of an unknown kind all fields, of what is no node none."""

    def __missing__(self, kind: type) -> tuple[str, ...]:
        return getattr(kind, "_fields", ())


_FIELDS = _Fields(
    {
        ast.Assign: ("targets", "value"),
        ast.AugAssign: ("target", "value"),
        ast.Expr: ("value",),
        ast.Return: ("value",),
        ast.BinOp: ("left", "right"),
        ast.BoolOp: ("values",),
        ast.Compare: ("left", "comparators"),
        ast.Dict: ("keys", "values"),
        ast.FormattedValue: ("value", "format_spec"),
        ast.JoinedStr: ("values",),
        ast.List: ("elts",),
        ast.Set: ("elts",),
        ast.Slice: ("lower", "upper", "step"),
        ast.Starred: ("value",),
        ast.Subscript: ("value", "slice"),
        ast.Tuple: ("elts",),
        ast.UnaryOp: ("operand",),
    }
)
_UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


class Reader:
    """Reads expressions, without recursion, and notes the names that are read in them."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []

    def expressions(self, nodes: list[Any], scope: Scope, place: Place) -> None:
        """Everything in some expressions, what opens a scope included."""
        work = [(nodes, scope)]
        see = self.seen.append
        while work:
            pending, scope = work.pop()
            hidden = scope.hidden
            while pending:
                node = pending.pop()
                kind = type(node)
                call = None
                if kind is ast.Constant:
                    continue
                while kind is ast.Call:  # of `cached(f)(x)` both
                    pending += node.args
                    pending += [keyword.value for keyword in node.keywords]
                    call, node = node, node.func
                    kind = type(node)
                if kind is ast.Name:
                    if type(node.ctx) is not ast.Load:
                        self._target(node, scope, place)
                    elif node.id not in hidden:
                        see(Seen(node, node.id, scope, "call" if call else "reference", call, place))
                elif kind is ast.Attribute:
                    root = node.value
                    while type(root) is ast.Attribute:
                        root = root.value
                    if type(root) is not ast.Name:
                        pending.append(root)
                    elif root.id not in hidden:
                        see(Seen(node, root.id, scope, "call" if call else "reference", call, place))
                elif kind in _SPECIAL:
                    _SPECIAL[kind](node, scope, place, pending, work)
                else:
                    for name in _FIELDS[kind]:
                        value = getattr(node, name)
                        if type(value) is list:
                            pending += value
                        else:
                            pending.append(value)

    def _target(self, node: ast.Name, scope: Scope, place: Place) -> None:
        if type(node.ctx) is ast.Del:
            scope.hide(node.id, place.step)
        else:
            scope.assign(node.id, place.step)

    def named(self, node: Any, how: str, scope: Scope, place: Place) -> None:
        """A decorator or base: its own name stands for it, called or with `[…]` behind it or not."""
        call = node if type(node) is ast.Call and how == "decorator" else None
        inner = node.func if call else node
        if call:
            self.expressions([*node.args, *(keyword.value for keyword in node.keywords)], scope, place)
        if type(inner) is ast.Subscript:
            self.expressions([inner.slice], scope, place)
            inner = inner.value
        if root := root_of(inner):
            self.seen.append(Seen(inner, root, scope, how, call, place))
        else:
            self.expressions([inner], scope, place)

    def annotation(self, node: Any, scope: Scope, place: Place) -> None:
        """The names in an annotation, those in strings too, but not in those of a `Literal` or behind `Annotated`."""
        pending = [node]
        while pending:
            node = pending.pop()
            kind = type(node)
            if kind is ast.Constant:
                if type(node.value) is str:
                    pending += _parsed(node.value, node)
            elif root := root_of(node):
                self.seen.append(Seen(node, root, scope, "annotation", None, place))
            elif kind is ast.Subscript:
                pending.append(node.value)
                match getattr(node.value, "attr", getattr(node.value, "id", "")), node.slice:
                    case "Literal", inner:
                        self.expressions([inner], scope, place)
                    case "Annotated", ast.Tuple(elts=[first, *others]):
                        pending.append(first)
                        self.expressions(others, scope, place)
                    case _, inner:
                        pending.append(inner)
            elif kind is ast.Call or kind is ast.Attribute or kind in _SPECIAL:
                self.expressions([node], scope, place)
            else:
                for name in _FIELDS[kind]:
                    value = getattr(node, name)
                    pending += value if type(value) is list else [value]


def root_of(node: Any) -> str:
    """The first name of a chain of attributes; "" where it begins with anything else."""
    while type(node) is ast.Attribute:
        node = node.value
    return node.id if type(node) is ast.Name else ""


def _parsed(text: str, string: ast.Constant) -> list[ast.expr]:
    """The expression in a string annotation, at the place of the string; none where it is not one."""
    try:
        inner = ast.parse(text.strip(), mode="eval").body
    except _UNPARSABLE:
        return []
    for each in ast.walk(inner):
        ast.copy_location(each, string)
    return [inner]


_Work = list[tuple[list[Any], Scope]]


def _lambda(node: ast.Lambda, scope: Scope, place: Place, pending: list[Any], work: _Work) -> None:  # noqa: ARG001
    arguments = node.args
    pending += [*arguments.defaults, *arguments.kw_defaults]
    inner = scope.inside(Sort.FUNCTION)
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    for each in every:
        if each:
            inner.hide(each.arg, 0)
    work.append(([node.body], inner))


def _comprehension(node: Any, scope: Scope, place: Place, pending: list[Any], work: _Work) -> None:  # noqa: ARG001
    first, *others = node.generators
    pending.append(first.iter)  # evaluated outside
    inner = scope.inside(Sort.COMPREHENSION)
    parts = [node.key, node.value] if type(node) is ast.DictComp else [node.elt]
    parts += first.ifs
    for each in others:
        parts += [each.iter, *each.ifs]
    parts += [each.target for each in node.generators]
    work.append((parts, inner))


def _walrus(node: ast.NamedExpr, scope: Scope, place: Place, pending: list[Any], work: _Work) -> None:  # noqa: ARG001
    pending.append(node.value)
    while scope.sort is Sort.COMPREHENSION and scope.parent:
        scope = scope.parent
    scope.assign(node.target.id, place.step - 1)  # the rest of the statement can read it


def _capture(node: Any, scope: Scope, place: Place, pending: list[Any], work: _Work) -> None:  # noqa: ARG001
    """A name bound by a pattern."""
    name = node.rest if type(node) is ast.MatchMapping else node.name
    if name:
        scope.assign(name, place.step - 1)  # its guard can read it
    pending += [*getattr(node, "keys", ()), *getattr(node, "patterns", ()), getattr(node, "pattern", None)]


_SPECIAL: dict[type, Callable[[Any, Scope, Place, list[Any], _Work], None]] = {
    ast.Lambda: _lambda,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.NamedExpr: _walrus,
    ast.MatchAs: _capture,
    ast.MatchStar: _capture,
    ast.MatchMapping: _capture,
}

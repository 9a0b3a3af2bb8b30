"""Security and safety: what a Python file runs, loads, starts, reads, changes and ignores."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from kwmagic.evidence import environment
from kwmagic.evidence.outline import Outline, bindings, code
from kwmagic.evidence.resolver import Found
from kwmagic.evidence.wording import listed
from kwmagic.model import Statement

IGNORED = "Ignored errors"
STATE = "Module state that functions change"
DEFAULTS = "Default values shared by all calls"
_MUTABLE = frozenset(
    (
        *("builtins.list", "builtins.dict", "builtins.set", "builtins.bytearray"),
        *("collections.deque", "collections.defaultdict", "collections.OrderedDict", "collections.Counter"),
    )
)
_LITERALS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)


def statements(outline: Outline, found: Sequence[Found]) -> Iterator[Statement]:
    """What the uses of names and the shapes of statements tell, in no particular order."""
    yield from listed("security", outline, found)
    yield from environment.statements(outline, found)
    yield from _ignored(outline)
    yield from _rebound(outline)
    yield from _defaults(outline, found)


def _ignored(outline: Outline) -> Iterator[Statement]:
    """Handlers that do nothing at all."""
    for node, word, scope in outline.handlers:
        match node.body:
            case [ast.Pass()]:
                does = "pass"
            case [ast.Continue()]:
                does = "continue"
            case [ast.Expr(value=ast.Constant(value=value))] if value is Ellipsis:
                does = "..."
            case _:
                continue
        kind = f" {outline.source(node.type)}" if node.type else ""
        yield Statement("security", IGNORED, f"`{code(word + kind)}: {does}`", node.lineno, scope)


def _rebound(outline: Outline) -> Iterator[Statement]:
    """Names of the module that a function binds anew or only deletes."""
    bound: dict[int, dict[str, list[int]]] = {}
    for node, owner in outline.rebinding:
        if isinstance(owner.node, ast.ClassDef):
            continue
        key = id(owner.node)
        if key not in bound:
            bound[key] = bindings(owner.node.body, deleted=False)
        for name in node.names:
            verb, lines = "Rebinds", bound[key].get(name)
            if not lines:
                verb, lines = "Deletes", bindings(owner.node.body).get(name)
            if lines:
                yield Statement("security", STATE, f"{verb} global `{name}`", min(lines), owner.qualname)


def _defaults(outline: Outline, found: Sequence[Found]) -> Iterator[Statement]:
    """Defaults that are lists, dictionaries, sets and their like, made once with the function."""
    made = {id(each.node) for each in found if each.name in _MUTABLE}
    for node, qualname, _ in outline.definitions:
        if isinstance(node, ast.ClassDef):
            continue
        arguments = node.args
        named = [*arguments.posonlyargs, *arguments.args]
        pairs = [*zip(reversed(named), reversed(arguments.defaults), strict=False)]
        for each, default in [*pairs, *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]:
            if default and _is_mutable(default, made):
                text = f"All calls share the default `{code(f'{each.arg}={outline.source(default)}')}`"
                yield Statement("security", DEFAULTS, text, default.lineno, qualname)


def _is_mutable(node: ast.expr, made: set[int]) -> bool:
    pending = [node]
    while pending:
        each = pending.pop()
        if isinstance(each, _LITERALS) or (isinstance(each, ast.Call) and id(each.func) in made):
            return True
        if isinstance(each, ast.Tuple):
            pending += each.elts
    return False

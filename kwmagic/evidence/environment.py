"""Which environment variables a Python file reads and changes, by name where the file says it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from kwmagic.evidence.outline import Outline, code
from kwmagic.evidence.resolver import Found
from kwmagic.model import Statement

READ = "Environment variables read"
CHANGED = "Environment variables changed"
_MAPPINGS = frozenset(("os.environ", "os.environb"))
_ONE = {
    "os.getenv": (READ, "Reads {}"),
    "os.getenvb": (READ, "Reads {}"),
    "os.putenv": (CHANGED, "Sets {}"),
    "os.unsetenv": (CHANGED, "Removes {}"),
    "get": (READ, "Reads {}"),
    "__getitem__": (READ, "Reads {}"),
    "__contains__": (READ, "Checks for {}"),
    "pop": (CHANGED, "Removes {}"),
    "setdefault": (CHANGED, "Sets {} where it is not set"),
    "__setitem__": (CHANGED, "Sets {}"),
    "__delitem__": (CHANGED, "Removes {}"),
}
"""Calls whose first argument names the variable; a bare name is a method of `os.environ`."""
_CHANGING = frozenset(("update", "clear", "popitem", "__ior__"))


def statements(outline: Outline, found: Sequence[Found]) -> Iterator[Statement]:
    """One statement for each use of `os.environ`, `os.getenv` and their like."""
    used = [each for each in found if each.name.startswith("os.") and _is_environment(each.name)]
    if not used:
        return
    names = _Names(outline, found)
    parents = _parents(outline, used)
    for each in used:
        topic, text = _said(each, parents.get(id(each.node)), names)
        yield Statement("security", topic, text, each.node.lineno, each.scope)


def _is_environment(name: str) -> bool:
    return name in _ONE or name in _MAPPINGS or name.rpartition(".")[0] in _MAPPINGS


def _parents(outline: Outline, used: Sequence[Found]) -> dict[int, ast.Subscript | ast.Compare]:
    """`id` of a plain `os.environ` -> the subscript or comparison that it is part of."""
    plain = {id(each.node) for each in used if each.name in _MAPPINGS}
    found: dict[int, ast.Subscript | ast.Compare] = {}
    for node in ast.walk(outline.tree) if plain else ():
        if isinstance(node, ast.Subscript) and id(node.value) in plain:
            found[id(node.value)] = node
        elif isinstance(node, ast.Compare):
            found.update((id(each), node) for each in node.comparators if id(each) in plain)
    return found


def _said(found: Found, parent: ast.Subscript | ast.Compare | None, names: _Names) -> tuple[str, str]:
    match parent:
        case ast.Subscript(slice=key, ctx=ctx):
            if isinstance(ctx, ast.Load):
                return READ, f"Reads {names.shown(key)}"
            return CHANGED, f"{'Sets' if isinstance(ctx, ast.Store) else 'Removes'} {names.shown(key)}"
        case ast.Compare(left=left, ops=ops, comparators=others):
            for before, operator, each in zip((left, *others), ops, others, strict=False):
                if each is found.node and isinstance(operator, ast.In | ast.NotIn):
                    return READ, f"Checks for {names.shown(before)}"
    mapping, _, method = found.name.rpartition(".")
    key_of = _ONE.get(found.name) or (_ONE.get(method) if mapping in _MAPPINGS else None)
    if key_of and found.call and (asked := _key(found.call)):
        return key_of[0], key_of[1].format(names.shown(asked))
    topic = key_of[0] if key_of else CHANGED if method in _CHANGING else READ
    return topic, f"{'Calls' if found.call else 'Refers to'} `{found.name}`"


def _key(call: ast.Call) -> ast.expr | None:
    """The argument that names the variable."""
    given = [*call.args[:1], *(each.value for each in call.keywords if each.arg == "key")]
    return given[0] if given and not isinstance(given[0], ast.Starred) else None


class _Names:
    """What the names of variables are: literals, and constants of the module that are bound once."""

    def __init__(self, outline: Outline, found: Sequence[Found]) -> None:
        self.outline = outline
        self.resolved = {id(each.node): each.name for each in found}
        rebound = {name for node, _ in outline.rebinding for name in node.names}
        self.constants = {
            name: value
            for each in outline.tree.body
            for name, value in [_constant(each)]
            if name and len(outline.bound[name]) == 1 and name not in rebound
        }

    def shown(self, node: ast.expr) -> str:
        """The variable's name in code, or how the source gives it."""
        match node:
            case ast.Constant(value=str(value)):
                return f"`{code(value)}`"
            case ast.Name(id=name) if self.resolved.get(id(node), "").endswith(f".{name}") and name in self.constants:
                return f"`{code(self.constants[name])}`"
        return f"the variable named by `{self.outline.source(node)}`"


def _constant(node: ast.stmt) -> tuple[str, str]:
    """The name and text of a plain assignment of a string; two empty texts for any other statement."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(value))):
            return name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(value))):
            return name, value
    return "", ""

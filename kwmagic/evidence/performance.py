"""What bears on speed: caches, compilation, threads, tasks, synchronization, loops in loops, recursion."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence

from kwmagic.evidence.outline import Definition, Function, Outline, bindings, own
from kwmagic.evidence.resolver import Found
from kwmagic.evidence.wording import listed
from kwmagic.model import Statement

BLOCKING = "Blocking calls in coroutines"
LOOPS = "Nested loops"
RECURSION = "Recursion"
_DEEP = 3
"""Loops in loops from which on they are told; 212 of 45,906 functions of torch have as many."""
_WAITING = frozenset(
    (
        *("builtins.open", "builtins.input", "io.open", "time.sleep", "urllib.request.urlopen", "urllib3.request"),
        *("os.system", "os.popen", "os.wait", "os.waitpid", "urllib.request.urlretrieve"),
        *(f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "getoutput", "Popen")),
        *("subprocess.getstatusoutput", "httpx.stream"),
        *(
            f"{module}.{name}"
            for module in ("requests", "httpx")
            for name in ("get", "post", "put", "patch", "delete", "head", "options", "request")
        ),
    )
)


def statements(outline: Outline, found: Sequence[Found]) -> Iterator[Statement]:
    """What the uses of names and the shapes of statements tell, in no particular order."""
    yield from listed("performance", outline, found)
    yield from _blocking(outline, found)
    yield from _recursion(outline)
    for node, scope, depth in outline.loops:
        if depth >= _DEEP:
            yield Statement("performance", LOOPS, f"{depth} nested loops", node.lineno, scope)


def _blocking(outline: Outline, found: Sequence[Found]) -> Iterator[Statement]:
    """Calls that hold up the event loop; one in a nested function or a lambda may run in a thread."""
    calls = [each for each in found if each.call and each.name in _WAITING]
    if not calls:
        return
    coroutines = [each.node for each in outline.definitions if isinstance(each.node, ast.AsyncFunctionDef)]
    inside = {id(node) for each in coroutines for node in own(each) if isinstance(node, ast.Call)}
    for each in calls:
        if id(each.call) in inside:
            name = each.name.removeprefix("builtins.")
            yield Statement("performance", BLOCKING, f"Calls `{name}`", each.node.lineno, each.scope)


def _recursion(outline: Outline) -> Iterator[Statement]:
    """Functions that call themselves by their own name, methods through their first parameter."""
    bound: dict[int, dict[str, list[int]]] = {}
    overloads = _overloads(outline)
    for each in outline.definitions:
        node, qualname, owner = each
        around = owner.node if owner else outline.tree
        word = f".{node.name}(" if isinstance(around, ast.ClassDef) else f"{node.name}("
        if isinstance(node, ast.ClassDef) or not outline.mentions(word, node):
            continue
        if id(around) not in bound:
            bound[id(around)] = bindings(around.body)
        forms = len(bound[id(around)].get(node.name, ())) - overloads[id(around), node.name]
        if forms == 1 and (line := _calls_itself(each, outline)):
            yield Statement("performance", RECURSION, "Calls itself", line, qualname)


def _overloads(outline: Outline) -> Counter[tuple[int, str]]:
    """How many `@overload` forms of a name stand in a scope, given by `id`: they are no functions of their own."""
    return Counter(
        (id(owner.node if owner else outline.tree), node.name)
        for node, _, owner in outline.definitions
        if any(_last(part) == "overload" for part in node.decorator_list)
    )


def _last(node: ast.expr) -> str:
    return str(getattr(node, "attr", getattr(node, "id", "")))


def _calls_itself(definition: Definition, outline: Outline) -> int:
    """The line of the first call; 0 where there is none that surely is one."""
    node, _, owner = definition
    if isinstance(node, ast.ClassDef):
        return 0
    parameters = _parameters(node)
    name = node.name
    if owner and isinstance(owner.node, ast.ClassDef):
        if not parameters or any(_last(each) == "staticmethod" for each in node.decorator_list):
            return 0
        asked = parameters[0]
        lines = [each.lineno for each in _calls(node) if _is_method_of(each.func, asked, name)]
        is_other = name in outline.assigned_attributes
    else:
        asked = name
        lines = [each.lineno for each in _calls(node) if isinstance(each.func, ast.Name) and each.func.id == name]
        is_other = name in parameters or _is_rebound(outline, name)
    return min(lines) if lines and not is_other and asked not in bindings(node.body) else 0


def _parameters(node: Function) -> list[str]:
    """All parameters, the positional ones first."""
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return [each.arg for each in every if each]


def _calls(node: Function) -> Iterator[ast.Call]:
    return (each for each in own(node) if isinstance(each, ast.Call))


def _is_method_of(function: ast.expr, own_name: str, name: str) -> bool:
    match function:
        case ast.Attribute(value=ast.Name(id=found), attr=attribute):
            return (found, attribute) == (own_name, name)
    return False


def _is_rebound(outline: Outline, name: str) -> bool:
    return any(name in node.names for node, _ in outline.rebinding)

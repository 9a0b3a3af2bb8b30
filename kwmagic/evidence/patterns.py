"""Idioms that have an exact shape in the syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from kwmagic.evidence.outline import Definition, Outline, own
from kwmagic.evidence.resolver import Found
from kwmagic.evidence.wording import METACLASS, listed, name_in
from kwmagic.model import Statement


def _both(word: str) -> tuple[str, ...]:
    """The special methods of an operator and of its reflected and in-place forms."""
    return (f"__{word}__", f"__r{word}__", f"__i{word}__")


_ARITHMETIC = ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow", "lshift", "rshift", "and")
_GROUPS = (
    (
        "Operators",
        (
            *(name for word in (*_ARITHMETIC, "or", "xor") for name in _both(word)),
            *("__neg__", "__pos__", "__abs__", "__invert__"),
        ),
    ),
    ("Comparison", ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__")),
    ("Containers", ("__getitem__", "__setitem__", "__delitem__", "__contains__", "__len__", "__missing__")),
    ("Iteration", ("__iter__", "__next__", "__aiter__", "__anext__", "__reversed__")),
    ("Callable instances", ("__call__",)),
    ("Attribute access", ("__getattr__", "__getattribute__", "__setattr__", "__delattr__")),
    (
        "Pickling",
        ("__reduce__", "__reduce_ex__", "__getstate__", "__setstate__", "__getnewargs__", "__getnewargs_ex__"),
    ),
    (
        "Hooks for classes",
        (
            *("__init_subclass__", "__class_getitem__", "__subclasshook__", "__instancecheck__", "__subclasscheck__"),
            *("__prepare__", "__mro_entries__"),
        ),
    ),
    ("Slots", ("__slots__",)),
    ("Finalizers", ("__del__",)),
)
"""(topic, special names): a class that defines any of them is told with all that it defines."""
_PAIRS = (("Context managers", ("__enter__", "__exit__")), ("Context managers", ("__aenter__", "__aexit__")))
"""Told only where a class defines all of them."""
_DESCRIPTOR = ("__get__", "__set__", "__delete__", "__set_name__")
_MANY = 6
"""Special names that one statement lists; of others it says how many."""
_MODULE_HOOKS = ("__getattr__", "__dir__")
_TYPE_ARGUMENTS = 3
"""`type(name, bases, namespace)` makes a class; `type(x)` does not."""


def statements(outline: Outline, found: Sequence[Found]) -> Iterator[Statement]:
    """What the uses of names and the shapes of definitions tell, in no particular order."""
    told = list(listed("patterns", outline, found))
    yield from told
    yield from _wrappers(outline, found)
    managers = {each.scope for each in told if each.topic == "Context managers" and each.text.startswith("`@")}
    dispatchers = {each.scope for each in told if each.topic == "Single dispatch"}
    known = {(each.scope, each.line, each.text.startswith(METACLASS)) for each in told}
    for each in outline.definitions:
        if isinstance(each.node, ast.ClassDef):
            yield from _class(each, outline, known)
        else:
            yield from _function(each, outline, managers, dispatchers)
    for node, scope in outline.matches:
        yield Statement("patterns", "Structural pattern matching", "`match`", node.lineno, scope)
    for use in found:
        if use.name == "builtins.type" and use.call and _makes_class(use.call):
            yield Statement("patterns", "Metaclasses", "Makes a class with `type`", use.node.lineno, use.scope)


def _makes_class(call: ast.Call) -> bool:
    return len(call.args) == _TYPE_ARGUMENTS and not any(isinstance(each, ast.Starred) for each in call.args)


def _wrappers(outline: Outline, found: Sequence[Found]) -> Iterator[Statement]:
    """Functions that define a wrapper marked with `functools.wraps`."""
    wraps = {id(each.node) for each in found if each.name == "functools.wraps" and each.how == "decorator"}
    for node, _, owner in outline.definitions if wraps else ():
        if owner and not isinstance(owner.node, ast.ClassDef):
            for each in node.decorator_list:
                if id(name_in(each)) in wraps:
                    text = "`@functools.wraps` on an inner function"
                    yield Statement("patterns", "Wrappers of functions", text, each.lineno, owner.qualname)


def _class(each: Definition, outline: Outline, known: set[tuple[str, int, bool]]) -> Iterator[Statement]:
    members = outline.members.get(id(each.node), {})

    def says(topic: str, names: Sequence[str]) -> Statement:
        line = min(members[name] for name in names)
        return Statement("patterns", topic, f"Defines {_listing(names)}", line, each.qualname)

    for topic, names in _GROUPS:
        if present := [name for name in names if name in members]:
            yield says(topic, present)
    for topic, names in _PAIRS:
        if all(name in members for name in names):
            yield says(topic, names)
    if "__get__" in members:
        yield says("Descriptors", [name for name in _DESCRIPTOR if name in members])
    for decorator in each.node.decorator_list:
        if (each.qualname, decorator.lineno, False) not in known:
            text = f"`@{outline.source(name_in(decorator))}`"
            yield Statement("patterns", "Class decorators", text, decorator.lineno, each.qualname)
    for keyword in getattr(each.node, "keywords", ()):
        if keyword.arg == "metaclass" and (each.qualname, keyword.value.lineno, True) not in known:
            text = f"{METACLASS} `{outline.source(keyword.value)}`"
            yield Statement("patterns", "Metaclasses", text, keyword.value.lineno, each.qualname)


def _listing(names: Sequence[str]) -> str:
    """Names in code; of many the first and how many more."""
    shown = [f"`{name}`" for name in names[:_MANY]]
    if len(names) > _MANY:
        return f"{', '.join(shown)} and {len(names) - _MANY} more"
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def _function(each: Definition, outline: Outline, managers: set[str], dispatchers: set[str]) -> Iterator[Statement]:
    node, qualname, owner = each
    if isinstance(node, ast.ClassDef):
        return

    def says(topic: str, text: str, line: int) -> Statement:
        return Statement("patterns", topic, text, line, qualname)

    is_async = isinstance(node, ast.AsyncFunctionDef)
    yields = _yields(each, outline)
    if is_async:
        yield says("Asynchronous generators" if yields else "Coroutines", "`async def`", node.lineno)
    elif yields and qualname not in managers:
        yield says("Generators", f"`{yields[0]}`", yields[1])
    if owner is None and node.name in _MODULE_HOOKS:
        yield Statement("patterns", "Module attributes on demand", f"Module `{node.name}`", node.lineno, "")
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        match called:
            case ast.Attribute(value=ast.Name(id=name), attr="register") if _beside(each, name) in dispatchers:
                yield says("Single dispatch", f"`@{name}.register`", decorator.lineno)


def _beside(each: Definition, name: str) -> str:
    """The qualname of another definition in the same scope."""
    return each.qualname[: len(each.qualname) - len(each.node.name)] + name


def _yields(each: Definition, outline: Outline) -> tuple[str, int] | None:
    """`yield`, or `yield from` where there is nothing else, and the line of the first one in a function itself."""
    node = each.node
    if isinstance(node, ast.ClassDef) or not outline.mentions("yield", node):
        return None
    lines: dict[type[ast.AST], list[int]] = {}
    for part in own(node):
        if isinstance(part, ast.Yield | ast.YieldFrom):
            lines.setdefault(type(part), []).append(part.lineno)
    word, found = ("yield", lines[ast.Yield]) if ast.Yield in lines else ("yield from", lines.get(ast.YieldFrom, []))
    return (word, min(found)) if found else None

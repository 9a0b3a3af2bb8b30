"""Under which tests a Python file imports what it imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

OPTIONAL = "optional"
"""Said of an import in a `try` that catches its failure."""
_CATCHES = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BODIES = ("body", "orelse", "handlers", "finalbody", "cases")

_Found = tuple[ast.AST, tuple[str, ...]]


def import_conditions(tree: ast.Module) -> dict[int, tuple[str, ...]]:
    """Line of an import statement -> its tests, outermost first: `if sys.platform == 'win32'`, `except ImportError`,
    or `OPTIONAL`."""
    return dict(_imports(tree))


def _imports(tree: ast.Module) -> Iterator[tuple[int, tuple[str, ...]]]:
    stack: list[_Found] = [(tree, ())]
    while stack:
        node, tests = stack.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            if tests:
                yield node.lineno, tests
        elif isinstance(node, ast.If):
            stack += _branches(node, tests)
        elif isinstance(node, ast.Try | ast.TryStar):
            stack += _attempts(node, tests)
        else:
            tests = () if isinstance(node, _DEFINITIONS) else tests  # what stands around those holds when they are made
            stack += [(inner, tests) for field in _BODIES for inner in _listed(node, field)]


def _listed(node: ast.AST, field: str) -> Sequence[ast.AST]:
    """The statements in a field; a lambda's body is no list of them."""
    found = getattr(node, field, ())
    return found if isinstance(found, list) else ()


def _branches(node: ast.If, tests: tuple[str, ...]) -> Iterator[_Found]:
    test = ast.unparse(node.test)
    yield from ((inner, (*tests, f"if {test}")) for inner in node.body)
    yield from ((inner, (*tests, f"else of if {test}")) for inner in node.orelse)


def _attempts(node: ast.Try | ast.TryStar, tests: tuple[str, ...]) -> Iterator[_Found]:
    is_optional = any(_catches(handler) for handler in node.handlers)
    yield from ((inner, (*tests, OPTIONAL) if is_optional else tests) for inner in node.body)
    for handler in node.handlers:
        caught = f"except {ast.unparse(handler.type)}" if handler.type else "except"
        yield from ((inner, (*tests, caught)) for inner in handler.body)
    yield from ((inner, tests) for inner in (*node.orelse, *node.finalbody))


def _catches(handler: ast.ExceptHandler) -> bool:
    """Whether a handler catches a module that is missing; a bare `except` does."""
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(each is None or (isinstance(each, ast.Name) and each.id in _CATCHES) for each in caught)

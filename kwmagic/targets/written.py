"""What a Python file holds now, in the terms of live objects: its definitions and their code. Compiled, never run."""

from __future__ import annotations

import ast
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import CodeType

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Written:
    """One text, parsed and compiled."""

    tree: ast.Module
    codes: dict[str, list[CodeType]]
    """By `co_qualname`; several where a name is defined more than once."""
    definitions: dict[str, list[Definition]]
    """By qualname, those in functions included."""

    def functions(self, qualname: str) -> list[Function]:
        """The functions and methods of that name."""
        return [each for each in self.definitions.get(qualname, ()) if not isinstance(each, ast.ClassDef)]

    def bodies(self, qualname: str) -> list[Sequence[ast.stmt]]:
        """Those of the classes of that name; of the module for ""."""
        if not qualname:
            return [self.tree.body]
        return [each.body for each in self.definitions.get(qualname, ()) if isinstance(each, ast.ClassDef)]


def written(text: str) -> Written | None:
    """None where the text does not compile; raises nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
            code = compile(tree, "<written>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return Written(tree, _codes(code), _definitions(tree))


def bound_names(body: Sequence[ast.stmt]) -> dict[str, int]:
    """How often each name is bound or deleted in a body, blocks in it included, functions and classes in it not."""
    counts: dict[str, int] = defaultdict(int)
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                counts[node.name] += 1
                continue
            case ast.Lambda():
                continue
            case ast.Name(ctx=ast.Store() | ast.Del()):
                counts[node.id] += 1
            case ast.alias():
                counts[(node.asname or node.name).partition(".")[0]] += 1
            case ast.Global():
                for name in node.names:
                    counts[name] += 1
        stack.extend(ast.iter_child_nodes(node))
    return counts


def plain_definitions(body: Sequence[ast.stmt]) -> Iterator[Definition]:
    """The definitions that stand in the body itself, not under a condition, and are bound to their name once."""
    counts = bound_names(body)
    return (each for each in body if isinstance(each, _DEFINITIONS) and counts[each.name] == 1)


def _codes(code: CodeType) -> dict[str, list[CodeType]]:
    found: dict[str, list[CodeType]] = defaultdict(list)
    stack = [code]
    while stack:
        inner = [each for each in stack.pop().co_consts if isinstance(each, CodeType)]
        for each in inner:
            found[each.co_qualname].append(each)
        stack += inner
    return dict(found)


def _definitions(tree: ast.Module) -> dict[str, list[Definition]]:
    found: dict[str, list[Definition]] = defaultdict(list)
    stack: list[tuple[ast.AST, str]] = [(tree, "")]
    while stack:
        node, prefix = stack.pop()
        if isinstance(node, _DEFINITIONS):
            found[prefix + node.name].append(node)
            prefix += f"{node.name}." if isinstance(node, ast.ClassDef) else f"{node.name}.<locals>."
        inner = (each for each in ast.iter_child_nodes(node) if isinstance(each, _BLOCKS))
        stack.extend((each, prefix) for each in inner)
    return {name: sorted(nodes, key=lambda node: node.lineno) for name, nodes in found.items()}


_BLOCKS = (ast.stmt, ast.excepthandler, ast.match_case)

"""What `ast` says of a Python text, in the scanner's terms: the other side of the law that holds the two equal."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

Definition = tuple[str, str, int, int, str | None, bool]
"""(`class`, `function` or `async`, qualname, line, end line, docstring, conditional)"""


@dataclass
class Facts:
    """Facts as plain tuples, in source order."""

    definitions: list[Definition] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)
    """`ast.dump` of each definition's parameters, return annotation and type parameters, or of bases and keywords."""
    decorators: list[tuple[str, ...]] = field(default_factory=list)
    imports: list[tuple[str, str | None, str | None, int, bool, bool]] = field(default_factory=list)
    """(module, name, alias, line, local, conditional)"""
    assignments: list[tuple[str, int, int]] = field(default_factory=list)
    """(qualname, line, end line) at module and class level"""
    doc: str | None = None


_Definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def read(tree: ast.Module) -> Facts:
    """The facts of a parsed module."""
    facts = Facts(doc=ast.get_docstring(tree, clean=False))
    _body(tree, facts, "", "module", local=False, conditional=False)
    return facts


def _body(node: ast.AST, facts: Facts, prefix: str, scope: str, *, local: bool, conditional: bool) -> None:
    for child, tested in _statements(node):
        under = conditional or tested
        if isinstance(child, _Definition):
            _definition(child, facts, prefix, local=local, conditional=under)
        elif isinstance(child, ast.Import):
            facts.imports += [(a.name, None, a.asname, child.lineno, local, under) for a in child.names]
        elif isinstance(child, ast.ImportFrom):
            module = "." * child.level + (child.module or "")
            facts.imports += [(module, a.name, a.asname, child.lineno, local, under) for a in child.names]
        elif hasattr(child, "body") or hasattr(child, "cases"):
            _body(child, facts, prefix, scope, local=local, conditional=under)
        elif scope != "function":
            names = [prefix + name for name in _assigned(child)]
            facts.assignments += [(name, child.lineno, child.end_lineno or 0) for name in names]


def _statements(node: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """The statements directly inside `node`, and whether `node` puts a condition on them."""
    always = isinstance(node, (*_Definition, ast.Module, ast.With, ast.AsyncWith))
    for name in ("body", "cases", "handlers", "orelse", "finalbody"):
        for child in getattr(node, name, ()):
            yield child, not (always or name == "finalbody")


def _definition(node: ast.AST, facts: Facts, prefix: str, *, local: bool, conditional: bool) -> None:
    assert isinstance(node, _Definition)
    kind = {ast.ClassDef: "class", ast.FunctionDef: "function"}.get(type(node), "async")
    qualname = prefix + node.name
    doc = ast.get_docstring(node, clean=False)
    facts.definitions.append((kind, qualname, node.lineno, node.end_lineno or 0, doc, conditional))
    facts.signatures.append(signature(node))
    facts.decorators.append(tuple(ast.dump(decorator) for decorator in node.decorator_list))
    is_class = kind == "class"
    inner = f"{qualname}." if is_class else f"{qualname}.<locals>."
    _body(node, facts, inner, "class" if is_class else "function", local=local or not is_class, conditional=False)


def signature(node: ast.AST) -> str:
    """What makes two heads equal, as text."""
    fields = ("type_params", "args", "returns", "bases", "keywords")
    parts = [getattr(node, name, None) for name in fields]
    return " ".join(
        ast.dump(part) if isinstance(part, ast.AST) else str([ast.dump(p) for p in part or ()]) for part in parts
    )


def _assigned(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _names(target)
    elif isinstance(node, ast.AnnAssign) and node.simple:
        yield from _names(node.target)
    elif type(node).__name__ == "TypeAlias":
        yield from _names(node.name)  # type: ignore[attr-defined]


def _names(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _names(element)
    elif isinstance(target, ast.Starred):
        yield from _names(target.value)


def normal(name: str) -> str:
    """An identifier as the compiler stores it."""
    return unicodedata.normalize("NFKC", name)

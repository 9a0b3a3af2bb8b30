"""The statements of a Python file that evidence is taken from, met in one walk that looks into no expression."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

Function = ast.FunctionDef | ast.AsyncFunctionDef
LOOPS = (ast.For, ast.AsyncFor, ast.While)
LONGEST = 60
"""Characters of quoted code; a cut is marked with `…`."""
_STRING_OR_COMMENT = re.compile(r"""('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")|#[^\n]*""")
_ASSIGNED = re.compile(r"\.(\w+) = ")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Definition(NamedTuple):
    """A function or class and where it is defined."""

    node: Function | ast.ClassDef
    qualname: str
    owner: Definition | None
    """The definition right around it; None at the top of the module."""


class Loop(NamedTuple):
    """A loop that stands in no other one of its function."""

    node: ast.stmt
    scope: str
    depth: int
    """How many loops are nested there, itself included; the bodies of nested functions do not count."""


@dataclass(slots=True)
class _Nest:
    """An outermost loop while its body is walked."""

    node: ast.stmt
    scope: str
    depth: int = 0


@dataclass
class Outline:
    """The statements of one file, those under `if TYPE_CHECKING` left out; in no particular order."""

    tree: ast.Module
    text: str
    definitions: list[Definition] = field(default_factory=list)
    handlers: list[tuple[ast.ExceptHandler, str, str]] = field(default_factory=list)
    """With `except` or `except*`, and the scope."""
    matches: list[tuple[ast.Match, str]] = field(default_factory=list)
    """With the scope."""
    rebinding: list[tuple[ast.Global, Definition]] = field(default_factory=list)
    """The `global` statements in functions and classes."""
    nests: list[_Nest] = field(default_factory=list)
    members: dict[int, dict[str, int]] = field(default_factory=dict)
    """`id` of a class's node -> the names that its body defines or assigns, with the line."""
    typing_only: set[int] = field(default_factory=set)
    """The lines of what stands under `if TYPE_CHECKING`."""

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins in the text."""
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    @cached_property
    def bound(self) -> dict[str, list[int]]:
        """The lines on which each name is bound at the top of the module, in `if` and `try` too."""
        return bindings(self.tree.body)

    @cached_property
    def assigned_attributes(self) -> frozenset[str]:
        """The attributes that the text assigns to, of whatever object."""
        return frozenset(_ASSIGNED.findall(self.text))

    @cached_property
    def _is_ascii(self) -> bool:
        return self.text.isascii()

    @property
    def loops(self) -> Iterator[Loop]:
        """The outermost loops with their depths."""
        return (Loop(each.node, each.scope, each.depth) for each in self.nests)

    def mentions(self, word: str, node: ast.stmt) -> bool:
        """Whether a word stands in the source of a definition, behind its head's first line or behind its name."""
        end = node.end_lineno or node.lineno
        last = self.starts[end] if end < len(self.starts) else len(self.text)
        first = self.text.find("(", self.starts[node.lineno - 1], last) + 1
        return self.text.find(word, first, last) >= 0

    def source(self, node: ast.expr) -> str:
        """The source text of an expression, fit to stand between backticks: one line, cut where it is long."""
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        if self._is_ascii:
            return code(
                self.text[self.starts[first] + node.col_offset : self.starts[last] + (node.end_col_offset or 0)]
            )
        stop = self.starts[last + 1] if last + 1 < len(self.starts) else len(self.text)
        lines = self.text[self.starts[first] : stop].split("\n")
        lines[last - first] = _bytes(lines[last - first], None, node.end_col_offset)
        lines[0] = _bytes(lines[0], node.col_offset, None)
        return code("\n".join(lines[: last - first + 1]))


def _bytes(line: str, first: int | None, last: int | None) -> str:
    """A part of a line given by offsets in UTF-8, as `ast` counts."""
    return line[first:last] if line.isascii() else line.encode()[first:last].decode()


def code(text: str) -> str:
    """Text fit to stand between backticks: no comments over several lines, white space squeezed, cut at a backtick or
    after 60 characters."""
    if "\n" in text:
        text = _STRING_OR_COMMENT.sub(lambda found: found[1] or "", text)
    text = " ".join(text.split())
    if "`" in text:
        text = text.partition("`")[0] + "…"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def outline(tree: ast.Module, text: str) -> Outline:
    """What stands in a tree, given with the text that it was parsed from."""
    found = Outline(tree, text)
    pending: list[tuple[Iterable[Any], Definition | None, _Nest | None, int]] = [(tree.body, None, None, 0)]
    while pending:
        body, owner, nest, depth = pending.pop()
        scope = owner.qualname if owner else ""
        for node in body:
            kind = type(node)
            if kind in _DEFINITIONS:
                inner = _definition(node, owner)
                found.definitions.append(inner)
                _member(found, owner, node.name, node.lineno)
                pending.append((node.body, inner, None, 0))
            elif kind is ast.Assign:
                for target in node.targets:
                    if type(target) is ast.Name:
                        _member(found, owner, target.id, node.lineno)
            elif kind is ast.If:
                pending += ((part, owner, nest, depth) for part in _branches(found, node))
            elif kind in LOOPS:
                inner_nest = nest or _Nest(node, scope)
                inner_nest.depth = max(inner_nest.depth, depth + 1)
                if not nest:
                    found.nests.append(inner_nest)
                pending += [(node.body, owner, inner_nest, depth + 1), (node.orelse, owner, nest, depth)]
            elif kind is ast.Try or kind is ast.TryStar:
                word = "except" if kind is ast.Try else "except*"
                found.handlers += ((each, word, scope) for each in node.handlers)
                bodies = [node.body, node.orelse, node.finalbody, *(each.body for each in node.handlers)]
                pending += ((part, owner, nest, depth) for part in bodies)
            elif kind is ast.With or kind is ast.AsyncWith:
                pending.append((node.body, owner, nest, depth))
            elif kind is ast.Match:
                found.matches.append((node, scope))
                pending += ((each.body, owner, nest, depth) for each in node.cases)
            elif kind is ast.Global and owner:
                found.rebinding.append((node, owner))
    return found


def _definition(node: Any, owner: Definition | None) -> Definition:
    if owner is None:
        return Definition(node, node.name, None)
    between = "." if type(owner.node) is ast.ClassDef else ".<locals>."
    return Definition(node, f"{owner.qualname}{between}{node.name}", owner)


def _member(found: Outline, owner: Definition | None, name: str, line: int) -> None:
    if owner and type(owner.node) is ast.ClassDef:
        found.members.setdefault(id(owner.node), {}).setdefault(name, line)


def _branches(found: Outline, node: ast.If) -> list[list[ast.stmt]]:
    """The branches of an `if` that run; those for type checkers alone are noted."""
    test = node.test
    negated = type(test) is ast.UnaryOp and type(test.op) is ast.Not
    for part in [test.operand] if isinstance(test, ast.UnaryOp) else getattr(test, "values", [test]):
        if getattr(part, "attr", getattr(part, "id", "")) != "TYPE_CHECKING":
            continue
        if isinstance(test, ast.BoolOp) and type(test.op) is ast.Or:
            continue
        unread = node.orelse if negated else node.body
        if unread:
            found.typing_only.update(range(unread[0].lineno, (unread[-1].end_lineno or unread[-1].lineno) + 1))
        return [node.body if negated else node.orelse]
    return [node.body, node.orelse]


def own(node: Function) -> Iterator[ast.AST]:
    """The nodes that run when a function does: of nested functions only decorators and defaults."""
    pending: list[ast.AST] = [*node.body]
    while pending:
        each = pending.pop()
        yield each
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            pending += [*each.args.defaults, *filter(None, each.args.kw_defaults), *getattr(each, "decorator_list", ())]
        else:
            pending += ast.iter_child_nodes(each)


def bindings(body: Iterable[ast.AST], *, deleted: bool = True) -> dict[str, list[int]]:
    """The lines on which the statements of one scope bind each name, or delete it where *deleted* asks for that too;
    those of nested functions, classes and lambdas and the targets of comprehensions are not of this scope."""
    found: dict[str, list[int]] = {}
    pending = [*body]
    while pending:
        node = pending.pop()
        for name in () if not deleted and isinstance(getattr(node, "ctx", None), ast.Del) else _bound_by(node):
            found.setdefault(name, []).append(getattr(node, "lineno", 0))
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Lambda():
                pass
            case ast.comprehension(iter=source, ifs=tests):
                pending += [source, *tests]
            case _:
                pending += ast.iter_child_nodes(node)
    return found


def _bound_by(node: ast.AST) -> Sequence[str]:
    """The names that a node itself binds or deletes."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return [name]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return [each.asname or each.name.partition(".")[0] for each in names]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return [name]
        case ast.MatchMapping(rest=str(name)):
            return [name]
    return ()

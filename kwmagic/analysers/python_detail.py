"""What only a look at the whole text or a syntax tree can tell of one Python file."""

from __future__ import annotations

import ast
import platform
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kwmagic.analysers.python_conditions import import_conditions
from kwmagic.analysers.python_lexis import COMMENT, STRING
from kwmagic.model import Problem

_LINES = re.compile(
    rf"""(?P<blank>[ \t\f]*+\n)|(?P<comment>[ \t\f]*+{COMMENT}\n)|(?:[^"'\#\n]++|{STRING}|["'])*+(?:{COMMENT})?\n""",
    re.DOTALL,
)
"""One line, or all the lines that a string joins."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BODIES = ("body", "orelse", "handlers", "finalbody", "cases")
_QUIET = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.ClassDef, ast.Pass, *_FUNCTIONS)


@dataclass(frozen=True, slots=True)
class Detail:
    """Details of one file; without a syntax tree only the line counts."""

    code: int
    """Lines that are neither comment nor blank; all lines of a string that spans several are code."""
    comment: int
    blank: int
    parsed: bool = False
    complexity: dict[int, int] = field(default_factory=dict)
    """Line of a `def` -> its cyclomatic complexity (McCabe 1976), as ruff's rule C901 counts it."""
    main: tuple[int, str] | None = None
    """Line and source text of the first statement under `if __name__ == "__main__":`."""
    other_code: bool = False
    """Whether module-level statements do more than define, assign, import and document."""
    conditions: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Line of an import statement -> the tests it stands under, as `import_conditions` has them."""
    problem: Problem | None = None
    """Why there is no syntax tree."""


def parsed(text: str) -> ast.Module | Problem:
    """The syntax tree of one text, or why the running Python has none for it; never raises."""
    python = f"Python {platform.python_version()}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the target's escapes and comparisons are not the reader's concern
            return ast.parse(text)
    except SyntaxError as error:
        message = f"{python} can't parse it ({error.msg}); what is listed was read without a syntax tree"
        return Problem(error.lineno or 0, message)
    except (ValueError, RecursionError, MemoryError) as error:
        message = f"{python} can't parse it ({error or type(error).__name__}); what is listed was read without it"
        return Problem(0, message)


def detail(text: str, tree: ast.Module | Problem | None = None) -> Detail:
    """Details of one text, and of what it was parsed to where that is at hand; never raises."""
    counts, tree = _count_lines(text), tree or parsed(text)
    if isinstance(tree, Problem):
        return Detail(*counts, problem=tree)
    try:
        complexity, conditions = dict(_complexities(tree)), import_conditions(tree)
    except RecursionError:  # of `ast.unparse`
        return Detail(*counts, problem=Problem(0, "nested too deep to be looked at as a syntax tree"))
    main = next((found for node in tree.body if (found := _main(node, text))), None)
    return Detail(*counts, True, complexity, main, any(not _is_quiet(node) for node in tree.body), conditions)


def of_detail(found: Detail) -> list[Any]:
    """The same as lists that JSON can write."""
    about = [found.code, found.comment, found.blank, found.parsed, [*found.complexity.items()], found.main]
    return [*about, found.other_code, [*found.conditions.items()], found.problem]


def to_detail(row: list[Any]) -> Detail:
    """The details that were written as JSON."""
    code, comment, blank, is_parsed, complexity, main, other_code, conditions, problem = row
    return Detail(
        code,
        comment,
        blank,
        is_parsed,
        dict(complexity),
        main and (main[0], main[1]),
        other_code,
        {line: tuple(tests) for line, tests in conditions},
        problem and Problem(*problem),
    )


def _count_lines(text: str) -> tuple[int, int, int]:
    """(code, comment, blank); they add up to the number of lines."""
    text = text if text.endswith("\n") or not text else text + "\n"
    kinds = [match.lastgroup for match in _LINES.finditer(text)]
    comment, blank = kinds.count("comment"), kinds.count("blank")
    return text.count("\n") - comment - blank, comment, blank


def _is_quiet(node: ast.stmt) -> bool:
    """Whether a module-level statement only defines, assigns, imports or documents."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="__all__")))):
            return True
        case ast.If():
            return is_main(node) or all(map(_is_quiet, [*node.body, *node.orelse]))
        case ast.Try():
            handlers = [statement for handler in node.handlers for statement in handler.body]
            return all(map(_is_quiet, [*node.body, *handlers, *node.orelse, *node.finalbody]))
        case _:
            return isinstance(node, _QUIET) or type(node).__name__ == "TypeAlias"


def is_main(node: ast.stmt) -> bool:
    """Whether a statement holds what a file does when it is run as a script."""
    match node:
        case ast.If(
            test=ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")])
        ):
            return True
    return False


def _main(node: ast.stmt, text: str) -> tuple[int, str] | None:
    if not is_main(node):
        return None
    first = node.body[0]  # type: ignore[attr-defined]  # is_main: an `if`
    source = ast.get_source_segment(text, first) or ""
    return first.lineno, source if "\n" not in source else ""


def _complexities(tree: ast.Module) -> Iterator[tuple[int, int]]:
    """(line, number) of every function, by McCabe's count as ruff's rule C901 has it: one, and one more a branch.

    Boolean operators do not count; a function inside counts with all its branches.
    """
    pending: list[tuple[ast.AST, tuple[int, ...]]] = [(tree, ())]
    numbers: dict[int, int] = {}
    while pending:
        node, around = pending.pop()
        branches = _branches(node)
        if branches:
            for line in around:
                numbers[line] += branches
        if isinstance(node, _FUNCTIONS):
            numbers[node.lineno] = 1
            around = (*around, node.lineno)
        for name in _BODIES:
            pending += [(child, around) for child in getattr(node, name, ())]
    yield from numbers.items()


def _branches(node: ast.AST) -> int:
    match node:
        case ast.If() | ast.For() | ast.AsyncFor() | ast.While() | ast.ExceptHandler():
            return 1
        case ast.Try(orelse=orelse):
            return bool(orelse)
        case ast.Match(cases=cases):
            last = cases[-1]
            is_wildcard = isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None and last.guard is None
            return len(cases) - is_wildcard
        case _:
            return isinstance(node, _FUNCTIONS)

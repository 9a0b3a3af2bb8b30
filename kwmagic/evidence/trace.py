"""One Python file -> what its syntax tree and the resolution of its names tell."""

from __future__ import annotations

import ast

from kwmagic.analysers.python_detail import is_main, parsed
from kwmagic.evidence.resolver import resolve
from kwmagic.evidence.statements import statements
from kwmagic.model import Evidence, Problem, Use


def trace(text: str, module: str, *, is_package: bool) -> Evidence:
    """The evidence of one text; empty where the running Python can't parse it. Never raises.

    *module* is the dotted name of the file ("" where it has none), *is_package* whether it is an `__init__`.
    """
    tree = parsed(text)
    return Evidence() if isinstance(tree, Problem) else trace_tree(tree, text, module, is_package=is_package)


def trace_tree(tree: ast.Module, text: str, module: str, *, is_package: bool) -> Evidence:
    """The same of a text that is parsed already."""
    try:
        found = resolve(tree, module, is_package=is_package)
        told = statements(tree, found, text)
    except RecursionError:  # nested too deep to be looked at
        return Evidence()
    uses = (
        Use(each.name, each.node.lineno, each.scope, each.how, each.first, each.last)
        for each in found
        if not each.name.startswith("builtins.")
    )
    return Evidence(tuple(uses), tuple(told), any(map(is_main, tree.body)))

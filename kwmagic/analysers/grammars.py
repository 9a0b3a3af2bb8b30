"""Grammars of tree-sitter: found, run within limits, and their trees searched in time linear in their size."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kwmagic.languages import Language

if TYPE_CHECKING:
    import tree_sitter

PATIENCE = 4.0
"""Seconds of computing that one text may take to parse; for each, a hopeless one takes 200 MB of memory."""
_QUERIES = Path(__file__).parent / "queries"
_CHUNK = 1 << 16
"""Bytes handed to the parser at once; it asks again wherever it jumps to."""
_DEEPEST = 500
"""Levels of a tree that are searched: the time of a query grows with the square of the depth, and the nodes of nobody's
definitions lie deeper. From 65,536 on, it does not end at all."""
_ENDLESS = re.compile(rb"#{5000}")
"""What the scanner of Swift's raw strings, which can't be stopped, takes time quadratic in."""
_DIALECTS = {
    "JavaScript": ("language", ("ecmascript", "javascript")),
    "TypeScript": ("language_typescript", ("ecmascript", "typescript")),
    "TSX": ("language_tsx", ("ecmascript", "typescript")),
    "PHP": ("language_php", ("php",)),
}
"""Function of the grammar's module and query files, where they are not `language` and one file of the same name."""


class Grammar(NamedTuple):
    """A language's grammar, and the query that finds what its texts define and import."""

    language: tree_sitter.Language
    query: tree_sitter.Query


Match = tuple[int, dict[str, list["tree_sitter.Node"]]]
"""The number of a pattern, and the nodes that it captured by their names."""


@cache
def grammar(language: Language) -> Grammar | str:
    """That of *language*, or why there is none."""
    try:
        return _load(language)
    except ImportError:
        return "pip install 'kwmagic[languages]' reads it exactly"
    except (AttributeError, ValueError) as error:  # another version, with another interface or other names of nodes
        return f"the {language.needs} installed here does not fit ({error})"


def _load(language: Language) -> Grammar:
    import tree_sitter  # noqa: PLC0415  # an extra, and few files need it

    module = language.needs.replace("-", "_")
    function, queries = _DIALECTS.get(language.name, ("language", (module.removeprefix("tree_sitter_"),)))
    loaded = tree_sitter.Language(getattr(import_module(module), function)())
    patterns = "".join((_QUERIES / f"{name}.scm").read_text("utf-8") for name in queries)
    return Grammar(loaded, tree_sitter.Query(loaded, patterns))


def parse(language: tree_sitter.Language, data: bytes) -> tree_sitter.Tree | None:
    """The tree of a text in UTF-8; None where that takes too long."""
    import tree_sitter  # noqa: PLC0415

    if _ENDLESS.search(data):
        return None
    deadline = time.thread_time() + PATIENCE
    try:
        return tree_sitter.Parser(language).parse(
            lambda offset, _: data[offset : offset + _CHUNK],
            progress_callback=lambda *_: time.thread_time() > deadline,
        )
    except ValueError:  # how the parser says that it was stopped
        return None


def matches(query: tree_sitter.Query, root: tree_sitter.Node, errors: list[int]) -> Iterator[Match]:
    """Every match below *root*; the 1-based lines of what could not be parsed go into *errors*.

    One query over a broken tree takes time quadratic in the children of its error nodes, so nodes with an error inside
    are asked for themselves only, one by one, and just the sound trees below them as wholes.
    """
    import tree_sitter  # noqa: PLC0415

    whole, single = tree_sitter.QueryCursor(query), tree_sitter.QueryCursor(query)
    whole.set_max_start_depth(_DEEPEST)
    single.set_max_start_depth(0)
    nodes = [root]
    while nodes:
        node = nodes.pop()
        if not node.has_error:
            if node.is_named:
                yield from whole.matches(node)
            continue
        children = node.children
        if node.is_error:
            if not any(child.has_error for child in children):  # else they say more exactly where
                errors.append(node.start_point.row + 1)
        elif node.is_missing:
            if node.type != ";":
                errors.append(node.start_point.row + 1)
        else:
            yield from single.matches(node)
        nodes += reversed(children)

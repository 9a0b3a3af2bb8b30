"""The JSON form of facts; other programs rely on it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

from kwmagic import docstrings
from kwmagic.model import FileFacts, Import, Problem, Symbol, Target
from kwmagic.pages.entry import doc_of
from kwmagic.pages.select import Selected

VERSION = 1
TAIL = "\n]}\n"
"""What stands behind the last file."""


def of_files(target: Target, selected: Sequence[Selected]) -> dict[str, Any]:
    """`{"kwmagic": 1, "target": …, "files": […]}`, files by path; of lists and dicts only."""
    found: dict[str, Any] = json.loads("".join(text(target, selected)))
    return found


def text(target: Target, selected: Sequence[Selected]) -> Iterator[str]:
    """The same as ASCII text, a file a line, in pieces: whole, that of a big repository fills the memory.

    Written field by field, which takes a third of the time of making dicts for `json.dumps`.
    """
    yield head(target.label)
    for number, each in enumerate(sorted(selected, key=lambda each: each.facts.path)):
        yield ",\n" if number else "\n"
        yield _file(each.facts, map(_symbol, each.symbols), each.imports)
    yield TAIL


def head(label: str) -> str:
    """What stands before the first file; *label* names the target. A comma and a newline stand between two files."""
    return f'{{"kwmagic": {VERSION}, "target": {quoted(label)}, "files": ['


def fragment(facts: FileFacts, page: str, sections: Iterable[tuple[Symbol, str]]) -> str:
    """One file of a site, on one line: each symbol with its page, its section's anchor and the first sentence of its
    docstring, as plain text.

    *page*: from the top of the site; *sections*: every symbol with its anchor, "" for none.
    """
    on_page = f'"page": {quoted(page)}'
    symbols = (
        f'{_symbol(symbol)[:-1]}, {on_page}, "anchor": {quoted(anchor)}, "summary": {_summary(symbol, facts)}}}'
        for symbol, anchor in sections
    )
    return f"{_file(facts, symbols, facts.imports)[:-1]}, {on_page}}}"


def _summary(symbol: Symbol, facts: FileFacts) -> str:
    doc = doc_of(symbol, facts)
    return _optional(docstrings.summary(doc) or None) if doc else "null"


def of_symbol(symbol: Symbol) -> dict[str, Any]:
    """One symbol as it stands in `symbols`."""
    found: dict[str, Any] = json.loads(_symbol(symbol))
    return found


def _file(facts: FileFacts, symbols: Iterable[str], imports: Sequence[Import]) -> str:
    flags = f', "flags": {_strings(facts.flags)}' if facts.flags else ""
    about = f'"path": {quoted(facts.path)}, "language": "{facts.language}", "engine": "{facts.engine}"{flags}'
    lists = (
        f'"symbols": [{", ".join(symbols)}]',
        f'"imports": [{", ".join(map(_import, imports))}]',
        f'"problems": [{", ".join(map(_problem, facts.problems))}]',
    )
    return f"{{{', '.join((about, *lists))}}}"


def _symbol(each: Symbol) -> str:
    kind, name, qualname, line, end_line, signature, doc, decorators, bases, condition, flags, cell = each
    return (
        f'{{"kind": "{kind}", "name": {quoted(name)}, "qualname": {quoted(qualname)}, "line": {line}, '
        f'"end_line": {end_line}, "signature": {_optional(signature)}, "doc": {_optional(doc)}, '
        f'"decorators": {_strings(decorators)}, "bases": {_strings(bases)}, "condition": {_optional(condition)}, '
        f'"flags": {_strings(flags)}{_cell(cell)}}}'
    )


def _import(each: Import) -> str:
    module, name, alias, line, flags, cell = each
    return (
        f'{{"module": {quoted(module)}, "name": {_optional(name)}, "alias": {_optional(alias)}, "line": {line}, '
        f'"flags": {_strings(flags)}{_cell(cell)}}}'
    )


def _problem(each: Problem) -> str:
    return f'{{"line": {each.line}, "message": {quoted(each.message)}{_cell(each.cell)}}}'


def _optional(value: str | None) -> str:
    return "null" if value is None else quoted(value)


def _strings(values: Sequence[str]) -> str:
    return f"[{', '.join(map(quoted, values))}]" if values else "[]"


def _cell(number: int) -> str:
    """Only where there is one."""
    return f', "cell": {number}' if number else ""

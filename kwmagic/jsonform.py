"""The JSON form of facts; other programs rely on it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from kwmagic.model import Import, Problem, Symbol, Target
from kwmagic.pages.select import Selected

VERSION = 1


def of_files(target: Target, selected: Sequence[Selected]) -> dict[str, Any]:
    """`{"kwmagic": 1, "target": …, "files": […]}`, files by path; of lists and dicts only."""
    found: dict[str, Any] = json.loads("".join(text(target, selected)))
    return found


def text(target: Target, selected: Sequence[Selected]) -> Iterator[str]:
    """The same as ASCII text, a file a line, in pieces: whole, that of a big repository fills the memory."""
    files = sorted(selected, key=lambda each: each.facts.path)
    yield f'{{"kwmagic": {VERSION}, "target": {json.dumps(target.label)}, "files": ['
    for number, each in enumerate(files):
        yield ",\n" if number else "\n"
        yield json.dumps(_file(each))
    yield "\n]}\n"


def _file(each: Selected) -> dict[str, Any]:
    facts = each.facts
    return {
        "path": facts.path,
        "language": facts.language,
        "engine": facts.engine,
        **({"flags": facts.flags} if facts.flags else {}),
        "symbols": [_fields(symbol) for symbol in each.symbols],
        "imports": [_fields(one) for one in each.imports],
        "problems": [_fields(problem) for problem in facts.problems],
    }


def _fields(row: Symbol | Import | Problem) -> dict[str, Any]:
    """With `cell` only where there is one."""
    return dict(zip(row._fields if row.cell else row._fields[:-1], row, strict=False))

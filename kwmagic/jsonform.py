"""The JSON form of facts; other programs rely on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kwmagic.model import FileFacts, Import, Problem, Symbol, Target
from kwmagic.pages.select import Selected

VERSION = 1


def of_files(target: Target, selected: Sequence[Selected]) -> dict[str, Any]:
    """`{"kwmagic": 1, "target": …, "files": […]}`, files by path."""
    files = sorted(selected, key=lambda each: each.facts.path)
    return {"kwmagic": VERSION, "target": target.label, "files": [_file(each) for each in files]}


def _file(each: Selected) -> dict[str, Any]:
    facts: FileFacts = each.facts
    return {
        "path": facts.path,
        "language": facts.language,
        "engine": facts.engine,
        **({"flags": list(facts.flags)} if facts.flags else {}),
        "symbols": [_plain(symbol) for symbol in each.symbols],
        "imports": [_plain(one) for one in each.imports],
        "problems": [_plain(problem) for problem in facts.problems],
    }


def _plain(row: Symbol | Import | Problem) -> dict[str, Any]:
    """Its fields; `cell` only where there is one."""
    fields = row._fields if row.cell else row._fields[:-1]
    return {name: list(value) if value.__class__ is tuple else value for name, value in zip(fields, row, strict=False)}

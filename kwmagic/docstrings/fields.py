"""Fields of reST (`:param x:`) and epytext (`@param x:`), gathered by what they document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from kwmagic.docstrings.blocks import (
    Block,
    Found,
    Item,
    Items,
    Lines,
    Paragraph,
    Parse,
    Title,
    indented_end,
    skip_blank,
)
from kwmagic.docstrings.sections import continued, split_names

_FIELD = re.compile(r"[:@]([A-Za-z]\w*)(?:\s++([^:]*+))?:(?:\s+|$)(.*)")
_GROUPS = {
    "Parameters": ("param", "parameter", "arg", "argument", "key", "keyword", "kwarg", "kwparam"),
    "Attributes": ("var", "ivar", "cvar", "attr", "attribute"),
    "Raises": ("raises", "raise", "except", "exception", "throws"),
    "Returns": ("return", "returns"),
    "Yields": ("yield", "yields"),
}
_GROUP_OF = {name: group for group, names in _GROUPS.items() for name in names}
_TYPE_OF = {"type": "", "vartype": "", "kwtype": "", "rtype": "Returns", "ytype": "Yields"}


def is_known_field(line: str) -> bool:
    """Whether `line` opens a field that reST or epytext documents names with."""
    found = _FIELD.match(line)
    return found is not None and (found[1] in _GROUP_OF or found[1] in _TYPE_OF)


class Field(NamedTuple):
    """`:name argument: body`."""

    name: str
    argument: str
    body: Lines


def fields(lines: Lines, at: int, parse: Parse) -> Found:
    """A run of fields, gathered by what they document."""
    if lines[at][0] not in ":@":
        return None
    found: list[Field] = []
    while at < len(lines) and (match := _FIELD.match(lines[at])) and (lines[at][0] == ":" or is_known_field(lines[at])):
        end = _field_end(lines, at + 1)
        found.append(Field(match[1], (match[2] or "").strip(), continued(match[3], lines[at + 1 : end])))
        at = skip_blank(lines, end)
    return (_grouped(found, parse), at) if found else None


def _field_end(lines: Lines, at: int) -> int:
    """The line after a field; wrapped lines may stand unindented."""
    while at < len(lines) and lines[at] and not _FIELD.match(lines[at]) and not lines[at].startswith((".. ", ">>>")):
        at += 1
    return max(at, indented_end(lines, at))


def _grouped(found: list[Field], parse: Parse) -> Iterable[Block]:
    types = {(_TYPE_OF[field.name], field.argument): field for field in found if field.name in _TYPE_OF}
    groups: dict[str, list[Item]] = {}
    for field in found:
        if field.name not in _TYPE_OF:
            group = _GROUP_OF.get(field.name, field.name)
            groups.setdefault(group, []).append(_field_item(field, group, types, parse))
    for (group, argument), field in types.items():  # types of what has no description
        names = (argument,) if argument else ()
        groups.setdefault(group or "Parameters", []).append(Item((), names, " ".join(field.body)))
    blocks: list[Block] = []
    for group, items in groups.items():
        blocks += [Title(group), Items(tuple(items))]
    return blocks


def _field_item(field: Field, group: str, types: dict[tuple[str, str], Field], parse: Parse) -> Item:
    body = parse(field.body)
    if group not in _GROUPS:
        return Item(body, (field.argument,) if field.argument else ())
    if group in ("Returns", "Yields"):
        typed = types.pop((group, ""), None)
        lead = (Paragraph(field.argument),) if field.argument else ()
        return Item((*lead, *body), (), " ".join(typed.body) if typed else "")
    stated, _, name = field.argument.rpartition(" ") if group != "Raises" else ("", "", field.argument)
    typed = types.pop(("", name), None)
    item_type = " ".join(part for part in (stated, *(typed.body if typed else ())) if part)
    return Item(body, split_names(name), item_type)

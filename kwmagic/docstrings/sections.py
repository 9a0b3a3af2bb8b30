"""Sections of names: Google (`Args:`) and NumPy (underlined)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from kwmagic.docstrings import literal
from kwmagic.docstrings.blocks import (
    Block,
    Fence,
    Found,
    Item,
    Items,
    Lines,
    Paragraph,
    Parse,
    Quote,
    Title,
    closing_parenthesis,
    dedent,
    indented_end,
    skip_blank,
)
from kwmagic.docstrings.directives import ADMONITIONS

_NAMES = {
    "arg", "args", "argument", "arguments", "param", "params", "parameter", "parameters", "keyword arg", "keyword args",
    "keyword argument", "keyword arguments", "keywords", "kwargs", "optional args", "optional arguments",
    "optional parameters", "other arguments", "other args", "other parameters", "attribute", "attributes",
    "class attributes", "instance attributes", "attrs", "raise", "raises", "except", "exceptions", "throws", "warns",
    "methods", "members", "inputs", "outputs", "input", "output", "fields", "options", "receives", "properties",
    "variables", "constants", "functions", "classes", "see also",
}  # fmt: skip
_RESULTS = {"return", "returns", "yield", "yields"}
_PROSE = {
    "example", "examples", "notes", "shape", "shapes", "reference", "references", "usage", "warnings", "description",
    "details", "remarks", "explanation", "side effects",
}  # fmt: skip
SECTIONS = _NAMES | _RESULTS | _PROSE
_QUOTED = {title.lower(): title for title in ADMONITIONS.values() if title and "version" not in title} | {
    "deprecated": "Deprecated"
}
_INLINE_SECTIONS = _RESULTS | _QUOTED.keys() - {"error", "deprecated"} | {"raises", "example"}

_HEADER = re.compile(r"([A-Za-z][A-Za-z/ -]{2,30}?)\s*(::?)\s*$")
_INLINE_HEADER = re.compile(r"([A-Z][a-z]+):\s+(\S.*)$")
_UNDERLINE = re.compile(r"([-=~^\"'`#*+_])\1{2,}$")

_ONE_NAME = r"(?:(?:\\?\*){0,2}[\w.'\"/\[\]-]++|`+[^`\s]++`+|:[\w:]++:`[^`\s]++`|\*\*[\w.]++\*\*)"
_NAME_LIST = re.compile(rf"{_ONE_NAME}(?:\s*,\s*(?:and |or )?{_ONE_NAME})*+")
_SEPARATOR = re.compile(r"\s*:(?=\s|$)\s*|\s+(?:--?|–|—)\s+")
_OPTION = re.compile(r"(--?\w[^\s,:]*+(?:, --?\w[^\s,:]*+)*+(?: <[^>\s]+>)?)(?: ?: +| {2,})(\S.*)")
"""A command-line option over its text."""
_TYPE = re.compile(r"[A-Za-z_][\w.]*(?:\[.*\])?$")


# Google


def google(lines: Lines, at: int, parse: Parse) -> Found:
    """`Args:` over indented lines, or `Returns: text`."""
    if found := header(lines, at):
        return _google_section(found, lines, at, parse)
    found = _INLINE_HEADER.match(lines[at])
    if found is None or found[1].lower() not in _INLINE_SECTIONS:
        return None
    end = at + 1
    while end < len(lines) and lines[end] and not header(lines, end):
        end += 1
    end = max(end, indented_end(lines, end))
    first, *rest = found[2], *dedent(lines[at + 1 : end])
    name = found[1].lower()
    body = parse([first, *rest])
    return ([Quote(_QUOTED[name], body)] if name in _QUOTED else [Title(found[1]), *body]), end


def header(lines: Lines, at: int) -> re.Match[str] | None:
    """The name of a Google section that stands alone on its line."""
    found = _HEADER.match(lines[at]) if lines[at].endswith(":") else None
    if found is None or not (found[1].lower() in SECTIONS or found[1].lower() in _QUOTED):
        return None
    inside = skip_blank(lines, at + 1)
    is_followed = inside < len(lines) and lines[inside].startswith(" ")
    return found if is_followed or found[1].istitle() else None


def _google_section(found: re.Match[str], lines: Lines, at: int, parse: Parse) -> Found:
    name = found[1].lower()
    end = max(indented_end(lines, at + 1), at + 1)
    if end == at + 1 and name in _NAMES:
        end = _unindented_items_end(lines, end)
    body = dedent(lines[skip_blank(lines, at + 1) : end])
    if name in _QUOTED:
        return [Quote(_QUOTED[name], parse(body))], end
    if found[2] == "::" and body and name not in _NAMES:
        return [Title(found[1]), Fence("\n".join(body), "")], end
    if name in _NAMES:
        return [Title(found[1]), *_gathered(_google_items(body, parse))], end
    if name in _RESULTS:
        return [Title(found[1]), *_google_result(body, parse)], end
    return [Title(found[1]), *parse(body)], end


def _unindented_items_end(lines: Lines, at: int) -> int:
    """The end of items that stand directly under their header, as far as nothing else does."""
    while at < len(lines) and lines[at] and (lines[at].startswith(" ") or item_head(lines[at])):
        at += 1
    return at


class Head(NamedTuple):
    """What stands before the text of an item."""

    names: tuple[str, ...]
    type: str
    text: str


def item_head(line: str) -> Head | None:
    """`name (type): text`, `*args: text`, `a, b -- text`."""
    if line.startswith("-") and (option := _OPTION.match(line)):
        return Head((option[1],), "", option[2])
    found = _NAME_LIST.match(line)
    if found is None:
        return None
    rest, item_type = line[found.end() :], ""
    if rest.lstrip().startswith("("):
        opening = line.index("(", found.end())
        closing = closing_parenthesis(line, opening)
        if closing < 0:
            return None
        item_type, rest = line[opening + 1 : closing], line[closing + 1 :]
    separator = _SEPARATOR.match(rest)
    if separator is None and (rest or not item_type):
        return None
    text = rest[separator.end() :] if separator else ""
    return Head(split_names(found[0]), " ".join(item_type.split()), text)


def split_names(names: str) -> tuple[str, ...]:
    parts = re.split(r"\s*,\s*(?:and |or )?", re.sub(r"\\(?=[*_])", "", names))
    return tuple(_bare_name(part) for part in parts if part)


def _bare_name(name: str) -> str:
    name = re.sub(r"^:[\w:]+:", "", name)
    if name.startswith("`"):
        return name.strip("`").lstrip("~!")
    return name.strip("*") if re.fullmatch(r"\*\*[\w.]+\*\*", name) else name


def _gathered(parts: Iterable[Block | Item]) -> Iterator[Block]:
    """Items in a row become one list."""
    for is_item, run in groupby(parts, key=lambda part: isinstance(part, Item)):
        if is_item:
            yield Items(tuple(part for part in run if isinstance(part, Item)))
        else:
            yield from (part for part in run if not isinstance(part, Item))


def _google_items(lines: Lines, parse: Parse) -> Iterator[Block | Item]:
    """What is no item stays prose."""
    at = skip_blank(lines, 0)
    while at < len(lines):
        head = item_head(lines[at])
        end = _item_end(lines, at + 1, is_item=head is not None)
        body = lines[at + 1 : end]
        if head:
            yield Item(parse(continued(head.text, body)), head.names, head.type)
        else:
            yield from parse([lines[at], *body])
        at = skip_blank(lines, end)


def _item_end(lines: Lines, at: int, is_item: bool) -> int:
    """The line after an item: the next item, or prose after a blank line; wrapped lines may stand unindented."""
    while at < len(lines):
        line = lines[at]
        if line and not line.startswith(" ") and (item_head(line) or (is_item and not lines[at - 1])):
            break
        at += 1
    return at


def continued(first: str, lines: Lines) -> list[str]:
    """The text of an item: what wraps its first line loses its indentation, whatever comes after keeps its own."""
    wrapped = 0
    while wrapped < len(lines) and lines[wrapped]:
        wrapped += 1
    lead = [first] if first else []
    if any(line and not line.startswith(" ") for line in lines[:wrapped]):  # the author did not indent it
        return [*lead, *dedent(lines[:wrapped]), *dedent(lines[wrapped:])]
    if wrapped == 0:
        return [*lead, *literal.below(first, lines)]
    return [*lead, *dedent(lines)]


def _google_result(lines: Lines, parse: Parse) -> Iterable[Block]:
    """`type: text`, or prose."""
    head, separator, text = lines[0].partition(":") if lines else ("", "", "")
    if separator and _TYPE.match(head) and (not text or text.startswith(" ")):
        return [Items((Item(parse(continued(text.strip(), lines[1:])), (head,)),))]
    return parse(lines)


# NumPy


def is_underlined(lines: Lines, at: int) -> bool:
    """Whether the next line is a rule below this one."""
    return at + 1 < len(lines) and bool(_UNDERLINE.match(lines[at + 1])) and not _UNDERLINE.match(lines[at])


def numpy(lines: Lines, at: int, parse: Parse) -> Found:
    """A title over a rule; the names below it where the title promises names."""
    if _UNDERLINE.match(lines[at]):
        return _ruled(lines, at)
    if not is_underlined(lines, at) or lines[at].startswith(" "):
        return None
    title = lines[at].rstrip(":")
    if title.lower() not in _NAMES | _RESULTS:
        return [Title(title)], at + 2
    end = at + 2
    while end < len(lines) and not (lines[end] and is_underlined(lines, end) and not lines[end].startswith(" ")):
        end += 1
    parts = _numpy_items(dedent(lines[at + 2 : end]), parse)
    if title.lower() in ("see also", "methods"):
        parts = map(_described, parts)
    return [Title(title), *_gathered(parts)], end


def _described(part: Block | Item) -> Block | Item:
    """Where the colon does not announce a type."""
    if isinstance(part, Item) and part.type:
        return part._replace(type="", body=(Paragraph(part.type), *part.body))
    return part


def _ruled(lines: Lines, at: int) -> Found:
    """A title between two rules; a rule alone parts the text and shows nothing."""
    if at + 2 < len(lines) and lines[at + 1] and _UNDERLINE.match(lines[at + 2]):
        return [Title(lines[at + 1].strip())], at + 3
    return [], at + 1


def _numpy_items(lines: Lines, parse: Parse) -> Iterable[Block | Item]:
    at = skip_blank(lines, 0)
    while at < len(lines):
        end = max(indented_end(lines, at + 1), at + 1)
        head = _numpy_head(lines[at], has_text=end > at + 1 and bool(lines[at + 1]))
        if head:
            text = [head.text] if head.text else []
            yield Item(parse([*text, *dedent(lines[at + 1 : end])]), head.names, head.type)
        else:
            while end < len(lines) and not _numpy_head(lines[end], has_text=_opens_text(lines, end)):
                end += 1
            yield from parse(lines[at:end])
        at = skip_blank(lines, end)


def _opens_text(lines: Lines, at: int) -> bool:
    return at + 1 < len(lines) and lines[at + 1].startswith(" ")


def _numpy_head(line: str, has_text: bool) -> Head | None:
    """`name : type`, or a name or type alone over its text; `name (type): text` where Google's style is mixed in."""
    if not line or line.startswith((" ", ".. ", ">>>")):
        return None
    names, separator, item_type = line.partition(" : ") if " : " in line else line.partition(":")
    found = _NAME_LIST.fullmatch(names.strip())
    if separator and found and not item_type.startswith(":"):
        is_text = not has_text and " : " not in line
        item_type = item_type.strip()
        return Head(split_names(found[0]), "" if is_text else item_type, item_type if is_text else "")
    if found and not separator:
        return Head(split_names(found[0]), "", "")
    if has_text and not line.endswith((".", ":")):
        return item_head(line) or Head((), line, "")
    return item_head(line)

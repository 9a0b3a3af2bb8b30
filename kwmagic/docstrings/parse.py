"""A docstring of any convention -> blocks. Conventions mix freely, so every rule is tried on every block."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from kwmagic.docstrings import fields, literal, sections
from kwmagic.docstrings.blocks import (
    Block,
    Code,
    Fence,
    Found,
    Item,
    Items,
    Lines,
    Paragraph,
    Parse,
    Quote,
    closing_parenthesis,
    dedent,
    indented_end,
    skip_blank,
)
from kwmagic.docstrings.directives import explicit

_MAX_DEPTH = 8
"""Deeper nesting is kept verbatim: it is no prose, and each level costs another pass over its lines."""

_FENCE = re.compile(r"(`{3,}|~{3,})\s*([^`]*)$")
_BULLET = re.compile(r"([-*+•])\s+(?=\S)")
_NUMBER = re.compile(r"(\d{1,2})[.)]\s+(?=\S)|#\.\s+(?=\S)")
_LETTER = re.compile(r"(?!\(c\) (?:Copyright|\d{4}))(\(?(?:\w|\d\d|[ivx]{1,5})\))\s+(?=\S)")
"""`a)`, `(1)`: Markdown has no such list, so they become bullets that keep their letter."""
_SIGNATURE = re.compile(r"[A-Za-z_][\w.]*\(")
_TERM = re.compile(r"(?:\*{0,2}[\w.]+|--?[\w-]+\S*(?: \S+)?|``?[^`]+``?|'[^']*'|\"[^\"]*\"|:[\w:]+:`[^`]+`)$")
_CALL = re.compile(r"([A-Za-z_][\w.]*\([^()]*\)):\s+(\S.*)")
_BORDER = re.compile(r"=+(?: +=+)+$|\+[-=+]+\+$|\|.*\|$")


def parse(text: str) -> Iterator[Block]:
    """The blocks of a cleaned docstring, one after the other."""
    lines = [line.rstrip(" ") for line in text.split("\n")]
    at = skip_blank(lines, 0)
    end = at
    while end < len(lines) and is_signature(lines[end]):
        end += 1
    if end - at == 1:
        yield Code(lines[at])
    elif end > at:
        yield Fence("\n".join(lines[at:end]), "verbatim")
    yield from _blocks(lines[end:], 0)


def is_signature(line: str) -> bool:
    """Whether `line` is the call that C functions and NumPy open their docstrings with: `abs(x, /) -> Number`."""
    found = _SIGNATURE.match(line)
    if found is None:
        return False
    rest = line[closing_parenthesis(line, found.end() - 1) + 1 :]
    return rest != line and (not rest or rest.lstrip().startswith(("->", "=>")))


def _blocks(lines: Lines, depth: int) -> Iterator[Block]:
    if depth > _MAX_DEPTH:
        yield Fence("\n".join(lines), "verbatim")
        return

    def nested(body: Lines) -> tuple[Block, ...]:
        return tuple(_blocks(body, depth + 1))

    at = skip_blank(lines, 0)
    while at < len(lines):
        for rule in _RULES:
            found = rule(lines, at, nested)
            if found is not None:
                break
        else:
            found = _paragraph(lines, at)
        yield from found[0]
        at = skip_blank(lines, found[1])


def _fence(lines: Lines, at: int, _parse: Parse) -> Found:
    found = _FENCE.match(lines[at])
    if found is None:
        return None
    end = at + 1
    while end < len(lines) and not (lines[end].startswith(found[1]) and not lines[end].strip(found[1][0])):
        end += 1
    words = found[2].strip("{} ").split()
    return [Fence("\n".join(lines[at + 1 : end]), words[0] if words else "")], end + 1


def _doctest(lines: Lines, at: int, _parse: Parse) -> Found:
    """Examples with blank lines between them make one block."""
    if not lines[at].startswith(">>>"):
        return None
    end = following = at
    while following < len(lines) and lines[following].startswith(">>>"):
        end = following
        while end < len(lines) and lines[end] and not lines[end].startswith("```"):
            end += 1
        following = skip_blank(lines, end)
    return [Fence("\n".join(lines[at:end]), "pycon")], end


def _table(lines: Lines, at: int, _parse: Parse) -> Found:
    """A simple, grid or Markdown table; a simple one may hold blank lines, and ends with a rule before one."""
    if not _BORDER.match(lines[at]):
        return None
    end = at
    while end < len(lines) and lines[end]:
        end += 1
    if lines[at].startswith("="):
        for number in range(at + 1, min(len(lines), at + 200)):
            if lines[number].startswith("=") and (number + 1 == len(lines) or not lines[number + 1]):
                end = max(end, number + 1)
                break
    return ([Fence("\n".join(lines[at:end]), "verbatim")], end) if end - at > 1 else None


def _list(lines: Lines, at: int, parse: Parse) -> Found:
    items: list[Item] = []
    while at < len(lines) and (text_at := _marker_end(lines[at])) is not None:
        end = _list_item_end(lines, at + 1)
        number = _NUMBER.match(lines[at])
        marker = f"{number[1] or len(items) + 1}." if number else "-"
        letter = _LETTER.match(lines[at]) if not number else None
        body = parse(_item_lines(lines[at][text_at:], lines[at + 1 : end]))
        items.append(Item(_labelled(letter[1], body) if letter else body, marker=marker))
        at = skip_blank(lines, end)
    return ([Items(tuple(items))], end) if items else None


def _marker_end(line: str) -> int | None:
    """Where the text of a list item starts."""
    found = _BULLET.match(line) or _NUMBER.match(line) or _LETTER.match(line)
    return found.end() if found else None


def _labelled(label: str, body: tuple[Block, ...]) -> tuple[Block, ...]:
    if body and isinstance(body[0], Paragraph):
        return (Paragraph(f"{label} {body[0].text}"), *body[1:])
    return (Paragraph(label), *body)


def _list_item_end(lines: Lines, at: int) -> int:
    """The line after an item: its wrapped lines, and what is indented after a blank line."""
    while at < len(lines) and lines[at] and (lines[at].startswith(" ") or not _interrupts(lines, at)):
        at += 1
    return max(at, indented_end(lines, at)) if at < len(lines) and not lines[at] else at


def _item_lines(first: str, rest: Lines) -> list[str]:
    """The lines of an item; those that wrap the first lose their indentation, unless they open a block."""
    wrapped = 0
    while wrapped < len(rest) and rest[wrapped] and not _opens_block(rest[wrapped].lstrip()):
        wrapped += 1
    text = [first, *(line.lstrip() for line in rest[:wrapped])]
    return text + literal.below(text[-1], rest[wrapped:])


def _opens_block(line: str) -> bool:
    is_list = _BULLET.match(line) or _NUMBER.match(line)
    return bool(is_list) or line.startswith((">>>", ".. ", "```", "~~~")) or fields.is_known_field(line)


def _interrupts(lines: Lines, at: int) -> bool:
    """Whether a line opens a new block though no blank line stands before it."""
    line = lines[at]
    if line[0].isalpha():
        is_title = sections.is_underlined(lines, at) and line.rstrip(":").lower() in sections.SECTIONS
        is_lettered = line[1:2] == ")" and _LETTER.match(line) is not None
        return is_title or is_lettered or (line.endswith(":") and sections.header(lines, at) is not None)
    return _opens_block(line) or bool(_BORDER.match(line)) or bool(_LETTER.match(line))


def _indented(lines: Lines, at: int, parse: Parse) -> Found:
    if not lines[at].startswith(" "):
        return None
    end = indented_end(lines, at)
    body = dedent(lines[at:end])
    if literal.is_verbatim(body):
        return [Fence("\n".join(body), "")], end
    blocks = parse(body)
    is_prose = any(isinstance(block, Paragraph) for block in blocks)
    return ([Quote("", blocks)] if is_prose else blocks), end


def _definition(lines: Lines, at: int, parse: Parse) -> Found:
    """A term on one line, what it means indented below."""
    if at + 1 >= len(lines) or not lines[at + 1].startswith(" ") or lines[at].endswith("::"):
        return None
    items: list[Item] = []
    end = at
    while at < len(lines) and (items or lines[at + 1].startswith(" ")) and (head := _term(lines[at])):
        end = max(indented_end(lines, at + 1), at + 1)
        text = [head.text] if head.text else []
        items.append(Item(parse(text + dedent(lines[at + 1 : end])), head.names, head.type))
        at = skip_blank(lines, end)
    return ([Items(tuple(items))], end) if items else None


def _term(line: str) -> sections.Head | None:
    if _TERM.match(line) or is_signature(line):
        return sections.Head((line.strip("`"),), "", "")
    if call := _CALL.match(line):
        return sections.Head((call[1],), "", call[2])
    return sections.item_head(line)


def _paragraph(lines: Lines, at: int) -> tuple[list[Block], int]:
    end = at + 1
    while end < len(lines) and lines[end] and not _ends_paragraph(lines, end):
        end += 1
    body = lines[at:end]
    if literal.is_drawn(body):
        return [Fence("\n".join(body), "verbatim")], end
    text = "\n".join(line.strip() for line in body)
    if not text.endswith("::"):
        return [Paragraph(text)], end
    blocks: list[Block] = [Paragraph(text[:-1].rstrip(" \n"))] if text.strip(": \n") else []
    following = skip_blank(lines, end)
    after = indented_end(lines, following)
    if after > following:
        blocks.append(Fence("\n".join(dedent(lines[following:after])), ""))
    return blocks, max(end, after)


def _ends_paragraph(lines: Lines, at: int) -> bool:
    line = lines[at]
    if not line.startswith(" "):
        return _interrupts(lines, at)
    if lines[at - 1].startswith(" "):
        return False
    return lines[at - 1].endswith(":") or _opens_block(line.lstrip()) or _is_block_below(lines, at)


def _is_block_below(lines: Lines, at: int) -> bool:
    """Whether the indented lines below a paragraph are code or a table, rather than its wrapped lines."""
    end = at
    while end < len(lines) and lines[end].startswith(" "):
        end += 1
    return literal.is_verbatim(dedent(lines[at:end]))


_RULES: tuple[Callable[[Lines, int, Parse], Found], ...] = (
    _indented,
    _fence,
    _doctest,
    explicit,
    fields.fields,
    _table,
    sections.numpy,
    sections.google,
    _list,
    _definition,
)

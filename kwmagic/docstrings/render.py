"""Blocks -> Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kwmagic import mdtext
from kwmagic.docstrings import formula, inline, literal
from kwmagic.docstrings.blocks import Block, Code, Fence, Item, Items, Math, Paragraph, Quote, Reference, Title
from kwmagic.docstrings.inline import Context
from kwmagic.mdtext import Dest

_IDENTIFIER = re.compile(r"[A-Za-z_][\w.]*(?:\[[\w., |\[\]]*\])?$")


class Piece(NamedTuple):
    """Lines of Markdown between two blank ones."""

    text: str
    is_fence: bool = False
    """Fences leave the lists and quotes they stand in: not every reader knows them there."""


def document(blocks: Sequence[Block], context: Context) -> str:
    """The whole docstring."""
    return "\n\n".join(piece.text for piece in _pieces(blocks, context))


def _pieces(blocks: Iterable[Block], context: Context) -> Iterator[Piece]:
    for block in blocks:
        match block:
            case Paragraph(text):
                yield Piece(inline.markdown(text, context))
            case Title(text):
                yield Piece(_bold(text, context))
            case Code(text):
                yield Piece(mdtext.code(text, context.dest))
            case Fence(text, language):
                yield _fence(text, language, context.dest)
            case Math(tex):
                yield _math(tex, context.dest)
            case Quote(title, body):
                yield from _quote(title, body, context)
            case Items(items):
                yield from _list(items, context)
            case Reference(name, url):
                yield Piece(inline.link(name, url, context.dest))


def _bold(text: str, context: Context) -> str:
    """Without code inside: some readers show the backticks."""
    plain = " ".join("".join(token.text for token in inline.tokens(text, {})).split())
    return f"**{mdtext.escape(plain, context.dest)}**"


def _fence(text: str, said: str, dest: Dest) -> Piece:
    language = literal.language(text, said)
    return Piece(mdtext.fence(text, language or ("" if dest is Dest.CELL else "text"), dest), is_fence=True)


def _math(tex: str, dest: Dest) -> Piece:
    shown = formula.display(tex)
    return Piece(shown) if shown else _fence(tex, "verbatim", dest)


def _quote(title: str, body: Sequence[Block], context: Context) -> Iterator[Piece]:
    pieces = [Piece(_bold(title, context))] if title else []
    pieces += _pieces(body, context)
    quoted: list[str] = []
    for piece in pieces:
        if not piece.is_fence:
            quoted.append("\n".join(f"> {line}".rstrip() for line in piece.text.split("\n")))
            continue
        if quoted:
            yield Piece("\n>\n".join(quoted))
            quoted = []
        yield piece
    if quoted:
        yield Piece("\n>\n".join(quoted))


def _list(items: Sequence[Item], context: Context) -> Iterator[Piece]:
    """Items up to a fence make one list; what follows a fence inside an item stands outside as well."""
    written: list[str] = []
    for item in _flattened(items):
        inside, outside = _split_at_fence(list(_item_pieces(item, context)))
        lines = "\n\n".join(piece.text for piece in inside).split("\n")
        written.append(f"{item.marker} {lines[0]}" + "".join(f"\n    {line}" if line else "\n" for line in lines[1:]))
        if outside:
            yield Piece(_joined(written))
            yield from outside
            written = []
    if written:
        yield Piece(_joined(written))


def _flattened(items: Iterable[Item]) -> Iterator[Item]:
    """A list that opens an item takes its place: the lines after `- - a` would need an indentation of their own."""
    for item in items:
        if not item.names and not item.type and item.body and isinstance(item.body[0], Items):
            *inner, last = item.body[0].items
            yield from _flattened([*inner, last._replace(body=(*last.body, *item.body[1:]))])
        else:
            yield item


def _joined(items: Sequence[str]) -> str:
    """A blank line after items of several paragraphs, as Python-Markdown needs one."""
    return "".join(item + ("\n\n" if "\n\n" in item else "\n") for item in items).rstrip("\n")


def _split_at_fence(pieces: Sequence[Piece]) -> tuple[Sequence[Piece], Sequence[Piece]]:
    fence = next((number for number, piece in enumerate(pieces) if piece.is_fence), len(pieces))
    return pieces[:fence], pieces[fence:]


def _item_pieces(item: Item, context: Context) -> Iterator[Piece]:
    """The names and the first paragraph share a line."""
    head = _head(item, context)
    pieces = list(_pieces(item.body, context))
    if head and pieces and isinstance(item.body[0], Paragraph):
        yield Piece(f"{head}: {pieces.pop(0).text}")
    elif head or not pieces or pieces[0].is_fence:
        yield Piece(head)
    yield from pieces


def _head(item: Item, context: Context) -> str:
    names = ", ".join(inline.reference(name, _target(name), context) for name in item.names)
    if not item.type:
        return names
    is_code = _IDENTIFIER.match(item.type) and not item.names
    shown = mdtext.code(item.type, context.dest) if is_code else inline.markdown(item.type, context)
    return f"{names} ({shown})" if names else shown


def _target(name: str) -> str:
    """Names of errors and functions may be known; a parameter is known by its place only."""
    return name if "." in name or name[:1].isupper() else ""

"""A docstring in any convention -> clean Markdown, plain text, or its first sentence.

Conventions are not chosen but read as found: one docstring may hold Google sections, reST roles and directives at
once. What is not understood is shown as it is; nothing is dropped, and nothing of it can act as markup or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from inspect import cleandoc

from kwmagic import mdtext
from kwmagic.docstrings import inline, render
from kwmagic.docstrings.blocks import Block, Items, Paragraph, Reference, Title
from kwmagic.docstrings.inline import Context, Resolve, Token
from kwmagic.docstrings.parse import parse
from kwmagic.docstrings.sections import SECTIONS
from kwmagic.mdtext import Dest

_SUMMARY_LENGTH = 200
_ABBREVIATIONS = (
    "e.g.",
    "i.e.",
    "vs.",
    "cf.",
    "etc.",
    "resp.",
    "approx.",
    "incl.",
    "fig.",
    "eq.",
    "no.",
    "dr.",
    "mr.",
    "st.",
)
_SENTENCE_END = re.compile(r"""[.!?]["')\]]*+(?=\s|$)""")
_REFERENCED = re.compile(r"`([^`<>]+)`_|(?<![\w`])([A-Za-z0-9]+(?:_+[A-Za-z0-9]+)*)_(?![\w`])")


def to_markdown(doc: str, dest: Dest, resolve: Resolve | None = None) -> str:
    """The whole docstring as Markdown; `resolve` gives the address of a name it refers to, or None."""
    text = to_text(doc)
    blocks = list(parse(text))
    urls = _urls(blocks, text) if ".. _" in text else {}
    shown = [block for block in blocks if not (isinstance(block, Reference) and block.name.lower() in urls)]
    return render.document(shown, Context(dest, resolve, urls))


def to_text(doc: str) -> str:
    """The docstring as it is, its indentation removed and its control characters made visible."""
    return mdtext.visible(cleandoc(doc.replace("\r\n", "\n").replace("\r", "\n")))


def summary(doc: str) -> str:
    """The first sentence as plain text on one line; empty where the docstring has none."""
    return "".join(token.text for token in _first_sentence(doc))


def summary_markdown(doc: str, dest: Dest, resolve: Resolve | None = None) -> str:
    """The same as inline Markdown without bare pipes, so that it also fits into a table."""
    context = Context(dest, resolve)
    return "".join(_without_pipe(token, context) for token in _first_sentence(doc))


def _without_pipe(token: Token, context: Context) -> str:
    if "|" in token.text and token.kind in ("code", "math"):
        return mdtext.html_code(token.text)
    return inline.render([token], context)


def _urls(blocks: Iterable[Block], text: str) -> dict[str, str]:
    """The named web addresses that the text uses."""
    used = {" ".join((quoted or word).lower().split()) for quoted, word in _REFERENCED.findall(text)}
    references = {block.name.lower(): block.url for block in blocks if isinstance(block, Reference)}
    return {name: url for name, url in references.items() if name in used}


@lru_cache(maxsize=1_000)  # said of one definition in the documentation, the index, the lists and JSON
def _first_sentence(doc: str) -> tuple[Token, ...]:
    pieces = inline.tokens(" ".join(_first_paragraph(doc).split()), {})
    text = "".join(token.text for token in pieces)
    end = _sentence_end(pieces, text)
    if end <= _SUMMARY_LENGTH:
        return tuple(_cut(pieces, end))
    end = max(text.rfind(" ", 0, _SUMMARY_LENGTH), 0) or _SUMMARY_LENGTH - 1
    return (*_cut(pieces, end, whole=True), Token("text", "…"))


def _first_paragraph(doc: str) -> str:
    """Signatures, directives and titles may stand before it, a section of names or a list may not."""
    for block in parse(to_text(doc)):
        match block:
            case Paragraph(text):
                return text
            case Title(text) if text.lower() in SECTIONS:
                return ""
            case Items():
                return ""
    return ""


def _sentence_end(pieces: Sequence[Token], text: str) -> int:
    """Where the first sentence ends: at a full stop in prose that no lower-case word follows."""
    start = 0
    for token in pieces:
        for stop in _SENTENCE_END.finditer(text, start, start + len(token.text)) if token.kind == "text" else ():
            following = text[stop.end() : stop.end() + 2].strip()
            if not _goes_on(text[start : stop.end()], following):
                return stop.end()
        start += len(token.text)
    return len(text)


def _goes_on(sentence: str, following: str) -> bool:
    last_word = sentence[-20:].rpartition(" ")[2].lstrip("([\"'")
    is_initial = len(last_word) == 2 and last_word[0].isupper()
    return bool(following) and (following[0].islower() or is_initial or last_word.lower() in _ABBREVIATIONS)


def _cut(pieces: Sequence[Token], end: int, whole: bool = False) -> list[Token]:
    """The pieces before position `end`; what is no prose is kept whole or, with `whole`, left out."""
    kept: list[Token] = []
    for token in pieces:
        if end <= 0:
            break
        if len(token.text) <= end:
            kept.append(token)
        elif token.kind == "text" or not whole:
            kept.append(token._replace(text=token.text[:end]))
        end -= len(token.text)
    return kept

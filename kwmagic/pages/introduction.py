"""What a README, or the docstring of a package's own file, says of its folder first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import dedent
from typing import TYPE_CHECKING

from kwmagic.analysers.markdown import Links, blocks, inlines, is_deep, split_front_matter
from kwmagic.evidence.modules import is_package
from kwmagic.markup import Block, Code, Docstring, Inline, Item, Paragraph, Summary, Text, Writer
from kwmagic.mdtext import Dest
from kwmagic.pages.subject import View

if TYPE_CHECKING:
    from markdown_it.token import Token

README = re.compile(r"readme(?:\.(?:md|markdown|rst|txt))?", re.IGNORECASE)
_PARAGRAPHS = 3
"""Paragraphs of a README that make its introduction, where no heading ends it before."""
_MOST = 1_500
"""Characters of an introduction after which no other paragraph begins."""
_ENDS = frozenset(("heading_open", "fence", "code_block", "table_open"))
_IN_TEXT = frozenset(("paragraph_open", "bullet_list_open", "ordered_list_open", "list_item_open"))
_LONG = 4_000
"""Characters of one paragraph above which its markup stays as written."""
_ADORNED = re.compile(r"\S[^\n]*\n([=\-~^\"'`#*+._:])\1{2,}[ \t]*$|([=\-~^\"'`#*+])\2{2,}[ \t]*(?:\n|$)")
"""A title of reStructuredText."""
_NO_PROSE = re.compile(r"[ \t]|\.\. |:[\w -]+:|(?:\|[^|\n]+\|_*\s*)+$|[-*+] |\W*$")
"""Directives, fields, substitutions for badges, lists and rules."""


def introduction(view: View) -> tuple[str, str]:
    """The first sentence on one line and the first paragraphs, both as Markdown; empty where the file tells nothing of
    a folder."""
    name = view.facts.path.rpartition("/")[2]
    if README.fullmatch(name):
        is_markdown = view.facts.language == "Markdown"
        told = list(_of_markdown(view.subject.text) if is_markdown else _of_text(view.subject.text))
    else:
        told = list(_of_docstring(view.facts.doc or "")) if is_package(view.facts.path) else []
    writer = Writer(Dest.PAGE)
    lead = next((writer.inline(Summary(_as_doc(block)), in_table=True) for block in told), "")
    return lead, writer.write(told).strip("\n") if told else ""


def _as_doc(block: Block) -> str:
    """The text of a block in the conventions of docstrings."""
    match block:
        case Docstring(doc):
            return doc
        case Paragraph(parts) | Item(_, parts):
            return "".join(f"``{part.text}``" if isinstance(part, Code) else _told(part) for part in parts)
    return ""


def _told(part: Inline) -> str:
    return part.text if isinstance(part, Text) else ""


def _of_docstring(doc: str) -> Iterator[Block]:
    """The whole, or as many of its paragraphs as make an introduction."""
    kept: list[str] = []
    size = 0
    first, _, rest = doc.replace("\r\n", "\n").strip().partition("\n")
    for part in re.split(r"\n[ \t]*\n(?=\S)", f"{first}\n{dedent(rest)}"):
        if size > _MOST:
            break
        kept.append(part)
        size += len(part)
    if any(part.strip() for part in kept):
        yield Docstring("\n\n".join(kept))


def _of_text(text: str) -> Iterator[Block]:
    """The first paragraphs of prose of reStructuredText or plain text."""
    kept: list[str] = []
    for part in re.split(r"\n(?:[ \t]*\n)+", text[: 20 * _MOST].strip("\n")):
        if _ADORNED.match(part):
            if kept:
                break
        elif not _NO_PROSE.match(part):
            kept.append(part)
        if len(kept) == _PARAGRAPHS or sum(map(len, kept)) > _MOST:
            break
    if kept:
        yield Docstring("\n\n".join(kept))


def _of_markdown(text: str) -> list[Block]:
    """The first paragraphs and lists, but not what only leads to code."""
    told = list(_paragraphs(text))
    while len(told) > 1 and isinstance(told[-1], Paragraph) and _as_doc(told[-1]).endswith(":"):
        told.pop()
    return told


def _paragraphs(text: str) -> Iterator[Block]:
    """Text alone, as links of a README lead nowhere from here; up to a heading, code or a table."""
    page = blocks(split_front_matter(text[: 20 * _MOST])[1])
    around: list[str] = []
    size = paragraphs = 0
    for token in page.tokens:
        if paragraphs and not around and token.type in _ENDS:
            return
        if token.nesting:
            around = [*around, token.type] if token.nesting > 0 else around[:-1]
        elif token.type == "inline" and _IN_TEXT.issuperset(around) and (line := _line(token.content, page.links)):
            depth = sum(each.endswith("list_open") for each in around)
            if depth and not paragraphs:  # a table of contents, or what a badge links to
                continue
            yield Item(depth - 1, line) if depth else Paragraph(line)
            paragraphs += not depth
            size += len(token.content)
            if size > _MOST or paragraphs == _PARAGRAPHS:
                return


def _line(raw: str, links: Links) -> list[Text | Code]:
    if len(raw) > _LONG or is_deep(raw):
        return [Text(" ".join(raw.split()))]
    return _text(inlines(raw, links))


def _text(tokens: Sequence[Token]) -> list[Text | Code]:
    """The text of a paragraph; nothing of one that is all links and images, such as a row of badges."""
    line: list[Text | Code] = []
    depth = 0
    said = ""
    for token in tokens:
        depth += token.nesting if token.type.startswith("link_") else 0
        if token.type == "code_inline":
            line.append(Code(token.content))
            said += "" if depth else "x"
        elif token.type in ("text", "text_special", "softbreak", "hardbreak"):
            text = token.content or " "
            said += "" if depth else text
            last = line.pop() if line and isinstance(line[-1], Text) else Text("")
            line.append(Text(last.text + text))
    return _stripped(line) if any(map(str.isalnum, said)) else []


def _stripped(line: list[Text | Code]) -> list[Text | Code]:
    if line and isinstance(line[0], Text):
        line[0] = Text(line[0].text.lstrip())
    return line

"""Sections of a document that tell of the file as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kwmagic.analysers.markdown_detail import MarkdownDetail
from kwmagic.analysers.notebook_detail import NotebookDetail
from kwmagic.evidence.purpose import count, header_comment, signals
from kwmagic.kinds import CALLED, TYPES
from kwmagic.markup import (
    Block,
    Code,
    Docstring,
    Inline,
    Item,
    Link,
    Paragraph,
    Summary,
    Text,
    Words,
)
from kwmagic.model import Symbol
from kwmagic.pages import markdown, notebook
from kwmagic.pages.entry import code_spans, counts, doc_of, in_page, lines_of, place
from kwmagic.pages.select import is_hidden, top_level
from kwmagic.pages.subject import View

TITLED = ("Markdown", "Jupyter notebook", "reStructuredText")
"""Languages whose files say no more of themselves than a title, which is a heading too."""
_SAYS_ITS_PURPOSE = ("Python", "Cython", "Starlark", "Rust", "Go")
"""Languages with a place for what a file says of itself; elsewhere it is the comment at its top."""
_MAX_PARAGRAPH = 400
_NO_PURPOSE = re.compile(
    r"copyright|licen[sc]e|^\.\. |^[=\-~^]{3,}|\(c\) |^\W*@(?:flow|format)\b|^swift-tools-version|^\S+$|[;{]$",
    re.IGNORECASE,
)
"""Law, tools, the name of the file, code."""


def metadata(view: View) -> Iterator[Block]:
    facts = view.facts
    label = view.subject.target.label
    path = label if label.endswith(f"/{facts.path}") else facts.path
    yield Item(0, [Words("Path: "), Link([Code(path)], view.reader.source(facts.ref))])
    if facts.engine == "live":
        yield Item(0, [Words("Source: none; described from the live module")])
        return
    if facts.engine == "none":
        return
    if "low confidence" in facts.flags:
        yield Item(0, [Words("Definitions: guessed by their keywords, low confidence")])
    yield Item(0, [Words(f"Size: {size(facts.size)}")])
    yield Item(0, [Words(f"Language: {facts.language}")])
    if facts.engine != "notebook":  # the lines of its JSON say nothing
        yield from _lines(view)
    match view.subject.content:
        case MarkdownDetail() as content:
            yield from markdown.front_matter(content)
        case NotebookDetail() as content:
            yield from notebook.metadata(content)
    if commit := view.subject.commit:
        yield Item(0, [Text("Last commit: "), Code(commit.digest), Text(f" {commit.date}, {commit.subject}")])


def _lines(view: View) -> Iterator[Block]:
    facts, detail = view.facts, view.subject.detail
    written = "text" if facts.language in TITLED else "code"
    kinds = ((written, detail.code), ("comment", detail.comment), ("blank", detail.blank))
    split = ", ".join(f"{number:,} {kind}" for kind, number in kinds)
    yield Item(0, [Words(f"Lines: {facts.lines:,} ({split})")])
    if facts.encoding:
        line_ends = "" if facts.newline == "none" else f", line ends {facts.newline}"
        yield Item(0, [Words(f"Encoding: {facts.encoding}{line_ends}")])


def purpose(view: View) -> Iterator[Block]:
    facts = view.facts
    for signal in signals(facts, view.subject.detail, view.subject.text):
        yield Item(0, [*code_spans(signal.text), *place(view.reader, facts.ref, signal.line)])
    if paragraph := described(view):
        if facts.language not in _SAYS_ITS_PURPOSE:
            yield Paragraph([Words("Header comment:")])
        yield Docstring(paragraph)
    elif facts.language == "Python" and (comment := header_comment(view.subject.text)):
        yield Paragraph([Words("Header comment:")])
        yield Docstring(comment)


def described(view: View) -> str:
    """The first paragraph of what the file says of itself, where it tells of a purpose; a title does not."""
    if view.facts.language in TITLED:
        return ""
    doc = doc_of(view.facts, view.facts).strip()
    paragraph = re.split(r"\n[ \t]*\n", doc, maxsplit=1)[0]
    is_telling = len(paragraph) >= 15 and not _NO_PURPOSE.search(paragraph)
    return paragraph if is_telling and len(paragraph) <= _MAX_PARAGRAPH else ""


def in_short(view: View) -> str:
    """Language and length, for the line below the title."""
    facts = view.facts
    if facts.engine in ("live", "none") or view.subject.target.focus is not None:
        return ""
    length = "" if facts.engine == "notebook" else count(facts.lines, "line")
    return " · ".join(["", facts.language, *filter(None, [length])])


def overview(view: View) -> Iterator[Block]:
    facts = view.facts
    match view.subject.content:
        case MarkdownDetail() as content:
            yield from markdown.overview(view, content)
            return
        case NotebookDetail() as content:
            yield from notebook.overview(view, content)
    told = counts(view.symbols)
    if not told:
        return
    yield Paragraph([Words(f"Defines {told}.")])
    public = _public(view)
    if facts.exports is not None:
        listed_at = [symbol for symbol in view.symbols if symbol.qualname == "__all__"]
        text = f" lists {count(len(facts.exports), 'name')} · "
        if listed_at:
            yield Paragraph([Code("__all__"), Words(text), *lines_of(view.reader, facts.ref, listed_at)])
    most = view.amount.most
    for symbol in public[:most]:
        yield Item(0, _brief(view, symbol))
    if most is not None and len(public) > most:
        yield Item(0, [Words(f"… and {len(public) - most:,} more")])
    defined = {symbol.qualname for symbol in public}
    missing = [name for name in facts.exports or () if name not in defined]
    if missing and facts.language == "Python":  # elsewhere `export {a as b}` gives new names to what is defined here
        inlines: list[Inline] = [Words("Exported from elsewhere: ")]
        for number, name in enumerate(missing):
            inlines += [Words(", " if number else ""), Code(name)]
        yield Item(0, inlines)


def _public(view: View) -> list[Symbol]:
    """The names that are exported, else the public classes and functions at the top of the file."""
    top = top_level(view.symbols)
    if view.facts.exports is not None:
        exported = set(view.facts.exports)
        return [symbol for symbol in top if symbol.name in exported or "exported" in symbol.flags]
    return [symbol for symbol in top if symbol.kind in TYPES | CALLED and not is_hidden(symbol)]


def _brief(view: View, symbol: Symbol) -> list[Inline]:
    href = view.href(symbol.qualname, symbol.line)
    name = in_page(symbol.qualname, href, in_cell=view.subject.in_cell)
    line: list[Inline] = [name, *place(view.reader, view.facts.ref, symbol.line, cell=symbol.cell)]
    if doc := doc_of(symbol, view.facts):
        line.append(Summary(doc, " — "))
    return line


def size(number: int) -> str:
    """`812 bytes`, or `29,109 bytes (28.4 KiB)`."""
    unit = f"{number / 2**20:.1f} MiB" if number >= 2**20 else f"{number / 1024:.1f} KiB" if number >= 1024 else ""
    return f"{number:,} bytes" + (f" ({unit})" if unit else "")

"""Markdown: its headings, as CommonMark reads them; the front matter above it; what MDX imports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, Any, NamedTuple

from kwmagic.languages import Language
from kwmagic.model import Findings, Import, Kind, Source, Symbol

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_LONG = 1_000
"""Characters of a heading above which it is cut and its markup stays as written: nobody writes such a heading."""
_DEEP = 30
"""Brackets inside brackets up to which markup is read: the parser's time grows with their square."""
_BRACKETS = re.compile(r"[\[\]]")
_MARKUP = re.compile(r"[\\`*_~<&!\[\n]")
_FRONT_MATTER = re.compile(
    r"---[ \t]*+\n(?P<yaml>(?=(?:[ \t]*+(?:\#[^\n]*+)?\n)*+(?:[\w\"'][^:\n]*+:(?:[ \t\n])|---|\.\.\.))"
    r"(?:(?!---|\.\.\.)[^\n]*+\n)*+)(?:---|\.\.\.)[ \t]*+(?:\n|\Z)"
    r"|\+\+\+[ \t]*+\n(?P<toml>(?:(?!\+\+\+)[^\n]*+\n)*+)\+\+\+[ \t]*+(?:\n|\Z)"
)
"""At the very top; what starts with no key is a thematic break and text."""
_KEY = re.compile(
    r"^(?:\[+(?P<table>[^\]\n]++)\]|(?P<key>[\w.-]++)[ \t]*+[:=][ \t]*+(?P<value>[^\n]*+(?:\n[ \t]++[^\n]*+)*+))",
    re.MULTILINE,
)
_BLOCK_SCALAR = re.compile(r"[|>][+-]?\d?[ \t]*+\n")
_ATTRIBUTES = re.compile(
    r"[ \t]*+\{:?(?:[ \t]*+(?:\#(?P<id>[\w:.-]++)|\.[\w:.-]++|-(?=[\} \t])"
    r"|[\w:-]++=(?:\"[^\"}]*+\"|[^}\s\"]*+)))++[ \t]*+\}$"
)
"""Behind a heading, `{#id .class key=value}`: no text of it for Pandoc, Quarto, kramdown, Docusaurus."""
HTML_HEADING = re.compile(
    r"<h(?P<level>[1-6])\b[^<>]*+>(?P<text>(?:[^<]++|<(?!/?h[1-6]))*+)</h(?P=level)", re.IGNORECASE
)
TAG = re.compile(r"<[^<>]*+>")
_ESM = re.compile(
    r"""^(?P<word>import|export)\b[ \t]*+(?:(?P<names>[^'"=;()]{1,2000}?)\s*\bfrom\s*+)?"""
    r"""(?P<quote>['"])(?P<module>[^'"\n]++)(?P=quote)""",
    re.MULTILINE,
)
_NAME = re.compile(r"(?:type )?(?P<name>[\w$*]+)(?: as (?P<alias>[\w$]+))?")


Links = dict[str, Any]
"""The link references of a text, as the parser keeps them."""


class Blocks(NamedTuple):
    """The block structure of a text."""

    tokens: list[Token]
    """With what is inside the blocks still as written."""
    links: Links


class Heading(NamedTuple):
    """One heading, wherever it stands."""

    level: int
    name: str
    """Its text without markup; an image's description, where there is nothing else; empty where there is no text."""
    line: int
    text: str
    """What GitHub makes its anchor from: attributes as written, images left out."""
    anchor: str
    """The `id` of its attributes, or empty."""


def analyse(source: Source, language: Language) -> Findings:
    """The headings of one text as its symbols; never raises."""
    del language
    matter, body = split_front_matter(source.text)
    is_mdx = source.ref.path.endswith(".mdx")
    page = blocks(body, is_mdx=is_mdx)
    found = headings(page)
    imports = tuple(_mdx_imports(page)) if is_mdx else ()
    doc = title(found) or matter.get("title") or _html_title(page)
    return Findings("markdown", tuple(symbols(found, paths(found), body)), imports, doc=doc)


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """The keys of the front matter with their values, and the text with empty lines in its place."""
    found = _FRONT_MATTER.match(text)
    if found is None:
        return {}, text
    keys = {
        key["key"] or key["table"]: _scalar(key["value"] or "") for key in _KEY.finditer(found["yaml"] or found["toml"])
    }
    return keys, "\n" * found[0].count("\n") + text[found.end() :]


def _scalar(value: str) -> str:
    """A value of YAML or TOML as its text, lists and tables as written."""
    if block := _BLOCK_SCALAR.match(value):
        return " ".join(value[block.end() :].split())
    text = " ".join(value.split())
    if text[:1] in ("'", '"') and text.find(text[0], 1) > 0:
        return text[1 : text.find(text[0], 1)]
    return text.partition(" #")[0].rstrip()


def blocks(text: str, *, is_mdx: bool = False) -> Blocks:
    """The blocks of a text; in MDX, neither indentation nor HTML makes one."""
    links: Links = {}
    return Blocks(_parser(is_mdx).parse(text, links), links)


@cache
def _parser(is_mdx: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415  # 50 ms, needed by few

    parser = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser.disable(["code", "html_block"]) if is_mdx else parser


def inlines(text: str, links: Links) -> list[Token]:
    """What the text of one block is made of."""
    tokens: list[Token] = []
    parser = _parser(False)
    parser.inline.parse(text, parser, links, tokens)
    return tokens


def headings(page: Blocks) -> list[Heading]:
    """All headings of a text, those inside quotations and lists too."""
    found = []
    for index, token in enumerate(page.tokens):
        if token.type == "heading_open" and token.map:
            content = page.tokens[index + 1].content
            attributes = _ATTRIBUTES.search(content, max(0, len(content) - _LONG))
            bare = content[: attributes.start()] if attributes else content
            anchor = (attributes["id"] or "") if attributes else ""
            name = _text(bare, page.links, images=False).strip() or _text(bare, page.links)
            text = _text(content, page.links, images=False).strip()
            found.append(Heading(int(token.tag[1]), " ".join(name.split()), token.map[0] + 1, text, anchor))
    return found


def _text(markdown: str, links: Links, *, images: bool = True) -> str:
    if len(markdown) > _LONG:
        return f"{markdown[:_LONG]}…"
    if not _MARKUP.search(markdown) or is_deep(markdown):
        return markdown
    return text_of(inlines(markdown, links), images=images)


def is_deep(markdown: str) -> bool:
    """Whether its square brackets are nested as in no text of a person's."""
    depth = 0
    for bracket in _BRACKETS.finditer(markdown):
        depth = depth + 1 if bracket[0] == "[" else max(depth - 1, 0)
        if depth > _DEEP:
            return True
    return False


def text_of(tokens: Sequence[Token], *, images: bool = True) -> str:
    """The text that is left of inline tokens."""
    parts = []
    for token in tokens:
        match token.type:
            case "text" | "text_special" | "code_inline":
                parts.append(token.content)
            case "softbreak" | "hardbreak":
                parts.append(" ")
            case "image" if images:
                parts.append(token.content)  # what is between its brackets, as written
            case _:
                pass
    return "".join(parts)


def symbols(found: Sequence[Heading], paths: Sequence[str], text: str, cell: int = 0) -> Iterator[Symbol]:
    """The headings of a text that say something, each to the last line of its section."""
    for heading, path, end in zip(found, paths, _section_ends(found, text), strict=True):
        if heading.name:
            flags = (f"level-{heading.level}",)
            yield Symbol(Kind.HEADING.value, heading.name, path, heading.line, end, flags=flags, cell=cell)


def paths(found: Sequence[Heading]) -> list[str]:
    """Each heading behind those it stands under."""
    under: list[Heading] = []
    joined = []
    for heading in found:
        while under and under[-1].level >= heading.level:
            under.pop()
        under.append(heading)
        joined.append(" > ".join(each.name for each in under if each.name))
    return joined


def title(found: Sequence[Heading]) -> str | None:
    """The first heading of the first level."""
    return next((each.name for each in found if each.level == 1 and each.name), None)


def _section_ends(found: Sequence[Heading], text: str) -> list[int]:
    """The last line of each section that is not blank."""
    written, last = [0], 0
    for number, line in enumerate(text.split("\n"), 1):
        last = number if line.strip() else last
        written.append(last)
    ends = [last] * len(found)
    under: list[int] = []
    for index, heading in enumerate(found):
        while under and found[under[-1]].level >= heading.level:
            ends[under.pop()] = written[heading.line - 1]
        under.append(index)
    return ends


def _html_title(page: Blocks) -> str | None:
    for token in page.tokens:
        if token.type == "html_block" and (found := HTML_HEADING.search(token.content)) and found["level"] == "1":
            return " ".join(unescape(TAG.sub("", found["text"])).split()) or None
    return None


def _mdx_imports(page: Blocks) -> Iterator[Import]:
    for token in page.tokens:
        if token.type != "inline" or not token.map or not token.content.startswith(("import", "export")):
            continue
        for found in _ESM.finditer(token.content):
            if found["word"] == "import" or found["names"]:
                line = token.map[0] + 1 + token.content.count("\n", 0, found.start())
                yield from _bound(found["module"], found["names"], line, found["word"])


def _bound(module: str, names: str | None, line: int, word: str) -> Iterator[Import]:
    """What one statement of MDX binds: a default import as a module with an alias."""
    flags = ("re-export",) if word == "export" else ()
    if not names:
        yield Import(module, None, None, line, flags)
        return
    default, _, listed = names.partition("{")
    for part in default.split(","):
        if found := _NAME.fullmatch(" ".join(part.split())):
            yield Import(module, None, found["alias"] or (None if found["name"] == "*" else found["name"]), line, flags)
    for part in listed.replace("}", "").split(","):
        if found := _NAME.fullmatch(" ".join(part.split())):
            yield Import(module, found["name"], found["alias"], line, flags)

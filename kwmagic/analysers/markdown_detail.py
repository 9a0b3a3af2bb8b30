"""What a Markdown text links to and what can be linked to in it; what it holds beside its headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from kwmagic.analysers.markdown import (
    HTML_HEADING,
    TAG,
    Heading,
    Links,
    blocks,
    headings,
    inlines,
    is_deep,
    split_front_matter,
    text_of,
)
from kwmagic.model import Problem

if TYPE_CHECKING:
    from markdown_it.token import Token

_LONG = 100_000
"""Characters of one paragraph above which its links are not looked for."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]++:")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_BARE = re.compile(r"(?<![\w/:.@-])(?:https?://|www\.)[a-zA-Z0-9][^\s<>\"'`]{1,2000}")
"""An address that GitHub and others make a link of as it stands."""
_TRAILING = re.compile(r"(?:[?!.,:*_~'\";]|&\w{1,20};)$")
_CLOSING = re.compile(r"\)$")
_ELEMENT = re.compile(r"<(?P<name>[a-z][a-z0-9]*+)(?P<attributes>\s[^<>]*+)>(?P<text>[^<]*+)", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""(?<![\w-])(?P<name>id|name|href|src|alt)\s*+=\s*+(?P<value>"[^"]*+"|'[^']*+'|[^\s"'<>]++)""", re.IGNORECASE
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TASK = re.compile(r"\[(?P<mark>[ xX])\][ \t\n]")
_CHUNK = re.compile(r"\{+[ \t]*+(?P<language>[.\w+#-]++)")
"""What is behind the backticks in Quarto and R Markdown, ```` ```{python} ````."""
_CIRCLED = re.compile("[\u24b6-\u24e9\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189]")
"""Alphabetic to Unicode, though symbols by their category."""
_IN_SLUGS = ("L", "M", "Nd", "Nl", "Pc")


class HeadingDetail(NamedTuple):
    """One heading and how a link aims at it."""

    level: int
    name: str
    line: int
    slug: str
    """Its anchor on GitHub."""


class Link(NamedTuple):
    """One link or image."""

    kind: str
    """`web`, `mail`, `file` (of this repository), `anchor` (in this text), `image`."""
    text: str
    """What is clicked on; an image's description."""
    target: str
    """The address, references resolved."""
    line: int


class CodeBlock(NamedTuple):
    """One block of code."""

    language: str
    """The first word behind the backticks; empty where there is none."""
    line: int
    lines: int
    """How many lines of code it has."""


@dataclass(frozen=True, slots=True)
class MarkdownDetail:
    """Details of one Markdown text."""

    headings: tuple[HeadingDetail, ...] = ()
    links: tuple[Link, ...] = ()
    code: tuple[CodeBlock, ...] = ()
    front_matter: tuple[tuple[str, str], ...] = ()
    """Key and value as text."""
    anchors: tuple[str, ...] = ()
    """All that a link in this text can aim at: slugs, `id` and `name` of HTML, `{#id}` behind headings."""
    tables: int = 0
    tasks: int = 0
    """Items of task lists, `- [ ]`."""
    done: int = 0
    """Those of them that are ticked."""
    problems: tuple[Problem, ...] = ()


def detail(text: str, *, is_mdx: bool = False) -> MarkdownDetail:
    """Details of one text; never raises."""
    matter, body = split_front_matter(text)
    page = blocks(body, is_mdx=is_mdx)
    reader = _Reader(page.links, iter(headings(page)))
    for index, token in enumerate(page.tokens):
        reader.read(token, starts_item=index > 1 and page.tokens[index - 2].type == "list_item_open")
    return MarkdownDetail(
        tuple(reader.headings),
        tuple(reader.links),
        tuple(reader.code),
        tuple(matter.items()),
        tuple(dict.fromkeys(reader.anchors)),
        sum(token.type == "table_open" for token in page.tokens),
        reader.tasks,
        reader.done,
        tuple(reader.problems),
    )


def dead_anchors(found: MarkdownDetail) -> tuple[Link, ...]:
    """The links into this text that lead nowhere, upper and lower case aside; `#` and `#top` are its beginning."""
    known = {"", "top", *(anchor.lower() for anchor in found.anchors)}
    return tuple(
        link for link in found.links if link.kind == "anchor" and unquote(link.target[1:]).lower() not in known
    )


def local_path(target: str) -> tuple[str, str]:
    """The path that a link to a file means, decoded and without its query, and the anchor behind its `#`."""
    path, _, fragment = target.partition("#")
    return unquote(path.partition("?")[0]), unquote(fragment)


def slug(text: str) -> str:
    """The anchor that GitHub makes of a heading's text, before it is made unique."""
    return "".join("-" if char == " " else char for char in text.lower() if _is_kept(char))


def _is_kept(char: str) -> bool:
    if char.isascii():
        return char.isalnum() or char in "_- "
    return unicodedata.category(char).startswith(_IN_SLUGS) or bool(_CIRCLED.match(char))


class Slugs:
    """The anchors of one page, each once: `usage`, `usage-1`, `usage-2`."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def of(self, text: str) -> str:
        first = unique = slug(text)
        while unique in self._taken:
            self._taken[first] += 1
            unique = f"{first}-{self._taken[first]}"
        self._taken[unique] = 0
        return unique


class _Reader:
    """Goes through the blocks of one text from top to bottom."""

    def __init__(self, references: Links, found: Iterator[Heading]) -> None:
        self.references = references
        self.found = found
        self.slugs = Slugs()
        self.headings: list[HeadingDetail] = []
        self.links: list[Link] = []
        self.code: list[CodeBlock] = []
        self.anchors: list[str] = []
        self.problems: list[Problem] = []
        self.tasks = self.done = 0

    def read(self, token: Token, *, starts_item: bool) -> None:
        line = token.map[0] + 1 if token.map else 0
        match token.type:
            case "heading_open":
                self.heading(next(self.found))
            case "fence" | "code_block":
                self.code.append(CodeBlock(_language(token.info), line, token.content.count("\n")))
            case "html_block":
                self.html_block(token.content, line)
            case "inline":
                if starts_item and (task := _TASK.match(token.content)):
                    self.tasks += 1
                    self.done += task["mark"] != " "
                self.text(token.content, line)
            case _:
                pass

    def heading(self, found: Heading) -> None:
        anchor = self.slugs.of(found.text)
        self.headings.append(HeadingDetail(found.level, found.name, found.line, anchor))
        self.anchors += [anchor, found.anchor] if found.anchor else [anchor]

    def html_block(self, html: str, line: int) -> None:
        html = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), html)
        self.anchors += [self.slugs.of(unescape(TAG.sub("", found["text"]))) for found in HTML_HEADING.finditer(html)]
        self.elements(html, line)

    def elements(self, html: str, line: int, after: str = "") -> None:
        """What the elements of HTML link to, and the anchors that they are; *after* is the text behind the last."""
        position = 0
        for element in _ELEMENT.finditer(html):
            line += html.count("\n", position, element.start())
            position = element.start()
            values = {
                found["name"].lower(): unescape(found["value"].strip("\"'"))
                for found in _ATTRIBUTE.finditer(element["attributes"])
            }
            name = element["name"].lower()
            self.anchors += [values[key] for key in ("id", "name") if key in values and (key == "id" or name == "a")]
            if name == "a" and "href" in values:
                self.link(element["text"] or after, values["href"], line)
            elif name == "img" and "src" in values:
                self.links.append(Link("image", values.get("alt", ""), values["src"], line))

    def text(self, markdown: str, line: int) -> None:
        """What the text of one block links to."""
        if len(markdown) > _LONG or is_deep(markdown):
            self.problems.append(
                Problem(line, f"a paragraph of {len(markdown):,} characters: its links are not listed")
            )
            return
        tokens = inlines(markdown, self.references)
        in_link = False
        for index, token in enumerate(tokens):
            in_link = token.type == "link_open" or (in_link and token.type != "link_close")
            match token.type:
                case "softbreak" | "hardbreak":
                    line += 1
                case "link_open":
                    self.link(text_of(_inside(tokens, index)), str(token.attrs["href"]), line)
                case "image":
                    self.links.append(Link("image", token.content, str(token.attrs["src"]), line))
                case "html_inline" if not token.content.startswith("<!--"):
                    self.elements(token.content, line, text_of(_inside(tokens, index)))
                    line += token.content.count("\n")
                case "text" if not in_link:
                    self.bare(token.content, line)
                case _:
                    pass

    def bare(self, text: str, line: int) -> None:
        for found in _BARE.finditer(text):
            address = found[0]
            while end := _TRAILING.search(address) or (
                address.count(")") > address.count("(") and _CLOSING.search(address)
            ):
                address = address[: end.start()]
            self.links.append(Link("web", address, address, line))

    def link(self, text: str, target: str, line: int) -> None:
        self.links.append(Link(_kind(target), " ".join(text.split()), target, line))


def _inside(tokens: Sequence[Token], opening: int) -> Sequence[Token]:
    """The tokens of the link that opens there, up to where any closes; longer texts than these are cut."""
    behind = tokens[opening + 1 : opening + 40]
    ends = (at for at, token in enumerate(behind) if token.type == "link_close" or token.content[:3].lower() == "</a")
    return behind[: next(ends, len(behind))]


def _kind(target: str) -> str:
    if target.startswith("#"):
        return "anchor"
    if target.lower().startswith("mailto:"):
        return "mail"
    return "web" if target.startswith("//") or (_SCHEME.match(target) and not _DRIVE.match(target)) else "file"


def _language(info: str) -> str:
    """The first word behind the backticks: `python title="x.py"`, `{python}`, `{.python #id}`, `{r, echo=FALSE}`."""
    if chunk := _CHUNK.match(info.strip()):
        return chunk["language"].lstrip(".")
    return re.split(r"[\s,{:]", info.strip(), maxsplit=1)[0]

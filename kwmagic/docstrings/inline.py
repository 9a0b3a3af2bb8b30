"""Inline markup: roles, literals, links, emphasis and formulas inside a paragraph."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import quote

from kwmagic import mdtext
from kwmagic.docstrings import formula
from kwmagic.mdtext import Dest

Resolve = Callable[[str], str | None]


class Token(NamedTuple):
    """A piece of a paragraph."""

    kind: str
    """text, code, math, emphasis, strong or link."""
    text: str
    """What the reader sees; TeX for math."""
    target: str = ""
    """The name that a piece of code refers to; the URL of a link."""


@dataclass(frozen=True, slots=True)
class Context:
    """What rendering needs to know besides the text."""

    dest: Dest
    resolve: Resolve | None = None
    urls: Mapping[str, str] = field(default_factory=dict)
    """Where the named links of this docstring lead, by lower-case name."""


_INLINE = re.compile(
    r"""
    \\(?P<escaped>[*_`|\\])
    | :(?<!\w:)(?P<role>[A-Za-z][\w.+-]*+(?::[\w.+-]++)*+):`(?P<role_text>[^`]++)`
    | `(?<!``)(?P<ticks>`*+)(?P<span>[^`]++(?:(?!`(?P=ticks))`++[^`]++)*+)`(?P=ticks)(?!`)(?P<reference>__?+(?!\w))?
    | \*(?<![\w*\\]\*)\*(?=\w)(?P<strong>[^*`]++)(?<=[\w.:!?])\*\*(?![\w*])
    | \*(?<![\w*\\]\*)(?=\w)(?P<emphasis>[^*`]++)(?<=[\w.:!?])\*(?![\w*])
    | \[(?P<note>[\#*\w.-]++)\]_(?!\w)
    | \[(?P<title>[^\[\]`]++)\]\((?P<url>https?://[^\s()<>]++(?:\([^\s()<>]*+\)[^\s()<>]*+)*+)\)
    | \$(?<![\w\\$]\$)(?=[^\s$])(?P<dollars>[^$`]++)(?<!\s)\$(?![\w$])
    | <(?P<angle>https?://[^\s<>"`]++)>
    | h(?<!\wh)ttps?://(?P<bare>[^\s<>"'`\[\]{}|\\^$*]++)
    """,
    re.VERBOSE,
)
"""Each alternative starts with a literal, so that `re` skips to the few characters that matter, and is possessive, so
that hostile input costs linear time."""

_MATHS = re.compile(r"[\\^_={}]|^[A-Za-z]'?$|^\d+$|^\S+ ?[-+*/<>] ?\S+$|^[A-Za-z]\([^)]*\)$")
_URL = re.compile(r"(?:https?://|mailto:)[^\s<>]+$")
_TITLED = re.compile(r"([^<>]*?)\s*<([^<>]*)>$")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+$")
_NAME = re.compile(r"[\w.]+(?:\(\))?$")
_WORD_REFERENCE = re.compile(r"(?<![\w`])([A-Za-z0-9]++(?:_++[A-Za-z0-9]++)*+)_(?![\w`])")

_PROSE_ROLES = {"ref", "doc", "term", "numref", "eq", "abbr", "any", "title", "title-reference", "sup", "sub", "cite",
                "footcite", "dfn", "guilabel", "menuselection", "rfc", "pep", "issue", "pr", "ghpull", "doi",
                "arxiv"}  # fmt: skip
_SHORT_ROLES = {"rfc": "RFC ", "pep": "PEP ", "eq": "equation ", "issue": "#", "pr": "#", "ghpull": "#"}


def tokens(text: str, urls: Mapping[str, str]) -> list[Token]:
    """The pieces of one paragraph; neighbouring texts are one."""
    if urls:
        text = _WORD_REFERENCE.sub(lambda word: f"`{word[1]}`_" if word[1].lower() in urls else word[0], text)
    merged: list[Token] = []
    for token in _tokens(text, urls):
        if token.kind == "text" and merged and merged[-1].kind == "text":
            merged[-1] = Token("text", merged[-1].text + token.text)
        elif token.text:
            merged.append(token)
    return merged


def _tokens(text: str, urls: Mapping[str, str]) -> Iterator[Token]:
    end = 0
    for match in _INLINE.finditer(text):
        yield Token("text", text[end : match.start()])
        yield from _READERS[_group(match)](match, urls)
        end = match.end()
    yield Token("text", text[end:])


def _group(match: re.Match[str]) -> str:
    name = match.lastgroup or "escaped"
    return {"role_text": "role", "ticks": "span", "reference": "span", "url": "title"}.get(name, name)


def _escaped(match: re.Match[str], _urls: Mapping[str, str]) -> Iterable[Token]:
    yield Token("text", match[0] if match[0] == "\\\\" else match["escaped"])


def _role(match: re.Match[str], _urls: Mapping[str, str]) -> Iterable[Token]:
    role = match["role"].lower().rpartition(":")[2]
    text = " ".join(match["role_text"].split())
    titled = _TITLED.match(text)
    if role == "math":
        yield Token("math", match["role_text"])
    elif role in ("strong", "emphasis"):
        yield Token(role if text[:1].isalnum() and text[-1:].isalnum() else "text", text)
    elif titled and titled[1]:
        yield _titled(titled[1], titled[2])
    elif role in _PROSE_ROLES:
        yield Token("text", _SHORT_ROLES.get(role, "") + text.lstrip("~!"))
    else:
        target = text.lstrip("~!.")
        yield Token("code", target.rpartition(".")[2] if text.startswith("~") else target or text, target)


def _titled(title: str, target: str) -> Token:
    if _URL.match(target):
        return Token("link", title, target)
    return Token("code" if _NAME.match(title) else "text", title, target.lstrip("~!."))


def _span(match: re.Match[str], urls: Mapping[str, str]) -> Iterable[Token]:
    text = " ".join(match["span"].split())
    titled = _TITLED.match(text) if match["reference"] else None
    if titled and _URL.match(titled[2]):
        yield Token("link", titled[1] or titled[2], titled[2])
    elif titled:
        yield Token("text", titled[1] or titled[2])
    elif match["reference"] and text.lower() in urls:
        yield Token("link", text, urls[text.lower()])
    elif match["reference"]:
        yield Token("text", text)
    else:
        is_reference = not match["ticks"] and _DOTTED.match(text)
        yield Token("code", text, text if is_reference else "")


def _emphasis(match: re.Match[str], _urls: Mapping[str, str]) -> Iterable[Token]:
    yield Token(match.lastgroup or "", match[match.lastgroup or ""])


def _note(match: re.Match[str], _urls: Mapping[str, str]) -> Iterable[Token]:
    yield Token("text", match[0][:-1])


def _markdown_link(match: re.Match[str], _urls: Mapping[str, str]) -> Iterable[Token]:
    yield Token("link", match["title"], match["url"])


def _dollars(match: re.Match[str], _urls: Mapping[str, str]) -> Iterable[Token]:
    is_maths = _MATHS.search(match["dollars"][:300]) and len(match["dollars"]) < 300
    yield Token("math", match["dollars"]) if is_maths else Token("text", match[0])


def _angle(match: re.Match[str], _urls: Mapping[str, str]) -> Iterable[Token]:
    yield Token("link", match["angle"], match["angle"])


def _bare(match: re.Match[str], _urls: Mapping[str, str]) -> Iterable[Token]:
    url = match[0].rstrip(".,;:!?_")
    if url.endswith(")") and "(" not in url:
        url = url.rstrip(").,;:!?_")
    yield Token("link", url, url)
    yield Token("text", match[0][len(url) :])


_READERS = {
    "escaped": _escaped, "role": _role, "span": _span, "strong": _emphasis, "emphasis": _emphasis, "note": _note,
    "title": _markdown_link, "dollars": _dollars, "angle": _angle,
    "bare": _bare,
}  # fmt: skip


def markdown(text: str, context: Context) -> str:
    """A paragraph as Markdown; its lines stay lines."""
    return render(tokens(text, context.urls), context)


def render(pieces: Iterable[Token], context: Context) -> str:
    """The pieces of a paragraph as Markdown."""
    written: list[str] = []
    for token in pieces:
        at_line_start = not written or written[-1].endswith("\n")
        if token.kind in ("link", "code") and not at_line_start and written[-1].endswith("!"):
            written[-1] = f"{written[-1][:-1]}&#33;"  # or the link becomes an image
        written.append(_write(token, at_line_start, context))
    return "".join(written)


def _write(token: Token, at_line_start: bool, context: Context) -> str:
    match token.kind:
        case "text" if at_line_start:
            return mdtext.escape(token.text, context.dest)
        case "text":  # behind a comma, or its first character would be escaped as if it opened a line
            return mdtext.escape("," + token.text, context.dest)[1:]
        case "code":
            return reference(token.text, token.target, context)
        case "math":
            return formula.inline(token.text) or mdtext.code(" ".join(token.text.split()), context.dest)
        case "strong" | "emphasis" as kind:
            mark = "**" if kind == "strong" else "*"
            return mark + mdtext.escape(token.text, context.dest) + mark
        case _:
            return link(token.text, token.target, context.dest)


def reference(text: str, target: str, context: Context) -> str:
    """A code span, linked where `target` is known."""
    span = mdtext.code(text, context.dest)
    href = context.resolve(target.removesuffix("()")) if context.resolve and target else None
    return mdtext.link(span, href, context.dest) if href else span


def link(text: str, url: str, dest: Dest) -> str:
    """A link to the web; everything that could end the URL early is percent-encoded."""
    href = quote(url, safe="%/:?#@!&'()*+,;=~-._", errors="replace")
    if dest is Dest.PAGE and text == url == href:
        return f"<{url}>"
    return mdtext.link(mdtext.escape(" ".join(text.split()), dest), href, dest)

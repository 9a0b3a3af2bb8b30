"""Source code with colours, in as little HTML as that takes: most of a page of a module is its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

_CLASSES = {
    "Keyword": "k",
    "Operator.Word": "k",
    "Name.Tag": "k",
    "Comment": "c",
    "Comment.Preproc": "a",
    "Literal.String": "s",
    "Literal.Number": "m",
    "Name.Function": "d",
    "Name.Class": "d",
    "Name.Builtin": "b",
    "Name.Builtin.Pseudo": "",
    "Name.Exception": "b",
    "Name.Decorator": "a",
    "Name.Attribute": "a",
    "Error": "e",
    "Generic.Error": "e",
    "Generic.Traceback": "e",
    "Generic.Prompt": "p",
    "Generic.Output": "o",
    "Generic.Heading": "k",
    "Generic.Subheading": "k",
    "Generic.Deleted": "x",
    "Generic.Inserted": "i",
}
"""Kinds of tokens that have a colour, each with its class in site.css; kinds inside of others follow them."""
_INFO = re.compile(r"\{?\.?([\w+#.-]*)\}?(?:.*?[ ,]first=([0-9]{1,9}))?")
_LONG = 4_000_000
"""Characters of a source that gets colours."""


def block(source: str, info: str, after: int = 0) -> tuple[str, int]:
    """A fence as `<pre>`, and the number of its last line.

    With `first=41` in *info* each line gets an anchor, `L41` …, unless the page has that already: *after* is the last
    line that has one. Without, the number is *after*.
    """
    match = _INFO.match(info.strip())
    language, first = (match[1], int(match[2] or 0)) if match else ("", 0)
    html = highlighted(source.removesuffix("\n"), language)
    if first <= after:
        start = "<pre>" if language and language != "text" else '<pre class="plain">'
        return f"{start}<code>{html}\n</code></pre>\n", after
    lines = html.split("\n")
    numbered = "\n".join(f'<span id="L{at}" data-n="{at}">{line}</span>' for at, line in enumerate(lines, first))
    return f'<pre class="lines"><code>{numbered}\n</code></pre>\n', first + len(lines) - 1


def highlighted(source: str, language: str) -> str:
    """HTML of a source, no element over the end of a line; no colours for a *language* that Pygments doesn't know."""
    lexer = _lexer(language.lower()) if len(source) <= _LONG else None
    if lexer is None:
        return escape(source, quote=False)
    tokens = lexer.get_tokens_unprocessed(source + "\n")
    return "".join(_span(name, text) for name, text in _runs(tokens)).removesuffix("\n")


@lru_cache(256)
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415  # nothing else needs colours
    from pygments.util import ClassNotFound  # noqa: PLC0415

    try:
        return get_lexer_by_name(language) if language not in ("", "text", "output") else None
    except ClassNotFound:
        return None


@lru_cache(1024)
def _class(kind: _TokenType) -> str:
    """That of a kind of token, or of the nearest it is inside of."""
    names = str(kind).split(".")[1:]
    within = (".".join(names[:end]) for end in range(len(names), 0, -1))
    return next((_CLASSES[name] for name in within if name in _CLASSES), "")


def _runs(tokens: Iterable[tuple[int, _TokenType, str]]) -> Iterator[tuple[str, str]]:
    """Classes and texts, neighbours of one class joined."""
    current, texts = "", list[str]()
    for _, kind, text in tokens:
        name = _class(kind)
        if name != current and texts:
            yield current, "".join(texts)
            texts = []
        current = name
        texts.append(text)
    yield current, "".join(texts)


def _span(name: str, text: str) -> str:
    text = escape(text, quote=False)
    if not name:
        return text
    return "\n".join(f'<span class="{name}">{line}</span>' if line else "" for line in text.split("\n"))

"""How tokens are written that markdown-it would write otherwise: the signatures are its own."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from kwmagic.html import code
from kwmagic.html.diagrams import svg
from kwmagic.html.formulas import formula

if TYPE_CHECKING:
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token

Env = MutableMapping[str, Any]
"""What the rules of one page share: is it `trusted`, has it `mermaid`, the last `line` that has an anchor."""
_FAR = re.compile(r"(?:https?:)?//", re.IGNORECASE)


def _heading_open(_: RendererHTML, tokens: Sequence[Token], at: int, _options: object, _env: Env) -> str:
    token = tokens[at]
    return f'<{token.tag} id="{escape(str(token.attrs["id"]))}">{token.meta["anchors"]}'


def _heading_close(_: RendererHTML, tokens: Sequence[Token], at: int, _options: object, _env: Env) -> str:
    identifier = escape(str(tokens[at - 2].attrs["id"]))
    return f'<a class="kw-self" href="#{identifier}" aria-label="Link to this section"></a></{tokens[at].tag}>\n'


def _fence(_: RendererHTML, tokens: Sequence[Token], at: int, _options: object, env: Env) -> str:
    source, info = tokens[at].content, tokens[at].info
    if info.strip() == "mermaid":
        return _diagram(source, is_drawn=env["mermaid"])
    html, env["line"] = code.block(source, info, env["line"])
    return html


def _diagram(mermaid: str, *, is_drawn: bool) -> str:
    drawing = svg(mermaid)
    if drawing is not None:
        return f'<figure class="kw-figure">{drawing}</figure>\n'
    if is_drawn:
        return f'<pre class="mermaid">{escape(mermaid)}</pre>\n'
    return f"<details><summary>Diagram, as text</summary>\n{code.block(mermaid, '')[0]}</details>\n"


def _table_open(_: RendererHTML, _tokens: Sequence[Token], _at: int, _options: object, _env: Env) -> str:
    return '<div class="kw-table"><table>\n'


def _table_close(_: RendererHTML, _tokens: Sequence[Token], _at: int, _options: object, _env: Env) -> str:
    return "</table></div>\n"


def _link_open(_: RendererHTML, tokens: Sequence[Token], at: int, _options: object, _env: Env) -> str:
    attributes = tokens[at].attrs
    href = str(attributes["href"])
    title = f' title="{escape(str(attributes["title"]))}"' if "title" in attributes else ""
    rel = ' rel="noopener"' if _FAR.match(href) else ""
    return f'<a href="{escape(href)}"{title}{rel}>'


def _image(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Env) -> str:
    token = tokens[at]
    source = escape(str(token.attrs["src"]))
    alt = escape(renderer.renderInlineAsText(token.children, options, env))
    if _FAR.match(source) and not env["trusted"]:
        depth = sum(each.nesting for each in tokens[:at] if each.type.startswith("link_"))
        return alt if depth else f'<a href="{source}" rel="noopener">{alt or "image"}</a>'
    title = f' title="{escape(str(token.attrs["title"]))}"' if "title" in token.attrs else ""
    return f'<img src="{source}" alt="{alt}"{title}>'


def _formula(_: RendererHTML, tokens: Sequence[Token], at: int, _options: object, _env: Env) -> str:
    token = tokens[at]
    return formula(token.content.strip(), block=token.type != "math_inline")


RULES: dict[str, Callable[..., str]] = {
    "heading_open": _heading_open,
    "heading_close": _heading_close,
    "fence": _fence,
    "code_block": _fence,
    "table_open": _table_open,
    "table_close": _table_close,
    "link_open": _link_open,
    "image": _image,
    "math_inline": _formula,
    "math_inline_double": _formula,
    "math_block": _formula,
    "amsmath": _formula,
}
"""By type of token."""

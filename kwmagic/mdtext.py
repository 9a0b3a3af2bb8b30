"""Markdown atoms. Every string that comes from scanned code passes through here, so none can act as markup.

There are two destinations. A *cell* (`text/markdown` output) is read by front ends that disagree on Markdown, cut
`$…$` and `\\(…\\)` out of the source before they parse it, and run HTML: prose is escaped with numeric entities, links
are raw HTML. A *page* (a `.md` file) is also read as text, in diffs and on forges: prose is escaped as lightly as
CommonMark, GFM and Python-Markdown allow, links are Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from html import escape as _escape_attribute


class Dest(StrEnum):
    """Where the Markdown will be read."""

    CELL = "cell"
    PAGE = "page"


_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
"""Control, bidirectional and lone surrogate characters: they forge lines, reorder text or can't be encoded."""

_CELL_PROSE = re.compile(r"""[!"#$%&'()*+\-/:;<=>?@\[\\\]^_`{|}~]|\.(?=\S)|(?<=\d)\.""")
_PAGE_PROSE = re.compile(
    r"""!(?=\[|$)|[\\`*\[\]{|]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|[<>$~]|&(?=[#A-Za-z])|^[ ]*(?:[#+=:-]|\d+(?=[.)]))""",
    re.MULTILINE,
)
_PAGE_ENTITY = {
    "<": "&lt;",
    ">": "&gt;",
    "$": "&#36;",
    "~": "&#126;",
    "&": "&amp;",
    "!": "&#33;",
    ":": "&#58;",
    "=": "&#61;",
}
"""Characters that Python-Markdown does not unescape after a backslash, or that start math on forges."""

PAGE_MARK = "<!-- kwmagic page of "
"""How the last line of every page begins."""
_CELL_MATH = re.compile(r"\\\\?[()\[\]]|\\begin\{|\\end\{")
"""What JupyterLab cuts out as math even inside code."""


def visible(text: str) -> str:
    """`text` with control, bidi and surrogate characters written as escapes (`\\x1b`, `\\u202e`); newlines stay."""
    return _INVISIBLE.sub(lambda m: m[0].encode("unicode_escape").decode("ascii"), text)


def one_line(text: str) -> str:
    """`visible(text)` with newlines and tabs written as `\\n` and `\\t`: for names and paths, which can hold both."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def escape(text: str, dest: Dest) -> str:
    """Prose that shows exactly as `text`; lines stay lines, so strip indentation first."""
    if dest is Dest.CELL:
        return _CELL_PROSE.sub(_cell_entity, visible(text))
    return _PAGE_PROSE.sub(_page_escape, visible(text))


def _cell_entity(match: re.Match[str]) -> str:
    entity = f"&#{ord(match[0])};"
    return f"<span>{entity}</span>" if match[0] in "$\\" else entity


def _page_escape(match: re.Match[str]) -> str:
    found = match[0]
    if found[-1] in _PAGE_ENTITY:
        return found[:-1] + _PAGE_ENTITY[found[-1]]
    if found[-1].isdigit():  # an ordered-list marker at the start of a line: escape its dot
        return found + "\\"
    return found[:-1] + "\\" + found[-1]


def code(text: str, dest: Dest) -> str:
    """A code span that shows `text` on one line, whatever is in it."""
    text = one_line(text)
    risky = "\\" in text or "$" in text or ":::" in text if dest is Dest.CELL else False
    if risky or not text.strip():
        return html_code(text)
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def html_code(text: str) -> str:
    """The same as raw HTML: for table cells, where a pipe inside a code span splits the cell."""
    return f"<code>{_all_entities(one_line(text))}</code>"


def _all_entities(text: str) -> str:
    return re.sub(r"""[!-/:-@\[-`{-~]""", lambda m: f"&#{ord(m[0])};", text)


def link(inner: str, href: str, dest: Dest) -> str:
    """A link around Markdown that is already safe; `href` is percent-encoded by whoever made it."""
    if dest is Dest.CELL:
        return f'<a href="{_escape_attribute(href)}">{inner}</a>'
    return f"[{inner}]({href.replace('(', '%28').replace(')', '%29').replace(' ', '%20')})"


def anchor(identifier: str, tag: str = "a") -> str:
    """A place to link to; explicit, since every tool makes other slugs from headings."""
    return f'<{tag} id="{identifier}"></{tag}>'


def page_mark(path: str) -> str:
    """The last line of every page; by it our own pages are known again."""
    return f"{PAGE_MARK}{one_line(path).replace('>', '&gt;')} -->"


def fence(text: str, language: str, dest: Dest) -> str:
    """A fenced block longer than any run of backticks in `text`; `language` is a Pygments name or empty."""
    text = visible(text)
    if dest is Dest.CELL and _CELL_MATH.search(text):
        return f"<pre><code>{_all_entities(text)}</code></pre>"
    ticks = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{ticks}{language}\n{text}\n{ticks}"


def details(summary: str, body: str) -> str:
    """A folded block; `summary` is HTML (text and `<code>` only), as Markdown is not read there."""
    return f'<details markdown="1">\n<summary>{summary}</summary>\n\n{body}\n\n</details>'


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A GFM table of cells that are already safe and hold no bare pipe."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def mermaid_label(text: str) -> str:
    """`text` for use between the double quotes of a Mermaid label."""
    escapes = {'"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "#": "#35;", "`": "#96;"}
    return "".join(escapes.get(char, char) for char in one_line(text))

"""What stands around the text of a page: what a site generator reads before it, our mark behind it."""

from __future__ import annotations

import json
import re

from kwmagic.mdtext import one_line, page_mark

_NO_YAML = re.compile("[\ufffe\uffff]")
"""Characters that one_line leaves as they are, and that YAML has no place for."""


def anchor_tag(style: str) -> str:
    """The tag of our anchors: mystmd takes an `a` without an address for a dead link."""
    return "span" if style == "myst" else "a"


def framed(body: str, *, of: str, title: str, format: str) -> str:  # noqa: A002  # as users call it
    """A whole page. *of*: the source it is about, a folder with a final slash, `./` for the top; *title*: plain text.

    *format*, of `options.FORMATS`: forges and editors need nothing but the text; site generators take the title of
    their menus from the front matter. Sphinx would ask for each page in a table of contents.
    """
    return f"{_front_matter(title, format)}{body.rstrip(chr(10))}\n\n{page_mark(of)}\n"


def _front_matter(title: str, style: str) -> str:
    if style == "markdown":
        return ""
    orphan = "orphan: true\n" if style == "sphinx" else ""
    return f"---\ntitle: {_quoted(title)}\n{orphan}---\n\n"


def _quoted(text: str) -> str:
    """A YAML scalar on one line; JSON's strings are such, save for surrogates, which one_line writes as escapes."""
    return json.dumps(_NO_YAML.sub(lambda found: f"\\u{ord(found[0]):x}", one_line(text)), ensure_ascii=False)

"""Doc comments of languages other than Python -> the conventions that the docstring parser reads.

`/** @param x … */`, `/// # Examples`, `/// <summary>…` become titles, lists, admonitions, fences, roles and literals.
Nothing of the text is lost: a tag that is not known stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kwmagic import mdtext
from kwmagic.docstrings import comment_ldoc, comment_markdown, comment_plain, comment_rdoc, comment_tags, comment_xml

_READERS: dict[str, tuple[re.Pattern[str], Callable[[str], str]]] = {
    "doxygen": (re.compile(r"[@\\<&%\[`~]|^ {0,3}#", re.MULTILINE), comment_tags.translated),
    "markdown": (re.compile(r"[\\<&\[_`~]|^ {0,3}#|^ *- \w|^ ", re.MULTILINE), comment_markdown.translated),
    "xml": (re.compile(r"[<&`]"), lambda doc: comment_tags.translated(comment_xml.as_tags(doc))),
    "rdoc": (
        re.compile(r"[@\\<&%\[`~+]|^ {0,3}[#=]|^ *--$|^ |^:", re.MULTILINE),
        lambda doc: comment_tags.translated(comment_rdoc.as_tags(doc)),
    ),
    "ldoc": (
        re.compile(r"[@\\<&%\[`~]|^ {0,3}#", re.MULTILINE),
        lambda doc: comment_tags.translated(comment_ldoc.as_tags(doc)),
    ),
    "plain": (re.compile(r"^ |`", re.MULTILINE), comment_plain.translated),
}
"""What each style is read by, and the signs without which it has nothing to read."""


def translated(doc: str, style: str) -> str:
    """`doc`, written as `style` says (see `Language.docs`), for `to_markdown`, `to_text` and `summary`."""
    reader = _READERS.get(style or "plain")
    if reader is None or not reader[0].search(doc):
        return doc
    return reader[1](mdtext.visible(doc.replace("\r\n", "\n").replace("\r", "\n")))

"""HTML and Markdown that others wrote, made inert: one allowlist of tags, attributes and addresses for all of it.

What comes out holds no tag, link or image but those written here anew. So it stays inert in every reading: readers of
Markdown disagree on what is code, a block of HTML or a link, and none of their readings finds anything else.
"""

from kwmagic.foreign.addresses import Aim, as_written
from kwmagic.foreign.code import inert_code
from kwmagic.foreign.elements import filtered, inert_html
from kwmagic.foreign.markdown import inert_markdown
from kwmagic.foreign.trusted import aimed_html, aimed_markdown

__all__ = [
    "Aim",
    "aimed_html",
    "aimed_markdown",
    "as_written",
    "filtered",
    "inert_code",
    "inert_html",
    "inert_markdown",
]

"""Headings of a notebook as places to link to: as JupyterLab and GitHub name them, made anchors of the page."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from hashlib import blake2b
from urllib.parse import unquote

from kwmagic.analysers.markdown import Heading
from kwmagic.analysers.markdown_detail import slug
from kwmagic.mdtext import anchor

_LINKED = re.compile(r"""[(<"'\s]#([^\s()<>"'\\]+(?:\([^\s()<>"'\\]*\))?[^\s()<>"'\\]*)""")
_KEPT = re.compile(r"[A-Za-z0-9._:-]+")
_DROPPED = re.compile(r"[^A-Za-z0-9._:-]+")
_TOP_LEVEL = re.compile(r" {0,3}[^\s>*+-]")


def linked_here(markdown: str) -> Iterator[str]:
    """What links of a text to places of its own page are to, decoded."""
    return (unquote(found) for found in _LINKED.findall(markdown))


def identifier(fragment: str) -> str:
    """The `id` on a page that stands for a place in a notebook, as links to it are written: mostly the same."""
    if _KEPT.fullmatch(fragment):
        return fragment
    digest = blake2b(fragment.encode("utf-8", "replace"), digest_size=3).hexdigest()
    return f"{_DROPPED.sub('', fragment)}-{digest}"


def names(heading: Heading) -> tuple[str, str]:
    """What a link to a heading calls it: in JupyterLab, on GitHub."""
    return heading.text.replace(" ", "-"), slug(heading.text)


def with_anchors(
    markdown: str, found: Sequence[Heading], linked: Collection[str], placed: set[str], tag: str = "a"
) -> str:
    """A cell's text with an anchor above each heading that is *linked*; *placed*: those that the page has already."""
    if not linked:
        return markdown
    lines = markdown.split("\n")
    for heading in reversed(found):
        wanted = [name for name in dict.fromkeys(names(heading)) if name in linked and name not in placed]
        if wanted and _TOP_LEVEL.match(lines[heading.line - 1]):
            anchors = "".join(anchor(identifier(name), tag) for name in wanted)
            lines[heading.line - 1 : heading.line - 1] = [*([""] if heading.line > 1 else []), anchors, ""]
            placed.update(wanted)
    return "\n".join(lines)

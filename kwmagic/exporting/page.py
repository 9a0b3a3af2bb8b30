"""One notebook as one page of Markdown and the image files that it shows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from kwmagic import mdtext
from kwmagic.analysers.markdown import split_front_matter
from kwmagic.analysers.notebook import Notebook, parse
from kwmagic.exporting.cells import Writer
from kwmagic.exporting.outputs import text_of
from kwmagic.foreign import Aim
from kwmagic.mdtext import Dest
from kwmagic.model import Problem
from kwmagic.options import ExportOptions

_IMPOSSIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""What no page can hold. It is replaced, since what is beside it must not come together."""
_LIST = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")


class Exported(NamedTuple):
    """A notebook as a page."""

    title: str
    """Plain text."""
    markdown: str
    """The body: no front matter, no page mark."""
    files: Mapping[str, bytes]
    """Name in the folder of the page's files -> content."""
    problems: tuple[Problem, ...]


def exported(
    text: str, *, path: str, files: str, aim: Aim, options: ExportOptions, linked: Collection[str] = ()
) -> Exported:
    """The page of one notebook; never raises.

    *text*: the content of the file; *path*: the notebook's, from the top of what is exported; *files*: URL of the
    folder of its images as seen from the page; *aim*: the new address of each link, of places in this notebook aside;
    *linked*: the places in it that other notebooks link to, as their links name them.
    """
    said, notebook = _front_matter(parse(text))
    writer = Writer(notebook, files=files, aim=aim, options=options, linked=linked)
    blocks = [block for cell in notebook.cells for block in writer.blocks(cell)]
    name = said or text_of(notebook.metadata.get("title")) or writer.title or path.rpartition("/")[2]
    title = mdtext.one_line(" ".join(_possible(name.removesuffix(".ipynb")).split()))
    if not writer.title:
        blocks.insert(0, f"# {mdtext.escape(title, Dest.PAGE)}")
    if not notebook.cells and notebook.problems:
        reason = mdtext.escape(mdtext.one_line(notebook.problems[0].message), Dest.PAGE)
        blocks.append(f"This notebook can't be shown: it {reason}.")
    problems = (*notebook.problems, *writer.problems)
    return Exported(title, _possible(_apart(blocks)), writer.files, problems)


def _front_matter(notebook: Notebook) -> tuple[str, Notebook]:
    """The title that the front matter says, and the notebook without it."""
    first, *others = notebook.cells or [None]
    if first is not None and first.kind in ("raw", "markdown"):
        matter, body = split_front_matter(first.source)
        if matter:
            first = first._replace(source=body.lstrip("\n"))
            return matter.get("title", ""), replace(notebook, cells=(first, *filter(None, others)))
    return "", notebook


def _possible(text: str) -> str:
    return _IMPOSSIBLE.sub("\ufffd", text)


def _apart(blocks: Iterable[str]) -> str:
    """The blocks with an empty line between; with a comment, where two lists would become one."""
    parts: list[str] = []
    for block in blocks:
        bare = block.strip("\n")
        if not bare.strip():
            continue
        if parts and (_LIST.match(bare) or bare.startswith(("    ", "\t"))) and _ends_in_list(parts[-1]):
            parts.append("<!-- -->")
        parts.append(bare)
    return "\n\n".join(parts) + "\n"


def _ends_in_list(block: str) -> bool:
    last = block.rpartition("\n\n")[2]
    return bool(_LIST.match(last)) or last.startswith((" ", "\t"))

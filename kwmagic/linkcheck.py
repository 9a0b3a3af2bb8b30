"""Whether the links of a Markdown file lead anywhere, as far as that can be told without a network."""

from __future__ import annotations

import os

from kwmagic.analysers.markdown_detail import Link, MarkdownDetail, dead_anchors, detail, local_path
from kwmagic.errors import UnreadableError
from kwmagic.languages import language_of
from kwmagic.model import FileRef
from kwmagic.sources import read


def dead_links(ref: FileRef, found: MarkdownDetail) -> tuple[tuple[Link, str], ...]:
    """The links to files and headings that lead nowhere, each with the reason; none where the file is not on disk."""
    dead = dict.fromkeys(dead_anchors(found), "no such heading or anchor here")
    if ref.file is None or ref.member is not None:
        return tuple(dead.items())
    folder = os.path.dirname(ref.file)
    for link in found.links:
        if link.kind in ("file", "image") and (reason := _reason(link, folder)):
            dead[link] = reason
    return tuple(sorted(dead.items(), key=lambda item: item[0].line))


def _reason(link: Link, folder: str) -> str:
    path, fragment = local_path(link.target)
    if not path or path.startswith(("/", "\\")) or "://" in path:  # `/x` starts at a root that only the server knows
        return ""
    file = os.path.normpath(os.path.join(folder, path))
    try:
        exists = os.path.exists(file)
    except ValueError:  # a NUL in it
        exists = False
    if not exists:
        return "no such file"
    return f"no such heading in {path}" if fragment and not _has_anchor(file, fragment) else ""


def _has_anchor(file: str, fragment: str) -> bool:
    """Whether it is there, as far as we know what makes anchors in such a file: lines of a source are no anchors."""
    language = language_of(file)
    if language is None or language.name != "Markdown" or not os.path.isfile(file):
        return True
    try:
        anchors = detail(read(FileRef(os.path.basename(file), file)).text).anchors
    except UnreadableError:
        return True
    return fragment in anchors or fragment.lower() in anchors

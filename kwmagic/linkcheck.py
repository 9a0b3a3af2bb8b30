"""Whether the links of a Markdown file lead anywhere, as far as that can be told without a network."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from typing import NamedTuple

from kwmagic.analysers.markdown_detail import Link, MarkdownDetail, dead_anchors, detail, local_path
from kwmagic.errors import UnreadableError
from kwmagic.languages import language_of
from kwmagic.model import FileRef
from kwmagic.sources import read


class Looking(NamedTuple):
    """How it is found out where a link leads; file names are absolute."""

    exists: Callable[[str], bool]
    anchors: Callable[[str], Collection[str] | None]
    """What a link into a file can name; None where that is not known, as lines of a source are no anchors."""


def dead_links(ref: FileRef, found: MarkdownDetail, looking: Looking | None = None) -> tuple[tuple[Link, str], ...]:
    """The links to files and headings that lead nowhere, each with the reason; none where the file is not on disk."""
    looking = looking or Looking(exists, anchors)
    dead = dict.fromkeys(dead_anchors(found), "no such heading or anchor here")
    if ref.file is None or ref.member is not None:
        return tuple(dead.items())
    folder = os.path.dirname(ref.file)
    for link in found.links:
        if link.kind in ("file", "image") and (reason := _reason(link, folder, looking)):
            dead[link] = reason
    return tuple(sorted(dead.items(), key=lambda item: item[0].line))


def _reason(link: Link, folder: str, looking: Looking) -> str:
    path, fragment = local_path(link.target)
    if not path or path.startswith(("/", "\\")) or "://" in path:  # `/x` starts at a root that only the server knows
        return ""
    file = os.path.normpath(os.path.join(folder, path))
    if not looking.exists(file):
        return "no such file"
    there = looking.anchors(file) if fragment else None
    is_dead = there is not None and fragment not in there and fragment.lower() not in there
    return f"no such heading in {path}" if is_dead else ""


def exists(file: str) -> bool:
    """Whether there is a file or folder of this name."""
    try:
        return os.path.exists(file)
    except ValueError:  # a NUL in it
        return False


def anchors(file: str) -> Collection[str] | None:
    """Those of a Markdown file that can be read; None for all others."""
    language = language_of(file)
    if language is None or language.name != "Markdown" or not os.path.isfile(file):
        return None
    try:
        return detail(read(FileRef(os.path.basename(file), file)).text).anchors
    except UnreadableError:
        return None

"""The outputs of a cell of code as Markdown: each in the best of its forms, none of them live."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kwmagic import mdtext
from kwmagic.analysers.notebook import as_object
from kwmagic.docstrings import formula
from kwmagic.evidence.purpose import count
from kwmagic.exporting.images import KINDS, Images
from kwmagic.foreign import Aim, aimed_html, aimed_markdown, inert_html, inert_markdown
from kwmagic.mdtext import Dest

_LONGEST = 200_000
"""Characters of one text; what is beyond is counted."""
_INTERACTIVE = re.compile(r"javascript|widget|plotly|bokeh|vega|geo\+json|holoviews|vnd\.")
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])")
_SHOWS = re.compile(r"<img|<hr|<(?!/?[a-z])|[^\s<>](?![^<]*>)")
_TEX_MARKS = re.compile(r"\A\s*(?:\$\$?|\\\[|\\\()|(?:\$\$?|\\\]|\\\))\s*\Z")


class Setting(NamedTuple):
    """What outputs are written with."""

    aim: Aim
    images: Images
    trusted: bool
    cell: int
    alt: str
    """What an image shows that says nothing itself."""


def own_markdown(output: Mapping[str, Any]) -> str:
    """The Markdown of an output that is marked as one of kwmagic's own; empty for all others."""
    metadata = as_object(dict(output), "metadata")
    if not isinstance(as_object(metadata, "kwmagic").get("target"), str):
        return ""
    return text_of(as_object(dict(output), "data").get("text/markdown"))


def text_of(lines: object) -> str:
    """Text that a notebook may hold as a list of lines; empty where it is none."""
    parts = lines if isinstance(lines, list) else [lines]
    return "".join(part for part in parts if isinstance(part, str))


def joined(outputs: object) -> Sequence[Mapping[str, Any]]:
    """The outputs that are any, with pieces of one stream as one; a stream has a name."""
    found: list[dict[str, Any]] = []
    for output in outputs if isinstance(outputs, list) else ():
        if not isinstance(output, dict):
            continue
        if output.get("output_type") != "stream":
            found.append(output)
            continue
        name, lines = text_of(output.get("name")) or "stdout", [text_of(output.get("text"))]
        if found and found[-1].get("output_type") == "stream" and found[-1]["name"] == name:
            found[-1]["text"] += lines
        else:
            found.append({"output_type": "stream", "name": name, "text": lines})
    return found


def markdown(output: Mapping[str, Any], setting: Setting) -> str:
    """One output, not of kwmagic's own; empty where it shows nothing."""
    match output.get("output_type"):
        case "stream":
            block = _fence(text_of(output.get("text")))
            return f"Standard error:\n\n{block}" if block and output.get("name") == "stderr" else block
        case "error":
            lines = output.get("traceback")
            traceback = "\n".join(map(text_of, lines)) if isinstance(lines, list) else ""
            return _fence(traceback or f"{text_of(output.get('ename'))}: {text_of(output.get('evalue'))}")
        case _:
            return _bundle(as_object(dict(output), "data"), as_object(dict(output), "metadata"), setting)


def _bundle(data: dict[str, Any], metadata: dict[str, Any], setting: Setting) -> str:
    """The first of its forms that shows anything."""
    for kind in ("text/markdown", *KINDS, "text/html", "text/latex", "application/json"):
        if kind in data:
            found = _form(kind, data[kind], metadata, setting)
            if found.strip():
                return found
    plain = _fence(text_of(data.get("text/plain")))
    others = data.keys() - {"text/plain", "text/markdown", "text/latex", *KINDS}
    if plain and any(kind == "text/html" or _INTERACTIVE.search(kind) for kind in others):
        return f"*An interactive output is left out here; its text:*\n\n{plain}"
    return plain


def _form(kind: str, content: object, metadata: dict[str, Any], setting: Setting) -> str:
    match kind:
        case "text/markdown":
            return (aimed_markdown if setting.trusted else inert_markdown)(text_of(content), setting.aim).rstrip()
        case "text/html":
            return _html(text_of(content), setting)
        case "text/latex":
            tex = _TEX_MARKS.sub("", text_of(content))
            return formula.display(tex) or mdtext.fence(tex, "latex", Dest.PAGE)
        case "application/json":
            return _fence(json.dumps(content, indent=2, ensure_ascii=False), "json")
        case _:
            return _image(kind, content, metadata, setting)


def _html(html: str, setting: Setting) -> str:
    if setting.trusted:
        return aimed_html(html.strip(), setting.aim)
    if len(html) > _LONGEST:
        return ""
    clean = inert_html(html, setting.aim)
    return clean if _SHOWS.search(re.sub(r"<(?!img|hr)[^<>]*>", "", clean)) else ""


def _image(kind: str, content: object, metadata: dict[str, Any], setting: Setting) -> str:
    url = setting.images.add(kind, content, setting.cell)
    if url is None:
        return ""
    said = as_object(metadata, kind) | metadata
    alt = mdtext.one_line(text_of(said.get("alt")) or setting.alt)
    width = said.get("width")
    if isinstance(width, int) and 0 < width < 10_000:  # twice as many pixels for sharp screens
        return f'<img src="{url}" alt="{mdtext.escape(alt, Dest.CELL)}" width="{width}">'
    return f"![{mdtext.escape(alt, Dest.PAGE)}]({url})"


def _fence(written: str, language: str = "") -> str:
    """Text as a terminal would show it in the end, within the limit."""
    shown = "\n".join(_overwritten(line) for line in _ANSI.sub("", written).split("\n")).strip("\n")
    if not shown.strip():
        return ""
    if len(shown) <= _LONGEST:
        return mdtext.fence(shown, language, Dest.PAGE)
    end = shown.rfind("\n", 0, _LONGEST)
    end = end if end > 0 else _LONGEST
    return f"{mdtext.fence(shown[:end], language, Dest.PAGE)}\n\n*… {count(len(shown) - end, 'character')} more*"


def _overwritten(line: str) -> str:
    """What is left of a line that returned to its beginning, as progress bars do."""
    return line.rstrip("\r").rpartition("\r")[2] if "\r" in line else line

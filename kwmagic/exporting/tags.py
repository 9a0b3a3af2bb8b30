"""What a cell's tags, metadata and `#|` lines say of it: which of its parts are shown, folded or left out.

The words are those of Jupyter Book, MyST, nbconvert, Quarto, nbdev and JupyterLab; `hide-` folds, `remove-` leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple

from kwmagic.analysers.notebook import Cell, as_object


class Shown(IntEnum):
    """How much of something is shown."""

    HIDE = 0
    FOLD = 1
    SHOW = 2


class View(NamedTuple):
    """What a page shows of a cell."""

    input: Shown = Shown.SHOW
    output: Shown = Shown.SHOW
    streams: frozenset[str] = frozenset(("stdout", "stderr"))
    """The streams whose text is among the output."""


INPUTS = {"show": Shown.SHOW, "fold": Shown.FOLD, "hide": Shown.HIDE}
"""What the option `inputs` takes."""
_PARTS = {"input": ("input",), "output": ("output",), "cell": ("input", "output")}
_SAID = {
    **{f"{verb}-{part}": (part, shown) for verb, shown in
       (("hide", Shown.FOLD), ("remove", Shown.HIDE), ("show", Shown.SHOW)) for part in _PARTS},
    "echo: false": ("input", Shown.HIDE),
    "echo: true": ("input", Shown.SHOW),
    "code-fold: true": ("input", Shown.FOLD),
    "code-fold: show": ("input", Shown.SHOW),
    "code-fold: false": ("input", Shown.SHOW),
    "output: false": ("output", Shown.HIDE),
    "include: false": ("cell", Shown.HIDE),
    "hide": ("cell", Shown.HIDE),
}  # fmt: skip
"""A tag or the text of a `#|` line -> which part it is about, and how much of that is shown."""
_DIRECTIVES = re.compile(r"\s*(?:(?:#|//|--|%)\|[^\n]*(?:\n|\Z))+")
_DIRECTIVE = re.compile(r"(?:#|//|--|%)\|[ \t]*([^\n]*)")


def view(cell: Cell, inputs: Shown) -> View:
    """What is shown of a cell; *inputs*: of the code of cells that say nothing themselves."""
    said = {"input": inputs} if cell.kind == "code" else {}
    words = [word for word in _words(cell) if word in _SAID]
    for part, shown in (_SAID[word] for word in words):
        for each in _PARTS[part]:
            said[each] = shown
    metadata = as_object(cell.fields, "metadata")
    jupyter = as_object(metadata, "jupyter")
    if jupyter.get("source_hidden") is True:
        said["input"] = min(said.get("input", Shown.SHOW), Shown.FOLD)
    if metadata.get("hide_input") is True:
        said["input"] = Shown.HIDE
    if jupyter.get("outputs_hidden") is True or metadata.get("collapsed") is True:
        said["output"] = min(said.get("output", Shown.SHOW), Shown.FOLD)
    streams = frozenset(name for name in ("stdout", "stderr") if f"remove-{name}" not in _words(cell))
    return View(said.get("input", Shown.SHOW), said.get("output", Shown.SHOW), streams)


def directives(source: str) -> Mapping[str, str]:
    """The `#| key: value` lines above the code; a line without a value stands with an empty one."""
    found = _DIRECTIVES.match(source)
    lines = [line[1].strip() for line in _DIRECTIVE.finditer(found[0])] if found else []
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}


def without_directives(source: str) -> str:
    """The code without those lines."""
    found = _DIRECTIVES.match(source)
    return source[found.end() :] if found else source


def _words(cell: Cell) -> list[str]:
    tags = as_object(cell.fields, "metadata").get("tags")
    words = [tag.lower().replace("_", "-") for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    if cell.kind == "code":
        for key, value in directives(cell.source).items():
            words.append(f"{key.lower()}: {value.lower()}" if value else key.lower().replace("_", "-"))
    return words

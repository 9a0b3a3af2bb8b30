"""The cells of a notebook as blocks of Markdown, one after the other."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from kwmagic import mdtext
from kwmagic.analysers.markdown import Heading
from kwmagic.analysers.notebook import Cell, Notebook, as_object, headings_by_cell, python
from kwmagic.exporting import outputs
from kwmagic.exporting.headings import identifier, linked_here, names, with_anchors
from kwmagic.exporting.images import Images
from kwmagic.exporting.lifting import lifted, unique_ids
from kwmagic.exporting.tags import INPUTS, Shown, directives, view, without_directives
from kwmagic.foreign import Aim, aimed_html, aimed_markdown, inert_html, inert_markdown
from kwmagic.languages import named
from kwmagic.mdtext import Dest
from kwmagic.model import Problem
from kwmagic.options import ExportOptions
from kwmagic.pages.frame import anchor_tag

_LINE = re.compile(r"#line=(\d{1,9})\Z")
"""How JupyterLab names a line; from 0."""
_CELL_MAGIC = re.compile(r"\s*%%(!|\w+)")
_SHELLS = frozenset(("!", "script", "system", "sx"))
_OF_MAGICS = {"js": "javascript", "svg": "xml"} | dict.fromkeys(_SHELLS, "bash")
_KERNELS = {
    *("clojure", "elixir", "erlang", "fortran", "groovy", "haskell", "julia", "matlab", "nim", "ocaml", "octave"),
    *("perl", "prolog", "r", "sas", "scheme", "stata"),
}
"""Languages of kernels that are in no table of ours, by their names for Pygments."""
_NO_PYTHON = ("!", "?")
"""How commands begin that a lexer of Python finds errors in, of which strict builders warn."""


class Writer:
    """Writes the cells of one notebook, in order; collects the images and problems on its way."""

    def __init__(
        self, notebook: Notebook, *, files: str, aim: Aim, options: ExportOptions, linked: Collection[str]
    ) -> None:
        """*files*, *aim*, *linked*: as in `exported`."""
        self._notebook = notebook
        self._images = Images(files, trusted=options.trusted)
        self._aim = aim
        self._options = options
        self._problems: list[Problem] = []
        self._headings = headings_by_cell(notebook)
        found = [heading for each in self._headings.values() for heading in each]
        self.title = next((heading.name for heading in found if heading.level == 1 and heading.name), "")
        """The text of the first heading of level 1; empty where there is none."""
        here = (name for cell in notebook.cells if cell.kind == "markdown" for name in linked_here(cell.source))
        self._places = {name for heading in found for name in names(heading)} & {*linked, *here}
        self._placed: set[str] = set()
        self._anchor = anchor_tag(options.format)
        self._level = 1
        self._named = ""
        """The heading right above; empty where anything else is there."""
        self._ids: set[str] = set()

    @property
    def files(self) -> Mapping[str, bytes]:
        """The images that were met: name -> content."""
        return self._images.files

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was found wrong with the cells so far."""
        return (*self._problems, *self._images.problems)

    def blocks(self, cell: Cell) -> Iterator[str]:
        """The blocks of one cell; some may be empty."""
        match cell.kind:
            case "markdown":
                yield self._markdown(cell)
            case "code":
                yield from self._code(cell)
            case "raw":
                yield self._raw(cell)
            case _:
                self._problems.append(Problem(0, f"the cell is of an unknown type `{cell.kind}`", cell.number))
                yield mdtext.fence(cell.source, "", Dest.PAGE)

    def _markdown(self, cell: Cell) -> str:
        found = self._headings[cell.number]
        shown = view(cell, Shown.SHOW).input
        if shown is Shown.HIDE:
            return ""
        self._level = found[-1].level if found else self._level
        self._named = found[-1].name if found and _is_last(found[-1], cell.source) else ""
        text = self._text(with_anchors(cell.source, found, self._places, self._placed, self._anchor), cell)
        return _folded("Text", text) if shown is Shown.FOLD else text

    def _raw(self, cell: Cell) -> str:
        """As nbconvert does: HTML, Markdown, and what doesn't say its format; nothing for other formats."""
        metadata = as_object(cell.fields, "metadata")
        kind = metadata.get("format") or metadata.get("raw_mimetype") or "text/markdown"
        if view(cell, Shown.SHOW).input is Shown.HIDE or kind not in ("text/markdown", "text/html"):
            return ""
        if kind == "text/html":
            return (aimed_html if self._options.trusted else inert_html)(cell.source, self._aim_of(cell))
        return self._text(cell.source, cell)

    def _code(self, cell: Cell) -> Iterator[str]:
        seen = view(cell, INPUTS[self._options.inputs])
        source = without_directives(cell.source).strip("\n")
        if seen.input is not Shown.HIDE and source.strip():
            fence = mdtext.fence(source, self._language(source), Dest.PAGE)
            yield _folded("Code", fence) if seen.input is Shown.FOLD else fence
        if seen.output is not Shown.HIDE:
            found = outputs.joined(cell.fields.get("outputs"))
            shown = (each for each in found if each.get("output_type") != "stream" or each["name"] in seen.streams)
            blocks = [block for block in (self._output(each, cell) for each in shown) if block.strip()]
            yield from [_folded("Output", "\n\n".join(blocks))] if blocks and seen.output is Shown.FOLD else blocks

    def _output(self, output: Mapping[str, Any], cell: Cell) -> str:
        aim = self._aim_of(cell)
        if own := outputs.own_markdown(output):
            named, self._named = self._named, ""
            inert = unique_ids(inert_markdown(own, aim), self._ids)
            return lifted(inert, self._level, named=named, anchor=self._anchor)
        alt = directives(cell.source).get("fig-alt", "").strip("\"'") or f"Output of cell {cell.number}"
        return outputs.markdown(output, outputs.Setting(aim, self._images, self._options.trusted, cell.number, alt))

    def _text(self, text: str, cell: Cell) -> str:
        return (aimed_markdown if self._options.trusted else inert_markdown)(text, self._aim_of(cell))

    def _aim_of(self, cell: Cell) -> Aim:
        """The new address of each link in a cell: what it carries in itself becomes a file."""

        def aim(address: str) -> str | None:
            if address.startswith("attachment:"):
                return self._images.attachment(unquote(address.removeprefix("attachment:")), cell)
            if address[:5].lower() == "data:":
                return self._images.data_url(address, cell.number)
            if address.startswith("#"):
                name = unquote(address[1:])
                return f"#{identifier(name)}" if name in self._places else address
            return self._aim(_LINE.sub(lambda line: f"#L{int(line[1]) + 1}", address))

        return aim

    def _language(self, source: str) -> str:
        """The word behind the backticks: one that every tool knows, or none."""
        magic = _CELL_MAGIC.match(source)
        code = python(source) if self._notebook.is_python else None
        if code is None or (magic and not code.text.strip()):
            name = magic[1].lower() if magic else self._notebook.language.lower()
            language = named(_OF_MAGICS.get(name, name))
            return language.fence if language else name if name in _KERNELS else ""
        return "" if any(command.name.startswith(_NO_PYTHON) for command in code.commands) else "python"


def _is_last(heading: Heading, source: str) -> bool:
    """Whether there is nothing below a heading in its cell."""
    return all(set(line.strip()) <= {"=", "-"} for line in source.split("\n")[heading.line :])


def _folded(summary: str, body: str) -> str:
    return mdtext.details(summary, body.strip("\n"))
